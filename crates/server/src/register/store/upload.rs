//! Tables that were uploaded and not yet confirmed: kept sealed, for some hours.

use base::Moment;
use db::{Snapshot, Tx, on_db};
use uuid::Uuid;

/// An uploaded table.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct UploadRow {
    pub town: i64,
    pub id: Uuid,
    /// Whose it is: nobody else sees it.
    pub account: i64,
    pub file_name: String,
    /// The village of rows that name none.
    pub village: Option<i64>,
    /// The rows, sealed; of a list that is imported those that were not taken, and none where all were.
    pub sealed: Option<Vec<u8>>,
    /// What the import came to, as JSON.
    pub result: Option<String>,
    pub uploaded_at: i64,
    pub expires_at: i64,
}

/// Destroys the uploads that have expired; answers how many.
pub async fn destroy_expired(tx: &mut Tx, now: Moment) -> db::Result<u64> {
    let sql = "DELETE FROM register_upload WHERE expires_at <= $1";
    on_db!(tx, c => sqlx::query(sql).bind(now.0).execute(c).await.map(|done| done.rows_affected()))
}

/// Keeps an upload, in place of the account's earlier one that was not confirmed and of the rows that came
/// back from those that were.
pub async fn keep(tx: &mut Tx, new: &UploadRow) -> db::Result<()> {
    let sql = "UPDATE register_upload SET sealed = NULL WHERE town = $1 AND account = $2";
    on_db!(tx, c => sqlx::query(sql).bind(new.town).bind(new.account).execute(c).await.map(|_| ()))?;
    let sql = "DELETE FROM register_upload WHERE town = $1 AND account = $2 AND result IS NULL";
    on_db!(tx, c => sqlx::query(sql).bind(new.town).bind(new.account).execute(c).await.map(|_| ()))?;
    let sql = "INSERT INTO register_upload (town, id, account, file_name, village, sealed, result, \
               uploaded_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(new.town).bind(new.id).bind(new.account).bind(&new.file_name).bind(new.village)
        .bind(&new.sealed).bind(&new.result).bind(new.uploaded_at).bind(new.expires_at)
        .execute(c).await.map(|_| ()))
}

/// An account's own upload into a town, unless it has expired.
pub async fn find(
    tx: &mut Snapshot,
    town: i64,
    account: i64,
    id: Uuid,
    now: Moment,
) -> db::Result<Option<UploadRow>> {
    let sql = "SELECT town, id, account, file_name, village, sealed, result, uploaded_at, expires_at \
               FROM register_upload WHERE town = $1 AND id = $2 AND account = $3 AND expires_at > $4";
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(town).bind(id).bind(account).bind(now.0).fetch_optional(c).await)
}

/// Has an upload that waits read otherwise: its rows, and the village of those that name none.
pub async fn read_anew(tx: &mut Tx, upload: &UploadRow, sealed: &[u8]) -> db::Result<()> {
    let sql = "UPDATE register_upload SET sealed = $4, village = $5 \
               WHERE town = $1 AND id = $2 AND account = $3 AND result IS NULL";
    on_db!(tx, c => sqlx::query(sql)
        .bind(upload.town).bind(upload.id).bind(upload.account).bind(sealed).bind(upload.village)
        .execute(c).await.map(|_| ()))
}

/// Destroys the rows of an upload that was imported, but for those that were not taken (sealed); these and what
/// it came to stay until it expires. False where somebody else was faster.
pub async fn finish(
    tx: &mut Tx,
    town: i64,
    id: Uuid,
    result: &str,
    left: Option<Vec<u8>>,
) -> db::Result<bool> {
    let sql = "UPDATE register_upload SET sealed = $4, result = $3 \
               WHERE town = $1 AND id = $2 AND result IS NULL";
    let done = on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(result).bind(left).execute(c).await.map(|done| done.rows_affected()))?;
    Ok(done == 1)
}

/// Destroys an account's own upload.
pub async fn discard(tx: &mut Tx, town: i64, account: i64, id: Uuid) -> db::Result<()> {
    let sql = "DELETE FROM register_upload WHERE town = $1 AND id = $2 AND account = $3";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(id).bind(account).execute(c).await.map(|_| ()))
}
