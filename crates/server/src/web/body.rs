//! A JSON body, refused with one kind of answer when it cannot be read.

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::Error;
use crate::site::Site;

/// A JSON body of the given form.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Body<T>, Error> {
        match axum::Json::<T>::from_request(request, site).await {
            Ok(axum::Json(body)) => Ok(Body(body)),
            Err(rejection) => Err(match rejection.status() {
                StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
                StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::MediaType,
                _ => Error::Unreadable(rejection.body_text()),
            }),
        }
    }
}

/// Why a request was not carried out (RFC 9457 with our own members).
#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemBody {
    pub status: u16,
    /// The message's key, for programs.
    pub key: String,
    /// What happened and what to do, in the language asked for.
    pub message: String,
    /// Where a body could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    pub fields: Vec<ProblemField>,
}

#[derive(Debug, Serialize, ToSchema)]
pub struct ProblemField {
    /// The name of the field.
    pub field: String,
    pub key: String,
    pub message: String,
}
