//! One check of a post that cannot be read or stored concerns nobody else's.

use super::*;

on_both_engines! {
    async fn a_check_that_cannot_be_read_does_not_keep_the_others_out(app) {
        let contact = app.contact(village(1)).await;
        let with = |field: &str, value: Value| {
            let mut check = well(2, MORNING);
            check[field] = value;
            check
        };
        let typed = with("household", json!("two"));
        let odd = with("answers", json!({ "residents": [{ "resident": 3, "temperature": "hot" }] }));
        let sent = vec![
            well(1, MORNING),
            typed.clone(),
            with("id", json!("no id")),
            odd,
            with("outcome", json!("perfect")),
            with("answer", json!({})),
            json!(null),
            json!([1, "\u{1F600}"]),
            well(3, MORNING),
        ];
        let post = json!({ "checks": sent });
        let answer = contact.post_json("/api/v1/checks", &post).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let results = answer.json()["results"].as_array().unwrap().clone();
        let words: Vec<_> = results.iter().map(|result| result["result"].as_str().unwrap()).collect();
        assert_eq!(words, [&["stored"][..], &["refused"; 7], &["stored"]].concat());
        assert!(results[1..8].iter().all(|result| result["key"] == "check-unreadable"), "{}", answer.text);
        assert_eq!(results[1]["id"], typed["id"], "who sent it finds it again");
        assert_eq!((&results[2]["id"], &results[6]["id"]), (&Value::Null, &Value::Null));
        let detail = results[3]["detail"].as_str().unwrap();
        assert!(detail.starts_with("answers.residents[0].temperature: invalid type"), "{detail}");
        assert!(results[1]["message"].as_str().unwrap().contains("没有保存"), "{}", answer.text);
        assert!(results[0].get("detail").is_none());
        assert_eq!(figure(app, DONE).await, 2);
        // Put right, with the same id, it is stored; the others are known.
        let again = vec![well(2, MORNING), sent[0].clone(), sent[1].clone(), sent[8].clone()];
        let mut again = again;
        again[0]["id"] = typed["id"].clone();
        assert_eq!(enter(&contact, again).await, ["stored", "repeated", "check-unreadable", "repeated"]);
        assert_eq!(enter(&contact, vec![json!(7)]).await, ["check-unreadable"]);
    }

    async fn what_no_engine_can_store_does_not_keep_the_others_out(app) {
        let contact = app.contact(village(1)).await;
        let visitor = |household, name: &str| {
            detailed(household, MORNING, json!({ "visitors": [{ "name": name, "from": "临汾" }] }))
        };
        let at = |at: i64| well(2, Moment(at));
        let far = |field: &str, value: i64| {
            let mut check = well(2, MORNING);
            check[field] = json!(value);
            check
        };
        let mut sent = vec![visitor(1, "来\0客"), visitor(3, "来客")];
        for extreme in [i64::MIN, i64::MAX] {
            sent.extend([at(extreme), far("household", extreme), far("town", extreme), far("checked_by", extreme)]);
        }
        let told = enter(&contact, sent).await;
        assert_eq!(told[..2], ["check-unreadable", "stored"]);
        assert!(told[2..].iter().all(|word| word.starts_with("check-")), "{told:?}");
    }
}
