//! A small town for tests: two villages of two groups each, three households to a group, and
//! people of every role, who ask through the real router. The clock stands still until moved.

mod copied;
mod town;
mod witness;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode, header};
use base::{Clock, Day, Division, Moment, Role};
use db::TestDb;
use serde_json::Value;
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::access::{Kind, Secret, start_session};
use crate::app::App;
use crate::playbook::{BUILT_IN, Playbook};
use crate::site::Settings;
use crate::vault::{Key, Source, Vault};

pub use copied::copied;
pub use town::{TOWN, account, list_key_person, village};

/// 3 February 2020, 10:00 on the town's clock: six hours before the cut-off.
pub const MORNING: Moment = Moment(1_580_695_200_000);

/// The program with a small town in it.
pub struct TestApp {
    pub app: App,
    pub clock: Clock,
    router: Router,
    /// Keeps the database until the test ends.
    pub test: TestDb,
    /// The folder of the vault's key.
    pub keys: Arc<TempDir>,
}

/// Somebody who asks.
pub struct Asker<'a> {
    app: &'a TestApp,
    secret: Option<Secret>,
    /// 0 for nobody, or where only a cookie is known.
    pub account: i64,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: axum::http::HeaderMap,
    pub text: String,
    /// The body as it came, of what is no text.
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("no JSON: {}", self.text))
    }

    /// What stands between two texts.
    pub fn between(&self, before: &str, after: &str) -> &str {
        let rest = self.text.split_once(before).unwrap_or_else(|| panic!("no {before}: {}", self.text)).1;
        rest.split(after).next().unwrap()
    }

    /// What a field of the page holds.
    pub fn value(&self, name: &str) -> &str {
        self.between(&format!("name=\"{name}\" value=\""), "\"")
    }
}

impl TestApp {
    pub async fn sqlite() -> TestApp {
        TestApp::on(TestDb::sqlite().await).await
    }

    /// Nothing where no PostgreSQL server was named.
    pub async fn postgres() -> Option<TestApp> {
        Some(TestApp::on(TestDb::postgres().await?).await)
    }

    async fn on(test: TestDb) -> TestApp {
        town::settle(&test.db).await;
        TestApp::over(test, Settings::default()).await
    }

    /// The program over a database in which a town is settled already.
    pub async fn over(test: TestDb, settings: Settings) -> TestApp {
        witness::watch(&test.db).await;
        let keys = tempfile::tempdir().expect("a temporary folder");
        Source::file(keys.path()).put(&[Key::new([7; 32])]).expect("a key");
        TestApp::of(test, Clock::fixed(MORNING), Arc::new(keys), settings).await
    }

    /// The same town under another program.
    pub async fn with(&self, settings: Settings) -> TestApp {
        TestApp::of(self.test.shared(), self.clock.clone(), self.keys.clone(), settings).await
    }

    async fn of(test: TestDb, clock: Clock, keys: Arc<TempDir>, settings: Settings) -> TestApp {
        let playbook = Playbook::parse(BUILT_IN).expect("a sound playbook");
        let source = Source::file(keys.path());
        let vault = Vault::unlock(source, &test.db).await.expect("a vault");
        let app = App::new(test.db.clone(), clock.clone(), playbook, vault, settings);
        let app = app.expect("a program");
        let router = app.router();
        TestApp { app, clock, router, test, keys }
    }

    pub fn today(&self) -> Day {
        self.app.site.playbook.time.day(self.clock.now())
    }

    /// Nobody in particular.
    pub fn stranger(&self) -> Asker<'_> {
        Asker { app: self, secret: None, account: 0 }
    }

    /// A new person with a role in a division.
    pub async fn person(&self, role: Role, division: Division) -> Asker<'_> {
        let account = town::account(&self.test.db, role, division).await;
        self.signed_in(account).await
    }

    pub async fn headquarters(&self) -> Asker<'_> {
        self.person(Role::Headquarters, TOWN()).await
    }

    pub async fn village_cadre(&self, village: Division) -> Asker<'_> {
        self.person(Role::VillageCadre, village).await
    }

    /// The contact of the first group of a village, with an account.
    pub async fn contact(&self, village: Division) -> Asker<'_> {
        let account = town::account(&self.test.db, Role::HouseholdContact, village).await;
        let group = village.child(1).expect("a group");
        town::give_account(&self.test.db, group, account).await;
        self.signed_in(account).await
    }

    pub async fn signed_in(&self, account: i64) -> Asker<'_> {
        let mut tx = self.test.db.write().await.expect("a transaction");
        // Used far ahead, so that no session locks because a test moves the clock; what locks is tested
        // with sessions that began at the door.
        let now = self.clock.now().plus_minutes(366 * 24 * 60);
        let secret = start_session(&mut tx, account, Kind::Browser, "test", now).await;
        tx.commit().await.expect("a commit");
        self.app.site.people.forget();
        Asker { app: self, secret: Some(secret.expect("a session")), account }
    }
}

impl Asker<'_> {
    pub async fn get(&self, path: &str) -> Answer {
        self.ask(Request::get(path), Body::empty()).await
    }

    pub async fn post_json(&self, path: &str, body: &Value) -> Answer {
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/json");
        self.ask(request, Body::from(body.to_string())).await
    }

    /// Whoever the cookie of an answer has let in.
    pub fn with_cookie<'b>(app: &'b TestApp, answer: &Answer) -> Option<Asker<'b>> {
        let cookie = answer.headers.get(header::SET_COOKIE)?.to_str().ok()?;
        let secret = Secret::presented(cookie.strip_prefix("firebreak=")?.split(';').next()?)?;
        Some(Asker { app, secret: Some(secret), account: 0 })
    }

    /// Posts a form; the values are encoded here.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.ask(request, Body::from(body)).await
    }

    /// Opens a form that changes what stands, and posts it with what it was filled from.
    pub async fn change(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        let page = self.get(path).await;
        let mut form = form.to_vec();
        form.push(("seen", page.value("seen")));
        self.post(path, &form).await
    }

    /// Any request, with this person's session.
    pub async fn ask(&self, mut request: axum::http::request::Builder, body: Body) -> Answer {
        if let Some(secret) = &self.secret {
            request = request.header(header::COOKIE, format!("firebreak={}", secret.reveal()));
        }
        let request = request.body(body).expect("a request");
        let asked = format!("{} {}", request.method(), request.uri());
        let before = witness::marks(&self.app.test.db).await;
        let response = self.app.router.clone().oneshot(request).await.expect("an answer");
        let answer = read(response).await;
        if let (Some(before), Some(after)) = (before, witness::marks(&self.app.test.db).await) {
            assert!(!after.unaudited(before), "{asked} changed something and left no audit entry");
        }
        answer
    }
}

async fn read(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let kind = parts.headers.get(header::CONTENT_TYPE);
    // A stream of events never ends.
    if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/event-stream")) {
        return Answer { status: parts.status, headers: parts.headers, text: String::new(), bytes: vec![] };
    }
    let bytes = axum::body::to_bytes(body, usize::MAX).await.expect("a body");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Answer { status: parts.status, headers: parts.headers, text, bytes: bytes.into() }
}

/// A test of the whole program, run on both engines: `on_both_engines! { async fn name(app) {} }`
/// where `app` is a `&TestApp`.
macro_rules! on_both_engines {
    ($(async fn $name:ident($app:ident) $body:block)+) => { $(
        mod $name {
            use super::*;

            async fn told($app: &crate::testing::TestApp) $body

            #[tokio::test]
            async fn sqlite() {
                told(&crate::testing::TestApp::sqlite().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(app) = crate::testing::TestApp::postgres().await {
                    told(&app).await;
                }
            }
        }
    )+ };
}
pub(crate) use on_both_engines;
