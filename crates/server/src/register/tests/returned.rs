//! What is rejected comes back, is put right and brought again.

use axum::http::StatusCode;
use office::{Book, Cell, Column, Kind, Limits, Sheet, Table};

use super::import::{confirm, outcomes, preview, upload};
use super::location;
use crate::testing::{Asker, MORNING, on_both_engines, village};

/// A list without household numbers: whoever follows a head lives with him. One line has no name, one
/// village is unknown.
const LIST: &str = "登记表,,,,,,\n\
    与户主关系,姓名,电话 ,村,组,门牌号,谁填的\n\
    户主,王建国,１２９０００００４１２,东街村,一组,88号,老李\n\
    妻,,,,,,=老李\n\
    户主,张三,,东街村,二组,90号,老李\n\
    户主,赵六,,西街,一组,91号,老张\n";

/// The rows that come back, read as a table.
async fn returned(who: &Asker<'_>, path: &str) -> Table {
    let answer = who.get(&format!("{path}/rejected")).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    Table::read(&answer.bytes, &Limits::default()).unwrap()
}

/// A table as somebody saves it again.
fn saved(table: &Table) -> Vec<u8> {
    let columns = table.head.columns.iter().map(|word| Column::new(word.as_str(), Kind::Text)).collect();
    let name = table.head.sheet.clone().unwrap();
    let mut sheet = Book::new(MORNING).open(&Sheet::new(name, columns).title("改好了")).unwrap();
    let cells = |cells: &Vec<String>| cells.iter().map(|cell| Cell::from(cell.as_str())).collect::<Vec<_>>();
    sheet.rows(table.rows.iter().map(|row| cells(&row.cells))).unwrap();
    let mut file = Vec::new();
    sheet.finish().unwrap().save(&mut file).unwrap();
    file
}

on_both_engines! {
    async fn what_is_rejected_is_put_right_and_taken(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, LIST).await;
        assert_eq!(outcomes(&page), [2, 0, 0, 2], "{page}");
        assert!(page.contains("下载不能导的 2 行"), "{page}");
        let before = returned(&cadre, &path).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        assert!(page.contains("下载没导入的行") && page.contains(&format!("{path}/rejected")), "{page}");
        let mut back = returned(&cadre, &path).await;
        assert_eq!(back, before);
        // The words and cells are the file's; the family of who has no name stands with her.
        assert_eq!(back.head.columns, ["与户主关系", "姓名", "电话", "村", "组", "门牌号", "谁填的", "不能导的原因"]);
        let texts: Vec<_> = back.rows.iter().map(|row| row.cells.join("|")).collect();
        assert_eq!(texts, [
            "户主|王建国|１２９０００００４１２|东街村|一组|88号|老李|这行没有问题，和要改的人是一户，一起放在这里",
            "妻||||||=老李|没有姓名。空户请在备注写“空户”。",
            "户主|赵六||西街|一组|91号|老张|没有“西街”这个村、组，或不归您管",
        ]);
        back.rows[1].cells[1] = "李秀英".to_owned();
        back.rows[2].cells[3] = "东街".to_owned();
        let path = location(&upload(&cadre, &saved(&back), "").await);
        let page = cadre.get(&path).await.text;
        assert_eq!(outcomes(&page), [2, 1, 0, 0], "{page}");
        assert!(page.contains("谁填的") && !page.contains("不能导的原因"), "{page}");
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let household = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!(household["residents"][1]["name"], "李秀英");
        assert_eq!(cadre.get(&format!("{path}/rejected")).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_is_left_in_doubt_comes_back_with_its_reason_and_its_household(app) {
        let cadre = app.village_cadre(village(1)).await;
        let list = "与户主关系,姓名,性别,村,组,门牌号\n户主,王建国,公,东街村,一组,88号\n\
            妻,李秀英,女,东街村,一组,88号\n户主,张三,男,东街村,二组,90号\n";
        let (path, page) = preview(&cadre, list).await;
        assert_eq!(outcomes(&page), [2, 0, 1, 0], "{page}");
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let page = cadre.get(&path).await.text;
        assert!(page.contains("共 2 行") && page.contains("下载没导入的行"), "{page}");
        let rows = returned(&cadre, &path).await.rows;
        let told: Vec<_> = rows.iter().map(|row| (row.cells[1].as_str(), row.cells[6].as_str())).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].0 == "王建国" && told[0].1.contains("公"), "{told:?}");
        assert_eq!(told[1], ("李秀英", "没有查出问题，可以导入"));
        // With the doubts nothing is left.
        let (path, page) = preview(&cadre, list).await;
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!(cadre.get(&format!("{path}/rejected")).await.status, StatusCode::NOT_FOUND);
    }

    async fn rows_of_several_sheets_come_back_in_their_sheets(app) {
        // Each street numbers its households from one, in merged cells; the village is not said.
        let cadre = app.village_cadre(village(2)).await;
        let file = include_bytes!("../../../tests/workbooks/streets.xlsx");
        let path = location(&upload(&cadre, file, &village(1).code()).await);
        let page = cadre.get(&path).await.text;
        assert_eq!(outcomes(&page), [0, 0, 0, 6], "{page}");
        let answer = cadre.get(&format!("{path}/rejected")).await;
        let there = app.village_cadre(village(1)).await;
        let path = location(&upload(&there, &answer.bytes, &village(1).code()).await);
        let page = there.get(&path).await.text;
        assert_eq!(outcomes(&page), [6, 0, 0, 0], "{page}");
        assert_eq!(confirm(&there, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let one = there.get("/api/v1/households/141023105/13").await.json();
        assert_eq!((&one["head"], &one["house_number"], &one["phone"]), (&"赵一".into(), &"41号".into(), &"129****0441".into()));
        let sql = "SELECT COUNT(*) FROM household";
        let mut tx = app.test.db.read().await.unwrap();
        let households: i64 = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        assert_eq!(households, 12 + 3);
    }

    async fn another_list_takes_the_place_of_what_came_back_and_nobody_else_has_it(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, LIST).await;
        confirm(&cadre, &path, &page, "false").await;
        let file = format!("{path}/rejected");
        assert_eq!(app.headquarters().await.get(&file).await.status, StatusCode::NOT_FOUND);
        preview(&cadre, LIST).await;
        assert_eq!(cadre.get(&file).await.status, StatusCode::NOT_FOUND);
        let page = cadre.get(&path).await.text;
        assert!(page.contains("导入好了") && !page.contains("下载没导入的行"), "{page}");
    }
}
