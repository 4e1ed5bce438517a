//! What a steward's account reaches: it comes with a stewardship and goes with it.

use super::*;
use crate::testing::{MORNING, on_both_engines};

const FORM: &str = "/checks/141023105/1";

/// Somebody with an account of another office, joined by hand to a steward.
async fn joined(app: &TestApp, steward: i64) -> Asker<'_> {
    let person = app.person(Role::GateGuard, village(2)).await;
    join(app, steward, &person).await;
    person
}

async fn join(app: &TestApp, steward: i64, person: &Asker<'_>) {
    let admin = app.person(Role::Administrator, TOWN()).await;
    let login = format!("gate-guard{}", person.account);
    let answer = admin.post(&format!("/accounts/stewards/{TOWN_CODE}/{steward}"), &[("login", &login)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// Hands a street over.
async fn pass_on(app: &TestApp, cadre: &Asker<'_>, street: Division, from: i64, to: i64) {
    let (pick, to, day) = (place(street, Some(from)), to.to_string(), app.today().to_string());
    let path = format!("/stewards/nodes/{}", street.code());
    let answer = cadre.post(&path, &[("pick", &pick), ("to", &to), ("from", &day)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

async fn sees(person: &Asker<'_>) -> bool {
    let status = person.get(FORM).await.status;
    assert!([StatusCode::OK, StatusCode::NOT_FOUND].contains(&status), "{status}");
    status == StatusCode::OK
}

on_both_engines! {
    async fn a_street_is_seen_by_who_leads_it_and_no_longer_by_who_did(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (one, two) =
            (appoint(app, &cadre, "街长甲", group(1, 1)).await, add(&cadre, "街长乙", group(1, 1)).await);
        let (former, coming) = (joined(app, one).await, joined(app, two).await);
        assert_eq!((sees(&former).await, sees(&coming).await), (true, false));
        assert_eq!(former.get("/checks/141023105/4").await.status, StatusCode::NOT_FOUND);
        pass_on(app, &cadre, group(1, 1), one, two).await;
        assert_eq!((sees(&former).await, sees(&coming).await), (false, true));
        assert_eq!(former.get(&street_path(group(1, 1))).await.status, StatusCode::FORBIDDEN);
    }

    async fn a_lead_checks_what_has_no_contact_as_his_own_list_names_it(app) {
        let cadre = app.village_cadre(village(1)).await;
        let lead = appoint(app, &cadre, "街长甲", group(1, 1)).await;
        give(&cadre, group(1, 1), &[home(1, Some(1))], "none", app.today()).await;
        let lead = joined(app, lead).await;
        let list = lead.get("/my-households").await.text;
        assert!(list.contains("户主1<") && !list.contains("户主2<"), "{list}");
        assert!(sees(&lead).await);
        let id = app.clock.new_id().to_string();
        let tap = [("id", id.as_str()), ("town", "141023105"), ("household", "1")];
        let answer = lead.post("/my-households/well", &tap).await;
        assert_eq!(answer.headers[header::LOCATION].to_str().unwrap(), format!("/my-households?saved={id}&town=141023105"));
    }

    async fn who_has_no_household_of_his_own_is_led_to_the_place_he_answers_for(app) {
        let cadre = app.village_cadre(village(1)).await;
        let lead = appoint(app, &cadre, "街长甲", group(1, 1)).await;
        let lead = joined(app, lead).await;
        let led = async |path: &str| lead.get(path).await.headers[header::LOCATION].to_str().unwrap().to_owned();
        assert_eq!(led("/my-households").await, "/round");
        assert_eq!(led("/round").await, format!("/round/{}/2020-02-03", group(1, 1).number()));
        give(&cadre, group(1, 1), &[home(1, Some(1))], "none", app.today()).await;
        assert_eq!(lead.get("/my-households").await.status, StatusCode::OK);
        // A contact answers for no place: his page says who gives him households.
        give(&cadre, group(1, 2), &[home(4, Some(2)), home(5, Some(2)), home(6, Some(2))], "none", app.today()).await;
        let contact = app.person(Role::HouseholdContact, group(1, 2)).await;
        assert!(contact.get("/my-households").await.text.contains("您名下还没有住户"));
    }

    async fn who_stands_in_for_a_lead_or_cadre_has_his_place_for_those_days(app) {
        let (cadre, headquarters) = offices(app).await;
        let one = appoint(app, &headquarters, "包村甲", village(1)).await;
        let two = add(&cadre, "包村乙", village(1)).await;
        let substitute = joined(app, two).await;
        assert!(!sees(&substitute).await);
        let day = app.today().to_string();
        let days = [("to", two.to_string()), ("first", day.clone()), ("last", day)];
        let days: Vec<(&str, &str)> = days.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let path = format!("/stewards/people/{TOWN_CODE}/{one}/stand-ins");
        assert_eq!(headquarters.post(&path, &days).await.status, StatusCode::SEE_OTHER);
        assert!(sees(&substitute).await);
        let me = substitute.get("/api/v1/me").await.text;
        assert!(me.contains("town-cadre") && me.contains(&village(1).code()), "{me}");
        app.clock.set(MORNING.plus_minutes(24 * 60));
        assert!(!sees(&substitute).await);
    }

    async fn nobody_settles_a_stand_in_for_who_watches_over_him(app) {
        let (cadre, headquarters) = offices(app).await;
        let above = appoint(app, &headquarters, "包村甲", village(1)).await;
        give(&cadre, group(1, 1), &[home(1, Some(1))], &above.to_string(), app.today()).await;
        let lead = app.person(Role::StreetLead, group(1, 1)).await;
        let day = app.today().to_string();
        let days = [("to", "1"), ("first", day.as_str()), ("last", day.as_str())];
        let path = format!("/stewards/people/{TOWN_CODE}/{above}/stand-ins");
        for who in [&lead, &cadre] {
            let refused = who.post(&path, &days).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.text.contains("替班要由上一级来定"), "{}", refused.text);
        }
        assert_eq!(headquarters.post(&path, &days).await.status, StatusCode::SEE_OTHER);
    }

    async fn nobody_settles_a_stand_in_for_who_has_households_beyond_his_say(app) {
        let (cadre, headquarters) = offices(app).await;
        give(&headquarters, group(2, 1), &[home(7, Some(3))], "1", app.today().next()).await;
        let day = app.today().to_string();
        let days = [("to", "2"), ("first", day.as_str()), ("last", day.as_str())];
        let path = format!("/stewards/people/{TOWN_CODE}/1/stand-ins");
        let refused = cadre.post(&path, &days).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("替班要由上一级来定"), "{}", refused.text);
        assert_eq!(headquarters.post(&path, &days).await.status, StatusCode::SEE_OTHER);
        // Nor does he end what was settled above him.
        let page = cadre.get(&format!("/stewards/people/{TOWN_CODE}/1")).await.text;
        let end = page.split("action=\"").find(|part| part.contains("/end\"")).expect("a form");
        let end = end.split('"').next().expect("a path");
        let refused = cadre.post(end, &[]).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.text.contains("替班要由上一级来定"), "{}", refused.text);
        assert_eq!(answers(app, 1, app.today()).await[0], "包户2~");
        assert_eq!(headquarters.post(end, &[]).await.status, StatusCode::SEE_OTHER);
    }

    async fn nobody_gives_his_own_name_to_who_answers_beyond_his_say(app) {
        let (cadre, headquarters) = offices(app).await;
        let above = appoint(app, &headquarters, "包村甲", village(1)).await;
        give(&headquarters, group(2, 1), &[home(7, Some(3))], "2", app.today()).await;
        let code = village(1).code();
        let form = [("name", "街长乙"), ("phone", ""), ("branch", ""), ("division", code.as_str())];
        for steward in [above, 2] {
            let path = format!("/stewards/people/{TOWN_CODE}/{steward}");
            let refused = cadre.post(&format!("{path}/change"), &form).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{steward}");
            assert!(refused.text.contains("资料要由上一级来改"), "{}", refused.text);
            assert!(!cadre.get(&path).await.text.contains("/change\""), "{steward}");
            assert!(headquarters.get(&path).await.text.contains("/change\""), "{steward}");
        }
        assert!(!headquarters.get("/stewards/people").await.text.contains("街长乙"));
        let path = format!("/stewards/people/{TOWN_CODE}/{above}/change");
        assert_eq!(headquarters.post(&path, &form).await.status, StatusCode::SEE_OTHER);
    }

    async fn an_account_with_a_post_elsewhere_is_another_administrators(app) {
        let headquarters = app.headquarters().await;
        let lead = add(&headquarters, "街长甲", group(2, 1)).await;
        let person = joined(app, lead).await;
        let admin = app.person(Role::Administrator, village(2)).await;
        let (account, steward) =
            (format!("/accounts/{}", person.account), format!("/accounts/stewards/{TOWN_CODE}/{lead}"));
        for path in [&account, &steward] {
            assert_eq!(admin.get(path).await.status, StatusCode::OK, "{path}");
        }
        let (pick, to, from) = (place(group(1, 1), None), lead.to_string(), app.today().to_string());
        let path = format!("/stewards/nodes/{}", group(1, 1).code());
        let given = headquarters.post(&path, &[("pick", &pick), ("to", &to), ("from", &from)]).await;
        assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
        for path in [&account, &steward] {
            assert_eq!(admin.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
    }

    async fn what_was_appointed_by_hand_outlasts_the_stewardship(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (one, two) =
            (appoint(app, &cadre, "街长甲", group(1, 1)).await, add(&cadre, "街长乙", group(1, 1)).await);
        let lead = joined(app, one).await;
        let admin = app.person(Role::Administrator, TOWN()).await;
        let role = [("role", "street-lead"), ("division", &*group(1, 1).code())];
        admin.post(&format!("/accounts/{}/roles", lead.account), &role).await;
        pass_on(app, &cadre, group(1, 1), one, two).await;
        assert!(sees(&lead).await);
        admin.post(&format!("/accounts/{}/dismissal", lead.account), &role).await;
        assert!(!sees(&lead).await);
    }

    async fn roles_in_two_towns_by_turns_show_no_household_twice(app) {
        let person = joined(app, 1).await;
        let mut tx = app.test.db.write().await.unwrap();
        let sql = "INSERT INTO appointment (account, role, division) VALUES ($1, 'inspector', 141023106000000), \
                   ($1, 'police', 141023105000000)";
        db::on_db!(tx, c => sqlx::query(sql).bind(person.account).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        app.app.site.people.forget();
        let mine = person.get("/api/v1/my-households").await.json();
        assert_eq!(mine["households"].as_array().unwrap().len(), 3, "{mine}");
    }
}
