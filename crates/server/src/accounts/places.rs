//! Divisions as people write them: a code, or the name that is said.

use std::collections::HashMap;

use base::{Division, Level};
use db::Snapshot;

use crate::access::Scope;
use crate::divisions;
use crate::web::short_name;

/// Divisions that may be chosen by name; a larger scope takes codes only.
const MOST_NAMED: i64 = 50_000;

/// The divisions of a scope, to be found by what somebody typed.
pub struct Places {
    by_name: HashMap<String, Vec<Division>>,
    known: Vec<(Division, String)>,
}

impl Places {
    /// The divisions that somebody with this scope may choose today.
    pub async fn of_scope(tx: &mut Snapshot, scope: &Scope) -> db::Result<Places> {
        Ok(Places::of(&divisions::standing_names(tx, scope, MOST_NAMED).await?))
    }

    /// 北街村民委员会 is found as itself and as 北街村; a street or team with its village before it
    /// (北街村一组), and by its own name where no other has it.
    fn of(divisions: &divisions::Names) -> Places {
        let mut by_name: HashMap<String, Vec<Division>> = HashMap::new();
        let mut known: Vec<(Division, String)> = Vec::new();
        let mut village = String::new();
        for (&division, official) in divisions {
            let short = short_name(official);
            let whole =
                if division.level() == Level::Group { format!("{village}{short}") } else { short.clone() };
            if division.level() == Level::Village {
                village.clone_from(&short);
            }
            for name in [official.clone(), short, whole.clone()] {
                let same = by_name.entry(name).or_default();
                if same.last() != Some(&division) {
                    same.push(division);
                }
            }
            known.push((division, whole));
        }
        Places { by_name, known }
    }

    /// The division meant, within the scope.
    pub fn find(&self, scope: &Scope, text: &str) -> Result<Division, &'static str> {
        let text: String = base::fold_width(text).split_whitespace().collect();
        let coded = Division::from_code(&text);
        let found = match (coded, self.by_name.get(&text).map(Vec::as_slice)) {
            (Some(division), _) => division,
            (None, Some([division])) => *division,
            (None, Some([])) | (None, None) => return Err("account-division-unknown"),
            (None, Some(_)) => return Err("account-division-ambiguous"),
        };
        let stands = coded.is_none() || self.is_known(found);
        if scope.covers(found) && stands { Ok(found) } else { Err("account-division-unknown") }
    }

    /// Whether a division stands today; a scope too large to be listed is not asked.
    fn is_known(&self, division: Division) -> bool {
        let place = self.known.binary_search_by_key(&division, |(known, _)| *known);
        place.is_ok() || self.known.len() >= MOST_NAMED as usize
    }

    /// The names that may be typed, for suggestions.
    pub fn names(&self) -> Vec<String> {
        const SUGGESTED: usize = 600;
        self.known.iter().take(SUGGESTED).map(|(_, name)| name.clone()).collect()
    }
}

#[cfg(test)]
mod tests {
    use base::{Day, Role};

    use super::*;
    use crate::access::{Action, test_person};

    #[test]
    fn a_place_is_found_as_people_call_it() {
        let named = |code: &str, name: &str| (Division::from_code(code).unwrap(), name.to_owned());
        let places = Places::of(&divisions::Names::from([
            named("141023105", "襄陵镇"),
            named("141023105200", "东街村民委员会"),
            named("141023105200001", "一组"),
            named("141023105201", "北街村民委员会"),
            named("141023105201001", "一组"),
        ]));
        let town = Division::from_code("141023105").unwrap();
        let scope = test_person(Role::Administrator, town, Day::new(2020, 2, 3).unwrap())
            .may(Action::ManageAccounts)
            .unwrap();
        let find = |text: &str| places.find(&scope, text).map(Division::code);
        assert_eq!(find("北街村"), Ok("141023105201".into()));
        assert_eq!(find("北街村民委员会"), Ok("141023105201".into()));
        assert_eq!(find(" 北街村 一组"), Ok("141023105201001".into()));
        assert_eq!(find("１４１０２３１０５２０１"), Ok("141023105201".into()));
        assert_eq!(find("一组"), Err("account-division-ambiguous"));
        for unknown in ["", "西街村", "141023105299", "141023106200", "14"] {
            assert_eq!(find(unknown), Err("account-division-unknown"), "{unknown}");
        }
    }
}
