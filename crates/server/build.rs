//! Joins `locales/<language>/<feature>.ftl` into the one file per language that the message macro
//! reads at compile time. The joined files are made anew at every change and are not committed.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let root = Path::new("../../locales");
    println!("cargo:rerun-if-changed={}", root.display());
    println!("cargo:rerun-if-changed=../../web");
    for language in ["zh-Hans", "zh-Hant", "en"] {
        let folder = root.join(language);
        println!("cargo:rerun-if-changed={}", folder.display());
        let mut files: Vec<_> = fs::read_dir(&folder)?.collect::<Result<Vec<_>, _>>()?;
        files.sort_by_key(std::fs::DirEntry::file_name);
        let mut joined = String::new();
        for file in files {
            println!("cargo:rerun-if-changed={}", file.path().display());
            joined += &format!("### {}\n\n", file.file_name().to_string_lossy());
            joined += &fs::read_to_string(file.path())?;
            joined.push('\n');
        }
        refuse_doubles(&joined, language)?;
        let target = Path::new("i18n").join(language);
        fs::create_dir_all(&target)?;
        let target = target.join("firebreak.ftl");
        if fs::read_to_string(&target).ok().as_ref() != Some(&joined) {
            fs::write(target, joined)?;
        }
    }
    Ok(())
}

/// Two features must not give one key two meanings: the later would silently win.
fn refuse_doubles(joined: &str, language: &str) -> std::io::Result<()> {
    let mut seen = BTreeSet::new();
    let keys = joined.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_alphabetic()));
    for key in keys.filter_map(|line| Some(line.split_once('=')?.0.trim())) {
        if !seen.insert(key) {
            let why = format!("the message '{key}' stands twice in locales/{language}: rename one");
            return Err(std::io::Error::other(why));
        }
    }
    Ok(())
}
