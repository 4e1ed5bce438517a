//! The rules of the round: what a check says, and what all checks of a household's day come to.

use base::{Day, Moment};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The indicators of the round.
pub mod indicators {
    use base::{Indicator, Unit};

    /// Households due on the day.
    pub const EXPECTED: Indicator = Indicator::new("round.expected", Unit::Households);
    /// Checked, and entered before the cut-off.
    pub const DONE: Indicator = Indicator::new("round.done", Unit::Households);
    /// Checked, but entered at or after the cut-off.
    pub const LATE: Indicator = Indicator::new("round.late", Unit::Households);
    /// Tried, with a reason why nobody was reached.
    pub const UNREACHABLE: Indicator = Indicator::new("round.unreachable", Unit::Households);
    /// People whose temperature was taken, and those at or above fever.
    pub const MEASURED: Indicator = Indicator::new("round.measured", Unit::People);
    pub const FEVERISH: Indicator = Indicator::new("round.feverish", Unit::People);
    /// The same among key persons.
    pub const KEY_MEASURED: Indicator = Indicator::new("round.key-measured", Unit::People);
    pub const KEY_FEVERISH: Indicator = Indicator::new("round.key-feverish", Unit::People);
    /// People found, by kind of finding. Whoever is told of on several days counts on each: sums over
    /// days are person-times.
    pub const RETURNEES: Indicator = Indicator::new("finding.returnee", Unit::People);
    pub const VISITORS: Indicator = Indicator::new("finding.visitor", Unit::People);
    pub const FEVERS: Indicator = Indicator::new("finding.fever", Unit::People);
    pub const SYMPTOMS: Indicator = Indicator::new("finding.symptom", Unit::People);
    pub const NEEDS: Indicator = Indicator::new("finding.need", Unit::Times);

    /// Households done or late, by the hour of the day in which somebody was first reached.
    pub const REACHED: [Indicator; 24] = [
        Indicator::new("round.reached-00", Unit::Households),
        Indicator::new("round.reached-01", Unit::Households),
        Indicator::new("round.reached-02", Unit::Households),
        Indicator::new("round.reached-03", Unit::Households),
        Indicator::new("round.reached-04", Unit::Households),
        Indicator::new("round.reached-05", Unit::Households),
        Indicator::new("round.reached-06", Unit::Households),
        Indicator::new("round.reached-07", Unit::Households),
        Indicator::new("round.reached-08", Unit::Households),
        Indicator::new("round.reached-09", Unit::Households),
        Indicator::new("round.reached-10", Unit::Households),
        Indicator::new("round.reached-11", Unit::Households),
        Indicator::new("round.reached-12", Unit::Households),
        Indicator::new("round.reached-13", Unit::Households),
        Indicator::new("round.reached-14", Unit::Households),
        Indicator::new("round.reached-15", Unit::Households),
        Indicator::new("round.reached-16", Unit::Households),
        Indicator::new("round.reached-17", Unit::Households),
        Indicator::new("round.reached-18", Unit::Households),
        Indicator::new("round.reached-19", Unit::Households),
        Indicator::new("round.reached-20", Unit::Households),
        Indicator::new("round.reached-21", Unit::Households),
        Indicator::new("round.reached-22", Unit::Households),
        Indicator::new("round.reached-23", Unit::Households),
    ];

    /// What is counted of households and their findings.
    pub const OF_HOUSEHOLDS: &[Indicator] = &[
        EXPECTED,
        DONE,
        LATE,
        UNREACHABLE,
        MEASURED,
        FEVERISH,
        KEY_MEASURED,
        KEY_FEVERISH,
        RETURNEES,
        VISITORS,
        FEVERS,
        SYMPTOMS,
        NEEDS,
    ];

    /// Every indicator of the round.
    pub fn all() -> impl Iterator<Item = Indicator> {
        OF_HOUSEHOLDS.iter().chain(&REACHED).copied()
    }
}

/// What a check came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// All well, in one tap.
    Well,
    /// With answers.
    Detailed,
    /// Tried, nobody reached; there is a reason.
    Unreachable,
    /// Takes back the check it corrects, which was entered by mistake.
    Withdrawn,
}

/// How a check came in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// By who stood at the door.
    App,
    /// From a sheet of paper.
    Paper,
    /// For somebody who told it.
    Proxy,
}

/// What was found out about one resident. What is not given was not asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResidentAnswer {
    /// The resident's number within the town.
    pub resident: i64,
    /// Degrees Celsius with one decimal, such as 36.5.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    /// Keys of symptoms in the playbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symptoms: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Away>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub back: Option<Back>,
}

/// Not at home: where, and since which day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Away {
    pub place: String,
    #[schema(value_type = String, format = Date)]
    pub since: Day,
}

/// Come back: from where, on which day, how (a key of the playbook's transports).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Back {
    pub from: String,
    #[schema(value_type = String, format = Date)]
    pub on: Day,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub transport: Option<String>,
}

/// Somebody from elsewhere who came to the household.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Visitor {
    pub name: String,
    pub from: String,
}

/// The answers of a detailed check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Answers {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub residents: Vec<ResidentAnswer>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visitors: Vec<Visitor>,
    /// Keys of needs in the playbook.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// A check as it is sent. Its id is made by who sends it (UUIDv7), so that sending twice stores
/// once.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    pub id: Uuid,
    /// The nine-digit code of the town.
    pub town: i64,
    /// The household's number within the town.
    pub household: i64,
    pub outcome: Outcome,
    /// Why nobody was reached: a key of the playbook.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answers: Option<Answers>,
    /// When it happened, in milliseconds since 1970.
    #[schema(value_type = i64)]
    pub happened_at: Moment,
    #[serde(default = "by_app")]
    pub source: Source,
    /// The steward who made the check, when somebody else enters it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub checked_by: Option<i64>,
    /// The check that this one puts right.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub corrects: Option<Uuid>,
}

fn by_app() -> Source {
    Source::App
}
