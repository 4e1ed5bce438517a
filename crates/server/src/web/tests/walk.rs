//! Which pages there are, who opens them, and a town with something on each of them.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base::{Clock, Role};
use serde_json::{Value, json};

use crate::accounts::make_slip;
use crate::rounds::open_day;
use crate::testing::{Asker, MORNING, TOWN, TestApp, list_key_person};

use Role::{Administrator, Auditor, Headquarters, HouseholdContact, SuperiorObserver};

/// What answers with something else than a page of its own: a file, a stream of events, the way to
/// another page. The demonstration's door and the unlocking page have a test of their own.
pub const NO_PAGES: &[&str] = &[
    "/",
    "/assets/{version}/{*name}",
    "/demo",
    "/demo/as/{role}",
    "/ending/certificate",
    "/findings/live",
    "/healthz",
    "/households/import/{id}/rejected",
    "/reports/{town}/{day}/file",
    "/round",
    "/round/{division}/live",
    "/unlock",
    "/wall",
];

/// A page: its route, whose it is, and the addresses at which it is looked at.
type Shown = (&'static str, Option<Role>, &'static [&'static str]);

/// Every page of the program.
pub const PAGES: &[Shown] = &[
    ("/accounts", Some(Administrator), &["/accounts", "/accounts?q=nobody"]),
    ("/accounts/import", Some(Administrator), &["/accounts/import"]),
    ("/accounts/new", Some(Administrator), &["/accounts/new"]),
    ("/accounts/stewards", Some(Administrator), &["/accounts/stewards"]),
    ("/accounts/stewards/{town}/{id}", Some(Administrator), &["/accounts/stewards/141023105/2"]),
    ("/accounts/{id}", Some(Administrator), &["/accounts/1"]),
    ("/audit", Some(Auditor), &["/audit", "/audit?action=report.seal", "/audit?from=2030-01-01"]),
    (
        "/checks/{town}/{household}",
        Some(Headquarters),
        &["/checks/141023105/1", "/checks/141023105/1?corrects={check}", "/checks/141023105/5"],
    ),
    ("/divisions", Some(Headquarters), &["/divisions", "/divisions?q=bj", "/divisions?q=nowhere"]),
    ("/divisions/{code}", Some(Headquarters), &["/divisions/141023105000", "/divisions/141023105200"]),
    ("/divisions/{code}/closure", Some(Headquarters), &["/divisions/141023105200001/closure"]),
    ("/divisions/{code}/merger", Some(Headquarters), &["/divisions/141023105201/merger"]),
    ("/divisions/{code}/name", Some(Headquarters), &["/divisions/141023105200/name"]),
    ("/ending", Some(Headquarters), &["/ending"]),
    (
        "/findings",
        Some(Headquarters),
        &["/findings", "/findings?kind=fever&day=2020-02-03", "/findings?state=closed"],
    ),
    (
        "/findings/{town}/{id}",
        Some(Headquarters),
        &["/findings/141023105/{finding}", "/findings/141023105/{taken}"],
    ),
    ("/first-steps", Some(Administrator), &["/first-steps"]),
    ("/households", Some(Headquarters), &["/households"]),
    (
        "/households/doubles",
        Some(Headquarters),
        &["/households/doubles", "/households/doubles?under=141023105200&show=decided"],
    ),
    (
        "/households/export",
        Some(Headquarters),
        &["/households/export", "/households/export?under=141023105200"],
    ),
    ("/households/import", Some(Headquarters), &["/households/import"]),
    ("/households/import/{id}", Some(Headquarters), &["{upload}"]),
    ("/households/import/{id}/columns", Some(Headquarters), &["{upload}/columns"]),
    ("/households/imports", Some(Headquarters), &["/households/imports"]),
    ("/households/imports/{id}", Some(Headquarters), &["/households/imports/{import}"]),
    (
        "/households/import/{id}/doubles",
        Some(Headquarters),
        &["{upload}/doubles", "{upload}/doubles?show=later"],
    ),
    ("/households/new", Some(Headquarters), &["/households/new"]),
    ("/households/{town}/{id}", Some(Headquarters), &["/households/141023105/1"]),
    ("/households/movements", Some(Headquarters), &["/households/movements"]),
    ("/households/{town}/{id}/head", Some(Headquarters), &["/households/141023105/1/head"]),
    ("/households/{town}/{id}/leaving", Some(Headquarters), &["/households/141023105/1/leaving"]),
    ("/households/{town}/{id}/history", Some(Headquarters), &["/households/141023105/1/history"]),
    ("/households/{town}/{id}/readers", Some(Auditor), &["/households/141023105/1/readers"]),
    ("/households/{town}/{id}/edit", Some(Headquarters), &["/households/141023105/1/edit"]),
    ("/households/{town}/{id}/residents", Some(Headquarters), &["/households/141023105/1/residents"]),
    (
        "/households/{town}/{id}/residents/{resident}",
        Some(Headquarters),
        &["/households/141023105/1/residents/1"],
    ),
    (
        "/households/{town}/{id}/residents/{resident}/history",
        Some(Headquarters),
        &["/households/141023105/1/residents/1/history"],
    ),
    ("/households/{town}/{id}/turn", Some(Headquarters), &["/households/141023105/1/turn"]),
    ("/me", Some(Headquarters), &["/me"]),
    ("/me/password", Some(Headquarters), &["/me/password"]),
    ("/my-households", Some(HouseholdContact), &["/my-households"]),
    ("/my-households/apart", Some(HouseholdContact), &["/my-households/apart"]),
    ("/records", Some(Headquarters), &["/records"]),
    ("/reports", Some(Headquarters), &["/reports"]),
    (
        "/reports/{town}/{day}",
        Some(Headquarters),
        &["/reports/141023105/2020-02-03", "/reports/141023105/2020-02-02"],
    ),
    (
        "/round/{division}/{day}",
        Some(Headquarters),
        &[
            "/round/141023105000000/2020-02-03",
            "/round/141023105200000/2020-02-03",
            "/round/141023105200001/2020-02-03",
            "/round/141023105000000/2020-02-03?state=unreachable",
            "/round/141023105000000/2020-02-03?state=late",
            "/round/141023105000000/2020-02-03?state=reached",
        ],
    ),
    ("/round/{division}/{day}/apart", Some(Headquarters), &["/round/141023105200000/2020-02-03/apart"]),
    (
        "/round/{division}/{day}/key-persons",
        Some(Headquarters),
        &["/round/141023105000000/2020-02-03/key-persons"],
    ),
    ("/round/{division}/{day}/paper", Some(Headquarters), &["/round/141023105200002/2020-02-03/paper"]),
    (
        "/round/{division}/{day}/paper/sheet",
        Some(Headquarters),
        &["/round/141023105200002/2020-02-03/paper/sheet"],
    ),
    ("/notice", None, &["/notice"]),
    ("/rights", Some(Headquarters), &["/rights"]),
    ("/rights/new/{town}/{household}", Some(Headquarters), &["/rights/new/141023105/1"]),
    (
        "/rights/{town}/{id}",
        Some(Headquarters),
        &["/rights/141023105/{request}", "/rights/141023105/{deletion}"],
    ),
    ("/sign-in", None, &["/sign-in"]),
    ("/slip", None, &["/slip"]),
    ("/slip/{code}", None, &["/slip/{slip}"]),
    (
        "/stewards",
        Some(Headquarters),
        &[
            "/stewards?division=141023105000000",
            "/stewards?division=141023105200000",
            "/stewards?division=141023105200001",
        ],
    ),
    (
        "/stewards/gaps",
        Some(Headquarters),
        &[
            "/stewards/gaps?level=group&division=141023105000000",
            "/stewards/gaps?level=household&division=141023105000000",
        ],
    ),
    ("/stewards/households/{town}/{id}", Some(Headquarters), &["/stewards/households/141023105/1"]),
    (
        "/stewards/nodes/{division}",
        Some(Headquarters),
        &["/stewards/nodes/141023105000000", "/stewards/nodes/141023105200001"],
    ),
    ("/stewards/people", Some(Headquarters), &["/stewards/people", "/stewards/people?q=nobody"]),
    ("/stewards/people/new", Some(Headquarters), &["/stewards/people/new"]),
    ("/stewards/people/{town}/{id}", Some(Headquarters), &["/stewards/people/141023105/1"]),
    ("/stewards/people/{town}/{id}/change", Some(Headquarters), &["/stewards/people/141023105/1/change"]),
    ("/stewards/streets/{division}", Some(Headquarters), &["/stewards/streets/141023105200001"]),
    (
        "/stewards/streets/{division}/proposal",
        Some(Headquarters),
        &["/stewards/streets/141023105200001/proposal"],
    ),
    ("/wall/{division}", Some(SuperiorObserver), &["/wall/141023105000000", "/wall/141023105200000"]),
];

/// What addresses name that was made here.
pub struct Made {
    /// Headquarters' account: nobody else sees a list that waits to be taken over.
    pub headquarters: i64,
    finding: String,
    taken: String,
    check: String,
    upload: String,
    import: String,
    slip: String,
    request: String,
    deletion: String,
}

impl Made {
    pub fn fill(&self, address: &str) -> String {
        let names = [
            ("{finding}", &self.finding),
            ("{taken}", &self.taken),
            ("{check}", &self.check),
            ("{upload}", &self.upload),
            ("{import}", &self.import),
            ("{slip}", &self.slip),
            ("{request}", &self.request),
            ("{deletion}", &self.deletion),
        ];
        names.into_iter().fold(address.to_owned(), |address, (name, value)| address.replace(name, value))
    }
}

/// A morning on which something of everything happened, after a day whose report is sealed.
pub async fn make(app: &TestApp) -> Made {
    let headquarters = app.headquarters().await;
    list_key_person(&app.test.db, 1, app.today().plus(-3)).await;
    open(app).await;
    seal_yesterday(app, &headquarters).await;
    let check = told(&headquarters).await;
    let listed = headquarters.get("/api/v1/findings").await.json();
    let id = |n: usize| listed["findings"][n]["id"].as_str().expect("a finding").to_owned();
    step(&headquarters, &id(1), "taking", &[]).await;
    step(&headquarters, &id(2), "closure", &[("note", "已送药")]).await;
    Made {
        headquarters: headquarters.account,
        finding: id(0),
        taken: id(1),
        check,
        import: import(&headquarters).await,
        upload: upload(&headquarters, WAITING).await,
        slip: slip(app, headquarters.account).await,
        request: request(&headquarters, "access").await,
        deletion: request(&headquarters, "deletion").await,
    }
}

async fn open(app: &TestApp) {
    let mut tx = app.test.db.write().await.unwrap();
    for day in [app.today().previous(), app.today()] {
        open_day(&mut tx, TOWN().town(), day, MORNING).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Two households' checks: one tells of everything there is, one reached nobody. Gives the first.
async fn told(who: &Asker<'_>) -> String {
    let check = |household: i64, rest: Value| {
        let mut check = json!({ "id": Clock::fixed(MORNING).new_id().to_string(), "town": 141_023_105,
            "household": household, "happened_at": MORNING });
        check.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        check
    };
    let answers = json!({
        "residents": [
            { "resident": 1, "temperature": 38.2, "symptoms": ["dry-cough"] },
            { "resident": 2, "back": { "from": "武汉", "on": "2020-02-01", "transport": "train" } },
        ],
        "visitors": [{ "name": "来客", "from": "临汾" }], "needs": ["medicine"], "note": "降压药",
    });
    let first = check(1, json!({ "outcome": "detailed", "answers": answers }));
    let second = check(2, json!({ "outcome": "unreachable", "reason": "nobody-home" }));
    let answer = who.post_json("/api/v1/checks", &json!({ "checks": [first, second] })).await;
    assert_eq!(answer.json()["results"][1]["result"], "stored", "{}", answer.text);
    first["id"].as_str().unwrap().to_owned()
}

async fn step(who: &Asker<'_>, finding: &str, step: &str, form: &[(&str, &str)]) {
    let answer = who.post(&format!("/findings/141023105/{finding}/{step}"), form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
}

async fn seal_yesterday(app: &TestApp, headquarters: &Asker<'_>) {
    let page = "/reports/141023105/2020-02-02";
    let approvers =
        [app.person(Role::ReportApprover, TOWN()).await, app.person(Role::ReportApprover, TOWN()).await];
    let done = headquarters.post(&format!("{page}/compilation"), &[]).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    let report = headquarters.get(&format!("/api/v1{page}")).await.json();
    let at = report["compiled"]["at"].to_string();
    for (approver, step) in approvers.iter().zip(["check", "signature"]) {
        let done = approver.post(&format!("{page}/{step}"), &[("compiled_at", &at)]).await;
        assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.text);
    }
}

/// A list that was taken over; its number.
async fn import(who: &Asker<'_>) -> String {
    let path = upload(who, "1,来客,户主,东街村,一组,77号").await;
    let digest = who.get(&path).await.value("digest").to_owned();
    let answer = who.post(&path, &[("digest", &digest)]).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    path.rsplit('/').next().expect("a number").to_owned()
}

/// A row that fits, one that does not, and two who may be others.
const WAITING: &str = "1,王建国,户主,东街村,一组,88号\n2,王建国,户主,无此村,一组,89号\n\
                       3,王建国,户主,东街村,二组,90号\n4,居民1,户主,东街村,二组,91号";

/// A list that waits to be taken over, of these rows; its address.
async fn upload(who: &Asker<'_>, rows: &str) -> String {
    let list = format!("户号,姓名,与户主关系,村,组,门牌号\n{rows}\n");
    let body = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"village\"\r\n\r\n\r\n--edge\r\nContent-Disposition: \
         form-data; name=\"file\"; filename=\"list.csv\"\r\n\r\n{list}\r\n--edge--\r\n"
    );
    let request = Request::post("/households/import")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    let answer = who.ask(request, Body::from(body)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap().to_owned()
}

/// What somebody of household 1 asks.
async fn request(who: &Asker<'_>, kind: &str) -> String {
    let form = [("resident", "1"), ("kind", kind), ("wish", "想看看都记了什么")];
    let answer = who.post("/rights/new/141023105/1", &form).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
    answer.headers[header::LOCATION].to_str().unwrap().rsplit('/').next().unwrap().to_owned()
}

async fn slip(app: &TestApp, account: i64) -> String {
    let mut tx = app.test.db.write().await.unwrap();
    let code = make_slip(&mut tx, &app.app.site.vault, account, app.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    code.grouped()
}
