//! A JSON body, refused with one kind of answer when it cannot be read.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::Error;
use crate::site::Site;

/// A JSON body of the given form, without U+0000, which PostgreSQL's text cannot hold.
pub struct Body<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Body<T>, Error> {
        let (parts, body) = request.into_parts();
        let limited = Request::from_parts(parts.clone(), body);
        let bytes = Bytes::from_request(limited, site).await;
        let bytes = bytes.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            _ => Error::Unreadable(rejection.body_text()),
        })?;
        if let Some(at) = nul(&bytes) {
            return Err(Error::Unreadable(format!("U+0000 at byte {at}: leave it out")));
        }
        let request = Request::from_parts(parts, bytes.into());
        match axum::Json::<T>::from_request(request, site).await {
            Ok(axum::Json(body)) => Ok(Body(body)),
            Err(rejection) => Err(match rejection.status() {
                StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::MediaType,
                _ => Error::Unreadable(rejection.body_text()),
            }),
        }
    }
}

/// Where the JSON escape of U+0000 stands; a backslash before it that is escaped itself begins none.
fn nul(json: &[u8]) -> Option<usize> {
    let escaped = |at: &usize| json[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    memchr::memmem::find_iter(json, b"\\u0000").find(|at| !escaped(at))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_escaped_backslash_begins_no_escape() {
        assert_eq!(nul(br#"{"note":"a\u0000"}"#.as_slice()), Some(10));
        assert_eq!(nul(br#"{"note":"a\\u0000"}"#.as_slice()), None);
        assert_eq!(nul(br#"{"note":"a\\\u0000"}"#.as_slice()), Some(12));
        assert_eq!(nul(br#"{"note":"\u0001"}"#.as_slice()), None);
    }
}
