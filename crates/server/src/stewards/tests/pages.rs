//! Answering, handing over, standing in.

use super::*;
use crate::testing::on_both_engines;

on_both_engines! {
    async fn a_stewards_number_is_shown_to_who_may_call_and_that_is_written_down(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = [("name", "接班人"), ("phone", "12900000007"), ("branch", ""), ("division", "141023105200001")];
        let added = cadre.post("/stewards/people", &form).await;
        let path = added.headers["location"].to_str().unwrap().to_owned();
        let call = format!("{path}/call");
        let page = cadre.get(&path).await.text;
        assert!(page.contains("129****0007") && page.contains(&call) && !page.contains("12900000007"), "{page}");
        assert!(cadre.post(&call, &[]).await.text.contains("href=\"tel:12900000007\""));
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(neighbour.post(&call, &[]).await.status, StatusCode::NOT_FOUND);
        let inspector = app.person(base::Role::Inspector, village(1)).await;
        assert!(!inspector.get(&path).await.text.contains(&call));
        assert_eq!(inspector.post(&call, &[]).await.status, StatusCode::FORBIDDEN);
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT account, object FROM audit_entry WHERE action = 'phone.show'";
        let shown: Vec<(i64, String)> = db::on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        let id = path.rsplit('/').next().unwrap();
        assert_eq!(shown, [(cadre.account, format!("steward/141023105/{id}"))]);
    }

    async fn a_household_without_contact_falls_to_its_street_lead_and_is_counted(app) {
        let (cadre, headquarters) = offices(app).await;
        let today = app.today();
        appoint(app, &headquarters, "镇领导甲", TOWN()).await;
        appoint(app, &headquarters, "包村乙", village(1)).await;
        appoint(app, &cadre, "街长丙", group(1, 1)).await;
        assert_eq!(answers(app, 1, today).await, ["包户1", "街长丙", "包村乙"]);
        let given = give(&cadre, group(1, 1), &[home(1, Some(1))], "none", today).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        assert_eq!(answers(app, 1, today).await, ["街长丙*", "街长丙", "包村乙"]);
        // The second group has no lead: the town cadre answers for it until one is given.
        assert_eq!(answers(app, 4, today).await, ["包户2", "包村乙*", "包村乙"]);
        let page = cadre.get("/stewards/gaps?level=household").await;
        assert!(page.text.contains("户主1 ") && page.text.contains("暂由街长负责"), "{}", page.text);
        let page = cadre.get("/stewards").await;
        assert!(page.text.contains("<b>1</b>户没有包户人"), "{}", page.text);
        assert!(page.text.contains("<b>1</b>条街、组没有街长"), "{}", page.text);
    }

    async fn a_household_without_contact_is_told_in_the_same_words_everywhere(app) {
        let cadre = app.village_cadre(village(1)).await;
        give(&cadre, group(1, 1), &[home(1, Some(1))], "none", app.today()).await;
        let street = street_path(group(1, 1));
        let round = format!("/round/{}/2020-02-03", group(1, 1).number());
        let lists = ["/households", &street, &round, "/checks/141023105/1"];
        let own = ["/households/141023105/1", "/stewards/households/141023105/1"];
        for path in lists.into_iter().chain(own) {
            let page = cadre.get(path).await.text;
            assert!(page.contains("没有包户人"), "{path}: {page}");
            assert!(!page.contains("暂由街长负责"), "nobody leads the street. {path}: {page}");
        }
        // Once somebody leads the street, he is named.
        appoint(app, &cadre, "街长丙", group(1, 1)).await;
        for path in own {
            let page = cadre.get(path).await.text;
            assert!(page.matches("街长丙").count() >= 2 && page.contains(">暂由街长负责<"), "{path}: {page}");
        }
    }

    async fn a_hand_over_is_dated_and_the_past_keeps_its_answer(app) {
        let cadre = app.village_cadre(village(1)).await;
        let today = app.today();
        let coming = add(&cadre, "接班人", group(1, 1)).await.to_string();
        let given = give(&cadre, group(1, 1), &[home(1, Some(1))], &coming, today.plus(2)).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        assert_eq!(answers(app, 1, today.plus(1)).await[0], "包户1");
        assert_eq!(answers(app, 1, today.plus(2)).await[0], "接班人");
        let page = cadre.get(&street_path(group(1, 1))).await;
        assert!(page.text.contains("2月5日 周三 起由接班人接"), "{}", page.text);
        let past = cadre.get("/stewards/households/141023105/1?day=2020-02-03").await;
        assert!(past.text.contains("2月3日 周一，户主1家由谁负责"), "{}", past.text);
        assert!(past.text.contains("包户1") && past.text.contains("接班人"), "{}", past.text);
    }

    async fn before_a_hand_over_begins_the_old_contact_still_sees_his_household(app) {
        let cadre = app.village_cadre(village(1)).await;
        let contact = app.contact(village(1)).await;
        let coming = add(&cadre, "接班人", group(1, 1)).await.to_string();
        give(&cadre, group(1, 1), &[home(1, Some(1))], &coming, app.today().plus(1)).await;
        assert!(contact.get("/my-households").await.text.contains("户主1"));
        app.clock.set(app.clock.now().plus_minutes(24 * 60));
        let later = contact.get("/my-households").await;
        assert!(!later.text.contains("户主1<") && later.text.contains("户主2"), "{}", later.text);
    }

    async fn a_hand_over_dated_back_gives_way_to_what_really_happened(app) {
        let cadre = app.village_cadre(village(1)).await;
        let today = app.today();
        let coming = add(&cadre, "接班人", group(1, 1)).await;
        let later = add(&cadre, "再接的", group(1, 1)).await.to_string();
        give(&cadre, group(1, 1), &[home(1, Some(1))], &coming.to_string(), today).await;
        let given = give(&cadre, group(1, 1), &[home(1, Some(coming))], &later, today.plus(-3)).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        assert_eq!(answers(app, 1, today.plus(-4)).await[0], "包户1");
        for back in 0..=3 {
            assert_eq!(answers(app, 1, today.plus(-back)).await[0], "再接的");
        }
    }

    async fn what_somebody_else_gave_meanwhile_is_not_taken_away(app) {
        let (cadre, headquarters) = offices(app).await;
        let first = add(&cadre, "甲", group(1, 1)).await;
        let second = add(&cadre, "乙", group(1, 1)).await.to_string();
        let picks = [home(1, Some(1)), home(2, Some(1))];
        give(&headquarters, group(1, 1), &picks[..1], &first.to_string(), app.today()).await;
        let refused = give(&cadre, group(1, 1), &picks, &second, app.today()).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("别人已经改了其中的包联"), "{}", refused.text);
        // Nothing of it was written, not even the household that was as shown.
        assert_eq!(answers(app, 1, app.today()).await[0], "甲");
        assert_eq!(answers(app, 2, app.today()).await[0], "包户1");
    }

    async fn of_two_who_give_one_household_at_once_one_is_refused(app) {
        let (cadre, headquarters) = offices(app).await;
        let today = app.today();
        give(&cadre, group(1, 1), &[home(1, Some(1))], "none", today).await;
        let first = add(&cadre, "甲", group(1, 1)).await.to_string();
        let second = add(&cadre, "乙", group(1, 1)).await.to_string();
        let pick = [home(1, None)];
        let (a, b) = tokio::join!(
            give(&cadre, group(1, 1), &pick, &first, today),
            give(&headquarters, group(1, 1), &pick, &second, today),
        );
        let mut statuses = [a.status, b.status];
        statuses.sort();
        assert_eq!(statuses, [StatusCode::SEE_OTHER, StatusCode::CONFLICT]);
        let refused = if a.status == StatusCode::CONFLICT { a } else { b };
        assert!(refused.text.contains("没有保存"), "{}", refused.text);
    }

    async fn the_database_itself_holds_no_second_active_steward_of_a_node(app) {
        let mut tx = app.test.db.write().await.unwrap();
        let new = crate::stewards::NewStewardship { steward: 2, node: Node::Household(1), from: app.today() };
        let refused = crate::stewards::load::assign(&mut tx, &app.clock, TOWN_CODE, Default::default(), &[new]).await;
        assert!(db::is_taken(&refused.unwrap_err()));
    }

    async fn everything_of_a_steward_goes_over_in_one_stroke(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = "/stewards/people/141023105/1/hand-over";
        let from = app.today().to_string();
        let done = cadre.post(path, &[("all", "true"), ("to", "2"), ("from", &from)]).await;
        assert_eq!(done.headers[header::LOCATION], "/stewards/people/141023105/1?done=3");
        for household in 1..=3 {
            assert_eq!(answers(app, household, app.today()).await[0], "包户2");
            assert_eq!(answers(app, household, app.today().previous()).await[0], "包户1");
        }
        let page = cadre.get("/stewards/people/141023105/1").await;
        assert!(page.text.contains("1月25日 周六 到 2月2日 周日"), "{}", page.text);
    }

    async fn a_stand_in_answers_and_sees_the_households_for_his_days_only(app) {
        let cadre = app.village_cadre(village(1)).await;
        let today = app.today();
        let (first, last) = (today.next().to_string(), today.plus(2).to_string());
        let path = "/stewards/people/141023105/1/stand-ins";
        let done = cadre.post(path, &[("to", "2"), ("first", &first), ("last", &last)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(answers(app, 1, today).await[0], "包户1");
        assert_eq!(answers(app, 1, today.plus(1)).await[0], "包户2~");
        assert_eq!(answers(app, 1, today.plus(2)).await[0], "包户2~");
        assert_eq!(answers(app, 1, today.plus(3)).await[0], "包户1");
        let again = cadre.post(path, &[("to", "3"), ("first", &last), ("last", &last)]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        let busy = "/stewards/people/141023105/2/stand-ins";
        let refused = cadre.post(busy, &[("to", "1"), ("first", &last), ("last", &last)]).await;
        assert!(refused.text.contains("他这几天自己也不在"), "{}", refused.text);
    }

    async fn a_stand_in_that_has_not_begun_is_called_off(app) {
        let cadre = app.village_cadre(village(1)).await;
        let day = app.today().next().to_string();
        let path = "/stewards/people/141023105/1";
        cadre.post(&format!("{path}/stand-ins"), &[("to", "2"), ("first", &day), ("last", &day)]).await;
        let page = cadre.get(path).await.text;
        let end = page.split("action=\"").find(|part| part.contains("/end\"")).expect("a form");
        let end = end.split('"').next().expect("a path");
        assert_eq!(cadre.post(end, &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(answers(app, 1, app.today().next()).await[0], "包户1");
        assert_eq!(cadre.post(end, &[]).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_form_filled_in_wrongly_comes_back_with_what_to_do(app) {
        let cadre = app.village_cadre(village(1)).await;
        let code = group(1, 1).code();
        let wrong = [("name", " "), ("phone", "129-x"), ("branch", ""), ("division", code.as_str())];
        let answer = cadre.post("/stewards/people", &wrong).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.text.contains("请写姓名") && answer.text.contains("电话不对。手机 11 位，座机带区号"));
        assert!(answer.text.contains("129-x"), "what was typed is kept");
        let today = app.today();
        for (picks, to, from, told) in [
            (vec![], "2", today, "先选中要交的户或街"),
            (vec![home(1, Some(1))], "", today, "请选一个人"),
            (vec![home(1, Some(1))], "99", today, "没有这个人"),
            (vec![home(1, Some(1))], "3", today, "没有这个人"),
            (vec![home(1, Some(1))], "2", today.plus(61), "这一天太远"),
            (vec![home(1, Some(1))], "2", today.plus(-10), "这一天太早"),
        ] {
            let answer = give(&cadre, group(1, 1), &picks, to, from).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{told}");
            assert!(answer.text.contains(told), "{told}: {}", answer.text);
            assert_eq!(answers(app, 1, today).await[0], "包户1");
        }
        let form = [("pick", home(1, Some(1))), ("to", "2".to_owned()), ("from", "2月3日".to_owned())];
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let answer = cadre.post(&street_path(group(1, 1)), &form).await;
        assert!(answer.text.contains("日期写成 2020-02-03 这样"), "{}", answer.text);
    }

    async fn a_steward_is_found_by_initials_and_his_number_stays_masked(app) {
        let cadre = app.village_cadre(village(1)).await;
        let id = add(&cadre, "张文秀", group(1, 2)).await;
        let found = cadre.get("/stewards/people?q=zwx").await.text;
        assert!(found.contains("张文秀") && !found.contains("包户1"), "{found}");
        assert!(found.contains("129****0007") && !found.contains("12900000007"), "{found}");
        assert!(cadre.get("/stewards/people?q=%25").await.text.contains("没有找到人"));
        let path = format!("/stewards/people/141023105/{id}/change");
        let code = group(1, 1).code();
        let form = [("name", "张文绣"), ("phone", ""), ("branch", "第二支部"), ("division", code.as_str())];
        assert_eq!(cadre.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        let found = cadre.get("/stewards/people?q=文绣").await.text;
        assert!(found.contains("129****0007") && found.contains("第二支部"), "{found}");
    }
}
