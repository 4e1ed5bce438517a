//! Who sees which households, and how they are found.

use axum::http::StatusCode;
use base::Role;

use super::super::store::change::Hidden;
use super::{IDENTITY, PHONE, add, location};
use crate::testing::{Asker, TOWN, TestApp, on_both_engines, village};

/// The heads on a page, in order.
fn heads(text: &str) -> Vec<String> {
    let rows = text.split("<th scope=\"row\">").skip(1);
    let head = |row: &str| row.split('>').nth(1)?.split('<').next().map(str::to_owned);
    rows.filter_map(head).collect()
}

async fn found(who: &Asker<'_>, typed: &str) -> Vec<String> {
    let answer = who.post("/households/find", &[("q", typed)]).await;
    if answer.status == StatusCode::SEE_OTHER {
        return heads(&who.get(&location(&answer)).await.text);
    }
    assert_eq!(answer.status, StatusCode::OK);
    heads(&answer.text)
}

async fn put_identity(app: &TestApp, who: &Asker<'_>, household: i64, resident: i64) {
    let path = format!("/households/141023105/{household}/residents/{resident}");
    let form = [("name", "李秀英"), ("identity", IDENTITY), ("relation", "配偶"), ("phone", "")];
    let answer = who.change(&path, &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT COUNT(*) FROM resident WHERE identity_sealed IS NOT NULL";
    let sealed: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
    assert_eq!(sealed, 1);
}

on_both_engines! {
    async fn everybody_sees_his_own_part_in_walking_order(app) {
        let headquarters = app.headquarters().await;
        let all: Vec<String> = (1..=12).map(|n| format!("户主{n}")).collect();
        assert_eq!(heads(&headquarters.get("/households").await.text), all);
        let cadre = app.village_cadre(village(2)).await;
        assert_eq!(heads(&cadre.get("/households").await.text), all[6..]);
        let contact = app.contact(village(1)).await;
        assert_eq!(heads(&contact.get("/households").await.text), all[..3]);
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        assert_eq!(observer.get("/households").await.status, StatusCode::FORBIDDEN);
        let stranger = app.stranger().get("/households").await;
        assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    }

    async fn a_household_out_of_scope_is_not_there(app) {
        let contact = app.contact(village(1)).await;
        assert_eq!(contact.get("/households/141023105/3").await.status, StatusCode::OK);
        for path in ["/households/141023105/4", "/households/141023105/99", "/households/141023106/1"] {
            assert_eq!(contact.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let cadre = app.village_cadre(village(2)).await;
        for path in ["/households/141023105/1/edit", "/households/141023105/1/turn"] {
            assert_eq!(cadre.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        assert_eq!(contact.get("/households/141023105/3/edit").await.status, StatusCode::FORBIDDEN);
    }

    async fn what_is_typed_finds_households(app) {
        let cadre = app.village_cadre(village(1)).await;
        assert_eq!(add(&cadre, &[]).await.status, StatusCode::SEE_OTHER);
        put_identity(app, &cadre, 2, 4).await;
        for (typed, expected) in [
            ("王建", vec!["王建国"]),
            ("wjg", vec!["王建国"]),
            ("88", vec!["王建国"]),
            ("李秀英", vec!["户主2"]),
            ("lxy", vec!["户主2"]),
            ("129 0000 0412", vec!["王建国"]),
            (IDENTITY, vec!["户主2"]),
            ("赵", vec![]),
            // Another village's household is not found.
            ("户主7", vec![]),
        ] {
            assert_eq!(found(&cadre, typed).await, expected, "{typed}");
        }
    }

    async fn a_whole_number_stands_in_no_address(app) {
        let cadre = app.village_cadre(village(1)).await;
        for number in [PHONE, IDENTITY] {
            let answer = cadre.post("/households/find", &[("q", number)]).await;
            assert_eq!(answer.status, StatusCode::OK);
            assert!(!answer.text.contains(number));
        }
    }

    async fn filters_narrow_the_list(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = [("tags", "living-alone"), ("tags", "elderly"), ("occupancy", "vacant"), ("head", "")];
        assert_eq!(add(&cadre, &form).await.status, StatusCode::SEE_OTHER);
        for (filter, count) in [
            ("tag=living-alone", 1),
            ("tag=elderly", 1),
            ("tag=alone", 7),
            ("occupancy=vacant", 1),
            ("occupancy=lived-in", 6),
            ("contact=none", 1),
            ("under=141023105200002", 3),
            ("under=141023105201", 0),
        ] {
            let text = cadre.get(&format!("/households?{filter}")).await.text;
            assert_eq!(heads(&text).len(), count, "{filter}");
        }
    }

    async fn a_long_list_goes_on_where_it_ended(app) {
        let cadre = app.village_cadre(village(1)).await;
        for n in 0..60 {
            let (house, head) = (format!("{}号", 100 + n), format!("张{n}"));
            let answer = add(&cadre, &[("house_number", &house), ("head", &head)]).await;
            assert_eq!(answer.status, StatusCode::SEE_OTHER);
        }
        let first = cadre.get("/households").await.text;
        let next = first.split("rel=\"next\"").next().unwrap().rsplit("href=\"").next().unwrap();
        let next = next.split('"').next().unwrap().replace("&#38;", "&");
        let second = cadre.get(&next).await.text;
        let all = [heads(&first), heads(&second)].concat();
        assert_eq!(heads(&first).len(), 50);
        assert_eq!(all.len(), 66);
        assert_eq!(all[65], "户主6");
        let distinct: std::collections::BTreeSet<_> = all.iter().collect();
        assert_eq!(distinct.len(), 66);
    }
}

#[test]
fn what_is_hidden_may_be_kept_removed_or_replaced() {
    use super::super::pages::change::hidden_phone;
    assert_eq!(hidden_phone(" ", false), Some(Hidden::Keep));
    assert_eq!(hidden_phone("", true), Some(Hidden::Remove));
    assert_eq!(hidden_phone("129-0000-0412", true), Some(Hidden::Put(PHONE.to_owned())));
    assert_eq!(hidden_phone("110", false), None);
}
