//! The register from the program to a workbook and back.

use axum::http::StatusCode;
use base::Role;
use office::{Limits, Table};

use super::import::{confirm, rows, upload};
use super::{IDENTITY, PHONE, location};
use crate::testing::{Answer, Asker, TOWN, TestApp, on_both_engines, village};
use crate::vault::MOST_LISTS;

/// People of every kind, as a list brings them in.
fn varied() -> String {
    "户号,户主,与户主关系,姓名,性别,出生日期,身份证号,电话,户联系电话,村,组,门牌号,现住址,户籍,在家外出,外出地点,外出时间,备注,包户人\n\
     1,王建国,户主,王建国,男,1962-03-05,,PHONE,03573620001,东街村,一组,88号,=SUM(A1:A9),本村,在家,,,独居老人、低保户,包户1\n\
     1,王建国,妻,李秀英,女,,IDENTITY,,,东街村,一组,88号,,本村,在家,,,,\n\
     1,王建国,子,+王小兵,男,1989-07-01,,,,东街村,一组,88号,,本村,外出,太原市,2020-01-20,,\n\
     2,张三,户主,张三,男,,,12900000413,,东街村,二组,-90号,@老院,外来,外出,临汾,,有租户,\n\
     3,赵六,,,,,,,,东街村,二组,91号,,,,,,空户,\n\
     4,钱一,户主,钱一,女,1975-12-31,,,,北街村,一组,3号附1,,本村,在家,,,慢性病,包户3\n\
     4,钱一,租住,孙二,,,,,,北街村,一组,3号附1,,外来,在家,,,,\n"
        .replace("IDENTITY", IDENTITY)
        .replace("PHONE", PHONE)
}

async fn settle(app: &TestApp) -> Asker<'_> {
    let headquarters = app.headquarters().await;
    take_in(&headquarters, varied().as_bytes()).await;
    headquarters
}

/// Uploads a list and takes all that is new in it.
async fn take_in(who: &Asker<'_>, file: &[u8]) {
    let path = location(&upload(who, file, "").await);
    let page = who.get(&path).await.text;
    assert_eq!([rows(&page, "有疑问"), rows(&page, "不能导")], [0, 0], "{page}");
    assert_eq!(confirm(who, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
}

async fn export(who: &Asker<'_>, under: &str) -> Answer {
    who.post("/households/export", &[("under", under), ("purpose", "正月里 上门核对")]).await
}

async fn exported(who: &Asker<'_>, under: &str) -> Vec<u8> {
    let answer = export(who, under).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.bytes
}

fn table(file: &[u8]) -> Table {
    Table::read(file, &Limits::default()).unwrap()
}

/// The rows without the household's number, which is another in another register.
fn people(file: &[u8]) -> Vec<Vec<String>> {
    let table = table(file);
    let number = table.head.columns.iter().position(|word| word == "户号").unwrap();
    let people = table.rows.into_iter().map(|mut row| {
        row.cells.remove(number);
        row.cells
    });
    people.collect()
}

async fn run(app: &TestApp, sql: &'static str) {
    let mut tx = app.test.db.write().await.unwrap();
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

on_both_engines! {
    async fn what_is_exported_is_known_when_it_comes_back(app) {
        let headquarters = settle(app).await;
        let file = exported(&headquarters, "").await;
        let path = location(&upload(&headquarters, &file, "").await);
        let page = headquarters.get(&path).await.text;
        let outcomes = ["新增", "有变化", "有疑问", "不能导"].map(|word| rows(&page, word));
        assert_eq!((rows(&page, "已有"), outcomes), (24 + 7, [0; 4]), "{page}");
        assert!(!page.contains("这些列没用上") && !page.contains("没有读"), "{page}");
    }

    async fn what_is_exported_makes_the_same_register_elsewhere(app) {
        let headquarters = settle(app).await;
        let file = exported(&headquarters, "").await;
        for sql in ["DELETE FROM stewardship WHERE level = 'household'", "DELETE FROM resident", "DELETE FROM household_span", "DELETE FROM household"] {
            run(app, sql).await;
        }
        take_in(&headquarters, &file).await;
        let again = exported(&headquarters, "").await;
        assert_eq!(people(&again), people(&file));
    }

    async fn an_export_holds_whole_numbers_and_texts_and_no_formulas(app) {
        let headquarters = settle(app).await;
        let file = exported(&headquarters, "141023105200").await;
        let table = table(&file);
        assert_eq!(table.head.titles[0], "东街村 户册");
        let taken = &table.head.titles[1];
        assert!(taken.contains("headquarters") && taken.contains("用途：正月里 上门核对"), "{taken}");
        let found = |name: &str| {
            let row = table.rows.iter().find(|row| row.cells.iter().any(|cell| cell == name)).unwrap();
            table.head.columns.iter().cloned().zip(row.cells.clone()).collect::<std::collections::BTreeMap<_, _>>()
        };
        let (wife, son, lodger) = (found("李秀英"), found("+王小兵"), found("张三"));
        assert_eq!((&*wife["身份证号"], &*wife["出生日期"], &*wife["户联系电话"]), (IDENTITY, "1980-02-09", "03573620001"));
        assert_eq!((&*wife["标签"], &*wife["包户人"], &*wife["住址"]), ("独居老人、低保户", "包户1", "=SUM(A1:A9)"));
        assert_eq!((&*son["外出地点"], &*son["外出时间"], &*son["电话"]), ("太原市", "2020-01-20", ""));
        assert_eq!((&*lodger["户籍"], &*lodger["门牌号"], &*lodger["电话"]), ("外来", "-90号", "12900000413"));
    }

    async fn closed_households_and_other_places_are_left_out(app) {
        let headquarters = settle(app).await;
        let closed = [("occupancy", "closed"), ("from", "2020-02-03"), ("division", "141023105200001")];
        let turned = headquarters.post("/households/141023105/1/turn", &closed).await;
        assert_eq!(turned.status, StatusCode::SEE_OTHER);
        let villages = |file: &[u8]| {
            let rows = table(file).rows.into_iter();
            rows.map(|row| (row.cells[0].clone(), row.cells[1].clone())).collect::<std::collections::BTreeSet<_>>()
        };
        let street = exported(&headquarters, "141023105200001").await;
        assert_eq!(villages(&street), [("东街村".to_owned(), "一组".to_owned())].into());
        // Two other households of two, and the three who came; the first is closed.
        assert_eq!(table(&street).rows.len(), 4 + 3);
        // A village's cadre takes his village, and answers nothing of another.
        let cadre = app.village_cadre(village(2)).await;
        let own = exported(&cadre, "").await;
        assert!(villages(&own).iter().all(|(village, _)| village == "北街村"));
        assert_eq!(table(&own).head.titles[0], "北街村 户册");
        assert_eq!(export(&cadre, "141023105200").await.status, StatusCode::NOT_FOUND);
    }

    async fn an_export_says_what_for_and_is_written_down(app) {
        let headquarters = settle(app).await;
        let page = headquarters.get("/households?under=141023105200").await;
        assert!(page.text.contains("href=\"/households/export?under=141023105200\""), "{}", page.text);
        let none = headquarters.post("/households/export", &[("under", ""), ("purpose", " ")]).await;
        assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(none.text.contains("请写明用途"), "{}", none.text);
        exported(&headquarters, "141023105200").await;
        let auditor = app.person(Role::Auditor, TOWN()).await;
        let entries = auditor.get("/api/v1/audit?action=register.export").await.json();
        assert_eq!(entries["entries"].as_array().unwrap().len(), 1);
        let detail = serde_json::json!({ "under": "141023105200", "purpose": "正月里 上门核对", "households": 9,
            "residents": 12 + 4, "identities": 1, "phones": 4 });
        assert_eq!(entries["entries"][0]["detail"], detail);
        for _ in 1..MOST_LISTS {
            exported(&headquarters, "").await;
        }
        assert_eq!(export(&headquarters, "").await.status, StatusCode::TOO_MANY_REQUESTS);
    }

    async fn who_may_not_see_identity_numbers_exports_nothing(app) {
        for (role, place) in [(Role::StreetLead, village(1).child(1).unwrap()), (Role::Police, TOWN()), (Role::HealthCentre, TOWN())] {
            let who = app.person(role, place).await;
            assert_eq!(export(&who, "").await.status, StatusCode::FORBIDDEN, "{role}");
            assert!(!who.get("/households").await.text.contains("/households/export"), "{role}");
        }
    }
}
