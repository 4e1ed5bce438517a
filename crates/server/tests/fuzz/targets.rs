//! What bytes from outside meet, as plain functions: whatever the bytes, none panics and each holds what
//! it promises. The test beside runs them for some seconds; `fuzz/` for as long as somebody likes.

use base::{Day, Division, Identity, phone};
use firebreak::playbook::Playbook;
use firebreak::register::import::{Kept, Reading, View, cells};
use office::{Limits, ReadError};

pub type Target = fn(&[u8]);

pub const ALL: [(&str, Target); 6] = [
    ("workbook", workbook),
    ("csv", csv),
    ("identity", identity),
    ("date", date),
    ("division", division),
    ("playbook", playbook),
];

/// A file that is read in this process, and its list as the register's import understands it. What is read
/// apart may take all the memory there is: that is bounded by the process it is read in.
pub fn workbook(file: &[u8]) {
    let limits = Limits { part_bytes: 4 << 20, unpacked_bytes: 8 << 20, ..Limits::default() };
    let Ok(grids) = office::grids(file, &limits, |_, _| Err(ReadError::Unfinished)) else { return };
    let lines: usize = grids.iter().map(|grid| grid.lines.len()).sum();
    let reading = Reading::default();
    if let Some(view) = View::of(&grids, &reading) {
        // What the page shows, posted as it is, reads the same.
        let said: Vec<_> = view.columns.iter().map(|seen| seen.value(seen.meaning)).collect();
        let turned = reading.clone().turned(&grids, view.head(), &[]);
        let again = View::of(&grids, &turned.said(&grids, &said)).expect("a list is still one");
        let meanings = |view: &View| view.columns.iter().map(|seen| seen.meaning).collect::<Vec<_>>();
        assert_eq!(meanings(&again), meanings(&view));
    }
    let Ok(sheet) = (Kept::File { grids, reading }).sheet() else { return };
    assert!(!sheet.rows.is_empty() && sheet.rows.len() + sheet.passed.len() <= lines);
    for row in &sheet.rows {
        assert_eq!(row.cells.len(), sheet.columns.len());
        assert_eq!(sheet.whole(row).len(), sheet.header.len());
    }
}

/// Text with something between the cells.
pub fn csv(text: &[u8]) {
    workbook(&["姓名,户号\n".as_bytes(), text].concat());
    workbook(text);
}

pub fn identity(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    phone(&text);
    let Ok((identity, _)) = Identity::parse(&text) else { return };
    let whole = identity.as_str().to_owned();
    assert_eq!(whole.len(), 18);
    assert!(identity.birth().is_some());
    assert_ne!(identity.masked(), whole);
    assert_eq!(Identity::parse(&whole), Ok((identity, None)));
}

pub fn date(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let today = Day::new(2020, 2, 3).expect("a day");
    cells::is_month(&text);
    if let Some(day) = cells::day_of_short_year(&text, today) {
        assert!(day <= today);
    }
    for day in [cells::day(&text), text.parse().ok()].into_iter().flatten() {
        assert_eq!(cells::day(&day.to_string()), Some(day));
        assert_eq!(Day::from_number(day.number()), Some(day));
        day.age_on(today);
    }
}

pub fn division(text: &[u8]) {
    let text = String::from_utf8_lossy(text);
    let number = text.parse().ok().and_then(Division::from_number);
    for division in [Division::from_code(&text), number].into_iter().flatten() {
        assert_eq!(Division::from_number(division.number()), Some(division));
        // The country has no code.
        let coded = Some(division).filter(|division| *division != Division::COUNTRY);
        assert_eq!(Division::from_code(&division.code()), coded);
        assert!(division.path().iter().all(|above| above.contains(division)));
        assert!(division.parent().is_none_or(|parent| parent.level() < division.level()));
    }
}

pub fn playbook(text: &[u8]) {
    let Ok(text) = std::str::from_utf8(text) else { return };
    match Playbook::parse(text) {
        Ok(playbook) => assert!(playbook.version > 0),
        Err(fault) => assert!(!fault.to_string().is_empty()),
    }
}
