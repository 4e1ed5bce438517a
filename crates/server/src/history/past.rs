//! Walking back from what stands.

use std::collections::BTreeSet;

use base::Day;
use serde_json::Value;

use super::object::{Fields, is_told};
use super::store::Change;

/// A field that was changed.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    pub field: String,
    pub was: Value,
    pub is: Value,
}

/// A change of one household or resident, with what it came to.
#[derive(Clone, Debug)]
pub struct Step<'a> {
    pub change: &'a Change,
    /// What it was called then; none where it is no more.
    pub name: Option<String>,
    pub differences: Vec<Difference>,
}

/// What each change of one object came to, from what stands now; both the newest first.
pub fn steps<'a>(now: Option<&Fields>, changes: impl IntoIterator<Item = &'a Change>) -> Vec<Step<'a>> {
    let mut state = now.cloned();
    let mut steps = Vec::new();
    for change in changes {
        let called = |state: &Fields| Some(state.get("name").or(state.get("head"))?.as_str()?.to_owned());
        let mut step = Step { change, name: state.as_ref().and_then(called), differences: Vec::new() };
        if let (Some(state), Some(was)) = (&mut state, &change.was) {
            for (field, was) in was {
                let is = state.insert(field.clone(), was.clone()).unwrap_or_default();
                let difference = Difference { field: field.clone(), was: was.clone(), is };
                step.differences.extend(Some(difference).filter(|of| is_told(&of.field)));
            }
        }
        steps.push(step);
    }
    steps
}

/// What of a household or resident was so on a day, by all that is known of it now; none where it was not
/// in the register yet. `changes` are all of it, or those that hold from later days, the newest first.
///
/// What was told last counts: of each field, what the last change told that holds on the day already; where
/// none does, what stood before all that hold later.
pub fn as_of<'a>(now: &Fields, changes: impl IntoIterator<Item = &'a Change>, day: Day) -> Option<Fields> {
    let (mut then, mut settled) = (now.clone(), BTreeSet::new());
    for change in changes {
        let later = change.from_day > day.number();
        let Some(was) = &change.was else {
            if later {
                return None;
            }
            break;
        };
        for (field, value) in was {
            if !later {
                settled.insert(field);
            } else if !settled.contains(field) {
                then.insert(field.clone(), value.clone());
            }
        }
    }
    Some(then)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn day(day: i8) -> Day {
        Day::new(2020, 2, day).unwrap()
    }

    fn fields(value: Value) -> Fields {
        value.as_object().unwrap().clone()
    }

    fn change(from: i8, was: Option<Value>) -> Change {
        Change { from_day: day(from).number(), was: was.map(fields), ..Change::default() }
    }

    #[test]
    fn every_day_has_what_was_told_of_it_last() {
        let now = fields(json!({ "head": "丙", "address": "新" }));
        // Told on the 9th: from the 3rd on 丙. Before that, from the 5th on 乙. Registered on the 2nd.
        let changes = [
            change(3, Some(json!({ "head": "乙" }))),
            change(5, Some(json!({ "head": "甲", "address": "旧" }))),
            change(2, None),
        ];
        let then = |on| as_of(&now, &changes, day(on));
        assert_eq!(then(9), Some(now.clone()));
        assert_eq!(then(4), Some(fields(json!({ "head": "丙", "address": "旧" }))));
        assert_eq!(then(2), Some(fields(json!({ "head": "甲", "address": "旧" }))));
        assert_eq!(then(1), None);
    }

    #[test]
    fn each_step_tells_from_what_to_what() {
        let now = fields(json!({ "name": "丙", "told_day": null }));
        let changes = [
            change(5, Some(json!({ "name": "乙", "told_day": 20_200_203 }))),
            change(3, Some(json!({ "name": "甲" }))),
            change(2, None),
        ];
        let steps = steps(Some(&now), &changes);
        let told: Vec<_> = steps.iter().flat_map(|step| &step.differences).cloned().collect();
        let difference =
            |was: &str, is: &str| Difference { field: "name".into(), was: json!(was), is: json!(is) };
        assert_eq!(told, [difference("乙", "丙"), difference("甲", "乙")]);
        assert_eq!(
            steps.iter().filter_map(|step| step.name.as_deref()).collect::<Vec<_>>(),
            ["丙", "乙", "甲"]
        );
    }
}
