//! Founding a town: its divisions, its operation, and the first two accounts, who let everybody
//! else in.

use base::{Clock, Day, Division, Level, Role};
use db::{Db, Tx};
use serde_json::json;

use super::officers::seat;
use super::store::{self, Operation};
use crate::accounts::{login_of, name_of};
use crate::divisions::{self, By, Reason, Sheet, Terms, Unfit};
use crate::playbook::{self, NotTaken, Playbook};
use crate::vault::Vault;

/// What a town is founded with.
pub struct Founding<'a> {
    pub town: Division,
    /// Rows of divisions, among which the town is; none: those that the register already holds.
    pub sheet: Option<Sheet>,
    /// Called so instead of its name among the divisions.
    pub name: Option<String>,
    pub administrator: Seat<'a>,
    pub headquarters: Seat<'a>,
}

/// A first account.
#[derive(Clone, Copy, Debug)]
pub struct Seat<'a> {
    pub login: &'a str,
    pub name: &'a str,
}

/// What was founded.
#[derive(Clone, Debug)]
pub struct Founded {
    pub name: String,
    pub villages: usize,
    pub cut_off: String,
    /// Rows of the file that were left out: unreadable, or there twice.
    pub left_out: Vec<Unfit>,
    /// Login and one-time sign-in code of the administrator and of headquarters.
    pub slips: [(String, String); 2],
}

/// Why a town was not founded; nothing of it is stored.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("{0} is no town: give the 9 digits of its statistical code, such as 141023105")]
    NoTown(String),
    #[error(
        "this data folder already runs {name} ({town}); nothing was changed. \
         Start it with 'firebreak serve', or choose another folder with --data"
    )]
    Settled { town: i64, name: String },
    #[error(
        "the divisions of {0} are not known here: the program brings those of 141023105 (襄陵镇); \
         give a CSV file of code,name that holds {0} and its villages with --divisions FILE"
    )]
    Unknown(String),
    #[error("{} of the town's rows do not fit:\n{}", .0.len(), listed(.0))]
    Unfit(Vec<Unfit>),
    #[error("'{0}' is no login: use 2 to 40 lower-case letters, digits, dots or hyphens")]
    Login(String),
    #[error("'{0}' is no name: use 1 to 40 letters")]
    Name(String),
    #[error("the login '{0}' is taken: choose another for each of the two accounts")]
    Taken(String),
    #[error(transparent)]
    Playbook(#[from] NotTaken),
    #[error(transparent)]
    Database(#[from] db::Error),
}

fn listed(unfit: &[Unfit]) -> String {
    let lines: Vec<_> =
        unfit.iter().map(|row| format!("line {}: {}: {}", row.line, row.text, row.reason)).collect();
    lines.join("\n")
}

/// Founds a town in a database that runs none yet.
pub async fn found(
    db: &Db,
    clock: &Clock,
    vault: &Vault,
    playbook: &Playbook,
    founding: Founding<'_>,
) -> Result<Founded, Refused> {
    let town = founding.town;
    if town.level() != Level::Town {
        return Err(Refused::NoTown(town.code()));
    }
    let logins = [founding.administrator, founding.headquarters].map(checked);
    let [administrator, headquarters] = logins;
    let (administrator, headquarters) = (administrator?, headquarters?);
    let mut tx = db.write().await?;
    if let Some((town, name)) = store::settled(&mut tx).await?.into_iter().next() {
        return Err(Refused::Settled { town, name });
    }
    let today = playbook.time.day(clock.now());
    let left_out = settle(&mut tx, town, founding.sheet).await?;
    let rows = divisions::subtree(&mut tx, town, today).await?;
    let row = rows.iter().find(|row| row.code == town.number());
    let row = row.ok_or_else(|| Refused::Unknown(town.code()))?;
    let name = founding.name.unwrap_or_else(|| row.name.clone());
    let operation = Operation { town, name: &name, started: today, demonstration: false };
    store::start(&mut tx, &operation).await?;
    playbook::take(&mut tx, playbook.clone(), clock).await?;
    let now = clock.now();
    let slips = [
        seat(&mut tx, vault, &administrator, (Role::Administrator, town), now).await?,
        seat(&mut tx, vault, &headquarters, (Role::Headquarters, town), now).await?,
    ];
    record(&mut tx, clock, today, &operation, playbook).await?;
    tx.commit().await?;
    let villages = rows.iter().filter(|row| row.division().level() == Level::Village).count();
    let slips = [(administrator.0, slips[0].clone()), (headquarters.0, slips[1].clone())];
    Ok(Founded { left_out, villages, cut_off: playbook.cut_off.clone(), slips, name })
}

async fn record(
    tx: &mut Tx,
    clock: &Clock,
    today: Day,
    operation: &Operation<'_>,
    playbook: &Playbook,
) -> db::Result<()> {
    let by = By { clock, today, account: None, capacity: None, address: "" };
    let detail = json!({ "name": operation.name, "playbook": playbook.key });
    by.record(tx, "town.found", operation.town, detail).await
}

/// A login and a name as they are stored.
fn checked(seat: Seat<'_>) -> Result<(String, String), Refused> {
    let login = login_of(seat.login).map_err(|_| Refused::Login(seat.login.to_owned()))?;
    let name = name_of(seat.name).map_err(|_| Refused::Name(seat.name.to_owned()))?;
    Ok((login, name))
}

/// Brings the town's divisions into the register: of the rows given, the town, what is above and
/// what is below it. Gives the rows left out: of the file those that cannot be read, of the town's
/// those that stand there twice; any other fault among the town's is refused.
async fn settle(tx: &mut Tx, town: Division, sheet: Option<Sheet>) -> Result<Vec<Unfit>, Refused> {
    let Some(sheet) = sheet else { return Ok(Vec::new()) };
    let path = town.path();
    let own = |division: Division| town.contains(division) || path.contains(&division);
    let entries: Vec<_> = sheet.entries.into_iter().filter(|entry| own(entry.division)).collect();
    let terms = Terms { from: divisions::always(), renames_from: None };
    let mut plan = divisions::compare(tx, Sheet { entries, unfit: Vec::new() }, terms, |_| ()).await?;
    let (twice, unfit): (Vec<_>, Vec<_>) =
        plan.unfit.drain(..).partition(|row| matches!(row.reason, Reason::Duplicate(_)));
    if !unfit.is_empty() {
        return Err(Refused::Unfit(unfit));
    }
    divisions::write(tx, &plan, terms, |_| ()).await?;
    Ok(sheet.unfit.into_iter().chain(twice).collect())
}
