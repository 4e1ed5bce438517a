//! The versions of a playbook that were used: none may change behind the days it has judged.

use base::Moment;
use db::{Tx, on_db};

use super::Playbook;

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
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Keeps a playbook that is about to be used.
///
/// # Errors
/// Refuses one whose version was used with other content, and one older than what was used.
pub async fn keep(tx: &mut Tx, playbook: &Playbook, now: Moment) -> Result<(), NotTaken> {
    let sql = "SELECT version, text FROM playbook WHERE key = $1 ORDER BY version DESC LIMIT 1";
    let newest: Option<(i32, String)> =
        on_db!(tx, c => sqlx::query_as(sql).bind(&playbook.key).fetch_optional(c).await)?;
    let (key, version) = (playbook.key.clone(), playbook.version);
    match newest {
        Some((newest, _)) if newest > version => return Err(NotTaken::Older { key, version, newest }),
        Some((newest, text)) if newest == version => {
            return if text == playbook.text { Ok(()) } else { Err(NotTaken::Changed { key, version }) };
        }
        _ => {}
    }
    let sql = "INSERT INTO playbook (key, version, text, taken_at) VALUES ($1, $2, $3, $4)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(&playbook.key).bind(version).bind(&playbook.text).bind(now.0)
        .execute(c).await.map(|_| ()))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use db::{Db, on_both};

    use super::*;
    use crate::playbook::BUILT_IN;

    async fn take(db: &Db, version: i32, fever: &str) -> Result<(), String> {
        let text = BUILT_IN.replace("version = 1\n", &format!("version = {version}\n"));
        let playbook = Playbook::parse(&text.replace("fever = 37.3", &format!("fever = {fever}"))).unwrap();
        let mut tx = db.write().await.unwrap();
        keep(&mut tx, &playbook, Moment(0)).await.map_err(|error| error.to_string())?;
        tx.commit().await.unwrap();
        Ok(())
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
