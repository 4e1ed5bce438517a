//! What pages with forms share: errors beside their fields, and ways back.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use axum::extract::{FromRequest, Request};
use axum::http::StatusCode;
use base::without_controls;
use serde::de::DeserializeOwned;

use super::{Error, Field};
use crate::site::Site;

/// A posted form. Control characters in it are read as spaces.
pub struct Form<T>(pub T);

impl<T: DeserializeOwned> FromRequest<Site> for Form<T> {
    type Rejection = Error;

    async fn from_request(request: Request, site: &Site) -> Result<Form<T>, Error> {
        type Pairs = Vec<(String, String)>;
        let read = axum_extra::extract::Form::<Pairs>::from_request(request, site).await;
        let axum_extra::extract::Form(pairs) = read.map_err(|rejection| match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Error::MediaType,
            _ => Error::Unreadable(rejection.body_text()),
        })?;
        let pairs = pairs.into_iter().map(|(name, value)| (name, without_controls(value)));
        let plain = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
        let form = serde_html_form::from_str(&plain);
        form.map(Form).map_err(|error| Error::Unreadable(error.to_string()))
    }
}

/// What is wrong with a form that comes back; nothing at first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Errors(Vec<Field>);

impl Errors {
    pub fn of(name: &'static str, key: &'static str) -> Errors {
        Errors(vec![Field { name, key }])
    }

    pub fn add(&mut self, name: &'static str, key: &'static str) {
        self.0.push(Field { name, key });
    }

    /// Keeps the value, or what is wrong with the field.
    pub fn take<T>(&mut self, name: &'static str, value: Result<T, &'static str>) -> Option<T> {
        value.map_err(|key| self.add(name, key)).ok()
    }

    /// The message of a field.
    pub fn at(&self, name: &str) -> Option<&'static str> {
        self.0.iter().find(|field| field.name == name).map(|field| field.key)
    }

    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub fn iter(&self) -> impl Iterator<Item = &Field> {
        self.0.iter()
    }
}

/// What a form was filled from, in a few letters that go out and come back with it: so a form that
/// was opened before somebody else's change does not take that change back.
pub fn seen(row: &impl Hash) -> String {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

/// Where to go back to: a path of this server, else the home page. Browsers read `//host` and
/// `/\host` as other servers, and drop line breaks and tabs before they do.
pub fn own_path(next: &str) -> &str {
    let own = next.starts_with('/') && !next[1..].starts_with(['/', '\\']);
    if own && !next.chars().any(char::is_control) { next } else { "/" }
}

impl From<Vec<Field>> for Errors {
    fn from(fields: Vec<Field>) -> Errors {
        Errors(fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_server() {
        assert_eq!(own_path("/round?day=20200203"), "/round?day=20200203");
        for other in
            ["", "round", "//example.org", "/\\example.org", "https://example.org", "/\t/example.org"]
        {
            assert_eq!(own_path(other), "/", "{other}");
        }
    }
}
