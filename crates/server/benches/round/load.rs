//! A town of the wanted size, with a contact, an account and a token for every thirty households.

use std::path::Path;

use anyhow::{Context as _, Result};
use base::{Clock, Day, Division, Moment, TownTime};
use db::{Db, Rows, Tx, on_db};
use firebreak::access::Secret;
use firebreak::history::Deed;
use firebreak::register::{NewHousehold, NewResident, Occupancy};
use firebreak::stewards::{NewSteward, NewStewardship, Node};
use firebreak::vault::{Source, Vault};
use firebreak::{register, rounds, stewards};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _};

/// Households of one contact.
pub const LOAD: i64 = 30;
/// Every so many-th household has residents, for the detailed checks.
pub const WITH_RESIDENT: i64 = 30;
/// Towns take this many households at most, as towns do.
const TOWN_SIZE: i64 = 40_000;
/// Days whose checks may be entered: each household is checked once on each before any is checked
/// twice.
pub const DAYS: i64 = 14;

/// The loaded towns.
pub struct Towns {
    pub contacts: Vec<Contact>,
    pub reader: Secret,
    pub town: i64,
    pub today: Day,
    pub now: Moment,
}

/// A contact: his token, his town, and his first household; the first has a resident.
pub struct Contact {
    pub secret: Secret,
    pub town: i64,
    pub first: i64,
    pub resident: i64,
}

/// A fresh database on a server.
pub fn new_database(server: &str) -> Result<String> {
    let name = format!("bench_{}_{}", std::process::id(), Clock::System.now().0);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let mut admin = sqlx::PgConnection::connect(server).await?;
        admin.execute(AssertSqlSafe(format!("CREATE DATABASE {name}"))).await
    })?;
    let base = server.rsplit_once('/').map_or(server, |(base, _)| base);
    Ok(format!("{base}/{name}"))
}

pub async fn settle(url: &str, folder: &Path, size: i64) -> Result<Towns> {
    let db = Db::open(url).await?;
    let vault = Vault::unlock(Source::file(folder), &db).await?;
    let clock = Clock::System;
    let now = clock.now();
    let today = TownTime::new("Asia/Shanghai", "16:00")?.day(now);
    let mut towns = Towns { contacts: Vec::new(), reader: Secret::random(), town: 0, today, now };
    let mut left = size;
    for number in 0.. {
        let households = left.min(TOWN_SIZE);
        let town = Division::of_town(141_001_101 + number % 890 + number / 890 * 1_000).context("a town")?;
        settle_town(&db, &vault, &clock, &mut towns, town, households).await?;
        left -= households;
        if left == 0 {
            break;
        }
    }
    db.close().await;
    Ok(towns)
}

async fn settle_town(
    db: &Db,
    vault: &Vault,
    clock: &Clock,
    towns: &mut Towns,
    town: Division,
    households: i64,
) -> Result<()> {
    let from = towns.today.plus(1 - i32::try_from(DAYS)?);
    let mut tx = db.write().await?;
    run(&mut tx, &operation(town, from)).await?;
    let group = |contact: i64| {
        // Thirty streets to a village, about as villages are.
        let village = town.child(200 + contact / 30).context("a village")?;
        village.child(1 + contact % 30).context("a group")
    };
    // Whole loads only: the last few households have no contact.
    let contacts = households / LOAD;
    let mut new = Vec::new();
    for household in 0..households {
        new.push(household_of(group(household / LOAD)?, household));
    }
    let deed = Deed::of_program(town.town(), from, clock.now());
    let ids = register::load::insert(&mut tx, vault, &deed, &new).await?;
    open_days(&mut tx, towns, town).await?;
    let mut people = Vec::new();
    for contact in 0..contacts {
        people.push(NewSteward {
            name: format!("包户{contact}"),
            phone: None,
            branch: String::new(),
            division: group(contact)?,
            account: Some(i64::try_from(towns.contacts.len()).unwrap_or(0) + contact + 1),
        });
    }
    let stewards = stewards::load::insert(&mut tx, vault, town.town(), &people).await?;
    let whole = usize::try_from(contacts * LOAD)?;
    let given = ids.iter().take(whole).enumerate().map(|(place, household)| NewStewardship {
        steward: stewards[place / usize::try_from(LOAD).unwrap_or(1)],
        node: Node::Household(*household),
        from,
    });
    let given = given.collect::<Vec<_>>();
    stewards::load::assign(&mut tx, clock, town.town(), stewards::load::Giver::default(), &given).await?;
    let first = i64::try_from(towns.contacts.len()).unwrap_or(0) + 1;
    let new: Vec<_> =
        (0..contacts).map(|contact| Ok((first + contact, group(contact)?))).collect::<Result<_>>()?;
    let secrets = sign_in(&mut tx, &new, "household-contact", towns.now).await?;
    for (contact, secret) in secrets.into_iter().enumerate() {
        let place = contact * usize::try_from(LOAD)?;
        let resident = i64::try_from(contact)? + 1;
        towns.contacts.push(Contact { secret, town: town.town(), first: ids[place], resident });
    }
    if towns.town == 0 {
        towns.town = town.number();
        let mut secrets = sign_in(&mut tx, &[(1_000_000_000, town)], "headquarters", towns.now).await?;
        towns.reader = secrets.pop().context("the reader's secret")?;
    }
    Ok(tx.commit().await?)
}

/// Opens the days whose checks may be entered, as the program would have done on each of them.
async fn open_days(tx: &mut Tx, towns: &Towns, town: Division) -> Result<()> {
    for day in 0..i32::try_from(DAYS)? {
        rounds::open_day(tx, town.town(), towns.today.plus(-day), towns.now).await?;
    }
    Ok(())
}

fn household_of(division: Division, number: i64) -> NewHousehold {
    let head = format!("户主{number}");
    let resident = NewResident {
        name: head.clone(),
        sex: None,
        birth: None,
        identity: None,
        phone: None,
        relation: "户主".to_owned(),
        lodging: false,
        away: None,
        key_person: None,
    };
    NewHousehold {
        division,
        house_number: format!("{number}号"),
        head,
        address: String::new(),
        phone: None,
        occupancy: Occupancy::LivedIn,
        tags: Vec::new(),
        residents: if number % WITH_RESIDENT == 0 { vec![resident] } else { Vec::new() },
    }
}

fn operation(town: Division, from: Day) -> String {
    format!(
        "INSERT INTO operation (town, name, started_day, demonstration) VALUES ({}, 'bench', {}, FALSE)",
        town.town(),
        from.number()
    )
}

/// Accounts with a role each, and a token for each of them.
async fn sign_in(tx: &mut Tx, new: &[(i64, Division)], role: &str, now: Moment) -> Result<Vec<Secret>> {
    let logins: Vec<_> = new.iter().map(|(id, _)| format!("bench{id}")).collect();
    let tokens: Vec<_> =
        new.iter().map(|_| Secret::random()).map(|secret| (secret.digest(), secret)).collect();
    let all: Vec<_> = new.iter().zip(&logins).zip(&tokens).collect();
    let sql = "INSERT INTO account (id, login, name, must_change, large_print, failures, created_at) {rows}";
    let rows =
        Rows::of(&all).big(|((new, _), _)| new.0).text(|((_, login), _)| login.as_str()).text(|_| "bench");
    rows.flag(|_| false).flag(|_| false).int(|_| 0).big(|_| 0).execute(tx, sql).await?;
    let sql = "INSERT INTO appointment (account, role, division) {rows}";
    let rows = Rows::of(&all).big(|((new, _), _)| new.0).text(|_| role).big(|((new, _), _)| new.1.number());
    rows.execute(tx, sql).await?;
    let sql = "INSERT INTO session (secret, account, kind, device, started_at, seen_at, expires_at) {rows}";
    let rows = Rows::of(&all).bytes(|(_, token)| token.0.as_slice()).big(|((new, _), _)| new.0);
    let rows = rows.text(|_| "token").text(|_| "bench").big(|_| now.0).big(|_| now.0);
    rows.big(|_| now.plus_minutes(24 * 60).0).execute(tx, sql).await?;
    Ok(tokens.into_iter().map(|(_, secret)| secret).collect())
}

async fn run(tx: &mut Tx, sql: &str) -> Result<()> {
    on_db!(tx, c => sqlx::query(AssertSqlSafe(sql)).execute(c).await.map(|_| ()))?;
    Ok(())
}
