//! What a report says before it is sealed: zeros, denominators, who owes what, who sees what.

use axum::body::Body;
use axum::http::{Request, header};

use super::*;
use crate::rounds::{AsOf, indicators};
use crate::tally;
use crate::testing::{list_key_person, on_both_engines};

on_both_engines! {
    async fn a_zero_is_written_only_where_nobody_is_silent(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, (1..=6).map(|household| well(household, MORNING)).collect()).await;
        let report = read(&headquarters, API).await;
        assert_eq!(report["state"], "live");
        assert_eq!(figures(&report, 0)["returnees"]["day"], 0);
        assert_eq!(figures(&report, 0)["complete"], true);
        assert_eq!(figures(&report, 1)["returnees"]["day"], Value::Null);
        assert_eq!(figures(&report, 1)["silent"], 6);
        assert_eq!(report["content"]["total"]["returnees"]["day"], Value::Null);
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains("未知：还有 6 户没报"), "{page}");
        assert!(page.contains("北街村还有 6 户没报"), "{page}");
    }

    async fn a_day_without_any_check_is_no_day_of_zeros(app) {
        let headquarters = app.headquarters().await;
        let report = read(&headquarters, API).await;
        assert_eq!(report["content"]["total"]["expected"], 12);
        assert_eq!(report["content"]["total"]["silent"], 12);
        assert_eq!(figures(&report, 0)["visitors"]["day"], Value::Null);
    }

    async fn a_village_without_households_in_the_register_knows_nothing(app) {
        tamper(app, "DELETE FROM household_span WHERE division >= 141023105201000").await;
        let headquarters = app.headquarters().await;
        enter(&headquarters, (1..=6).map(|household| well(household, MORNING)).collect()).await;
        let report = read(&headquarters, API).await;
        assert_eq!(figures(&report, 1)["silent"], 0);
        assert_eq!(figures(&report, 1)["returnees"]["day"], Value::Null);
        assert!(headquarters.get(PAGE).await.text.contains("未知：户册里没有要查的户"));
    }

    async fn what_was_found_while_others_are_silent_is_a_lower_bound(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, vec![returned(1, MORNING)]).await;
        assert!(headquarters.get(PAGE).await.text.contains("至少 1"));
        let rest = (2..=12).map(|household| well(household, MORNING)).collect();
        enter(&headquarters, rest).await;
        let page = headquarters.get(PAGE).await.text;
        assert!(!page.contains("至少") && !page.contains("未知：还有"), "{page}");
    }

    async fn the_villages_word_makes_its_zeros_known(app) {
        let cadre = app.village_cadre(village(1)).await;
        let neighbour = app.village_cadre(village(2)).await;
        let form = [("division", "141023105200")];
        let path = format!("{PAGE}/confirmation");
        assert_eq!(neighbour.post(&path, &form).await.status, StatusCode::NOT_FOUND);
        assert_eq!(app.headquarters().await.post(&path, &form).await.status, StatusCode::FORBIDDEN);
        assert_eq!(cadre.post(&path, &[("division", "141023105")]).await.status, StatusCode::NOT_FOUND);
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        done(&cadre.post(&path, &form).await);
        let report = read(&cadre, API).await;
        assert_eq!(figures(&report, 0)["returnees"]["day"], 0);
        assert_eq!(report["content"]["villages"][0]["confirmed"]["account"], cadre.account);
        done(&cadre.post(&format!("{path}/withdrawal"), &form).await);
        assert_eq!(figures(&read(&cadre, API).await, 0)["returnees"]["day"], Value::Null);
    }

    async fn where_nobody_is_listed_no_fever_among_key_persons_is_not_known(app) {
        let headquarters = app.headquarters().await;
        enter(&headquarters, (1..=12).map(|household| well(household, MORNING)).collect()).await;
        let report = read(&headquarters, API).await;
        assert_eq!((&figures(&report, 0)["key_due"], &figures(&report, 0)["key_feverish"]["day"]), (&json!(0), &Value::Null));
        for (language, told) in [("zh-Hans", "没有列入的重点人员"), ("zh-Hant", "沒有列入的重點人員"), ("en", "nobody is listed")] {
            headquarters.post("/me", &[("language", language)]).await;
            let page = headquarters.get(PAGE).await.text;
            assert!(page.contains(told), "{language}: {page}");
        }
    }

    async fn before_the_cut_off_no_village_can_say_that_nothing_else_happened(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = format!("{PAGE}/confirmation");
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF - 1));
        assert!(!cadre.get(PAGE).await.text.contains(&path));
        refused(&cadre.post(&path, &[("division", "141023105200")]).await, "还没到截止时间");
        assert_eq!(figures(&read(&cadre, API).await, 0)["returnees"]["day"], Value::Null);
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        assert!(cadre.get(PAGE).await.text.contains(&path));
    }

    async fn no_fever_among_key_persons_is_known_when_all_were_measured(app) {
        list_key_person(&app.test.db, 1, app.today()).await;
        list_key_person(&app.test.db, 3, app.today()).await;
        let headquarters = app.headquarters().await;
        let others = (2..=12).map(|household| well(household, MORNING));
        enter(&headquarters, others.chain([measured(1, MORNING, 36.5)]).collect()).await;
        let report = read(&headquarters, API).await;
        let key = |report: &Value| {
            let figures = figures(report, 0);
            [&figures["key_due"], &figures["key_measured"]["day"], &figures["key_feverish"]["day"]].map(Value::clone)
        };
        assert_eq!(key(&report), [json!(2), json!(1), Value::Null]);
        assert!(headquarters.get(PAGE).await.text.contains("未知：还有 1 人没量"));
        enter(&headquarters, vec![measured(2, MORNING.plus_minutes(1), 36.4)]).await;
        assert_eq!(key(&read(&headquarters, API).await), [json!(2), json!(2), json!(0)]);
        enter(&headquarters, vec![measured(2, MORNING.plus_minutes(2), 38.0)]).await;
        assert_eq!(key(&read(&headquarters, API).await), [json!(2), json!(2), json!(1)]);
    }

    async fn who_was_not_measured_is_not_hidden_by_somebody_measured_who_is_not_due(app) {
        name_stewards(app).await;
        for resident in [1, 5, 13] {
            list_key_person(&app.test.db, resident, app.today()).await;
        }
        let headquarters = app.headquarters().await;
        let others = (2..=12).map(|household| well(household, MORNING));
        enter(&headquarters, others.chain([measured(1, MORNING, 38.5)]).collect()).await;
        // The one who was measured leaves the register on the day: of three two are due, and one figure of
        // the tallies still counts one person measured.
        let closed = [("division", ""), ("occupancy", "closed"), ("from", "2020-02-03")];
        done(&headquarters.post("/households/141023105/1/turn", &closed).await);
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        let key = |report: &Value, village: usize| {
            let figures = figures(report, village);
            [&figures["key_due"], &figures["key_measured"]["day"], &figures["key_feverish"]["day"]].map(Value::clone)
        };
        let report = read(&headquarters, API).await;
        assert_eq!(key(&report, 0), [json!(1), json!(0), json!(1)], "the fever was found all the same");
        assert_eq!(key(&report, 1), [json!(1), json!(0), Value::Null]);
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains("东街村还有 1 名重点人员没量体温，包村干部 包村甲；一组 1 名重点人员没量体温（街长乙）"), "{page}");
        assert!(page.contains("未知：还有 1 人没量"), "{page}");
        let owing = &report["content"]["villages"][0]["owing"]["groups"][0];
        assert_eq!((&owing["silent"], &owing["unmeasured"]), (&json!(0), &json!(1)));
        let list = headquarters.get("/round/141023105000000/2020-02-03/key-persons?show=feverish").await.text;
        assert!(list.contains("居民1</b>") && !list.contains("居民5</b>"), "{list}");
    }

    async fn a_temperature_taken_after_the_cut_off_does_not_make_up_for_a_missing_one(app) {
        list_key_person(&app.test.db, 1, app.today()).await;
        list_key_person(&app.test.db, 3, app.today()).await;
        let headquarters = app.headquarters().await;
        app.clock.set(evening());
        enter(&headquarters, vec![measured(1, MORNING, 36.5), measured(2, evening(), 36.4)]).await;
        let figures = figures(&read(&headquarters, API).await, 0).clone();
        let key = [&figures["key_due"], &figures["key_measured"]["day"], &figures["key_feverish"]["day"]];
        assert_eq!(key, [&json!(2), &json!(1), &Value::Null]);
    }

    async fn the_evening_leaves_the_figures_of_the_cut_off_alone(app) {
        list_key_person(&app.test.db, 15, app.today()).await;
        let headquarters = app.headquarters().await;
        let morning = vec![
            measured(1, MORNING, 38.5), unreachable(2, MORNING), returned(7, MORNING), measured(8, MORNING, 36.5),
            unreachable(9, MORNING), well(10, MORNING), returned(10, MORNING.plus_minutes(1)),
        ];
        enter(&headquarters, morning).await;
        let playbook = &app.app.site.playbook;
        let as_of = AsOf { town: TOWN(), day: app.today(), before: Some(playbook.time.cut_off(app.today())), playbook };
        let mut tx = app.test.db.read().await.unwrap();
        let tallies = tally::whole_day(&mut tx, TOWN().town(), app.today()).await.unwrap();
        let rows = as_of.rows(&mut tx).await.unwrap();
        drop(tx);
        app.clock.set(evening());
        let evening = vec![
            measured(1, evening(), 36.6), well(2, evening()), returned(3, evening()), returned(7, evening()), well(10, evening()),
            measured(8, evening(), 38.1), unreachable(9, evening()), unreachable(11, evening()),
        ];
        enter(&headquarters, evening).await;
        let mut tx = app.test.db.read().await.unwrap();
        let whole = tally::whole_day(&mut tx, TOWN().town(), app.today()).await.unwrap();
        let counted = as_of.figures(&mut tx).await.unwrap();
        for division in tallies.divisions().union(&counted.divisions()) {
            for indicator in indicators::all() {
                let (tally, fact) = (tallies.get(*division, indicator), counted.get(*division, indicator));
                assert_eq!(tally, fact, "{division} {}", indicator.key);
            }
        }
        for moved in [indicators::LATE, indicators::RETURNEES, indicators::KEY_FEVERISH] {
            assert_ne!(whole.get(TOWN(), moved), tallies.get(TOWN(), moved), "{}", moved.key);
        }
        assert_eq!(as_of.rows(&mut tx).await.unwrap(), rows);
        // What happened before and is told only now does change the rows.
        enter(&headquarters, vec![well(12, MORNING)]).await;
        let mut tx = app.test.db.read().await.unwrap();
        assert_ne!(as_of.rows(&mut tx).await.unwrap(), rows);
    }

    async fn a_correction_of_the_evening_counts_from_the_morning_and_leaves_no_negative_figure(app) {
        let headquarters = app.headquarters().await;
        let wrong = returned(1, MORNING);
        enter(&headquarters, vec![wrong.clone()]).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        let office = Office::of(app).await;
        office.seal(PAGE).await;
        app.clock.set(evening());
        let mut right = well(1, evening());
        right["corrects"] = wrong["id"].clone();
        enter(&headquarters, vec![right, returned(2, evening())]).await;
        app.clock.set(MORNING.plus_minutes(DAY));
        enter(&headquarters, (1..=12).map(|household| well(household, app.clock.now())).collect()).await;
        let report = read(&headquarters, "/api/v1/reports/141023105/2020-02-04").await;
        assert_eq!(report["content"]["total"]["returnees"], json!({ "day": 0, "since": 1, "total": 1 }));
        // What a correction found is listed with what it puts right.
        let cut_off = MORNING.plus_minutes(TO_CUT_OFF).0;
        let listed = |end: String| format!("/api/v1/findings?kind=returnee&day=2020-02-03{end}");
        let number = async |end| read(&headquarters, &listed(end)).await["findings"].as_array().unwrap().len();
        assert_eq!((number(String::new()).await, number(format!("&before={cut_off}")).await), (1, 0));
        let mut back = returned(3, evening());
        let first = well(3, MORNING);
        back["corrects"] = first["id"].clone();
        enter(&headquarters, vec![first, back]).await;
        assert_eq!(number(format!("&before={cut_off}")).await, 1);
    }

    async fn a_damaged_report_before_is_not_taken_for_none(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        tamper(app, "UPDATE report_seal SET body = '{}'").await;
        app.clock.set(MORNING.plus_minutes(DAY));
        let answer = office.compiler.get("/api/v1/reports/141023105/2020-02-04").await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{}", answer.text);
    }

    async fn who_owes_what_is_named_to_those_who_work_with_it(app) {
        name_stewards(app).await;
        let headquarters = app.headquarters().await;
        enter(&headquarters, (4..=6).map(|household| well(household, MORNING)).collect()).await;
        let page = headquarters.get(PAGE).await.text;
        assert!(page.contains("东街村还有 3 户没报，包村干部 包村甲；一组 3 户没报（街长乙）"), "{page}");
        assert!(page.contains("北街村还有 6 户没报，包村干部 还没定人"), "{page}");
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        let page = observer.get(PAGE).await.text;
        assert!(page.contains("东街村还有 3 户没报") && !page.contains("包村甲"), "{page}");
        assert!(!observer.get(API).await.text.contains("街长乙"));
    }

    async fn whoever_stands_in_is_named_among_who_owes_on_his_days(app) {
        name_stewards(app).await;
        let cadre = app.village_cadre(village(1)).await;
        let form = [("to", "1"), ("first", "2020-02-04"), ("last", "2020-02-04")];
        done(&cadre.post("/stewards/people/141023105/902/stand-ins", &form).await);
        let owes = |day: &str| format!("/reports/141023105/{day}");
        app.clock.set(MORNING.plus_minutes(2 * DAY));
        for (day, text) in [
            ("2020-02-03", "一组 3 户没报（街长乙）"),
            ("2020-02-04", "一组 3 户没报（街长乙，包户1代）"),
            ("2020-02-05", "一组 3 户没报（街长乙）"),
        ] {
            let page = cadre.get(&owes(day)).await.text;
            assert!(page.contains(text), "{day}: {page}");
        }
        let report = read(&cadre, "/api/v1/reports/141023105/2020-02-04").await;
        let owing = &report["content"]["villages"][0]["owing"];
        assert_eq!((&owing["groups"][0]["lead"], &owing["groups"][0]["stand_in"]), (&json!("街长乙"), &json!("包户1")));
        assert_eq!(owing["stand_in"], Value::Null);
    }

    async fn a_village_sees_its_own_line_only(app) {
        let cadre = app.village_cadre(village(2)).await;
        let report = read(&cadre, API).await;
        assert_eq!(report["content"]["villages"].as_array().unwrap().len(), 1);
        assert_eq!(report["content"]["villages"][0]["name"], "北街村");
        assert_eq!(report["content"]["total"], Value::Null);
        assert!(!cadre.get(PAGE).await.text.contains("东街村"));
    }

    async fn who_may_not_see_reports_is_refused(app) {
        let other = app.person(Role::Headquarters, village(1).parent().unwrap().parent().unwrap()).await;
        assert_eq!(other.get(API).await.status, StatusCode::OK);
        let elsewhere = base::Division::from_code("141023106").unwrap();
        let elsewhere = app.person(Role::Headquarters, elsewhere).await;
        let guard = app.person(Role::GateGuard, TOWN()).await;
        for path in [API, "/api/v1/reports?town=141023105"] {
            assert_eq!(elsewhere.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(guard.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
            assert_eq!(app.stranger().get(path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        for path in [PAGE, "/reports", "/reports/141023105/2020-02-03/file"] {
            assert_eq!(elsewhere.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(guard.get(path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        for step in ["confirmation", "compilation", "check", "signature", "corrections"] {
            let form = [("division", "141023105200"), ("compiled_at", "0"), ("why", "x"), ("seen", "")];
            let path = format!("{PAGE}/{step}");
            assert_eq!(guard.post(&path, &form).await.status, StatusCode::FORBIDDEN, "{path}");
            let answer = elsewhere.post(&path, &form).await.status;
            assert!([StatusCode::NOT_FOUND, StatusCode::FORBIDDEN].contains(&answer), "{path} {answer}");
        }
    }

    async fn a_day_before_the_operation_or_to_come_is_not_found(app) {
        let headquarters = app.headquarters().await;
        for day in ["2020-01-24", "2020-02-04", "2020-02-30", "yesterday"] {
            let answer = headquarters.get(&format!("/reports/141023105/{day}")).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{day}");
        }
        assert_eq!(headquarters.get("/reports/141023106/2020-02-03").await.status, StatusCode::NOT_FOUND);
    }

    async fn the_pages_speak_three_languages(app) {
        let headquarters = app.headquarters().await;
        for (language, words) in [("zh-CN", "每日排查"), ("zh-TW", "還有 6 戶沒報"), ("en", "Not known")] {
            let request = Request::get(PAGE).header(header::ACCEPT_LANGUAGE, language);
            let page = headquarters.ask(request, Body::empty()).await;
            assert_eq!(page.status, StatusCode::OK);
            assert!(page.text.contains(words) && !page.text.contains("No localization"), "{}", page.text);
            let request = Request::get("/reports").header(header::ACCEPT_LANGUAGE, language);
            assert_eq!(headquarters.ask(request, Body::empty()).await.status, StatusCode::OK);
        }
    }
}
