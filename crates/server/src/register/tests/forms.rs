//! Households and residents by form.

use axum::http::StatusCode;
use base::Role;
use serde_json::{Value, json};

use super::{IDENTITY, PHONE, add, location};
use crate::testing::{Asker, TestApp, on_both_engines, village};

async fn resident(who: &Asker<'_>, path: &str, change: &[(&str, &str)]) -> crate::testing::Answer {
    let mut form = vec![("name", "李秀英"), ("relation", "配偶"), ("presence", "present")];
    for (name, value) in change {
        form.retain(|(own, _)| own != name);
        form.push((name, value));
    }
    if path.ends_with("/residents") { who.post(path, &form).await } else { who.change(path, &form).await }
}

async fn audited(app: &TestApp, action: &'static str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM audit_entry WHERE action = $1";
    db::on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap()
}

/// What the forms changed, in order.
async fn changes(app: &TestApp) -> Vec<Value> {
    let mut tx = app.test.db.read().await.unwrap();
    let sql =
        "SELECT detail FROM audit_entry WHERE action IN ('household.change', 'resident.change') ORDER BY id";
    let rows: Vec<String> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
    rows.iter().map(|row| serde_json::from_str::<Value>(row).unwrap()["changes"].clone()).collect()
}

on_both_engines! {
    async fn a_household_added_by_form_shows_its_number_masked(app) {
        let cadre = app.village_cadre(village(1)).await;
        let added = add(&cadre, &[("tags", "no-phone")]).await;
        let page = cadre.get(&location(&added)).await;
        assert_eq!(page.status, StatusCode::OK);
        for told in ["王建国", "88号", "129****0412", "东街村 一组", "无电话", "没有包户人", "还没定人"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(!page.text.contains(PHONE));
        assert_eq!(audited(app, "household.add").await, 1);
    }

    async fn a_form_that_is_wrong_says_what_to_do_and_keeps_the_rest(app) {
        let cadre = app.village_cadre(village(1)).await;
        for (field, value, message) in [
            ("division", "", "请选村、组"),
            // Another village's group, and a village that has groups.
            ("division", "141023105201001", "请选村、组"),
            ("division", "141023105200", "请选村、组"),
            ("head", "", "请填户主姓名"),
            ("house_number", "", "门牌和住址至少填一样"),
            ("phone", "110", "号码不对"),
            ("from", "2020-02-04", "日期不对，或晚于今天"),
            ("from", "昨天", "日期不对，或晚于今天"),
        ] {
            let answer = add(&cadre, &[("address", ""), (field, value)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.text.contains(message), "{field}");
            assert!(field == "head" || answer.text.contains("value=\"王建国\""), "{field}");
        }
        assert_eq!(add(&cadre, &[]).await.status, StatusCode::SEE_OTHER);
        let twice = add(&cadre, &[]).await;
        assert_eq!(twice.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(twice.text.contains("已有同名户主"));
        assert_eq!(audited(app, "household.add").await, 1);
    }

    async fn two_taps_at_once_add_one_household_and_one_person(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (one, two) = tokio::join!(add(&cadre, &[]), add(&cadre, &[]));
        let mut told = [one.status, two.status];
        told.sort();
        assert_eq!(told, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
        let people = "/households/141023105/1/residents";
        let person = [("identity", IDENTITY)];
        let (one, two) = tokio::join!(resident(&cadre, people, &person), resident(&cadre, people, &person));
        let mut told = [one.status, two.status];
        told.sort();
        assert_eq!(told, [StatusCode::SEE_OTHER, StatusCode::UNPROCESSABLE_ENTITY]);
    }

    async fn of_two_who_save_at_once_the_second_is_told(app) {
        let (cadre, other) = (app.village_cadre(village(1)).await, app.headquarters().await);
        let edit = "/households/141023105/1/edit";
        let opened = cadre.get(edit).await;
        let (number, seen) = (("house_number", "7号"), ("seen", opened.value("seen")));
        let (one, two) = ([("head", "王建国"), number, seen], [("head", "王建民"), number, seen]);
        let (one, two) = tokio::join!(cadre.post(edit, &one), other.post(edit, &two));
        let mut told = [one.status, two.status];
        told.sort();
        assert_eq!(told, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
        assert_eq!(audited(app, "household.change").await, 1);
    }

    async fn a_household_that_moves_keeps_its_form(app) {
        let cadre = app.headquarters().await;
        let edit = "/households/141023105/1/edit";
        let opened = cadre.get(edit).await;
        let turn = [("division", "141023105201001"), ("occupancy", "lived-in"), ("from", "2020-02-03")];
        assert_eq!(cadre.post("/households/141023105/1/turn", &turn).await.status, StatusCode::SEE_OTHER);
        let form = [("head", "王建国"), ("house_number", "7号"), ("seen", opened.value("seen"))];
        assert_eq!(cadre.post(edit, &form).await.status, StatusCode::SEE_OTHER);
    }

    async fn a_number_is_shown_to_who_may_call_and_that_is_written_down(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = location(&add(&cadre, &[]).await);
        let call = format!("{path}/call");
        let shown = cadre.post(&call, &[("who", "household")]).await;
        assert!(shown.text.contains(&format!("href=\"tel:{PHONE}\"")));
        assert_eq!(audited(app, "phone.show").await, 1);
        let police = app.person(Role::Police, village(1)).await;
        assert_eq!(police.get(&path).await.status, StatusCode::OK);
        assert_eq!(police.post(&call, &[("who", "household")]).await.status, StatusCode::FORBIDDEN);
        let other = app.village_cadre(village(2)).await;
        assert_eq!(other.post(&call, &[("who", "household")]).await.status, StatusCode::NOT_FOUND);
        // A household without a number, somebody of another household, nobody.
        for who in ["1", "99", "x"] {
            assert_eq!(cadre.post(&call, &[("who", who)]).await.status, StatusCode::NOT_FOUND, "{who}");
        }
        assert_eq!(audited(app, "phone.show").await, 1);
    }

    async fn a_number_stays_unless_it_is_replaced_or_removed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = location(&add(&cadre, &[]).await);
        let edit = format!("{path}/edit");
        let form = [("head", "王建国"), ("house_number", "89号")];
        assert_eq!(cadre.change(&edit, &form).await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        assert!(page.contains("89号") && page.contains("129****0412"));
        let removed = [("head", "王建国"), ("house_number", "89号"), ("phone_remove", "true")];
        assert_eq!(cadre.change(&edit, &removed).await.status, StatusCode::SEE_OTHER);
        let answer = cadre.post(&format!("{path}/call"), &[("who", "household")]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
    }

    async fn a_number_in_two_places_is_changed_in_both_and_that_is_written_down(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = location(&add(&cadre, &[]).await);
        let other = [("name", "李秀英"), ("phone", "12900000777")];
        assert_eq!(resident(&cadre, &format!("{path}/residents"), &other).await.status, StatusCode::SEE_OTHER);
        let head = format!("{path}/residents/25");
        let shown = async || {
            let page = cadre.get(&path).await.text;
            ["129****0412", "129****0501", "129****0502", "129****0777"].map(|number| page.matches(number).count())
        };
        assert_eq!(shown().await, [2, 0, 0, 1]);
        let form = [("head", "王建国"), ("house_number", "88号"), ("phone", "12900000501")];
        assert_eq!(cadre.change(&format!("{path}/edit"), &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(shown().await, [0, 2, 0, 1]);
        let form = [("name", "王建民"), ("relation", "户主"), ("presence", "present"), ("phone", "12900000502")];
        assert_eq!(cadre.change(&head, &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(shown().await, [0, 0, 2, 1]);
        assert!(cadre.get(&path).await.text.contains("<h1>王建民家</h1>"));
        let told = changes(app).await;
        assert_eq!(told[0]["phone_follows_of"], json!({ "before": [], "after": [25] }));
        assert_eq!(told[1]["household_phone_follows"], json!({ "before": false, "after": true }));
        assert_eq!(told[1]["head_follows"], json!({ "before": false, "after": true }));
        // What is not the same does not follow.
        let own = [("name", "王建民"), ("relation", "户主"), ("presence", "present"), ("phone", "12900000412")];
        let form = [("head", "王建民"), ("house_number", "88号"), ("phone_remove", "true")];
        assert_eq!(cadre.change(&format!("{path}/edit"), &form).await.status, StatusCode::SEE_OTHER);
        assert_eq!(shown().await, [0, 0, 1, 1]);
        assert_eq!(cadre.change(&head, &own).await.status, StatusCode::SEE_OTHER);
        assert_eq!(shown().await, [1, 0, 0, 1]);
        let last = changes(app).await.pop().unwrap();
        assert_eq!((&last["household_phone_follows"], &last["head_follows"]), (&Value::Null, &Value::Null));
    }

    async fn a_resident_is_added_and_changed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let people = "/households/141023105/1/residents";
        let added = resident(&cadre, people, &[("identity", IDENTITY), ("presence", "away"),
            ("whereabouts", "武汉市"), ("since", "2020-01-20")]).await;
        assert_eq!(added.status, StatusCode::SEE_OTHER, "{}", added.text);
        let page = cadre.get("/households/141023105/1").await.text;
        for told in ["李秀英", "141**************7", "武汉市", "39", "1月20日"] {
            assert!(page.contains(told), "{told}");
        }
        assert!(!page.contains(IDENTITY));
        let own = format!("{people}/25");
        assert!(!cadre.get(&own).await.text.contains(IDENTITY));
        let changed = resident(&cadre, &own, &[("name", "李秀芳")]).await;
        assert_eq!(changed.status, StatusCode::SEE_OTHER);
        let page = cadre.get("/households/141023105/1").await.text;
        assert!(page.contains("李秀芳") && page.contains("141**************7") && !page.contains("武汉市"));
    }

    async fn a_form_opened_before_anothers_change_takes_nothing_back(app) {
        let (cadre, other) = (app.village_cadre(village(1)).await, app.headquarters().await);
        let own = "/households/141023105/1/residents/1";
        let opened = cadre.get(own).await;
        let told = [("whereabouts", "太原市"), ("presence", "away"), ("phone", "12900000412")];
        assert_eq!(resident(&other, own, &told).await.status, StatusCode::SEE_OTHER);
        let mut form = vec![("name", "李秀英"), ("relation", "配偶"), ("presence", "present")];
        form.extend([("registration", "registered"), ("key_from", "2020-02-01"), ("key_reason", "从外地回来")]);
        form.push(("seen", opened.value("seen")));
        let stale = cadre.post(own, &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        for shown in ["您填写时，别人改了这份资料",
            "在外地点：户册里现在是“太原市”", "在不在家：户册里现在是“在外”", "value=\"从外地回来\"", "129****0412"] {
            assert!(stale.text.contains(shown), "{shown}: {}", stale.text);
        }
        assert!(!stale.text.contains("现在是“配偶"));
        assert!(cadre.get("/households/141023105/1").await.text.contains("太原市"));
        // Who has seen it may save what was typed.
        form.last_mut().unwrap().1 = stale.value("seen");
        assert_eq!(cadre.post(own, &form).await.status, StatusCode::SEE_OTHER);
        assert!(!cadre.get("/households/141023105/1").await.text.contains("太原市"));
        // Where only a hidden value is another.
        let opened = cadre.get(own).await;
        let another = [&form[..6], &[("phone", "12900000413")]].concat();
        assert_eq!(cadre.change(own, &another).await.status, StatusCode::SEE_OTHER);
        form.last_mut().unwrap().1 = opened.value("seen");
        let stale = cadre.post(own, &form).await;
        assert!(stale.text.contains("没有显示的内容"), "{}", stale.text);
    }

    async fn a_households_form_opened_before_anothers_change_takes_nothing_back(app) {
        let (cadre, other) = (app.village_cadre(village(1)).await, app.headquarters().await);
        let edit = "/households/141023105/1/edit";
        let opened = cadre.get(edit).await;
        let facts = [("head", "王建国"), ("house_number", "7号"), ("tags", "living-alone")];
        assert_eq!(other.change(edit, &facts).await.status, StatusCode::SEE_OTHER);
        let form = [("head", "王建民"), ("house_number", "7号"), ("seen", opened.value("seen"))];
        let stale = cadre.post(edit, &form).await;
        assert_eq!(stale.status, StatusCode::CONFLICT);
        for shown in ["户主：户册里现在是“王建国”", "户册里现在是“独居”", "value=\"王建民\""] {
            assert!(stale.text.contains(shown), "{shown}: {}", stale.text);
        }
        assert!(!stale.text.contains("现在是“7号"));
    }

    async fn a_key_person_is_listed_and_unlisted_on_the_residents_page(app) {
        let cadre = app.village_cadre(village(1)).await;
        let own = "/households/141023105/1/residents/1";
        let listed = [("key_from", "2020-02-01"), ("key_reason", "从武汉回来")];
        assert_eq!(resident(&cadre, own, &listed).await.status, StatusCode::SEE_OTHER);
        assert!(cadre.get("/households/141023105/1").await.text.contains("<span class=\"chip\">重点人员"));
        let form = cadre.get(own).await.text;
        assert!(form.contains("value=\"2020-02-01\"") && form.contains("从武汉回来"), "{form}");
        let ended = [("key_from", "2020-02-01"), ("key_until", "2020-02-03"), ("key_reason", "从武汉回来")];
        assert_eq!(resident(&cadre, own, &ended).await.status, StatusCode::SEE_OTHER);
        assert!(!cadre.get("/households/141023105/1").await.text.contains("重点人员"));
        for (change, message) in [
            ([("key_from", ""), ("key_until", ""), ("key_reason", "从武汉回来")], "三栏都空着"),
            ([("key_from", "2020-02-04"), ("key_until", ""), ("key_reason", "从武汉回来")], "三栏都空着"),
            ([("key_from", "2020-02-02"), ("key_until", "2020-02-01"), ("key_reason", "从武汉回来")], "早于列入那天"),
            ([("key_from", "2020-02-02"), ("key_until", "明天"), ("key_reason", "从武汉回来")], "早于列入那天"),
            ([("key_from", "2020-02-02"), ("key_until", ""), ("key_reason", " ")], "请写为什么列入"),
        ] {
            let answer = resident(&cadre, own, &change).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{change:?}");
            assert!(answer.text.contains(message), "{change:?}: {}", answer.text);
        }
        let new = resident(&cadre, "/households/141023105/2/residents", &listed).await;
        assert_eq!(new.status, StatusCode::SEE_OTHER);
        assert!(cadre.get("/households/141023105/2").await.text.contains("重点人员"));
    }

    async fn a_resident_who_cannot_be_is_refused(app) {
        let cadre = app.village_cadre(village(1)).await;
        let people = "/households/141023105/1/residents";
        for (field, value, message) in [
            ("name", " ", "请填姓名"),
            ("identity", "141023198002090000", "最后一位对不上"),
            ("identity", "1410231980", "应是 18 位"),
            ("birth", "2021-01-01", "日期不对"),
            ("phone", "12", "号码不对"),
            ("since", "2020-02-04", "日期不对"),
        ] {
            let answer = resident(&cadre, people, &[(field, value)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert!(answer.text.contains(message), "{field} {}", answer.text);
        }
        let contradicts = resident(&cadre, people, &[("identity", IDENTITY), ("birth", "1981-01-01")]).await;
        assert!(contradicts.text.contains("和身份证号上的出生日期对不上"));
        assert_eq!(resident(&cadre, people, &[("identity", IDENTITY)]).await.status, StatusCode::SEE_OTHER);
        let taken = resident(&cadre, "/households/141023105/2/residents", &[("identity", IDENTITY)]).await;
        assert!(taken.text.contains("镇里已有人登记这个身份证号"));
        // A resident of another household, by this household's address.
        let crossed = cadre.post(&format!("{people}/3"), &[("name", "李秀英")]).await;
        assert_eq!(crossed.status, StatusCode::NOT_FOUND);
    }
}
