//! The rows of the small town.

use base::{Day, Division, Moment, Role};
use db::{Db, Tx, on_db};

use crate::accounts::{self, New};

/// The town of the tests: Xiangling's code, with made-up people.
#[expect(non_snake_case, reason = "a constant in all but name: made from its code")]
pub fn TOWN() -> Division {
    Division::from_code("141023105").expect("a town")
}

/// The first or second village.
pub fn village(n: i64) -> Division {
    TOWN().child(199 + n).expect("a village")
}

const HOUSEHOLDS_PER_GROUP: i64 = 3;
const STARTED: i32 = 20_200_125;
/// The register is older than the operation.
const LISTED: i32 = 20_200_101;

/// Settles the town: households 1 to 12 in order of their groups, two residents each (numbers
/// 2h - 1 and 2h), one contact per group (number 1 to 4), leads and cadres.
pub async fn settle(db: &Db) {
    let mut tx = db.write().await.expect("a transaction");
    division(&mut tx, TOWN(), "襄陵镇").await;
    operation(&mut tx).await;
    let (mut household, mut contact) = (0, 0);
    for v in 1..=2 {
        division(&mut tx, village(v), if v == 1 { "东街村民委员会" } else { "北街村民委员会" }).await;
        for g in 1..=2 {
            let group = village(v).child(g).expect("a group");
            division(&mut tx, group, if g == 1 { "一组" } else { "二组" }).await;
            contact += 1;
            steward(&mut tx, contact, group).await;
            for _ in 0..HOUSEHOLDS_PER_GROUP {
                household += 1;
                add_household(&mut tx, household, group).await;
                stewardship(&mut tx, "household", household, contact).await;
            }
        }
    }
    // The numbers that were given out above are taken.
    for (kind, next) in
        [("household", household + 1), ("resident", 2 * household + 1), ("steward", contact + 1)]
    {
        let sql = "INSERT INTO counter (town, kind, next) VALUES ($1, $2, $3)";
        run(&mut tx, sql, &[Number(TOWN().town()), Text(kind), Number(next)]).await;
    }
    tx.commit().await.expect("a commit");
}

async fn run(tx: &mut Tx, sql: &'static str, values: &[Value<'_>]) {
    on_db!(tx, c => {
        let mut query = sqlx::query(sql);
        for value in values {
            query = match *value {
                Value::Number(number) => query.bind(number),
                Value::Day(day) => query.bind(day),
                Value::Text(text) => query.bind(text),
            };
        }
        query.execute(c).await.map(|_| ())
    })
    .expect("a row of the small town");
}

enum Value<'a> {
    Number(i64),
    Day(i32),
    Text(&'a str),
}

use Value::{Number, Text};

async fn division(tx: &mut Tx, division: Division, name: &str) {
    let sql = "INSERT INTO division (code, name, initials, from_day) VALUES ($1, $2, $3, $4)";
    let initials = base::initials(name);
    run(tx, sql, &[Number(division.number()), Text(name), Text(&initials), Value::Day(20_200_101)]).await;
}

async fn operation(tx: &mut Tx) {
    let sql = "INSERT INTO operation (town, name, started_day, demonstration) \
               VALUES ($1, '襄陵镇', $2, FALSE)";
    run(tx, sql, &[Number(TOWN().town()), Value::Day(STARTED)]).await;
}

async fn steward(tx: &mut Tx, id: i64, group: Division) {
    let sql = "INSERT INTO steward (town, id, name, initials, branch, division) \
               VALUES ($1, $2, $3, 'bh', '第一支部', $4)";
    let name = format!("包户{id}");
    run(tx, sql, &[Number(group.town()), Number(id), Text(&name), Number(group.number())]).await;
}

async fn stewardship(tx: &mut Tx, level: &str, node: i64, steward: i64) {
    let id = uuid::Uuid::from_u128(u128::try_from(node).expect("a node"));
    let sql = "INSERT INTO stewardship (town, id, level, node, steward, from_day, given_at) \
               VALUES ($1, $2, $3, $4, $5, $6, 0)";
    on_db!(tx, c => sqlx::query(sql)
        .bind(TOWN().town()).bind(id).bind(level).bind(node).bind(steward).bind(STARTED)
        .execute(c).await.map(|_| ()))
    .expect("a stewardship");
}

async fn add_household(tx: &mut Tx, id: i64, group: Division) {
    let town = group.town();
    let number = format!("{id}号");
    let order = crate::register::house_order(&number);
    let head = format!("户主{id}");
    let sql = "INSERT INTO household (town, id, house_number, house_order, head, initials, address, tags, \
               listed_day) VALUES ($1, $2, $3, $4, $5, 'hz', '', ' ', $6)";
    let values = [Number(town), Number(id), Text(&number), Text(&order), Text(&head), Value::Day(LISTED)];
    run(tx, sql, &values).await;
    let sql = "INSERT INTO household_span (town, household, from_day, division, occupancy) \
               VALUES ($1, $2, $3, $4, 'lived-in')";
    run(tx, sql, &[Number(town), Number(id), Value::Day(LISTED), Number(group.number())]).await;
    for (resident, relation) in [(2 * id - 1, "户主"), (2 * id, "配偶")] {
        let name = format!("居民{resident}");
        let sql = "INSERT INTO resident (town, id, household, name, initials, relation, registration, \
                   presence, whereabouts) VALUES ($1, $2, $3, $4, 'jm', $5, 'registered', 'present', '')";
        run(tx, sql, &[Number(town), Number(resident), Number(id), Text(&name), Text(relation)]).await;
    }
}

/// A new account with one role.
pub async fn account(db: &Db, role: Role, division: Division) -> i64 {
    let mut tx = db.write().await.expect("a transaction");
    let sql = "SELECT CAST(COALESCE(MAX(id), 0) + 1 AS BIGINT) FROM account";
    let number: i64 = on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).expect("a number");
    let login = format!("{role}{number}");
    let new = New { login: &login, name: &login, phone_sealed: None, roles: &[(role, division)] };
    let id = accounts::create(&mut tx, &new, Moment(0)).await.expect("an account");
    tx.commit().await.expect("a commit");
    id
}

/// Makes an account that of the contact of a group.
pub async fn give_account(db: &Db, group: Division, account: i64) {
    let mut tx = db.write().await.expect("a transaction");
    let sql = "UPDATE steward SET account = $1 WHERE town = $2 AND division = $3";
    run(&mut tx, sql, &[Number(account), Number(group.town()), Number(group.number())]).await;
    tx.commit().await.expect("a commit");
}

/// Lists a resident as a key person from a day on.
pub async fn list_key_person(db: &Db, resident: i64, from: Day) {
    let mut tx = db.write().await.expect("a transaction");
    let sql = "UPDATE resident SET key_from = $1 WHERE town = $2 AND id = $3";
    run(&mut tx, sql, &[Value::Day(from.number()), Number(TOWN().town()), Number(resident)]).await;
    tx.commit().await.expect("a commit");
}
