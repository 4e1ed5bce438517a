//! The demonstration against the made-up town it comes from, on both engines.

mod counts;
mod doors;
mod writer;

use base::{Clock, Day, Moment};
use db::{Db, TestDb};
use sim::{Site, Town};

use crate::app::App;
use crate::playbook::{BUILT_IN, Playbook};
use crate::site::Settings;
use crate::vault::Vault;

/// 3 February 2020, 12:00 in Shanghai.
pub const NOON: Moment = Moment(1_580_702_400_000);

/// A small town on the day of [`NOON`], in which somebody reports on paper.
pub fn small_town() -> Town {
    let mut site = Site::xiangling();
    site.villages.truncate(3);
    Town::settle(8, Day::new(2020, 2, 3).unwrap(), &site, 210, 0)
}

/// The program over an empty database, with a clock that stands at noon.
pub fn empty_app(db: &Db) -> (App, Clock) {
    let clock = Clock::fixed(NOON);
    let playbook = Playbook::parse(BUILT_IN).unwrap();
    let settings = Settings { demonstration: true, door: Some(super::DOOR), ..Settings::default() };
    (App::new(db.clone(), clock.clone(), playbook, Vault::new([7; 32]), settings).unwrap(), clock)
}

/// Two empty databases of one engine; nothing where no PostgreSQL server was named.
pub async fn two_databases(postgres: bool) -> Option<(TestDb, TestDb)> {
    match postgres {
        true => Some((TestDb::postgres().await?, TestDb::postgres().await?)),
        false => Some((TestDb::sqlite().await, TestDb::sqlite().await)),
    }
}
