//! What a contact should know of a household, from its people.

use base::Day;

use crate::dice::Dice;
use crate::household::Resident;
use crate::words::{Relation, Tag};

/// What a household is tagged with on a day.
pub(crate) fn tags(dice: &mut Dice, residents: &[Resident], today: Day) -> Vec<Tag> {
    let home: Vec<i32> =
        residents.iter().filter(|r| !r.away_on(today)).map(|r| r.birth.age_on(today)).collect();
    let oldest = home.iter().copied().max().unwrap_or(0);
    let facts = [
        (Tag::LivingAlone, home.len() == 1),
        (Tag::Elderly, !home.is_empty() && home.iter().all(|age| *age >= 65)),
        (Tag::NoPhone, !residents.is_empty() && residents.iter().all(|r| r.phone.is_none())),
        (Tag::Disabled, !home.is_empty() && dice.chance(450)),
        (Tag::Chronic, oldest >= 60 && dice.chance(2_200)),
        (Tag::Infant, home.iter().any(|age| *age < 3)),
        (Tag::LeftBehind, left_behind(residents, today)),
        (Tag::LowIncome, !home.is_empty() && dice.chance(if oldest >= 65 { 700 } else { 250 })),
        (Tag::Lodgers, residents.iter().any(|r| r.relation == Relation::Lodger)),
    ];
    facts.into_iter().filter(|fact| fact.1).map(|fact| fact.0).collect()
}

/// A child under 16 is at home, its parents are not.
fn left_behind(residents: &[Resident], today: Day) -> bool {
    const PARENTS: [(Relation, Relation); 4] = [
        (Relation::Grandson, Relation::Son),
        (Relation::Granddaughter, Relation::Son),
        (Relation::Son, Relation::Head),
        (Relation::Daughter, Relation::Head),
    ];
    let away = |relation: Relation| {
        let mut generation = residents.iter().filter(|r| match relation {
            Relation::Son => matches!(r.relation, Relation::Son | Relation::DaughterInLaw),
            _ => matches!(r.relation, Relation::Head | Relation::Spouse),
        });
        generation.all(|r| r.away_on(today))
    };
    let child = |r: &&Resident| !r.away_on(today) && r.birth.age_on(today) < 16;
    residents.iter().filter(child).any(|r| PARENTS.iter().any(|(own, of)| r.relation == *own && away(*of)))
}
