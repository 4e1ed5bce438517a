//! The register as it is taken along: every resident with his household, in the order in which one
//! walks past the houses.

use base::{Day, Division};
use db::{Snapshot, on_db};
use sqlx::QueryBuilder;

use super::super::filter::Filter;
use super::list::{Key, here, push_contact, push_page};
use crate::access::Scope;
use crate::vault::Vault;

/// Households that are read at a time.
const HOUSEHOLDS: i64 = 2_000;

/// A resident with his household, or a household in which nobody is listed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct ExportRow {
    pub household: i64,
    pub division: i64,
    pub occupancy: String,
    pub house_number: String,
    pub house_order: String,
    pub head: String,
    pub address: String,
    pub house_phone: Option<Vec<u8>>,
    pub tags: String,
    /// The contact's name.
    pub contact: Option<String>,
    #[sqlx(flatten)]
    pub resident: Listed,
}

/// A resident; nothing of anybody where nobody is listed.
#[derive(Clone, Debug, sqlx::FromRow)]
pub struct Listed {
    pub name: Option<String>,
    pub sex: Option<String>,
    pub birth_day: Option<i32>,
    pub identity_sealed: Option<Vec<u8>>,
    pub phone_sealed: Option<Vec<u8>>,
    pub relation: Option<String>,
    pub registration: Option<String>,
    pub presence: Option<String>,
    pub presence_since: Option<i32>,
    pub whereabouts: Option<String>,
}

impl ExportRow {
    pub fn division(&self) -> Option<Division> {
        Division::from_number(self.division)
    }

    /// Where the next part begins.
    pub fn key(&self) -> Key {
        Key { division: self.division, house_order: self.house_order.clone(), id: self.household }
    }
}

/// The next households within scope that stand on a day in a division, whole; none where all were read.
pub async fn part(
    tx: &mut Snapshot,
    scope: &Scope,
    vault: &Vault,
    day: Day,
    under: Division,
    after: Option<&Key>,
) -> db::Result<Vec<ExportRow>> {
    let filter = Filter { under: Some(under), ..Filter::default() };
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("WITH s AS (");
        push_page(&mut sql, scope, vault, day, &filter, after);
        sql.push(" LIMIT ").push_bind(HOUSEHOLDS);
        sql.push(
            ") SELECT s.household, s.division, s.occupancy, h.house_number, s.house_order, h.head, h.address, \
             h.phone_sealed AS house_phone, h.tags, w.name AS contact, r.name, r.sex, r.birth_day, \
             r.identity_sealed, r.phone_sealed, r.relation, r.registration, r.presence, r.presence_since, \
             r.whereabouts FROM s JOIN household h ON h.town = s.town AND h.id = s.household \
             LEFT JOIN resident r ON r.town = s.town AND r.household = s.household AND ",
        );
        here(&mut sql, day);
        push_contact(&mut sql, day);
        sql.push(
            " LEFT JOIN steward w ON w.town = o.town AND w.id = o.steward \
             ORDER BY s.division, s.house_order, s.household, (r.relation <> '户主'), r.id",
        );
        sql.build_query_as().fetch_all(c).await
    })
}
