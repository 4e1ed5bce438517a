//! Files to rows. What a file is, its content decides, not its name.

mod delimited;
mod error;
mod gate;
mod grid;
mod intake;
mod kind;
mod number;
mod old;
mod package;
mod table;
mod text;
mod traps;
mod wire;
mod workbook;

use std::ops::ControlFlow;

pub use error::{ReadError, column_name};
pub use grid::{Grid, Merge};
pub use old::send;
pub use table::{Head, Limits, Remark, Row, Table};
pub use wire::receive;

use gate::Pile;
use intake::Intake;
use kind::Kind;
use package::Package;

/// Reads a table row by row without keeping it: `take` sees the head and each row below it, and
/// may stop. Lines that are blank are passed over; lines above the header that hold one cell each
/// (the list's name, a watermark) become [`Head::titles`].
pub fn each_row(
    file: &[u8],
    limits: &Limits,
    mut take: impl FnMut(&Head, Row) -> ControlFlow<()>,
) -> Result<Head, ReadError> {
    let kind = measured(file, limits)?;
    let mut intake = Intake::new(limits, &mut take);
    match kind {
        Kind::Archive => match package::check(file, limits)? {
            Package::Workbook => workbook::read(file, intake),
            Package::OpenDocument => Err(ReadError::OpenDocument),
        },
        Kind::Old => Err(ReadError::OldWorkbook),
        Kind::Delimited => {
            delimited::read(file, &mut intake)?;
            intake.close()
        }
    }
}

/// Reads every visible sheet line by line, with titles and merged cells. `apart` reads the formats
/// whose reader makes room for a whole workbook at once (.xls, .ods): [`old_grids`], or a process
/// around [`send`] and [`receive`].
pub fn grids(
    file: &[u8],
    limits: &Limits,
    apart: impl FnOnce(&[u8], &Limits) -> Result<Vec<Grid>, ReadError>,
) -> Result<Vec<Grid>, ReadError> {
    let kind = measured(file, limits)?;
    let mut pile = Pile::new(limits);
    match kind {
        Kind::Archive if package::check(file, limits)? == Package::Workbook => {
            workbook::read_all(file, &mut pile)?;
        }
        Kind::Archive | Kind::Old => return apart(file, limits),
        Kind::Delimited => {
            pile.open(None, None);
            delimited::read(file, &mut pile)?;
        }
    }
    pile.close()
}

/// Reads an .xls or .ods file in this process, however much memory it takes.
pub fn old_grids(file: &[u8], limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    let mut stream = Vec::new();
    send(file, &mut stream).map_err(ReadError::damaged)?;
    receive(stream.as_slice(), limits)
}

fn measured(file: &[u8], limits: &Limits) -> Result<Kind, ReadError> {
    let bytes = file.len() as u64;
    if bytes > limits.file_bytes {
        return Err(ReadError::FileTooLarge { bytes, limit: limits.file_bytes });
    }
    kind::of(file)
}
