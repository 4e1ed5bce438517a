//! What there is of each kind, and when the oldest of it is due.

use base::{Day, Moment, TownTime};
use db::{Snapshot, on_db};

use super::places::{Limit, Way, way};
use crate::playbook::{Keep, Record, Rule};
use crate::site::Site;

/// How it stands with a kind of record in a town.
#[derive(Clone, Debug)]
pub struct Due {
    pub rule: Rule,
    pub number: i64,
    /// The day of the oldest, from which its time is counted.
    pub oldest: Option<Day>,
    /// When that one goes.
    pub on: Option<Day>,
}

/// How many records there are, and the oldest day or moment that counts for them. Of a town ($1).
fn stock(record: Record) -> Option<&'static str> {
    Some(match record {
        Record::Checks => {
            "SELECT (SELECT COUNT(*) FROM round_check WHERE town = $1), \
             (SELECT CAST(MIN(day) AS BIGINT) FROM round_standing WHERE town = $1)"
        }
        Record::Findings => {
            "SELECT COUNT(*), CAST(MIN(day) FILTER (WHERE state IN ('closed', 'withdrawn')) AS BIGINT) \
             FROM finding WHERE town = $1"
        }
        Record::Presences => {
            "SELECT COUNT(*), CAST(MIN(COALESCE(told_day, presence_since)) AS BIGINT) FROM resident \
             WHERE town = $1 AND (told_day IS NOT NULL OR presence = 'present' AND presence_since IS NOT NULL)"
        }
        Record::KeyPersons => {
            "SELECT COUNT(*), CAST(MIN(key_until) AS BIGINT) FROM resident \
             WHERE town = $1 AND key_from IS NOT NULL"
        }
        Record::Leavers => {
            "SELECT COUNT(*), CAST(MIN(until_day) AS BIGINT) FROM (SELECT MAX(s.until_day) AS until_day \
             FROM household h JOIN household_span s ON s.town = h.town AND s.household = h.id \
             WHERE h.town = $1 GROUP BY h.id) last WHERE until_day < 99991231"
        }
        Record::SignIns => {
            "SELECT (SELECT COUNT(*) FROM session) + (SELECT COUNT(*) FROM slip), \
             (SELECT MIN(expires_at) FROM session WHERE $1 >= 0)"
        }
        Record::Uploads => "SELECT COUNT(*), MIN(uploaded_at) FROM register_upload WHERE town = $1",
        Record::Requests => "SELECT COUNT(*), MIN(closed_at) FROM rights_request WHERE town = $1",
        Record::Register => {
            "SELECT (SELECT COUNT(*) FROM household WHERE town = $1) \
             + (SELECT COUNT(*) FROM resident WHERE town = $1) \
             + (SELECT COUNT(*) FROM steward WHERE town = $1), CAST(NULL AS BIGINT)"
        }
        Record::Audit => "SELECT COUNT(*), MIN(at) FROM audit_entry WHERE $1 >= 0",
        Record::Reports => "SELECT COUNT(*), CAST(MIN(day) AS BIGINT) FROM report_seal WHERE town = $1",
        Record::Backups => return None,
    })
}

/// How it stands with each kind in a town, in the playbook's order.
pub async fn due(tx: &mut Snapshot, site: &Site, town: i64) -> db::Result<Vec<Due>> {
    let mut all = Vec::new();
    for rule in site.playbook.retention.all() {
        let (number, oldest) = match stock(rule.record) {
            Some(sql) => on_db!(tx, c => sqlx::query_as(sql).bind(town).fetch_one(c).await)?,
            None => (0, None),
        };
        let oldest = day_of(rule.record, oldest, &site.playbook.time);
        let on = match rule.keep {
            // The last of so many days has to be over.
            Keep::Days(days) => oldest.map(|day| day.plus(days).next()),
            Keep::UntilEnd | Keep::ForGood => None,
        };
        all.push(Due { rule: rule.clone(), number, oldest, on });
    }
    Ok(all)
}

fn day_of(record: Record, oldest: Option<i64>, time: &TownTime) -> Option<Day> {
    let oldest = oldest?;
    let moment = match way(record) {
        Way::Rows(rows) => rows.limit == Limit::Moment,
        _ => record == Record::Audit,
    };
    if moment { Some(time.day(Moment(oldest))) } else { Day::from_number(i32::try_from(oldest).ok()?) }
}
