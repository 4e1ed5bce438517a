//! Every figure of a report opens to as many rows as it counts.

use super::*;
use crate::testing::{list_key_person, on_both_engines};

/// The figures of a page's tables that stand alone and open to a list: addresses and numbers.
fn figures_of(page: &str) -> Vec<(String, usize)> {
    let cell = |part: &str| {
        let (href, rest) = part.split_once("\">")?;
        let number = rest.split('<').next()?.replace(',', "");
        Some((href.replace("&amp;", "&").replace("&#38;", "&"), number.parse().ok()?))
    };
    page.split("<td class=\"num\"><a href=\"").skip(1).filter_map(cell).collect()
}

/// Opens every figure of a report's page; how many were opened.
async fn open_all(who: &Asker<'_>, page: &str) -> usize {
    let text = who.get(page).await.text;
    assert!(!text.contains("<td class=\"num\">0") && !text.contains("<td class=\"num\">1"), "{text}");
    let figures = figures_of(&text);
    for (href, number) in &figures {
        let list = who.get(href).await;
        assert_eq!(list.status, StatusCode::OK, "{href}");
        // What is expected of a village or the town opens to its coverage, not to one long list.
        if href.contains('?') {
            assert_eq!(list.text.matches("class=\"cell\"").count(), *number, "{href}");
        }
    }
    figures.len()
}

on_both_engines! {
    async fn every_figure_opens_to_as_many_rows_as_it_counts(app) {
        list_key_person(&app.test.db, 1, app.today()).await;
        list_key_person(&app.test.db, 13, app.today()).await;
        let office = Office::of(app).await;
        let headquarters = &office.compiler;
        let visitor = |household: i64, at: Moment| {
            let mut check = returned(household, at);
            check["answers"] = json!({ "visitors": [{ "name": "来客", "from": "临汾" }], "needs": ["food"] });
            check
        };
        let mut checks: Vec<Value> = [4, 5, 6, 10, 11, 12].map(|household| well(household, MORNING)).into();
        checks.extend([measured(1, MORNING, 38.2), measured(7, MORNING, 36.4), returned(2, MORNING)]);
        checks.extend([visitor(3, MORNING), unreachable(8, MORNING), returned(9, MORNING)]);
        enter(headquarters, checks).await;
        assert!(open_all(headquarters, PAGE).await > 40);
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        app.clock.set(evening());
        let evening_checks = vec![returned(5, evening()), well(8, evening()), measured(7, evening(), 38.5)];
        enter(headquarters, evening_checks).await;
        // What was sealed opens to what it counted, whatever the evening brought.
        assert!(open_all(headquarters, PAGE).await > 40);
        let next = MORNING.plus_minutes(DAY);
        app.clock.set(next);
        let mut checks: Vec<Value> = (1..=11).map(|household| well(household, next)).collect();
        checks.push(returned(12, next));
        enter(headquarters, checks).await;
        let page = "/reports/141023105/2020-02-04";
        let report = read(headquarters, &format!("/api/v1{page}")).await;
        let returnees = &report["content"]["total"]["returnees"];
        assert_eq!((&returnees["day"], &returnees["since"], &returnees["total"]), (&json!(1), &json!(2), &json!(4)));
        assert!(open_all(headquarters, page).await > 40);
    }
}
