//! The only list of features: their routes, places of the navigation, indicators, jobs.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Extension, Json, Router};
use base::{Clock, Indicator};
use db::Db;
use serde_json::json;
use utoipa_axum::router::OpenApiRouter;

use crate::access::{self, Action, Idle, People};
use crate::accounts;
use crate::audit::{self, Trail};
use crate::backup;
use crate::demo;
use crate::playbook::Playbook;
use crate::records;
use crate::register;
use crate::reports;
use crate::retention;
use crate::rounds::{self, Rounds};
use crate::site::{Parts, Place, Settings, Site};
use crate::stewards;
use crate::vault::Vault;
use crate::web::{self, Languages, Live};
use crate::{divisions, ending, findings, first_steps, headquarters, home, rights, trail};

/// The places of the navigation, in order.
const PLACES: &[Place] = &[
    Place {
        path: "/my-households",
        key: "place-my-households",
        icon: "homes",
        action: Action::EnterChecks,
        waiting: None,
    },
    Place { path: "/round", key: "place-round", icon: "round", action: Action::SeeFigures, waiting: None },
    Place {
        path: "/findings",
        key: "place-findings",
        icon: "findings",
        action: Action::SeeFindings,
        waiting: Some(findings::waiting),
    },
    Place {
        path: "/reports",
        key: "place-reports",
        icon: "daily",
        action: Action::SeeReports,
        waiting: None,
    },
    Place {
        path: "/households",
        key: "place-households",
        icon: "people",
        action: Action::SeeHouseholds,
        waiting: None,
    },
    Place {
        path: "/divisions",
        key: "place-divisions",
        icon: "town",
        action: Action::ChangeGroups,
        waiting: None,
    },
    Place {
        path: "/stewards",
        key: "place-stewards",
        icon: "stewards",
        action: Action::SeeStewards,
        waiting: None,
    },
    Place {
        path: "/accounts",
        key: "place-accounts",
        icon: "accounts",
        action: Action::ManageAccounts,
        waiting: None,
    },
    Place {
        path: "/rights",
        key: "place-rights",
        icon: "people",
        action: Action::HandleRequests,
        waiting: Some(rights::waiting),
    },
    Place {
        path: "/records",
        key: "place-records",
        icon: "daily",
        action: Action::SeeRetention,
        waiting: None,
    },
    Place { path: "/audit", key: "place-audit", icon: "find", action: Action::SeeAudit, waiting: None },
];

/// Every indicator of every feature.
pub fn indicators() -> Vec<Indicator> {
    rounds::indicators::all().collect()
}

/// The running program, apart from its listener.
#[derive(Clone)]
pub struct App {
    pub site: Site,
    pub rounds: Rounds,
    /// The people of the demonstration, where this is one.
    pub cast: Option<demo::Cast>,
}

impl App {
    /// Puts the program together. Call it inside the runtime: the writer starts here.
    pub fn new(
        db: Db,
        clock: Clock,
        playbook: Playbook,
        vault: Vault,
        settings: Settings,
    ) -> anyhow::Result<App> {
        let (live, vault) = (Live::default(), Arc::new(vault));
        let rounds = Rounds::start(db.clone(), clock.clone(), playbook.clone(), vault.clone(), live.clone());
        let site = Site::new(Parts {
            db,
            clock,
            languages: Languages::load()?,
            vault,
            playbook,
            people: People::new(if settings.demonstration { Idle::NEVER } else { settings.idle }),
            trail: Trail::new(settings.audit_head.clone()),
            live,
            settings,
            places: PLACES,
        });
        Ok(App { site, rounds, cast: None })
    }

    /// Starts the work that goes on beside requests, for as long as the program runs.
    pub fn start_jobs(&self) {
        tokio::spawn(rounds::keep_open(self.site.clone()));
        tokio::spawn(divisions::keep_settled(self.site.clone()));
        tokio::spawn(register::keep_clean(self.site.clone()));
        tokio::spawn(access::keep_used(self.site.clone()));
        tokio::spawn(audit::keep(self.site.clone()));
        tokio::spawn(backup::keep_making(self.site.clone()));
        tokio::spawn(retention::keep_destroying(self.site.clone()));
    }

    /// Everything that answers requests.
    pub fn router(&self) -> Router {
        let (features, _) = features().split_for_parts();
        let routes = features
            .merge(web::assets::routes())
            .merge(self.cast.clone().map(demo::routes).unwrap_or_default())
            .route("/healthz", get(health))
            .route("/api/openapi.json", get(|| async { Json(openapi()) }))
            .fallback(|| async { web::Error::NotFound })
            .layer(Extension(self.rounds.clone()));
        web::with_guards(routes, &self.site).with_state(self.site.clone())
    }
}

fn features() -> OpenApiRouter<Site> {
    OpenApiRouter::with_openapi(web::description())
        .merge(home::routes())
        .merge(first_steps::routes())
        .merge(divisions::routes())
        .merge(register::routes())
        .merge(stewards::routes())
        .merge(accounts::routes())
        .merge(rounds::routes())
        .merge(findings::routes())
        .merge(headquarters::routes())
        .merge(reports::routes())
        .merge(records::routes())
        .merge(ending::routes())
        .merge(rights::routes())
        .merge(trail::routes())
}

/// The whole API, as OpenAPI.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = features().split_for_parts().1;
    web::describe_problems(&mut document);
    document
}

/// Whether the program is ready, its version, its engine, how it stands with backups.
async fn health(State(site): State<Site>) -> Result<Json<serde_json::Value>, web::Error> {
    site.db.answers().await?;
    let version = env!("CARGO_PKG_VERSION");
    let backup = backup::status(&mut site.db.read().await?, site.settings.backups.is_some()).await?;
    let backup = json!({
        "planned": site.settings.backups.is_some(),
        "made_at": backup.made,
        "failed_at": backup.failed.map(|(at, _)| at),
    });
    Ok(Json(json!({ "ready": true, "version": version, "engine": site.db.engine(), "backup": backup })))
}
