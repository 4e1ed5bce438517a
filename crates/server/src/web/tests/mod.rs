//! Every page in every language: each route that shows one is asked with its parameters filled in
//! and its words looked at. A page without a line in [`walk::PAGES`] fails.

mod away;
mod speech;
mod walk;

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use base::Role;
use tower::ServiceExt as _;

use self::speech::{Speech, words_of};
use self::walk::{NO_PAGES, PAGES, make};
use super::Language;
use crate::access::tests::routes;
use crate::access::{Kind, start_session};
use crate::demo::{Cast, Star};
use crate::testing::{Answer, Asker, TOWN, TestApp, on_both_engines, village};

async fn ask(who: &Asker<'_>, path: &str, language: Language) -> Answer {
    who.ask(Request::get(path).header(header::ACCEPT_LANGUAGE, language.tag()), Body::empty()).await
}

/// What is wrong with a page's language, each with its place.
fn faults(path: &str, text: &str, language: Language, speech: &Speech) -> Vec<String> {
    let mut faults = speech.faults(&words_of(text), language);
    if !text.contains(&format!("<html lang=\"{}\"", language.tag())) {
        faults.push("another lang".to_owned());
    }
    faults.into_iter().map(|fault| format!("{} {path}: {fault}", language.tag())).collect()
}

#[test]
fn every_page_is_walked() {
    let shown: BTreeSet<String> = routes()
        .into_iter()
        .filter(|(path, method)| method == Method::GET && !path.starts_with("/api/"))
        .map(|(path, _)| path)
        // Its methods stand in a variable, where the sweep does not see them.
        .chain(["/households/import".to_owned()])
        .filter(|path| !NO_PAGES.contains(&path.as_str()))
        .collect();
    let walked: BTreeSet<String> = PAGES.iter().map(|(path, _, _)| (*path).to_owned()).collect();
    assert_eq!(shown, walked, "name a new page in PAGES, or in NO_PAGES what is none");
}

#[tokio::test]
async fn every_page_speaks_all_languages() {
    let app = TestApp::sqlite().await;
    let made = make(&app).await;
    let speech = Speech::load();
    let mut wrong = Vec::new();
    for (_, role, addresses) in PAGES {
        let who = match role {
            None => app.stranger(),
            Some(Role::HouseholdContact) => app.contact(village(1)).await,
            Some(Role::Headquarters) => app.signed_in(made.headquarters).await,
            Some(role) => app.person(*role, TOWN()).await,
        };
        for (address, language) in addresses.iter().flat_map(|a| Language::ALL.map(|l| (a, l))) {
            let address = made.fill(address);
            let answer = ask(&who, &address, language).await;
            if answer.status == StatusCode::OK {
                wrong.extend(faults(&address, &answer.text, language, &speech));
            } else {
                wrong.push(format!("{address} answers {}", answer.status));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn a_locked_page_and_the_door_of_a_demonstration_speak_all_languages() {
    let mut app = TestApp::sqlite().await;
    let id = app.headquarters().await.account;
    let mut tx = app.test.db.write().await.unwrap();
    let long_ago = app.clock.now().plus_minutes(-600);
    let secret = start_session(&mut tx, id, Kind::Browser, "test", long_ago).await.unwrap();
    tx.commit().await.unwrap();
    let town = sim::Town::settle(8, app.today(), &sim::Site::xiangling(), 210, 0);
    let cast = Cast::of(&town, |_| true);
    let stars = cast.stars().to_vec();
    app.app.cast = Some(cast);
    let speech = Speech::load();
    let mut wrong = Vec::new();
    let locked = format!("firebreak={}", secret.reveal());
    let doors = [("/unlock", locked.as_str()), ("/demo", "")];
    for ((path, cookie), language) in doors.into_iter().flat_map(|d| Language::ALL.map(|l| (d, l))) {
        let request = Request::get(path).header(header::ACCEPT_LANGUAGE, language.tag());
        let request = request.header(header::COOKIE, cookie);
        let response = app.app.router().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{path}");
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let data = |text: String, star: &Star| text.replace(&star.place, "").replace(&star.name, "");
        wrong.extend(faults(path, &stars.iter().fold(text, data), language, &speech));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_page_with_words_of_another_language_is_named() {
    let speech = Speech::load();
    let page = |lang: &str, text: &str| format!("<html lang=\"{lang}\"><body><p>{text}</p></body></html>");
    let found = |lang: &str, text: &str, language| faults("/x", &page(lang, text), language, &speech).len();
    assert_eq!(found("en", "Save", Language::English), 0);
    assert_eq!(found("en", "居民1 一组", Language::English), 0, "data stays as it is");
    assert_eq!(found("en", "保存", Language::English), 1);
    assert_eq!(found("zh-Hans", "保存", Language::English), 2);
    assert_eq!(found("zh-Hant", "还没查", Language::Traditional), 1);
    assert_eq!(found("zh-Hans", "還沒查", Language::Simplified), 1);
    assert_eq!(found("en", "state-silent", Language::English), 1);
    assert_eq!(found("en", "{ $n } left", Language::English), 1);
    assert_eq!(found("en", "No localization for id: \"x\"", Language::English), 1);
    let label = "<html lang=\"en\"><input placeholder=\"搜索\">";
    assert_eq!(faults("/x", label, Language::English, &speech).len(), 1);
}

on_both_engines! {
    async fn control_characters_are_spaces_in_a_form_and_refused_in_json_and_addresses(app) {
        let cadre = app.village_cadre(village(1)).await;
        let form = [("head", "王\u{0}建国"), ("house_number", "7号"), ("address", "东\u{0}街\u{b}7\u{1f}号")];
        let edit = "/households/141023105/1/edit";
        assert_eq!(cadre.change(edit, &form).await.status, StatusCode::SEE_OTHER);
        assert!(cadre.get("/households/141023105/1").await.text.contains("东 街 7 号"));
        let list = "户号,户主,与户主关系,姓名,性别,村,组,门牌号\n1,赵六,户主,赵\u{b}六,男,东街村,一组,91号\n";
        let body = format!("--cut\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.csv\"\r\n\r\n{list}\r\n--cut--\r\n");
        let request = Request::post("/households/import").header(header::CONTENT_TYPE, "multipart/form-data; boundary=cut");
        let answer = cadre.ask(request, Body::from(body)).await;
        assert!(answer.status == StatusCode::SEE_OTHER || answer.status == StatusCode::OK, "{}", answer.text);
        let note = serde_json::json!({ "note": "一\u{0}二" });
        let answer = cadre.post_json("/api/v1/findings/141023105/0190163d-8694-739b-aea5-966c26f8ad91/closure", &note).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(answer.json()["detail"].as_str().unwrap().contains("U+0000"), "{}", answer.text);
        for address in ["/households?q=%00", "/api/v1/households?q=a%00", "/divisions/%00", "/stewards/people?q=%00"] {
            assert_eq!(cadre.get(address).await.status, StatusCode::UNPROCESSABLE_ENTITY, "{address}");
        }
    }
}
