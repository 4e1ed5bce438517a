//! What an auditor asks for, as a form or an address tells it.

use base::{Day, Division, TownTime};
use db::Snapshot;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::audit::{self, Filter};
use crate::web::Errors;

/// The filter as it is typed.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Asked {
    /// Login or name of who did it.
    pub who: String,
    pub action: String,
    /// A household's number, or the login or name of an account: to what it was done.
    pub about: String,
    pub from: String,
    pub until: String,
    pub after: String,
}

impl Asked {
    /// The filter that is meant, or what is wrong with it.
    pub async fn filter(
        &self,
        tx: &mut Snapshot,
        time: &TownTime,
        town: Option<Division>,
    ) -> db::Result<Result<Filter, Errors>> {
        let mut errors = Errors::default();
        let day = |text: &str| match text.trim() {
            "" => Ok(None),
            text => text.parse::<Day>().map(Some).map_err(|_| "audit-day-wrong"),
        };
        let from = errors.take("from", day(&self.from)).flatten();
        let until = errors.take("until", day(&self.until)).flatten();
        let action = Some(self.action.clone()).filter(|action| !action.is_empty());
        if action.as_deref().is_some_and(|action| !audit::DEEDS.contains(&action)) {
            errors.add("action", "audit-action-unknown");
        }
        let after = match self.after.as_str() {
            "" => None,
            after => errors.take("after", Uuid::parse_str(after).map_err(|_| "audit-after-wrong")),
        };
        let by = match self.who.trim() {
            "" => None,
            who => Some(audit::called(tx, who).await?),
        };
        if by.as_ref().is_some_and(Vec::is_empty) {
            errors.add("who", "audit-nobody");
        }
        let object = match self.about.trim() {
            "" => None,
            about => errors.take("about", object(tx, about, town).await?.ok_or("audit-about-unknown")),
        };
        let (from, until) = (from.map(|day| time.start(day)), until.map(|day| time.start(day.next())));
        let filter = Filter { by, action, object, from, until, after };
        Ok(if errors.is_empty() { Ok(filter) } else { Err(errors) })
    }

    /// What narrows the list, as the query of an address; `after` begins a page.
    pub fn query(&self, after: &str) -> String {
        let asked = Asked { after: after.to_owned(), ..self.clone() };
        let pairs = [
            ("who", &asked.who),
            ("action", &asked.action),
            ("about", &asked.about),
            ("from", &asked.from),
            ("until", &asked.until),
            ("after", &asked.after),
        ];
        let given = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        form_urlencoded::Serializer::new(String::new()).extend_pairs(given).finish()
    }
}

/// The object meant: `141023105/12`, `12` in one's own town, or somebody's login or name.
async fn object(tx: &mut Snapshot, about: &str, town: Option<Division>) -> db::Result<Option<String>> {
    let number = |text: &str| text.parse::<i64>().ok();
    let plain = about.trim_start_matches("household/");
    if let Some((town, household)) = plain.split_once('/')
        && let (Some(town), Some(household)) = (number(town), number(household))
    {
        return Ok(Some(audit::household((town, household))));
    }
    if let Some(household) = number(plain) {
        return Ok(town.map(|town| audit::household((town.town(), household))));
    }
    if let Some(account) = about.strip_prefix("account/").and_then(number) {
        return Ok(Some(format!("account/{account}")));
    }
    let found = audit::called(tx, about).await?;
    Ok(found.first().map(|account| format!("account/{account}")))
}
