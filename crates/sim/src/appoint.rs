//! Appoints the stewards of a town. A few gaps are left on purpose, so that a coverage page has
//! something to show.

use base::{Division, Sex};

use crate::dice::Dice;
use crate::household::Household;
use crate::loads::loads;
use crate::names::{full_name, surname};
use crate::papers::Papers;
use crate::stewards::Steward;
use crate::town::Town;
use crate::words::{Kind, Occupancy, Relation};

const STEWARDS: u64 = 0x21;
/// Households left without contact, of 10,000.
const WITHOUT_CONTACT: u32 = 25;

/// Appoints the stewards of a town that has its people.
pub(crate) fn appoint(town: &mut Town, papers: &mut Papers) {
    let mut dice = Dice::of(town.seed, &[STEWARDS]);
    lead_town(town, &mut dice, papers);
    let vacant_lead = leadless(town, &mut dice);
    for village in 0..town.villages.len() {
        for group in 0..town.villages[village].groups.len() {
            let mut staff = Staff::of(town, village, group);
            if vacant_lead != Some((village, group)) {
                staff.lead(town, &mut dice, papers);
            }
            staff.contacts(town, &mut dice, papers);
        }
    }
}

fn lead_town(town: &mut Town, dice: &mut Dice, papers: &mut Papers) {
    const TITLES: [&str; 4] = ["科员", "干事", "办事员", "站所负责人"];
    let branch = format!("{}机关党支部", town.place.name);
    let cadre = |dice: &mut Dice, papers: &mut Papers, kind, title, division| Steward {
        kind,
        title,
        division,
        ..outsider(dice, papers, branch.clone())
    };
    let leader = cadre(dice, papers, Kind::TownLeader, "指挥长", town.place.division);
    town.stewards.push(leader);
    for village in &mut town.villages {
        village.cadre = town.stewards.len() as u32;
        let title = dice.pick(&TITLES);
        town.stewards.push(cadre(dice, papers, Kind::TownCadre, title, village.place.division));
    }
}

/// The one team area without street lead; none in a town too small to spare one.
fn leadless(town: &Town, dice: &mut Dice) -> Option<(usize, usize)> {
    let village = dice.below(town.villages.len() as u32) as usize;
    let groups = town.villages.get(village)?.groups.len();
    (groups >= 3).then(|| (village, groups - 1))
}

/// Somebody who lives outside the town's register.
fn outsider(dice: &mut Dice, papers: &mut Papers, branch: String) -> Steward {
    let sex = if dice.chance(6_800) { Sex::Male } else { Sex::Female };
    let year = i16::try_from(dice.between(1_964, 1_994)).unwrap_or(1_980);
    let family = surname(dice);
    Steward {
        name: full_name(dice, family, sex, year),
        sex,
        phone: papers.phone(),
        kind: Kind::Volunteer,
        title: "",
        branch,
        resident: None,
        division: Division::COUNTRY,
        load: 0,
    }
}

/// The stewards of one team area in the making.
struct Staff {
    village: usize,
    group: usize,
    division: Division,
    households: (u32, u32),
    branch: String,
    lead: Option<u32>,
}

impl Staff {
    fn of(town: &Town, village: usize, group: usize) -> Staff {
        let (of_village, of_group) = (&town.villages[village], &town.villages[village].groups[group]);
        Staff {
            village,
            group,
            division: of_group.division,
            households: of_group.households,
            branch: format!("{}党支部", of_village.name),
            lead: None,
        }
    }

    fn lead(&mut self, town: &mut Town, dice: &mut Dice, papers: &mut Papers) {
        let all: Vec<u32> = (self.households.0..self.households.1).collect();
        let person = self.recruit(town, dice, papers, &all);
        let street = town.villages[self.village].groups[self.group].name.ends_with(['街', '巷']);
        let title = if street { "街长" } else { "队长" };
        self.lead = Some(town.stewards.len() as u32);
        town.villages[self.village].groups[self.group].lead = self.lead;
        town.stewards.push(Steward { kind: Kind::VillageCadre, title, ..person });
    }

    /// Gives every household a contact of the neighbourhood, but for a few that go without; these
    /// fall to the street lead.
    fn contacts(&mut self, town: &mut Town, dice: &mut Dice, papers: &mut Papers) {
        let all = self.households.0..self.households.1;
        let (without, with): (Vec<u32>, Vec<u32>) =
            all.partition(|_| self.lead.is_some() && dice.chance(WITHOUT_CONTACT));
        if let Some(lead) = self.lead {
            walk(town, &without, lead, false);
        }
        let mut from = 0;
        for size in loads(dice, with.len() as u32) {
            let near = &with[from..from + size];
            from += size;
            let person = self.recruit(town, dice, papers, near);
            let kind =
                dice.weigh(&[(Kind::PartyMember, 45), (Kind::Representative, 33), (Kind::Volunteer, 22)]);
            town.stewards.push(Steward { kind, title: "包户人", ..person });
            walk(town, near, town.stewards.len() as u32 - 1, true);
        }
    }

    /// A grown-up with a telephone who is at home, from near by; where there is none, somebody sent.
    fn recruit(&self, town: &Town, dice: &mut Dice, papers: &mut Papers, near: &[u32]) -> Steward {
        let start = dice.below(near.len() as u32) as usize;
        let lead = self.lead.and_then(|lead| town.stewards[lead as usize].resident);
        let order = near[start..].iter().chain(&near[..start]);
        let found = order.copied().find_map(|at| {
            let resident = able(town, &town.households[at as usize])?;
            (lead != Some((at, resident))).then_some((at, resident))
        });
        let sent = |dice: &mut Dice, papers: &mut Papers| outsider(dice, papers, self.branch.clone());
        let Some((at, place)) = found else {
            return Steward { division: self.division, ..sent(dice, papers) };
        };
        let resident = &town.households[at as usize].residents[usize::from(place)];
        Steward {
            name: resident.name.clone(),
            sex: resident.sex,
            phone: resident.phone.clone().unwrap_or_default(),
            kind: Kind::Volunteer,
            title: "",
            branch: self.branch.clone(),
            resident: Some((at, place)),
            division: self.division,
            load: 0,
        }
    }
}

fn able(town: &Town, household: &Household) -> Option<u16> {
    if household.occupancy != Occupancy::Lived {
        return None;
    }
    let fits = |resident: &crate::Resident| {
        (25..=66).contains(&resident.birth.age_on(town.today))
            && resident.travel.is_none()
            && resident.phone.is_some()
            && resident.relation != Relation::Lodger
    };
    household.residents.iter().position(fits).and_then(|place| u16::try_from(place).ok())
}

/// Puts households into a steward's daily walk, in their order along the street.
fn walk(town: &mut Town, households: &[u32], steward: u32, contact: bool) {
    for (turn, at) in (0_u16..).zip(households) {
        let household = &mut town.households[*at as usize];
        household.turn = turn;
        household.contact = contact.then_some(steward);
    }
    town.stewards[steward as usize].load = households.len() as u16;
}
