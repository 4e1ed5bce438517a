//! Phone and identity numbers: as pages show them, and one in full on a page of its own.

use askama::Template;

use super::{Error, Page, Visit, Words};
use crate::access::Action;
use crate::site::Site;
use crate::vault::masked_phone;

/// How somebody sees the phone numbers of a household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// In full at once: whose own household it is, as its contact.
    Full,
    /// Masked, each in full where it is asked for.
    Asked,
    Masked,
}

impl Sight {
    /// How a visitor sees those of a household that he was let see, with its contact.
    pub fn of(visit: &Visit, town: i64, contact: Option<i64>) -> Sight {
        // A contact reaches his households by name, not by division: what he sees he may call.
        if visit.person.may(Action::CallPhones).is_none() {
            return Sight::Masked;
        }
        let own = contact.is_some_and(|contact| visit.person.stewards.contains(&(town, contact)));
        if own { Sight::Full } else { Sight::Asked }
    }
}

/// A phone number on a household's pages. On paper all are masked.
#[derive(Template)]
#[template(path = "web/phone.html")]
pub struct Phone {
    sight: Sight,
    number: String,
    /// Where it is asked for, whose it is, and what the button says.
    path: String,
    who: String,
    title: String,
    words: Words,
}

impl Phone {
    /// A number of a household at `path`: of somebody called so, `who` to the call.
    pub fn new(words: &Words, sight: Sight, path: &str, (who, name): (&str, &str), number: String) -> Phone {
        let title = say!(words, "call-title", name = name);
        Phone { sight, number, path: path.to_owned(), who: who.to_owned(), title, words: words.clone() }
    }

    /// Whether the number stands there in full.
    pub fn is_full(&self) -> bool {
        self.sight == Sight::Full
    }

    fn is_asked(&self) -> bool {
        self.sight == Sight::Asked
    }
}

impl askama::filters::HtmlSafe for Phone {}

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
