//! Files to rows. What a file is, its content decides, not its name.

mod delimited;
mod error;
mod intake;
mod kind;
mod number;
mod package;
mod table;
mod traps;
mod workbook;

use std::ops::ControlFlow;

pub use error::{ReadError, column_name};
pub use table::{Head, Limits, Remark, Row, Table};

use intake::Intake;
use kind::Kind;

/// Reads a table row by row without keeping it: `take` sees the head and each row below it, and
/// may stop. Lines that are blank are passed over; lines above the header that hold one cell each
/// (the list's name, a watermark) become [`Head::titles`].
pub fn each_row(
    file: &[u8],
    limits: &Limits,
    mut take: impl FnMut(&Head, Row) -> ControlFlow<()>,
) -> Result<Head, ReadError> {
    let bytes = file.len() as u64;
    if bytes > limits.file_bytes {
        return Err(ReadError::FileTooLarge { bytes, limit: limits.file_bytes });
    }
    let mut intake = Intake::new(limits, &mut take);
    match kind::of(file)? {
        Kind::Workbook => workbook::read(file, limits, intake),
        Kind::Delimited => {
            delimited::read(file, &mut intake)?;
            intake.close()
        }
    }
}
