//! Who answers: the steward of a node, his stand-in while he is away, and whoever is next above
//! where a node has nobody.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use super::Tier;

/// Who answers for a node on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Answerer {
    /// The steward's number within the town.
    pub steward: i64,
    pub name: String,
    /// Masked: 129****0001.
    pub phone: Option<String>,
    /// The level that this person (or whom he stands in for) has of his own.
    pub level: Tier,
    /// The node has nobody of its own: the next above answers until that is put right.
    pub provisional: bool,
    /// Whom this person stands in for on the day.
    pub stands_in_for: Option<String>,
}

/// The stewards of one path of the tree, from the town down, each where there is one.
pub type Held = BTreeMap<Tier, Answerer>;

/// Who answers for a household on a day (分包、负责、监管). Nothing only where nobody up to the
/// town does.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Responsible {
    /// 包户人; the street lead, provisionally, where there is none.
    pub contact: Option<Answerer>,
    /// 街长、队长.
    pub lead: Option<Answerer>,
    /// 包村干部.
    pub cadre: Option<Answerer>,
}

impl Responsible {
    pub fn of(held: &Held) -> Responsible {
        Responsible {
            contact: answers_at(held, Tier::Household),
            lead: answers_at(held, Tier::Group),
            cadre: answers_at(held, Tier::Village),
        }
    }
}

/// Who answers at a level: its own steward, else provisionally the next above.
pub fn answers_at(held: &Held, tier: Tier) -> Option<Answerer> {
    let (level, answerer) = held.range(..=tier).next_back()?;
    Some(Answerer { provisional: *level != tier, ..answerer.clone() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn somebody(steward: i64, level: Tier) -> (Tier, Answerer) {
        let name = format!("某{steward}");
        (level, Answerer { steward, name, phone: None, level, provisional: false, stands_in_for: None })
    }

    #[test]
    fn a_household_without_contact_falls_to_its_street_lead_provisionally() {
        let held = Held::from([somebody(2, Tier::Village), somebody(3, Tier::Group)]);
        let found = Responsible::of(&held);
        let contact = found.contact.unwrap();
        assert_eq!((contact.steward, contact.provisional), (3, true));
        let lead = found.lead.unwrap();
        assert_eq!((lead.steward, lead.provisional), (3, false));
    }

    #[test]
    fn where_a_street_has_no_lead_the_next_above_answers() {
        let held = Held::from([somebody(1, Tier::Town)]);
        let found = Responsible::of(&held);
        for answerer in [found.contact, found.lead, found.cadre] {
            assert_eq!(answerer.map(|a| (a.steward, a.provisional)), Some((1, true)));
        }
        assert_eq!(Responsible::of(&Held::new()), Responsible::default());
    }

    #[test]
    fn a_contact_never_answers_for_what_is_above_him() {
        let held = Held::from([somebody(4, Tier::Household)]);
        assert_eq!(answers_at(&held, Tier::Group), None);
    }
}
