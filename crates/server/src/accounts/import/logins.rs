//! Logins made from names: the pinyin, with a number where another has it.

use std::collections::HashSet;

use db::Snapshot;

use super::super::store;

/// Logins for people, in the order given; none is in use, none is twice, none is in `besides`.
pub async fn free_logins(
    tx: &mut Snapshot,
    names: &[&str],
    besides: &HashSet<String>,
) -> db::Result<Vec<String>> {
    let stems: Vec<String> = names.iter().map(|name| stem(name)).collect();
    let mut used = store::taken(tx, &stems).await?;
    used.extend(besides.iter().cloned());
    let mut asked = HashSet::new();
    let mut logins = Vec::with_capacity(stems.len());
    for stem in stems {
        let mut login = stem.clone();
        if used.contains(&login) {
            if asked.insert(stem.clone()) {
                used.extend(store::logins_from(tx, &stem).await?);
            }
            login = numbered(&stem, &used);
        }
        used.insert(login.clone());
        logins.push(login);
    }
    Ok(logins)
}

/// A login for one person.
pub async fn free_login(tx: &mut Snapshot, name: &str) -> db::Result<String> {
    let made = free_logins(tx, &[name], &HashSet::new()).await?;
    made.into_iter().next().ok_or(sqlx::Error::RowNotFound)
}

/// The pinyin of a name, with room for a number.
fn stem(name: &str) -> String {
    let pinyin: String = base::pinyin(name).chars().take(30).collect();
    if pinyin.len() < 2 { format!("user{pinyin}") } else { pinyin }
}

fn numbered(stem: &str, used: &HashSet<String>) -> String {
    let mut number = 2_u64;
    loop {
        let login = format!("{stem}{number}");
        if !used.contains(&login) {
            return login;
        }
        number += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_the_name_as_it_is_typed() {
        assert_eq!(stem("张文秀"), "zhangwenxiu");
        assert_eq!(stem("·"), "user");
        let used = ["zhangwei", "zhangwei2", "zhangwei3"].map(str::to_owned).into();
        assert_eq!(numbered("zhangwei", &used), "zhangwei4");
    }
}
