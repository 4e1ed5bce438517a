//! The first two accounts of a town, each with a one-time sign-in slip.

use base::{Division, Moment, Role};
use db::Tx;

use super::founding::Refused;
use crate::accounts::{self, New};
use crate::vault::Vault;

/// Makes an account (login, name) with a role, and gives the code of its slip as paper shows it:
/// 7K3M-9QXD.
pub async fn seat(
    tx: &mut Tx,
    vault: &Vault,
    (login, name): &(String, String),
    held: (Role, Division),
    now: Moment,
) -> Result<String, Refused> {
    let new = New { login, name, phone_sealed: None, roles: &[held] };
    let made = accounts::create(tx, &new, now).await;
    let account = made.map_err(|error| match db::is_taken(&error) {
        true => Refused::Taken(login.clone()),
        false => error.into(),
    })?;
    Ok(accounts::make_slip(tx, vault, account, now).await?.grouped())
}
