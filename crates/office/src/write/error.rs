use std::io;

use rust_xlsxwriter::XlsxError;
use zip::result::ZipError;

/// Why a list was not written. Lines count from 1 as the spreadsheet program shows them, columns
/// from 0.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("a list needs at least one column")]
    NoColumns,
    #[error("line {line} has {found} cells, the list has {expected} columns")]
    CellCount { line: u32, found: usize, expected: usize },
    #[error("the text in line {line}, column {} is longer than the 32,767 characters of a cell", column + 1)]
    CellTooLong { line: u32, column: usize },
    #[error("the number in line {line}, column {} is none", column + 1)]
    NotANumber { line: u32, column: usize },
    #[error("a sheet holds 1,048,576 lines: narrow the list, or take it as CSV")]
    TooManyRows,
    #[error("the file could not be written: {0}")]
    Output(#[from] io::Error),
    #[error("the temporary file for the rows failed, the disk may be full: {0}")]
    Scratch(String),
    #[error("the workbook could not be put together: {0}")]
    Workbook(String),
}

impl WriteError {
    /// The name of the message that explains the error.
    pub fn key(&self) -> &'static str {
        match self {
            WriteError::NoColumns | WriteError::CellCount { .. } | WriteError::Workbook(_) => "sheet-broken",
            WriteError::CellTooLong { .. } => "sheet-cell-too-long",
            WriteError::NotANumber { .. } => "sheet-not-a-number",
            WriteError::TooManyRows => "sheet-too-many-rows",
            WriteError::Output(_) => "sheet-output",
            WriteError::Scratch(_) => "sheet-scratch",
        }
    }
}

impl From<XlsxError> for WriteError {
    fn from(error: XlsxError) -> WriteError {
        match error {
            XlsxError::RowColumnLimitError => WriteError::TooManyRows,
            XlsxError::IoError(error) | XlsxError::ZipError(ZipError::Io(error)) => WriteError::Output(error),
            XlsxError::TempFileError(_, error) => WriteError::Scratch(error.to_string()),
            other => WriteError::Workbook(other.to_string()),
        }
    }
}

impl From<csv::Error> for WriteError {
    fn from(error: csv::Error) -> WriteError {
        WriteError::Output(error.into())
    }
}
