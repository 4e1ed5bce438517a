//! Whoever has roles in several places chooses among them above the figures.

use super::*;

/// Runs a statement that the program has no way for.
async fn run(app: &TestApp, sql: &'static str) {
    let mut tx = app.test.db.write().await.unwrap();
    db::on_db!(tx, c => sqlx::query(sql).execute(c).await.map(|_| ())).unwrap();
    tx.commit().await.unwrap();
}

/// Another town of the county is run with this program too.
async fn add_town(app: &TestApp) {
    run(app, "INSERT INTO division (code, name, initials, from_day) VALUES (141023106000000, '新城镇', 'xcz', 20200101)").await;
    run(app, "INSERT INTO operation (town, name, started_day, demonstration) VALUES (141023106, '新城镇', 20200125, FALSE)").await;
}

/// The places to choose from: address, name, whether it is shown.
fn choices(page: &str) -> Vec<(String, String, bool)> {
    let Some((_, rest)) = page.split_once("aria-label=\"换一个地方看\">") else { return Vec::new() };
    let nav = rest.split("</nav>").next().unwrap();
    let choice = |part: &str| {
        let (path, rest) = part.split_once('"').unwrap();
        let (attributes, rest) = rest.split_once('>').unwrap();
        let name = rest.split('<').next().unwrap();
        (path.to_owned(), name.to_owned(), attributes.contains("aria-current"))
    };
    nav.split("<a href=\"").skip(1).map(choice).collect()
}

const FIRST: &str = "/round/141023105000000/2020-02-03";
const SECOND: &str = "/round/141023106000000/2020-02-03";

on_both_engines! {
    async fn who_observes_several_towns_chooses_the_town(app) {
        add_town(app).await;
        let observer = app.person(Role::SuperiorObserver, TOWN()).await;
        assert_eq!(choices(&observer.get(FIRST).await.text), [], "of one there is no choice");
        run(app, "INSERT INTO appointment (account, role, division) SELECT account, role, 141023106000000 \
                  FROM appointment WHERE role = 'superior-observer'").await;
        let observer = app.signed_in(observer.account).await;
        assert_eq!(location(&observer.get("/round").await), FIRST);
        let both = |first: bool| {
            [(FIRST.to_owned(), "襄陵镇".to_owned(), first), (SECOND.to_owned(), "新城镇".to_owned(), !first)]
        };
        assert_eq!(choices(&observer.get(FIRST).await.text), both(true));
        assert_eq!(choices(&observer.get(SECOND).await.text), both(false));
        let village = observer.get("/round/141023105200000/2020-02-03").await.text;
        assert_eq!(choices(&village), both(true));
        let wall = observer.get("/wall/141023105000000").await.text;
        assert!(wall.contains("<a href=\"/wall/141023106000000\">新城镇</a>"), "{wall}");
    }

    async fn who_observes_a_county_chooses_among_the_towns_that_are_run(app) {
        add_town(app).await;
        let county = base::Division::from_code("141023").unwrap();
        let observer = app.person(Role::SuperiorObserver, county).await;
        assert_eq!(location(&observer.get("/round").await), FIRST);
        let names: Vec<_> = choices(&observer.get(SECOND).await.text).into_iter().map(|choice| choice.1).collect();
        assert_eq!(names, ["襄陵镇", "新城镇"]);
    }
}
