//! Proposals: confirmed as they were shown, or refused.

use super::*;
use crate::testing::on_both_engines;

/// The plan that a page offers to confirm.
fn digest(page: &str) -> String {
    let part = page.split("name=\"plan\" value=\"").nth(1).unwrap_or_else(|| panic!("no plan: {page}"));
    part.split('"').next().unwrap_or_default().to_owned()
}

async fn free(app: &TestApp, cadre: &Asker<'_>, households: std::ops::RangeInclusive<i64>) {
    let picks: Vec<String> = households.map(|household| home(household, Some(1))).collect();
    let freed = give(cadre, group(1, 1), &picks, "none", app.today()).await;
    assert_eq!(freed.status, StatusCode::SEE_OTHER, "{}", freed.text);
}

on_both_engines! {
    async fn a_proposal_is_confirmed_as_it_was_shown(app) {
        let cadre = app.village_cadre(village(1)).await;
        free(app, &cadre, 2..=3).await;
        let path = format!("{}/proposal", street_path(group(1, 1)));
        let page = cadre.get(&path).await.text;
        assert!(page.contains("户主2 2号、户主3 3号") && page.contains("包户1"), "{page}");
        let (plan, from) = (digest(&page), app.today().to_string());
        let done = cadre.post(&path, &[("plan", &plan), ("most", ""), ("from", &from)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
        assert_eq!(answers(app, 3, app.today()).await[0], "包户1");
        assert!(cadre.get(&street_path(group(1, 1))).await.text.contains("家家有人包"));
    }

    async fn a_proposal_that_changed_meanwhile_is_refused_and_shown_anew(app) {
        let cadre = app.village_cadre(village(1)).await;
        free(app, &cadre, 2..=3).await;
        let path = format!("{}/proposal", street_path(group(1, 1)));
        let plan = digest(&cadre.get(&path).await.text);
        give(&cadre, group(1, 1), &[home(2, None)], "2", app.today()).await;
        let from = app.today().to_string();
        let refused = cadre.post(&path, &[("plan", &plan), ("most", ""), ("from", &from)]).await;
        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert!(refused.text.contains("请看新方案再定"), "{}", refused.text);
        assert_ne!(digest(&refused.text), plan);
        assert_eq!(answers(app, 3, app.today()).await[0], "-");
    }

    async fn nobody_is_proposed_beyond_the_number_asked_for(app) {
        let cadre = app.village_cadre(village(1)).await;
        free(app, &cadre, 1..=3).await;
        let path = format!("{}/proposal", street_path(group(1, 1)));
        // The contact of the other group is of the same branch and has three already.
        let page = cadre.get(&format!("{path}?most=2")).await.text;
        assert!(page.contains("还有 1 户配不上人") && !page.contains("包户2"), "{page}");
        for wrong in ["0", "41", "x"] {
            let page = cadre.get(&format!("{path}?most={wrong}")).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(page.text.contains("请写 1 到上限之间的户数"));
        }
    }
}
