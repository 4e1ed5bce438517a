//! Two who may be one: shown side by side, decided by a person, remembered.

use axum::http::StatusCode;
use base::Role;

use super::import::{confirm, count, digest, family, list, outcomes, preview, reasons, rows, upload};
use super::{IDENTITY, PHONE, location};
use crate::testing::{Answer, Asker, TOWN, TestApp, on_both_engines, village};

/// A household whose head has moved and another of whom only the name is known, as somebody of the
/// village is called.
fn moved() -> String {
    list(&[
        "7,王建国,户主,王建国,男,1962-03-05,,12900000413,东街村,二组,99号,本村,在家,,,",
        "7,王建国,妻,李秀英,女,,,,东街村,二组,99号,本村,在家,,,",
    ])
}

/// The family is in the register.
async fn settled<'a>(app: &'a TestApp) -> Asker<'a> {
    let cadre = app.village_cadre(village(1)).await;
    let (path, page) = preview(&cadre, &family()).await;
    assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
    cadre
}

/// What is asked on a page, each with the title of its pair.
fn asked(page: &Answer) -> Vec<(String, String)> {
    let parts = page.text.split("<article").skip(1);
    let between = |part: &str, before: &str, after: &str| {
        part.split_once(before).expect("a pair").1.split(after).next().unwrap().to_owned()
    };
    let title = |part: &str| between(part, "<h2 ", "</h2>").rsplit('>').next().unwrap().to_owned();
    parts.map(|part| (between(part, "name=\"pair\" value=\"", "\""), title(part))).collect()
}

async fn decide(who: &Asker<'_>, path: &str, pair: &str, verdict: &str) -> Answer {
    who.post(&format!("{path}/doubles"), &[("pair", pair), ("verdict", verdict)]).await
}

async fn confirm_all(who: &Asker<'_>, path: &str, page: &str) {
    let form = [("digest", digest(page)), ("changes", "true".to_owned())];
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let done = who.post(path, &form).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
}

on_both_engines! {
    async fn who_may_be_one_is_decided_by_a_person_and_is_not_asked_again(app) {
        let cadre = settled(app).await;
        let before = count(app, "resident").await;
        let (path, page) = preview(&cadre, &moved()).await;
        assert_eq!(outcomes(&page), [0, 0, 2, 0], "{page}");
        assert!(page.contains("2 对没定，0 对先放着，0 对定了"), "{page}");
        let shown = cadre.get(&format!("{path}/doubles")).await;
        let pairs = asked(&shown);
        let titles: Vec<_> = pairs.iter().map(|(_, title)| title.as_str()).collect();
        assert_eq!(titles, ["同名，同一天出生", "同名，同一个村"]);
        // Side by side, numbers masked, what differs marked.
        for told in ["表里第 2 行", "户册里", "129****0413", "129****0412", "东街村 二组", "88号", "1962-03-05", "不一样"] {
            assert!(shown.text.contains(told), "{told}: {}", shown.text);
        }
        assert!(!shown.text.contains("12900000413") && !shown.text.contains(IDENTITY) && !shown.text.contains(PHONE));
        assert_eq!(decide(&cadre, &path, &pairs[0].0, "same").await.status, StatusCode::SEE_OTHER);
        assert_eq!(decide(&cadre, &path, &pairs[1].0, "two").await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([1, 0, 0, 0], 1), "{page}");
        assert!(page.contains("0 对没定，0 对先放着，2 对定了"), "{page}");
        assert!(reasons(&cadre, &path, "changed").await.contains("电话：129****0412 → 129****0413"));
        confirm_all(&cadre, &path, &page).await;
        assert_eq!(count(app, "resident").await, before + 1);
        assert_eq!(count(app, "resident WHERE name = '李秀英'").await, 2);
        let one = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!((&one["residents"][0]["phone"], &one["residents"][0]["relation"]), (&"129****0413".into(), &"户主".into()));
        // Again, and in another list.
        for text in [moved(), moved().replace("7,王", "1,王")] {
            let (path, page) = preview(&cadre, &text).await;
            assert_eq!(outcomes(&page), [0, 2, 0, 0], "{page}");
            assert!(page.contains("0 对没定，0 对先放着，1 对定了"), "{page}");
            let shown = cadre.get(&format!("{path}/doubles?show=decided")).await;
            assert!(shown.text.contains("定的：是同一个人"), "{}", shown.text);
        }
        assert_eq!(count(app, "resident").await, before + 1);
        assert_eq!(count(app, "audit_entry WHERE action = 'register.decide'").await, 2);
        let sql = "SELECT detail FROM audit_entry WHERE action = 'register.decide' ORDER BY id";
        let mut tx = app.test.db.read().await.unwrap();
        let trail: Vec<String> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert!(trail[0].contains("\"after\":\"same\"") && !trail.concat().contains('王'), "{trail:?}");
    }

    async fn a_decision_is_made_anew_and_what_was_shown_is_what_is_confirmed(app) {
        let cadre = settled(app).await;
        let (path, page) = preview(&cadre, &moved()).await;
        let pair = asked(&cadre.get(&format!("{path}/doubles")).await)[0].0.clone();
        assert_eq!(decide(&cadre, &path, &pair, "two").await.status, StatusCode::SEE_OTHER);
        let late = confirm(&cadre, &path, &page, "false").await;
        assert_eq!(late.status, StatusCode::CONFLICT, "what was decided changes what is taken");
        assert_eq!(outcomes(&late.text), [1, 0, 1, 0]);
        assert_eq!(decide(&cadre, &path, &pair, "same").await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([0, 0, 1, 0], 1), "{page}");
        assert_eq!(count(app, "doubles").await, 1);
    }

    async fn what_is_put_off_is_not_taken_and_asked_again_with_the_next_list(app) {
        let cadre = settled(app).await;
        let before = count(app, "resident").await;
        let (path, _) = preview(&cadre, &moved()).await;
        for (pair, _) in asked(&cadre.get(&format!("{path}/doubles")).await) {
            assert_eq!(decide(&cadre, &path, &pair, "later").await.status, StatusCode::SEE_OTHER);
        }
        let page = cadre.get(&path).await.text;
        assert!(page.contains("0 对没定，2 对先放着，0 对定了"), "{page}");
        assert_eq!(outcomes(&page), [0, 0, 2, 0]);
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(app, "resident").await, before);
        app.clock.set(app.clock.now().plus_minutes(1));
        assert!(preview(&cadre, &moved()).await.1.contains("2 对没定，0 对先放着，0 对定了"));
    }

    async fn two_rows_of_a_list_are_one_or_two(app) {
        let cadre = app.village_cadre(village(1)).await;
        let before = count(app, "resident").await;
        let row = |house: &str| format!("{house},,户主,钱一,男,,IDENTITY,,东街村,一组,{house}号,,,,,").replace("IDENTITY", IDENTITY);
        let text = list(&[&row("1"), &row("2"), &row("3")]);
        let (path, page) = preview(&cadre, &text).await;
        assert_eq!(outcomes(&page), [1, 0, 2, 0], "{page}");
        let shown = cadre.get(&format!("{path}/doubles")).await;
        assert_eq!(asked(&shown).len(), 3, "{}", shown.text);
        for verdict in ["same", "two"] {
            let pair = asked(&cadre.get(&format!("{path}/doubles")).await)[0].0.clone();
            assert_eq!(decide(&cadre, &path, &pair, verdict).await.status, StatusCode::SEE_OTHER);
        }
        let page = cadre.get(&path).await.text;
        // The second is the first; the third is somebody else, and the number is the first one's.
        assert_eq!(outcomes(&page), [2, 1, 0, 0], "{page}");
        confirm_all(&cadre, &path, &page).await;
        assert_eq!(count(app, "resident").await, before + 2);
        assert_eq!(count(app, "resident WHERE name = '钱一' AND identity_index IS NOT NULL").await, 1);
        let (path, page) = preview(&cadre, &text).await;
        assert_eq!(outcomes(&page), [0, 3, 0, 0], "{}", reasons(&cadre, &path, "doubt").await);
        assert!(page.contains("0 对没定"), "{page}");
    }

    async fn a_name_that_sounds_or_looks_alike_is_asked_about_where_more_agrees(app) {
        let cadre = settled(app).await;
        for (row, asks) in [
            ("1,,妻,李秀莹,女,,,,东街村,一组,88号,,,,,", Some("名字读音相近，同一户")),
            ("1,,子,王小午,男,1989-07-01,,,东街村,二组,7号,,,,,", None),
            ("1,,户主,王健国,男,1962-03-05,,,东街村,二组,7号,,,,,", Some("名字读音相近，同一天出生")),
            ("1,,户主,玉建国,男,,,12900000412,东街村,二组,7号,,,,,", Some("名字写法相近，同一个电话")),
            ("1,,户主,王健国,男,,,,东街村,二组,7号,,,,,", None),
        ] {
            let (path, page) = preview(&cadre, &list(&[row])).await;
            let shown = cadre.get(&format!("{path}/doubles")).await;
            let titles: Vec<_> = asked(&shown).into_iter().map(|(_, title)| title).collect();
            assert_eq!(titles.first().map(String::as_str), asks, "{row}: {page}");
        }
    }

    async fn whoever_is_out_of_reach_is_decided_by_the_town(app) {
        settled(app).await;
        let other = app.village_cadre(village(2)).await;
        let theirs = moved().replace("东街村", "北街村");
        let (path, page) = preview(&other, &theirs).await;
        assert_eq!(outcomes(&page), [1, 0, 1, 0], "{page}");
        assert!(reasons(&other, &path, "doubt").await.contains("镇里别处登记的人里，有一位可能是他（同名，同一天出生）"));
        let shown = other.get(&format!("{path}/doubles")).await;
        assert!(asked(&shown).is_empty() && !shown.text.contains("88号"), "{}", shown.text);
        let town = app.headquarters().await;
        let (own, _) = preview(&town, &theirs).await;
        let pair = asked(&town.get(&format!("{own}/doubles")).await)[0].0.clone();
        // Nobody decides by asking for what he was not shown.
        assert_eq!(decide(&other, &path, &pair, "same").await.status, StatusCode::SEE_OTHER);
        assert_eq!(decide(&other, &own, &pair, "same").await.status, StatusCode::NOT_FOUND);
        assert_eq!(count(app, "doubles").await, 0);
        assert_eq!(decide(&town, &own, &pair, "same").await.status, StatusCode::SEE_OTHER);
        let (path, page) = preview(&other, &theirs).await;
        assert_eq!(outcomes(&page), [1, 1, 0, 0], "{page}");
        assert!(reasons(&other, &path, "same").await.contains("镇里定过了"));
    }

    async fn who_may_be_twice_in_the_register_is_listed_until_somebody_tells_them_apart(app) {
        let cadre = settled(app).await;
        let pages = "/households/doubles";
        assert!(asked(&cadre.get(pages).await).is_empty());
        let (path, _) = preview(&cadre, &moved()).await;
        let pair = asked(&cadre.get(&format!("{path}/doubles")).await)[1].0.clone();
        assert_eq!(decide(&cadre, &path, &pair, "two").await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        confirm_all(&cadre, &path, &page).await;
        // What was said of the list holds in the register.
        let shown = cadre.get(pages).await;
        assert!(asked(&shown).is_empty() && shown.text.contains("定了的 1"), "{}", shown.text);
        let pair = asked(&cadre.get("/households/doubles?show=decided").await)[0].0.clone();
        let answer = cadre.post(pages, &[("pair", &*pair), ("verdict", "later")]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER);
        let shown = cadre.get("/households/doubles?under=141023105200002").await;
        assert_eq!(asked(&shown).len(), 1, "{}", shown.text);
        assert!(shown.text.contains("/households/141023105/13"), "{}", shown.text);
        // Whoever does not see both sees neither, and decides nothing.
        let other = app.village_cadre(village(2)).await;
        assert!(asked(&other.get(pages).await).is_empty());
        let before = count(app, "audit_entry WHERE action = 'register.decide'").await;
        assert_eq!(other.post(pages, &[("pair", &*pair), ("verdict", "two")]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(app, "audit_entry WHERE action = 'register.decide'").await, before);
        assert_eq!(cadre.post(pages, &[("pair", &*pair), ("verdict", "two")]).await.status, StatusCode::SEE_OTHER);
        assert!(asked(&cadre.get(pages).await).is_empty());
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get(pages).await.status, StatusCode::FORBIDDEN);
    }

    async fn five_hundred_doubts_are_paged_and_the_next_open_one_comes_by_itself(app) {
        let cadre = app.village_cadre(village(1)).await;
        let mut text = vec!["姓名,门牌号,组,电话".to_owned()];
        for n in 0..500 {
            text.extend([1, 2].map(|copy| format!("钱{n},{n}号附{copy},一组,1290001{n:04}")));
        }
        let answer = upload(&cadre, text.join("\n").as_bytes(), &village(1).code()).await;
        let path = location(&answer);
        assert!(cadre.get(&path).await.text.contains("500 对没定"));
        let first = cadre.get(&format!("{path}/doubles")).await;
        assert_eq!(asked(&first).len(), 10);
        let last = cadre.get(&format!("{path}/doubles?page=49")).await;
        assert!(asked(&last).len() == 10 && !last.text.contains("rel=\"next\""), "{}", last.text);
        let done = decide(&cadre, &path, &asked(&first)[0].0, "two").await;
        let next = cadre.get(&location(&done)).await;
        assert!(next.text.contains("还有 499 对没定"));
        assert_eq!(asked(&next)[0], asked(&first)[1]);
    }
}
