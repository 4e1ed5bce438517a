//! The key of the backups: not the vault's, so that a backup and the server it was made on can be lost
//! or stolen apart from each other.

use std::path::{Path, PathBuf};

use rand::RngExt as _;

use crate::private;

/// The key itself, where no file is to hold it on the server.
pub const VARIABLE: &str = "FIREBREAK_BACKUP_KEY";

/// The key's name in the data folder.
pub const FILE: &str = "backup.key";

/// 32 secret bytes. They do not print themselves.
#[derive(Clone)]
pub struct Key([u8; 32]);

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum NoKey {
    #[error("{0} is no key of 64 hex digits: put back what it was made as")]
    Malformed(String),
    #[error(
        "there is no key at {}: put the key of the backup there, name it with --backup-key-file, \
         or set {VARIABLE}", .0.display()
    )]
    Missing(PathBuf),
    #[error(
        "there is no key at {}, and {} was made with the key {key}: put that key back, or let backups be \
         made in a folder without any", .file.display(), .backup.display()
    )]
    Lost { file: PathBuf, backup: PathBuf, key: String },
    #[error("the key {} cannot be read or written: {why}", .file.display())]
    File { file: PathBuf, why: std::io::Error },
}

impl Key {
    pub fn new(secret: [u8; 32]) -> Key {
        Key(secret)
    }

    /// The key that is given as a text; `source` names where it stood.
    pub fn parse(text: &str, source: &str) -> Result<Key, NoKey> {
        let bytes = hex::decode(text.trim()).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.map(Key).ok_or_else(|| NoKey::Malformed(source.to_owned()))
    }

    /// The key in a file.
    pub fn read(file: &Path) -> Result<Key, NoKey> {
        match private::read(file) {
            Ok(Some(text)) => Key::parse(&text, &file.display().to_string()),
            Ok(None) => Err(NoKey::Missing(file.to_owned())),
            Err(why) => Err(NoKey::File { file: file.to_owned(), why }),
        }
    }

    /// Makes a key in a file that only its owner reads.
    pub fn make(file: &Path) -> Result<Key, NoKey> {
        let secret: [u8; 32] = rand::rng().random();
        private::write(file, &hex::encode(secret))
            .map_err(|why| NoKey::File { file: file.to_owned(), why })?;
        Ok(Key(secret))
    }

    /// What tells keys apart and gives nothing away.
    pub fn id(&self) -> String {
        hex::encode(&blake3::derive_key("firebreak 2026 name of a key of backups", &self.0)[..4])
    }

    /// What backups are sealed with.
    pub fn of_seals(&self) -> [u8; 32] {
        blake3::derive_key("firebreak 2026 seals of backups", &self.0)
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_key_is_made_once_for_its_owner_alone_and_read_again() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        assert!(matches!(Key::read(&file), Err(NoKey::Missing(_))));
        let made = Key::make(&file).unwrap();
        assert_eq!(Key::read(&file).unwrap().id(), made.id());
        assert!(matches!(Key::make(&file), Err(NoKey::File { .. })));
        #[cfg(unix)]
        {
            let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(&file).unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(&file, "damaged").unwrap();
        let told = Key::read(&file).err().unwrap().to_string();
        assert!(told.contains("64 hex digits"), "{told}");
    }
}
