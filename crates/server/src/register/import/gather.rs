//! Which rows are one household.

use std::collections::HashMap;

use super::columns::Column;
use super::row::Row;
use super::sheet::Sheet;

/// The rows of each household, by their places, in the order of the list. By household number
/// where there is one, else by the order of relations (a head begins a household), else by the
/// head's name and the house, else by the house.
pub fn gather<'a>(sheet: &Sheet, rows: &'a [Row]) -> Vec<Vec<usize>> {
    if sheet.has(Column::Number) {
        return by_key(
            rows,
            |row| (!row.number.is_empty()).then(|| vec![&row.village, &row.sheet, &row.number]),
            true,
        );
    }
    if sheet.has(Column::Relation) && rows.iter().any(Row::is_head) {
        return by_order(rows);
    }
    if sheet.has(Column::Head) {
        let key = |row: &'a Row| {
            let Row { village, group, house, head, .. } = row;
            (!head.is_empty()).then(|| vec![village, group, house, head])
        };
        return by_key(rows, key, true);
    }
    let key = |row: &'a Row| {
        let Row { village, group, house, .. } = row;
        (!house.is_empty()).then(|| vec![village, group, house])
    };
    by_key(rows, key, false)
}

/// Rows of equal keys; a row without one follows the row above it, or stands alone.
fn by_key<'a>(
    rows: &'a [Row],
    key: impl Fn(&'a Row) -> Option<Vec<&'a String>>,
    follow: bool,
) -> Vec<Vec<usize>> {
    let mut households: Vec<Vec<usize>> = Vec::new();
    let mut places = HashMap::new();
    let mut above = None;
    for (at, row) in rows.iter().enumerate() {
        let place = match key(row) {
            Some(key) => *places.entry(key).or_insert(households.len()),
            None if follow && above.is_some() => above.unwrap_or_default(),
            None => households.len(),
        };
        if place == households.len() {
            households.push(Vec::new());
        }
        households[place].push(at);
        above = Some(place);
    }
    households
}

fn by_order(rows: &[Row]) -> Vec<Vec<usize>> {
    let mut households: Vec<Vec<usize>> = Vec::new();
    for (at, row) in rows.iter().enumerate() {
        match households.last_mut() {
            Some(household) if !row.is_head() && !row.vacant => household.push(at),
            _ => households.push(vec![at]),
        }
    }
    households
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: &str, relation: &str, house: &str) -> Row {
        let [number, relation, house] = [number, relation, house].map(str::to_owned);
        Row { number, relation, house, ..Row::default() }
    }

    fn gathered(columns: &[Column], rows: &[Row]) -> Vec<Vec<usize>> {
        let columns = columns.iter().map(|column| (*column, String::new())).collect();
        gather(&Sheet { columns, ..Sheet::default() }, rows)
    }

    #[test]
    fn the_number_decides_even_out_of_order_and_blank_below() {
        let rows = [row("1", "", ""), row("", "", ""), row("2", "", ""), row("1", "", "")];
        assert_eq!(gathered(&[Column::Number], &rows), [vec![0, 1, 3], vec![2]]);
    }

    #[test]
    fn without_a_number_a_head_begins_a_household() {
        let rows = [row("", "户主", ""), row("", "妻", ""), row("", "户主", ""), row("", "子", "")];
        assert_eq!(gathered(&[Column::Relation, Column::House], &rows), [vec![0, 1], vec![2, 3]]);
    }

    #[test]
    fn without_either_the_house_decides() {
        let rows = [row("", "", "1号"), row("", "", "2号"), row("", "", "1号"), row("", "", "")];
        assert_eq!(gathered(&[Column::House], &rows), [vec![0, 2], vec![1], vec![3]]);
    }
}
