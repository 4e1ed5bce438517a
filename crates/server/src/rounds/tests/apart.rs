//! Vacant houses and households wholly away: shown apart, due on the interval, in no denominator.

use super::*;
use crate::access::Scope;
use crate::rounds::apart::{Wanted, Whose, page};
use crate::testing::Answer;

/// Turns a household vacant or away, as the register's form does.
async fn turn(who: &Asker<'_>, household: i64, occupancy: &str, from: &str) {
    let division = if household <= 3 { "141023105200001" } else { "141023105200002" };
    let form = [("division", division), ("occupancy", occupancy), ("from", from)];
    let answer = who.post(&format!("/households/141023105/{household}/turn"), &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

/// The heads listed below the heading of each group.
fn listed(answer: &Answer) -> Vec<(String, Vec<String>)> {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    let until = |text: &str| text.split('<').next().unwrap_or_default().to_owned();
    let group = |part: &str| (until(part), part.split("<b>").skip(1).map(until).collect());
    answer.text.split("<div class=\"group\"><h2>").skip(1).map(group).collect()
}

fn group(name: &str, heads: &[&str]) -> (String, Vec<String>) {
    (name.to_owned(), heads.iter().map(|head| (*head).to_owned()).collect())
}

const VILLAGE: &str = "/round/141023105200000/2020-02-03";
const DAYS: i64 = 24 * 60;

on_both_engines! {
    async fn a_vacant_house_is_listed_apart_and_expected_of_nobody(app) {
        let cadre = app.village_cadre(village(1)).await;
        let contact = app.contact(village(1)).await;
        turn(&cadre, 1, "vacant", "2020-02-01").await;
        turn(&cadre, 4, "away", "2020-02-02").await;
        enter(&cadre, vec![well(2, MORNING)]).await;
        assert_eq!((figure(app, EXPECTED).await, figure(app, DONE).await), (10, 1));
        let page = cadre.get(VILLAGE).await.text;
        assert!(page.contains(&format!("<a href=\"{VILLAGE}/apart\">空户和全家在外 2 户</a> · 今天该去看 2 户")), "{page}");
        let list = cadre.get(&format!("{VILLAGE}/apart")).await;
        assert_eq!(listed(&list), [group("该去看了", &["户主1", "户主4"])]);
        assert!(list.text.contains("还没去看过") && list.text.contains("每 3 天去看一次"), "{}", list.text);
        let mine = contact.get("/my-households").await.text;
        assert!(mine.contains("<a href=\"/my-households/apart\">空户和全家在外 1 户</a>") && !mine.contains("户主1<"), "{mine}");
        assert_eq!(listed(&contact.get("/my-households/apart").await), [group("该去看了", &["户主1"])]);
    }

    async fn a_look_is_entered_as_a_check_and_the_next_is_due_after_the_interval(app) {
        let cadre = app.village_cadre(village(1)).await;
        let contact = app.contact(village(1)).await;
        turn(&cadre, 1, "vacant", "2020-02-01").await;
        let form = [("id", &*new_id(MORNING)), ("reason", "nobody-home")];
        let saved = contact.post("/checks/141023105/1", &form).await;
        let list = location(&saved);
        assert!(list.starts_with("/my-households/apart?saved="), "{}", saved.text);
        assert!(contact.get(&list).await.text.contains("户主1家已记下"));
        assert_eq!((figure(app, EXPECTED).await, figure(app, UNREACHABLE).await), (11, 0));
        let list = contact.get("/my-households/apart").await;
        assert_eq!(listed(&list), [group("还没到日子", &["户主1"])]);
        assert!(list.text.contains("上次 2月3日 周一 · 该看 2月6日 周四"), "{}", list.text);
        app.clock.set(MORNING.plus_minutes(2 * DAYS));
        assert_eq!(listed(&contact.get("/my-households/apart").await), [group("还没到日子", &["户主1"])]);
        app.clock.set(MORNING.plus_minutes(3 * DAYS));
        assert_eq!(listed(&contact.get("/my-households/apart").await), [group("该去看了", &["户主1"])]);
        let again = [("id", &*new_id(app.clock.now())), ("outcome", "well")];
        let saved = cadre.post("/checks/141023105/1", &again).await;
        assert!(location(&saved).starts_with("/round/141023105200000/2020-02-06/apart?saved="));
        // The list of a past day shows what was known of it.
        let past = cadre.get("/round/141023105200000/2020-02-05/apart").await;
        assert!(past.text.contains("上次 2月3日 周一") && !past.text.contains("href=\"/checks/"), "{}", past.text);
    }

    async fn a_look_that_was_taken_back_is_none(app) {
        let cadre = app.village_cadre(village(1)).await;
        turn(&cadre, 1, "vacant", "2020-02-01").await;
        let check = well(1, MORNING);
        let mut undo = well(1, MORNING);
        undo["outcome"] = json!("withdrawn");
        undo["corrects"] = check["id"].clone();
        assert_eq!(enter(&cadre, vec![check, undo]).await, ["stored", "stored"]);
        assert_eq!(listed(&cadre.get(&format!("{VILLAGE}/apart")).await), [group("该去看了", &["户主1"])]);
    }

    async fn who_sees_figures_only_gets_the_number_without_the_list(app) {
        let headquarters = app.headquarters().await;
        turn(&headquarters, 1, "vacant", "2020-02-01").await;
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        let page = observer.get(VILLAGE).await.text;
        assert!(page.contains("空户和全家在外 1 户") && !page.contains("/apart\""), "{page}");
        assert_eq!(observer.get(&format!("{VILLAGE}/apart")).await.status, StatusCode::FORBIDDEN);
        let neighbour = app.village_cadre(village(2)).await;
        assert_eq!(neighbour.get(&format!("{VILLAGE}/apart")).await.status, StatusCode::NOT_FOUND);
        let town = "/round/141023105000000/2020-02-03/apart";
        assert_eq!(headquarters.get(town).await.status, StatusCode::NOT_FOUND);
    }

    async fn programs_read_the_households_apart_page_by_page(app) {
        let cadre = app.village_cadre(village(1)).await;
        let contact = app.contact(village(1)).await;
        for household in 1..=5 {
            turn(&cadre, household, if household == 2 { "away" } else { "vacant" }, "2020-02-01").await;
        }
        enter(&cadre, vec![unreachable(1, MORNING)]).await;
        let api = "/api/v1/households-apart";
        let list = format!("{api}?division=141023105200000");
        let answer = cadre.get(&list).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let answer = answer.json();
        let households = |answer: &Value| -> Vec<i64> {
            let listed = answer["households"].as_array().unwrap().iter();
            listed.map(|one| one["household"].as_i64().unwrap()).collect()
        };
        assert_eq!(households(&answer), [2, 3, 4, 5, 1], "whose turn comes later stands last");
        let last = &answer["households"][4];
        let told = ["is_due", "last", "due_on", "occupancy", "contact"].map(|field| last[field].clone());
        assert_eq!(told, [json!(false), json!("2020-02-03"), json!("2020-02-06"), json!("vacant"), json!("包户1")]);
        // Read on from any place.
        for (after, rest) in [("0~141023105200001~3~00003", &[4, 5, 1][..]), ("1~141023105200001~1~00001", &[])] {
            let answer = cadre.get(&format!("{list}&after={after}")).await.json();
            assert_eq!((households(&answer), &answer["next"]), (rest.to_vec(), &Value::Null));
        }
        let own = contact.get(api).await.json();
        assert_eq!(households(&own), [2, 3, 1]);
        assert_eq!(cadre.get(&format!("{list}&after=0")).await.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(cadre.get(&format!("{list}&day=2020-02-04")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(contact.get(&list).await.status, StatusCode::NOT_FOUND);
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        assert_eq!(observer.get(&list).await.status, StatusCode::FORBIDDEN);
        let mut tx = app.test.db.read().await.unwrap();
        let scope = Scope::of_command(TOWN(), app.today());
        let wanted = Wanted { scope: &scope, whose: Whose::Division(village(1)), day: app.today(), interval: 3 };
        let (first, next) = page(&mut tx, &wanted, None, 2).await.unwrap();
        let next = next.unwrap().to_string().parse().unwrap();
        let (second, _) = page(&mut tx, &wanted, Some(&next), 2).await.unwrap();
        let numbers: Vec<i64> = first.iter().chain(&second).map(|row| row.household).collect();
        assert_eq!(numbers, [2, 3, 4, 5]);
    }
}
