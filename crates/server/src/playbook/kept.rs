//! The versions of a playbook that were used: none may change behind the days it has judged.

use base::{Clock, Moment};
use db::{Tx, on_db};
use serde_json::json;

use super::{Fault, Playbook};
use crate::audit;

/// Why a playbook is not taken.
#[derive(Debug, thiserror::Error)]
pub enum NotTaken {
    #[error(
        "version {version} of the playbook '{key}' was used here with other content: \
         give the changed playbook the version {}", version + 1
    )]
    Changed { key: String, version: i32 },
    #[error(
        "version {newest} of the playbook '{key}' was used here, and this is version {version}: \
         take the newest, or give this one the version {}", newest + 1
    )]
    Older { key: String, version: i32, newest: i32 },
    #[error(
        "version {version} of the playbook, which was used here, cannot be read by this program: {fault}"
    )]
    Kept { version: i32, fault: Fault },
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// A version that was used.
#[derive(sqlx::FromRow)]
struct Kept {
    version: i32,
    text: String,
    from_day: i32,
}

/// Takes a playbook into use, together with the versions that were used before. A new version judges
/// from today on, or from tomorrow where a round of today is open already.
///
/// # Errors
/// Refuses one whose version was used with other content, and one older than what was used.
pub async fn take(tx: &mut Tx, mut playbook: Playbook, clock: &Clock) -> Result<Playbook, NotTaken> {
    let sql = "SELECT version, text, from_day FROM playbook WHERE key = $1 ORDER BY version";
    let mut kept: Vec<Kept> = on_db!(tx, c => sqlx::query_as(sql).bind(&playbook.key).fetch_all(c).await)?;
    let (key, version) = (playbook.key.clone(), playbook.version);
    if let Some(newest) = kept.last().map(|kept| kept.version).filter(|newest| *newest > version) {
        return Err(NotTaken::Older { key, version, newest });
    }
    match kept.pop_if(|newest| newest.version == version) {
        Some(same) if same.text == playbook.text => playbook.from_day = same.from_day,
        Some(_) => return Err(NotTaken::Changed { key, version }),
        None => {
            playbook.from_day =
                if kept.is_empty() { 0 } else { first_day(tx, &playbook, clock.now()).await? };
            insert(tx, &playbook, clock).await?;
        }
    }
    for Kept { version, text, from_day } in kept {
        let earlier = Playbook::parse(&text).map_err(|fault| NotTaken::Kept { version, fault })?;
        playbook.earlier.push(Playbook { from_day, ..earlier });
    }
    Ok(playbook)
}

async fn first_day(tx: &mut Tx, playbook: &Playbook, now: Moment) -> db::Result<i32> {
    let today = playbook.time.day(now);
    let sql = "SELECT COUNT(*) FROM round_day WHERE day >= $1";
    let open: i64 = on_db!(tx, c => sqlx::query_scalar(sql).bind(today.number()).fetch_one(c).await)?;
    Ok(if open == 0 { today.number() } else { today.next().number() })
}

async fn insert(tx: &mut Tx, playbook: &Playbook, clock: &Clock) -> db::Result<()> {
    let now = clock.now();
    let sql = "INSERT INTO playbook (key, version, text, from_day, taken_at) VALUES ($1, $2, $3, $4, $5)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(&playbook.key).bind(playbook.version).bind(&playbook.text).bind(playbook.from_day).bind(now.0)
        .execute(c).await.map(|_| ()))?;
    let object = format!("{}/{}", playbook.key, playbook.version);
    let detail = json!({ "from_day": playbook.from_day });
    audit::record(tx, clock.new_id(), now, audit::Entry::of_program("playbook.take", &object, detail)).await
}

#[cfg(test)]
mod tests {
    use db::{Db, on_both};

    use super::*;
    use crate::playbook::BUILT_IN;

    /// 2020-02-03 10:00 in the town.
    const NOW: Moment = Moment(1_580_695_200_000);

    async fn take(db: &Db, version: i32, fever: &str) -> Result<Playbook, String> {
        let text = BUILT_IN.replace("version = 1\n", &format!("version = {version}\n"));
        let playbook = Playbook::parse(&text.replace("fever = 37.3", &format!("fever = {fever}"))).unwrap();
        let mut tx = db.write().await.unwrap();
        let taken =
            super::take(&mut tx, playbook, &Clock::fixed(NOW)).await.map_err(|error| error.to_string())?;
        tx.commit().await.unwrap();
        Ok(taken)
    }

    on_both! {
        async fn a_version_that_was_used_never_changes(db) {
            take(db, 1, "37.3").await.unwrap();
            take(db, 1, "37.3").await.unwrap();
            let refused = take(db, 1, "37.5").await.unwrap_err();
            assert!(refused.contains("the version 2"), "{refused}");
            take(db, 3, "37.5").await.unwrap();
            let refused = take(db, 2, "37.4").await.unwrap_err();
            assert!(refused.contains("the version 4"), "{refused}");
            let mut tx = db.read().await.unwrap();
            let sql = "SELECT object FROM audit_entry WHERE action = 'playbook.take' ORDER BY id";
            let told: Vec<String> = on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
            assert_eq!(told, ["outbreak-123456/1", "outbreak-123456/3"]);
        }

        async fn a_day_is_judged_by_the_version_of_its_time(db) {
            let day = |text: &str| text.parse().unwrap();
            take(db, 1, "37.3").await.unwrap();
            take(db, 2, "37.4").await.unwrap();
            let mut tx = db.write().await.unwrap();
            let sql = "INSERT INTO round_day (town, day, opened_at) VALUES (1, 20200203, 0)";
            on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
            tx.commit().await.unwrap();
            for playbook in [take(db, 3, "37.5").await.unwrap(), take(db, 3, "37.5").await.unwrap()] {
                let fever = |text| playbook.on(day(text)).temperature.fever;
                let fevers = ["2020-01-01", "2020-02-02", "2020-02-03", "2020-02-04", "2021-01-01"].map(fever);
                assert_eq!(fevers, [373, 373, 374, 375, 375]);
            }
        }
    }

    /// Towns run by this version would not start with a changed one of the same number.
    #[test]
    fn the_playbook_that_comes_with_the_program_changes_only_with_its_version() {
        let playbook = Playbook::parse(BUILT_IN).unwrap();
        let digest = blake3::hash(BUILT_IN.as_bytes()).to_hex();
        insta::assert_snapshot!(format!("version {}: {digest}", playbook.version));
    }
}
