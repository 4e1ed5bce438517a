//! The vault of a small town: its key is checked, changed while people work, and never stands in the
//! database.

mod check;
mod leak;
mod rotation;

use base::Identity;
use db::{Db, Tx, on_db};

use super::*;
use crate::accounts::{self, Code};
use crate::history::Deed;
use crate::register::{NewHousehold, NewResident, Occupancy};
use crate::testing::{MORNING, TOWN, TestApp, village};
use crate::{audit, register, stewards};

#[test]
fn a_phone_number_is_masked_in_its_middle() {
    assert_eq!(masked_phone("12912345678"), "129****5678");
    assert_eq!(masked_phone("035712345678"), "035*****5678");
}

#[test]
fn a_short_phone_number_is_hidden_but_for_its_end() {
    assert_eq!(masked_phone("3620001"), "*****01");
    assert_eq!(masked_phone("36200012"), "******12");
    assert_eq!(masked_phone("0362000123"), "********23");
    assert_eq!(masked_phone("110"), "**0");
    assert_eq!(masked_phone(""), "");
}

/// A phone number that nobody has.
fn phone(n: usize) -> String {
    format!("1290000{n:04}")
}

/// An identity number of the sequence 000, which nobody has.
fn identity(n: usize) -> Identity {
    let body = format!("14102319{:02}{:02}{:02}000", 50 + n / 336, 1 + n / 28 % 12, 1 + n % 28);
    let fits = |digit| Some(Identity::parse(&format!("{body}{digit}")).ok()?.0);
    "0123456789X".chars().find_map(fits).expect("a check digit")
}

fn person(n: usize) -> NewResident {
    NewResident {
        name: format!("张{n}"),
        sex: None,
        birth: None,
        identity: Some(identity(n)),
        phone: Some(phone(n)),
        relation: "户主".into(),
        lodging: false,
        away: None,
        key_person: None,
    }
}

/// Households of one person each, whose numbers are all made of the same n.
async fn settle(tx: &mut Tx, vault: &Vault, people: std::ops::Range<usize>) -> Vec<i64> {
    let household = |n: usize| NewHousehold {
        division: village(1).child(1).expect("a group"),
        house_number: format!("{}号", 100 + n),
        head: format!("张{n}"),
        address: String::new(),
        phone: Some(phone(n)),
        occupancy: Occupancy::LivedIn,
        tags: Vec::new(),
        residents: vec![person(n)],
    };
    let day = base::Day::new(2020, 2, 1).expect("a day");
    let new: Vec<_> = people.map(household).collect();
    let deed = Deed::of_program(TOWN().town(), day, MORNING);
    register::load::insert(tx, vault, &deed, &new).await.expect("households")
}

/// Something in every place that holds sealed values; the code of a slip.
async fn fill(app: &TestApp) -> Code {
    let (site, account) = (&app.app.site, app.headquarters().await.account);
    audit::link(site, audit::Since::Ever).await.expect("a key of the chain");
    let mut tx = app.test.db.write().await.expect("a transaction");
    settle(&mut tx, &site.vault, 0..1_200).await;
    let new = stewards::NewSteward {
        name: "包户".into(),
        phone: Some(phone(2_000)),
        branch: String::new(),
        division: village(1),
        account: None,
    };
    stewards::load::insert(&mut tx, &site.vault, TOWN().town(), &[new]).await.expect("a steward");
    let sql = "UPDATE account SET phone_sealed = $1 WHERE id = $2";
    let sealed = site.vault.seal(&phone(2_001));
    on_db!(tx, c => sqlx::query(sql).bind(sealed).bind(account).execute(c).await.map(|_| ()))
        .expect("a phone");
    let sql = "INSERT INTO register_upload (town, id, account, file_name, sealed, uploaded_at, expires_at) \
               VALUES ($1, $2, $3, 'list.xlsx', $4, 0, 9999999999999)";
    let (id, sealed) = (site.clock.new_id(), site.vault.seal_bytes(b"\xff rows"));
    on_db!(tx, c => sqlx::query(sql).bind(TOWN().town()).bind(id).bind(account).bind(sealed)
        .execute(c).await.map(|_| ()))
    .expect("an upload");
    let sql = "INSERT INTO register_change (town, n, household, from_day, entered_at, kind, source, roles, sealed) \
               VALUES ($1, 999999, 1, 20200203, 0, 'corrected', 'form', '', $2)";
    let sealed = site.vault.seal("{}");
    on_db!(tx, c => sqlx::query(sql).bind(TOWN().town()).bind(sealed).execute(c).await.map(|_| ()))
        .expect("a change");
    let sql = "INSERT INTO doubles (town, id, sealed, pair, verdict, by_number, account, decided_at) \
               VALUES ($1, 1, $2, $3, 'two', FALSE, $4, 0)";
    let (sealed, pair) =
        (site.vault.seal("resident 1 | resident 2"), site.vault.index("resident 1 | resident 2"));
    on_db!(tx, c => sqlx::query(sql).bind(TOWN().town()).bind(sealed).bind(pair).bind(account)
        .execute(c).await.map(|_| ()))
    .expect("a decision");
    let sql = "INSERT INTO rights_request (town, id, household, resident, division, kind, state, wish_sealed, \
               answer_sealed, due_day, notice, received_by, received_at) VALUES ($1, $2, 1, 1, \
               141023105200001, 'access', 'answered', $3, $3, 20200224, 1, $4, 1)";
    let (id, sealed) = (site.clock.new_id(), site.vault.seal("a wish"));
    on_db!(tx, c => sqlx::query(sql).bind(TOWN().town()).bind(id).bind(sealed).bind(account)
        .execute(c).await.map(|_| ()))
    .expect("a request");
    let code = accounts::make_slip(&mut tx, &site.vault, account, MORNING).await.expect("a slip");
    tx.commit().await.expect("a commit");
    code
}

/// How many values are sealed with another key than the newest, of all places.
async fn behind(vault: &Vault, db: &Db) -> Vec<i64> {
    let (mut tx, mut counts) = (db.read().await.expect("a snapshot"), Vec::new());
    for place in places::PLACES {
        counts.push(place.count(&mut tx, vault.ring().newest()).await.expect("a count"));
    }
    counts
}

/// How many values there are, of all places.
async fn all(db: &Db) -> Vec<i64> {
    behind(&Vault::new([0xee; 32]), db).await
}

async fn run(db: &Db, sql: &'static str) {
    let mut tx = db.write().await.expect("a transaction");
    on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).expect(sql);
    tx.commit().await.expect("a commit");
}
