//! Accounts from the server's own console, where whoever may open the data folder may do all.

use anyhow::{Context as _, bail};
use base::{Division, Role};
use serde_json::json;

use super::model::{self, Code, New};
use super::store::account::{Listed, everyone, set_disabled};
use super::store::{self, sessions, slips};
use super::{Note, note};
use crate::access::{Kind, Secret, start_session};
use crate::site::Site;

/// Where entries of the audit trail say that they come from.
const ADDRESS: &str = "console";

/// The accounts of an installation, without anybody being signed in.
pub struct Console<'a>(pub &'a Site);

impl Console<'_> {
    /// Makes an account with one role; its slip.
    pub async fn add(&self, login: &str, name: &str, role: Role, division: Division) -> anyhow::Result<Code> {
        let login = model::login(login).map_err(|key| self.message(key))?;
        let name = model::name(name).map_err(|key| self.message(key))?;
        let (site, now) = (self.0, self.0.clock.now());
        let mut tx = site.db.write().await?;
        let new = New { login: &login, name: &name, phone_sealed: None, roles: &[(role, division)] };
        let account = match store::create(&mut tx, &new, now).await {
            Err(error) if db::is_taken(&error) => {
                bail!("{login} is somebody's login already: choose another")
            }
            made => made?,
        };
        let code = slips::make_slip(&mut tx, &site.vault, account, now).await?;
        let detail = json!({ "role": role.key(), "division": division.code() });
        note(&mut tx, site, now, told("account.create", account, detail)).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// A new slip, which makes former ones void.
    pub async fn slip(&self, login: &str) -> anyhow::Result<Code> {
        let (site, now) = (self.0, self.0.clock.now());
        let mut tx = site.db.write().await?;
        let account = self.open_account(&mut tx, login).await?;
        let code = slips::make_slip(&mut tx, &site.vault, account, now).await?;
        note(&mut tx, site, now, told("slip.make", account, json!({}))).await?;
        tx.commit().await?;
        Ok(code)
    }

    /// A bearer token of the API, shown this once.
    pub async fn token(&self, login: &str, label: &str) -> anyhow::Result<Secret> {
        let (site, now) = (self.0, self.0.clock.now());
        let mut tx = site.db.write().await?;
        let account = self.open_account(&mut tx, login).await?;
        let secret = start_session(&mut tx, account, Kind::Token, label, now).await?;
        note(&mut tx, site, now, told("token.make", account, json!({ "label": label }))).await?;
        tx.commit().await?;
        Ok(secret)
    }

    /// Closes an account and ends its sessions and tokens.
    pub async fn disable(&self, login: &str) -> anyhow::Result<()> {
        let (site, now) = (self.0, self.0.clock.now());
        let mut tx = site.db.write().await?;
        let account = self.open_account(&mut tx, login).await?;
        set_disabled(&mut tx, account, Some(now)).await?;
        let closed = sessions::close(&mut tx, account, &[], true, now).await?;
        note(&mut tx, site, now, told("account.disable", account, closed.detail())).await?;
        Ok(tx.commit().await?)
    }

    /// All accounts.
    pub async fn list(&self) -> anyhow::Result<Vec<Listed>> {
        Ok(everyone(&mut self.0.db.read().await?, None).await?)
    }

    async fn open_account(&self, tx: &mut db::Tx, login: &str) -> anyhow::Result<i64> {
        let folded = model::login(login).unwrap_or_default();
        let found = everyone(tx, Some(&folded)).await?.into_iter().next();
        let found =
            found.with_context(|| format!("no account has the login {login}: see firebreak user list"))?;
        if found.closed {
            bail!("the account {login} is closed: open it again under Accounts first");
        }
        Ok(found.id)
    }

    fn message(&self, key: &str) -> anyhow::Error {
        anyhow::Error::msg(self.0.languages.of(crate::web::Language::English).get(key))
    }
}

fn told(action: &'static str, object: i64, detail: serde_json::Value) -> Note<'static> {
    Note { account: None, address: ADDRESS, action, object, detail }
}
