//! The home page: where everybody is led after signing in. Headquarters and administrator of a
//! town that is still being set up see its first steps; everybody else goes to the first place of
//! his navigation. Strangers are led to the door of a demonstration.

use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;

use crate::first_steps;
use crate::site::Site;
use crate::web::{Error, Visit};

/// What the home page answers.
pub fn routes() -> OpenApiRouter<Site> {
    OpenApiRouter::new().route("/", get(home))
}

async fn home(visit: Result<Visit, Error>, State(site): State<Site>) -> Result<Response, Error> {
    let visit = match (visit, site.settings.door) {
        (Err(Error::SignIn), Some(door)) => return Ok(Redirect::to(door).into_response()),
        (visit, _) => visit?,
    };
    if !site.settings.ended && first_steps::is_for(&visit) && visit.person.town().is_some() {
        let mut tx = site.db.read().await?;
        let (page, missing) = first_steps::shown(&visit, &mut tx, visit.today).await?;
        if missing {
            return Ok(page.into_response());
        }
    }
    let first = visit.page.places.first().map_or("/me", |place| place.path);
    Ok(Redirect::to(first).into_response())
}

#[cfg(test)]
mod tests;
