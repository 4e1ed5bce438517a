use base::Moment;

use super::*;
use crate::testing::village;
use crate::vault::Vault;

fn person(name: &str, birth: Option<i8>, house: &str, household: i64) -> Person {
    let division = village(1).child(1).unwrap();
    let birth = birth.map(|day| base::Day::new(1980, 2, day).unwrap());
    Person::new(name, None, birth, At { division, house, head: name }, (true, household))
}

fn by(one: &Person, other: &Person) -> Option<(Named, By)> {
    one.like(other).map(|why| (why.named, why.by))
}

#[test]
fn one_name_is_asked_about_in_its_village_unless_something_tells_the_two_apart() {
    let one = person("王伟", None, "1号", 1);
    assert_eq!(by(&one, &person("王伟", Some(1), "2号", 2)), Some((Named::Same, By::Village)));
    let born = person("王伟", Some(1), "1号", 1);
    assert_eq!(by(&born, &person("王伟", Some(1), "2号", 2)), Some((Named::Same, By::Birth)));
    assert_eq!(by(&born, &person("王伟", Some(2), "2号", 2)), None);
    assert_eq!(by(&born, &person("王伟", Some(2), "1号", 2)), Some((Named::Same, By::House)));
    let numbered = |n| person("王伟", None, "2号", 2).with(vec![vec![n]], vec![]);
    assert_eq!(by(&numbered(1), &numbered(2)), None);
    assert_eq!(
        by(&numbered(1), &person("李三", Some(3), "9号", 9).with(vec![vec![1]], vec![])).unwrap().1,
        By::Number
    );
}

#[test]
fn names_that_are_only_alike_need_a_birth_date_a_phone_or_a_house_in_common() {
    let (one, phone) = (person("王瑞", None, "1号", 1), vec![vec![7]]);
    assert_eq!(by(&one, &person("王端", None, "2号", 2)), None);
    assert_eq!(by(&one, &person("王端", None, "1号", 2)), Some((Named::Shape, By::House)));
    let called = |name, household| person(name, None, "2号", household).with(vec![], phone.clone());
    assert_eq!(by(&called("王维", 2), &called("王伟", 3)), Some((Named::Sound, By::Phone)));
    assert_eq!(by(&called("王维", 2), &called("王伟", 2)), None, "brothers");
    assert_eq!(by(&person("王维", Some(1), "1号", 2), &person("王伟", Some(2), "1号", 3)), None);
}

#[test]
fn the_likeliest_comes_first_and_nobody_twice() {
    let mut people = People::default();
    people.add(person("王伟", None, "9号", 1));
    people.add(person("王维", Some(1), "8号", 2));
    people.add(person("李三", Some(1), "7号", 3));
    let at = people.add(person("王伟", Some(1), "1号", 4));
    people.add(person("王伟", Some(1), "2号", 5));
    let like: Vec<_> = people.before(at).into_iter().map(|(other, why)| (other, why.by)).collect();
    assert_eq!(like, [(1, By::Birth), (0, By::Village)]);
}

#[test]
fn a_decision_is_found_by_the_list_that_asked_and_in_the_register() {
    let vault = Vault::new([7; 32]);
    let (row, known) = (person("王伟", None, "1号", 1), person("王伟", None, "2号", 2));
    let listed = Called::row(row.mark(), 1);
    let why = row.like(&known).unwrap();
    let question = Question::new(&listed, &Called::resident(5, known.mark(), true), why);
    let said = |verdict, by_number| {
        let at = Moment(10);
        let decision = Decision { verdict, by_number, who: String::new(), at };
        Decisions::new([(vault.index(question.text()), decision)])
    };
    let two = said(Verdict::Two, false);
    assert_eq!(two.of(&vault, &question).unwrap().verdict, Verdict::Two);
    // The row has become resident 6.
    let taken =
        Question::new(&Called::resident(5, known.mark(), true), &Called::resident(6, row.mark(), true), why);
    assert_eq!(two.of(&vault, &taken).unwrap().verdict, Verdict::Two);
    let itself = Question::new(&listed, &Called::resident(6, row.mark(), true), why);
    assert_eq!(two.of(&vault, &itself), None);
    let other =
        Question::new(&Called::resident(4, known.mark(), true), &Called::resident(6, row.mark(), true), why);
    assert_eq!(two.of(&vault, &other), None);
    // An identity number that both have asks anew; that they are the same it only confirms.
    let number =
        Question::new(&listed, &Called::resident(5, known.mark(), true), Why { by: By::Number, ..why });
    assert_eq!(two.of(&vault, &number), None);
    assert!(said(Verdict::Two, true).of(&vault, &number).is_some());
    assert!(said(Verdict::Same, false).of(&vault, &number).is_some());
    assert!(said(Verdict::Later, false).since(Moment(10)).of(&vault, &question).is_some());
    assert!(said(Verdict::Later, false).since(Moment(11)).of(&vault, &question).is_none());
}

#[test]
fn what_differs_is_told_by_whole_values_and_shown_masked() {
    let side = |phone: &str| Side { name: "王伟".into(), phone: Some(phone.into()), ..Side::default() };
    let facts = facts(&side("12900000412"), &side("12911110412"));
    let told: Vec<_> = facts.iter().map(|fact| (fact.label, fact.differs)).collect();
    assert_eq!(told, [("resident-name", false), ("resident-phone", true)]);
    assert_eq!(facts[1].said, ["129****0412", "129****0412"].map(|text| Said::Text(text.into())));
}
