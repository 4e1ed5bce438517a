//! The versions of a playbook that were used: none may change behind the days it has judged.

use base::{Clock, Moment};
use db::{Snapshot, Tx, on_db};
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
        "version {version} of the playbook '{key}' was followed here by version {last} of '{other}': \
         take that one, or give this one the version {}", version + 1
    )]
    Followed { key: String, version: i32, other: String, last: i32 },
    #[error(
        "version {version} of the playbook '{key}' is not in use here yet: 'firebreak serve' takes it into \
         use; until it was started anew, name the one in use with --playbook"
    )]
    NotInUse { key: String, version: i32 },
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
    key: String,
    version: i32,
    text: String,
    from_day: i32,
}

/// All versions that were used, in the order of the days that they judge.
async fn kept(tx: &mut Snapshot) -> db::Result<Vec<Kept>> {
    let sql = "SELECT key, version, text, from_day FROM playbook ORDER BY from_day, taken_at, version";
    on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await)
}

/// The text of the playbook that is in use; nothing where none is yet.
pub async fn last_text(tx: &mut Snapshot) -> db::Result<Option<String>> {
    Ok(kept(tx).await?.pop().map(|last| last.text))
}

/// Takes a playbook into use, together with those that were used before, whatever they are called. A
/// new one judges from today on, or from tomorrow where a round of today is open already.
///
/// # Errors
/// Refuses one whose version was used with other content, and one older than what was used.
pub async fn take(tx: &mut Tx, playbook: Playbook, clock: &Clock) -> Result<Playbook, NotTaken> {
    let kept = kept(tx).await?;
    let (key, version) = (playbook.key.clone(), playbook.version);
    if let Some(same) = kept.iter().find(|kept| (&kept.key, kept.version) == (&key, version))
        && same.text != playbook.text
    {
        return Err(NotTaken::Changed { key, version });
    }
    let newest = kept.iter().filter(|kept| kept.key == key).map(|kept| kept.version).max();
    if let Some(newest) = newest.filter(|newest| *newest > version) {
        return Err(NotTaken::Older { key, version, newest });
    }
    match kept.last() {
        Some(last) if last.text == playbook.text => with_earlier(playbook, kept),
        Some(last) if newest == Some(version) => {
            Err(NotTaken::Followed { key, version, other: last.key.clone(), last: last.version })
        }
        last => {
            let last = last.map_or(0, |last| last.from_day);
            let from_day = first_day(tx, &playbook, clock.now()).await?.max(last);
            let playbook = Playbook { from_day, ..playbook };
            insert(tx, &playbook, clock).await?;
            with_earlier(playbook, kept)
        }
    }
}

/// The playbook that is in use, for a command beside the server: it takes none into use, since a
/// running server would go on by another.
///
/// # Errors
/// Refuses one that is not in use. Where none is yet, the one that is given is as good.
pub async fn in_use(tx: &mut Snapshot, playbook: Playbook) -> Result<Playbook, NotTaken> {
    let kept = kept(tx).await?;
    if kept.last().is_some_and(|last| last.text != playbook.text) {
        return Err(NotTaken::NotInUse { key: playbook.key, version: playbook.version });
    }
    with_earlier(playbook, kept)
}

/// The playbook with all that were used before it, each with the first day that it judges.
fn with_earlier(mut playbook: Playbook, mut kept: Vec<Kept>) -> Result<Playbook, NotTaken> {
    if let Some(same) = kept.pop_if(|last| last.text == playbook.text) {
        playbook.from_day = same.from_day;
    }
    for Kept { version, text, from_day, .. } in kept {
        let earlier = Playbook::parse(&text).map_err(|fault| NotTaken::Kept { version, fault })?;
        playbook.earlier.push(Playbook { from_day, ..earlier });
    }
    Ok(playbook)
}

/// The first day that a new playbook judges: all days, where no round was ever open.
async fn first_day(tx: &mut Tx, playbook: &Playbook, now: Moment) -> db::Result<i32> {
    let today = playbook.time.day(now);
    let sql = "SELECT COUNT(*), COUNT(*) FILTER (WHERE day >= $1), (SELECT COUNT(*) FROM playbook) \
               FROM round_day";
    let (days, open, kept): (i64, i64, i64) =
        on_db!(tx, c => sqlx::query_as(sql).bind(today.number()).fetch_one(c).await)?;
    Ok(match (days + kept, open) {
        (0, _) => 0,
        (_, 0) => today.number(),
        _ => today.next().number(),
    })
}

async fn insert(tx: &mut Tx, playbook: &Playbook, clock: &Clock) -> db::Result<()> {
    let now = clock.now();
    let sql = "INSERT INTO playbook (key, version, text, from_day, taken_at) VALUES ($1, $2, $3, $4, $5)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(&playbook.key).bind(playbook.version).bind(&playbook.text).bind(playbook.from_day).bind(now.0)
        .execute(c).await.map(|_| ()))?;
    let object = playbook.named();
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

    /// The playbook that comes with the program, as a first version.
    fn first() -> String {
        let version = Playbook::parse(BUILT_IN).unwrap().version;
        BUILT_IN.replacen(&format!("version = {version}\n"), "version = 1\n", 1)
    }

    async fn take(db: &Db, version: i32, fever: &str) -> Result<Playbook, String> {
        let text = first().replace("version = 1\n", &format!("version = {version}\n"));
        let playbook = Playbook::parse(&text.replace("fever = 37.3", &format!("fever = {fever}"))).unwrap();
        let mut tx = db.write().await.unwrap();
        let taken =
            super::take(&mut tx, playbook, &Clock::fixed(NOW)).await.map_err(|error| error.to_string())?;
        tx.commit().await.unwrap();
        Ok(taken)
    }

    async fn take_called(db: &Db, key: &str, fever: &str) -> Result<Playbook, String> {
        let text = first().replace("outbreak-123456", key);
        let playbook = Playbook::parse(&text.replace("fever = 37.3", &format!("fever = {fever}"))).unwrap();
        let mut tx = db.write().await.unwrap();
        let taken =
            super::take(&mut tx, playbook, &Clock::fixed(NOW)).await.map_err(|error| error.to_string())?;
        tx.commit().await.unwrap();
        Ok(taken)
    }

    on_both! {
        async fn a_playbook_of_another_name_leaves_the_past_alone(db) {
            let day = |text: &str| text.parse().unwrap();
            take(db, 1, "37.3").await.unwrap();
            for playbook in [take_called(db, "own", "37.5").await.unwrap(), take_called(db, "own", "37.5").await.unwrap()] {
                let fevers = ["2020-02-02", "2020-02-03"].map(|text| playbook.on(day(text)).temperature.fever);
                assert_eq!(fevers, [373, 375]);
            }
            let refused = take(db, 1, "37.3").await.unwrap_err();
            assert!(refused.contains("followed here by version 1 of 'own'"), "{refused}");
            assert_eq!(take(db, 2, "37.4").await.unwrap().on(day("2020-02-02")).temperature.fever, 373);
        }

        async fn a_command_beside_the_server_takes_no_playbook_into_use(db) {
            let changed = || Playbook::parse(&first().replace("version = 1\n", "version = 2\n")).unwrap();
            let built_in = || Playbook::parse(&first()).unwrap();
            let mut tx = db.read().await.unwrap();
            super::in_use(&mut tx, changed()).await.unwrap();
            drop(tx);
            take(db, 1, "37.3").await.unwrap();
            let mut tx = db.read().await.unwrap();
            let refused = super::in_use(&mut tx, changed()).await.unwrap_err().to_string();
            assert!(refused.contains("firebreak serve"), "{refused}");
            assert_eq!(super::in_use(&mut tx, built_in()).await.unwrap().version, 1);
        }

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
