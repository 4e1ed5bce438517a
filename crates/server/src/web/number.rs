//! A phone or identity number in full, on a page of its own.

use askama::Template;

use super::{Error, Page, Visit};
use crate::site::Site;

#[derive(Template)]
#[template(path = "web/number.html")]
pub struct NumberPage {
    pub page: Page,
    /// Where it was asked for.
    pub back: String,
    pub title: String,
    pub number: String,
    /// A phone number, to be called.
    pub call: bool,
}

impl Visit {
    /// Counts that a number is seen in full.
    ///
    /// # Errors
    /// Refused where it were one too many within minutes.
    pub fn look(&self, site: &Site) -> Result<(), Error> {
        let free = site.vault.looks.take(self.person.account, self.now);
        if free { Ok(()) } else { Err(Error::Limited("number-too-many")) }
    }

    /// Counts that a list with numbers in full is taken along.
    ///
    /// # Errors
    /// Refused where it were one too many within minutes.
    pub fn take_list(&self, site: &Site) -> Result<(), Error> {
        let free = site.vault.lists.take(self.person.account, self.now);
        if free { Ok(()) } else { Err(Error::Limited("lists-too-many")) }
    }
}
