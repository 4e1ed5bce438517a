//! A hand-over settled for tomorrow: today everything still names who answers today.

use super::*;
use crate::testing::{Asker, on_both_engines};

/// Everything that names a contact: the list, the household's own page, the first steps, and the
/// stewards who are still without an account.
async fn pages(app: &TestApp) -> [String; 4] {
    let headquarters = app.headquarters().await;
    let admin = app.person(Role::Administrator, TOWN()).await;
    let list = headquarters.get("/households").await.text;
    let row = list.split("<th scope=\"row\">").find(|row| row.contains(">户主1</a>")).expect("a row");
    let page = headquarters.get("/households/141023105/1").await.text;
    let steps = headquarters.get("/first-steps").await.text;
    [row.to_owned(), page, steps, admin.get("/accounts/stewards").await.text]
}

fn tomorrow(app: &TestApp) {
    app.clock.set(app.clock.now().plus_minutes(24 * 60));
}

/// A steward of the first village who takes a household over tomorrow.
async fn coming(app: &TestApp, cadre: &Asker<'_>) -> i64 {
    let coming = add(cadre, "接班人", group(1, 1)).await;
    let day = app.today().plus(1);
    let given = give(cadre, group(1, 1), &[home(1, Some(1))], &coming.to_string(), day).await;
    assert_eq!(given.status, StatusCode::SEE_OTHER, "{}", given.text);
    coming
}

on_both_engines! {
    async fn a_hand_over_of_tomorrow_changes_nothing_today(app) {
        let cadre = app.village_cadre(village(1)).await;
        coming(app, &cadre).await;
        give(&cadre, group(1, 1), &[home(2, Some(1))], "none", app.today().plus(1)).await;
        let [row, page, steps, accounts] = pages(app).await;
        for text in [&row, &page] {
            assert!(text.contains("包户1") && !text.contains("接班人"), "{text}");
        }
        assert!(steps.contains("12 户里，12 户有人包"), "{steps}");
        assert!(accounts.contains("还有 4 个包联人没有账号"), "{accounts}");
        tomorrow(app);
        let [row, page, steps, accounts] = pages(app).await;
        for text in [&row, &page] {
            assert!(!text.contains("包户1") && text.contains("接班人"), "{text}");
        }
        assert!(steps.contains("12 户里，11 户有人包"), "{steps}");
        assert!(accounts.contains("还有 5 个包联人没有账号"), "{accounts}");
    }

    async fn whoever_takes_over_tomorrow_is_not_taken_in_again_by_an_import(app) {
        let cadre = app.village_cadre(village(1)).await;
        let none = give(&cadre, group(1, 1), &[home(1, Some(1))], "none", app.today()).await;
        assert_eq!(none.status, StatusCode::SEE_OTHER, "{}", none.text);
        let coming = add(&cadre, "接班人", group(1, 1)).await.to_string();
        give(&cadre, group(1, 1), &[home(1, None)], &coming, app.today().plus(1)).await;
        let mut tx = app.test.db.read().await.unwrap();
        let known = crate::register::known(&mut tx, TOWN(), app.today()).await.unwrap();
        assert_eq!(known.households[0].contact.map(|id| id.to_string()), Some(coming));
    }

    async fn a_household_that_closes_is_handed_to_nobody_tomorrow(app) {
        let cadre = app.village_cadre(village(1)).await;
        coming(app, &cadre).await;
        let form = [("occupancy", "closed"), ("from", "2020-02-03"), ("division", "")];
        let closed = cadre.post("/households/141023105/1/turn", &form).await;
        assert_eq!(closed.status, StatusCode::SEE_OTHER, "{}", closed.text);
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM stewardship WHERE level = 'household' AND node = 1 \
                   AND (until_day IS NULL OR (until_day > 20200203 AND until_day > from_day))";
        let held: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!(held, 0);
    }
}
