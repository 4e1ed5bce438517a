//! The accounts of a scope.

use askama::Template;
use axum::extract::{Query, State};
use base::Moment;
use serde::Deserialize;

use super::super::store::list::{self, Account, Wanted};
use super::{HeldRow, Names};
use crate::access::Action;
use crate::backup;
use crate::site::Site;
use crate::web::{Error, Html, Page, Visit, Words};

/// Accounts of a page.
const MOST: usize = 50;

#[derive(Template)]
#[template(path = "accounts/pages/list.html")]
struct ListPage {
    page: Page,
    search: String,
    rows: Vec<Row>,
    /// The login after which the next page begins; empty on the last.
    after: String,
    /// Not the first page.
    further: bool,
    /// How it stands with backups; nothing in a demonstration.
    backup: Option<backup::Line>,
}

struct Row {
    id: i64,
    login: String,
    name: String,
    roles: Vec<HeldRow>,
    state: Standing,
}

/// The state of an account: its message, and the class of its mark.
pub struct Standing {
    pub text: String,
    pub mark: &'static str,
}

/// What an account is in, in words.
pub fn state(words: &Words, account: &Account, now: Moment) -> Standing {
    let (key, mark) = if account.disabled_at.is_some() {
        ("account-state-disabled", "away")
    } else if account.locked_until.is_some_and(|until| until > now.0) {
        ("account-state-paused", "late")
    } else if account.arrived {
        ("account-state-arrived", "done")
    } else {
        ("account-state-waiting", "")
    };
    Standing { text: words.get(key), mark }
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    after: String,
}

pub async fn show(visit: Visit, State(site): State<Site>, Query(asked): Query<Asked>) -> Result<Html, Error> {
    let scope = visit.may(Action::ManageAccounts)?;
    let search = base::fold_width(&asked.q).to_lowercase();
    let mut tx = site.db.read().await?;
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let wanted = Wanted::Page { search: &search, after: &asked.after, most };
    let mut found = list::accounts(&mut tx, &scope, wanted).await?;
    let more = found.len() > MOST;
    found.truncate(MOST);
    let accounts: Vec<i64> = found.iter().map(|account| account.id).collect();
    let roles = list::held(&mut tx, &accounts, visit.today).await?;
    let names = Names::of(&mut tx, roles.values().flatten().map(|(_, division)| *division)).await?;
    let after = found.last().filter(|_| more).map(|last| last.login.clone()).unwrap_or_default();
    let row = |account: Account| Row {
        state: state(&visit.words, &account, visit.now),
        roles: names.held(&visit.words, roles.get(&account.id).map_or(&[], Vec::as_slice)),
        id: account.id,
        login: account.login,
        name: account.name,
    };
    let rows = found.into_iter().map(row).collect();
    let further = !asked.after.is_empty();
    let (planned, time) = (site.settings.backups.is_some(), &site.playbook.time);
    let status = backup::status(&mut tx, planned).await?;
    let backup = backup::line(&visit.words, &status, planned, time, visit.now);
    let backup = Some(backup).filter(|_| !site.settings.demonstration);
    Html::of(&ListPage { page: visit.page, search: asked.q, rows, after, further, backup })
}
