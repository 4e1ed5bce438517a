//! The commands. Exit codes: 0 done, 1 failed, 2 wrong use.

mod audit;
mod backup;
mod config;
mod demo;
mod end;
mod folder;
mod households;
mod import;
mod init;
mod progress;
mod read_table;
mod recount;
mod report;
mod restore;
mod serve;
mod user;
mod vault;

use std::ffi::OsString;
use std::net::{AddrParseError, IpAddr, SocketAddr};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::{Args, CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use config::Config;
use db::Db;

use crate::backup::{Keep, USUAL};
use crate::playbook::{BUILT_IN, Playbook};
use crate::vault::{Source, Vault};

/// Runs a township's outbreak response: 群防.
#[derive(Debug, Parser)]
#[command(version, propagate_version = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// TOML file with settings under the options' names; otherwise firebreak.toml in the data
    /// folder, where there is one.
    #[arg(long, global = true, env = "FIREBREAK_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves a town from its data folder.
    Serve(Serve),
    /// Counts every figure anew from its facts and compares.
    Recount(Data),
    /// Shows the program with the town of Xiangling and made-up people.
    Demo(demo::Demo),
    /// Starts a real town in a fresh data folder.
    Init(init::Init),
    /// Imports a file.
    #[command(subcommand)]
    Import(import::Import),
    /// Accounts from the server's own console: to let the first people in, and programs.
    User(user::User),
    /// Checks the audit trail.
    #[command(subcommand)]
    Audit(audit::Audit),
    /// The key of identity and phone numbers.
    #[command(subcommand)]
    Vault(vault::VaultCommand),
    /// Makes a backup, also while the program serves, and reads it back; `list` shows which there are.
    Backup(backup::Backup),
    /// Restores a backup into an empty database.
    Restore(restore::Restore),
    /// Ends the operation: shows what is destroyed and what is kept, and, once headquarters and an
    /// administrator have agreed on the page /ending, destroys all personal records and makes a certificate.
    End(end::End),
    /// Checks the certificate of an end.
    #[command(subcommand)]
    Certificate(end::CertificateCommand),
    /// Reads a workbook for another process of this program.
    #[command(name = crate::web::READ_APART, hide = true)]
    ReadTable,
    /// Prints or writes a day's report; `verify` checks the sealed ones.
    Report(report::ReportArgs),
}

#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Address and port to listen on.
    #[arg(long, env = "FIREBREAK_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address by which people reach the server, such as https://qf.example.cn: it stands on printed
    /// slips, and with https:// cookies are sent over HTTPS only.
    #[arg(long, env = "FIREBREAK_PUBLIC_URL", value_parser = web_address)]
    pub public_url: Option<String>,
    /// Address of a proxy in front of the server, whose X-Forwarded-For tells who really asks; may be
    /// given several times, or with commas between.
    #[arg(
        long = "trusted-proxy",
        env = "FIREBREAK_TRUSTED_PROXY",
        value_name = "ADDRESS",
        value_delimiter = ',',
        value_parser = ip_address
    )]
    pub trusted_proxies: Vec<IpAddr>,
    /// Folder in which the program makes a backup every day. Without it, it makes none.
    #[arg(long, env = "FIREBREAK_BACKUP_TO", value_name = "DIR")]
    pub backup_to: Option<PathBuf>,
    /// When the backup is made, on the town's clock.
    #[arg(long, env = "FIREBREAK_BACKUP_AT", value_name = "HH:MM", default_value = "03:30", value_parser = hour)]
    pub backup_at: (i8, i8),
    /// Which backups of the folder are kept: the newest of each of the last days, weeks and months.
    #[arg(long, env = "FIREBREAK_BACKUP_KEEP", value_name = "RULE", default_value_t = USUAL)]
    pub backup_keep: Keep,
    #[command(flatten)]
    pub backup_key: backup::KeyFile,
    #[command(flatten)]
    pub data: Data,
}

fn web_address(text: &str) -> Result<String, &'static str> {
    let text = text.trim_end_matches('/');
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    let whole = host.is_some_and(|host| !host.is_empty());
    if whole { Ok(text.to_owned()) } else { Err("write the whole address, such as https://qf.example.cn") }
}

fn hour(text: &str) -> Result<(i8, i8), &'static str> {
    let parsed = text.trim().split_once(':').and_then(|(hour, minute)| {
        Some((
            hour.parse().ok().filter(|hour| (0..24).contains(hour))?,
            minute.parse().ok().filter(|minute| (0..60).contains(minute))?,
        ))
    });
    parsed.ok_or("write an hour like 03:30")
}

fn ip_address(text: &str) -> Result<IpAddr, AddrParseError> {
    Ok(text.trim().parse::<IpAddr>()?.to_canonical())
}

/// Where the data lies.
#[derive(Clone, Debug, Args)]
pub struct Data {
    /// Folder of the database file and the vault's key.
    #[arg(long, global = true, env = "FIREBREAK_DATA", default_value = "data")]
    pub data: PathBuf,
    /// Database: sqlite://FILE or postgres://USER@HOST/NAME. Without it, a file in the data folder.
    #[arg(long, global = true, env = "FIREBREAK_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Playbook: what is asked, what counts as fever, when the day closes. Without it, playbook.toml in
    /// the data folder where there is one, else the one that comes with the program.
    #[arg(long, global = true, env = "FIREBREAK_PLAYBOOK", value_name = "FILE")]
    pub playbook: Option<PathBuf>,
    #[command(flatten)]
    pub key: KeyCommand,
}

/// Where the vault's key comes from, unless it is the variable FIREBREAK_VAULT_KEY or the file
/// vault.key in the data folder. The key itself is no option: who lists processes would read it.
#[derive(Clone, Debug, Default, Args)]
pub struct KeyCommand {
    /// Command whose output is the vault's key, 64 hex digits, instead of vault.key in the data folder;
    /// FIREBREAK_VAULT_KEY may hold the key itself.
    #[arg(
        long,
        global = true,
        env = "FIREBREAK_VAULT_KEY_COMMAND",
        hide_env_values = true,
        value_name = "COMMAND"
    )]
    pub vault_key_command: Option<String>,
}

/// The playbook that is used when it lies in the data folder and no other is named.
const PLAYBOOK: &str = "playbook.toml";

impl Data {
    /// Reads the playbook.
    ///
    /// # Errors
    /// Fails where the file cannot be read or is no playbook, and says what to change.
    pub fn read_playbook(&self) -> anyhow::Result<Playbook> {
        let kept = self.data.join(PLAYBOOK);
        let file = self.playbook.clone().or_else(|| kept.is_file().then_some(kept));
        let Some(file) = file else { return Ok(Playbook::parse(BUILT_IN)?) };
        let text =
            std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Playbook::parse(&text).with_context(|| format!("{} cannot be used", file.display()))
    }

    /// The vault of the database, with the key that it was sealed with.
    async fn unlock(&self, db: &Db) -> anyhow::Result<Vault> {
        Vault::unlock(self.keys()?, db).await
    }

    /// Where the vault's keys come from.
    fn keys(&self) -> anyhow::Result<Source> {
        Source::find(&self.data, self.key.vault_key_command.as_deref())
    }

    /// Lays a playbook that was named into the data folder, where every later command finds it.
    fn keep_playbook(&self, playbook: &Playbook) -> anyhow::Result<()> {
        if self.playbook.is_none() { Ok(()) } else { self.lay_playbook(playbook) }
    }

    fn lay_playbook(&self, playbook: &Playbook) -> anyhow::Result<()> {
        let kept = self.data.join(PLAYBOOK);
        std::fs::write(&kept, &playbook.text).with_context(|| format!("cannot write {}", kept.display()))
    }
}

impl Cli {
    /// Reads the arguments, with variables and the settings' file behind them. Ends the program
    /// where they are wrong.
    pub fn read(arguments: &[OsString]) -> anyhow::Result<Cli> {
        let config = Config::find(&Cli::command(), arguments)?;
        let command = config.applied(Cli::command());
        let read = command.try_get_matches_from(arguments).and_then(|m| Cli::from_arg_matches(&m));
        read.or_else(|error| {
            if let Some(file) = config.file.filter(|_| error.use_stderr()) {
                eprintln!("with the settings of {}:", file.display());
            }
            error.exit()
        })
    }

    /// Runs the command; prints what went wrong and what to do.
    pub fn run(self) -> ExitCode {
        init_log();
        let done = match self.command {
            Command::Serve(serve) => serve::run(serve),
            Command::Recount(data) => recount::run(&data),
            Command::Demo(demo) => demo::run(&demo),
            Command::Init(init) => init::run(init),
            Command::Import(import) => import::run(import),
            Command::User(user) => user::run(user),
            Command::ReadTable => read_table::run(),
            Command::Report(args) => report::run(&args),
            Command::Audit(audit) => audit::run(audit),
            Command::Vault(command) => vault::run(command),
            Command::Backup(backup) => backup::run(&backup),
            Command::Restore(restore) => restore::run(&restore),
            Command::End(options) => end::run(&options),
            Command::Certificate(command) => end::verify(command),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("firebreak: {error:#}");
                ExitCode::FAILURE
            }
        }
    }
}

/// Warnings to the terminal, unless FIREBREAK_LOG says otherwise; but not the text of every slow
/// statement, which fills pages.
fn init_log() {
    use tracing_subscriber::EnvFilter;
    let filter =
        EnvFilter::try_from_env("FIREBREAK_LOG").unwrap_or_else(|_| EnvFilter::new("warn,sqlx::query=error"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
