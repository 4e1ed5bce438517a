//! Sessions, and the person behind one.

use base::{Day, Division, Moment, Role};
use db::{Db, Rows, Snapshot, Tx, on_db};

use super::{Capacity, Idle, Person, Secret, posts};

/// What holds a session's secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Browser,
    Token,
}

impl Kind {
    fn key(self) -> &'static str {
        match self {
            Kind::Browser => "browser",
            Kind::Token => "token",
        }
    }

    /// The kind of a stored word.
    pub fn of_key(key: &str) -> Kind {
        if key == "token" { Kind::Token } else { Kind::Browser }
    }
}

/// How long a session lasts unused, and a token at all.
const BROWSER_DAYS: i64 = 14;
const TOKEN_DAYS: i64 = 365;

/// Starts a session for an account and gives its secret, which is not kept.
pub async fn start_session(
    tx: &mut Tx,
    account: i64,
    kind: Kind,
    device: &str,
    now: Moment,
) -> db::Result<Secret> {
    let secret = Secret::random();
    let days = if kind == Kind::Browser { BROWSER_DAYS } else { TOKEN_DAYS };
    let sql = "INSERT INTO session (secret, account, kind, device, started_at, seen_at, expires_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(secret.digest().to_vec()).bind(account).bind(kind.key()).bind(device)
        .bind(now.0).bind(now.0).bind(now.plus_minutes(days * 24 * 60).0)
        .execute(c).await.map(|_| ()))?;
    Ok(secret)
}

/// Ends a session: its secret opens nothing any more.
pub async fn end_session(tx: &mut Tx, secret: &Secret) -> db::Result<()> {
    let sql = "DELETE FROM session WHERE secret = $1";
    on_db!(tx, c => sqlx::query(sql).bind(secret.digest().to_vec()).execute(c).await.map(|_| ()))
}

/// The account whose browser session, over by now, had this digest.
pub(super) async fn former(db: &Db, digest: &[u8; 32]) -> db::Result<Option<i64>> {
    let mut tx = db.read().await?;
    let sql = "SELECT account FROM session WHERE secret = $1 AND kind = 'browser'";
    on_db!(tx, c => sqlx::query_scalar(sql).bind(digest.to_vec()).fetch_optional(c).await)
}

/// Writes down when sessions were used, which keeps a browser's from running out. One that is over
/// by `now` is not brought back: it may have been ended since it was used.
pub(super) async fn seen(db: &Db, used: &[([u8; 32], Moment)], now: Moment) -> db::Result<()> {
    let sql = "WITH used(secret_, seen_, until_, now_) AS ({rows}) \
               UPDATE session SET seen_at = used.seen_, \
               expires_at = CASE WHEN kind = 'browser' THEN used.until_ ELSE expires_at END \
               FROM used WHERE session.secret = used.secret_ AND session.seen_at < used.seen_ \
               AND session.expires_at > used.now_";
    let until = |at: Moment| at.plus_minutes(BROWSER_DAYS * 24 * 60).0;
    let mut tx = db.write().await?;
    let rows = Rows::of(used).bytes(|(secret, _)| secret.as_slice());
    rows.big(|(_, at)| at.0).big(|(_, at)| until(*at)).big(move |_| now.0).execute(&mut tx, sql).await?;
    tx.commit().await
}

#[derive(sqlx::FromRow)]
struct AccountRow {
    id: i64,
    login: String,
    name: String,
    language: Option<String>,
    large_print: bool,
    must_change: bool,
    has_pin: bool,
    kind: String,
    seen_at: i64,
}

/// The person whose session or token has this digest, and when it was last used (`used`, where that
/// is not written down yet); nothing when it is over or the account is disabled.
pub(super) async fn person_behind(
    db: &Db,
    digest: &[u8; 32],
    now: Moment,
    today: Day,
    idle: Idle,
    used: Option<Moment>,
) -> db::Result<Option<(Person, Moment)>> {
    let mut tx = db.read().await?;
    let sql = "SELECT a.id, a.login, a.name, a.language, a.large_print, a.must_change, \
               a.pin IS NOT NULL AS has_pin, s.kind, s.seen_at \
               FROM session s JOIN account a ON a.id = s.account \
               WHERE s.secret = $1 AND s.expires_at > $2 AND a.disabled_at IS NULL";
    let found: Option<AccountRow> = on_db!(tx, c => sqlx::query_as(sql)
        .bind(digest.to_vec()).bind(now.0).fetch_optional(c).await)?;
    let Some(account) = found else { return Ok(None) };
    let (appointments, stewards) = held(&mut tx, account.id, today).await?;
    let (kind, written) = (Kind::of_key(&account.kind), Moment(account.seen_at));
    let seen = used.map_or(written, |used| used.max(written));
    let locked = kind == Kind::Browser && idle.is_over(&appointments, seen, now);
    let AccountRow { id, login, name, language, large_print, must_change, has_pin, .. } = account;
    let person = Person {
        account: id,
        login,
        name,
        language,
        large_print,
        must_change,
        capacity: Capacity::of(&appointments, &stewards),
        appointments,
        stewards,
        today,
        has_pin,
        session: *digest,
        kind,
        locked,
    };
    Ok(Some((person, seen)))
}

/// What an account holds on a day, and the stewards it is or stands in for.
type Held = (Vec<(Role, Division)>, Vec<(i64, i64)>);

async fn held(tx: &mut Snapshot, account: i64, today: Day) -> db::Result<Held> {
    let mut appointments = appointments(tx, account).await?;
    let places = appointments.iter().map(|(_, division)| *division);
    let mut stewards = Vec::new();
    for post in posts(tx, &[account], places, today).await? {
        post.add_to(&mut appointments);
        if !stewards.contains(&post.steward) {
            stewards.push(post.steward);
        }
    }
    Ok((appointments, stewards))
}

/// In which capacity an account acts on a day: for who is on his way in, and no [`Person`] yet.
pub async fn capacity(tx: &mut Snapshot, account: i64, today: Day) -> db::Result<Capacity> {
    let (appointments, stewards) = held(tx, account, today).await?;
    Ok(Capacity::of(&appointments, &stewards))
}

async fn appointments(tx: &mut Snapshot, account: i64) -> db::Result<Vec<(Role, Division)>> {
    let sql = "SELECT role, division FROM appointment WHERE account = $1 ORDER BY role, division";
    let rows: Vec<(String, i64)> = on_db!(tx, c => sqlx::query_as(sql).bind(account).fetch_all(c).await)?;
    let known =
        |(role, division): (String, i64)| Some((role.parse().ok()?, Division::from_number(division)?));
    Ok(rows.into_iter().filter_map(known).collect())
}
