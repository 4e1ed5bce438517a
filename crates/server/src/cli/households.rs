//! `firebreak import households`.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use base::{Clock, Division, Level};
use clap::Args;
use serde_json::{Value, json};

use super::Data;
use super::serve::{block_on, open};
use crate::access::Scope;
use crate::app::App;
use crate::divisions::{self, By};
use crate::history::{Deed, Source};
use crate::register::import::{Also, Asked, Column, Kept, Known, Line, Outcome, Plan, Sheet, Work};
use crate::site::Settings;
use crate::web::{Language, Words};
use crate::{audit, register, rounds};

#[derive(Clone, Debug, Args)]
pub struct Households {
    /// List of people (.xlsx, .xls, .ods, or .csv), one row each, with a header row.
    file: PathBuf,
    /// Nine-digit code of the town.
    #[arg(long)]
    town: String,
    /// Village (code of 12 digits or name) of a list that has no column 村.
    #[arg(long)]
    village: Option<String>,
    /// Write what is new; without it the outcome is only shown.
    #[arg(long)]
    confirm: bool,
    /// Write rows in doubt too, without what is doubtful.
    #[arg(long)]
    doubts: bool,
    /// Change the register where the list says otherwise.
    #[arg(long)]
    changes: bool,
    /// Print every row, not only those changed, in doubt or rejected.
    #[arg(long)]
    every_row: bool,
    /// Language of the reasons: zh-Hans, zh-Hant or en.
    #[arg(long, default_value = "zh-Hans", value_parser = language)]
    language: Language,
    #[command(flatten)]
    data: Data,
}

fn language(tag: &str) -> Result<Language, String> {
    Language::of_tag(tag).ok_or_else(|| "use zh-Hans, zh-Hant or en".to_owned())
}

pub fn run(asked: &Households) -> anyhow::Result<()> {
    block_on(async {
        let app = open(&asked.data, Clock::System, Settings::default()).await?;
        let done = import(&app, asked, &mut |line| println!("{line}")).await;
        app.site.db.close().await;
        done
    })
}

/// Compares the list with the register, tells each row's outcome, and writes when that was asked.
async fn import(app: &App, asked: &Households, tell: &mut impl FnMut(String)) -> anyhow::Result<()> {
    let words = app.site.languages.of(asked.language);
    let file = fs::read(&asked.file).with_context(|| format!("cannot read {}", asked.file.display()))?;
    let town = Division::from_code(&asked.town).filter(|division| division.level() == Level::Town);
    let town = town.with_context(|| format!("'{}' is no nine-digit code of a town", asked.town))?;
    let layouts = register::layouts(&mut app.site.db.read().await?, town.town()).await?;
    let kept = Kept::read(&file, app.site.settings.reader.as_deref(), &layouts);
    let sheet = kept.and_then(|kept| kept.sheet()).map_err(|unread| {
        let (key, args) = unread.message();
        anyhow::anyhow!("{}", words.get_with(key, &args))
    })?;
    let mut tx = app.site.db.write().await?;
    // Reading the file may have taken long.
    app.site.vault.refresh(&mut tx).await?;
    if !rounds::towns(&mut tx).await?.contains(&town) {
        bail!("no town {town} in this data folder: start it with firebreak init --town {town}");
    }
    tx.hold(&[town.town()].into()).await?;
    let day = app.site.playbook.time.day(app.site.clock.now());
    let known = register::known(&mut tx, town, day).await?;
    let village = village(asked, &known, &sheet)?;
    let scope = Scope::of_command(town, day);
    let to = Asked { town, village, groups: Some(scope.clone()), scope, day };
    let plan = Plan::new(&sheet, &known, &app.site.vault, &to);
    show(&plan, &words, asked.every_row, tell);
    let work = plan.work(Also { doubts: asked.doubts, changes: asked.changes });
    let (new, people, changes) = (work.households.len(), work.residents(), work.changes.len());
    for (group, name) in &work.groups {
        tell(format!("team area {group} {name} will be made"));
    }
    tell(format!("{new} new households, {people} people to take in, {changes} to change"));
    if !asked.confirm {
        tell("nothing was written: run it again with --confirm to take them in".to_owned());
        return Ok(());
    }
    let file_name = asked.file.file_name().unwrap_or_default().to_string_lossy();
    write(app, tx, &to, &file_name, work).await?;
    tell("written".to_owned());
    Ok(())
}

fn village(asked: &Households, known: &Known, sheet: &Sheet) -> anyhow::Result<Option<Division>> {
    let Some(named) = &asked.village else {
        if sheet.has(Column::Village) {
            return Ok(None);
        }
        bail!("the list has no column 村: say which village it is with --village");
    };
    let found = known.places.village(named);
    found.map(Some).with_context(|| format!("the town has no village '{named}'"))
}

fn show(plan: &Plan, words: &Words, every_row: bool, tell: &mut impl FnMut(String)) {
    let told = |line: &&Line| every_row || !matches!(line.outcome, Outcome::New | Outcome::Same);
    for line in plan.lines.iter().filter(told) {
        let reason = |remark: &register::import::Remark| {
            words.get_with(&format!("import-{}", remark.key), &remark.args)
        };
        let reasons: Vec<String> = line.remarks.iter().map(reason).collect();
        let outcome = words.get(&format!("outcome-{}", line.outcome.key()));
        let number = register::import::place(&line.sheet, line.line);
        let Line { place, house, name, .. } = line;
        tell(format!("{number}\t{outcome}\t{place} {house} {name}\t{}", reasons.join(" ")));
    }
    let count = |outcome: Outcome| {
        format!("{} {}", words.get(&format!("outcome-{}", outcome.key())), plan.count(outcome))
    };
    tell(Outcome::ALL.map(count).join(", "));
}

async fn write(app: &App, mut tx: db::Tx, to: &Asked, file_name: &str, work: Work) -> anyhow::Result<()> {
    let site = &app.site;
    let detail = json!({
        "groups": work.groups.len(), "households": work.households.len(), "residents": work.residents(), "changes": work.changes.len(),
    });
    let maker = By { clock: &site.clock, today: to.day, account: None, capacity: None, address: "" };
    divisions::add_groups(&mut tx, maker, &work.groups).await?;
    let by = audit::Entry::of_program("resident.change", "", Value::Null);
    let (id, now) = (site.clock.new_id(), site.clock.now());
    let deed = Deed { source: Source::Import(id), ..Deed::of_program(to.town.town(), to.day, now) };
    register::take(&mut tx, site, &deed, file_name, work, &by).await?;
    let object = to.town.town().to_string();
    let entry = audit::Entry::of_program("register.import", &object, detail);
    audit::record(&mut tx, site.clock.new_id(), site.clock.now(), entry).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::super::KeyCommand;
    use super::*;
    use crate::testing::{TOWN, TestApp};

    async fn told(app: &TestApp, text: &str, change: impl FnOnce(&mut Households)) -> anyhow::Result<String> {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("list.csv");
        fs::write(&file, text).unwrap();
        let mut asked = Households {
            file,
            town: TOWN().code(),
            village: Some("东街村".to_owned()),
            confirm: false,
            doubts: false,
            changes: false,
            every_row: false,
            language: Language::Simplified,
            data: Data {
                data: folder.path().to_owned(),
                database_url: None,
                playbook: None,
                key: KeyCommand::default(),
            },
        };
        change(&mut asked);
        let mut lines = Vec::new();
        import(&app.app, &asked, &mut |line| lines.push(line)).await?;
        Ok(lines.join("\n"))
    }

    const LIST: &str = "门牌号,姓名,组\n1号,王建国,一组\n2号,李秀英,九组\n";

    #[tokio::test]
    async fn the_outcome_is_shown_and_written_only_when_asked() {
        let app = TestApp::sqlite().await;
        let shown = told(&app, LIST, |asked| asked.doubts = true).await.unwrap();
        assert!(shown.contains("team area 141023105200003 九组 will be made"), "{shown}");
        assert!(
            shown.contains("新增 1, 有变化 0, 已有 0, 有疑问 1") && shown.contains("nothing was written")
        );
        let all = |asked: &mut Households| (asked.confirm, asked.doubts) = (true, true);
        assert!(told(&app, LIST, all).await.unwrap().ends_with("written"));
        assert!(told(&app, LIST, |_| ()).await.unwrap().contains("新增 0, 有变化 0, 已有 2"));
    }

    /// What becomes of each row of each workbook that `tests/workbooks/make.py` made.
    #[tokio::test]
    async fn every_workbook_comes_to_what_is_kept() {
        let app = TestApp::sqlite().await;
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/workbooks");
        let outcomes = async |name: &str| {
            let whole = |asked: &mut Households| {
                asked.file = folder.join(name);
                asked.every_row = true;
            };
            told(&app, "", whole).await.unwrap_or_else(|error| format!("{error:#}"))
        };
        for name in [
            "numbers.xlsx",
            "numbers-old.xls",
            "by-head.xls",
            "by-head-open.ods",
            "written-by-hand.xlsx",
            "written-by-hand-open.ods",
            "by-hand-gb18030.csv",
            "doubles.xlsx",
            "doubles-gnumeric.xls",
            "streets.xlsx",
            "streets-open.ods",
            "two-lines.xlsx",
        ] {
            insta::assert_snapshot!(name, outcomes(name).await);
        }
    }

    #[tokio::test]
    async fn wrong_use_says_what_to_do() {
        let app = TestApp::sqlite().await;
        let error = |done: anyhow::Result<String>| format!("{:#}", done.unwrap_err());
        let none = told(&app, LIST, |asked| asked.village = None).await;
        assert!(error(none).contains("--village"));
        let unknown = told(&app, LIST, |asked| asked.village = Some("西街".to_owned())).await;
        assert!(error(unknown).contains("no village '西街'"));
        let other = told(&app, LIST, |asked| asked.town = "141023106".to_owned()).await;
        assert!(error(other).contains("firebreak init"));
        let missing = told(&app, LIST, |asked| asked.file = "none.csv".into()).await;
        assert!(error(missing).contains("cannot read none.csv"));
        assert!(error(told(&app, "物资,数量\n口罩,3\n", |_| ()).await).contains("找不到姓名"));
    }
}
