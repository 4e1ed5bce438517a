//! Who is who in the demonstration: the numbers of its people, and who plays which role.

use std::sync::Arc;

use base::{Division, Level, Role};
use sim::{Kind, Town};

/// The numbers that the loaders give in an empty database: households, residents, stewards and
/// accounts each from 1 in the town's order; stewards have the first accounts.
#[derive(Clone, Debug)]
pub struct Numbers {
    /// Residents before each household.
    before: Vec<i64>,
}

impl Numbers {
    pub fn of(town: &Town) -> Numbers {
        let mut sum = 0;
        let before = town.households.iter().map(|household| {
            let before = sum;
            sum += i64::try_from(household.residents.len()).unwrap_or(0);
            before
        });
        Numbers { before: before.collect() }
    }

    pub fn household(&self, place: u32) -> i64 {
        i64::from(place) + 1
    }

    /// The place in the town of a household's number; nothing for one that no town has.
    pub fn place(household: i64) -> Option<u32> {
        u32::try_from(household - 1).ok()
    }

    pub fn resident(&self, household: u32, place: u16) -> i64 {
        self.before.get(household as usize).copied().unwrap_or(0) + i64::from(place) + 1
    }

    pub fn steward(&self, place: u32) -> i64 {
        i64::from(place) + 1
    }

    pub fn account(&self, steward: u32) -> i64 {
        i64::from(steward) + 1
    }
}

/// An account to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccount {
    pub login: String,
    pub name: String,
    /// The roles held, by appointment or stewardship.
    pub appointments: Vec<(Role, Division)>,
}

impl NewAccount {
    /// What is appointed. Street leads and town cadres hold their roles by their stewardships, and
    /// are appointed as contacts where they belong (ADR 6).
    pub fn given(&self) -> Vec<(Role, Division)> {
        let given = |(role, division): &(Role, Division)| match role {
            Role::StreetLead | Role::TownCadre => (Role::HouseholdContact, *division),
            _ => (*role, *division),
        };
        self.appointments.iter().map(given).collect()
    }
}

/// Everybody who signs in: the stewards in their order, then those who hold the other offices.
pub fn accounts(town: &Town) -> Vec<NewAccount> {
    let stewards = (0_u32..).zip(&town.stewards);
    let stewards = stewards.map(|(place, steward)| NewAccount {
        login: format!("{}{}", base::initials(&steward.name), place + 1),
        name: steward.name.clone(),
        appointments: roles(town, place, steward),
    });
    stewards.chain(officers(town)).collect()
}

fn roles(town: &Town, place: u32, steward: &sim::Steward) -> Vec<(Role, Division)> {
    let own = match steward.kind {
        Kind::TownLeader => Role::DutyLeader,
        Kind::TownCadre => Role::TownCadre,
        Kind::VillageCadre => Role::StreetLead,
        Kind::PartyMember | Kind::Representative | Kind::Volunteer => Role::HouseholdContact,
    };
    let office = town.villages.iter().find(|village| head_of(village) == Some(place));
    let office = office.map(|village| (Role::VillageCadre, village.place.division));
    std::iter::once((own, steward.division)).chain(office).collect()
}

/// Who keeps a village's office: the lead of its first street that has one.
fn head_of(village: &sim::Village) -> Option<u32> {
    village.groups.iter().find_map(|group| group.lead)
}

/// The other offices of the town, with made-up names.
fn officers(town: &Town) -> Vec<NewAccount> {
    const NAMES: [(Role, &str, &str); 15] = [
        (Role::Headquarters, "headquarters", "贾文博"),
        (Role::HealthCentre, "health-centre", "尉春燕"),
        (Role::Police, "police", "盖志刚"),
        (Role::Inspector, "inspector", "邓秀珍"),
        (Role::GateGuard, "gate-guard", "邢二虎"),
        (Role::SupplyKeeper, "supply-keeper", "段改花"),
        (Role::Publicity, "publicity", "柴晓宇"),
        (Role::VolunteerCoordinator, "volunteer-coordinator", "晋雅丽"),
        (Role::LivestockStation, "livestock-station", "关满仓"),
        (Role::PlaceOwner, "place-owner", "席海生"),
        (Role::ReportApprover, "report-checker", "毛建平"),
        (Role::ReportApprover, "report-signer", "苏国强"),
        (Role::Auditor, "auditor", "常慧敏"),
        (Role::SuperiorObserver, "superior-observer", "靳远山"),
        (Role::Administrator, "administrator", "侯亚楠"),
    ];
    let village = home(town).map_or(town.place.division, |village| village.place.division);
    let county = town.place.division.at(Level::County).unwrap_or(town.place.division);
    let officer = |(role, login, name): (Role, &str, &str)| {
        let division = match role {
            Role::GateGuard | Role::PlaceOwner => village,
            Role::SuperiorObserver => county,
            _ => town.place.division,
        };
        NewAccount { login: login.into(), name: name.into(), appointments: vec![(role, division)] }
    };
    NAMES.into_iter().map(officer).collect()
}

/// The village where the demonstration begins: 北街村, which had the town's check station.
fn home(town: &Town) -> Option<&sim::Village> {
    town.villages.iter().find(|village| village.name == "北街村").or(town.villages.first())
}

/// The person by whom a role is shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Star {
    pub role: Role,
    pub account: i64,
    pub name: String,
    /// Where the role is held, as people say it.
    pub place: String,
}

/// One person for each role. Cloning shares them.
#[derive(Clone, Debug)]
pub struct Cast(Arc<Vec<Star>>);

impl Cast {
    /// Chooses the people: the contact with most households still to check, and with him his street
    /// lead, his village's office and its town cadre, so that all of them look at the same street.
    /// `waits` says whether a household still waits for its check.
    pub fn of(town: &Town, waits: impl Fn(u32) -> bool) -> Cast {
        let accounts = accounts(town);
        let contact = contact(town, waits);
        let stars = Role::ALL.iter().filter_map(|role| {
            let account = steward_of(town, contact, *role).or_else(|| {
                let place = accounts.iter().position(|a| a.appointments.iter().any(|(own, _)| own == role));
                place.and_then(|place| u32::try_from(place).ok())
            })?;
            let of = accounts.get(account as usize)?;
            let (_, division) = of.appointments.iter().find(|(own, _)| own == role)?;
            let (account, place) = (i64::from(account) + 1, place_name(town, *division));
            Some(Star { role: *role, account, name: of.name.clone(), place })
        });
        Cast(Arc::new(stars.collect()))
    }

    pub fn stars(&self) -> &[Star] {
        &self.0
    }

    pub fn star(&self, role: Role) -> Option<&Star> {
        self.0.iter().find(|star| star.role == role)
    }
}

/// The contact with most households to check; of equals one of the home village.
fn contact(town: &Town, waits: impl Fn(u32) -> bool) -> Option<u32> {
    let mut left = vec![0_u32; town.stewards.len()];
    for (place, household) in (0_u32..).zip(&town.households) {
        if let Some(contact) = household.contact
            && household.occupancy == sim::Occupancy::Lived
            && waits(place)
        {
            left[contact as usize] += 1;
        }
    }
    let contacts = (0_u32..).zip(&town.stewards).filter(|(_, steward)| {
        matches!(steward.kind, Kind::PartyMember | Kind::Representative | Kind::Volunteer)
    });
    let home = home(town).map(|village| village.place.division);
    let at_home = |division: Division| home.is_some_and(|home| home.contains(division));
    let rank = |(place, steward): &(u32, &sim::Steward)| (left[*place as usize], at_home(steward.division));
    contacts.max_by_key(rank).map(|(place, _)| place)
}

/// Who holds a role over the households of a contact.
fn steward_of(town: &Town, contact: Option<u32>, role: Role) -> Option<u32> {
    let contact = contact?;
    let division = town.stewards.get(contact as usize)?.division;
    let village = town.villages.iter().find(|village| village.place.division.contains(division))?;
    match role {
        Role::HouseholdContact => Some(contact),
        Role::StreetLead => village.groups.iter().find(|group| group.division == division)?.lead,
        Role::VillageCadre => head_of(village),
        Role::TownCadre => Some(village.cadre),
        _ => None,
    }
}

fn place_name(town: &Town, division: Division) -> String {
    let village = town.villages.iter().find(|village| village.place.division.contains(division));
    let group = village.and_then(|v| v.groups.iter().find(|group| group.division == division));
    match (village, group) {
        (Some(village), Some(group)) => format!("{}{}", village.name, group.name),
        (Some(village), None) => village.name.clone(),
        _ => town.above.iter().find(|place| place.division == division).unwrap_or(&town.place).name.clone(),
    }
}
