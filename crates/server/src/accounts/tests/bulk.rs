use std::time::Instant;

use axum::body::Body;
use axum::http::Request;

use super::*;
use crate::testing::{TOWN, on_both_engines};

/// Uploads a list.
async fn upload(who: &Asker<'_>, file: impl AsRef<[u8]>) -> Answer {
    let head = b"--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n";
    let body = [head, file.as_ref(), b"\r\n--cut--\r\n"].concat();
    let request =
        Request::post("/accounts/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    who.ask(request, Body::from(body)).await
}

/// The sealed list that a preview sends on.
fn list(preview: &Answer) -> String {
    let found = preview.text.split("name=\"list\" value=\"").nth(1).expect("a list to confirm");
    found.split('"').next().unwrap().to_owned()
}

async fn accounts(app: &TestApp) -> i64 {
    let mut tx = app.test.db.read().await.unwrap();
    db::on_db!(tx, c => sqlx::query_scalar("SELECT COUNT(*) FROM account").fetch_one(c).await).unwrap()
}

/// What becomes of a check of a household.
async fn checked(app: &TestApp, who: &Asker<'_>, household: i64) -> String {
    let check = serde_json::json!({ "checks": [{ "id": app.clock.new_id(), "town": 141_023_105,
        "household": household, "outcome": "well", "happened_at": app.clock.now() }] });
    let answer = who.post_json("/api/v1/checks", &check).await.json();
    answer["results"][0]["result"].as_str().unwrap_or_default().to_owned()
}

/// What the last entry of a deed says was granted.
async fn granted_by(app: &TestApp, action: &str) -> serde_json::Value {
    let mut tx = app.test.db.read().await.unwrap();
    let sql = "SELECT detail FROM audit_entry WHERE action = $1 ORDER BY id DESC LIMIT 1";
    let detail: String =
        db::on_db!(tx, c => sqlx::query_scalar(sql).bind(action).fetch_one(c).await).unwrap();
    serde_json::from_str::<serde_json::Value>(&detail).unwrap()["granted"].clone()
}

const LIST: &str = "姓名,账号,电话,岗位,区划\n\
                    张文秀,,12900000001,包户人,东街村一组\n\
                    张文秀,,12900000001,街长,东街村一组\n\
                    李建民,ljm,,卫生院,襄陵镇\n";

on_both_engines! {
    async fn a_list_is_shown_first_and_then_made_whole(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let preview = upload(&admin, LIST).await;
        assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
        assert!(preview.text.contains("新建 2 个账号") && preview.text.contains("zhangwenxiu"));
        assert_eq!(accounts(app).await, 1);
        let sheet = admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 2);
        let held = admin.get("/accounts?q=zhangwenxiu").await.text;
        assert!(held.contains("东街村一组 · 包户人") && held.contains("东街村一组 · 街长、队长"));
        let again = admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(upload(&admin, LIST).await.text.contains("已经有账号"));
        assert_eq!(accounts(app).await, 3);
    }

    async fn one_wrong_row_keeps_all_out_and_every_row_is_told_why(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let wrong = "姓名,账号,电话,岗位,区划\n\
                     王建国,,,包户人,东街村\n\
                     ,,,包户人,东街村\n\
                     赵玉梅,a b,,包户人,东街村\n\
                     赵玉梅,,电话,包户人,东街村\n\
                     赵玉梅,,,皇帝,东街村\n\
                     赵玉梅,,,包户人,西街村\n\
                     赵玉梅,,,包户人,一组\n\
                     赵玉梅,administrator1,,包户人,东街村\n\
                     马守仁,same,,包户人,东街村\n\
                     郑小满,same,,包户人,东街村\n";
        let preview = upload(&admin, wrong).await;
        assert!(preview.text.contains("有 8 行有问题，一个都没建"), "{}", preview.text);
        assert!(!preview.text.contains("name=\"list\""));
        for told in ["姓名写", "账号用", "电话不对", "没有这个岗位", "没有这个区划", "不止一个地方", "已经有人用了", "两个姓名"] {
            assert!(preview.text.contains(told), "{told}");
        }
        assert_eq!(accounts(app).await, 1);
    }

    async fn an_account_that_exists_gets_the_further_role(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let person = app.person(Role::Police, TOWN()).await;
        let more = "姓名,账号,岗位,区划\npolice2,police2,inspector,141023105\n";
        let preview = upload(&admin, more).await;
        assert!(preview.text.contains("给已有账号加 1 个岗位"));
        admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        let me = person.get("/api/v1/me").await.json();
        assert_eq!(me["roles"].as_array().unwrap().len(), 2);
        let granted = serde_json::json!([{ "account": person.account, "role": "inspector",
            "division": "141023105" }]);
        assert_eq!(granted_by(app, "account.appoint").await, granted);
    }

    async fn the_audit_says_who_got_which_role_where(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let preview = upload(&admin, LIST).await;
        admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        let told = granted_by(app, "account.create").await;
        let told: Vec<_> = told.as_array().unwrap().iter().map(|g| (&g["role"], &g["division"])).collect();
        let expected = [("household-contact", "141023105200001"), ("street-lead", "141023105200001"),
            ("health-centre", "141023105")].map(|(role, division)| (serde_json::json!(role), serde_json::json!(division)));
        assert_eq!(told, expected.iter().map(|(role, division)| (role, division)).collect::<Vec<_>>());
    }

    async fn a_list_cannot_be_forged_or_come_from_elsewhere(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        for list in ["", "00", "[]"] {
            let answer = admin.post("/accounts/import/confirm", &[("list", list)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{list}");
        }
    }

    async fn a_list_of_any_make_is_read(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        for file in [
            include_bytes!("../../../tests/workbooks/accounts.xls").as_slice(),
            include_bytes!("../../../tests/workbooks/accounts.ods"),
            include_bytes!("../../../tests/workbooks/accounts-gb18030.csv"),
        ] {
            let preview = upload(&admin, file).await;
            assert_eq!(preview.status, StatusCode::OK, "{}", preview.text);
            assert!(preview.text.contains("新建 2 个账号") && preview.text.contains("zhangwenxiu"), "{}", preview.text);
        }
        let told = upload(&admin, include_bytes!("../../../tests/workbooks/password.xlsx")).await.text;
        assert!(told.contains("文件有密码"), "{told}");
    }

    async fn what_is_no_list_says_what_to_do(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        for (file, told) in [("", "文件是空的"), ("姓名,区划\n张,东街村\n", "没有“岗位”这一列"), ("姓名,岗位,区划\n", "没有人")] {
            let answer = upload(&admin, file).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(answer.text.contains(told), "{told}: {}", answer.text);
        }
        assert_eq!(admin.post("/accounts/import", &[]).await.status, StatusCode::UNPROCESSABLE_ENTITY);
    }

    async fn stewards_without_account_get_one_and_reach_their_households(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let page = admin.get("/accounts/stewards").await.text;
        assert!(page.contains("还有 4 个包联人没有账号"), "{page}");
        let sheet = admin.post("/accounts/stewards", &[]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 4);
        let code = sheet.text.split("<p class=\"short\">").nth(1).unwrap().split('<').next().unwrap();
        let come = app.stranger().post("/slip", &[("code", code)]).await;
        let contact = Asker::with_cookie(app, &come).unwrap();
        assert_eq!(checked(app, &contact, 1).await, "stored");
        assert!(admin.get("/accounts/stewards").await.text.contains("没有要开账号的包联人"));
        assert_eq!(admin.post("/accounts/stewards", &[]).await.status, StatusCode::CONFLICT);
    }

    async fn a_contact_from_a_spreadsheet_reaches_his_households(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let preview = upload(&admin, "姓名,岗位,区划\n包户1,包户人,东街村\n包户2,包户人,北街村\n").await;
        let sheet = admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        assert_eq!(audited(app, "account.join").await, 1);
        // 包户2 of another village is not surely the same.
        assert!(admin.get("/accounts/stewards").await.text.contains("还有 3 个包联人没有账号"));
        let code = sheet.text.split("<p class=\"short\">").nth(1).unwrap().split('<').next().unwrap();
        let come = app.stranger().post("/slip", &[("code", code)]).await;
        let contact = Asker::with_cookie(app, &come).unwrap();
        for (household, result) in [(1, "stored"), (4, "refused")] {
            assert_eq!(checked(app, &contact, household).await, result, "{household}");
        }
    }

    async fn who_has_an_account_by_name_and_village_gets_no_second(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let form = [("name", "包户1"), ("phone", ""), ("role", "street-lead"), ("division", "东街村一组")];
        admin.post("/accounts/new", &form).await;
        let page = admin.get("/accounts/stewards").await.text;
        assert!(page.contains("其中 1 人按姓名、电话已经有账号") && page.contains("建 3 个账号"), "{page}");
        let sheet = admin.post("/accounts/stewards", &[]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 3);
        assert_eq!((accounts(app).await, audited(app, "account.join").await), (5, 1));
    }

    async fn a_steward_is_joined_to_an_account_by_hand_and_parted_again(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let guard = app.person(Role::GateGuard, TOWN()).await;
        let path = "/accounts/stewards/141023105/1";
        for wrong in ["nobody", "", "administrator1"] {
            let answer = admin.post(path, &[("login", wrong)]).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{wrong}");
        }
        assert_eq!(guard.get("/my-households").await.status, StatusCode::FORBIDDEN);
        assert_eq!(location(&admin.post(path, &[("login", "gate-guard2")]).await), path);
        assert!(guard.get("/my-households").await.text.contains("户主1<"));
        assert!(admin.get("/accounts/2").await.text.contains("东街村一组 · 包户人"));
        for again in [path.to_owned(), format!("{path}/new")] {
            assert_eq!(admin.post(&again, &[("login", "gate-guard2")]).await.status, StatusCode::CONFLICT);
        }
        assert_eq!(location(&admin.post(&format!("{path}/parting"), &[]).await), path);
        assert!(!guard.get("/my-households").await.text.contains("户主1<"));
        let sheet = admin.post(&format!("{path}/new"), &[]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 1);
        let elsewhere = app.person(Role::Administrator, crate::testing::village(2)).await;
        assert_eq!(elsewhere.get(path).await.status, StatusCode::NOT_FOUND);
    }

    async fn who_has_not_come_in_gets_a_new_slip(app) {
        let admin = come_in(app, Role::Administrator, TOWN()).await;
        admin.post("/accounts/stewards", &[]).await;
        let sheet = admin.post("/accounts/slips", &[]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 4);
    }

    async fn fourteen_hundred_accounts_are_quick(app) {
        let admin = app.person(Role::Administrator, TOWN()).await;
        let mut text = "姓名,岗位,区划\n".to_owned();
        for n in 0..1_400 {
            text += &format!("张伟{},包户人,东街村\n", char::from_u32(0x4e00 + n % 200).unwrap());
        }
        let begun = Instant::now();
        let preview = upload(&admin, &text).await;
        let sheet = admin.post("/accounts/import/confirm", &[("list", &list(&preview))]).await;
        assert_eq!(sheet.text.matches("class=\"slip\"").count(), 1_400);
        assert!(begun.elapsed().as_secs() < 30, "took {:?} without optimisation", begun.elapsed());
        eprintln!("1,400 accounts in {:?}", begun.elapsed());
    }
}
