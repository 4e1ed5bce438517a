//! `firebreak serve`.

use std::fs;
use std::net::SocketAddr;

use anyhow::{Context as _, bail};
use base::Clock;
use db::{Db, OpenError};
use tokio::net::TcpListener;

use super::{Data, Serve, folder};
use crate::app::App;
use crate::audit;
use crate::backup;
use crate::demo::{self, Holds};
use crate::ending;
use crate::playbook::{self, Playbook};
use crate::site::Settings;
use crate::vault::{self, Vault};

pub fn run(options: Serve) -> anyhow::Result<()> {
    block_on(async {
        let _held = folder::lock(&options.data.data)?;
        let secure_cookies = options.public_url.as_ref().is_some_and(|url| url.starts_with("https://"));
        let backups = backups(&options)?;
        let Serve { public_url, trusted_proxies, .. } = options;
        let settings =
            Settings { secure_cookies, public_url, trusted_proxies, backups, ..Settings::default() };
        let listener = bind(options.listen).await?;
        let app = open_to_serve(&options.data, Clock::System, settings).await?;
        println!("http://{}", listener.local_addr()?);
        serve(app, listener).await
    })
}

/// Where and when backups are made, if anywhere.
fn backups(options: &Serve) -> anyhow::Result<Option<backup::Plan>> {
    let Some(folder) = options.backup_to.clone() else { return Ok(None) };
    if folder.extension().is_some_and(|ending| ending == backup::ENDING) {
        bail!(
            "--backup-to {} is a file: the program makes one backup after the other in a folder",
            folder.display()
        );
    }
    let key = options.backup_key.find_or_make(&options.data.data, &folder)?;
    Ok(Some(backup::Plan { folder, at: options.backup_at, keep: options.backup_keep, key }))
}

/// How long requests under way may take once the program is asked to end: all is over, the database
/// closed, within five seconds.
const GRACE: std::time::Duration = std::time::Duration::from_secs(4);

/// How long what runs beside a command may take to end after it.
const AFTER: std::time::Duration = std::time::Duration::from_secs(1);

/// Runs a command to its end. What it must finish it waits for itself: what is left then, such as an
/// idle connection, keeps the program from ending no longer than [`AFTER`].
pub fn block_on<T>(command: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<T> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let done = runtime.block_on(command);
    runtime.shutdown_timeout(AFTER);
    done
}

/// Opens the database of a data folder; both are made when missing.
pub async fn open_db(data: &Data) -> anyhow::Result<Db> {
    fs::create_dir_all(&data.data).with_context(|| format!("cannot make {}", data.data.display()))?;
    Ok(Db::open(&database_url(data)).await?)
}

/// The address of the database.
pub fn database_url(data: &Data) -> String {
    let own = || format!("sqlite://{}", folder::database_file(&data.data).display());
    data.database_url.clone().unwrap_or_else(own)
}

/// Opens the data folder that is there and puts the program together. A demonstration stays marked as one,
/// however it is opened; where there is no town yet, the terminal is told how to begin.
/// For a command: a server that runs beside it goes on by the playbook that it took into use.
pub async fn open(data: &Data, clock: Clock, settings: Settings) -> anyhow::Result<App> {
    // A command makes none: a folder that is not the one meant would look like an empty town.
    let folder = data.data.display();
    let db = match Db::open_as_is(&database_url(data)).await {
        Err(OpenError::Missing(_)) => bail!(
            "{folder} holds no town: name the folder of one with --data, or begin one with \
             firebreak init --town CODE --data {folder}"
        ),
        opened => opened?,
    };
    db.migrate().await?;
    let vault = data.unlock(&db).await?;
    let playbook = playbook::in_use(&mut db.read().await?, data.read_playbook()?).await?;
    put_together(data, db, clock, (playbook, vault), settings).await
}

/// The same to serve: the playbook is taken into use.
pub async fn open_to_serve(data: &Data, clock: Clock, settings: Settings) -> anyhow::Result<App> {
    let db = open_db(data).await?;
    // Before anything is written.
    let vault = data.unlock(&db).await?;
    let mut tx = db.write().await?;
    let playbook = playbook::take(&mut tx, data.read_playbook()?, &clock).await?;
    tx.commit().await?;
    put_together(data, db, clock, (playbook, vault), settings).await
}

/// The program on an open database.
pub async fn put_together(
    data: &Data,
    db: Db,
    clock: Clock,
    (playbook, vault): (Playbook, Vault),
    mut settings: Settings,
) -> anyhow::Result<App> {
    settings.reader = std::env::current_exe().ok();
    let held = demo::holds(&mut db.read().await?).await?;
    if matches!(held, Holds::Nothing) && !settings.demonstration {
        let folder = data.data.display();
        eprintln!("{folder} holds no town yet: begin one with firebreak init --town CODE --data {folder}");
    }
    settings.ended = ending::is_ended(&mut db.read().await?).await?;
    settings.audit_head = Some(audit::head_file(&data.data));
    settings.demonstration |= matches!(held, Holds::Demonstration { .. });
    App::new(db, clock, playbook, vault, settings)
}

/// Takes the port, before any other work is begun.
pub async fn bind(address: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!("cannot listen on {address}: another program may use the port; choose one with --listen")
    })
}

/// Serves until the program is asked to end, then lets requests under way finish.
pub async fn serve(app: App, listener: TcpListener) -> anyhow::Result<()> {
    app.start_jobs();
    let service = app.router().into_make_service_with_connect_info::<SocketAddr>();
    let serving = axum::serve(listener, service).with_graceful_shutdown(asked_to_end());
    let ended = tokio::select! {
        served = serving.into_future() => served.map_err(anyhow::Error::from),
        // A live page's stream of events never ends by itself.
        () = async { asked_to_end().await; tokio::time::sleep(GRACE).await } => Ok(()),
        error = vault::watch(&app.site.vault, &app.site.db) => Err(error),
    };
    app.site.trail.write(&app.site.db, app.site.clock.now()).await?;
    app.site.people.write_used(&app.site.db, app.site.clock.now()).await?;
    app.site.db.close().await;
    ended
}

/// Waits until the program is asked to end.
pub async fn asked_to_end() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        let mut terminate = match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(terminate) => terminate,
            Err(_) => return interrupt.await.unwrap_or_default(),
        };
        tokio::select! { _ = interrupt => (), _ = terminate.recv() => () }
    }
    #[cfg(not(unix))]
    interrupt.await.unwrap_or_default();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_port_in_use_says_what_to_do() {
        let first = bind(([127, 0, 0, 1], 0).into()).await.unwrap();
        let error = bind(first.local_addr().unwrap()).await.unwrap_err().to_string();
        assert!(error.contains("another program may use the port") && error.contains("--listen"), "{error}");
    }
}
