//! Compiling, checking, signing; what comes after.

use super::*;
use crate::reports;
use crate::testing::on_both_engines;

async fn all_well(who: &Asker<'_>, at: Moment) {
    enter(who, (1..=12).map(|household| well(household, at)).collect()).await;
}

/// The hash of the changes that the page shows.
async fn seen(who: &Asker<'_>) -> String {
    let page = who.get(PAGE).await.text;
    let (_, rest) = page.split_once("name=\"seen\" value=\"").expect("changes to correct");
    rest.split('"').next().unwrap_or_default().to_owned()
}

on_both_engines! {
    async fn three_people_make_a_sealed_report(app) {
        let office = Office::of(app).await;
        all_well(&office.compiler, MORNING).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF + 5));
        office.seal(PAGE).await;
        let report = read(&office.compiler, API).await;
        assert_eq!((report["state"].as_str(), report["number"].as_i64()), (Some("sealed"), Some(1)));
        assert_eq!(report["content"]["as_of"], MORNING.plus_minutes(TO_CUT_OFF).0);
        assert_eq!(report["content"]["total"]["done"], 12);
        let accounts = ["compiled", "checked", "signed"].map(|step| report[step]["account"].as_i64());
        let people = [&office.compiler, &office.checker, &office.signer].map(|who| Some(who.account));
        assert_eq!(accounts, people);
        let hash = report["hash"].as_str().unwrap();
        assert_eq!(hash.len(), 64);
        assert!(office.compiler.get(PAGE).await.text.contains(hash));
        let list = read(&office.compiler, "/api/v1/reports").await;
        assert_eq!(list["reports"][0]["hash"], hash);
        let mut tx = app.test.db.read().await.unwrap();
        let entry = reports::chain(&mut tx, TOWN()).await.unwrap().remove(0);
        assert_eq!(blake3::hash(entry.body.as_bytes()).to_hex().as_str(), hash);
        assert!(office.compiler.get("/reports").await.text.contains("2月3日 周一"));
    }

    async fn a_zero_that_the_village_took_back_is_not_sealed(app) {
        let office = Office::of(app).await;
        let cadre = app.village_cadre(crate::testing::village(1)).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        let word = [("division", "141023105200")];
        done(&cadre.post(&format!("{PAGE}/confirmation"), &word).await);
        done(&office.compiler.post(&format!("{PAGE}/compilation"), &[]).await);
        let at = office.compiled_at(PAGE).await;
        let form = [("compiled_at", at.as_str())];
        done(&office.checker.post(&format!("{PAGE}/check"), &form).await);
        done(&cadre.post(&format!("{PAGE}/confirmation/withdrawal"), &word).await);
        assert_eq!(read(&office.compiler, API).await["state"], "live");
        refused(&office.signer.post(&format!("{PAGE}/signature"), &form).await, "有村收回了话");
        office.seal(PAGE).await;
        assert_eq!(figures(&read(&office.compiler, API).await, 0)["returnees"]["day"], Value::Null);
    }

    async fn whom_a_compiled_report_waits_for_is_named_and_a_word_given_since_is_shown(app) {
        let headquarters = app.headquarters().await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        done(&headquarters.post(&format!("{PAGE}/compilation"), &[]).await);
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains("还没有别的人能审核、签发"), "{page}");
        let office = Office::of(app).await;
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains("可以审核的人：report-approver"), "{page}");
        let cadre = app.village_cadre(crate::testing::village(1)).await;
        assert!(cadre.get(PAGE).await.text.contains("东街村没有别的情况"));
        done(&cadre.post(&format!("{PAGE}/confirmation"), &[("division", "141023105200")]).await);
        let page = cadre.get(PAGE).await.text;
        assert!(page.contains("收回") && !page.contains("东街村没有别的情况"), "{page}");
        assert!(!page.contains("可以审核的人"), "names are for those who work on it: {page}");
        let at = office.compiled_at(PAGE).await;
        done(&office.checker.post(&format!("{PAGE}/check"), &[("compiled_at", at.as_str())]).await);
        assert!(headquarters.get(PAGE).await.text.contains("可以签发的人：report-approver"));
    }

    async fn nothing_is_compiled_before_the_cut_off(app) {
        let headquarters = app.headquarters().await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF - 1));
        assert!(!headquarters.get(PAGE).await.text.contains("compilation"));
        refused(&headquarters.post(&format!("{PAGE}/compilation"), &[]).await, "还没到截止时间");
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        assert!(headquarters.get(PAGE).await.text.contains("compilation"));
        done(&headquarters.post(&format!("{PAGE}/compilation"), &[]).await);
    }

    async fn no_two_steps_are_the_same_persons(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        // One account with both roles compiles.
        tamper(app, "INSERT INTO appointment (account, role, division) \
                     SELECT account, 'report-approver', division FROM appointment WHERE role = 'headquarters'").await;
        let both = app.signed_in(office.compiler.account).await;
        done(&both.post(&format!("{PAGE}/compilation"), &[]).await);
        let at = office.compiled_at(PAGE).await;
        let form = [("compiled_at", at.as_str())];
        refused(&both.post(&format!("{PAGE}/check"), &form).await, "要三个人");
        refused(&office.signer.post(&format!("{PAGE}/signature"), &form).await, "还没有审核");
        done(&office.checker.post(&format!("{PAGE}/check"), &form).await);
        refused(&office.checker.post(&format!("{PAGE}/signature"), &form).await, "要三个人");
        refused(&both.post(&format!("{PAGE}/signature"), &form).await, "要三个人");
        assert_eq!(office.signer.post(&format!("{PAGE}/compilation"), &[]).await.status, StatusCode::FORBIDDEN);
        done(&office.signer.post(&format!("{PAGE}/signature"), &form).await);
    }

    async fn one_signs_only_what_one_has_seen(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        done(&office.compiler.post(&format!("{PAGE}/compilation"), &[]).await);
        let old = office.compiled_at(PAGE).await;
        let form = [("compiled_at", old.as_str())];
        done(&office.checker.post(&format!("{PAGE}/check"), &form).await);
        // A check made before the cut-off is entered now: the draft no longer agrees.
        enter(&office.compiler, vec![well(1, MORNING)]).await;
        assert!(office.compiler.get(PAGE).await.text.contains("重新汇总"));
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF + 1));
        done(&office.compiler.post(&format!("{PAGE}/compilation"), &[]).await);
        refused(&office.signer.post(&format!("{PAGE}/signature"), &form).await, "还没有审核");
        refused(&office.checker.post(&format!("{PAGE}/check"), &form).await, "已经重新汇总");
        let new = office.compiled_at(PAGE).await;
        done(&office.checker.post(&format!("{PAGE}/check"), &[("compiled_at", &new)]).await);
        refused(&office.signer.post(&format!("{PAGE}/signature"), &form).await, "已经重新汇总");
        assert_eq!(read(&office.compiler, API).await["content"]["total"]["late"], 1);
    }

    async fn the_evening_belongs_to_the_next_report_and_is_no_correction(app) {
        let office = Office::of(app).await;
        all_well(&office.compiler, MORNING).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        app.clock.set(evening());
        enter(&office.compiler, vec![returned(1, evening())]).await;
        let page = office.compiler.get(PAGE).await.text;
        assert!(!page.contains("应发更正说明"), "{page}");
        app.clock.set(MORNING.plus_minutes(DAY));
        enter(&office.compiler, vec![returned(8, MORNING.plus_minutes(DAY))]).await;
        let next = "/api/v1/reports/141023105/2020-02-04";
        let report = read(&office.compiler, next).await;
        let returnees = |report: &Value| {
            let counts = &report["content"]["total"]["returnees"];
            [&counts["day"], &counts["since"], &counts["total"]].map(Value::as_i64)
        };
        assert_eq!(returnees(&report), [Some(1), Some(2), Some(2)]);
        // The same after that day's cut-off, from the facts.
        app.clock.set(MORNING.plus_minutes(DAY + TO_CUT_OFF));
        assert_eq!(returnees(&read(&office.compiler, next).await), [Some(1), Some(2), Some(2)]);
        assert_eq!(read(&office.compiler, API).await["content"]["total"]["returnees"]["day"], 0);
    }

    async fn what_happened_before_and_came_late_makes_a_correction(app) {
        let office = Office::of(app).await;
        enter(&office.compiler, (2..=12).map(|household| well(household, MORNING)).collect()).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        let sealed = read(&office.compiler, API).await;
        app.clock.set(evening());
        enter(&office.compiler, vec![returned(1, MORNING)]).await;
        let page = office.compiler.get(PAGE).await.text;
        assert!(page.contains("东街村 返乡人数 当天：未知 改为 1"), "{page}");
        assert!(page.contains("东街村 每日排查（户） 补录：0 改为 1") && page.contains("东街村 每日排查（户） 没报：1 改为 0"), "{page}");
        let seen = seen(&office.compiler).await;
        let path = format!("{PAGE}/corrections");
        let empty = office.compiler.post(&path, &[("why", "  "), ("seen", &seen)]).await;
        assert_eq!(empty.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(empty.text.contains("请写明为什么更正"), "{}", empty.text);
        let long = "长".repeat(501);
        let long = office.compiler.post(&path, &[("why", &long), ("seen", &seen)]).await;
        assert_eq!(long.status, StatusCode::UNPROCESSABLE_ENTITY);
        let other = office.compiler.post(&path, &[("why", "纸表晚到"), ("seen", "else")]).await;
        refused(&other, "和您看到的不一样");
        assert_eq!(office.signer.post(&path, &[("why", "x"), ("seen", &seen)]).await.status, StatusCode::FORBIDDEN);
        done(&office.compiler.post(&path, &[("why", "纸表晚到"), ("seen", &seen)]).await);
        let corrected = read(&office.compiler, API).await;
        assert_eq!(corrected["content"], sealed["content"], "the sealed figures never change");
        assert_eq!(corrected["hash"], sealed["hash"]);
        assert_eq!(corrected["corrections"][0]["why"], "纸表晚到");
        refused(&office.compiler.post(&path, &[("why", "再来"), ("seen", &seen)]).await, "没有要更正的数字");
        // A second correction goes on from the first.
        enter(&office.compiler, vec![returned(12, MORNING.plus_minutes(1))]).await;
        let page = office.compiler.get(PAGE).await.text;
        assert!(page.contains("北街村 返乡人数 当天：0 改为 1") && page.contains("更正 1：纸表晚到"), "{page}");
        let cadre = app.village_cadre(village(2)).await;
        assert_eq!(read(&cadre, API).await["corrections"], json!([]));
    }

    async fn rows_that_changed_without_their_figures_are_named(app) {
        let office = Office::of(app).await;
        all_well(&office.compiler, MORNING).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        assert!(!office.compiler.get(PAGE).await.text.contains("背后的记录有改动"));
        enter(&office.compiler, vec![well(7, MORNING.plus_minutes(1))]).await;
        let page = office.compiler.get(PAGE).await.text;
        assert!(page.contains("背后的记录有改动的村：北街村"), "{page}");
        assert!(!page.contains("应发更正说明"), "{page}");
    }

    async fn a_sealed_day_is_sealed_and_none_comes_between(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        refused(&office.compiler.post(&format!("{PAGE}/compilation"), &[]).await, "已经封存");
        let cadre = app.village_cadre(village(1)).await;
        let word = cadre.post(&format!("{PAGE}/confirmation"), &[("division", "141023105200")]).await;
        refused(&word, "已经封存");
        let earlier = "/reports/141023105/2020-02-02/compilation";
        refused(&office.compiler.post(earlier, &[]).await, "后面日子的日报已经封存");
        let correct = "/reports/141023105/2020-02-02/corrections";
        refused(&office.compiler.post(correct, &[("why", "x"), ("seen", "")]).await, "还没有封存");
    }

    async fn a_sealed_report_is_a_workbook_with_real_numbers(app) {
        let office = Office::of(app).await;
        enter(&office.compiler, (1..=6).map(|household| well(household, MORNING)).collect()).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        let answer = office.compiler.get(&format!("{PAGE}/file")).await;
        assert_eq!(answer.status, StatusCode::OK);
        let name = answer.headers["content-disposition"].to_str().unwrap();
        assert!(name.contains("filename*=UTF-8''%E8%A5%84%E9%99%B5%E9%95%87_"), "{name}");
        assert!(name.ends_with("_2020-02-03.xlsx"), "{name}");
        let site = &app.app.site;
        let mut tx = site.db.read().await.unwrap();
        let place = reports::Place::find(&mut tx, "141023105", "2020-02-03", app.today()).await;
        let place = place.unwrap().unwrap();
        let report = place.report(&mut tx, &site.playbook, app.clock.now()).await.unwrap().unwrap();
        let words = site.languages.of(crate::web::Language::Simplified);
        assert_eq!(reports::file_name(&words, &report), "襄陵镇_疫情日报_2020-02-03.xlsx");
        let file = reports::write_xlsx(&words, &site.playbook, &report, app.clock.now(), None).unwrap();
        let table = office::Table::read(&file, &office::Limits::default()).unwrap();
        assert_eq!(table.head.titles[0], "襄陵镇疫情日报");
        assert_eq!(table.rows[0].cells[..2], ["东街村", "0"]);
        assert_eq!(table.rows[1].cells[..2], ["北街村", "未知：还有 6 户没报"]);
        let nobody = "未知：没有列入的重点人员";
        assert_eq!(table.rows[0].cells[7..11], ["0", "0", nobody, nobody]);
        assert_eq!(table.rows[2].cells[0], "合计");
        let notes: Vec<_> = table.rows[3..].iter().map(|row| row.cells[0].as_str()).collect();
        assert!(notes.iter().any(|note| note.starts_with("签发：report-approver")), "{notes:?}");
        assert!(notes.contains(&format!("校验码 {}", report.hash.unwrap()).as_str()), "{notes:?}");
    }

    async fn the_list_is_read_page_by_page(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        for day in ["2020-02-01", "2020-02-02", "2020-02-03"] {
            office.seal(&format!("/reports/141023105/{day}")).await;
        }
        let days = |list: &Value| {
            let reports = list["reports"].as_array().unwrap().iter();
            reports.map(|report| report["day"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        let list = read(&office.compiler, "/api/v1/reports?town=141023105&before=2020-02-03").await;
        assert_eq!(days(&list), ["2020-02-02", "2020-02-01"]);
        let wrong = office.compiler.get("/api/v1/reports?before=soon").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(wrong.json()["fields"][0]["key"], "report-day");
    }
}
