use crate::accounts::import::Outcome;
use crate::web::{Language, Languages};

/// Messages whose keys are made or passed on at run time, which the compiler cannot check.
const KEYS: &[&str] = &[
    "account-division-ambiguous",
    "account-division-unknown",
    "account-last-role",
    "account-name-form",
    "account-own",
    "account-phone-form",
    "account-role-unknown",
    "account-state-arrived",
    "account-state-disabled",
    "account-state-paused",
    "account-state-waiting",
    "accounts-import-again",
    "accounts-import-no-division",
    "accounts-import-no-name",
    "accounts-import-no-role",
    "accounts-import-no-rows",
    "accounts-login-two-names",
    "accounts-stewards-none",
    "error-locked",
    "error-must-change",
    "login-form",
    "login-taken",
    "password-again-differs",
    "password-common",
    "password-current-wrong",
    "password-long",
    "password-short",
    "pin-easy",
    "pin-form",
    "place-accounts",
    "sign-in-wrong",
    "slip-form",
    "slip-spent",
    "unlock-ended",
    "unlock-wrong",
];

#[test]
fn every_message_told_at_run_time_exists() {
    let outcomes = [Outcome::New, Outcome::Joins, Outcome::Adds, Outcome::Unchanged].map(Outcome::key);
    for language in Language::ALL {
        let words = Languages::load().unwrap().of(language);
        for key in KEYS.iter().chain(&outcomes) {
            assert!(words.has(key), "{key} {language:?}");
        }
    }
}

#[test]
fn why_a_table_was_not_read_is_told_with_its_values() {
    let words = Languages::load().unwrap().of(Language::Simplified);
    let error = office::ReadError::CellTooLong { line: 7, column: 2, limit: 10 };
    assert_eq!(words.get_with(error.key(), &error.args()), "第 7 行 C 列的内容超过 10 字，请缩短。");
}
