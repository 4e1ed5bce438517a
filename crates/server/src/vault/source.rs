//! Where the keys come from: a file beside the database, a variable, or a command's output. All hold
//! the same: keys of 64 hex digits with spaces, commas or line ends between, the newest first.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, anyhow, bail};
use tokio::process::Command;

use super::key::Key;
use crate::private;

/// The variable that keys may stand in.
pub const VARIABLE: &str = "FIREBREAK_VAULT_KEY";
const FILE: &str = "vault.key";
/// How long a command may take to print the keys.
const LONGEST: Duration = Duration::from_secs(10);

/// The file of the key in a data folder.
pub fn key_file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

#[derive(Clone)]
pub enum Source {
    File(PathBuf),
    /// What stood in the variable when the program began.
    Variable(String),
    Command(String),
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::File(file) => write!(f, "{}", file.display()),
            Source::Variable(_) => write!(f, "the variable {VARIABLE}"),
            // A command may hold a password: it is not repeated.
            Source::Command(_) => f.write_str("the output of the command --vault-key-command"),
        }
    }
}

impl Source {
    /// The file of a data folder.
    pub fn file(folder: &Path) -> Source {
        Source::File(key_file(folder))
    }

    /// The variable or command that was set, else the file.
    ///
    /// # Errors
    /// Fails where both are set.
    pub fn find(folder: &Path, command: Option<&str>) -> anyhow::Result<Source> {
        let variable = std::env::var(VARIABLE).ok().filter(|text| !text.trim().is_empty());
        let command = command.filter(|text| !text.trim().is_empty());
        Ok(match (variable, command) {
            (Some(_), Some(_)) => {
                bail!(
                    "both {VARIABLE} and --vault-key-command are set: the key comes from one place, take the other away"
                )
            }
            (Some(text), None) => Source::Variable(text),
            (None, Some(command)) => Source::Command(command.to_owned()),
            (None, None) => Source::file(folder),
        })
    }

    /// The keys as they are now, the newest first; nothing where a file is not there.
    pub async fn read(&self) -> anyhow::Result<Option<Vec<Key>>> {
        let text = match self {
            Source::File(file) => {
                match private::read(file)
                    .map_err(|error| anyhow!("cannot read {}: {error}", file.display()))?
                {
                    Some(text) => text,
                    None => return Ok(None),
                }
            }
            Source::Variable(text) => text.clone(),
            Source::Command(command) => output(command).await?,
        };
        let words = text.split(|c: char| c.is_whitespace() || c == ',').filter(|word| !word.is_empty());
        let keys: Option<Vec<Key>> = words.map(Key::parse).collect();
        match keys {
            Some(keys) if !keys.is_empty() => Ok(Some(keys)),
            _ => bail!(
                "{self} is no key of 64 hex digits: put back what it was made as, from your copy of the key"
            ),
        }
    }

    /// Puts keys in the place of those that are there, the newest first.
    ///
    /// # Errors
    /// Fails where they come from elsewhere than a file, which the program does not write.
    pub fn put(&self, keys: &[Key]) -> anyhow::Result<()> {
        let Source::File(file) = self else { bail!("{self} is not the program's to change") };
        let text: String = keys.iter().map(|key| key.reveal() + "\n").collect();
        let new = file.with_extension("key.new");
        // An earlier attempt may have been ended between the two steps.
        let _ = fs::remove_file(&new);
        private::write(&new, &text).with_context(|| format!("cannot write {}", new.display()))?;
        let told = || format!("cannot write {}", file.display());
        fs::rename(&new, file).with_context(told)?;
        // The name lasts before anything is sealed with the key.
        #[cfg(unix)]
        if let Some(folder) = file.parent() {
            fs::File::open(folder).and_then(|folder| folder.sync_all()).with_context(told)?;
        }
        Ok(())
    }
}

/// What a command of the system's shell prints. What it says on its error stream goes to the terminal.
async fn output(command: &str) -> anyhow::Result<String> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut shell = Command::new(shell);
    shell.arg(flag).arg(command).env_remove(VARIABLE).kill_on_drop(true);
    shell.stdin(Stdio::null()).stderr(Stdio::inherit());
    let done = tokio::time::timeout(LONGEST, shell.output()).await.with_context(|| {
        format!("the command --vault-key-command did not end within {} seconds", LONGEST.as_secs())
    })?;
    let done = done.context("the command --vault-key-command cannot be run")?;
    if !done.status.success() {
        bail!("the command --vault-key-command failed ({}): run it by hand to see why", done.status);
    }
    String::from_utf8(done.stdout).ok().context("the command --vault-key-command prints no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(read: anyhow::Result<Option<Vec<Key>>>) -> Vec<String> {
        read.unwrap().unwrap().iter().map(Key::reveal).collect()
    }

    #[tokio::test]
    async fn keys_come_from_a_file_a_variable_or_a_command() {
        let (old, new) = (Key::new([1; 32]), Key::new([2; 32]));
        let folder = tempfile::tempdir().unwrap();
        let file = Source::file(folder.path());
        assert!(file.read().await.unwrap().is_none());
        file.put(std::slice::from_ref(&old)).unwrap();
        assert_eq!(keys(file.read().await), [old.reveal()]);
        file.put(&[new.clone(), old.clone()]).unwrap();
        assert_eq!(keys(file.read().await), [new.reveal(), old.reveal()]);
        let both = format!("{},{}", new.reveal(), old.reveal());
        assert_eq!(keys(Source::Variable(both.clone()).read().await), [new.reveal(), old.reveal()]);
        let command = Source::Command(format!("echo {both}"));
        assert_eq!(keys(command.read().await), [new.reveal(), old.reveal()]);
        assert!(command.put(&[old]).is_err());
    }

    #[tokio::test]
    async fn what_is_no_key_is_refused_and_not_repeated() {
        let told = async |source: Source| format!("{:#}", source.read().await.err().unwrap());
        let none = told(Source::Variable("secret".into())).await;
        assert!(none.contains("the variable FIREBREAK_VAULT_KEY is no key") && !none.contains("secret"));
        let failed = told(Source::Command("echo secret; exit 3".into())).await;
        assert!(failed.contains("--vault-key-command failed") && !failed.contains("secret"), "{failed}");
        assert!(told(Source::Command("true".into())).await.contains("is no key of 64 hex digits"));
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a_file_that_others_may_read_is_refused_with_what_to_run() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let source = Source::file(folder.path());
        source.put(&[Key::new([1; 32])]).unwrap();
        let file = folder.path().join(FILE);
        let mode = |mode| fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        for shared in [0o640, 0o604, 0o660] {
            mode(shared);
            let told = source.read().await.err().unwrap().to_string();
            assert!(told.contains(&format!("chmod 600 {}", file.display())), "{told}");
        }
        mode(0o400);
        assert!(source.read().await.is_ok());
    }
}
