//! The head of the chain in a file beside the database: with the end of the tables cut off, it tells
//! of what was there.

use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::chain::{Hash, Key};

/// The file's name in the data folder.
const FILE: &str = "audit.head";

/// The last link of the chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Head {
    pub n: i64,
    pub hash: Hash,
}

/// What the file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    Missing,
    /// Not what this program wrote with this key.
    Damaged,
    Head(Head),
}

/// Where the head is kept in a data folder.
pub fn file(folder: &Path) -> PathBuf {
    folder.join(FILE)
}

/// Reads `n hash seal`.
pub fn read(file: &Path, key: &Key) -> std::io::Result<Kept> {
    let text = match fs::read_to_string(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Kept::Missing),
        Err(error) if error.kind() == ErrorKind::InvalidData => return Ok(Kept::Damaged),
        Err(error) => return Err(error),
    };
    Ok(parse(&text, key).map_or(Kept::Damaged, Kept::Head))
}

/// What a file tells, whoever wrote it: number and hash; nothing where there is none.
pub fn told(file: &Path) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    Some(text.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
}

/// Puts a file aside: of another database than the one it now lies beside, it proves nothing.
pub fn put_aside(file: &Path) -> std::io::Result<()> {
    match fs::rename(file, file.with_extension("before-restore")) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

fn parse(text: &str, key: &Key) -> Option<Head> {
    let mut parts = text.split_whitespace();
    let n = parts.next()?.parse().ok()?;
    let mut hash = || -> Option<Hash> { hex::decode(parts.next()?).ok()?.try_into().ok() };
    let (hash, seal) = (hash()?, hash()?);
    (key.head(n, &hash) == seal).then_some(Head { n, hash })
}

/// Puts a head in the place of the one before; a reader never sees half of one.
pub fn write(file: &Path, key: &Key, head: Head) -> std::io::Result<()> {
    let new = file.with_extension("head.new");
    let mut out = fs::File::create(&new)?;
    writeln!(out, "{} {} {}", head.n, hex::encode(head.hash), hex::encode(key.head(head.n, &head.hash)))?;
    out.sync_all()?;
    fs::rename(new, file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_head_sealed_with_the_key_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let (file, key) = (file(folder.path()), Key::new([7; 32]));
        assert_eq!(read(&file, &key).unwrap(), Kept::Missing);
        let head = Head { n: 12, hash: [3; 32] };
        write(&file, &key, head).unwrap();
        assert_eq!(read(&file, &key).unwrap(), Kept::Head(head));
        assert_eq!(read(&file, &Key::new([8; 32])).unwrap(), Kept::Damaged);
        let forged = fs::read_to_string(&file).unwrap().replacen("12", "11", 1);
        fs::write(&file, forged).unwrap();
        assert_eq!(read(&file, &key).unwrap(), Kept::Damaged);
    }
}
