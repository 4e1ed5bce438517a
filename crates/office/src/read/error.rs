//! Why a file was not read. The texts are for logs and the command line; people get the message
//! named by [`ReadError::key`] with [`ReadError::args`].

/// Lines count from 1 as the spreadsheet program shows them, columns from 0.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the file is empty: choose one with a header line")]
    Empty,
    #[error("the file has {bytes} bytes, {limit} are allowed: split it")]
    FileTooLarge { bytes: u64, limit: u64 },
    #[error("{part} in the workbook unpacks to more than {limit} bytes: copy the table into a new workbook")]
    UnpacksTooLarge { part: String, limit: u64 },
    #[error("more than {limit} rows, from line {line} on: split the file")]
    TooManyRows { line: u32, limit: u32 },
    #[error("line {line} reaches to column {}, {limit} columns are allowed: delete what stands to the right", column_name(*column))]
    TooManyColumns { line: u32, column: usize, limit: usize },
    #[error("more than {limit} filled cells, from line {line} on: split the file")]
    TooManyCells { line: u32, limit: u64 },
    #[error("the text in {}{line} has more than {limit} characters: shorten it", column_name(*column))]
    CellTooLong { line: u32, column: usize, limit: usize },
    #[error("more than {limit} bytes of text, from line {line} on: split the file")]
    TooMuchText { line: u32, limit: u64 },
    #[error("line {line} is neither UTF-8 nor GB18030: save as 'CSV UTF-8' or as .xlsx")]
    NotUtf8 { line: u32 },
    #[error("a quotation mark opens in line {line} and never closes: close or delete it")]
    OpenQuote { line: u32 },
    #[error("the file is damaged{}: open it and save it again ({reason})", near(*line))]
    Damaged { line: Option<u32>, reason: String },
    #[error("the file is protected by a password: save it without")]
    Password,
    #[error("a binary Excel workbook (.xlsb): save it as .xlsx")]
    BinaryWorkbook,
    #[error("a web page or XML under another name: open it and save it as .xlsx")]
    Markup,
    #[error("reading came to no end: it wants too much memory or time; save it as .xlsx")]
    Unfinished,
    #[error("neither a workbook nor a CSV file: save the table as .xlsx")]
    NotATable,
}

impl ReadError {
    /// The name of the message that explains the error.
    pub fn key(&self) -> &'static str {
        match self {
            ReadError::Empty => "table-empty",
            ReadError::FileTooLarge { .. } => "table-file-too-large",
            ReadError::UnpacksTooLarge { .. } => "table-unpacks-too-large",
            ReadError::TooManyRows { .. } => "table-too-many-rows",
            ReadError::TooManyColumns { .. } => "table-too-many-columns",
            ReadError::TooManyCells { .. } => "table-too-many-cells",
            ReadError::CellTooLong { .. } => "table-cell-too-long",
            ReadError::TooMuchText { .. } => "table-too-much-text",
            ReadError::NotUtf8 { .. } => "table-not-utf8",
            ReadError::OpenQuote { .. } => "table-open-quote",
            ReadError::Damaged { .. } => "table-damaged",
            ReadError::Password => "table-password",
            ReadError::BinaryWorkbook => "table-binary-workbook",
            ReadError::Markup => "table-markup",
            ReadError::Unfinished => "table-unfinished",
            ReadError::NotATable => "table-not-a-table",
        }
    }

    /// What the message speaks of: `line`, `column` (A, B, ..), `limit`, `bytes`, `part`.
    pub fn args(&self) -> Vec<(&'static str, String)> {
        let line = |line: &u32| ("line", line.to_string());
        let column = |column: &usize| ("column", column_name(*column));
        match self {
            ReadError::FileTooLarge { bytes, limit } => {
                vec![("bytes", bytes.to_string()), ("limit", limit.to_string())]
            }
            ReadError::UnpacksTooLarge { part, limit } => {
                vec![("part", part.clone()), ("limit", limit.to_string())]
            }
            ReadError::TooManyRows { line: at, limit } => vec![line(at), ("limit", limit.to_string())],
            ReadError::TooManyCells { line: at, limit } | ReadError::TooMuchText { line: at, limit } => {
                vec![line(at), ("limit", limit.to_string())]
            }
            ReadError::TooManyColumns { line: at, column: c, limit }
            | ReadError::CellTooLong { line: at, column: c, limit } => {
                vec![line(at), column(c), ("limit", limit.to_string())]
            }
            ReadError::NotUtf8 { line: at } | ReadError::OpenQuote { line: at } => vec![line(at)],
            ReadError::Damaged { line: at, .. } => at.iter().map(line).collect(),
            _ => vec![],
        }
    }

    pub(super) fn damaged(reason: impl ToString) -> ReadError {
        ReadError::Damaged { line: None, reason: reason.to_string() }
    }
}

fn near(line: Option<u32>) -> String {
    line.map_or_else(String::new, |line| format!(" after line {line}"))
}

/// The letters over a column, counted from 0: A, B, .. Z, AA, .. XFD.
pub fn column_name(column: usize) -> String {
    let (more, last) = (column / 26, column % 26);
    let letter = char::from(b'A' + last as u8);
    if more == 0 { letter.to_string() } else { column_name(more - 1) + &letter.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_called_as_people_see_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA"), (16_383, "XFD")] {
            assert_eq!(column_name(column), name);
        }
    }

    #[test]
    fn an_error_says_where_and_what_to_do() {
        let error = ReadError::CellTooLong { line: 7, column: 2, limit: 10 };
        assert_eq!(error.to_string(), "the text in C7 has more than 10 characters: shorten it");
        let args: Vec<_> = error.args().into_iter().map(|(name, value)| format!("{name}={value}")).collect();
        assert_eq!(args, ["line=7", "column=C", "limit=10"]);
    }
}
