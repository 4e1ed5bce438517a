//! Lists that say otherwise than the register.

use axum::http::StatusCode;

use super::IDENTITY;
use super::import::{confirm, digest, family, list, outcomes, preview, reasons, rows};
use crate::testing::{on_both_engines, village};

on_both_engines! {
    async fn what_a_list_says_otherwise_is_shown_old_and_new_and_changed_when_confirmed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let changed = family().replace("12900000412", "12900000413").replace(",妻,", ",配偶,");
        for changes in [None, Some(("changes", "true"))] {
            let (path, page) = preview(&cadre, &changed).await;
            assert_eq!((outcomes(&page), rows(&page, "有变化")), ([0, 3, 0, 0], 2));
            for told in ["电话：129****0412 → 129****0413", "与户主关系：妻 → 配偶",                 "按表改这 2 人的资料"] {
                assert!(page.contains(told), "{told}: {page}");
            }
            assert!(!page.contains("12900000413"));
            let form = [("digest", digest(&page))];
            let mut form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
            form.extend(changes);
            assert_eq!(cadre.post(&path, &form).await.status, StatusCode::SEE_OTHER);
            let one = cadre.get("/api/v1/households/141023105/13").await.json();
            let [phone, relation] = if changes.is_some() { ["129****0413", "配偶"] } else { ["129****0412", "妻"] };
            assert_eq!(one["residents"][0]["phone"], phone);
            assert_eq!(one["phone"], phone, "the household's number is its head's");
            assert_eq!(one["residents"][1]["relation"], relation);
            assert_eq!(cadre.get(&path).await.text.contains("改了 2 人的资料"), changes.is_some());
        }
        let (_, again) = preview(&cadre, &changed).await;
        assert_eq!(outcomes(&again), [0, 5, 0, 0]);
        let sql = "SELECT detail FROM audit_entry WHERE action = 'resident.change'";
        let mut tx = app.test.db.read().await.unwrap();
        let trail: Vec<String> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert_eq!(trail.len(), 2);
        assert!(trail.iter().any(|entry| entry.contains("\"relation\":{\"")) && !trail.concat().contains("配偶"));
    }

    async fn who_is_said_to_be_away_or_back_is_changed_when_confirmed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        // Told by a check of the day, which may be taken back.
        let told = "UPDATE resident SET told_day = 20200203, before_presence = 'present' WHERE name = '王小兵'";
        let mut tx = app.test.db.write().await.unwrap();
        db::on_db!(tx, c => sqlx::query(told).execute(c).await.map(|_| ())).unwrap();
        tx.commit().await.unwrap();
        let turned = family().replace("本村,在家,,独居", "本村,外出,长治市,独居").replace("外出,太原市", "在家,");
        let (path, page) = preview(&cadre, &turned).await;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([0, 3, 0, 0], 2));
        for told in ["在家外出：在家 → 在外", "在外地点：空 → 长治市", "在家外出：在外 → 在家"] {
            assert!(page.contains(told), "{told}: {page}");
        }
        let form = [("digest", &*digest(&page)), ("changes", "true")];
        assert_eq!(cadre.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        let sql = "SELECT presence, whereabouts, told_day FROM resident WHERE name IN ('王建国', '王小兵') ORDER BY id";
        let mut tx = app.test.db.read().await.unwrap();
        let stand: Vec<(String, String, Option<i32>)> =
            db::on_db!(tx, c => sqlx::query_as(sql).fetch_all(c).await).unwrap();
        let said = [("away", "长治市"), ("present", "")];
        assert_eq!(stand, said.map(|(presence, place)| (presence.to_owned(), place.to_owned(), None)));
        let sql = "SELECT detail FROM audit_entry WHERE action = 'resident.change'";
        let trail: Vec<String> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert!(trail.len() == 2 && trail.iter().all(|entry| entry.contains("\"away\":")), "{trail:?}");
        assert!(!trail.concat().contains("长治市"));
        drop(tx);
        // A place that the list leaves out stays, and so does where somebody is of whom it says nothing.
        for (now, then) in [("长治市", ""), ("外出,长治市", ",")] {
            assert_eq!(outcomes(&preview(&cadre, &turned.replace(now, then)).await.1), [0, 5, 0, 0], "{now}");
        }
    }

    async fn what_a_list_does_not_say_stays_and_a_blank_is_filled(app) {
        let cadre = app.village_cadre(village(1)).await;
        let first = "户号,姓名,与户主关系,村,组,门牌号,户籍\n1,钱一,户主,东街村,一组,92号,外来\n";
        let (path, page) = preview(&cadre, first).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let second = format!("户号,姓名,身份证号,村,组,门牌号\n1,钱一,{IDENTITY},东街村,一组,92号\n");
        let (path, page) = preview(&cadre, &second).await;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([0, 0, 1, 0], 0), "a name and a house alone");
        assert!(page.contains("身份证号：空 → 141**************7") && !page.contains("户籍："), "{page}");
        let yes = || "true".to_owned();
        let form = [("digest", digest(&page)), ("changes", yes()), ("doubts", yes())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(cadre.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        let sql = "SELECT registration, relation, birth_day FROM resident WHERE name = '钱一'";
        let mut tx = app.test.db.read().await.unwrap();
        let stands: (String, String, Option<i32>) = db::on_db!(tx, c => sqlx::query_as(sql).fetch_one(c).await).unwrap();
        assert_eq!(stands, ("lodging".to_owned(), "户主".to_owned(), Some(19_800_209)));
    }

    async fn another_house_number_is_a_question_and_nobody_who_is_held_is_changed(app) {
        let cadre = app.village_cadre(village(1)).await;
        let (path, page) = preview(&cadre, &family()).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        let moved = family().replace("88号", "89号");
        let (path, page) = preview(&cadre, &moved).await;
        assert_eq!(outcomes(&page), [0, 4, 1, 0]);
        assert!(reasons(&cadre, &path, "doubt").await.contains("门牌和户册不同"));
        let more = family().replace(",妻,", ",配偶,") + "\n4,周五,户主,周五,男,,,,东街村,二组,93号,本村,在家,,,";
        let (_, page) = preview(&cadre, &more).await;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([1, 4, 0, 0], 1));
        assert!(page.contains("同时按表改户册里 1 人的资料") && page.contains("1 户新户，1 人，改 1 人的资料"), "{page}");
        let born = family().replace("1989年7月1日", "1989年7月2日");
        let (path, page) = preview(&cadre, &born).await;
        assert_eq!(outcomes(&page), [0, 4, 1, 0]);
        assert!(reasons(&cadre, &path, "doubt").await.contains("可能是同一个人（同名，同一户）"));
        let row = "1,王建国,妻,李秀英,男,1980/2/9,IDENTITY,12900000999,东街村,一组,88号,本村,在家,,,";
        let twice = list(&[row, row]).replace("IDENTITY", IDENTITY);
        let (path, page) = preview(&cadre, &twice).await;
        assert_eq!((outcomes(&page)[2], rows(&page, "有变化")), (1, 1), "{}", reasons(&cadre, &path, "doubt").await);
    }

    async fn who_may_be_somebody_else_or_is_called_otherwise_is_a_question(app) {
        let cadre = app.village_cadre(village(1)).await;
        let first = format!("户号,姓名,与户主关系,身份证号,村,组,门牌号,电话\n1,钱一,户主,,东街村,一组,92号,12900000412\n\
            1,李秀英,妻,{IDENTITY},东街村,一组,92号,\n");
        let (path, page) = preview(&cadre, &first).await;
        assert_eq!(confirm(&cadre, &path, &page, "false").await.status, StatusCode::SEE_OTHER);
        // Two rows may be the one resident: the second is not written over the first.
        let two = "户号,姓名,村,组,门牌号,出生日期,电话\n1,钱一,东街村,一组,92号,1980-02-01,12900990412\n\
            1,钱一,东街村,一组,92号,1990-05-01,\n";
        let (path, page) = preview(&cadre, two).await;
        assert_eq!((outcomes(&page), rows(&page, "有变化")), ([0, 0, 2, 0], 0));
        let told = reasons(&cadre, &path, "doubt").await;
        assert!(told.contains("和第 2 行的钱一可能是同一个人") && told.contains("电话：换成另一个号码"), "{told}");
        let form = [("digest", digest(&page)), ("doubts", "true".to_owned()), ("changes", "true".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(cadre.post(&path, &form).await.status, StatusCode::SEE_OTHER);
        let sql = "SELECT birth_day FROM resident WHERE name = '钱一'";
        let mut tx = app.test.db.read().await.unwrap();
        let born: Vec<Option<i32>> = db::on_db!(tx, c => sqlx::query_scalar(sql).fetch_all(c).await).unwrap();
        assert_eq!(born, [Some(19_800_201)]);
        drop(tx);
        let first = first.replace(",12900000412", ",");
        for (change, asked) in [(("李秀英,妻", "李秀芳,妻"), 1), (("李秀英,妻", "李秀英,户主"), 1), (("钱一,户主", "钱一,本人"), 0)] {
            let (_, page) = preview(&cadre, &first.replace(change.0, change.1)).await;
            assert_eq!((outcomes(&page)[2], rows(&page, "有变化")), (asked, 0), "{change:?}");
        }
    }
}
