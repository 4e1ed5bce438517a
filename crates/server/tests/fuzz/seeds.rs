//! Sound input for each target.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::path::Path;

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipArchive, ZipWriter};

/// A file: of a workbook, its parts with their names, so that a change to one keeps the checksums; of
/// anything else, one part without a name.
#[derive(Clone)]
pub struct Seed {
    pub parts: Vec<(String, Vec<u8>)>,
}

impl Seed {
    fn of(bytes: Vec<u8>) -> Seed {
        let Ok(mut archive) = ZipArchive::new(Cursor::new(&bytes)) else {
            return Seed { parts: vec![(String::new(), bytes)] };
        };
        let parts = 0..archive.len();
        let part = |at| {
            let mut part = archive.by_index(at).unwrap();
            let mut content = Vec::new();
            part.read_to_end(&mut content).unwrap();
            (part.name().unwrap().into_owned(), content)
        };
        Seed { parts: parts.map(part).collect() }
    }

    pub fn whole(&self) -> Vec<u8> {
        if let [(name, bytes)] = self.parts.as_slice()
            && name.is_empty()
        {
            return bytes.clone();
        }
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, content) in &self.parts {
            archive.start_file(name.as_str(), options).unwrap();
            archive.write_all(content).unwrap();
        }
        archive.finish().unwrap().into_inner()
    }
}

/// The seeds of a target. Identity numbers have the sequence 000, which nobody has.
pub fn of(target: &str) -> Vec<Seed> {
    match target {
        "workbook" => files("xlsx"),
        "csv" => files("csv"),
        "identity" => texts(&["141023198002090007", "141023800209000", "14102319620305000x", "１４１０２３"]),
        "date" => texts(&[
            "1980-02-09",
            "1980/2/9",
            "1980年2月9日",
            "19800209",
            "29260",
            "80.2.9",
            "05年11月3日",
            "1980-02",
            "1980-02-09 00:00:00",
        ]),
        "division" => texts(&["141023105200001", "141023105", "141023105200", "14", "0", "-1"]),
        _ => texts(&[firebreak::playbook::BUILT_IN]),
    }
}

fn texts(texts: &[&str]) -> Vec<Seed> {
    texts.iter().map(|text| Seed { parts: vec![(String::new(), text.as_bytes().to_vec())] }).collect()
}

fn files(kind: &str) -> Vec<Seed> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
    let paths = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let paths = paths.filter(|path| path.extension().is_some_and(|own| own == kind));
    paths.map(|path| Seed::of(fs::read(path).unwrap())).collect()
}
