//! The sealed chain, and what is found when somebody changes it in the database.

use super::*;
use crate::reports::{Fault, chain, verify};
use crate::testing::on_both_engines;

/// Three sealed days.
async fn three_sealed_days(app: &TestApp) {
    let office = Office::of(app).await;
    app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
    for day in ["2020-02-01", "2020-02-02", "2020-02-03"] {
        office.seal(&format!("/reports/141023105/{day}")).await;
    }
}

async fn faults(app: &TestApp) -> Vec<Fault> {
    let mut tx = app.test.db.read().await.unwrap();
    verify(&chain(&mut tx, TOWN()).await.unwrap())
}

on_both_engines! {
    async fn an_untouched_chain_holds_reports_and_corrections(app) {
        let office = Office::of(app).await;
        app.clock.set(MORNING.plus_minutes(TO_CUT_OFF));
        office.seal(PAGE).await;
        enter(&office.compiler, vec![well(1, MORNING)]).await;
        let page = office.compiler.get(PAGE).await.text;
        let (_, seen) = page.split_once("name=\"seen\" value=\"").unwrap();
        let form = [("why", "晚到"), ("seen", &seen[..64])];
        done(&office.compiler.post(&format!("{PAGE}/corrections"), &form).await);
        let mut tx = app.test.db.read().await.unwrap();
        let entries = chain(&mut tx, TOWN()).await.unwrap();
        let kinds: Vec<_> = entries.iter().map(|entry| entry.kind.as_str()).collect();
        assert_eq!(kinds, ["report", "correction"]);
        assert_eq!(verify(&entries), []);
    }

    async fn a_changed_figure_is_found(app) {
        three_sealed_days(app).await;
        assert_eq!(faults(app).await, []);
        tamper(app, "UPDATE report_seal SET body = REPLACE(body, '\"silent\":12', '\"silent\":11') WHERE sequence = 2").await;
        assert_eq!(faults(app).await, [Fault::Changed(2)]);
    }

    async fn a_removed_report_is_found(app) {
        three_sealed_days(app).await;
        tamper(app, "DELETE FROM report_seal WHERE sequence = 2").await;
        assert_eq!(faults(app).await, [Fault::Missing { expected: 2, found: 3 }, Fault::Unlinked(3)]);
    }

    async fn re_ordered_reports_are_found(app) {
        three_sealed_days(app).await;
        tamper(app, "UPDATE report_seal SET sequence = sequence + 10 WHERE sequence IN (2, 3)").await;
        tamper(app, "UPDATE report_seal SET sequence = 2 WHERE sequence = 13").await;
        tamper(app, "UPDATE report_seal SET sequence = 3 WHERE sequence = 12").await;
        let found = faults(app).await;
        for fault in [Fault::Unlinked(2), Fault::Mislabelled(2), Fault::Unlinked(3), Fault::Mislabelled(3)] {
            assert!(found.contains(&fault), "{found:?}");
        }
    }

    async fn a_report_moved_to_another_day_is_found(app) {
        three_sealed_days(app).await;
        tamper(app, "UPDATE report_seal SET day = 20200131 WHERE sequence = 1").await;
        assert_eq!(faults(app).await, [Fault::Mislabelled(1)]);
    }
}
