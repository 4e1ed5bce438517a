//! Files that nobody but their owner may read: keys lie in them.

use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

/// The text of such a file; nothing where there is none.
///
/// # Errors
/// Refuses one that others may read, and says what to do.
pub fn read(file: &Path) -> io::Result<Option<String>> {
    match fs::metadata(file) {
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        found => refuse_shared(file, &found?)?,
    }
    fs::read_to_string(file).map(Some)
}

#[cfg(unix)]
fn refuse_shared(file: &Path, found: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if found.permissions().mode() & 0o077 == 0 {
        return Ok(());
    }
    let file = file.display();
    let told = format!("it may be read by others than its owner: run chmod 600 {file}, then start again");
    Err(io::Error::new(ErrorKind::PermissionDenied, told))
}

#[cfg(not(unix))]
fn refuse_shared(_: &Path, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

/// Writes a new one, to last.
pub fn write(file: &Path, text: &str) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(file)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

/// Takes a file away for good: what it held is overwritten first. What a disk keeps of it elsewhere is
/// beyond the program.
pub fn destroy(file: &Path) -> io::Result<()> {
    let length = usize::try_from(fs::metadata(file)?.len()).unwrap_or(0);
    let mut held = fs::OpenOptions::new().write(true).open(file)?;
    held.write_all(&vec![0; length])?;
    held.sync_all()?;
    fs::remove_file(file)
}
