//! A list of a town's people from file to preview: uploaded over HTTP, read, compared with the register,
//! an outcome for every row. Beside it, in the same run, the workbook read alone, by this process; and
//! the most memory that the server held.
//!
//! One JSON object per line. `cargo xtask bench import` starts it with a PostgreSQL of its own.

#[path = "../round/load.rs"]
#[expect(dead_code, reason = "the round's bench uses more of it")]
mod load;
#[path = "../round/server.rs"]
#[expect(dead_code, reason = "the round's bench uses more of it")]
mod server;

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use base::{Day, Division, Identity, Moment};
use clap::Parser;
use db::Db;
use firebreak::divisions;
use office::{Cell, Column, Export, Format, Kind, Limits, ReadError, Sheet};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use server::Server;

/// People of one household, households of one street, streets of one village.
const FAMILY: i64 = 4;
const STREET: i64 = 30;
const VILLAGE: i64 = 30;

#[derive(Debug, Parser)]
struct Args {
    /// Rows of the list.
    #[arg(long, default_value_t = 40_000)]
    rows: i64,
    /// Households of the register with which it is compared.
    #[arg(long, default_value_t = 10_000)]
    households: i64,
    /// How often the list is brought; the middle one counts.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// A PostgreSQL server, as postgres://USER@HOST:PORT/postgres.
    #[arg(long, env = "FIREBREAK_BENCH_POSTGRES")]
    postgres: Option<String>,
    /// Given by `cargo bench`; says nothing here.
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let args = Args::parse();
    let folder = tempfile::tempdir()?;
    let mut places = vec![("sqlite", format!("sqlite://{}", folder.path().join("firebreak.db").display()))];
    if let Some(server) = &args.postgres {
        places.push(("postgres", load::new_database(server)?));
    }
    let file = list(args.rows)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    for (engine, url) in places {
        let line = runtime.block_on(bench(&args, engine, &url, folder.path(), &file))?;
        println!("{line}");
    }
    Ok(())
}

async fn bench(
    args: &Args,
    engine: &str,
    url: &str,
    folder: &std::path::Path,
    file: &[u8],
) -> Result<serde_json::Value> {
    let towns = load::settle(url, folder, args.households).await?;
    let town = Division::from_number(towns.town).context("a town")?;
    name(url, town, args.rows, towns.today).await?;
    let server = Server::start(folder, url).await?;
    let signed = format!("authorization: Bearer {}", towns.reader.reveal());
    let (mut read, mut uploads, mut previews) = (vec![], vec![], vec![]);
    for _ in 0..args.rounds {
        let begun = Instant::now();
        let grids = office::grids(file, &Limits::default(), |_, _| Err(ReadError::NotATable))?;
        read.push(begun.elapsed());
        ensure!(i64::try_from(grids[0].lines.len())? == args.rows + 1, "every row is read");
        drop(grids);
        let begun = Instant::now();
        let path = upload(&server, &signed, file).await?;
        uploads.push(begun.elapsed());
        let begun = Instant::now();
        let page = ask(&server, &format!("GET {path} HTTP/1.1\r\n{signed}"), b"").await?;
        previews.push(begun.elapsed());
        let told = format!("{} {}", "新增", args.rows);
        ensure!(page.contains(&told), "every row is new: {page}");
    }
    let (read, upload, preview) = (middle(read), middle(uploads), middle(previews));
    let total = upload + preview;
    Ok(json!({
        "bench": "import", "engine": engine, "rows": args.rows, "households": args.households,
        "file_kib": file.len() / 1024, "read_ms": millis(read), "upload_ms": millis(upload),
        "preview_ms": millis(preview), "total_ms": millis(total),
        "ratio": (total.as_secs_f64() / read.as_secs_f64() * 100.0).round() / 100.0,
        "peak_rss_mb": server.peak_mb().round(),
    }))
}

fn middle(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn millis(time: Duration) -> f64 {
    (time.as_secs_f64() * 10_000.0).round() / 10.0
}

/// The village and street of a household, by their numbers.
fn place(household: i64) -> (i64, i64) {
    (household / STREET / VILLAGE, household / STREET % VILLAGE)
}

/// Gives the villages and streets of the list their names.
async fn name(url: &str, town: Division, rows: i64, from: Day) -> Result<()> {
    let (last, _) = place(rows / FAMILY);
    let mut names = Vec::new();
    for village in 0..=last {
        let division = town.child(200 + village).context("a village")?;
        names.push((division, format!("第{village}村")));
        for street in 0..VILLAGE {
            names.push((division.child(1 + street).context("a street")?, format!("{}组", street + 1)));
        }
    }
    let new: Vec<_> = names.iter().map(|(division, name)| (*division, name.as_str())).collect();
    let db = Db::open(url).await?;
    let mut tx = db.write().await?;
    divisions::insert(&mut tx, &new, from.plus(-1)).await?;
    tx.commit().await?;
    db.close().await;
    Ok(())
}

/// A workbook as a town's villages fill it in together; everybody in it is made up.
fn list(rows: i64) -> Result<Vec<u8>> {
    let titles = [
        "户号",
        "户主",
        "与户主关系",
        "姓名",
        "性别",
        "出生日期",
        "身份证号",
        "联系电话",
        "村",
        "组",
        "门牌号",
        "现住址",
        "是否本村",
        "在家/外出",
        "备注",
    ];
    let columns = titles.map(|title| Column::new(title, Kind::Text)).into();
    let mut file = Vec::new();
    let mut export = Export::open(Format::Xlsx, &Sheet::new("名单", columns), Moment(0), &mut file)?;
    for row in 0..rows {
        let (household, of_family) = (row / FAMILY, row % FAMILY);
        let (village, street) = place(household);
        let day = i32::try_from(row)?;
        let birth = Day::new(1930, 1, 1).context("a day")?.plus(day % 32_000);
        // A number of sequence 000 is nobody's; the region tells apart those born on one day.
        let region = 110_000 + u32::try_from(row / 32_000)?;
        let identity = Identity::compose(region, birth, 0).context("a number")?;
        let relation = ["户主", "妻", "子", "女"][usize::try_from(of_family)?];
        let cells = [
            household.to_string(),
            format!("户主{household}号"),
            relation.to_owned(),
            format!("村民{row}"),
            if of_family % 2 == 0 { "男" } else { "女" }.to_owned(),
            birth.to_string(),
            identity.as_str().to_owned(),
            format!("129{:08}", row),
            format!("第{village}村"),
            format!("{}组", street + 1),
            format!("{household}号"),
            format!("第{village}村{}组{household}号", street + 1),
            "本村".to_owned(),
            "在家".to_owned(),
            String::new(),
        ];
        export.row(
            cells
                .into_iter()
                .map(|cell| if cell.is_empty() { Cell::Empty } else { Cell::Text(cell) })
                .collect(),
        )?;
    }
    export.finish()?;
    Ok(file)
}

/// Brings the list; where it is looked at.
async fn upload(server: &Server, signed: &str, file: &[u8]) -> Result<String> {
    let mut body =
        b"--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n".to_vec();
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let head = format!(
        "POST /households/import HTTP/1.1\r\ncontent-type: multipart/form-data; boundary=edge\r\n{signed}"
    );
    let answer = ask(server, &head, &body).await?;
    let path = answer.split("location: ").nth(1).and_then(|rest| rest.split("\r\n").next());
    Ok(path.with_context(|| format!("a list that is taken: {answer}"))?.to_owned())
}

/// One request over a connection of its own; the whole answer.
async fn ask(server: &Server, head: &str, body: &[u8]) -> Result<String> {
    let mut stream = TcpStream::connect(&server.address).await?;
    let head = format!(
        "{head}\r\nhost: bench\r\nconnection: close\r\naccept-language: zh-CN\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
