//! `firebreak demo`.

mod prepare;

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use anyhow::Context as _;
use base::{Clock, Day};
use clap::Args;
use sim::Town;

use super::{Data, KeyCommand, folder, serve};
use crate::app::App;
use crate::demo::{Cast, live};
use crate::playbook::{BUILT_IN, Playbook};
use crate::web::Language;
use prepare::prepare;

/// The seed of the town: the same people at every start.
const SEED: u64 = 1;
#[derive(Clone, Debug, Args)]
pub struct Demo {
    /// Address and port to listen on.
    #[arg(long, env = "FIREBREAK_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Folder of the demonstration; kept between starts, made anew on another day.
    #[arg(long, env = "FIREBREAK_DATA", default_value = "data/demo")]
    pub data: PathBuf,
    /// An empty database to fill instead of a file in the folder: postgres://USER@HOST/NAME.
    #[arg(long, env = "FIREBREAK_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Let the contacts go on with the day's round, faster than life.
    #[arg(long, env = "FIREBREAK_LIVE", value_parser = clap::builder::BoolishValueParser::new())]
    pub live: bool,
    /// The day on which the demonstration takes place, such as 2020-02-03; otherwise today.
    #[arg(long, env = "FIREBREAK_TODAY", value_parser = day)]
    pub today: Option<Day>,
    /// The hour at which it begins, such as 10:30; otherwise now.
    #[arg(long, env = "FIREBREAK_TIME", value_parser = hour)]
    pub time: Option<(i8, i8)>,
    #[command(flatten)]
    pub key: KeyCommand,
}

fn day(text: &str) -> Result<Day, String> {
    text.parse().map_err(|_| "the calendar has no such day: write it like 2020-02-03".to_owned())
}

fn hour(text: &str) -> Result<(i8, i8), String> {
    let parts =
        text.split_once(':').and_then(|(hour, minute)| Some((hour.parse().ok()?, minute.parse().ok()?)));
    let within = parts.filter(|(hour, minute)| (0..24).contains(hour) && (0..60).contains(minute));
    within.ok_or_else(|| "the day has no such hour: write it like 10:30".to_owned())
}

pub fn run(demo: &Demo) -> anyhow::Result<()> {
    serve::block_on(async {
        // First of all, since it takes no time and fails most easily.
        let listener = serve::bind(demo.listen).await?;
        let address = reachable(listener.local_addr()?);
        let playbook = Playbook::parse(BUILT_IN)?;
        let clock = demo.clock(&playbook)?;
        let _held = folder::lock(&demo.data)?;
        let town = Arc::new(Town::xiangling(SEED, playbook.time.day(clock.now())));
        let app = prepare(demo, &clock, &town).await?;
        let walk = match demo.live {
            true => Some(live::Walk::prepare(&app.site, &town).await?),
            false => None,
        };
        print_doors(&app, &town, address);
        let live = walk.map(|walk| tokio::spawn(walk_on(walk, address, clock, town)));
        serve::serve(app, listener).await?;
        if let Some(live) = live {
            live.abort();
        }
        Ok(())
    })
}

impl Demo {
    /// The clock of the demonstration: it runs, from the day and hour asked for.
    fn clock(&self, playbook: &Playbook) -> anyhow::Result<Clock> {
        let (time, now) = (&playbook.time, Clock::System.now());
        if self.today.is_none() && self.time.is_none() {
            return Ok(Clock::System);
        }
        let day = self.today.unwrap_or_else(|| time.day(now));
        let (hour, minute) = self.time.unwrap_or_else(|| time.hour_minute(now));
        let at = time.moment(day, hour, minute).context("the day has no such hour")?;
        Ok(Clock::starting(at))
    }

    fn data(&self) -> Data {
        Data {
            data: self.data.clone(),
            database_url: self.database_url.clone(),
            playbook: None,
            key: self.key.clone(),
        }
    }
}

/// The address by which this machine itself reaches the program.
fn reachable(address: SocketAddr) -> SocketAddr {
    match address {
        SocketAddr::V4(v4) if v4.ip().is_unspecified() => ([127, 0, 0, 1], v4.port()).into(),
        SocketAddr::V6(v6) if v6.ip().is_unspecified() => (std::net::Ipv6Addr::LOCALHOST, v6.port()).into(),
        other => other,
    }
}

fn print_doors(app: &App, town: &Town, address: SocketAddr) {
    let words = app.site.languages.of(Language::Simplified);
    println!("演示 demonstration: {} {}, made-up people", town.place.name, town.today);
    println!("http://{address}/demo");
    for star in app.cast.iter().flat_map(Cast::stars) {
        let role = words.get(&format!("role-{}", star.role));
        println!("  http://{address}/demo/as/{}  {role} · {} · {}", star.role, star.name, star.place);
    }
    println!("a real town: firebreak init --town {} --data data", town.place.division);
}

async fn walk_on(walk: live::Walk, address: SocketAddr, clock: Clock, town: Arc<Town>) {
    println!("live: {} checks to go, {} a second", walk.len(), walk.pace());
    let walked = walk.go(address, clock, town).await;
    println!("live: done, {} checks entered, {} refused", walked.stored, walked.refused);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_or_hour_that_is_none_says_how_to_write_one() {
        assert!(day("2020-02-30").unwrap_err().contains("2020-02-03"));
        assert!(day("yesterday").unwrap_err().contains("2020-02-03"));
        assert_eq!(day("2020-02-29"), Ok(Day::new(2020, 2, 29).unwrap()));
        for wrong in ["24:00", "10:60", "ten", "-1:00"] {
            assert!(hour(wrong).unwrap_err().contains("10:30"), "{wrong}");
        }
        assert_eq!(hour("16:05"), Ok((16, 5)));
    }

    #[test]
    fn live_contacts_reach_a_program_that_listens_everywhere() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.0.0.7:80".parse().unwrap()).to_string(), "10.0.0.7:80");
    }
}
