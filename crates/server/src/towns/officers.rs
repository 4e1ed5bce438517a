//! The first two accounts of a town, each with a one-time sign-in slip.

use base::{Division, Moment, Role, fold_width};
use db::Tx;
use rand::RngExt as _;

use super::founding::Refused;
use super::store;
use crate::vault::Vault;

/// A login as it is stored; nothing for what is none.
pub fn login_of(text: &str) -> Option<String> {
    let login = fold_width(text).to_lowercase();
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_');
    ((2..=40).contains(&login.len()) && login.bytes().all(plain)).then_some(login)
}

/// A person's name as it is stored; nothing for what is none.
pub fn name_of(text: &str) -> Option<String> {
    let name = fold_width(text);
    let fits = (1..=40).contains(&name.chars().count()) && !name.chars().any(char::is_control);
    fits.then_some(name)
}

/// Letters and digits without look-alikes: no I, L, O, U.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// How long a slip opens.
const VALID_DAYS: i64 = 14;

/// Makes an account (login, name) with a role, and gives the code of its slip as paper shows it:
/// 7K3M-9QXD.
pub async fn seat(
    tx: &mut Tx,
    vault: &Vault,
    (login, name): &(String, String),
    (role, division): (Role, Division),
    now: Moment,
) -> Result<String, Refused> {
    let made = store::add_account(tx, login, name, now).await;
    let account = made.map_err(|error| match db::is_taken(&error) {
        true => Refused::Taken(login.clone()),
        false => error.into(),
    })?;
    store::appoint(tx, account, role, division).await?;
    let code: String = (0..8).map(|_| char::from(ALPHABET[rand::rng().random_range(0..32)])).collect();
    let expires = now.plus_minutes(VALID_DAYS * 24 * 60);
    store::add_slip(tx, &vault.index(&code), account, now, expires).await?;
    Ok(format!("{}-{}", &code[..4], &code[4..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_is_plain_and_lower_case() {
        assert_eq!(login_of(" Ａdmin.1 ").as_deref(), Some("admin.1"));
        assert_eq!((login_of("a"), login_of("指挥部")), (None, None));
        assert_eq!((name_of(" 张三 ").as_deref(), name_of("　")), (Some("张三"), None));
    }
}
