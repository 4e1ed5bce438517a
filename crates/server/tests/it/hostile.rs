//! Files that would harm the program, sent to it as a browser sends them: each is refused in words, within
//! bounded memory, and nothing is written. One program for all, so that what one leaves behind shows.

use std::fs;
use std::io::{Cursor, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::time::{Duration, Instant};

use db::{Db, on_db};
use firebreak::web::{Language, Languages};
use office::ReadError;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::load::{self, Towns};
use super::program::{Program, ask};

/// MiB that the program may hold at its peak: what a list of 40,000 people may take.
const MOST: u64 = 300;

const RELS: &str = r#"<Relationships><Relationship Id="r1" Type="http://x/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#;
const WORKBOOK: &str = r#"<workbook><sheets><sheet name="A" r:id="s1"/></sheets></workbook>"#;
const WORKBOOK_RELS: &str = r#"<Relationships><Relationship Id="s1" Type="http://x/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#;

/// A workbook of one sheet with these rows, and another part.
fn workbook(rows: &str, other: (&str, &[u8])) -> Vec<u8> {
    let sheet = format!("<worksheet><sheetData>{rows}</sheetData></worksheet>");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in [
        ("_rels/.rels", RELS.as_bytes()),
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", WORKBOOK_RELS.as_bytes()),
        ("xl/worksheets/sheet1.xml", sheet.as_bytes()),
        other,
    ] {
        archive.start_file(name, SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

fn cell(place: &str, text: &str) -> String {
    format!(r#"<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>"#)
}

fn fixture(name: &str) -> Vec<u8> {
    fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks").join(name)).unwrap()
}

/// Each file with why it is refused.
fn files() -> Vec<(&'static str, Vec<u8>, ReadError)> {
    let far = format!("<row>{}</row><row>{}</row>", cell("A1", "x"), cell("XFD1048576", "x"));
    let filled = format!("<row>{}</row>", cell("A1", "x")).replace(" r=\"A1\"", "").repeat(100_001);
    let zeros = vec![0; (160 << 20) + 1];
    let damaged = ReadError::Damaged { line: None, reason: String::new() };
    let streets = fixture("streets.xlsx");
    let column = ReadError::TooManyColumns { line: 1_048_576, column: 16_383, limit: 256 };
    let part = "xl/media/a.png".to_owned();
    vec![
        ("far cell", workbook(&far, ("a", b"")), column),
        ("zip bomb", workbook("", (&part, &zeros)), ReadError::UnpacksTooLarge { part, limit: 160 << 20 }),
        ("rows", workbook(&filled, ("a", b"")), ReadError::TooManyRows { line: 100_001, limit: 100_000 }),
        ("bomb.ods", fixture("bomb.ods"), ReadError::Unfinished),
        ("truncated", streets[..streets.len() / 2].to_vec(), damaged),
        ("truncated .xls", fixture("streets-old.xls")[..1_500].to_vec(), ReadError::NotATable),
        ("password.xlsx", fixture("password.xlsx"), ReadError::Password),
        ("password.xls", fixture("password.xls"), ReadError::Password),
        ("password.ods", fixture("password.ods"), ReadError::Password),
        ("UTF-16 without its mark", b"a\0,\0b\0\n\0".to_vec(), ReadError::NotATable),
    ]
}

fn post(program: &Program, towns: &Towns, language: &str, file: &[u8]) -> (u16, String) {
    let head = format!(
        "POST /households/import HTTP/1.1\r\nauthorization: Bearer {}\r\naccept-language: {language}\r\n\
         content-type: multipart/form-data; boundary=edge",
        towns.reader.reveal()
    );
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n".to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    ask(program.address, &head, &body).unwrap()
}

/// Begins a post and sends nothing, or spaces without end; the status of the answer, and how many bytes went
/// out before it came.
fn flood(program: &Program, towns: &Towns, length: &str, endless: bool) -> (Option<u16>, u64) {
    let mut stream = TcpStream::connect(program.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let head = format!(
        "POST /households/import HTTP/1.1\r\nhost: test\r\nauthorization: Bearer {}\r\n\
         content-type: multipart/form-data; boundary=edge\r\n{length}\r\n\r\n",
        towns.reader.reveal()
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut sent = 0;
    if endless {
        let begin = "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
        let chunk = |body: &[u8]| [format!("{:x}\r\n", body.len()).as_bytes(), body, b"\r\n"].concat();
        let (begin, part) = (chunk(begin.as_bytes()), chunk(&[b' '; 1 << 20]));
        stream.write_all(&begin).unwrap();
        // Until the program hangs up.
        while sent < 2 << 30 && stream.write_all(&part).is_ok() {
            sent += 1 << 20;
        }
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    (String::from_utf8_lossy(&answer).get(9..12).and_then(|status| status.parse().ok()), sent)
}

async fn count(db: &Db, what: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(what).fetch_one(c).await).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_files_are_refused_in_words_within_bounds_and_leave_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("firebreak.db").display());
    let towns = load::settle(&url, folder.path(), 60).await.unwrap();
    let program = Program::serve(folder.path(), &url);
    let languages = Languages::load().unwrap();
    for (name, file, error) in files() {
        for (language, header) in
            [(Language::Simplified, "zh-CN"), (Language::Traditional, "zh-TW"), (Language::English, "en")]
        {
            let begun = Instant::now();
            let (status, page) = post(&program, &towns, header, &file);
            let told = languages.of(language).get_with(error.key(), &error.args());
            assert_eq!(status, 422, "{name}: {page}");
            assert!(page.replace("&#39;", "'").contains(&told), "{name} {header}: not “{told}” in {page}");
            assert!(begun.elapsed() < Duration::from_secs(30), "{name}: {:?}", begun.elapsed());
        }
        assert!(program.peak_mb() < MOST, "{name}: {} MiB", program.peak_mb());
    }
    let two_gigabytes = "content-length: 2147483648";
    assert_eq!(flood(&program, &towns, two_gigabytes, false), (Some(413), 0), "refused by its length alone");
    let (_, sent) = flood(&program, &towns, "transfer-encoding: chunked", true);
    assert!(sent < 64 << 20, "{sent} bytes were taken of what has no length");
    assert!(program.peak_mb() < MOST, "{} MiB", program.peak_mb());
    assert_eq!(ask(program.address, "GET /healthz HTTP/1.1", b"").unwrap().0, 200);
    drop(program);
    let db = Db::open(&url).await.unwrap();
    assert_eq!(count(&db, "SELECT COUNT(*) FROM register_upload").await, 0);
    assert_eq!(count(&db, "SELECT COUNT(*) FROM audit_entry WHERE action = 'register.upload'").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_only_looks_dangerous_is_read_as_it_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}", folder.path().join("firebreak.db").display());
    let towns = load::settle(&url, folder.path(), 60).await.unwrap();
    let program = Program::serve(folder.path(), &url);
    let head = format!("<row>{}{}</row>", cell("A1", "姓名"), cell("B1", "户号"));
    let row = format!("<row>{}{}</row>", cell("A2", "王一"), cell("B2", "1"));
    let blank = r#"<row><c s="0"/></row>"#.repeat(1_000_000);
    for (name, rows, other) in [
        ("macros", String::new(), ("xl/vbaProject.bin", b"not looked at".as_slice())),
        ("a link", String::new(), ("xl/externalLinks/externalLink1.xml", b"<externalLink/>")),
        ("a million blank rows", blank, ("a", b"")),
    ] {
        let file = workbook(&[head.as_str(), &row, &rows].concat(), other);
        let (status, page) = post(&program, &towns, "zh-CN", &file);
        // The list names no village: it was read.
        assert!(status == 422 && page.contains("请选是哪个村的"), "{name}: {status} {page}");
        assert!(program.peak_mb() < MOST, "{name}: {} MiB", program.peak_mb());
    }
}
