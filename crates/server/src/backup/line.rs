//! Rows as lines of JSON, and what all of a table's lines come to.

use db::{Batch, Kind, Row, Table, Value};
use serde::de::Error as _;
use serde::ser::SerializeSeq as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A row as a line: the same for the same values, whatever engine they came from. Ids and bytes are
/// texts of hex digits.
pub fn write(row: &Row, line: &mut Vec<u8>) -> serde_json::Result<()> {
    line.clear();
    serde_json::to_writer(&mut *line, &Line(row))?;
    line.push(b'\n');
    Ok(())
}

struct Line<'a>(&'a Row);

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut line = serializer.serialize_seq(Some(self.0.len()))?;
        for value in self.0 {
            match value {
                Value::Null => line.serialize_element(&())?,
                Value::Number(number) => line.serialize_element(number)?,
                Value::Flag(yes) => line.serialize_element(yes)?,
                Value::Id(id) => line.serialize_element(id)?,
                Value::Text(text) => line.serialize_element(text)?,
                Value::Bytes(bytes) => line.serialize_element(&hex::encode(bytes))?,
            }
        }
        line.end()
    }
}

/// The row of a line; nothing where it is none of this table.
pub fn read(line: &[u8], table: &Table) -> Option<Row> {
    let values: Vec<serde_json::Value> = serde_json::from_slice(line).ok()?;
    if values.len() != table.columns.len() {
        return None;
    }
    let row: Option<Row> =
        values.into_iter().zip(&table.columns).map(|(told, column)| value(told, column.kind)).collect();
    row.filter(|row| table.takes(row))
}

fn value(told: serde_json::Value, kind: Kind) -> Option<Value> {
    use serde_json::Value as Told;
    Some(match (told, kind) {
        (Told::Null, _) => Value::Null,
        (Told::Number(number), Kind::Big | Kind::Int) => Value::Number(number.as_i64()?),
        (Told::Bool(yes), Kind::Flag) => Value::Flag(yes),
        (Told::String(text), Kind::Text) => Value::Text(text),
        (Told::String(text), Kind::Id) => Value::Id(text.parse().ok()?),
        (Told::String(text), Kind::Bytes) => Value::Bytes(hex::decode(text).ok()?),
        _ => return None,
    })
}

/// How many rows a table has, and the sum of their hashes: the order in which an engine keeps them does
/// not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    pub rows: u64,
    #[serde(serialize_with = "as_hex", deserialize_with = "from_hex")]
    sum: u128,
}

impl Total {
    pub fn add(&mut self, line: &[u8]) {
        let hash = blake3::hash(line);
        let (head, _) = hash.as_bytes().split_at(16);
        let hash = u128::from_be_bytes(head.try_into().unwrap_or_default());
        self.rows += 1;
        self.sum = self.sum.wrapping_add(hash);
    }
}

fn as_hex<S: Serializer>(sum: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{sum:032x}"))
}

fn from_hex<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u128, D::Error> {
    let text = String::deserialize(deserializer)?;
    u128::from_str_radix(&text, 16).map_err(D::Error::custom)
}

/// What the tables come to, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals(pub Vec<Total>);

impl Totals {
    pub fn of(tables: &[Table]) -> Totals {
        Totals(vec![Total::default(); tables.len()])
    }

    pub fn add(&mut self, batch: &Batch, line: &mut Vec<u8>) -> serde_json::Result<()> {
        for row in &batch.rows {
            write(row, line)?;
            self.0[batch.table].add(line);
        }
        Ok(())
    }

    pub fn rows(&self) -> u64 {
        self.0.iter().map(|total| total.rows).sum()
    }

    /// The first table in which two differ.
    pub fn differs<'a>(&self, other: &Totals, tables: &'a [Table]) -> Option<&'a str> {
        let differs = self.0.iter().zip(&other.0).position(|(one, other)| one != other)?;
        Some(&tables[differs].name)
    }
}

#[cfg(test)]
mod tests {
    use db::Column;
    use uuid::Uuid;

    use super::*;

    fn table() -> Table {
        let kinds = [Kind::Big, Kind::Int, Kind::Flag, Kind::Id, Kind::Text, Kind::Bytes];
        let columns = kinds.map(|kind| Column { name: "c".into(), kind });
        Table { name: "t".into(), columns: columns.into() }
    }

    #[test]
    fn a_row_comes_back_from_its_line() {
        let full = vec![
            Value::Number(i64::MIN),
            Value::Number(-1),
            Value::Flag(true),
            Value::Id(Uuid::from_u128(7)),
            Value::Text("一\n\"\u{0}".into()),
            Value::Bytes(vec![0, 255]),
        ];
        for row in [full, vec![Value::Null; 6]] {
            let mut line = Vec::new();
            write(&row, &mut line).unwrap();
            assert_eq!(line.iter().filter(|byte| **byte == b'\n').count(), 1);
            assert_eq!(read(&line, &table()), Some(row));
        }
    }

    #[test]
    fn what_fits_no_column_is_no_row() {
        for line in [
            "[1]",
            "[1.5,0,true,null,null,null]",
            "[1,3000000000,true,null,null,null]",
            "[1,0,1,null,null,null]",
            "[1,0,true,\"x\",null,null]",
            "[1,0,true,null,7,null]",
            "[1,0,true,null,null,\"xx\"]",
            "{}",
        ] {
            assert_eq!(read(line.as_bytes(), &table()), None, "{line}");
        }
    }

    #[test]
    fn the_order_of_rows_does_not_count_but_each_of_them_does() {
        let sum = |lines: &[&str]| {
            let mut total = Total::default();
            lines.iter().for_each(|line| total.add(line.as_bytes()));
            total
        };
        assert_eq!(sum(&["a", "b"]), sum(&["b", "a"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a", "c"]));
        assert_ne!(sum(&["a", "b"]), sum(&["a"]));
    }
}
