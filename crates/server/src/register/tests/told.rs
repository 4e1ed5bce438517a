//! What a list brings besides people: their contacts, and streets that are not there yet.

use axum::http::StatusCode;
use base::Role;

use super::import::{confirm, count, family, list, outcomes, preview, reasons, upload};
use super::location;
use crate::testing::{on_both_engines, village};

on_both_engines! {
    async fn another_contact_is_told_from_whom_to_whom_and_not_changed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let (path, page) = preview(&cadre, &family().replace("包户1", "包户2")).await;
        assert_eq!(outcomes(&page), [0, 4, 1, 0]);
        assert!(page.contains("包户人：现在是包户1，表上是包户2，没有换"), "{page}");
        confirm(&cadre, &path, &page, "true").await;
        let one = cadre.get("/api/v1/households/141023105/13").await.json();
        assert_eq!(one["responsible"]["contact"]["name"], "包户1");
    }

    async fn the_sample_table_can_be_downloaded_and_taken_in(app) {
        let cadre = app.village_cadre(village(1)).await;
        let page = cadre.get("/households/import").await;
        let sample = cadre.get(page.between("<p><a href=\"", "\" download=")).await;
        assert_eq!(sample.status, StatusCode::OK);
        let answer = upload(&cadre, sample.text.as_bytes(), &village(1).code()).await;
        let page = cadre.get(&location(&answer)).await.text;
        assert_eq!(outcomes(&page), [6, 0, 0, 0], "{page}");
    }

    async fn streets_that_a_list_names_are_made_when_it_is_confirmed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let rows = list(&[
            "1,,户主,钱一,男,,,,东街村,九组,1号,,,,,",
            "2,,户主,钱二,男,,,,东街村,第9小组,2号,,,,,",
            "3,,户主,钱三,男,,,,东街村,鼓楼巷,3号,,,,,",
            "4,,户主,钱四,男,,,,东街村,无,4号,,,,,",
        ]);
        let made = "division WHERE name IN ('九组', '鼓楼巷')";
        // The lead of a street makes none.
        let lead = app.person(Role::StreetLead, village(1)).await;
        let (path, page) = preview(&lead, &rows).await;
        assert_eq!(outcomes(&page), [0, 0, 0, 4]);
        assert!(reasons(&lead, &path, "rejected").await.contains("没有“九组”"));
        let (path, page) = preview(&cadre, &rows).await;
        // People live in the village already: another street may be one of theirs, written otherwise.
        assert_eq!(outcomes(&page), [0, 0, 3, 1]);
        assert!(page.contains("会新设 2 个组、街：东街村 九组、东街村 鼓楼巷"), "{page}");
        assert_eq!((count(app, made).await, count(app, "audit_entry WHERE action = 'division.add'").await), (0, 0));
        assert_eq!(confirm(&cadre, &path, &page, "true").await.status, StatusCode::SEE_OTHER);
        assert_eq!((count(app, made).await, count(app, "audit_entry WHERE action = 'division.add'").await), (2, 2));
        assert!(cadre.get(&path).await.text.contains("导入好了：新设 2 个组、街，3 户新户，3 人"));
        let there = "household_span s JOIN division d ON d.code = s.division WHERE d.name = '九组'";
        assert_eq!(count(app, there).await, 2);
        assert_eq!(outcomes(&preview(&cadre, &rows).await.1), [0, 3, 0, 1]);
    }
}
