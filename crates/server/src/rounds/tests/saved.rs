//! What a form has saved is said on the page that follows, where it can be taken back.

use super::*;

on_both_engines! {
    async fn a_form_that_is_saved_says_so_and_can_be_taken_back(app) {
        let contact = app.contact(village(1)).await;
        let id = new_id(MORNING);
        let form = [("id", id.as_str()), ("outcome", "detailed"), ("temperature-1", "38.5")];
        let saved = location(&contact.post("/checks/141023105/1", &form).await);
        let page = contact.get(&saved).await;
        assert!(page.text.contains("户主2家") && page.text.contains("户主1家已记下"), "{}", page.text);
        assert_eq!(figure(app, FEVERS).await, 1);
        let undo = page.between("action=\"/checks/undo\"", "</form>").to_owned();
        let value = |name: &str| undo.split(&format!("name=\"{name}\" value=\"")).nth(1).unwrap().split('"').next().unwrap();
        let undo = ["id", "town", "household", "corrects"].map(|name| (name, value(name)));
        let back = contact.post("/checks/undo", &undo).await;
        assert_eq!(location(&back), "/checks/141023105/1", "it can be told anew");
        assert_eq!((figure(app, FEVERS).await, figure(app, DONE).await), (0, 0));
        // What was taken back is no longer said, nor a check to whoever does not reach its household.
        assert!(!contact.get(&saved).await.text.contains("已记下"));
        let id = new_id(MORNING);
        contact.post("/checks/141023105/1", &[("id", &*id), ("reason", "refused")]).await;
        let said = format!("?saved={id}&town=141023105");
        let other = app.contact(village(2)).await;
        assert!(!other.get(&format!("/checks/141023105/7{said}")).await.text.contains("已记下"));
        // Also to the village's desk, on the list it goes back to.
        let cadre = app.village_cadre(village(1)).await;
        let form = [("id", new_id(MORNING)), ("outcome", "well".to_owned())];
        let form = form.each_ref().map(|(name, value)| (*name, value.as_str()));
        let list = location(&cadre.post("/checks/141023105/2", &form).await);
        assert!(list.starts_with("/round/") && cadre.get(&list).await.text.contains("户主2家已记下"), "{list}");
    }

    async fn putting_right_is_said_to_be_saved_and_not_taken_back_with_what_it_put_right(app) {
        let contact = app.contact(village(1)).await;
        let (first, second) = (new_id(MORNING), new_id(MORNING));
        contact.post("/checks/141023105/1", &[("id", &*first), ("outcome", "well")]).await;
        let right = [("id", &*second), ("corrects", &*first), ("outcome", "detailed"), ("temperature-1", "36.5")];
        let saved = location(&contact.post("/checks/141023105/1", &right).await);
        let page = contact.get(&saved).await.text;
        assert!(page.contains("户主1家已记下") && !page.contains(">撤销<"), "{page}");
    }

    async fn a_page_that_is_opened_again_the_next_day_does_not_say_what_was_saved_the_day_before(app) {
        let contact = app.contact(village(1)).await;
        let id = new_id(MORNING);
        contact.post("/checks/141023105/1", &[("id", &*id), ("outcome", "well")]).await;
        let saved = format!("/my-households?saved={id}&town=141023105");
        assert!(contact.get(&saved).await.text.contains("户主1家已记下"));
        app.clock.set(MORNING.plus_minutes(14 * 60));
        let page = contact.get(&saved).await.text;
        assert!(page.contains("户主1") && !page.contains("已记下"), "{page}");
    }
}
