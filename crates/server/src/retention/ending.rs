//! All personal records of an installation at once, at the end of its operation. Beside it no program
//! runs: nobody waits for these transactions.

use db::on_db;

use super::store;
use crate::playbook::{Keep, Record};
use crate::site::Site;

/// Everything of a town ($1) that goes, beside what goes day by day. A new feature adds its tables.
const OF_TOWN: &[(Record, &[&str])] = &[
    (Record::Requests, &["DELETE FROM rights_request WHERE town = $1"]),
    (Record::Uploads, &["DELETE FROM register_upload WHERE town = $1"]),
    (
        Record::Register,
        &[
            "DELETE FROM register_change WHERE town = $1",
            "DELETE FROM register_import WHERE town = $1",
            "DELETE FROM register_layout WHERE town = $1",
            "DELETE FROM doubles WHERE town = $1",
            "DELETE FROM resident WHERE town = $1",
            "DELETE FROM household WHERE town = $1",
            "DELETE FROM household_span WHERE town = $1",
            "DELETE FROM stand_in WHERE town = $1",
            "DELETE FROM stewardship WHERE town = $1",
            "DELETE FROM steward WHERE town = $1",
            // Names who owes a check.
            "DELETE FROM report_draft WHERE town = $1",
        ],
    ),
];

/// What goes day by day, so that each figure still opens to what became of its rows: how many there are
/// of each day, and what destroys them.
const BY_DAY: &[(Record, &str, &[&str])] = &[
    (
        Record::Checks,
        "SELECT day FROM round_check WHERE town = $1 UNION ALL \
         SELECT day FROM round_standing WHERE town = $1",
        &["DELETE FROM round_check WHERE town = $1", "DELETE FROM round_standing WHERE town = $1"],
    ),
    (Record::Findings, "SELECT day FROM finding WHERE town = $1", &["DELETE FROM finding WHERE town = $1"]),
];

/// Of the whole installation.
const OF_ALL: &[(Record, &[&str])] =
    &[(Record::SignIns, &["DELETE FROM session WHERE $1 = 0", "DELETE FROM slip WHERE $1 = 0"])];

/// The tables that stay, and why: they name nobody who lives here, or the law demands them.
#[cfg(test)]
pub(super) const STAY: &[(&str, &str)] = &[
    ("division", "public"),
    ("operation", "which town, from when to when"),
    ("counter", "numbers that were given out"),
    ("account", "whom the audit trail names; stripped of phones and PINs"),
    ("appointment", "who may read figures"),
    ("audit_entry", "three years at least"),
    ("audit_key", "proves the trail"),
    ("audit_link", "proves the trail"),
    ("round_day", "which days there were"),
    ("tally", "figures"),
    ("zero_confirmation", "a village's word in a report"),
    ("report_seal", "signed reports"),
    ("playbook", "by which it was judged and kept"),
    ("role_move", "numbers of divisions"),
    ("vault_key", "names the key that opens nothing any more"),
    ("destruction", "what was destroyed"),
    ("ending", "the certificate"),
];

/// All statements that destroy something at the end.
#[cfg(test)]
pub(super) fn statements() -> impl Iterator<Item = &'static str> {
    let by_day = BY_DAY.iter().flat_map(|(_, _, go)| go.iter());
    let rows = OF_TOWN.iter().chain(OF_ALL).flat_map(|(_, go)| go.iter());
    by_day.chain(rows).copied()
}

/// Destroys all personal records of these towns, and ends every session.
pub async fn destroy_all(site: &Site, towns: &[i64]) -> db::Result<()> {
    for town in towns {
        for (record, days, go) in BY_DAY {
            by_day(site, *town, (*record, days), go).await?;
        }
        for (record, go) in OF_TOWN {
            rows(site, *town, *record, go).await?;
        }
    }
    for (record, go) in OF_ALL {
        rows(site, 0, *record, go).await?;
    }
    Ok(())
}

async fn by_day(
    site: &Site,
    town: i64,
    (record, days): (Record, &str),
    go: &[&'static str],
) -> db::Result<()> {
    let sql = sqlx::AssertSqlSafe(format!(
        "INSERT INTO destruction (town, record, day, records, keep, playbook, begun_at, ended_at) \
         SELECT d.town, CAST($2 AS TEXT), d.day, COALESCE(n.records, 0), CAST($3 AS TEXT), CAST($4 AS TEXT), \
         CAST($5 AS BIGINT), CAST($5 AS BIGINT) FROM round_day d LEFT JOIN \
         (SELECT day, COUNT(*) AS records FROM ({days}) r GROUP BY day) n ON n.day = d.day \
         WHERE d.town = $1 ON CONFLICT (town, record, day) DO UPDATE \
         SET records = destruction.records + excluded.records, \
         ended_at = COALESCE(destruction.ended_at, excluded.ended_at)"
    ));
    let (keep, named) = (Keep::UntilEnd.to_string(), site.playbook.named());
    let mut tx = site.db.write().await?;
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(record.key()).bind(&keep).bind(&named).bind(site.clock.now().0)
        .execute(c).await.map(|_| ()))?;
    for sql in go {
        on_db!(tx, c => sqlx::query(*sql).bind(town).execute(c).await.map(|_| ()))?;
    }
    tx.commit().await
}

async fn rows(site: &Site, town: i64, record: Record, go: &[&'static str]) -> db::Result<()> {
    let (now, mut tx) = (site.clock.now(), site.db.write().await?);
    let today = site.playbook.time.day(now);
    let mut gone = 0;
    for sql in go {
        gone +=
            on_db!(tx, c => sqlx::query(*sql).bind(town).execute(c).await.map(|done| done.rows_affected()))?;
    }
    if gone > 0 {
        let records = i64::try_from(gone).unwrap_or(i64::MAX);
        store::add_by(&mut tx, (Keep::UntilEnd, &site.playbook.named()), (town, record, today), records, now)
            .await?;
        store::finish(&mut tx, (town, record, today), now).await?;
    }
    tx.commit().await
}
