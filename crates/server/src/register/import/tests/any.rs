//! Whatever stands in a list, and whatever our own lists say.

use std::collections::HashMap;

use base::{Day, Division, Identity};
use office::{Grid, Limits, Row as Line, grids, old_grids};
use proptest::prelude::*;

use super::super::row;
use super::super::{Also, Asked, Kept, Known, Places, Plan, Reading, Sheet, cells};
use crate::access::Scope;
use crate::register::export::Writer;
use crate::register::import::Column;
use crate::register::pages::Names;
use crate::register::store::export::{ExportRow, Listed};
use crate::register::store::load::sex_key;
use crate::testing::MORNING;
use crate::vault::Vault;

fn today() -> Day {
    Day::new(2020, 2, 3).unwrap()
}

/// What people write, what nobody writes, and what looks nearly right.
fn written() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[0-9xX.,/年月日号组户主妻子王李张男女是否无东街村一二三 　=+@'-]{0,12}",
        2 => prop::sample::select(vec![
            "户主", "妻", "东街村", "一组", "88号", "空户", "141023198002090007", "12900000412", "1980-02-09", "男", "在家",
            "外出", "外来", "合计", "姓名", "#N/A",
        ]).prop_map(str::to_owned),
        1 => "\\PC{0,30}",
        1 => Just(String::new()),
    ]
}

/// A table under a header of some of the columns.
fn table() -> impl Strategy<Value = Vec<Vec<String>>> {
    let words: Vec<_> = Column::all().map(Column::word).collect();
    let header = prop::sample::subsequence(words, 0..8).prop_shuffle();
    let rows = prop::collection::vec(prop::collection::vec(written(), 0..12), 0..12);
    (header, rows).prop_map(|(header, rows)| {
        let header = ["姓名", "户号"]
            .into_iter()
            .chain(header.into_iter().filter(|word| !["姓名", "户号"].contains(word)));
        std::iter::once(header.map(str::to_owned).collect()).chain(rows).collect()
    })
}

fn known() -> (Known, Asked) {
    let town = Division::of_town(141_023_105).unwrap();
    let village = town.child(200).unwrap();
    let names =
        [(village, "东街村"), (village.child(1).unwrap(), "一组"), (village.child(2).unwrap(), "二组")];
    let places = Places::new(names.map(|(at, name)| (at, name.to_owned())).into(), [].into());
    let known = Known {
        decisions: Default::default(),
        places,
        last_groups: HashMap::new(),
        households: vec![],
        residents: vec![],
        stewards: vec![],
    };
    let scope = Scope::of_command(town, today());
    (known, Asked { town, village: Some(village), groups: Some(scope.clone()), scope, day: today() })
}

fn list(rows: Vec<Vec<String>>) -> Option<Sheet> {
    let line = |(at, cells): (usize, Vec<String>)| Line { number: at as u32 + 1, cells, remarks: vec![] };
    let lines = rows.into_iter().enumerate().map(line).collect();
    let grids = vec![Grid { sheet: None, lines, merges: None }];
    Kept::File { grids, reading: Reading::default() }.sheet().ok()
}

/// A text as a register that was filled by lists holds it.
fn held(text: &str) -> String {
    super::super::sheet::plain(text).split_whitespace().collect::<String>().chars().take(40).collect()
}

fn name() -> impl Strategy<Value = String> {
    let is_name = |name: &String| !name.is_empty() && !cells::is_vacant(name);
    prop_oneof!["[王李张]{1,3}[一二三]{0,2}", "[=+@王-][A-Z0-9王]{1,9}", "\\PC{1,9}"]
        .prop_map(|text| held(&text))
        .prop_filter("a name", move |name| is_name(name))
}

/// A resident, and what is sealed of him: identity and phone number.
#[derive(Clone, Debug)]
struct Person {
    listed: Listed,
    house: String,
    address: String,
    numbers: [Option<String>; 2],
}

prop_compose! {
    fn person()(
        name in name(),
        house in "[1-9][0-9]?号",
        relation in "[妻子女孙]",
        sex in prop::sample::select(vec!["male", "female"]),
        days in 0..30_000_i32,
        is_numbered in any::<bool>(),
        phone in prop::option::of("129[0-9]{8}"),
        address in "[东街=+@0-9]{0,9}",
        is_lodging in any::<bool>(),
        away in prop::option::of("[太原临汾]{2,4}"),
    ) -> Person {
        let birth = Day::new(1930, 1, 1).unwrap().plus(days);
        let identity = Identity::compose(141_023, birth, 0).filter(|_| is_numbered);
        let listed = Listed {
            name: Some(name),
            sex: Some(sex.to_owned()),
            birth_day: Some(birth.number()),
            identity_sealed: None,
            phone_sealed: None,
            relation: Some(relation),
            registration: Some(if is_lodging { "lodging" } else { "registered" }.to_owned()),
            presence: Some(if away.is_some() { "away" } else { "present" }.to_owned()),
            presence_since: away.as_ref().map(|_| 20_200_120),
            whereabouts: Some(away.unwrap_or_default()),
        };
        let numbers = [identity.map(|identity| identity.as_str().to_owned()), phone];
        Person { listed, house, address: held(&address), numbers }
    }
}

/// Our own workbook of these people, each in a household of his own.
fn exported(people: &[Person], vault: &Vault) -> Vec<u8> {
    let (title, mark) = ("户册".to_owned(), "王五 核对".to_owned());
    let mut writer = Writer::open(title, mark, None, MORNING).unwrap();
    for (number, person) in (1..).zip(people) {
        let seal = |value: &Option<String>| value.as_deref().map(|value| vault.seal(value));
        let [identity_sealed, phone_sealed] = person.numbers.each_ref().map(seal);
        let row = ExportRow {
            household: number,
            division: 141_023_105_200_001,
            occupancy: "lived-in".to_owned(),
            house_number: person.house.clone(),
            house_order: String::new(),
            head: person.listed.name.clone().unwrap(),
            address: person.address.clone(),
            house_phone: None,
            tags: String::new(),
            contact: None,
            resident: Listed { identity_sealed, phone_sealed, ..person.listed.clone() },
        };
        writer.row(&row, &Names::default(), vault).unwrap();
    }
    writer.finish().unwrap().0
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_row_has_an_outcome(rows in table()) {
        let Some(sheet) = list(rows) else { return Ok(()) };
        let (known, asked) = known();
        let plan = Plan::new(&sheet, &known, &Vault::new([7; 32]), &asked);
        prop_assert_eq!(plan.lines.len(), sheet.rows.len());
        for (line, row) in plan.lines.iter().zip(&sheet.rows) {
            prop_assert_eq!(line.line, row.line);
        }
        // Who is taken is one of them, and once.
        let work = plan.work(Also { doubts: true, changes: true });
        prop_assert!(work.residents() <= plan.lines.len());
        prop_assert!(plan.returned().iter().all(|at| *at < plan.lines.len()));
    }

    #[test]
    fn what_our_own_list_says_is_understood_as_it_was(people in prop::collection::vec(person(), 1..6)) {
        let file = exported(&people, &Vault::new([7; 32]));
        let grids = grids(&file, &Limits::default(), old_grids).unwrap();
        let sheet = Kept::File { grids, reading: Reading::default() }.sheet().unwrap();
        prop_assert!(sheet.ignored.is_empty() && sheet.unread.is_empty());
        prop_assert_eq!(sheet.rows.len(), people.len());
        for (raw, Person { listed, house, address, numbers }) in sheet.rows.iter().zip(people) {
            let read = row::read(&sheet, raw, today());
            prop_assert_eq!(read.weight(), None, "{:?}", read.remarks);
            prop_assert_eq!([Some(&read.name), Some(&read.relation)], [listed.name.as_ref(), listed.relation.as_ref()]);
            prop_assert_eq!([read.house, read.address], [house, address]);
            prop_assert_eq!(read.sex.map(sex_key), listed.sex.as_deref());
            prop_assert_eq!(read.birth.map(Day::number), listed.birth_day);
            prop_assert_eq!([read.identity.map(|identity| identity.as_str().to_owned()), read.phone], numbers);
            prop_assert_eq!(read.lodging, Some(listed.registration.as_deref() == Some("lodging")));
            let away = (listed.presence.as_deref() == Some("away")).then_some((listed.whereabouts.unwrap(), Day::new(2020, 1, 20)));
            prop_assert_eq!(read.away, away);
        }
    }

    #[test]
    fn no_cell_brings_its_reader_down(text in written()) {
        let (_, _) = cells::tags(&text);
        cells::is_month(&text);
        let day = cells::day(&text).or_else(|| cells::day_of_short_year(&text, today()));
        if let Some(day) = day {
            prop_assert_eq!(cells::day(&day.to_string()), Some(day));
        }
        // What was read once is read again.
        let plain = super::super::sheet::plain(&text);
        prop_assert_eq!(super::super::sheet::plain(&plain), plain);
    }
}
