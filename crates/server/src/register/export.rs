//! The register as a workbook whose columns have the words by which the import knows them: taken in
//! again, it says the same.

use base::{Day, Level, Moment, Sex};
use office::{Book, Cell, Kind, OpenSheet, Sheet, WriteError};

use super::import::{Column, cells};
use super::model::Occupancy;
use super::pages::Names;
use super::store::export::{ExportRow, Listed};
use super::store::load::sex_key;
use crate::vault::Vault;

/// The columns, in the order in which people look for them. Who is a key person does not stand in a list
/// of everybody: the import would list them anew from the day on which it is taken.
const COLUMNS: &[(Column, Kind, u16)] = &[
    (Column::Village, Kind::Text, 12),
    (Column::Group, Kind::Text, 10),
    (Column::House, Kind::Text, 10),
    (Column::Number, Kind::Integer, 7),
    (Column::Head, Kind::Text, 10),
    (Column::Relation, Kind::Text, 12),
    (Column::Name, Kind::Text, 10),
    (Column::Sex, Kind::Text, 6),
    (Column::Birth, Kind::Day, 12),
    (Column::Identity, Kind::Text, 20),
    (Column::Phone, Kind::Text, 14),
    (Column::HousePhone, Kind::Text, 14),
    (Column::Address, Kind::Text, 20),
    (Column::Registration, Kind::Text, 7),
    (Column::Presence, Kind::Text, 10),
    (Column::Whereabouts, Kind::Text, 16),
    (Column::AwaySince, Kind::Day, 12),
    (Column::Tags, Kind::Text, 18),
    (Column::Contact, Kind::Text, 10),
];

/// What a workbook holds, for the audit trail.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub households: u64,
    pub residents: u64,
    pub identities: u64,
    pub phones: u64,
}

/// A workbook in the making.
pub struct Writer {
    sheet: OpenSheet,
    count: Count,
    last: i64,
}

impl Writer {
    /// Begins a workbook; `watermark` says who takes it, when and what for.
    pub fn open(
        title: String,
        watermark: String,
        mark: Option<String>,
        at: Moment,
    ) -> Result<Writer, WriteError> {
        let column = |(column, kind, width): &(Column, Kind, u16)| {
            office::Column::new(column.word(), *kind).width(*width)
        };
        let mut sheet = Sheet::new(&title, COLUMNS.iter().map(column).collect());
        sheet.mark = mark;
        let sheet = sheet.title(title).watermark(watermark);
        Ok(Writer { sheet: Book::new(at).open(&sheet)?, count: Count::default(), last: 0 })
    }

    /// Writes a resident's row; those of a household come one after the other.
    pub fn row(&mut self, row: &ExportRow, names: &Names, vault: &Vault) -> Result<(), WriteError> {
        let open = |sealed: &Option<Vec<u8>>| vault.open_stored(sealed.as_deref());
        let (identity, phone) = (open(&row.resident.identity_sealed), open(&row.resident.phone_sealed));
        let house_phone = open(&row.house_phone);
        let is_first = self.last != row.household;
        self.last = row.household;
        let numbers = [phone.is_some(), house_phone.is_some() && is_first];
        self.count.households += u64::from(is_first);
        self.count.residents += u64::from(row.resident.name.is_some());
        self.count.identities += u64::from(identity.is_some());
        self.count.phones += numbers.into_iter().map(u64::from).sum::<u64>();
        let cell = |(column, ..): &(Column, Kind, u16)| match column {
            Column::Identity => identity.clone().into(),
            Column::Phone => phone.clone().into(),
            Column::HousePhone => house_phone.clone().into(),
            other => said(*other, row, names),
        };
        self.sheet.row(COLUMNS.iter().map(cell).collect())
    }

    /// The file, and what it holds.
    pub fn finish(self) -> Result<(Vec<u8>, Count), WriteError> {
        let mut file = Vec::new();
        self.sheet.finish()?.save(&mut file)?;
        Ok((file, self.count))
    }
}

/// What stands in a cell whose value is not sealed.
fn said(column: Column, row: &ExportRow, names: &Names) -> Cell {
    let Listed {
        name, sex, birth_day, relation, registration, presence, presence_since, whereabouts, ..
    } = &row.resident;
    let text = |text: &str| if text.is_empty() { Cell::Empty } else { text.into() };
    let told = |told: &Option<String>| text(told.as_deref().unwrap_or_default());
    let day = |number: Option<i32>| number.and_then(Day::from_number).into();
    let place = |level| row.division().and_then(|d| d.at(level)).map(|part| names.one(part)).into();
    // The import knows a household whose people are all away by them.
    let away = presence.as_deref() == Some("away") || row.occupancy == Occupancy::Away.key();
    let one_of = |is: bool, word: &'static str, other: &'static str| {
        name.is_some().then_some(if is { word } else { other }).into()
    };
    match column {
        Column::Village => place(Level::Village),
        Column::Group => place(Level::Group),
        Column::House => text(&row.house_number),
        Column::Number => row.household.into(),
        Column::Head => text(&row.head),
        Column::Relation => told(relation),
        Column::Name => told(name),
        Column::Sex => {
            let known =
                [Sex::Male, Sex::Female].into_iter().find(|own| sex.as_deref() == Some(sex_key(*own)));
            known.map(cells::sex_word).into()
        }
        Column::Birth => day(*birth_day),
        Column::Address => text(&row.address),
        Column::Registration => {
            one_of(registration.as_deref() == Some("lodging"), cells::LODGING, cells::REGISTERED)
        }
        Column::Presence => one_of(away, cells::AWAY, cells::AT_HOME),
        Column::Whereabouts => told(whereabouts),
        Column::AwaySince => day(presence_since.filter(|_| away)),
        Column::Tags => text(&tags(row)),
        Column::Contact => told(&row.contact),
        Column::Identity | Column::Phone | Column::HousePhone | Column::Away | Column::Key => Cell::Empty,
    }
}

/// What is to be known of a household. A line without a person is read again as that of a house in
/// which nobody lives, and it alone.
fn tags(row: &ExportRow) -> String {
    let tags = row.tags.split_whitespace().filter_map(cells::tag_word);
    let vacant = row.occupancy == Occupancy::Vacant.key() || row.resident.name.is_none();
    tags.chain(vacant.then_some(cells::VACANT)).collect::<Vec<_>>().join("、")
}
