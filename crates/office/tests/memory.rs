//! Long lists need no more memory than short ones. One test, alone in its program: the peak that
//! the system keeps is that of the whole program and never falls.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "what a test needs and lacks ends it")]

use std::io::{self, Write};

use base::{Day, Moment};
use firebreak_office::{Cell, Column, Export, Format, Kind, Sheet};

const MIB: u64 = 1 << 20;

/// The most memory that this program has held, in bytes.
fn peak() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1_024
}

fn write(format: Format, rows: u32, out: impl Write + Send) {
    let titles = ["户号", "姓名", "住址", "出生日期", "体温"];
    let kinds = [Kind::Integer, Kind::Text, Kind::Text, Kind::Day, Kind::Decimal(1)];
    let columns = titles.iter().zip(kinds).map(|(title, kind)| Column::new(*title, kind)).collect();
    let mut export = Export::open(format, &Sheet::new("名单", columns), Moment(0), out).unwrap();
    let birth = Day::new(1980, 1, 1).unwrap();
    for n in 0..rows {
        let name = format!("村民{n}").into();
        let place = format!("北街村第{}组{n}号", n % 7).into();
        let birth = birth.plus(i32::try_from(n % 9_000).unwrap()).into();
        export.row(vec![Cell::Integer(n.into()), name, place, birth, Cell::Decimal(36.5)]).unwrap();
    }
    export.finish().unwrap();
}

#[test]
fn memory_stays_level_however_long_the_list() {
    for format in [Format::Xlsx, Format::Csv] {
        write(format, 4_000, io::sink());
        let before = peak();
        write(format, 100_000, io::sink());
        assert!(peak() - before < 4 * MIB, "{format:?}: {before} to {}", peak());
    }
}
