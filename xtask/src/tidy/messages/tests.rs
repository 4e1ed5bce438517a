use super::*;

fn complaints(first: &str, other: &str, code: &str) -> Vec<String> {
    let tree = Tree::sample(&[
        ("locales/zh-Hans/rounds.ftl", first),
        ("locales/en/rounds.ftl", other),
        ("crates/server/src/rounds/pages.rs", code),
        ("crates/server/src/rounds/day.html", "<h1>{{ t.say(\"rounds-title\") }}</h1>"),
    ]);
    rule(&tree).iter().map(|complaint| complaint.text.clone()).collect()
}

const CODE: &str = "fn f() { fl!(l, \"rounds-left\", n = 1); format!(\"role-{role}\") }";
const FIRST_TEXT: &str = "rounds-title = 今天\nrounds-left = 还有 { $n } 户\nrole-guard = 卡点\n";

#[test]
fn equal_keys_that_are_all_used_pass() {
    let other = "rounds-title = Today\nrounds-left = { NUMBER($n) } left\nrole-guard = Guard\n";
    assert_eq!(complaints(FIRST_TEXT, other, CODE), Vec::<String>::new());
}

#[test]
fn a_key_missing_in_one_language_is_named() {
    let other = "rounds-title = Today\nrounds-left = { $n } left\nrounds-more = More\n";
    let found = complaints(FIRST_TEXT, other, CODE);
    assert_eq!(
        found,
        ["the key `role-guard` is missing in en", "the key `rounds-more` is missing in zh-Hans"]
    );
}

#[test]
fn a_variable_that_one_language_lacks_is_named() {
    let other = "rounds-title = Today\nrounds-left = { $count } left\nrole-guard = Guard\n";
    assert_eq!(complaints(FIRST_TEXT, other, CODE), ["`rounds-left` takes other variables in en"]);
}

#[test]
fn a_key_used_nowhere_is_named_but_not_one_that_another_message_calls() {
    let text = format!("{FIRST_TEXT}unit = 户\nrounds-all = 全部 {{ unit }}\n");
    assert_eq!(complaints(&text, &text, CODE), ["the key `rounds-all` is used nowhere"]);
}

#[test]
fn a_key_written_twice_and_text_that_is_no_message_are_named() {
    let found =
        complaints("rounds-title = a\nrounds-title = b\n", "rounds-title = a\nthis is no message\n", "");
    assert!(found.iter().any(|text| text.contains("second time")), "{found:?}");
    assert!(found.iter().any(|text| text.contains("not Fluent")), "{found:?}");
}
