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

    pub const ALL: [Occupancy; 3] = [Occupancy::LivedIn, Occupancy::Vacant, Occupancy::Away];

    pub fn of_key(key: &str) -> Option<Occupancy> {
        Occupancy::ALL.into_iter().find(|o| o.key() == key)
    }
}

/// The words of the household book that the form offers; others may be typed by an import.
pub const RELATIONS: [&str; 14] = [
    "户主",
    "配偶",
    "子",
    "女",
    "儿媳",
    "女婿",
    "孙子",
    "孙女",
    "父亲",
    "母亲",
    "兄弟姐妹",
    "其他亲属",
    "租住",
    "其他",
];

/// What a household may be tagged with: what its contact should know before knocking.
pub const TAGS: [&str; 10] = [
    "living-alone",
    "elderly",
    "no-phone",
    "disabled",
    "chronic",
    "infant",
    "pregnant",
    "left-behind",
    "low-income",
    "lodgers",
];

/// From which day to which (not included; none: still) a household stood where, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    pub from: Day,
    pub until: Option<Day>,
    pub division: Division,
    pub occupancy: Occupancy,
}

/// What a household comes to on a day: to stand somewhere in some way, or to be no more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    Stands(Division, Occupancy),
    Closed,
}

/// Why a change cannot be made from that day, as the key of the message that says what to do.
pub type Refusal = &'static str;

/// The spans after a change from a day on. What was recorded before that day stays; a change of
/// the same day is replaced; one before the last change is refused, since the later would be lost.
/// What is to come after `today` (a merger of divisions) has not begun: it holds for a household
/// that stays where it is, and is replaced by any other change.
pub fn turned(spans: &[Span], from: Day, today: Day, turn: Turn) -> Result<Vec<Span>, Refusal> {
    let now = today.max(from);
    let (begun, coming) = spans.split_at(spans.partition_point(|span| span.from <= now));
    let last = begun.last().ok_or("household-no-span")?;
    let over = last.until.is_some_and(|until| until <= now);
    if from < last.from || (over && last.until.is_some_and(|until| from < until)) {
        return Err("household-later-change");
    }
    let mut after: Vec<Span> = begun.iter().copied().filter(|span| span.from < from).collect();
    if after.is_empty() && turn == Turn::Closed {
        return Err("household-closed-at-once");
    }
    if let Some(open) = after.last_mut()
        && open.until.is_none_or(|until| from < until)
    {
        open.until = Some(from);
    }
    let Turn::Stands(division, occupancy) = turn else { return Ok(after) };
    let coming = if division == last.division && !over { coming } else { &[] };
    let until = coming.first().map(|span| span.from);
    match after.last_mut() {
        Some(span)
            if span.until == Some(from) && (span.division, span.occupancy) == (division, occupancy) =>
        {
            span.until = until;
        }
        _ => after.push(Span { from, until, division, occupancy }),
    }
    after.extend(coming.iter().map(|span| Span { occupancy, ..*span }));
    Ok(after)
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

/// From which day somebody is listed as a key person, until which day (not included; none: until
/// further notice), and why.
pub type Listing = (Day, Option<Day>, String);

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
    pub key_person: Option<Listing>,
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

    fn day(day: i8) -> Day {
        Day::new(2020, 2, day).unwrap()
    }

    fn group(n: i64) -> Division {
        Division::from_code("141023105200").unwrap().child(n).unwrap()
    }

    fn span(from: i8, until: Option<i8>, n: i64) -> Span {
        let until = until.map(day);
        Span { from: day(from), until, division: group(n), occupancy: Occupancy::LivedIn }
    }

    #[test]
    fn a_move_ends_one_span_and_begins_another() {
        let moved = Turn::Stands(group(2), Occupancy::LivedIn);
        let spans = turned(&[span(1, None, 1)], day(3), day(9), moved).unwrap();
        assert_eq!(spans, [span(1, Some(3), 1), span(3, None, 2)]);
        assert_eq!(turned(&spans, day(2), day(9), moved), Err("household-later-change"));
        let back = Turn::Stands(group(1), Occupancy::LivedIn);
        assert_eq!(turned(&spans, day(3), day(9), back).unwrap(), [span(1, None, 1)]);
    }

    #[test]
    fn a_closed_household_may_open_again_later() {
        let spans = turned(&[span(1, None, 1)], day(3), day(9), Turn::Closed).unwrap();
        assert_eq!(spans, [span(1, Some(3), 1)]);
        let again = Turn::Stands(group(1), Occupancy::LivedIn);
        assert_eq!(turned(&spans, day(5), day(9), again).unwrap(), [span(1, Some(3), 1), span(5, None, 1)]);
        assert_eq!(turned(&spans, day(2), day(9), again), Err("household-later-change"));
        assert_eq!(
            turned(&[span(1, None, 1)], day(1), day(9), Turn::Closed),
            Err("household-closed-at-once")
        );
    }

    #[test]
    fn a_move_that_has_not_begun_holds_for_who_stays_and_is_replaced_for_who_leaves() {
        let coming = [span(1, Some(5), 1), span(5, None, 2)];
        let vacant = |span: Span| Span { occupancy: Occupancy::Vacant, ..span };
        let stays = turned(&coming, day(4), day(4), Turn::Stands(group(1), Occupancy::Vacant)).unwrap();
        assert_eq!(stays, [span(1, Some(4), 1), vacant(span(4, Some(5), 1)), vacant(span(5, None, 2))]);
        let again = turned(&stays, day(4), day(4), Turn::Stands(group(1), Occupancy::LivedIn)).unwrap();
        assert_eq!(again, coming);
        let leaves = turned(&coming, day(4), day(4), Turn::Stands(group(3), Occupancy::LivedIn)).unwrap();
        assert_eq!(leaves, [span(1, Some(4), 1), span(4, None, 3)]);
        assert_eq!(turned(&coming, day(4), day(4), Turn::Closed).unwrap(), [span(1, Some(4), 1)]);
        // Once it has begun, nothing may change before it.
        assert_eq!(turned(&coming, day(4), day(5), Turn::Closed), Err("household-later-change"));
    }

    #[test]
    fn houses_sort_as_people_count_them() {
        let mut houses = ["10号", "2号", "2号附1", "１号", "甲3"];
        houses.sort_by_key(|house| house_order(house));
        assert_eq!(houses, ["１号", "2号", "2号附1", "10号", "甲3"]);
    }
}
