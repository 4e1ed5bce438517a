//! Lists from file to register.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::Role;

use super::super::jobs::destroy_expired;
use super::{IDENTITY, add, location};
use crate::testing::{Answer, Asker, TOWN, TestApp, on_both_engines, village};

const HEADER: &str = "户号,户主,与户主关系,姓名,性别,出生日期,身份证号,联系电话,村,组,门牌号,是否本村,在家/外出,外出地点,备注,包户人";

pub async fn upload(who: &Asker<'_>, file: &[u8], village: &str) -> Answer {
    let mut body = b"--edge\r\nContent-Disposition: form-data; name=\"village\"\r\n\r\n".to_vec();
    body.extend_from_slice(village.as_bytes());
    body.extend_from_slice(
        b"\r\n--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n",
    );
    body.extend_from_slice(file);
    body.extend_from_slice(b"\r\n--edge--\r\n");
    let request = Request::post("/households/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    who.ask(request, Body::from(body)).await
}

pub fn list(rows: &[&str]) -> String {
    std::iter::once(HEADER).chain(rows.iter().copied()).collect::<Vec<_>>().join("\n")
}

/// A family of three, as villages write it.
pub fn family() -> String {
    list(&[
        "1,王建国,户主,王建国,男,1962-03-05,,12900000412,东街村,一组,88号,本村,在家,,独居、爱喝茶,包户1",
        "1,王建国,妻,李秀英,女,1980/2/9,IDENTITY,,东街村,一组,88号,本村,在家,,,",
        "1,王建国,子,王小兵,男,1989年7月1日,,,东街村,一组,88号,本村,外出,太原市,,",
        "2,张三,户主,张三,男,,,,东街,第二组,90号,外来,外出,临汾,,",
        "3,赵六,,,,,,,东街村,二组,91号,,,,空户,",
    ])
    .replace("IDENTITY", IDENTITY)
}

pub async fn count(app: &TestApp, table: &str) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"));
    db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

pub fn digest(page: &str) -> String {
    let after = page.split("name=\"digest\" value=\"").nth(1).expect("a digest");
    after.split('"').next().unwrap().to_owned()
}

/// The number of rows of an outcome.
pub fn rows(page: &str, word: &str) -> usize {
    let tab = page.split(&format!(">{word} ")).nth(1).expect("a tab");
    tab.split('<').next().unwrap().parse().unwrap()
}

/// The numbers of rows that are new, known, in doubt and rejected.
pub fn outcomes(page: &str) -> [usize; 4] {
    ["新增", "已有", "有疑问", "不能导"].map(|word| rows(page, word))
}

pub async fn preview(who: &Asker<'_>, file: &str) -> (String, String) {
    let answer = upload(who, file.as_bytes(), "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    let path = location(&answer);
    let page = who.get(&path).await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.text);
    (path, page.text)
}

pub async fn confirm(who: &Asker<'_>, path: &str, page: &str, doubts: &str) -> Answer {
    who.post(path, &[("digest", &digest(page)), ("doubts", doubts)]).await
}

/// The reasons given for the rows of an outcome.
pub async fn reasons(who: &Asker<'_>, path: &str, outcome: &str) -> String {
    who.get(&format!("{path}?show={outcome}")).await.text
}

on_both_engines! {
    async fn an_old_workbook_with_a_sheet_for_each_street_is_taken_in(app) {
        let cadre = app.village_cadre(village(1)).await;
        let file = include_bytes!("../../../tests/workbooks/streets-old.xls");
        let answer = upload(&cadre, file, &village(1).code()).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        let path = location(&answer);
        let page = cadre.get(&path).await.text;
        assert_eq!(outcomes(&page), [6, 0, 0, 0]);
        assert!(page.contains("一组 4") && page.contains("合计"), "{page}");
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, "household").await, count(app, "resident").await), (12 + 3, 24 + 6));
        let one = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!((&one["head"], &one["house_number"], &one["phone"]), (&"赵一".into(), &"41号".into(), &"129****0441".into()));
    }

    async fn a_row_that_is_not_taken_assigns_no_contact(app) {
        let cadre = app.village_cadre(village(1)).await;
        let first = list(&["2,张三,户主,张三,男,,,,东街,第二组,90号,,,,,"]);
        let (path, page) = preview(&cadre, &first).await;
        confirm(&cadre, &path, &page, "false").await;
        let before = count(app, "stewardship").await;
        // The second row is held back: it stands twice in the list.
        let (once, twice) = ("2,张三,户主,张三,男,,,,东街,第二组,90号,,,,,", "2,张三,户主,张三,男,,,,东街,第二组,90号,,,,,包户1");
        for doubts in ["false", "true"] {
            let (path, page) = preview(&cadre, &list(&[once, twice])).await;
            assert_eq!(outcomes(&page), [0, 1, 1, 0], "{page}");
            confirm(&cadre, &path, &page, doubts).await;
            assert_eq!(count(app, "stewardship").await, before, "{doubts}");
        }
        // In doubt, and so only when doubts are taken.
        let row = "2,张三,户主,张三,男,,,问村里,东街,第二组,90号,,,,,包户1";
        let (path, page) = preview(&cadre, &list(&[row])).await;
        assert_eq!(outcomes(&page), [0, 0, 1, 0], "{page}");
        confirm(&cadre, &path, &page, "false").await;
        assert_eq!(count(app, "stewardship").await, before);
        let (path, page) = preview(&cadre, &list(&[row])).await;
        confirm(&cadre, &path, &page, "true").await;
        assert_eq!(count(app, "stewardship").await, before + 1);
    }

    async fn a_new_list_takes_the_place_of_the_one_not_confirmed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (first, _) = preview(&cadre, &family()).await;
        let (second, _) = preview(&cadre, &family()).await;
        assert_eq!(cadre.get(&first).await.status, StatusCode::NOT_FOUND);
        assert_eq!(cadre.get(&second).await.status, StatusCode::OK);
        assert_eq!(count(app, "register_upload").await, 1);
    }

    async fn nothing_is_written_before_confirm_and_everything_after(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(outcomes(&page), [5, 0, 0, 0]);
        assert!(page.contains("备注“爱喝茶") || page.contains("爱喝茶"), "{page}");
        assert!(page.contains("会给 1 户定包户人，例如：王建国 → 包户1"), "{page}");
        assert!(page.contains("导入没问题的：3 户新户，4 人，1 户定包户人"), "{page}");
        assert_eq!((count(app, "household").await, count(app, "resident").await), (12, 24));
        let done = confirm(&cadre, &path, &page, "false").await;
        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, "household").await, count(app, "resident").await), (15, 28));
        assert!(cadre.get(&path).await.text.contains("导入好了：3 户新户，4 人"));
        let one = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!((one["head"].as_str(), one["house_number"].as_str()), (Some("王建国"), Some("88号")));
        assert_eq!(one["phone"], "129****0412");
        assert_eq!(one["responsible"]["contact"]["name"], "包户1");
        assert_eq!(one["residents"][1]["birth"], "1980-02-09");
        assert_eq!(one["residents"][2]["whereabouts"], "太原市");
        let two = cadre.get("/api/v1/households/141023105/14").await.json();
        assert_eq!((&two["occupancy"], &two["residents"][0]["registration"]),
            (&"away".into(), &"lodging".into()));
        let three = cadre.get("/api/v1/households/141023105/15").await.json();
        assert_eq!((&three["occupancy"], &three["head"]), (&"vacant".into(), &"赵六".into()));
    }

    async fn the_same_file_twice_gives_no_doubles(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let (again, page) = preview(&cadre, &family()).await;
        assert_eq!(outcomes(&page), [0, 5, 0, 0]);
        assert_eq!(confirm(&cadre, &again, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, "household").await, count(app, "resident").await), (15, 28));
        // Confirming the first a second time does nothing either.
        let (_, other) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &other, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!(count(app, "resident").await, 28);
    }

    async fn every_row_has_an_outcome_and_a_reason(app) {
        let cadre = app.village_cadre(village(1)).await;
        let rows = list(&[
            "1,,户主,钱一,男,,141023198002090000,,东街村,一组,1号,,,,,",
            "2,,户主,钱二,男,,,110,东街村,一组,2号,,,,,",
            "3,,户主,钱三,男,,,,东街村,一组,3号,,,,,没这人",
            "4,,户主,钱四,男,2021-01-01,,,东街村,一组,4号,,,,,",
            "5,,户主,钱五,男,1980-01-01,IDENTITY,,东街村,一组,5号,,,,,",
            "6,,户主,钱六,男,,IDENTITY,,东街村,一组,6号,,,,,",
            "7,,户主,,男,,,,东街村,一组,7号,,,,,",
            "8,,户主,钱八,男,,,,西街村,一组,8号,,,,,",
            "9,,户主,钱九,男,,,,东街村,九组,9号,,,,,",
            "10,,户主,钱十,男,,,,北街村,一组,10号,,,,,",
            "11,,户主,钱十一,男,,,,,一组,11号,,,,,",
            "12,,户主,钱十二,男,,,,东街村,,12号,,,,,",
            "13,,户主,#N/A,男,,,,东街村,一组,13号,,,,,",
        ])
        .replace("IDENTITY", IDENTITY);
        let (path, page) = preview(&cadre, &rows).await;
        assert_eq!(outcomes(&page), [1, 0, 6, 6]);
        assert!(page.contains("这些包户人还没登记：没这人"));
        assert!(reasons(&cadre, &path, "new").await.contains("“没这人”还不是包户人：照样导入，这户先没有包户人"));
        let doubts = reasons(&cadre, &path, "doubt").await;
        for told in ["最后一位对不上", "“110”不像号码", "不可能", "出生日期和身份证号对不上", "和第 6 行的钱五可能是同一个人（名字不同，身份证号一样）"] {
            assert!(doubts.contains(told), "{told}");
        }
        let rejected = reasons(&cadre, &path, "rejected").await;
        for told in ["没有姓名", "没有“西街村”", "没有“北街村”", "没写是哪个村", "这户没写组", "“姓名”是公式错误"] {
            assert!(rejected.contains(told), "{told}");
        }
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        // Those in doubt came without what is doubtful, except the one who stands there twice.
        assert_eq!(count(app, "household").await, 12 + 6);
    }

    async fn a_number_with_a_digit_missing_is_a_question_and_is_not_repeated(app) {
        let cadre = app.village_cadre(village(1)).await;
        let row = list(&["1,,户主,钱一,男,,,1290000041,东街村,一组,1号,,,,,"]);
        let (path, page) = preview(&cadre, &row).await;
        assert_eq!(outcomes(&page), [0, 0, 1, 0]);
        assert!(page.contains("电话写了 10 位数字") && !page.contains("1290000041"), "{page}");
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!(cadre.get("/api/v1/households/141023105/13").await.json()["phone"], serde_json::Value::Null);
        let typed = add(&cadre, &[("phone", "1290000041")]).await;
        assert_eq!(typed.status, StatusCode::UNPROCESSABLE_ENTITY, "by hand, too");
    }

    async fn doubts_wait_unless_they_are_decided(app) {
        let cadre = app.village_cadre(village(1)).await;
        let rows = list(&[
            "1,,户主,钱一,男,,141023198002090000,,东街村,一组,1号,,,,,",
            "1,,子,钱小,男,,,,东街村,一组,1号,,,,,",
            "2,,户主,钱二,男,,,,东街村,一组,2号,,,,,",
        ]);
        let (path, page) = preview(&cadre, &rows).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, "household").await, count(app, "resident").await), (13, 25));
        let (path, page) = preview(&cadre, &rows).await;
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, "household").await, count(app, "resident").await), (14, 27));
    }

    async fn what_was_shown_is_what_is_confirmed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        let colleague = app.village_cadre(village(1)).await;
        let (other, same) = preview(&colleague, &family()).await;
        assert_eq!(confirm(&colleague, &other, &same, "false").await.status, StatusCode::SEE_OTHER);
        let late = confirm(&cadre, &path, &page, "false").await;
        assert_eq!(late.status, StatusCode::CONFLICT);
        assert!(late.text.contains("户册有了变动"));
        assert_eq!(count(app, "household").await, 15);
    }

    async fn who_is_registered_elsewhere_is_not_doubled(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let moved = family().replace("一组,88号", "二组,99号").replace("王小兵", "王大兵");
        let (path, page) = preview(&cadre, &moved).await;
        assert!(reasons(&cadre, &path, "doubt").await.contains("和东街村 一组 王建国家登记的李秀英可能是同一个人（同名，身份证号一样）"));
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        // The head has no identity number, and so is known by his name and birth date.
        for name in ["李秀英", "王建国"] {
            assert_eq!(count(app, &format!("resident WHERE name = '{name}'")).await, 1, "{name}");
        }
        // Another village's cadre learns that the person is registered, and not where.
        let other = app.village_cadre(village(2)).await;
        let theirs = family().replace("东街村", "北街村").replace("东街,", "北街,");
        let (path, _) = preview(&other, &theirs).await;
        let told = reasons(&other, &path, "doubt").await;
        assert!(told.contains("镇里别处登记的人里，有一位可能是他") && !told.contains("王建国家"), "{told}");
    }

    async fn a_list_takes_nobody_into_what_is_about_to_end(app) {
        let merger = [("into", "141023105201"), ("day", "2020-02-04")];
        let merged = app.headquarters().await.post("/divisions/141023105200/merger", &merger).await;
        assert_eq!(merged.status, StatusCode::SEE_OTHER);
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(outcomes(&page), [0, 0, 0, 5]);
        assert!(reasons(&cadre, &path, "rejected").await.contains("东街村 一组就要撤并"));
    }

    async fn a_list_names_key_persons_and_why(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let named = "户号,姓名,村,组,门牌号,重点人员\n\
                     1,王建国,东街村,一组,88号,是\n1,王小兵,东街村,一组,88号,从武汉回来\n\
                     1,李秀英,东街村,一组,88号,否\n2,钱一,东街村,一组,92号,密切接触者\n";
        let (path, page) = preview(&cadre, named).await;
        assert_eq!(outcomes(&page), [3, 1, 0, 0]);
        assert!(page.contains("从今天起列入重点人员"));
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        assert!(cadre.get(&path).await.text.contains("2 人列入重点人员"));
        let sql = "SELECT name, key_reason FROM resident WHERE key_from = 20200203 AND key_until IS NULL ORDER BY id";
        let mut tx = app.test.db.read().await.unwrap();
        let listed: Vec<(String, String)> =
            db::on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        let said = [("王建国", "重点人员"), ("王小兵", "从武汉回来"), ("钱一", "密切接触者")];
        assert_eq!(listed, said.map(|(name, why)| (name.to_owned(), why.to_owned())));
        drop(tx);
        let (_, again) = preview(&cadre, named).await;
        assert_eq!(outcomes(&again), [0, 4, 0, 0]);
        let sql = "UPDATE resident SET key_until = 20200203 WHERE name = '王小兵'";
        let mut tx = app.test.db.write().await.unwrap();
        db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let (path, _) = preview(&cadre, named).await;
        assert!(reasons(&cadre, &path, "doubt").await.contains("以前列入过重点人员"));
    }

    async fn a_file_that_is_no_list_says_what_to_do(app) {
        let cadre = app.village_cadre(village(1)).await;
        let only = "姓名,门牌号\n王建国,1号\n";
        for (file, message) in [
            (&b""[..], "文件是空的"),
            (&b"PK\x03\x04 no workbook at all"[..], "损坏"),
            (HEADER.as_bytes(), "一行也没有"),
            (only.as_bytes(), "请选是哪个村的"),
            (&b"a,b\n\xff\xff,1\n"[..], "GB18030"),
        ] {
            let answer = upload(&cadre, file, "").await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{message}");
            assert!(answer.text.contains(message), "{message}: {}", answer.text);
        }
        assert_eq!(count(app, "register_upload").await, 0);
        assert_eq!(upload(&cadre, only.as_bytes(), "141023105200").await.status, StatusCode::SEE_OTHER);
    }

    async fn a_body_of_a_hundred_megabytes_is_refused(app) {
        let cadre = app.village_cadre(village(1)).await;
        let answer = upload(&cadre, &vec![b'x'; 100 << 20], "").await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.text.contains("内容太大"));
        assert_eq!(count(app, "register_upload").await, 0);
    }

    async fn an_upload_is_its_owners_alone_sealed_and_gone_in_time(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        let mut tx = app.test.db.read().await.unwrap();
        let sql = "SELECT sealed FROM register_upload";
        let sealed: Vec<u8> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap();
        drop(tx);
        assert!(app.app.site.vault.open_bytes(&sealed).is_some());
        let same_village = app.village_cadre(village(1)).await;
        assert_eq!(same_village.get(&path).await.status, StatusCode::NOT_FOUND);
        let police = app.person(Role::Police, TOWN()).await;
        assert_eq!(police.get("/households/import").await.status, StatusCode::FORBIDDEN);
        app.clock.set(app.clock.now().plus_minutes(24 * 60));
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::NOT_FOUND);
        assert_eq!(destroy_expired(&app.app.site).await.unwrap(), 1);
        assert_eq!(count(app, "register_upload").await, 0);
        preview(&cadre, &family()).await;
        assert_eq!(destroy_expired(&app.app.site).await.unwrap(), 0);
        assert_eq!(count(app, "audit_entry WHERE action = 'households.destroy-uploads'").await, 1);
    }

    async fn an_upload_can_be_discarded(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, _) = preview(&cadre, &family()).await;
        assert_eq!(cadre.post(&format!("{path}/discard"), &[]).await.status, StatusCode::SEE_OTHER);
        assert_eq!(cadre.get(&path).await.status, StatusCode::NOT_FOUND);
        assert_eq!(count(app, "register_upload").await, 0);
    }
}

#[test]
fn every_reason_has_its_words() {
    use crate::web::{Language, Languages};
    let sources = [
        include_str!("../import/row.rs"),
        include_str!("../import/family.rs"),
        include_str!("../import/compare.rs"),
        include_str!("../import/settle.rs"),
        include_str!("../import/pairs.rs"),
    ];
    let quoted = sources.iter().flat_map(|source| source.split('"').skip(1).step_by(2));
    let is_key = |text: &&str| {
        text.len() > 3 && text.contains('-') && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'-')
    };
    let keys: Vec<_> = quoted.filter(is_key).collect();
    assert!(keys.len() > 30);
    for language in Language::ALL {
        let words = Languages::load().unwrap().of(language);
        for key in &keys {
            assert!(words.has(&format!("import-{key}")), "{key} {language:?}");
        }
        for tag in super::super::TAGS {
            assert!(words.has(&format!("tag-{tag}")), "{tag}");
        }
    }
}
