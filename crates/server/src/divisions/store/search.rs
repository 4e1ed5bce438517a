//! Finding divisions by name, by the initials of its pinyin, or by code.

use base::{Day, Division, Level};
use db::{Snapshot, on_db};

use super::Row;

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::divisions) struct Sought {
    text: String,
    column: Column,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    Name,
    Initials,
}

impl Sought {
    /// What was typed; nothing where it holds neither a letter nor a digit.
    pub(in crate::divisions) fn typed(text: &str) -> Option<Sought> {
        let text = base::fold_width(text).to_lowercase();
        let column = if text.is_ascii() { Column::Initials } else { Column::Name };
        text.contains(char::is_alphanumeric).then_some(Sought { text, column })
    }
}

/// Divisions that a search gives at most.
const MOST: usize = 50;

/// Divisions within a root whose name begins with what is sought, the shortest first; then, below
/// a county, those that hold it further on. A whole code finds its division.
pub(in crate::divisions) async fn search(
    tx: &mut Snapshot,
    root: Division,
    sought: &Sought,
    day: Day,
) -> db::Result<Vec<Row>> {
    let mut found = Vec::new();
    if let Some(division) = Division::from_code(&sought.text).filter(|division| root.contains(*division)) {
        found.extend(super::on_day(tx, division, day).await?);
    }
    found.extend(run(tx, prefix(root, sought.column), root, sought, day).await?);
    if root.level() >= Level::County && found.len() < MOST {
        found.extend(run(tx, within(sought.column), root, sought, day).await?);
    }
    found.truncate(MOST);
    Ok(found)
}

/// A prefix is a range of the index, ordered by bytes on both engines. Below a county the range of
/// codes is the shorter way; above it the sign before `code` keeps the engines from taking it.
fn prefix_sql(by_initials: bool, small: bool) -> &'static str {
    macro_rules! sql {
        ($column:literal, $code:literal) => {
            concat!(
                "SELECT code, name, from_day, until_day, successor FROM division WHERE ",
                $code,
                " BETWEEN $1 AND $2 AND from_day <= $3 AND until_day > $3 AND ",
                $column,
                " >= $4 AND ",
                $column,
                " < $5 ORDER BY LENGTH(name), code LIMIT $6"
            )
        };
    }
    match (by_initials, small) {
        (true, true) => sql!("initials", "code"),
        (true, false) => sql!("initials", "+code"),
        (false, true) => sql!("name", "code"),
        (false, false) => sql!("name", "+code"),
    }
}

fn prefix(root: Division, column: Column) -> &'static str {
    prefix_sql(column == Column::Initials, root.level() >= Level::County)
}

/// Neither engine's search for a part of a text is the other's; replacing is the same on both.
fn within(column: Column) -> &'static str {
    macro_rules! sql {
        ($column:literal) => {
            concat!(
                "SELECT code, name, from_day, until_day, successor FROM division \
                 WHERE code BETWEEN $1 AND $2 AND from_day <= $3 AND until_day > $3 AND NOT (",
                $column,
                " >= $4 AND ",
                $column,
                " < $5) AND REPLACE(",
                $column,
                ", $4, '') <> ",
                $column,
                " ORDER BY LENGTH(name), code LIMIT $6"
            )
        };
    }
    match column {
        Column::Name => sql!("name"),
        Column::Initials => sql!("initials"),
    }
}

async fn run(
    tx: &mut Snapshot,
    sql: &'static str,
    root: Division,
    sought: &Sought,
    day: Day,
) -> db::Result<Vec<Row>> {
    let range = root.range();
    on_db!(tx, c => sqlx::query_as(sql)
        .bind(range.low).bind(range.high).bind(day.number())
        .bind(&sought.text).bind(format!("{}\u{10ffff}", sought.text))
        .bind(i64::try_from(MOST).unwrap_or(i64::MAX))
        .fetch_all(c).await)
}

#[cfg(test)]
mod tests {
    use db::on_both;

    use super::*;

    #[test]
    fn what_is_typed_tells_how_to_search() {
        assert_eq!(Sought::typed(" ＢＪ "), Some(Sought { text: "bj".to_owned(), column: Column::Initials }));
        assert_eq!(Sought::typed("北街").map(|sought| sought.column), Some(Column::Name));
        assert_eq!(Sought::typed(" - "), None);
    }

    /// How an engine would carry out a statement with such values.
    async fn plan(db: &db::Db, sql: &str) -> String {
        let values = [("$1", "0"), ("$2", "9"), ("$3", "0"), ("$4", "'bj'"), ("$5", "'bk'"), ("$6", "50")];
        let sql = values.into_iter().fold(sql.to_owned(), |sql, (place, value)| sql.replace(place, value));
        let sql = |explain: &str| sqlx::AssertSqlSafe(format!("{explain} {sql}"));
        let mut tx = db.read().await.unwrap();
        match tx.connection() {
            db::Connection::Sqlite(c) => {
                let rows: Vec<(i64, i64, i64, String)> =
                    sqlx::query_as(sql("EXPLAIN QUERY PLAN")).fetch_all(c).await.unwrap();
                rows.into_iter().map(|row| row.3).collect()
            }
            db::Connection::Postgres(c) => {
                // An empty table is never searched by index, unless the engine must.
                sqlx::query("SET LOCAL enable_seqscan = off").execute(&mut *c).await.unwrap();
                let rows: Vec<String> = sqlx::query_scalar(sql("EXPLAIN")).fetch_all(c).await.unwrap();
                rows.concat()
            }
        }
    }

    on_both! {
        async fn a_search_in_the_whole_country_goes_by_its_index(db) {
            let initials = plan(db, prefix_sql(true, false)).await;
            assert!(initials.contains("division_by_initials"), "{initials}");
            let name = plan(db, prefix_sql(false, false)).await;
            assert!(name.contains("division_by_name"), "{name}");
        }
    }
}
