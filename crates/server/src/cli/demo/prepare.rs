//! The demonstration's folder and what is in it: kept, made anew, or left alone.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use base::{Clock, Moment};
use sim::Town;

use super::Demo;
use crate::app::App;
use crate::cli::folder;
use crate::cli::progress::Progress;
use crate::cli::serve;
use crate::demo::{self, Cast, Holds, Step};
use crate::site::Settings;

/// The program with the demonstration in it: the one of an earlier start when it is of today, else
/// a new one.
pub async fn prepare(demo: &Demo, clock: &Clock, town: &Town) -> anyhow::Result<App> {
    let mut app = open(demo, clock).await?;
    let now = clock.now();
    match state(&app, town, now).await? {
        State::Empty => fill(&app, town, now).await?,
        State::Current => {
            demo::catch_up(&app.site, town, now).await?;
        }
        State::Other(town) => bail!(
            "{} holds {}, which a demonstration never touches: choose another one with {}",
            demo.place(),
            if town.is_empty() { "accounts" } else { &town },
            demo.option(),
        ),
        State::Past if demo.database_url.is_some() => {
            bail!("the database holds a demonstration of another day: give an empty one with --database-url")
        }
        State::Past => {
            app.site.db.close().await;
            remove(&demo.data)?;
            app = open(demo, clock).await?;
            fill(&app, town, now).await?;
        }
    }
    app.cast = Some(cast(&app, town).await?);
    Ok(app)
}

impl Demo {
    fn place(&self) -> String {
        if self.database_url.is_some() { "the database".to_owned() } else { self.data.display().to_string() }
    }

    fn option(&self) -> &'static str {
        if self.database_url.is_some() { "--database-url" } else { "--data" }
    }
}

async fn open(demo: &Demo, clock: &Clock) -> anyhow::Result<App> {
    let settings = Settings { demonstration: true, door: Some(demo::DOOR), ..Settings::default() };
    serve::open_to_serve(&demo.data(), clock.clone(), settings).await
}

/// What is found at the start.
enum State {
    Empty,
    /// A whole demonstration of today that is not ahead of the clock.
    Current,
    /// One of another day or hour, or that was not finished.
    Past,
    Other(String),
}

async fn state(app: &App, town: &Town, now: Moment) -> anyhow::Result<State> {
    let mut tx = app.site.db.read().await?;
    Ok(match demo::holds(&mut tx).await? {
        Holds::Nothing => State::Empty,
        Holds::Other(name) => State::Other(name),
        Holds::Demonstration { town: code, started, days, last_day, entered } => {
            let same = (code, started) == (town.place.division.town(), town.first_day());
            let whole = days == i64::from(sim::ROUND_DAYS) && last_day == Some(town.today);
            let past = entered.is_none_or(|entered| entered <= now);
            if same && whole && past { State::Current } else { State::Past }
        }
    })
}

async fn fill(app: &App, town: &Town, now: Moment) -> anyhow::Result<()> {
    let mut progress = Progress::of(1 + u64::try_from(town.days().count())?);
    let told = |step| match step {
        Step::Town { households, residents, stewards } => {
            progress.step(&format!("{households} households, {residents} people, {stewards} stewards"));
        }
        Step::Round { day, checks } => progress.step(&format!("{day}: {checks} checks")),
    };
    demo::fill(&app.site, town, now, told).await?;
    progress.end();
    Ok(())
}

async fn cast(app: &App, town: &Town) -> anyhow::Result<Cast> {
    let mut tx = app.site.db.read().await?;
    let visited = demo::visited(&mut tx, town).await?;
    Ok(Cast::of(town, |household| !visited.contains(&household)))
}

/// Removes a demonstration's database; the vault's key stays.
fn remove(folder: &Path) -> anyhow::Result<()> {
    for file in folder::database(folder) {
        match fs::remove_file(&file) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                return Err(error).with_context(|| format!("cannot remove {}", file.display()));
            }
            _ => (),
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
