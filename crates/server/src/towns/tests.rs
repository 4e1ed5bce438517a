//! Founding a town, on both engines.

use base::{Clock, Division};
use db::{Db, on_both, on_db};

use super::{Founded, Founding, Refused, Seat, found, settled};
use crate::divisions;
use crate::playbook::{BUILT_IN, Playbook};
use crate::testing::MORNING;
use crate::vault::Vault;

fn xiangling() -> Division {
    Division::from_code("141023105").unwrap()
}

fn founding(csv: &str) -> Founding<'static> {
    Founding {
        town: xiangling(),
        sheet: Some(divisions::read(csv.as_bytes()).unwrap()),
        name: None,
        administrator: Seat { login: "admin", name: "系统管理员" },
        headquarters: Seat { login: "zhihuibu", name: "指挥部" },
    }
}

async fn run(db: &Db, founding: Founding<'_>) -> Result<Founded, Refused> {
    let playbook = Playbook::parse(BUILT_IN).unwrap();
    found(db, &Clock::fixed(MORNING), &Vault::new([7; 32]), &playbook, founding).await
}

async fn count(db: &Db, sql: &'static str) -> i64 {
    let mut tx = db.read().await.unwrap();
    on_db!(tx, c => sqlx::query_scalar(sql).fetch_one(c).await).unwrap()
}

async fn is_empty(db: &Db) -> bool {
    let sql = "SELECT (SELECT COUNT(*) FROM operation) + (SELECT COUNT(*) FROM division) \
               + (SELECT COUNT(*) FROM account)";
    count(db, sql).await == 0
}

on_both! {
    async fn the_built_in_town_is_founded_with_its_villages_and_two_slips(db) {
        let founded = run(db, founding(sim::XIANGLING)).await.unwrap();
        assert_eq!((founded.name.as_str(), founded.villages, founded.cut_off.as_str()), ("襄陵镇", 29, "16:00"));
        let [administrator, headquarters] = &founded.slips;
        assert_eq!((administrator.0.as_str(), headquarters.0.as_str()), ("admin", "zhihuibu"));
        assert_ne!(administrator.1, headquarters.1);
        let mut tx = db.read().await.unwrap();
        let digest = Vault::new([7; 32]).index(&headquarters.1.replace('-', ""));
        let sql = "SELECT p.role FROM slip s JOIN appointment p ON p.account = s.account \
                   WHERE s.code = $1 AND s.expires_at > $2";
        let role: String = on_db!(tx, c => sqlx::query_scalar(sql)
            .bind(digest).bind(MORNING.0).fetch_one(c).await).unwrap();
        assert_eq!(role, "headquarters");
        assert_eq!(settled(&mut tx).await.unwrap(), [(141_023_105, "襄陵镇".to_owned())]);
        drop(tx);
        assert_eq!(count(db, "SELECT COUNT(*) FROM operation WHERE started_day = 20200203 AND NOT demonstration").await, 1);
    }

    async fn a_folder_that_runs_a_town_is_left_as_it_is(db) {
        run(db, founding(sim::XIANGLING)).await.unwrap();
        let again = run(db, founding(sim::XIANGLING)).await.unwrap_err();
        assert!(again.to_string().contains("already runs 襄陵镇 (141023105)"), "{again}");
        assert_eq!(count(db, "SELECT COUNT(*) FROM account").await, 2);
    }

    async fn of_a_larger_file_only_the_town_and_what_is_above_it_is_taken(db) {
        let csv = format!("{}11,北京市\n1101,市辖区\n141023106,新城镇\n", sim::XIANGLING);
        run(db, founding(&csv)).await.unwrap();
        assert_eq!(count(db, "SELECT COUNT(*) FROM division").await, 33);
    }

    async fn unreadable_and_repeated_rows_are_told_and_left_out(db) {
        let csv = format!("{}141023105,襄陵镇\n99x,错\n", sim::XIANGLING);
        let founded = run(db, founding(&csv)).await.unwrap();
        let lines: Vec<_> = founded.left_out.iter().map(|row| row.line).collect();
        assert_eq!((lines, founded.villages), (vec![36, 35], 29));
    }

    async fn an_unknown_town_and_rows_that_do_not_fit_leave_nothing_behind(db) {
        let unknown = run(db, founding("11,北京市\n")).await.unwrap_err();
        assert!(unknown.to_string().contains("--divisions FILE"), "{unknown}");
        let unfit = run(db, founding("14,山西省\n1410,临汾市\n141023105,襄陵镇\n")).await.unwrap_err();
        assert!(unfit.to_string().contains("line 3: 141023105,襄陵镇"), "{unfit}");
        let village = Founding { town: xiangling().child(203).unwrap(), ..founding(sim::XIANGLING) };
        assert!(run(db, village).await.unwrap_err().to_string().contains("is no town"));
        let same = Seat { login: "admin", name: "指挥部" };
        let same = run(db, Founding { headquarters: same, ..founding(sim::XIANGLING) }).await.unwrap_err();
        assert!(same.to_string().contains("'admin' is taken"), "{same}");
        let odd = Seat { login: "指挥部", name: "指挥部" };
        let odd = run(db, Founding { headquarters: odd, ..founding(sim::XIANGLING) }).await.unwrap_err();
        assert!(odd.to_string().contains("lower-case letters"), "{odd}");
        assert!(is_empty(db).await);
    }
}
