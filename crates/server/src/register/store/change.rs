//! Changing what stands in the register.

use base::{Day, Identity, Sex};
use db::{Rows, Tx, on_db};
use sqlx::QueryBuilder;

use super::super::model::{Listing, NewResident, Span, Turn, house_order, turned};
use super::follow::{self, Followed, Renewed};
use super::known::KnownResident;
use super::load::{sex_key, spaced};
use super::one::spans;
use crate::audit::Changes;
use crate::history::{self, Deed};
use crate::playbook::Playbook;
use crate::rounds::{self, Relisted, Spell, Turned};
use crate::vault::Vault;

/// What may be done to a value that is not shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Hidden<T> {
    Keep,
    Remove,
    Put(T),
}

impl<T> Hidden<T> {
    /// What takes the value's place, or that nothing does; none where it is kept.
    pub fn change(&self) -> Option<Option<&T>> {
        match self {
            Hidden::Keep => None,
            Hidden::Remove => Some(None),
            Hidden::Put(value) => Some(Some(value)),
        }
    }
}

/// What a household is called and where it is reached.
#[derive(Clone, Debug)]
pub struct Facts {
    pub house_number: String,
    pub head: String,
    pub address: String,
    pub phone: Hidden<String>,
    pub tags: Vec<String>,
}

/// Puts down what a household is called and where it is reached.
pub async fn put_facts(tx: &mut Tx, vault: &Vault, town: i64, id: i64, facts: &Facts) -> db::Result<()> {
    let sql = "UPDATE household SET house_number = $3, house_order = $4, head = $5, initials = $6, \
               address = $7, tags = $8 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(&facts.house_number).bind(house_order(&facts.house_number))
        .bind(&facts.head).bind(base::initials(&facts.head)).bind(&facts.address)
        .bind(spaced(&facts.tags))
        .execute(c).await.map(|_| ()))?;
    let sql = "UPDATE household SET phone_sealed = $3, phone_index = $4 WHERE town = $1 AND id = $2";
    put_hidden(tx, vault, sql, town, id, &facts.phone).await
}

async fn put_hidden(
    tx: &mut Tx,
    vault: &Vault,
    sql: &'static str,
    town: i64,
    id: i64,
    value: &Hidden<String>,
) -> db::Result<()> {
    let value = match value {
        Hidden::Keep => return Ok(()),
        Hidden::Remove => None,
        Hidden::Put(value) => Some(value),
    };
    let (sealed, index) = (value.map(|v| vault.seal(v)), value.map(|v| vault.index(v)));
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(sealed).bind(index).execute(c).await.map(|_| ()))
}

/// Where somebody is who is away, and since when, as far as it is known.
pub type Away = (String, Option<Day>);

/// What a resident's form tells.
#[derive(Clone, Debug)]
pub struct Particulars {
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    pub identity: Hidden<Identity>,
    pub phone: Hidden<String>,
    pub relation: String,
    pub lodging: bool,
    pub away: Option<Away>,
    pub key_person: Option<Listing>,
}

impl Particulars {
    /// The resident, where it is a new one.
    pub fn into_new(self) -> NewResident {
        fn put<T>(hidden: Hidden<T>) -> Option<T> {
            if let Hidden::Put(value) = hidden { Some(value) } else { None }
        }
        NewResident {
            name: self.name,
            sex: self.sex,
            birth: self.birth,
            identity: put(self.identity),
            phone: put(self.phone),
            relation: self.relation,
            lodging: self.lodging,
            away: self.away,
            key_person: self.key_person,
        }
    }
}

/// Puts down what is known of a resident.
pub async fn put_particulars(
    tx: &mut Tx,
    vault: &Vault,
    town: i64,
    id: i64,
    new: &Particulars,
) -> db::Result<()> {
    let sql = "UPDATE resident SET name = $3, initials = $4, sex = $5, birth_day = $6, relation = $7, \
               registration = $8 WHERE town = $1 AND id = $2";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(&new.name).bind(base::initials(&new.name))
        .bind(new.sex.map(sex_key)).bind(new.birth.map(Day::number)).bind(&new.relation)
        .bind(if new.lodging { "lodging" } else { "registered" })
        .execute(c).await.map(|_| ()))?;
    put_presence(tx, town, id, new.away.as_ref()).await?;
    let sql = "UPDATE resident SET phone_sealed = $3, phone_index = $4 WHERE town = $1 AND id = $2";
    put_hidden(tx, vault, sql, town, id, &new.phone).await?;
    let sql = "UPDATE resident SET identity_sealed = $3, identity_index = $4 WHERE town = $1 AND id = $2";
    let identity = match &new.identity {
        Hidden::Keep => Hidden::Keep,
        Hidden::Remove => Hidden::Remove,
        Hidden::Put(identity) => Hidden::Put(identity.as_str().to_owned()),
    };
    put_hidden(tx, vault, sql, town, id, &identity).await
}

/// Puts down where a resident is, by other knowledge than a day's checks: none that is taken back
/// brings back what stood before.
async fn put_presence(tx: &mut Tx, town: i64, id: i64, away: Option<&Away>) -> db::Result<()> {
    let sql = "UPDATE resident SET presence = $3, presence_since = $4, whereabouts = $5, told_day = NULL \
               WHERE town = $1 AND id = $2";
    let (place, since) = away.map_or(("", None), |(place, since)| (place.as_str(), *since));
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(id).bind(if away.is_some() { "away" } else { "present" })
        .bind(since.map(Day::number)).bind(place)
        .execute(c).await.map(|_| ()))
}

/// What a list says of a resident otherwise than the register does; what it does not say is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Correction {
    pub was: KnownResident,
    pub name: Option<String>,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    pub identity: Option<Identity>,
    pub phone: Option<String>,
    pub relation: Option<String>,
    pub lodging: Option<bool>,
    /// Where somebody is; at home for none within.
    pub away: Option<Option<Away>>,
}

impl Correction {
    /// For the audit trail, with what of the household followed.
    pub fn changes<'a>(&self, vault: &'a Vault, followed: Followed) -> Changes<'a> {
        let was = &self.was;
        let text = |day: Option<Day>| day.map(|day| day.to_string());
        let birth = was.birth_day.and_then(Day::from_number);
        let identity = self.identity.as_ref().map(|new| Some(new.as_str()));
        let sex = self.sex.map(sex_key).or(was.sex.as_deref());
        let lodging = was.registration == "lodging";
        let (away, now) = (was.away(), self.away.clone().unwrap_or_else(|| was.away()));
        let (was_place, was_since) = away.clone().unwrap_or_default();
        let (place, since) = now.clone().unwrap_or_default();
        Changes::new(vault)
            .secret("name", Some(&was.name), Some(self.name.as_ref().unwrap_or(&was.name)))
            .secret("birth", text(birth).as_deref(), text(self.birth.or(birth)).as_deref())
            .secret("relation", Some(&was.relation), Some(self.relation.as_ref().unwrap_or(&was.relation)))
            .hidden("identity", None, identity)
            .hidden("phone", was.phone_sealed.as_deref(), self.phone.as_deref().map(Some))
            .plain("sex", was.sex.as_deref(), sex)
            .plain("lodging", lodging, self.lodging.unwrap_or(lodging))
            .plain("away", away.is_some(), now.is_some())
            .plain("since", was_since, since)
            .secret("whereabouts", Some(&was_place), Some(&place))
            .plain("head_follows", false, followed.head)
            .plain("household_phone_follows", false, followed.phone)
    }
}

/// Puts down what a list says otherwise. A household that is called by the person's name or number
/// follows.
pub async fn put_corrected(tx: &mut Tx, vault: &Vault, town: i64, new: &Correction) -> db::Result<Followed> {
    put_correction(tx, vault, town, new).await?;
    let was = (&*new.was.name, new.was.phone_sealed.as_deref());
    let renewed = Renewed { was, name: new.name.as_deref(), phone: new.phone.as_deref() };
    follow::household(tx, vault, (town, new.was.household), &renewed).await
}

async fn put_correction(tx: &mut Tx, vault: &Vault, town: i64, new: &Correction) -> db::Result<()> {
    let sql = "UPDATE resident SET name = COALESCE($3, name), initials = COALESCE($4, initials), \
               sex = COALESCE($5, sex), birth_day = COALESCE($6, birth_day), \
               identity_sealed = COALESCE($7, identity_sealed), identity_index = COALESCE($8, identity_index), \
               phone_sealed = COALESCE($9, phone_sealed), phone_index = COALESCE($10, phone_index), \
               relation = COALESCE($11, relation), registration = COALESCE($12, registration) \
               WHERE town = $1 AND id = $2";
    let identity = new.identity.as_ref().map(Identity::as_str);
    let lodging = new.lodging.map(|lodging| if lodging { "lodging" } else { "registered" });
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(new.was.id).bind(&new.name).bind(new.name.as_deref().map(base::initials))
        .bind(new.sex.map(sex_key)).bind(new.birth.map(Day::number))
        .bind(identity.map(|value| vault.seal(value))).bind(identity.map(|value| vault.index(value)))
        .bind(new.phone.as_ref().map(|value| vault.seal(value)))
        .bind(new.phone.as_ref().map(|value| vault.index(value)))
        .bind(&new.relation).bind(lodging)
        .execute(c).await.map(|_| ()))?;
    match &new.away {
        Some(away) => put_presence(tx, town, new.was.id, away.as_ref()).await,
        None => Ok(()),
    }
}

/// A resident who is listed as a key person, or no longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Relisting {
    pub household: i64,
    pub resident: i64,
    pub before: Option<Listing>,
    pub after: Option<Listing>,
}

/// Puts down who is listed as a key person in a town that is [held](Tx::hold); the figures of the
/// days follow.
pub async fn put_listings(
    tx: &mut Tx,
    playbook: &Playbook,
    town: i64,
    listings: &[Relisting],
) -> db::Result<()> {
    let sql = "WITH listed(id_, town_, from_, until_, reason_) AS ({rows}) \
               UPDATE resident SET key_from = from_, key_until = until_, key_reason = reason_ \
               FROM listed WHERE resident.town = listed.town_ AND resident.id = listed.id_";
    let rows = Rows::of(listings).big(|l| l.resident).big(|_| town);
    let rows = rows.int(|l| l.after.as_ref().map(|(from, ..)| from.number()));
    let rows = rows.int(|l| l.after.as_ref().and_then(|(_, until, _)| until.map(Day::number)));
    rows.text(|l| l.after.as_ref().map(|(.., reason)| &**reason)).execute(tx, sql).await?;
    let days = |listing: &Option<Listing>| listing.as_ref().map(|(from, until, _)| (*from, *until));
    let relisted = listings.iter().map(|listing| Relisted {
        household: listing.household,
        before: days(&listing.before),
        after: days(&listing.after),
    });
    rounds::key_persons_changed(tx, playbook, town, &relisted.collect::<Vec<_>>()).await
}

/// The resident of a town who has this identity number, if another than `except`.
pub async fn holder(
    tx: &mut Tx,
    vault: &Vault,
    town: i64,
    identity: &Identity,
    except: i64,
) -> db::Result<Option<i64>> {
    on_db!(tx, c => {
        let mut sql = QueryBuilder::new("SELECT id FROM resident WHERE town = ");
        sql.push_bind(town).push(" AND id <> ").push_bind(except).push(" AND ");
        vault.push_is(&mut sql, "identity_index", identity.as_str());
        sql.push(" LIMIT 1");
        sql.build_query_scalar().fetch_optional(c).await
    })
}

/// Why a household did not turn.
#[derive(Debug, thiserror::Error)]
pub enum NotTurned {
    /// The message key that says what to do.
    #[error("refused: {0}")]
    Refused(&'static str),
    #[error(transparent)]
    Database(#[from] db::Error),
}

/// Moves, closes or opens a household again from the deed's day on; the round's figures follow.
pub async fn turn(
    tx: &mut Tx,
    vault: &Vault,
    deed: &Deed<'_>,
    household: i64,
    today: Day,
    turn: Turn,
) -> Result<(), NotTurned> {
    let (town, from) = (deed.town, deed.day);
    tx.hold(&[town].into()).await?;
    let stood = history::stands(tx, vault, town, [household], []).await?;
    let before = spans(tx, town, household).await?;
    let after = turned(&before, from, today, turn).map_err(NotTurned::Refused)?;
    put_spans(tx, town, household, &after).await?;
    history::changed(tx, vault, stood, deed).await?;
    if turn == Turn::Closed {
        end_contact(tx, town, household, from).await?;
    }
    let change = Turned { household, before: spells(&before), after: spells(&after) };
    Ok(rounds::register_changed(tx, town, &[change]).await?)
}

fn spells(spans: &[Span]) -> Vec<Spell> {
    let spell = |span: &Span| Spell {
        from: span.from,
        until: span.until,
        division: span.division,
        due: span.occupancy == super::super::model::Occupancy::LivedIn,
    };
    spans.iter().map(spell).collect()
}

/// Nobody answers for a household that is no more.
async fn end_contact(tx: &mut Tx, town: i64, household: i64, from: Day) -> db::Result<()> {
    let sql = "UPDATE stewardship SET until_day = CASE WHEN from_day > $3 THEN from_day ELSE $3 END \
               WHERE town = $1 AND level = 'household' AND node = $2 \
               AND (until_day IS NULL OR until_day > $3)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(town).bind(household).bind(from.number()).execute(c).await.map(|_| ()))
}

async fn put_spans(tx: &mut Tx, town: i64, household: i64, spans: &[Span]) -> db::Result<()> {
    let sql = "DELETE FROM household_span WHERE town = $1 AND household = $2";
    on_db!(tx, c => sqlx::query(sql).bind(town).bind(household).execute(c).await.map(|_| ()))?;
    let sql = "INSERT INTO household_span (town, household, from_day, until_day, division, occupancy) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    for span in spans {
        let until = span.until.map_or(99_991_231, Day::number);
        on_db!(tx, c => sqlx::query(sql)
            .bind(town).bind(household).bind(span.from.number()).bind(until)
            .bind(span.division.number()).bind(span.occupancy.key())
            .execute(c).await.map(|_| ()))?;
    }
    Ok(())
}
