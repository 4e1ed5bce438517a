//! What people are told of what is kept about them.

use askama::Template;
use axum::extract::State as Shared;

use super::pages::kept;
use crate::site::Site;
use crate::web::{Chosen, Error, Html, Page};

#[derive(Template)]
#[template(path = "rights/notice.html")]
struct NoticePage {
    page: Page,
    text: String,
    version: i32,
    kept: Vec<(String, String, String)>,
    days: i32,
    /// Versions shown before: number, first day, text.
    earlier: Vec<(i32, String, String)>,
}

/// The page, for everybody.
pub async fn page(chosen: Chosen, Shared(site): Shared<Site>) -> Result<Html, Error> {
    let words = &chosen.words;
    let rights = &site.playbook.rights;
    let mut earlier: Vec<(i32, String, String)> = Vec::new();
    for (from, version) in site.playbook.versions() {
        let text = version.rights.text.of(words.language).to_owned();
        if version.rights.notice < rights.notice && earlier.last().is_none_or(|last| last.2 != text) {
            let from = from.map(|day| day.to_string()).unwrap_or_default();
            earlier.push((version.rights.notice, from, text));
        }
    }
    Html::of(&NoticePage {
        page: chosen.page(&site),
        text: rights.text.of(words.language).to_owned(),
        version: rights.notice,
        kept: kept(words, &site),
        days: rights.working_days,
        earlier,
    })
}
