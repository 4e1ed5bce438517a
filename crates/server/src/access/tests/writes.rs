//! Every route that may write, done with a sound body by somebody who may: each leaves an entry in
//! the audit trail. A new one has to be done here too, or named among those that store nothing.

use std::collections::BTreeSet;

use axum::http::Method;
use db::on_db;
use serde_json::{Value, json};

use super::*;
use crate::testing::{MORNING, village};

mod details;

/// What is posted without storing anything, or is done elsewhere.
const APART: &[&str] = &[
    // Shows what a list would come to; the list goes back sealed, in the page.
    "/accounts/import",
    // Of a demonstration alone: its own tests come in by it.
    "/demo/as/{role}",
    // A search, posted so that a name or number stands in no address.
    "/households/find",
    "/api/v1/households/search",
];

const PASSWORD: &str = "村口老槐树下第三家院";
const PIN: &str = "290417";
const STREET: &str = "141023105200001";
const REPORT: &str = "/reports/141023105/2020-02-03";
const REPORTS: &str = "/reports/{town}/{day}";
const STEWARD: &str = "/stewards/people/{town}/{id}";
const HOUSEHOLD: &str = "/households/{town}/{id}";

/// The routes done so far, each with its entry.
struct Writes<'a> {
    app: &'a TestApp,
    done: BTreeSet<(String, &'static str)>,
}

impl Writes<'_> {
    async fn entries(&self) -> i64 {
        let mut tx = self.app.test.db.read().await.unwrap();
        let sql = "SELECT COUNT(*) FROM audit_entry";
        on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
    }

    /// Asks, and demands that it was done and written down.
    async fn ask(
        &mut self,
        who: &Asker<'_>,
        method: &'static str,
        route: &str,
        path: &str,
        kind: &str,
        body: String,
    ) -> Answer {
        let before = self.entries().await;
        let request = Request::builder().method(method).uri(path).header(header::CONTENT_TYPE, kind);
        let answer = who.ask(request, Body::from(body)).await;
        let well = answer.status.is_success() || answer.status.is_redirection();
        assert!(well, "{method} {path}: {} {}", answer.status, answer.text);
        assert!(self.entries().await > before, "{method} {path} leaves no entry");
        self.done.insert((route.to_owned(), method));
        answer
    }

    async fn post(&mut self, who: &Asker<'_>, route: &str, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        self.ask(who, "POST", route, path, "application/x-www-form-urlencoded", body).await
    }

    async fn json(
        &mut self,
        who: &Asker<'_>,
        method: &'static str,
        route: &str,
        path: &str,
        body: &Value,
    ) -> Answer {
        self.ask(who, method, route, path, "application/json", body.to_string()).await
    }

    async fn upload(&mut self, who: &Asker<'_>, path: &str, text: &str) -> Answer {
        self.ask(who, "POST", path, path, "multipart/form-data; boundary=cut", multipart(text)).await
    }
}

fn multipart(text: &str) -> String {
    format!(
        "--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{text}\r\n--cut--\r\n"
    )
}

fn location(answer: &Answer) -> String {
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

async fn accounts(writes: &mut Writes<'_>, admin: &Asker<'_>) {
    let app = writes.app;
    let form = [("name", "张文秀"), ("phone", ""), ("role", "headquarters"), ("division", "襄陵镇")];
    let sheet = writes.post(admin, "/accounts/new", "/accounts/new", &form).await;
    let code = sheet.between("<p class=\"short\">", "<");
    let come = writes.post(&app.stranger(), "/slip", "/slip", &[("code", code)]).await;
    let own = Asker::with_cookie(app, &come).unwrap();
    let form = [("password", PASSWORD), ("again", PASSWORD), ("pin", "481516")];
    writes.post(&own, "/me/password", "/me/password", &form).await;
    writes.post(&own, "/me/pin", "/me/pin", &[("pin", PIN), ("current", PASSWORD)]).await;
    writes.post(&own, "/me", "/me", &[("language", "")]).await;
    let form = [("login", "zhangwenxiu"), ("password", PASSWORD)];
    for end in ["/me/sessions/end", "/me/sessions/end-others"] {
        writes.post(&app.stranger(), "/sign-in", "/sign-in", &form).await;
        let me = own.get("/me").await;
        writes.post(&own, end, end, &[("session", me.value("session"))]).await;
    }
    app.clock.set(MORNING.plus_minutes(31));
    writes.post(&own, "/unlock", "/unlock", &[("pin", PIN)]).await;
    app.clock.set(MORNING);
    writes.post(&own, "/sign-out", "/sign-out", &[]).await;
    let list = app.person(Role::Administrator, TOWN()).await;
    let preview =
        Request::post("/accounts/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
    let preview = list
        .ask(preview, Body::from(multipart("姓名,账号,电话,岗位,区划\n李建民,ljm,,卫生院,襄陵镇\n")))
        .await;
    let form = [("list", preview.value("list"))];
    writes.post(admin, "/accounts/import/confirm", "/accounts/import/confirm", &form).await;
    let (one, steward) = ("/accounts/stewards/141023105/2", "/accounts/stewards/{town}/{id}");
    writes.post(admin, steward, one, &[("login", "zhangwenxiu")]).await;
    writes.post(admin, &format!("{steward}/parting"), &format!("{one}/parting"), &[]).await;
    writes.post(admin, &format!("{steward}/new"), &format!("{one}/new"), &[]).await;
    writes.post(admin, "/accounts/stewards", "/accounts/stewards", &[]).await;
    writes.post(admin, "/accounts/slips", "/accounts/slips", &[]).await;
    let id = app.person(Role::Publicity, TOWN()).await.account;
    writes.post(admin, "/accounts/{id}/slip", &format!("/accounts/{id}/slip"), &[]).await;
    writes.post(admin, "/accounts/{id}/{deed}", &format!("/accounts/{id}/closure"), &[]).await;
}

async fn checks(writes: &mut Writes<'_>, cadre: &Asker<'_>, contact: &Asker<'_>) {
    let id = || writes.app.clock.new_id().to_string();
    let (well, undo, typed) = (id(), id(), id());
    let needs = json!({ "id": id(), "town": 141_023_105, "household": 4, "outcome": "detailed",
        "happened_at": MORNING, "answers": { "needs": ["food", "medicine"] } });
    let own = [("id", well.as_str()), ("town", "141023105"), ("household", "1")];
    writes.post(contact, "/my-households/well", "/my-households/well", &own).await;
    let back =
        [("id", undo.as_str()), ("town", "141023105"), ("household", "1"), ("corrects", well.as_str())];
    writes.post(contact, "/checks/undo", "/checks/undo", &back).await;
    let form = [("id", typed.as_str()), ("outcome", "well")];
    writes.post(cadre, "/checks/{town}/{household}", "/checks/141023105/1", &form).await;
    writes.json(cadre, "POST", "/api/v1/checks", "/api/v1/checks", &json!({ "checks": [needs] })).await;
    let paper = format!("/round/{STREET}/2020-02-03/paper");
    let grid = cadre.get(&paper).await;
    let (two, three) = (grid.value("id-2"), grid.value("id-3"));
    let form = [
        ("checked-by", "1"),
        ("others", "well"),
        ("clock", "9:30"),
        ("household", "2"),
        ("household", "3"),
        ("id-2", two),
        ("id-3", three),
    ];
    writes.post(cadre, "/round/{division}/{day}/paper", &paper, &form).await;
    let listed = cadre.get("/api/v1/findings").await.json();
    let ids = [0, 1].map(|n| listed["findings"][n]["id"].as_str().unwrap().to_owned());
    for (end, form) in [("taking", vec![]), ("closure", vec![("note", "办了")]), ("reopening", vec![])] {
        let route = format!("/findings/{{town}}/{{id}}/{end}");
        writes.post(cadre, &route, &format!("/findings/141023105/{}/{end}", ids[0]), &form).await;
    }
    let path = |end: &str| format!("/api/v1/findings/141023105/{}/{end}", ids[1]);
    let route = |end: &str| format!("/api/v1/findings/{{town}}/{{id}}/{end}");
    writes.json(cadre, "POST", &route("taking"), &path("taking"), &json!({})).await;
    writes.json(cadre, "POST", &route("closure"), &path("closure"), &json!({ "note": "办了" })).await;
    writes.json(cadre, "DELETE", &route("closure"), &path("closure"), &json!({})).await;
}

async fn register(writes: &mut Writes<'_>, cadre: &Asker<'_>) {
    let form = [
        ("division", STREET),
        ("house_number", "88号"),
        ("head", "王建国"),
        ("address", ""),
        ("phone", "12900000412"),
        ("occupancy", "lived-in"),
        ("from", "2020-02-01"),
    ];
    let added = location(&writes.post(cadre, "/households", "/households", &form).await);
    let at = |end: &str| format!("{added}/{end}");
    let route = |end: &str| format!("{HOUSEHOLD}/{end}");
    let form = cadre.get(&at("edit")).await;
    let facts = [("seen", form.value("seen")), ("head", "王建国"), ("house_number", "89号")];
    writes.post(cadre, &route("edit"), &at("edit"), &facts).await;
    writes.post(cadre, &route("call"), &at("call"), &[("who", "household")]).await;
    let person = [("name", "李秀英"), ("relation", "配偶"), ("presence", "present")];
    let numbered = [&[("identity", "141023198002090007")], &person[..]].concat();
    writes.post(cadre, &route("residents"), &at("residents"), &numbered).await;
    let page = cadre.get(&added).await;
    let resident = page.between(&format!("href=\"{added}/residents/"), "\"").to_owned();
    // The head, who has no number, is listed first.
    let last = page.text.rsplit(&format!("href=\"{added}/residents/")).next().unwrap();
    let number = [("who", last.split('"').next().unwrap())];
    writes.post(cadre, &route("identity"), &at("identity"), &number).await;
    let path = at(&format!("residents/{resident}"));
    let form = cadre.get(&path).await;
    let person = [&[("seen", form.value("seen"))], &person[..]].concat();
    writes.post(cadre, &route("residents/{resident}"), &path, &person).await;
    let head = [("head", resident.as_str()), ("from", "2020-02-03")];
    writes.post(cadre, &route("head"), &at("head"), &head).await;
    let leaving = [("who", resident.as_str()), ("how", "died"), ("from", "2020-02-03")];
    writes.post(cadre, &route("leaving"), &at("leaving"), &leaving).await;
    let turn = [("division", STREET), ("occupancy", "vacant"), ("from", "2020-02-03")];
    writes.post(cadre, &route("turn"), &at("turn"), &turn).await;
    let purpose = [("purpose", "上门核对")];
    writes.post(cadre, "/households/export", "/households/export", &purpose).await;
    let list = "户号,户主,与户主关系,姓名,性别,村,组,门牌号\n1,赵六,户主,赵六,男,东街村,一组,91号\n";
    let path = location(&writes.upload(cadre, "/households/import", list).await);
    let (route, columns) = ("/households/import/{id}/columns", format!("{path}/columns"));
    let said = ["0.number", "2.relation", "3.name", "5.village", "6.group"].map(|column| ("column", column));
    writes.post(cadre, route, &columns, &said).await;
    writes.post(cadre, &format!("{route}/forget"), &format!("{columns}/forget"), &[]).await;
    let list = "户号,户主,与户主关系,姓名,性别,村,组,门牌号\n1,赵六,户主,赵六,男,东街村,一组,91号\n\
                2,钱七,户主,钱七,男,东街村,二组,94号\n";
    doubles(writes, cadre, list).await;
    for end in ["", "/discard"] {
        let path = location(&writes.upload(cadre, "/households/import", list).await);
        let page = cadre.get(&path).await;
        let form = [("digest", page.value("digest"))];
        writes.post(cadre, &format!("/households/import/{{id}}{end}"), &format!("{path}{end}"), &form).await;
        if end.is_empty() {
            let undoing = path.replace("/import/", "/imports/") + "/undoing";
            writes.post(cadre, "/households/imports/{id}/undoing", &undoing, &[]).await;
        }
    }
}

/// Somebody of one name twice in a village's register, and once more in a list.
async fn doubles(writes: &mut Writes<'_>, cadre: &Asker<'_>, list: &str) {
    for house in ["92号", "93号"] {
        let form = [
            ("house_number", house),
            ("head", "钱七"),
            ("division", STREET),
            ("occupancy", "lived-in"),
            ("from", "2020-02-01"),
        ];
        let at = location(&cadre.post("/households", &form).await);
        cadre
            .post(
                &format!("{at}/residents"),
                &[("name", "钱七"), ("relation", "户主"), ("presence", "present")],
            )
            .await;
    }
    let doubles = "/households/doubles";
    let page = cadre.get(doubles).await;
    let form = [("pair", page.value("pair")), ("verdict", "two")];
    writes.post(cadre, doubles, doubles, &form).await;
    let path = format!("{}/doubles", location(&writes.upload(cadre, "/households/import", list).await));
    let page = cadre.get(&path).await;
    let form = [("pair", page.value("pair")), ("verdict", "same")];
    writes.post(cadre, "/households/import/{id}/doubles", &path, &form).await;
}

async fn stewards(writes: &mut Writes<'_>, cadre: &Asker<'_>, headquarters: &Asker<'_>) {
    let form = [("name", "接班人"), ("phone", "12900000007"), ("branch", ""), ("division", STREET)];
    let added = location(&writes.post(cadre, "/stewards/people", "/stewards/people", &form).await);
    let id = added.rsplit('/').next().unwrap().to_owned();
    writes.post(cadre, &format!("{STEWARD}/change"), &format!("{added}/change"), &form).await;
    writes.post(cadre, &format!("{STEWARD}/call"), &format!("{added}/call"), &[]).await;
    let give = [("pick", "household:1:1"), ("to", id.as_str()), ("from", "2020-02-03")];
    let path = format!("/stewards/streets/{STREET}");
    writes.post(cadre, "/stewards/streets/{division}", &path, &give).await;
    let back = [("pick", &*format!("household:1:{id}")), ("to", "1"), ("from", "2020-02-03")];
    writes.post(cadre, &format!("{STEWARD}/hand-over"), &format!("{added}/hand-over"), &back).await;
    let days = [("to", "2"), ("first", "2020-02-04"), ("last", "2020-02-04")];
    writes.post(cadre, &format!("{STEWARD}/stand-ins"), &format!("{added}/stand-ins"), &days).await;
    let page = cadre.get(&added).await;
    let end = page.text.split("action=\"").find(|part| part.contains("/end\"")).unwrap();
    let end = end.split('"').next().unwrap().to_owned();
    writes.post(cadre, &format!("{STEWARD}/stand-ins/{{absence}}/end"), &end, &[]).await;
    let node = format!("group:{STREET}:0");
    let appoint = [("pick", node.as_str()), ("to", id.as_str()), ("from", "2020-02-03")];
    writes.post(cadre, "/stewards/nodes/{division}", &format!("/stewards/nodes/{STREET}"), &appoint).await;
    let nodes = json!([{ "level": "household", "node": 2, "steward": 1 }]);
    let free = json!({ "town": 141_023_105, "nodes": nodes, "to": null, "from": "2020-02-03" });
    writes.json(headquarters, "POST", "/api/v1/hand-overs", "/api/v1/hand-overs", &free).await;
    let path = format!("/stewards/streets/{STREET}/proposal");
    let page = cadre.get(&path).await;
    let plan = [("plan", page.value("plan")), ("most", ""), ("from", "2020-02-03")];
    writes.post(cadre, "/stewards/streets/{division}/proposal", &path, &plan).await;
}

async fn divisions(writes: &mut Writes<'_>, headquarters: &Asker<'_>) {
    let groups = "/divisions/141023105200/groups";
    writes.post(headquarters, "/divisions/{code}/groups", groups, &[("name", "三组")]).await;
    for (route, path, typed, day) in [
        ("/divisions/{code}/name", "/divisions/141023105200002/name", ("name", "南巷"), "2020-02-04"),
        ("/divisions/{code}/closure", "/divisions/141023105200003/closure", ("name", ""), "2020-02-04"),
        ("/divisions/{code}/merger", "/divisions/141023105200002/merger", ("into", STREET), "2020-02-05"),
    ] {
        writes.post(headquarters, route, path, &[typed, ("day", day)]).await;
    }
}

async fn reports(writes: &mut Writes<'_>, cadre: &Asker<'_>, compiler: &Asker<'_>) {
    let app = writes.app;
    let village = [("division", "141023105200")];
    app.clock.set(MORNING.plus_minutes(6 * 60));
    for end in ["confirmation", "confirmation/withdrawal"] {
        writes.post(cadre, &format!("{REPORTS}/{end}"), &format!("{REPORT}/{end}"), &village).await;
    }
    let compilation = format!("{REPORT}/compilation");
    writes.post(compiler, &format!("{REPORTS}/compilation"), &compilation, &[]).await;
    let report = compiler.get(&format!("/api/v1{REPORT}")).await.json();
    let at = report["compiled"]["at"].to_string();
    for end in ["check", "signature"] {
        let who = app.person(Role::ReportApprover, TOWN()).await;
        writes
            .post(&who, &format!("{REPORTS}/{end}"), &format!("{REPORT}/{end}"), &[("compiled_at", &at)])
            .await;
    }
    let late = json!({ "id": app.clock.new_id(), "town": 141_023_105, "household": 7, "outcome": "well",
        "happened_at": MORNING });
    compiler.post_json("/api/v1/checks", &json!({ "checks": [late] })).await;
    let page = compiler.get(REPORT).await;
    let form = [("why", "补录"), ("seen", page.value("seen"))];
    writes.post(compiler, &format!("{REPORTS}/corrections"), &format!("{REPORT}/corrections"), &form).await;
}

async fn rights(writes: &mut Writes<'_>, cadre: &Asker<'_>) {
    let form = [("resident", "1"), ("kind", "access"), ("wish", "想看看都记了什么")];
    let new = "/rights/new/141023105/1";
    let path = location(&writes.post(cadre, "/rights/new/{town}/{household}", new, &form).await);
    for (end, form) in [
        ("taking", vec![]),
        ("sheet", vec![("purpose", "本人申请查阅")]),
        ("answer", vec![("answer", "已当面交给本人")]),
        ("closure", vec![]),
    ] {
        let route = format!("/rights/{{town}}/{{id}}/{end}");
        writes.post(cadre, &route, &format!("{path}/{end}"), &form).await;
    }
}

async fn end(writes: &mut Writes<'_>, headquarters: &Asker<'_>, admin: &Asker<'_>) {
    let name = ("name", "襄陵镇");
    writes.post(headquarters, "/ending/request", "/ending/request", &[name]).await;
    let page = admin.get("/ending").await;
    let form = [name, ("asked_at", page.value("asked_at"))];
    writes.post(admin, "/ending/agreement", "/ending/agreement", &form).await;
    writes.post(admin, "/ending/withdrawal", "/ending/withdrawal", &[]).await;
}

#[tokio::test]
async fn every_route_that_writes_leaves_an_entry() {
    let app = TestApp::sqlite().await;
    let admin = app.person(Role::Administrator, TOWN()).await;
    let (cadre, contact) = (app.village_cadre(village(1)).await, app.contact(village(1)).await);
    let headquarters = app.headquarters().await;
    let mut writes = Writes { app: &app, done: BTreeSet::new() };
    checks(&mut writes, &cadre, &contact).await;
    register(&mut writes, &cadre).await;
    stewards(&mut writes, &cadre, &headquarters).await;
    accounts(&mut writes, &admin).await;
    divisions(&mut writes, &headquarters).await;
    reports(&mut writes, &cadre, &headquarters).await;
    rights(&mut writes, &cadre).await;
    end(&mut writes, &headquarters, &admin).await;
    let auditor = app.person(Role::Auditor, TOWN()).await;
    let form = [("purpose", "检查"), ("format", "csv")];
    writes.post(&auditor, "/audit/export", "/audit/export", &form).await;
    let writing = routes().into_iter().filter(|(_, method)| *method != Method::GET);
    let left: Vec<_> = writing
        .filter(|(path, method)| {
            let done = writes.done.iter().any(|(route, by)| route == path && method == by);
            !done && !APART.contains(&path.as_str())
        })
        .collect();
    assert!(left.is_empty(), "do these here, or say why not: {left:#?}");
    details::have_words(&app).await;
}
