//! What SQLite is told of the tables' contents, so that it plans well from the first row on.
//!
//! Every key is led by `town`, and a file holds one town: the first column tells nothing apart.
//! SQLite cannot know that without statistics, and takes the primary key's prefix `town = ?` for
//! as good as an index over (town, household), so that it reads the whole table. Running ANALYZE
//! would say how things were at that moment and reaches open connections late; these lines follow
//! from the columns' names, and are the same in an empty file and a full one.

use sqlx::SqliteConnection;

/// Rows of a table of the town's size.
const ROWS: u64 = 1_000_000;

/// How many values a column of this name has, as far as it matters for the order of indexes.
fn values(column: &str) -> u64 {
    match column {
        "town" => 1,
        "level" | "state" | "kind" | "occupancy" | "role" | "indicator" => 8,
        "day" | "from_day" | "until_day" | "key_from" => 100,
        "division" => 200,
        _ => 100_000,
    }
}

/// The line for an index over `columns`: rows of the table, then rows that share the first column,
/// the first two, and so on.
fn line(columns: &[&str], unique: bool) -> String {
    let mut alike = ROWS;
    let mut line = vec![ROWS.to_string()];
    for (place, column) in columns.iter().enumerate() {
        let last = place + 1 == columns.len();
        alike = if unique && last { 1 } else { (alike / values(column)).max(2) };
        line.push(alike.to_string());
    }
    line.join(" ")
}

/// Every index: its table, the name it goes by, whether it is unique, its columns. The key of a
/// table WITHOUT ROWID goes by the table's name.
const INDEXES: &str = "SELECT t.name, CASE WHEN t.wr AND l.origin = 'pk' THEN t.name ELSE l.name END, \
     l.\"unique\", GROUP_CONCAT(i.name ORDER BY i.seqno) \
     FROM pragma_table_list t JOIN pragma_index_list(t.name) l JOIN pragma_index_info(l.name) i \
     WHERE t.schema = 'main' AND t.type = 'table' AND t.name NOT LIKE 'sqlite%' \
     GROUP BY t.name, l.name";

/// Writes the lines for all indexes, keys included.
pub(crate) async fn write(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let indexes: Vec<(String, String, i64, String)> =
        sqlx::query_as(INDEXES).fetch_all(&mut *connection).await?;
    // Makes the table that holds the lines; at the end, the lines are read in.
    sqlx::query("ANALYZE sqlite_schema").execute(&mut *connection).await?;
    sqlx::query("DELETE FROM sqlite_stat1").execute(&mut *connection).await?;
    for (table, name, unique, columns) in indexes {
        let columns: Vec<&str> = columns.split(',').collect();
        sqlx::query("INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES ($1, $2, $3)")
            .bind(table)
            .bind(name)
            .bind(line(&columns, unique == 1))
            .execute(&mut *connection)
            .await?;
    }
    sqlx::query("ANALYZE sqlite_schema").execute(connection).await.map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_tells_nothing_apart_and_a_household_nearly_all() {
        assert_eq!(line(&["town", "id"], true), "1000000 1000000 1");
        assert_eq!(line(&["town", "household"], false), "1000000 1000000 10");
        assert_eq!(line(&["town", "day", "household"], true), "1000000 1000000 10000 1");
    }
}
