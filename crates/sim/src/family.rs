//! Who lives together: the shapes of families, with ages that could be true.

use base::Sex;

use crate::dice::Dice;
use crate::names::{Surnames, surname};
use crate::words::Relation;

/// A member of a family before name, birth date and numbers are drawn.
pub(crate) struct Member {
    pub relation: Relation,
    pub sex: Sex,
    /// Full years on the town's day.
    pub age: i32,
    pub surname: &'static str,
}

#[derive(Clone, Copy)]
enum Shape {
    ElderAlone,
    ElderCouple,
    AdultAlone,
    Couple,
    /// A couple with children.
    Nuclear,
    /// A couple with children and the head's parents.
    WithParents,
    /// A couple with a married son and grandchildren.
    WithGrandchildren,
}

/// Shapes and how many of a thousand lived-in households have them.
const SHAPES: [(Shape, u32); 7] = [
    (Shape::ElderAlone, 65),
    (Shape::ElderCouple, 80),
    (Shape::AdultAlone, 15),
    (Shape::Couple, 40),
    (Shape::Nuclear, 300),
    (Shape::WithParents, 250),
    (Shape::WithGrandchildren, 250),
];

/// The youngest and oldest a mother was when her child was born.
const MOTHER: (i32, i32) = (20, 34);
/// Children over this age have a household of their own.
const GROWN: i32 = 27;

/// A family of the village; the head stands first.
pub(crate) fn family(dice: &mut Dice, surnames: &Surnames) -> Vec<Member> {
    let name = surnames.family(dice);
    match dice.weigh(&SHAPES) {
        Shape::ElderAlone => {
            let sex = if dice.chance(6_000) { Sex::Female } else { Sex::Male };
            vec![Member { relation: Relation::Head, sex, age: dice.between(62, 90), surname: name }]
        }
        Shape::AdultAlone => vec![man(Relation::Head, dice.between(26, 61), name)],
        Shape::ElderCouple => couple(dice, name, (62, 86)),
        Shape::Couple => couple(dice, name, (44, 64)),
        Shape::Nuclear => nuclear(dice, name),
        Shape::WithParents => with_parents(dice, name),
        Shape::WithGrandchildren => with_grandchildren(dice, name),
    }
}

/// A household that moved to a city together.
pub(crate) fn family_away(dice: &mut Dice, surnames: &Surnames) -> Vec<Member> {
    let name = surnames.family(dice);
    nuclear(dice, name)
}

/// One or two people who rent a room.
pub(crate) fn lodgers(dice: &mut Dice) -> Vec<Member> {
    let count = 1 + dice.below(2);
    let lodger = |dice: &mut Dice| Member {
        relation: Relation::Lodger,
        sex: either(dice),
        age: dice.between(19, 52),
        surname: surname(dice),
    };
    (0..count).map(|_| lodger(dice)).collect()
}

fn couple(dice: &mut Dice, name: &'static str, ages: (i32, i32)) -> Vec<Member> {
    let age = dice.between(ages.0, ages.1);
    let husband = man(Relation::Head, age, name);
    let wife = woman(Relation::Spouse, age - dice.between(-2, 4), surname(dice));
    if dice.chance(700) {
        // Here the wife heads the household.
        let head = Member { relation: Relation::Head, ..wife };
        return vec![head, Member { relation: Relation::Spouse, ..husband }];
    }
    vec![husband, wife]
}

fn nuclear(dice: &mut Dice, name: &'static str) -> Vec<Member> {
    let mut members = couple(dice, name, (26, 56));
    let mother = members.iter().find(|member| member.sex == Sex::Female).map_or(30, |wife| wife.age);
    children(dice, &mut members, mother, name);
    members
}

fn children(dice: &mut Dice, members: &mut Vec<Member>, mother: i32, name: &'static str) {
    let count = dice.weigh(&[(1, 38), (2, 50), (3, 12)]);
    for age in children_ages(dice, mother, count) {
        let sex = either(dice);
        let relation = if sex == Sex::Male { Relation::Son } else { Relation::Daughter };
        members.push(Member { relation, sex, age, surname: name });
    }
}

/// Ages of `count` children of a mother, eldest first, a year or more apart; fewer where her age
/// leaves no room.
fn children_ages(dice: &mut Dice, mother: i32, count: usize) -> Vec<i32> {
    let (youngest, oldest) = ((mother - MOTHER.1).max(0), (mother - MOTHER.0).min(GROWN));
    let mut ages = Vec::with_capacity(count);
    for _ in 0..count {
        if youngest > oldest {
            break;
        }
        let age = dice.between(youngest, oldest);
        if !ages.contains(&age) {
            ages.push(age);
        }
    }
    ages.sort_unstable_by_key(|age| -age);
    ages
}

fn with_parents(dice: &mut Dice, name: &'static str) -> Vec<Member> {
    let age = dice.between(27, 57);
    let mut members = vec![
        man(Relation::Head, age, name),
        woman(Relation::Spouse, age - dice.between(-2, 4), surname(dice)),
    ];
    let mother = members[1].age;
    children(dice, &mut members, mother, name);
    let grandmother = age + dice.between(MOTHER.0, MOTHER.1);
    let grandfather = grandmother + dice.between(-1, 4);
    let (his, hers) = dice.weigh(&[((true, true), 50), ((false, true), 34), ((true, false), 16)]);
    if his {
        members.push(man(Relation::Father, grandfather, name));
    }
    if hers {
        members.push(woman(Relation::Mother, grandmother, surname(dice)));
    }
    members
}

fn with_grandchildren(dice: &mut Dice, name: &'static str) -> Vec<Member> {
    let age = dice.between(49, 68);
    let mut members = vec![
        man(Relation::Head, age, name),
        woman(Relation::Spouse, age - dice.between(-2, 4), surname(dice)),
    ];
    let son = members[1].age - dice.between(MOTHER.0, 23);
    let wife = (son - dice.between(-1, 3)).max(21);
    members.push(man(Relation::Son, son, name));
    members.push(woman(Relation::DaughterInLaw, wife, surname(dice)));
    let count = dice.weigh(&[(1, 48), (2, 44), (3, 8)]);
    for age in children_ages(dice, wife, count) {
        let sex = either(dice);
        let relation = if sex == Sex::Male { Relation::Grandson } else { Relation::Granddaughter };
        members.push(Member { relation, sex, age, surname: name });
    }
    members
}

fn man(relation: Relation, age: i32, surname: &'static str) -> Member {
    Member { relation, sex: Sex::Male, age, surname }
}

fn woman(relation: Relation, age: i32, surname: &'static str) -> Member {
    Member { relation, sex: Sex::Female, age, surname }
}

fn either(dice: &mut Dice) -> Sex {
    if dice.chance(5_150) { Sex::Male } else { Sex::Female }
}
