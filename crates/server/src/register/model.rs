//! Households and residents, as they are taken into the register.

use base::{Day, Division, Identity, Sex};

/// Whether a household is due every day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupancy {
    LivedIn,
    Vacant,
    /// All of its people are away.
    Away,
}

impl Occupancy {
    pub fn key(self) -> &'static str {
        match self {
            Occupancy::LivedIn => "lived-in",
            Occupancy::Vacant => "vacant",
            Occupancy::Away => "away",
        }
    }

    pub fn of_key(key: &str) -> Option<Occupancy> {
        [Occupancy::LivedIn, Occupancy::Vacant, Occupancy::Away].into_iter().find(|o| o.key() == key)
    }
}

/// A household to be registered, with its people; the head first.
#[derive(Clone, Debug)]
pub struct NewHousehold {
    /// A team area, or a village that has none.
    pub division: Division,
    pub house_number: String,
    pub head: String,
    pub address: String,
    pub phone: Option<String>,
    pub occupancy: Occupancy,
    /// Keys such as `living-alone`.
    pub tags: Vec<String>,
    pub residents: Vec<NewResident>,
}

/// A resident to be registered.
#[derive(Clone, Debug)]
pub struct NewResident {
    pub name: String,
    pub sex: Option<Sex>,
    pub birth: Option<Day>,
    pub identity: Option<Identity>,
    pub phone: Option<String>,
    /// To the head, in the words of the household book.
    pub relation: String,
    /// Lives here without being registered here.
    pub lodging: bool,
    /// Where, and since when, if away.
    pub away: Option<(String, Option<Day>)>,
    /// From which day listed as a key person, until which day (not included), and why.
    pub key_person: Option<(Day, Option<Day>, String)>,
}

/// A house number by which houses sort as people count them: 2号 before 10号.
pub fn house_order(number: &str) -> String {
    let folded = base::fold_width(number);
    let mut order = String::new();
    let mut digits = String::new();
    for c in folded.chars().chain(std::iter::once(' ')) {
        if c.is_ascii_digit() {
            digits.push(c);
            continue;
        }
        if !digits.is_empty() {
            order += &format!("{:0>6}", digits.trim_start_matches('0'));
            digits.clear();
        }
        order.push(c);
    }
    order.truncate(order.trim_end().len());
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn houses_sort_as_people_count_them() {
        let mut houses = ["10号", "2号", "2号附1", "１号", "甲3"];
        houses.sort_by_key(|house| house_order(house));
        assert_eq!(houses, ["１号", "2号", "2号附1", "10号", "甲3"]);
    }
}
