//! A page: what the shell around it shows, and how it becomes a response.

use std::collections::BTreeMap;

use askama::Template;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::access::Person;
use crate::site::{Place, Site};
use crate::web::{Error, Words};

/// What the shell of a page shows. Every page struct has one, named `page`.
#[derive(Clone, Debug)]
pub struct Page {
    pub words: Words,
    /// The path of this page, to mark its place in the navigation.
    pub path: String,
    /// The name of who is signed in; empty for nobody.
    pub name: String,
    pub places: Vec<Place>,
    /// What waits at some of the places, by their paths; 0 is left out.
    pub waiting: BTreeMap<&'static str, i64>,
    pub large_print: bool,
    pub demonstration: bool,
    /// Where anybody may come in as anybody: a demonstration's door.
    pub door: Option<&'static str>,
}

impl Page {
    /// Counts what waits at the places shown.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub async fn count(&mut self, site: &Site, person: &Person) -> db::Result<()> {
        for place in &self.places {
            let Some(waiting) = place.waiting else { continue };
            let number = waiting(site, person).await?;
            if number > 0 {
                self.waiting.insert(place.path, number);
            }
        }
        Ok(())
    }

    /// Whether this page belongs to a place after the first `shown`, which the phone's bar keeps
    /// behind its last entry.
    pub fn is_beyond(&self, shown: usize) -> bool {
        self.places.iter().skip(shown).any(|place| self.is_at(place))
    }

    /// Whether this page belongs to a place of the navigation.
    pub fn is_at(&self, place: &Place) -> bool {
        match self.path.strip_prefix(place.path) {
            Some(rest) => rest.is_empty() || rest.starts_with('/') || place.path.ends_with('/'),
            None => false,
        }
    }
}

/// A rendered page.
pub struct Html {
    status: StatusCode,
    text: String,
}

impl Html {
    /// Renders a page.
    pub fn of(page: &impl Template) -> Result<Html, Error> {
        Ok(Html { status: StatusCode::OK, text: page.render()? })
    }

    /// The same with another status: a form that comes back with its errors is 422.
    pub fn with_status(self, status: StatusCode) -> Html {
        Html { status, ..self }
    }
}

impl IntoResponse for Html {
    fn into_response(self) -> Response {
        (self.status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], self.text).into_response()
    }
}
