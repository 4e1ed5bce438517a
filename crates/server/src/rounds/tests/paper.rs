//! A street's paper sheet, typed as one grid.

use axum::http::StatusCode;
use base::{Day, Division};
use db::on_db;

use super::super::model::indicators::*;
use super::*;
use crate::testing::Answer;

/// The first street of the first village: households 1 to 3, whose contact is steward 1.
fn street() -> Division {
    village(1).child(1).expect("a street")
}

fn path(street: Division, day: &str) -> String {
    format!("/round/{}/{day}/paper", street.number())
}

/// The ids that a grid was made with, by household.
fn ids(page: &Answer) -> Vec<(String, String)> {
    let fields = page.text.split("name=\"id-").skip(1);
    let read = |rest: &str| {
        let (household, rest) = rest.split_once("\" value=\"")?;
        Some((household.to_owned(), rest.split('"').next()?.to_owned()))
    };
    fields.map(|rest| read(rest).expect("a hidden id")).collect()
}

/// A sheet with the lines of a grid, and what was typed.
fn sheet(page: &Answer, typed: &[(&str, &str)]) -> Vec<(String, String)> {
    let mut form = Vec::new();
    for (household, id) in ids(page) {
        form.push((format!("id-{household}"), id));
        form.push(("household".to_owned(), household));
    }
    form.extend(typed.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
    form
}

async fn send(who: &Asker<'_>, path: &str, form: &[(String, String)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(n, v)| (n.as_str(), v.as_str())).collect();
    who.post(path, &form).await
}

async fn figures(app: &TestApp, day: &str) -> [i64; 4] {
    let mut tx = app.test.db.read().await.unwrap();
    let day: Day = day.parse().unwrap();
    let figures = tally::figures(&mut tx, street(), day).await.unwrap();
    [DONE, LATE, UNREACHABLE, FEVERS].map(|indicator| figures.get(street(), indicator))
}

/// Who did something, and to what, as the audit trail tells it.
async fn audited(app: &TestApp, action: &str) -> Vec<(i64, String)> {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT account, object FROM audit_entry WHERE action = $1 ORDER BY id";
    on_db!(tx, c => sqlx::query_as(sql).bind(action).fetch_all(c).await).unwrap()
}

const TODAY: &str = "2020-02-03";
const HEAD: [(&str, &str); 2] = [("checked-by", "1"), ("clock", "9:30")];

on_both_engines! {
    async fn the_exceptions_are_typed_and_all_others_are_well(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        assert_eq!(ids(&page).len(), 3, "{}", page.text);
        let typed = [HEAD.as_slice(), &[
            ("others", "well"), ("temperature-1", "38.2"), ("who-1", "2"), ("note-1", "在家"),
            ("state-2", "nobody-home"),
        ]].concat();
        let answer = send(&cadre, &at, &sheet(&page, &typed)).await;
        assert_eq!(location(&answer), format!("{at}?stored=3&meanwhile=0"));
        assert_eq!(figures(app, TODAY).await, [2, 0, 1, 1]);
        let page = cadre.get(&location(&answer)).await;
        assert!(page.text.contains("记下了 3 户") && page.text.contains("都有消息了"), "{}", page.text);
        let stored = cadre.get("/api/v1/checks/141023105/1/2020-02-03").await.json()["checks"][0].clone();
        assert_eq!(stored["source"], "paper");
        assert_eq!(stored["by"], "包户1");
        assert_eq!(stored["happened_at"], json!(MORNING.plus_minutes(-30)));
        assert_eq!(stored["answers"], json!({ "residents": [{ "resident": 2, "temperature": 38.2 }], "note": "在家" }));
    }

    async fn what_is_left_blank_stays_silent_unless_all_others_are_well(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        let typed = [HEAD.as_slice(), &[("state-3", "well")]].concat();
        let answer = send(&cadre, &at, &sheet(&page, &typed)).await;
        assert_eq!(location(&answer), format!("{at}?stored=1&meanwhile=0"));
        assert_eq!(figures(app, TODAY).await, [1, 0, 0, 0]);
        let left: Vec<String> = ids(&cadre.get(&at).await).into_iter().map(|(household, _)| household).collect();
        assert_eq!(left, ["1", "2"]);
    }

    async fn a_sheet_sent_twice_is_stored_once(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let typed = [HEAD.as_slice(), &[("others", "well"), ("state-2", "nobody-home")]].concat();
        let form = sheet(&cadre.get(&at).await, &typed);
        for _ in 0..2 {
            let answer = send(&cadre, &at, &form).await;
            assert_eq!(location(&answer), format!("{at}?stored=3&meanwhile=0"));
        }
        assert_eq!(figures(app, TODAY).await, [2, 0, 1, 0]);
        let checks = cadre.get("/api/v1/checks/141023105/1/2020-02-03").await.json();
        assert_eq!(checks["checks"].as_array().unwrap().len(), 1);
    }

    async fn all_others_well_does_not_speak_for_who_was_told_of_meanwhile(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        let contact = app.contact(village(1)).await;
        enter(&contact, vec![unreachable(1, MORNING)]).await;
        let typed = [HEAD.as_slice(), &[("others", "well")]].concat();
        let answer = send(&cadre, &at, &sheet(&page, &typed)).await;
        assert_eq!(location(&answer), format!("{at}?stored=2&meanwhile=1"));
        assert_eq!(figures(app, TODAY).await, [2, 0, 1, 0]);
        assert!(cadre.get(&location(&answer)).await.text.contains("另有 1 户空着，已有人报过"));
    }

    async fn what_is_wrong_comes_back_at_its_line_with_everything_kept(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        let typed = [HEAD.as_slice(), &[
            ("others", "well"),
            ("temperature-1", "382"), ("who-1", "1"), ("note-1", "咳了两天"),
            ("temperature-2", "36.5"),
            ("state-3", "nobody-home"), ("note-3", "去县里了"),
        ]].concat();
        let form = sheet(&page, &typed);
        let answer = send(&cadre, &at, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        for told in [
            "<a href=\"#temperature-1\">1号 户主1：体温要在 35.0 到 43.0",
            "<a href=\"#who-2\">2号 户主2：请选是谁的体温",
            "<a href=\"#note-3\">3号 户主3：没见到人的只记原因",
            "id=\"temperature-1-error\"", "id=\"who-2-error\"", "id=\"note-3-error\"",
            "value=\"382\"", "value=\"咳了两天\"", "value=\"去县里了\"", "value=\"9:30\"",
            "<option value=\"nobody-home\" selected>", "name=\"others\" value=\"well\" checked",
            "<option value=\"1\" selected>包户1",
        ] {
            assert!(answer.text.contains(told), "{told}\n{}", answer.text);
        }
        assert_eq!(ids(&answer), ids(&page));
        assert_eq!(figures(app, TODAY).await, [0, 0, 0, 0]);
    }

    async fn a_sheet_says_who_checked_and_when_and_something(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        for (typed, told) in [
            (vec![("clock", "9"), ("others", "well")], "请选是谁查的"),
            (vec![("checked-by", "4"), ("clock", "9"), ("others", "well")], "请选是谁查的"),
            (vec![("checked-by", "1"), ("others", "well")], "写成 9:30 这样"),
            (vec![("checked-by", "1"), ("clock", "25:00"), ("others", "well")], "写成 9:30 这样"),
            (vec![("checked-by", "1"), ("clock", "15:00"), ("others", "well")], "时间在将来"),
            (vec![("checked-by", "me"), ("clock", "9")], "一户也没填"),
            (vec![("checked-by", "me"), ("clock", "9"), ("state-1", "holiday")], "请选一个没联系上的原因"),
            (vec![("checked-by", "me"), ("clock", "9"), ("who-1", "1")], "选了人，没写体温"),
            (vec![("checked-by", "me"), ("clock", "9"), ("temperature-1", "36.5"), ("who-1", "9")], "请选是谁的体温"),
        ] {
            let answer = send(&cadre, &at, &sheet(&page, &typed)).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed:?}");
            assert!(answer.text.contains(told), "{told}\n{}", answer.text);
        }
        assert_eq!(figures(app, TODAY).await, [0, 0, 0, 0]);
    }

    async fn what_the_writer_refuses_stays_in_the_grid_with_why(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let page = cadre.get(&at).await;
        // The id of the first line belongs to another household's check.
        let foreign = well(3, MORNING);
        enter(&cadre, vec![foreign.clone()]).await;
        let mut form = sheet(&page, &[HEAD.as_slice(), &[("others", "well"), ("note-1", "在家")]].concat());
        form.retain(|(name, _)| name != "id-1");
        form.push(("id-1".to_owned(), foreign["id"].as_str().unwrap().to_owned()));
        let answer = send(&cadre, &at, &form).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("记下了 1 户") && answer.text.contains("1号 户主1：这个编号已用于另一条"), "{}", answer.text);
        let left = ids(&answer);
        assert_eq!((left.len(), left[0].0.as_str()), (1, "1"));
        assert!(answer.text.contains("value=\"在家\""));
        let again = [HEAD.as_slice(), &[("note-1", "在家")]].concat();
        let answer = send(&cadre, &at, &sheet(&answer, &again)).await;
        assert_eq!(location(&answer), format!("{at}?stored=1&meanwhile=0"));
        assert_eq!(figures(app, TODAY).await, [3, 0, 0, 0]);
    }

    async fn a_sheet_of_yesterday_is_late_and_one_of_this_morning_is_not(app) {
        let cadre = app.village_cadre(village(1)).await;
        let yesterday = path(street(), "2020-02-02");
        let page = cadre.get(&yesterday).await;
        assert!(page.text.contains("记为补录"));
        let typed = [HEAD.as_slice(), &[("others", "well")]].concat();
        let answer = send(&cadre, &yesterday, &sheet(&page, &typed)).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        assert_eq!(figures(app, "2020-02-02").await, [0, 3, 0, 0]);
        let today = path(street(), TODAY);
        let page = cadre.get(&today).await;
        assert!(!page.text.contains("记为补录"));
        send(&cadre, &today, &sheet(&page, &typed)).await;
        assert_eq!(figures(app, TODAY).await, [3, 0, 0, 0]);
    }

    async fn only_who_enters_for_others_sees_a_street_of_his(app) {
        let contact = app.contact(village(1)).await;
        let neighbour = app.village_cadre(village(2)).await;
        let cadre = app.village_cadre(village(1)).await;
        for end in ["", "/sheet"] {
            let at = format!("{}{end}", path(street(), TODAY));
            assert_eq!(contact.get(&at).await.status, StatusCode::FORBIDDEN);
            assert_eq!(neighbour.get(&at).await.status, StatusCode::NOT_FOUND);
            assert_eq!(cadre.get(&format!("{}{end}", path(village(1), TODAY))).await.status, StatusCode::NOT_FOUND);
        }
        let form = sheet(&cadre.get(&path(street(), TODAY)).await, &HEAD);
        assert_eq!(send(&neighbour, &path(street(), TODAY), &form).await.status, StatusCode::NOT_FOUND);
        assert_eq!(send(&contact, &path(street(), TODAY), &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(cadre.get(&path(street(), "2020-02-04")).await.status, StatusCode::NOT_FOUND);
        let old = cadre.get(&path(street(), "2020-01-19")).await;
        assert!(old.text.contains("已不能补录") && !old.text.contains("<table"), "{}", old.text);
    }

    async fn a_line_of_another_street_is_not_taken(app) {
        let cadre = app.village_cadre(village(1)).await;
        let at = path(street(), TODAY);
        let form = [HEAD.as_slice(), &[("household", "4"), ("state-4", "well")]].concat();
        let form: Vec<_> = form.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        let answer = send(&cadre, &at, &form).await;
        assert!(answer.text.contains("一户也没填"), "{}", answer.text);
        assert_eq!(figure(app, DONE).await, 0);
    }

    async fn the_sheet_to_take_along_names_every_silent_household(app) {
        let cadre = app.village_cadre(village(1)).await;
        enter(&cadre, vec![well(1, MORNING)]).await;
        for (day, households) in [(TODAY, 2), ("2020-02-04", 3)] {
            let page = cadre.get(&format!("{}/sheet", path(street(), day))).await;
            assert_eq!(page.text.matches("<tr><th scope=\"row\">").count(), households, "{}", page.text);
            assert!(page.text.contains("东街村 一组") && page.text.contains("打印"));
        }
        let list = cadre.get(&format!("/round/{}/{TODAY}", street().number())).await;
        assert!(list.text.contains(&path(street(), TODAY)));
    }

    async fn who_prints_a_sheet_stands_on_it_and_in_the_audit_trail(app) {
        let cadre = app.village_cadre(village(1)).await;
        let page = cadre.get(&format!("{}/sheet", path(street(), TODAY))).await;
        let footer = page.text.split("<footer>").nth(1).unwrap();
        assert!(footer.contains("village-cadre1"), "{footer}");
        assert_eq!(audited(app, "sheet.print").await, [(cadre.account, "141023105200001/2020-02-03".into())]);
    }

    async fn the_list_masks_a_contacts_number_and_a_call_is_written_down(app) {
        let sealed = app.app.site.vault.seal("12900000001");
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "UPDATE steward SET phone_sealed = $1 WHERE id = 1";
        on_db!(tx, c => sqlx::query(sql).bind(&sealed).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let cadre = app.village_cadre(village(1)).await;
        let list = cadre.get(&format!("/round/{}/{TODAY}", street().number())).await.text;
        assert!(!list.contains("12900000001") && !list.contains("tel:"), "{list}");
        assert!(list.contains("129****0001") && list.contains("action=\"/households/141023105/1/call\""), "{list}");
        assert!(audited(app, "phone.show").await.is_empty());
        let call = [("who", "contact"), ("day", TODAY)];
        let shown = cadre.post("/households/141023105/1/call", &call).await;
        assert!(shown.text.contains("tel:12900000001") && shown.text.contains("包户1"), "{}", shown.text);
        assert_eq!(audited(app, "phone.show").await, [(cadre.account, "household/141023105/1".into())]);
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(neighbour.post("/households/141023105/1/call", &call).await.status, StatusCode::NOT_FOUND);
        let before = [("who", "contact"), ("day", "2020-01-01")];
        assert_eq!(cadre.post("/households/141023105/1/call", &before).await.status, StatusCode::NOT_FOUND);
    }
}
