//! Files to rows. What a file is, its content decides, not its name.

mod delimited;
mod error;
mod grid;
mod kind;
mod number;
mod old;
mod package;
mod pile;
mod table;
mod text;
mod traps;
mod wire;
mod workbook;

pub use error::{ReadError, column_name};
pub use grid::{Grid, Merge};
pub use old::send;
pub use table::{Head, Limits, Remark, Row, Table};
pub use wire::receive;

use kind::Kind;
use package::Package;
use pile::Pile;

/// Reads every visible sheet that holds something, line by line, with titles and merged cells. Formulas
/// read as the values that were saved with them; one saved without a value reads as blank. Macros and
/// links to other files are passed over. `apart` reads the formats
/// whose reader makes room for a whole workbook at once (.xls, .ods): [`old_grids`], or a process
/// around [`send`] and [`receive`].
pub fn grids(
    file: &[u8],
    limits: &Limits,
    apart: impl FnOnce(&[u8], &Limits) -> Result<Vec<Grid>, ReadError>,
) -> Result<Vec<Grid>, ReadError> {
    let bytes = file.len() as u64;
    if bytes > limits.file_bytes {
        return Err(ReadError::FileTooLarge { bytes, limit: limits.file_bytes });
    }
    let kind = kind::of(file)?;
    let mut pile = Pile::new(limits);
    match kind {
        Kind::Archive if package::check(file, limits)? == Package::Workbook => {
            workbook::read(file, &mut pile)?;
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
