//! The stewards of a scope, and the accounts that stand for them.

use base::{Day, Role};
use db::{Snapshot, Tx, on_db};
use sqlx::{Database, Encode, QueryBuilder, Type};

use super::super::same::{Namesakes, Pair};
use super::ROWS;
use crate::access::{Scope, holds};
use crate::vault::Vault;

/// A steward, as accounts know one.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Steward {
    pub town: i64,
    pub steward: i64,
    pub name: String,
    pub phone_sealed: Option<Vec<u8>>,
    pub account: Option<i64>,
}

/// A steward without account, and one thing that he answers for: a level, with its division (his own
/// where it is a household).
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Without {
    #[sqlx(flatten)]
    pub who: Steward,
    pub level: String,
    pub division: i64,
}

/// Those within a scope who answer for something on a day; a steward has a row for each level and division.
pub async fn without_account(tx: &mut Snapshot, scope: &Scope, day: Day) -> db::Result<Vec<Without>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT DISTINCT s.town, s.id AS steward, s.name, s.phone_sealed, s.account, w.level, \
             CASE WHEN w.level = 'household' THEN s.division ELSE w.node END AS division \
             FROM steward s JOIN stewardship w ON w.town = s.town AND w.steward = s.id AND ",
        );
        holds(&mut sql, "w", day);
        sql.push(" WHERE s.account IS NULL AND ");
        scope.restrict_division(&mut sql, "s.division");
        sql.push(" AND NOT ");
        push_leads_outside(&mut sql, scope, "s");
        sql.push(" ORDER BY 1, 2, 6, 7");
        sql.build_query_as().fetch_all(c).await
    })
}

/// One steward who belongs to a division in scope and leads none outside.
pub async fn one(tx: &mut Snapshot, scope: &Scope, town: i64, id: i64) -> db::Result<Option<Steward>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT s.town, s.id AS steward, s.name, s.phone_sealed, s.account FROM steward s WHERE s.town = ",
        );
        sql.push_bind(town).push(" AND s.id = ").push_bind(id).push(" AND ");
        scope.restrict_division(&mut sql, "s.division");
        sql.push(" AND NOT ");
        push_leads_outside(&mut sql, scope, "s");
        sql.build_query_as().fetch_optional(c).await
    })
}

#[derive(sqlx::FromRow)]
struct NamesakeRow {
    town: i64,
    steward: i64,
    account: i64,
    steward_phone: Option<Vec<u8>>,
    account_phone: Option<Vec<u8>>,
    near: bool,
}

/// Stewards without account, with the open accounts of their name that work in their town and stand
/// for nobody there: within a scope, as every role of theirs is.
pub async fn namesakes(tx: &mut Snapshot, vault: &Vault, scope: &Scope) -> db::Result<Vec<Namesakes>> {
    let rows: Vec<NamesakeRow> = on_db!(tx, c => {
        let mut sql = QueryBuilder::new(
            "SELECT s.town, s.id AS steward, a.id AS account, s.phone_sealed AS steward_phone, \
             a.phone_sealed AS account_phone, EXISTS (SELECT 1 FROM appointment n WHERE n.account = a.id \
             AND n.division - n.division % 1000 = s.division - s.division % 1000) AS near \
             FROM steward s JOIN account a ON a.name = s.name \
             WHERE s.account IS NULL AND a.disabled_at IS NULL AND ",
        );
        scope.restrict_division(&mut sql, "s.division");
        sql.push(
            " AND EXISTS (SELECT 1 FROM appointment p WHERE p.account = a.id \
             AND p.division - p.division % 1000000 = s.town * 1000000 AND p.role IN (",
        );
        let mut roles = sql.separated(", ");
        ON_THE_GROUND.iter().for_each(|role| { roles.push_bind(role.key()); });
        sql.push(")) AND NOT ");
        push_leads_outside(&mut sql, scope, "s");
        sql.push(" AND ");
        push_within(&mut sql, scope);
        sql.push(" AND NOT EXISTS (SELECT 1 FROM steward j WHERE j.town = s.town AND j.account = a.id)");
        sql.push(" ORDER BY 1, 2, 3");
        sql.build_query_as().fetch_all(c).await
    })?;
    let open = |sealed: Option<&[u8]>| sealed.and_then(|sealed| vault.open(sealed));
    let namesakes = |row: NamesakeRow| Namesakes {
        steward: (row.town, row.steward),
        account: row.account,
        same_phone: open(row.steward_phone.as_deref())
            .zip(open(row.account_phone.as_deref()))
            .map(|(one, other)| one == other),
        near: row.near,
    };
    Ok(rows.into_iter().map(namesakes).collect())
}

/// The roles of those who may stand in a list of stewards.
const ON_THE_GROUND: [Role; 4] =
    [Role::HouseholdContact, Role::StreetLead, Role::VillageCadre, Role::TownCadre];

/// Joins stewards who have no account to theirs. Each is a contact where he belongs: it brings the
/// account to his town, and reaches what he answers for alone.
pub async fn join(tx: &mut Tx, pairs: &[Pair]) -> db::Result<()> {
    for part in pairs.chunks(ROWS) {
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("WITH made(town_, steward_, account_) AS (");
            sql.push_values(part, |mut row, ((town, steward), account)| {
                row.push_bind(*town).push_bind(*steward).push_bind(*account);
            });
            sql.push(
                ") UPDATE steward SET account = made.account_ FROM made \
                 WHERE steward.town = made.town_ AND steward.id = made.steward_ AND steward.account IS NULL",
            );
            sql.build().execute(c).await.map(|_| ())
        })?;
        on_db!(tx, c => {
            let mut sql = QueryBuilder::new("INSERT INTO appointment (account, role, division) SELECT account, ");
            sql.push_bind(Role::HouseholdContact.key()).push(", division FROM steward WHERE account IN (");
            let mut list = sql.separated(", ");
            part.iter().for_each(|(_, account)| { list.push_bind(*account); });
            sql.push(") ON CONFLICT DO NOTHING");
            sql.build().execute(c).await.map(|_| ())
        })?;
    }
    Ok(())
}

/// Takes the account of a steward away.
pub async fn part(tx: &mut Tx, town: i64, id: i64) -> db::Result<()> {
    let sql = "UPDATE steward SET account = NULL WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(id).execute(c).await.map(|_| ()))
}

/// Adds that the steward `alias` answers, today or later, for a division outside a scope.
pub fn push_leads_outside<DB>(sql: &mut QueryBuilder<DB>, scope: &Scope, alias: &str)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push(format_args!(
        "EXISTS (SELECT 1 FROM stewardship l WHERE l.town = {alias}.town AND l.steward = {alias}.id \
         AND l.level IN ('group', 'village', 'town') AND (l.until_day IS NULL OR l.until_day > "
    ));
    sql.push_bind(scope.today().number()).push(") AND NOT ");
    scope.restrict_division(sql, "l.node");
    sql.push(")");
}

/// Adds that everything the account `a` holds lies in a scope: its roles, and the posts of the
/// stewards it stands for. A post outside makes it another administrator's, as a role does.
pub fn push_within<DB>(sql: &mut QueryBuilder<DB>, scope: &Scope)
where
    DB: Database,
    i64: for<'q> Encode<'q, DB> + Type<DB>,
    i32: for<'q> Encode<'q, DB> + Type<DB>,
{
    sql.push("NOT EXISTS (SELECT 1 FROM appointment o WHERE o.account = a.id AND NOT ");
    scope.restrict_division(sql, "o.division");
    sql.push(
        ") AND NOT EXISTS (SELECT 1 FROM appointment o JOIN steward f ON f.town = o.division / 1000000 \
         AND f.account = o.account WHERE o.account = a.id AND ",
    );
    push_leads_outside(sql, scope, "f");
    sql.push(")");
}
