//! An entry in words.

use base::{Day, Moment};

use super::detail;
use crate::audit::{Row, message};
use crate::backup;
use crate::site::Site;
use crate::web::Words;

/// An entry as lists show it.
#[derive(Clone, Debug)]
pub struct Line {
    pub when: String,
    pub who: String,
    /// The roles held then.
    pub roles: Vec<String>,
    pub what: String,
    pub object: String,
    pub detail: Vec<String>,
    pub address: String,
    /// The day and the clock, as an exported list has them.
    pub at: (Day, i8, i8),
}

impl Line {
    pub fn of(row: &Row, words: &Words, site: &Site) -> Line {
        let (time, at) = (&site.playbook.time, Moment(row.at));
        let (hour, minute) = time.hour_minute(at);
        Line {
            when: words.moment(time, at),
            who: who(row, words),
            roles: row.roles.split_whitespace().map(|held| role(held, words)).collect(),
            what: words.get(&message(&row.action)),
            object: object(&row.object, words),
            detail: serde_json::from_str(&row.detail)
                .map(|told| detail::lines(&told, words))
                .unwrap_or_default(),
            address: row.address.clone(),
            at: (time.day(at), hour, minute),
        }
    }
}

fn who(row: &Row, words: &Words) -> String {
    match (&row.name, &row.login) {
        (Some(name), Some(login)) => format!("{name} ({login})"),
        _ if row.account.is_none() && row.address.parse::<std::net::IpAddr>().is_ok() => {
            say!(words, "audit-stranger")
        }
        _ => say!(words, "audit-program"),
    }
}

/// 村干部 141023105200.
fn role(held: &str, words: &Words) -> String {
    let (role, place) = held.split_once('@').unwrap_or((held, ""));
    format!("{} {place}", words.get(&format!("role-{role}")))
}

fn object(object: &str, words: &Words) -> String {
    match object.split_once('/') {
        Some(("household", number)) => say!(words, "audit-household", number = number),
        Some(("account", "0")) => String::new(),
        Some(("account", number)) => say!(words, "audit-account", number = number),
        None if object == backup::OBJECT => say!(words, "backup-object"),
        _ => object.to_owned(),
    }
}
