//! `firebreak user`.

use anyhow::Context as _;
use base::{Clock, Division, Role};
use clap::{Args, Subcommand};

use super::{Data, serve};
use crate::accounts::{Code, Console};
use crate::site::Settings;

#[derive(Debug, Args)]
pub struct User {
    #[command(subcommand)]
    command: Command,
    #[command(flatten)]
    data: Data,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Makes an account and prints the code of its sign-in slip.
    Add {
        #[arg(long)]
        login: String,
        #[arg(long)]
        name: String,
        /// A role such as headquarters or household-contact.
        #[arg(long, value_parser = role)]
        role: Role,
        /// The statistical code of the division: 9 digits for a town, 12 for a village.
        #[arg(long)]
        division: String,
    },
    /// Prints the code of a new sign-in slip; former ones open nothing any more.
    Slip {
        #[arg(long)]
        login: String,
    },
    /// Prints a bearer token of the API, this once.
    Token {
        #[arg(long)]
        login: String,
        /// What the token is for; its owner sees it in the list of sessions.
        #[arg(long, default_value = "API")]
        label: String,
    },
    /// Closes an account and ends its sessions.
    Disable {
        #[arg(long)]
        login: String,
    },
    /// Lists all accounts.
    List,
}

fn role(text: &str) -> Result<Role, String> {
    let keys = || Role::ALL.iter().map(|role| role.key()).collect::<Vec<_>>().join(", ");
    text.parse().map_err(|_| format!("no such role; choose one of {}", keys()))
}

pub fn run(user: User) -> anyhow::Result<()> {
    serve::block_on(async {
        let app = serve::open(&user.data, Clock::System, Settings::default()).await?;
        let done = carry_out(&Console(&app.site), user.command).await;
        app.site.db.close().await;
        done
    })
}

async fn carry_out(console: &Console<'_>, command: Command) -> anyhow::Result<()> {
    match command {
        Command::Add { login, name, role, division } => {
            let division = Division::from_code(&division).with_context(|| {
                format!("{division} is no division code: 9 digits for a town, 12 for a village")
            })?;
            print_slip(&console.add(&login, &name, role, division).await?);
        }
        Command::Slip { login } => print_slip(&console.slip(&login).await?),
        Command::Token { login, label } => {
            println!("{}", console.token(&login, &label).await?.reveal());
            eprintln!("Send it with every request: Authorization: Bearer TOKEN. It is shown this once.");
        }
        Command::Disable { login } => console.disable(&login).await?,
        Command::List => {
            for account in console.list().await? {
                let state = match (account.closed, account.arrived) {
                    (true, _) => "closed",
                    (false, true) => "in use",
                    (false, false) => "not come in yet",
                };
                println!("{}\t{}\t{state}", account.login, account.name);
            }
        }
    }
    Ok(())
}

fn print_slip(code: &Code) {
    println!("{}", code.grouped());
    eprintln!("Open /slip on the server's address and type this code. It opens once, within 14 days.");
}
