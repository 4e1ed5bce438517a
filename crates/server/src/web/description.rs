//! What is the same for every operation of the API, said once: how requests are signed in, and what is
//! answered where one is not carried out.

use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{ContentBuilder, OpenApi, Ref, RefOr};
use utoipa::{Modify, OpenApi as _};

use super::ProblemBody;

/// The description that operations are added to.
pub fn description() -> OpenApi {
    Document::openapi()
}

#[derive(utoipa::OpenApi)]
#[openapi(
    info(title = "Firebreak", description = "The API of a township's outbreak response."),
    servers((url = "/", description = "This server")),
    components(schemas(ProblemBody)),
    modifiers(&Signed),
    security(("token" = []), ("session" = []))
)]
struct Document;

/// How requests are signed in: a bearer token, or the browser's session cookie.
struct Signed;

impl Modify for Signed {
    fn modify(&self, document: &mut OpenApi) {
        let components = document.components.get_or_insert_default();
        let token = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
        components.add_security_scheme("token", SecurityScheme::Http(token));
        let cookie = ApiKey::Cookie(ApiKeyValue::new("firebreak"));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// Every operation refuses whoever is not signed in, and whatever is not carried out is told as a
/// problem: an operation itself only says when.
pub fn describe_problems(document: &mut OpenApi) {
    for item in document.paths.paths.values_mut() {
        let operations = [&mut item.get, &mut item.post, &mut item.put, &mut item.patch, &mut item.delete];
        for operation in operations.into_iter().flatten() {
            let responses = &mut operation.responses.responses;
            responses
                .entry("401".to_owned())
                .or_insert_with(|| RefOr::T(ResponseBuilder::new().description("Not signed in").build()));
            for (status, response) in responses {
                if let RefOr::T(response) = response
                    && status.starts_with('4')
                {
                    tell(response);
                }
            }
        }
    }
}

fn tell(response: &mut Response) {
    if response.content.is_empty() {
        let body = ContentBuilder::new().schema(Some(Ref::from_schema_name("ProblemBody"))).build();
        response.content.insert("application/problem+json".to_owned(), RefOr::T(body));
    }
}
