//! How a form becomes a check.

use super::*;
use crate::playbook::BUILT_IN;

fn person(id: i64) -> Resident {
    let (name, relation) = ("居民".to_owned(), "户主".to_owned());
    let presence = "present".to_owned();
    Resident { id, name, relation, birth_day: None, presence, whereabouts: String::new(), gone_from: None }
}

fn told(pairs: &[(&str, &str)]) -> Result<Check, Vec<Wrong>> {
    let playbook = Playbook::parse(BUILT_IN).unwrap();
    let now = Moment(1_580_695_200_000);
    let id = base::Clock::fixed(now).new_id().to_string();
    let mut pairs: Vec<_> = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    pairs.push(("id".to_owned(), id));
    let (residents, today) = ([person(1)], playbook.time.day(now));
    let context = Context {
        town: 1,
        household: 1,
        residents: &residents,
        playbook: &playbook,
        now,
        happened_at: now,
        today,
        before: None,
    };
    read(&Fields::new(pairs), &context)
}

fn field(result: Result<Check, Vec<Wrong>>) -> (String, Refusal) {
    let wrong = result.unwrap_err().remove(0);
    (wrong.field, wrong.key)
}

#[test]
fn a_temperature_is_taken_as_people_type_it() {
    for typed in ["36.5", "３６．５", "36,5", "36.5℃", " 36.5度 "] {
        let answers = told(&[("temperature-1", typed)]).unwrap().answers.unwrap();
        assert_eq!(answers.residents[0].temperature, Some(36.5), "{typed}");
    }
    for odd in ["365", "3.65", "高", "36.55"] {
        let wrong = ("temperature-1".to_owned(), "check-temperature");
        assert_eq!(field(told(&[("temperature-1", odd)])), wrong, "{odd}");
    }
}

#[test]
fn one_tap_says_all_well_whatever_else_is_empty() {
    let check = told(&[("outcome", "well"), ("temperature-1", ""), ("note", "")]).unwrap();
    assert_eq!((check.outcome, check.answers), (Outcome::Well, None));
    let check = told(&[("reason", "nobody-home")]).unwrap();
    assert_eq!(check.outcome, Outcome::Unreachable);
}

#[test]
fn what_is_typed_is_not_dropped_by_all_well_or_nobody_reached() {
    let filled = [
        ("temperature-1", "38.4"),
        ("temperature-1", "384"),
        ("symptom-1", "dry-cough"),
        ("where-1", "away"),
        ("place-1", "临汾"),
        ("visitor-name", "来客"),
        ("need", "food"),
        ("note", "腿脚不便"),
    ];
    for typed in filled {
        assert_eq!(field(told(&[("outcome", "well"), typed])).1, "check-well", "{typed:?}");
        let wrong = field(told(&[("reason", "nobody-home"), typed]));
        assert_eq!(wrong.1, "check-unreachable-filled", "{typed:?}");
    }
    assert_eq!(field(told(&[("place-1", "临汾")])), ("place-1".to_owned(), "check-where"));
    let nameless = [("visitor-name", ""), ("visitor-from", "临汾")];
    assert_eq!(field(told(&nameless)).1, "check-visitor-name");
}

#[test]
fn yesterdays_check_means_yesterday_where_no_day_is_typed() {
    let fields = [("day", "2020-02-02"), ("clock", "8:30"), ("where-1", "back"), ("place-1", "武汉")];
    let back = told(&fields).unwrap().answers.unwrap().residents.remove(0).back.unwrap();
    assert_eq!(back.on.number(), 20_200_202);
}

#[test]
fn a_return_asks_from_where() {
    assert_eq!(field(told(&[("where-1", "back")])), ("place-1".to_owned(), "check-back"));
    let check = told(&[("where-1", "back"), ("place-1", "武汉"), ("since-1", "2020-02-01")]).unwrap();
    let back = check.answers.unwrap().residents.remove(0).back.unwrap();
    assert_eq!((back.from.as_str(), back.on.number()), ("武汉", 20_200_201));
    let later = told(&[("where-1", "back"), ("place-1", "武汉"), ("since-1", "2020-02-09")]);
    assert_eq!(field(later), ("since-1".to_owned(), "check-since"));
}

#[test]
fn a_check_entered_later_says_when_it_happened() {
    let check = told(&[("outcome", "well"), ("day", "2020-02-02"), ("clock", "8:30")]).unwrap();
    assert_eq!(check.happened_at, Moment(1_580_603_400_000));
    assert_eq!(field(told(&[("outcome", "well"), ("clock", "half past")])).1, "check-clock");
}

#[test]
fn an_hour_is_taken_as_people_type_it() {
    for typed in ["9:30", "９：３０", "9.30", "9点半", "9点30分", " 9 : 30 "] {
        assert_eq!(read_clock(typed), Some((9, 30)), "{typed}");
    }
    for typed in ["9", "9点", "9:00"] {
        assert_eq!(read_clock(typed), Some((9, 0)), "{typed}");
    }
    for odd in ["", "早上", "9:3x", "half past"] {
        assert_eq!(read_clock(odd), None, "{odd}");
    }
}

#[test]
fn a_form_filled_with_answers_tells_the_same_answers() {
    let pairs = [
        ("temperature-1", "38.2"),
        ("symptom-1", "dry-cough"),
        ("where-1", "back"),
        ("place-1", "武汉"),
        ("since-1", "2020-02-01"),
        ("transport-1", "train"),
        ("visitor-name", "来客"),
        ("visitor-from", "临汾"),
        ("need", "food"),
        ("note", "腿脚不便"),
    ];
    let answers = told(&pairs).unwrap().answers.unwrap();
    let again: Vec<_> = Fields::filled(&answers).0.into_iter().collect();
    let again: Vec<(String, String)> =
        again.into_iter().flat_map(|(n, vs)| vs.into_iter().map(move |v| (n.clone(), v))).collect();
    let again: Vec<(&str, &str)> = again.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    assert_eq!(told(&again).unwrap().answers.unwrap(), answers);
}
