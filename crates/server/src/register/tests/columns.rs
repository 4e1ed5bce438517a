//! Columns that were not recognised, or wrongly, are told by hand, and remembered.

use axum::http::StatusCode;

use super::import::{confirm, count, outcomes, upload};
use super::location;
use crate::testing::{Asker, on_both_engines, village};

/// No column is called as the program knows it.
const STRANGE: &str = "东街村摸底,,,,\n\
    门户,称呼啥,和当家的,打哪个号,备用\n\
    88号,王建国,户主,12900000412,甲\n\
    88号,李秀英,妻,,乙\n";

const TOLD: [(&str, &str); 5] = [
    ("column", "0.house"),
    ("column", "1.name"),
    ("column", "2.relation"),
    ("column", "3.phone"),
    ("column", "4."),
];

/// A form with these columns and a village besides.
fn said_in<'a>(columns: &[(&'a str, &'a str)], village: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut form = columns.to_vec();
    form.push(("village", village));
    form
}

async fn uploaded(who: &Asker<'_>, file: &[u8], village: &str) -> String {
    let answer = upload(who, file, village).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    location(&answer)
}

on_both_engines! {
    async fn a_list_of_which_no_column_is_known_is_told_what_they_mean(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (code, path) = (village(1).code(), uploaded(&cadre, STRANGE.as_bytes(), "").await);
        let columns = format!("{path}/columns");
        assert_eq!(location(&cadre.get(&path).await), columns);
        // With its header, first values and a masked number; without the way back to rows there are not.
        let page = cadre.get(&columns).await;
        assert_eq!(page.status, StatusCode::OK);
        for told in ["还读不出这份名单", "找不到姓名这一列", "B 列 <b>称呼啥</b>", "王建国、李秀英", "129*******2"] {
            assert!(page.text.contains(told), "{told}: {}", page.text);
        }
        assert!(!page.text.contains("12900000412") && !page.text.contains("回到核对"), "{}", page.text);
        // A meaning that stands twice, none that tells a household, and no village: each is a message.
        for (form, fault) in [
            (said_in(&[("column", "0.name"), ("column", "1.name")], &code), "有两列都选了“姓名”"),
            (said_in(&[("column", "1.name")], &code), "看不出谁和谁是一户"),
            (TOLD.to_vec(), "请选是哪个村的"),
        ] {
            let answer = cadre.post(&columns, &form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fault}");
            assert!(answer.text.contains(fault), "{fault}: {}", answer.text);
            assert!(answer.text.contains("value=\"1.name\" selected"), "what was chosen stays: {}", answer.text);
        }
        assert_eq!(count(app, "register_layout").await, 0);
        assert_eq!(location(&cadre.post(&columns, &said_in(&TOLD, &code)).await), path);
        let page = cadre.get(&path).await.text;
        // They stand in no team area: a reason of its own.
        assert_eq!(outcomes(&page), [0, 0, 0, 2], "{page}");
        assert_eq!(count(app, "audit_entry WHERE action = 'register.columns'").await, 1);
    }

    async fn the_next_list_of_the_same_header_is_read_as_the_last_until_that_is_forgotten(app) {
        let cadre = app.village_cadre(village(1)).await;
        let code = village(1).code();
        let list = STRANGE.replace(",备用", ",组 ").replace(",甲", ",一组").replace(",乙", ",一组");
        let path = uploaded(&cadre, list.as_bytes(), &code).await;
        assert_eq!(location(&cadre.post(&format!("{path}/columns"), &said_in(&[&TOLD[..4], &[("column", "4.group")]].concat(), &code)).await), path);
        // Somebody else of the town, other people, a longer title, words with marks around them.
        let other = app.village_cadre(village(1)).await;
        let next = list.replace("门户", "门 户*").replace("东街村摸底", "标题\n东街村").replace("王建国", "张三");
        let path = uploaded(&other, next.as_bytes(), &code).await;
        let page = other.get(&path).await.text;
        assert!(page.contains("以前改过各列是什么") && page.contains("不照以前的"), "{page}");
        assert!(other.get(&format!("{path}/columns")).await.text.contains("以前改过各列是什么"));
        assert_eq!(location(&other.post(&format!("{path}/columns/forget"), &[]).await), path);
        assert_eq!(location(&other.get(&path).await), format!("{path}/columns"));
        assert_eq!(count(app, "register_layout").await, 0);
        assert_eq!(count(app, "audit_entry WHERE action = 'register.forget-columns'").await, 1);
        let path = uploaded(&cadre, list.as_bytes(), &code).await;
        assert_eq!(location(&cadre.get(&path).await), format!("{path}/columns"));
    }

    async fn a_column_that_was_read_wrongly_is_put_right_and_taken(app) {
        let cadre = app.village_cadre(village(1)).await;
        let list = "户号,姓名,与户主关系,备注,村,组\n1,王建国,户主,88号,东街村,一组\n1,李秀英,妻,88号,东街村,一组\n";
        let path = uploaded(&cadre, list.as_bytes(), "").await;
        let columns = format!("{path}/columns");
        let page = cadre.get(&path).await.text;
        assert!(page.contains(&columns), "{page}");
        let own = ["0.number", "1.name", "2.relation", "3.tags", "4.village", "5.group"].map(|one| ("column", one));
        // What the program reads by itself is nothing to remember.
        assert_eq!(location(&cadre.post(&columns, &own).await), path);
        assert_eq!(count(app, "register_layout").await, 0);
        let mut said = own;
        said[3].1 = "3.house";
        assert_eq!(location(&cadre.post(&columns, &said).await), path);
        assert_eq!(count(app, "register_layout").await, 1);
        let page = cadre.get(&path).await.text;
        assert_eq!(outcomes(&page), [2, 0, 0, 0], "{page}");
        assert!(page.contains("88号") && !page.contains("以前改过"), "{page}");
        // Said otherwise once more, and back.
        assert_eq!(location(&cadre.post(&columns, &own).await), path);
        assert_eq!(count(app, "register_layout").await, 0);
        assert_eq!(location(&cadre.post(&columns, &said).await), path);
        let page = cadre.get(&path).await.text;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let one = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!((&one["head"], &one["house_number"]), (&"王建国".into(), &"88号".into()));
        // What was imported is read no other way.
        assert_eq!(cadre.get(&columns).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cadre.post(&columns, &own).await.status, StatusCode::NOT_FOUND);
    }

    async fn another_line_is_the_header(app) {
        let cadre = app.village_cadre(village(1)).await;
        // Of two lines that may be the header the program takes the first.
        let list = "姓名,门牌号,组,编\n样子：,1号,一组,\n大名,门号1,街1,号1\n王建国,88号,一组,1\n李秀英,88号,一组,1\n";
        let path = uploaded(&cadre, list.as_bytes(), &village(1).code()).await;
        let columns = format!("{path}/columns");
        let page = cadre.get(&format!("{columns}?head=0.2.3")).await.text;
        assert!(page.contains("第 3 行 大名、门号1、街1、号1") && page.contains("A 列 <b>大名</b>"), "{page}");
        let code = village(1).code();
        let form = [
            ("head", "0.2.3"), ("village", code.as_str()), ("column", "0.name"), ("column", "1.house"),
            ("column", "2.group"), ("column", "3.number"),
        ];
        assert_eq!(location(&cadre.post(&columns, &form).await), path);
        assert_eq!(outcomes(&cadre.get(&path).await.text), [2, 0, 0, 0]);
        let next = list.replace("王建国", "张三").replace("姓名,门牌号", "大名,门牌号");
        let path = uploaded(&cadre, next.as_bytes(), &code).await;
        assert_eq!(outcomes(&cadre.get(&path).await.text), [2, 0, 0, 0], "the line is found again");
    }

    async fn one_of_several_sheets_is_read(app) {
        let cadre = app.village_cadre(village(1)).await;
        let file = include_bytes!("../../../tests/workbooks/streets.xlsx");
        let path = uploaded(&cadre, file, &village(1).code()).await;
        let columns = format!("{path}/columns");
        assert_eq!(outcomes(&cadre.get(&path).await.text), [6, 0, 0, 0]);
        let page = cadre.get(&format!("{columns}?sheet=1")).await.text;
        assert!(page.contains("name=\"sheet\" value=\"1\" checked") && page.contains("name=\"sheet\" value=\"0\">"), "{page}");
        let code = village(1).code();
        let kept = page.split("selected>").skip(1).count();
        assert!(kept > 6, "{page}");
        let form = [
            ("sheet", "1"), ("village", code.as_str()), ("column", "0.number"), ("column", "1.house"),
            ("column", "2.name"), ("column", "3.relation"), ("column", "4.sex"), ("column", "5.birth"), ("column", "6.phone"),
        ];
        assert_eq!(location(&cadre.post(&columns, &form).await), path);
        let page = cadre.get(&path).await.text;
        let [new, ..] = outcomes(&page);
        assert!((1..6).contains(&new), "{page}");
        assert_eq!(count(app, "register_layout").await, 0, "sheets are of this list alone");
    }

    async fn nobody_else_sees_or_turns_somebodys_columns(app) {
        let cadre = app.village_cadre(village(1)).await;
        let path = uploaded(&cadre, STRANGE.as_bytes(), "").await;
        let other = app.village_cadre(village(1)).await;
        for columns in [format!("{path}/columns"), format!("{path}/columns/forget")] {
            assert_eq!(other.post(&columns, &TOLD).await.status, StatusCode::NOT_FOUND);
        }
        assert_eq!(other.get(&format!("{path}/columns")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cadre.post(&format!("{path}/discard"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(cadre.get(&format!("{path}/columns")).await.status, StatusCode::NOT_FOUND);
    }
}
