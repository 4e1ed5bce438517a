//! Settings from a TOML file, under the names of the options. What stands on the command line goes
//! before FIREBREAK_* variables, these before the file, the file before what is built in.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::{ArgMatches, Command};

/// The file that is read when it lies in the data folder and no other is named.
const IN_DATA_FOLDER: &str = "firebreak.toml";

/// Settings of a file, as texts.
#[derive(Debug, Default)]
pub struct Config {
    /// The file they came from, to be named where one of them is wrong.
    pub file: Option<PathBuf>,
    settings: BTreeMap<String, String>,
}

impl Config {
    /// The settings that apply to these arguments: of the file that `--config` names, else of the
    /// one in the data folder.
    ///
    /// # Errors
    /// Fails where a named file cannot be read, is no TOML, or sets what there is not.
    pub fn find(command: &Command, arguments: &[OsString]) -> anyhow::Result<Config> {
        let Ok(matches) = command.clone().ignore_errors(true).try_get_matches_from(arguments) else {
            return Ok(Config::default());
        };
        let path = |id| deepest(&matches, id);
        if let Some(file) = path("config") {
            return Config::read(command, &file);
        }
        let Some(file) = path("data").map(|data| data.join(IN_DATA_FOLDER)).filter(|file| file.is_file())
        else {
            return Ok(Config::default());
        };
        let config = Config::read(command, &file)?;
        if config.settings.contains_key("data") {
            bail!("{}: 'data' cannot move the folder the file lies in: use --config", file.display());
        }
        Ok(config)
    }

    fn read(command: &Command, file: &Path) -> anyhow::Result<Config> {
        let shown = file.display();
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {shown}"))?;
        let table: toml::Table = text
            .parse()
            .with_context(|| format!("{shown} is no TOML, such as: listen = \"127.0.0.1:8080\""))?;
        let known = names(command);
        let mut settings = BTreeMap::new();
        for (name, value) in table {
            if !known.contains(&name) {
                let known = known.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
                bail!("{shown}: there is no setting '{name}'; there are: {known}");
            }
            let Some(text) = text_of(value) else {
                bail!("{shown}: '{name}' must be a text in quotes, a number, true, false or a list of texts")
            };
            settings.insert(name, text);
        }
        Ok(Config { file: Some(file.to_owned()), settings })
    }

    /// The command with these settings where something else was built in.
    pub fn applied(&self, command: Command) -> Command {
        let command = command.mut_args(|arg| {
            let setting = arg.get_env().and(arg.get_long()).and_then(|name| self.settings.get(name));
            match setting {
                Some(value) => {
                    let hide = arg.get_action().takes_values();
                    arg.default_value(value.clone()).hide_default_value(hide).required(false)
                }
                None => arg,
            }
        });
        command.mut_subcommands(|below| self.applied(below))
    }
}

/// A value as it would stand on the command line: a list with commas between.
fn text_of(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(number) => Some(number.to_string()),
        toml::Value::Boolean(yes) => Some(yes.to_string()),
        toml::Value::Array(list) => {
            let texts: Option<Vec<&str>> = list.iter().map(toml::Value::as_str).collect();
            Some(texts?.join(","))
        }
        _ => None,
    }
}

/// What may be set: every option that may also be given as a variable, but for the file itself.
fn names(command: &Command) -> BTreeSet<String> {
    let own = command.get_arguments().filter(|arg| arg.get_env().is_some());
    let own = own.filter_map(|arg| arg.get_long()).filter(|name| *name != "config").map(str::to_owned);
    own.chain(command.get_subcommands().flat_map(names)).collect()
}

/// The path given for an option by the command that was called.
fn deepest(matches: &ArgMatches, id: &str) -> Option<PathBuf> {
    let below = matches.subcommand().and_then(|(_, below)| deepest(below, id));
    below.or_else(|| matches.try_get_one::<PathBuf>(id).ok().flatten().cloned())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::super::Cli;
    use super::*;

    struct Folder(tempfile::TempDir);

    impl Folder {
        fn with(text: &str) -> Folder {
            let folder = tempfile::tempdir().unwrap();
            fs::write(folder.path().join(IN_DATA_FOLDER), text).unwrap();
            Folder(folder)
        }

        fn find(&self, more: &[&str]) -> anyhow::Result<Config> {
            let data = self.0.path().to_str().unwrap();
            let arguments = ["firebreak", "serve", "--data", data].into_iter().chain(more.iter().copied());
            let arguments: Vec<OsString> = arguments.map(OsString::from).collect();
            Config::find(&Cli::command(), &arguments)
        }

        fn listen(&self, more: &[&str]) -> String {
            let data = self.0.path().to_str().unwrap();
            let command = self.find(more).unwrap().applied(Cli::command());
            let matches = command.get_matches_from(
                ["firebreak", "serve", "--data", data].into_iter().chain(more.iter().copied()),
            );
            let (_, serve) = matches.subcommand().unwrap();
            serve.get_one::<std::net::SocketAddr>("listen").unwrap().to_string()
        }
    }

    #[test]
    fn the_file_stands_behind_the_command_line_and_before_what_is_built_in() {
        let folder = Folder::with("listen = \"127.0.0.1:9001\"\nlive = true");
        assert_eq!(folder.listen(&[]), "127.0.0.1:9001");
        assert_eq!(folder.listen(&["--listen", "127.0.0.1:9002"]), "127.0.0.1:9002");
        assert_eq!(Folder::with("").listen(&[]), "127.0.0.1:8080");
    }

    #[test]
    fn a_flag_is_set_by_true_and_a_word_that_is_neither_is_refused() {
        let live = |text: &str| {
            let command = Folder::with(text).find(&[]).unwrap().applied(Cli::command());
            let matches = command.try_get_matches_from(["firebreak", "demo"])?;
            Ok(matches.subcommand().unwrap().1.get_flag("live"))
        };
        assert_eq!(
            [live("live = true"), live("live = false"), live("")].map(|l: clap::error::Result<_>| l.unwrap()),
            [true, false, false]
        );
        assert!(live("live = \"perhaps\"").unwrap_err().to_string().contains("--live"));
    }

    #[test]
    fn several_proxies_are_named_in_a_list_or_one_by_one() {
        let trusted = |text: &str, more: &[&str]| {
            let folder = Folder::with(text);
            let arguments = ["firebreak", "serve"].iter().chain(more);
            let command = folder.find(more)?.applied(Cli::command());
            let matches = command.try_get_matches_from(arguments)?;
            let serve = matches.subcommand_matches("serve").unwrap();
            let found = serve.get_many::<std::net::IpAddr>("trusted_proxies").unwrap_or_default();
            anyhow::Ok(found.map(ToString::to_string).collect::<Vec<_>>())
        };
        let both = ["10.0.0.2", "::1"];
        assert_eq!(trusted("", &[]).unwrap(), [""; 0]);
        assert_eq!(trusted("trusted-proxy = \"10.0.0.2, ::1\"", &[]).unwrap(), both);
        assert_eq!(trusted("trusted-proxy = [\"::ffff:10.0.0.2\", \"::1\"]", &[]).unwrap(), both);
        let given = ["--trusted-proxy", "10.0.0.2", "--trusted-proxy", "::1"];
        assert_eq!(trusted("trusted-proxy = \"10.0.0.9\"", &given).unwrap(), both);
        assert!(trusted("trusted-proxy = \"nginx\"", &[]).unwrap_err().to_string().contains("trusted-proxy"));
    }

    #[test]
    fn a_named_file_is_read_instead_of_the_one_in_the_data_folder() {
        let (own, other) =
            (Folder::with("listen = \"127.0.0.1:9001\""), Folder::with("listen = \"127.0.0.1:9003\""));
        let named = other.0.path().join(IN_DATA_FOLDER);
        assert_eq!(own.listen(&["--config", named.to_str().unwrap()]), "127.0.0.1:9003");
    }

    #[test]
    fn a_wrong_file_says_what_to_write() {
        let told = |text: &str| format!("{:#}", Folder::with(text).find(&[]).unwrap_err());
        assert!(
            told("port = 80").contains("no setting 'port'; there are: ")
                && told("port = 80").contains("listen")
        );
        assert!(told("listen = [1]").contains("'listen' must be a text"));
        assert!(told("listen 127").contains("is no TOML"));
        assert!(told("data = \"x\"").contains("use --config"));
        assert!(told("config = \"x\"").contains("no setting 'config'"));
        let missing = Folder::with("").find(&["--config", "/nowhere/at-all.toml"]).unwrap_err();
        assert!(format!("{missing:#}").contains("cannot read /nowhere/at-all.toml"));
    }
}
