//! What a daily report says. These types are also its sealed form: their JSON is what is hashed,
//! so a field that has been sealed keeps its name and meaning.

use base::{Day, Moment};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A figure of the three reports.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Count {
    /// Of the report's own day, up to its cut-off. Null: not known, see `complete`.
    pub day: Option<i64>,
    /// Since the cut-off of the report before; of several days, person-times: somebody told of on two
    /// days counts twice.
    pub since: Option<i64>,
    /// Since the operation began, in person-times.
    pub total: Option<i64>,
}

/// The figures of a village, or of the whole town.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Figures {
    /// Households due; always `done + late + unreachable + silent`.
    pub expected: i64,
    pub done: i64,
    pub late: i64,
    pub unreachable: i64,
    pub silent: i64,
    /// Whether nobody is silent, or the village has confirmed that nothing else happened. Where
    /// not, zeros are null and other figures are at least what they say.
    pub complete: bool,
    /// Returnees.
    pub returnees: Count,
    /// Persons from elsewhere who entered.
    pub visitors: Count,
    /// Key persons whose temperature is due.
    pub key_due: i64,
    /// Of these, measured.
    pub key_measured: Count,
    /// Key persons with fever; a zero is known only when somebody is listed and all were measured.
    pub key_feverish: Count,
    pub fevers: Option<i64>,
    pub symptoms: Option<i64>,
    pub needs: Option<i64>,
}

impl Figures {
    /// Done and late of the expected, in tenths of a percent; nothing where nobody is expected.
    pub fn coverage(&self) -> Option<i64> {
        (self.expected > 0).then(|| (self.done + self.late) * 1_000 / self.expected)
    }

    /// Key persons who were not measured.
    pub fn key_missing(&self) -> i64 {
        (self.key_due - self.key_measured.day.unwrap_or(0)).max(0)
    }
}

/// How a figure is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    Exactly(i64),
    /// There may be more: somebody is still silent.
    AtLeast(i64),
    Unknown,
}

/// A figure that is known only as far as its round is complete.
pub fn shown(figure: Option<i64>, complete: bool) -> Shown {
    match figure {
        None => Shown::Unknown,
        Some(figure) if complete => Shown::Exactly(figure),
        Some(figure) => Shown::AtLeast(figure),
    }
}

/// A figure as it may be written down: a zero only where it is known.
pub fn known(figure: i64, complete: bool) -> Option<i64> {
    (complete || figure != 0).then_some(figure)
}

/// Who did something to a report, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Signature {
    pub account: i64,
    pub name: String,
    /// Milliseconds since 1970.
    #[schema(value_type = i64)]
    pub at: Moment,
}

/// Who owes what is missing in a village.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Owing {
    /// The town cadre of the village; null where there is none.
    pub cadre: Option<String>,
    /// Who stood in for him on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<String>,
    pub groups: Vec<OwingGroup>,
}

/// A street or team with silent households, or with key persons who were not measured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OwingGroup {
    pub name: String,
    pub silent: i64,
    /// Key persons due who were not measured.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub unmeasured: i64,
    /// The street lead; null where there is none.
    pub lead: Option<String>,
    /// Who stood in for him on the day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<String>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "what serde asks with")]
fn is_zero(number: &i64) -> bool {
    *number == 0
}

/// One village of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Line {
    /// The division's code, 12 digits.
    pub division: String,
    pub name: String,
    pub figures: Figures,
    /// Who said that nothing else happened.
    pub confirmed: Option<Signature>,
    /// Null where nobody is silent and no measurement is missing, and for whom names are not meant.
    pub owing: Option<Owing>,
    /// BLAKE3 of the rows that the figures count; null while the figures are live.
    pub rows: Option<String>,
}

/// The figures of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Content {
    /// The town's code, nine digits.
    pub town: String,
    pub name: String,
    #[schema(value_type = String, format = Date)]
    pub day: Day,
    /// Only what happened before this moment counts: the cut-off, or the present before it.
    #[schema(value_type = i64)]
    pub as_of: Moment,
    /// The cut-off of the report before; null for the first.
    #[schema(value_type = Option<i64>)]
    pub since: Option<Moment>,
    pub villages: Vec<Line>,
    /// Null for who sees a part of the town only.
    pub total: Option<Figures>,
}

/// A sealed report: the body that is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sealed {
    #[serde(flatten)]
    pub head: super::chain::Head,
    pub content: Content,
    pub compiled: Signature,
    pub checked: Signature,
    pub signed: Signature,
}

/// A figure that a correction changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Change {
    pub division: String,
    pub name: String,
    /// The figure's name in the report, such as `returnees` (of the day).
    pub figure: String,
    /// Null: not known.
    pub old: Option<i64>,
    pub new: Option<i64>,
}

/// A sealed correction note: the body that is hashed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    #[serde(flatten)]
    pub head: super::chain::Head,
    pub changes: Vec<Change>,
    pub why: String,
    pub written: Signature,
}
