//! The stream between whoever reads an old workbook and whoever wants its rows: CSV records, the
//! first field of which says what they are. It is whole only with its last record.

use std::io::{self, Read, Write};

use csv::{ReaderBuilder, StringRecord, Writer, WriterBuilder};

use super::error::ReadError;
use super::grid::{Grid, Merge};
use super::pile::Pile;
use super::table::{Limits, Remark, Row};

const SHEET: &str = "sheet";
const ROW: &str = "row";
const MERGE: &str = "merge";
const REFUSED: &str = "refused";
const END: &str = "end";

const PASSWORD: &str = "password";

/// Writes the stream.
pub struct Sender<W: Write> {
    out: Writer<W>,
}

impl<W: Write> Sender<W> {
    pub fn new(out: W) -> Sender<W> {
        Sender { out: WriterBuilder::new().flexible(true).from_writer(out) }
    }

    pub fn sheet(&mut self, name: &str, tells_merges: bool) -> io::Result<()> {
        self.record(&[SHEET, name, if tells_merges { MERGE } else { "" }])
    }

    /// Its cells each with column and remark; a blank row is left out.
    pub fn row(&mut self, row: &Row) -> io::Result<()> {
        let filled: Vec<_> = row.cells.iter().enumerate().filter(|(_, text)| !text.is_empty()).collect();
        if filled.is_empty() {
            return Ok(());
        }
        let mut record = vec![ROW.to_owned(), row.number.to_string()];
        for (column, text) in filled {
            let remark = row.remarks.iter().find(|(at, _)| *at == column).map(|(_, remark)| *remark);
            record.extend([column.to_string(), mark(remark).to_owned(), text.clone()]);
        }
        Ok(self.out.write_record(record)?)
    }

    pub fn merge(&mut self, merge: &Merge) -> io::Result<()> {
        let Merge { first, last } = merge;
        let corners = [first.0.to_string(), first.1.to_string(), last.0.to_string(), last.1.to_string()];
        self.record(&[&[MERGE.to_owned()], corners.as_slice()].concat())
    }

    /// Ends the stream: the file is not read, for this reason.
    pub fn refuse(mut self, error: &ReadError) -> io::Result<()> {
        let word = if *error == ReadError::Password { PASSWORD.to_owned() } else { error.to_string() };
        self.record(&[REFUSED.to_owned(), word])?;
        self.out.flush()
    }

    /// Ends the stream: all is there.
    pub fn end(mut self) -> io::Result<()> {
        self.record(&[END])?;
        self.out.flush()
    }

    fn record<T: AsRef<[u8]>>(&mut self, fields: &[T]) -> io::Result<()> {
        Ok(self.out.write_record(fields)?)
    }
}

fn mark(remark: Option<Remark>) -> &'static str {
    match remark {
        None => "",
        Some(Remark::DigitsLost) => "lost",
        Some(Remark::ErrorValue) => "error",
    }
}

fn remark(mark: &str) -> Option<Remark> {
    [Remark::DigitsLost, Remark::ErrorValue].into_iter().find(|remark| self::mark(Some(*remark)) == mark)
}

/// Reads what [`super::send`] wrote, within the limits. A stream that breaks off is a file whose
/// reading came to no end.
pub fn receive(input: impl Read, limits: &Limits) -> Result<Vec<Grid>, ReadError> {
    // Beside the text itself: columns, remarks and quotation marks.
    let most = limits.text_bytes.saturating_add(limits.cells.saturating_mul(16));
    let mut reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(input.take(most));
    let mut pile = Pile::new(limits);
    let mut record = StringRecord::new();
    while reader.read_record(&mut record).map_err(|_| ReadError::Unfinished)? {
        let mut fields = record.iter();
        match fields.next() {
            Some(SHEET) => {
                let name = fields.next().unwrap_or_default().to_owned();
                pile.open(Some(name), (fields.next() == Some(MERGE)).then(Vec::new));
            }
            Some(ROW) => take_row(&record, &mut pile)?,
            Some(MERGE) => {
                let first = (number(&record, 1)?, number(&record, 2)? as usize);
                let last = (number(&record, 3)?, number(&record, 4)? as usize);
                pile.merge(Merge { first, last });
            }
            Some(END) => return pile.close(),
            Some(REFUSED) if fields.next() == Some(PASSWORD) => return Err(ReadError::Password),
            Some(REFUSED) => return Err(ReadError::damaged(record.get(1).unwrap_or_default())),
            _ => break,
        }
    }
    Err(ReadError::Unfinished)
}

fn take_row(record: &StringRecord, pile: &mut Pile) -> Result<(), ReadError> {
    let mut row = Row { number: number(record, 1)?, cells: vec![], remarks: vec![] };
    for at in (2..record.len()).step_by(3) {
        let column = number(record, at)? as usize;
        let text = record.get(at + 2).ok_or(ReadError::Unfinished)?;
        pile.cell(&mut row, column, text.to_owned(), remark(&record[at + 1]))?;
    }
    pile.row(row)
}

fn number(record: &StringRecord, at: usize) -> Result<u32, ReadError> {
    record.get(at).and_then(|field| field.parse().ok()).ok_or(ReadError::Unfinished)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_arrives_as_it_was_sent_and_only_whole() {
        let cells = ["张三".to_owned(), String::new(), "a,\"b\"\n".to_owned()];
        let row = Row { number: 3, cells: cells.to_vec(), remarks: vec![(2, Remark::DigitsLost)] };
        let merge = Merge { first: (3, 0), last: (4, 0) };
        let mut stream = Vec::new();
        let mut sender = Sender::new(&mut stream);
        sender.sheet("北街", true).unwrap();
        sender.row(&row).unwrap();
        sender.merge(&merge).unwrap();
        sender.end().unwrap();
        let grid = Grid { sheet: Some("北街".to_owned()), lines: vec![row], merges: Some(vec![merge]) };
        let limits = Limits::default();
        assert_eq!(receive(stream.as_slice(), &limits), Ok(vec![grid]));
        for kept in 0..stream.len() - 1 {
            assert_eq!(receive(&stream[..kept], &limits), Err(ReadError::Unfinished), "{kept}");
        }
    }
}
