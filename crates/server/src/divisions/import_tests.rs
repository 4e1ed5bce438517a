//! The import of divisions, on both engines.

use base::{Day, Division};
use db::{Db, on_both};

use super::store::{Sought, children, end, search};
use super::{Plan, Reason, Terms, always, compare, last, on_day, read, write};

fn division(code: &str) -> Division {
    Division::from_code(code).unwrap()
}

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

/// Imports a text; what does not fit is left out.
async fn import(db: &Db, text: &str, renames_from: Option<&str>) -> Plan {
    let terms = Terms { from: always(), renames_from: renames_from.map(day) };
    let mut tx = db.write().await.unwrap();
    let plan = compare(&mut tx, read(text.as_bytes()).unwrap(), terms, |_| ()).await.unwrap();
    write(&mut tx, &plan, terms, |_| ()).await.unwrap();
    tx.commit().await.unwrap();
    plan
}

fn reasons(plan: &Plan) -> Vec<(u64, Reason)> {
    plan.unfit.iter().map(|row| (row.line, row.reason.clone())).collect()
}

async fn name_on(db: &Db, code: &str, on: &str) -> Option<String> {
    let mut tx = db.read().await.unwrap();
    on_day(&mut tx, division(code), day(on)).await.unwrap().map(|row| row.name)
}

async fn found(db: &Db, root: &str, typed: &str) -> Vec<String> {
    let root = Division::from_code(root).unwrap_or(Division::COUNTRY);
    let mut tx = db.read().await.unwrap();
    let rows = search(&mut tx, root, &Sought::typed(typed).unwrap(), day("2020-02-03")).await.unwrap();
    rows.into_iter().map(|row| row.name).collect()
}

const BELOW: &str = "14,山西省\n1410,临汾市\n141023,襄汾县\n";

on_both! {
    async fn the_built_in_town_imports_whole_and_twice_gives_the_same(db) {
        let first = import(db, sim::XIANGLING, None).await;
        assert_eq!(first.to_string(), "new 33, renamed 0, unchanged 0, left out 0");
        let second = import(db, sim::XIANGLING, None).await;
        assert_eq!(second.to_string(), "new 0, renamed 0, unchanged 33, left out 0");
        assert_eq!(name_on(db, "141023105203", "2020-02-03").await.as_deref(), Some("北街村民委员会"));
    }

    async fn every_row_that_does_not_fit_is_told_with_its_line(db) {
        let text = "code,name\n14,山西省\n1410,临汾市\n141023105,襄陵镇\n141023105200,井头\n14,山西\n999,错\n";
        let plan = import(db, text, None).await;
        let orphan = |above: &str| Reason::Orphan(above.to_owned());
        assert_eq!(reasons(&plan), [
            (4, orphan("141023")),
            (5, orphan("141023105")),
            (6, Reason::Duplicate(2)),
            (7, Reason::Code),
        ]);
        assert_eq!((plan.new.len(), plan.rows()), (2, 6));
    }

    async fn rows_may_come_in_any_order_and_below_what_the_register_has(db) {
        import(db, "1410,临汾市\n14,山西省\n", None).await;
        let plan = import(db, "141023105,襄陵镇\n141023,襄汾县\n", None).await;
        assert_eq!(plan.to_string(), "new 2, renamed 0, unchanged 0, left out 0");
    }

    async fn a_changed_name_is_a_rename_only_when_asked(db) {
        import(db, BELOW, None).await;
        let changed = BELOW.replace("襄汾县", "襄汾区");
        let told = import(db, &changed, None).await;
        assert_eq!(reasons(&told), [(3, Reason::Renamed("襄汾县".to_owned()))]);
        assert_eq!(name_on(db, "141023", "2022-01-01").await.as_deref(), Some("襄汾县"));
        let renamed = import(db, &changed, Some("2021-06-01")).await;
        assert_eq!(renamed.to_string(), "new 0, renamed 1, unchanged 2, left out 0");
        assert_eq!(name_on(db, "141023", "2021-05-31").await.as_deref(), Some("襄汾县"));
        assert_eq!(name_on(db, "141023", "2021-06-01").await.as_deref(), Some("襄汾区"));
        let again = import(db, &changed, Some("2021-06-01")).await;
        assert_eq!(again.to_string(), "new 0, renamed 0, unchanged 3, left out 0");
        let early = import(db, BELOW, Some("2021-06-01")).await;
        assert_eq!(reasons(&early), [(3, Reason::TooEarly(day("2021-06-01")))]);
    }

    async fn what_hangs_below_a_changed_name_is_no_orphan(db) {
        import(db, BELOW, None).await;
        let text = BELOW.replace("襄汾县", "襄汾区") + "141023105,襄陵镇\n";
        let plan = import(db, &text, None).await;
        assert_eq!((plan.new.len(), plan.unfit.len()), (1, 1));
    }

    async fn a_closed_division_does_not_come_back_unseen(db) {
        import(db, sim::XIANGLING, None).await;
        let mut tx = db.write().await.unwrap();
        let village = division("141023105203");
        end(&mut tx, village, day("2021-03-01"), None).await.unwrap();
        tx.commit().await.unwrap();
        let plan = import(db, sim::XIANGLING, None).await;
        assert_eq!(reasons(&plan), [(9, Reason::Closed(day("2021-03-01")))]);
        let mut tx = db.read().await.unwrap();
        assert_eq!(last(&mut tx, village).await.unwrap().unwrap().until_day, 20_210_301);
    }

    async fn towns_of_a_prefecture_without_counties_stand_right_below_it(db) {
        let plan = import(db, "44,广东省\n4419,东莞市\n441900101,石碣镇\n441900101200,唐洪村\n", None).await;
        assert_eq!(plan.to_string(), "new 4, renamed 0, unchanged 0, left out 0");
        let mut tx = db.read().await.unwrap();
        let below = children(&mut tx, division("4419"), day("2020-02-03"), 0, 10).await.unwrap();
        assert_eq!(below.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["石碣镇"]);
    }

    async fn a_search_finds_by_name_initials_and_code_within_its_root(db) {
        import(db, &format!("{}11,北京市\n1101,市辖区\n", sim::XIANGLING), None).await;
        assert_eq!(found(db, "141023105", "bj").await, ["北街村民委员会"]);
        assert_eq!(found(db, "", "bj").await, ["北京市", "北街村民委员会"]);
        assert_eq!(found(db, "141023105", "ＢＪＣ").await, ["北街村民委员会"]);
        // What begins with it comes before what only holds it.
        assert_eq!(found(db, "141023105", "太柴").await, ["南太柴村民委员会", "北太柴村民委员会"]);
        assert_eq!(found(db, "141023105", "南").await[..2], ["南街村民委员会", "南柴村民委员会"]);
        assert_eq!(found(db, "", "141023105203").await, ["北街村民委员会"]);
        assert_eq!(found(db, "11", "北街").await, [] as [String; 0]);
    }
}
