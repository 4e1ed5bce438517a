//! A JSON body, refused with one kind of answer when it cannot be read; and lists of which each item
//! is read for itself.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use serde::de::{DeserializeOwned, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;
use utoipa::ToSchema;

use super::Error;
use crate::site::Site;

/// A JSON body of the given form, without U+0000, which PostgreSQL's text cannot hold.
pub struct Body<T>(pub T);

/// A JSON body that consists of [`Each`]: an item with U+0000 is refused by itself.
pub struct EachBody<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Body<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Body<T>, Error> {
        let sound = |bytes: &Bytes| match nul_told(bytes) {
            None => Ok(()),
            Some(why) => Err(Error::Unreadable(why)),
        };
        read(request, site, sound).await.map(Body)
    }
}

impl<T: DeserializeOwned> FromRequest<Site> for EachBody<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<EachBody<T>, Error> {
        read(request, site, |_| Ok(())).await.map(EachBody)
    }
}

/// Reads a body that is sound.
async fn read<T: DeserializeOwned>(
    request: Request,
    site: &Site,
    sound: impl FnOnce(&Bytes) -> Result<(), Error>,
) -> Result<T, Error> {
    let (parts, body) = request.into_parts();
    let limited = Request::from_parts(parts.clone(), body);
    let bytes = Bytes::from_request(limited, site).await;
    let bytes = bytes.map_err(|rejection| match rejection.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable(rejection.body_text()),
    })?;
    sound(&bytes)?;
    let request = Request::from_parts(parts, bytes.into());
    match axum::Json::<T>::from_request(request, site).await {
        Ok(axum::Json(body)) => Ok(body),
        Err(rejection) => Err(match rejection.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::MediaType,
            _ => Error::Unreadable(rejection.body_text()),
        }),
    }
}

/// Where the JSON escape of U+0000 stands; a backslash before it that is escaped itself begins none.
fn nul(json: &[u8]) -> Option<usize> {
    let escaped = |at: &usize| json[..*at].iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1;
    memchr::memmem::find_iter(json, b"\\u0000").find(|at| !escaped(at))
}

fn nul_told(json: &[u8]) -> Option<String> {
    nul(json).map(|at| format!("U+0000 at byte {at}: leave it out"))
}

/// A list whose items are read one by one: one that cannot be read does not keep the others out.
pub struct Each<T>(pub Vec<Result<T, Unreadable>>);

/// An item that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// As it was sent.
    pub item: String,
    /// Where and why, in the words of the reader.
    pub why: String,
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Each<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Each<T>, D::Error> {
        struct Items<T>(std::marker::PhantomData<T>);

        impl<'de, T: DeserializeOwned> Visitor<'de> for Items<T> {
            type Value = Each<T>;

            fn expecting(&self, to: &mut std::fmt::Formatter) -> std::fmt::Result {
                to.write_str("a list")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Each<T>, A::Error> {
                let mut each = Vec::new();
                // Borrowed: finding where an item ends copies nothing.
                while let Some(item) = items.next_element::<&'de RawValue>()? {
                    each.push(read_item(item.get()));
                }
                Ok(Each(each))
            }
        }

        deserializer.deserialize_seq(Items(std::marker::PhantomData))
    }
}

fn read_item<T: DeserializeOwned>(item: &str) -> Result<T, Unreadable> {
    let unreadable = |why| Unreadable { item: item.to_owned(), why };
    if let Some(why) = nul_told(item.as_bytes()) {
        return Err(unreadable(why));
    }
    serde_json::from_str(item).map_err(|_| {
        // Once more, minding the way to what is wrong.
        let again: Result<T, _> =
            serde_path_to_error::deserialize(&mut serde_json::Deserializer::from_str(item));
        unreadable(again.err().map(|error| error.to_string()).unwrap_or_default())
    })
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
