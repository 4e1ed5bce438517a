//! Styles, scripts and icons, built into the program and served under the hash of their content,
//! so that a browser keeps them for good and never mixes two versions.

use std::sync::OnceLock;

use axum::Router;
use axum::extract::Path;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::RustEmbed;

use super::Error;
use crate::site::Site;

#[derive(RustEmbed)]
#[folder = "../../web/"]
#[include = "css/*"]
#[include = "icons/*"]
#[include = "samples/*"]
#[include = "page/*.js"]
#[include = "pure/*.js"]
#[exclude = "*.test.js"]
struct Assets;

/// The hash of all files together: relative imports between them then hold.
fn version() -> &'static str {
    static VERSION: OnceLock<String> = OnceLock::new();
    VERSION.get_or_init(|| {
        let mut names: Vec<_> = Assets::iter().collect();
        names.sort();
        let mut hash = blake3::Hasher::new();
        for file in names.iter().filter_map(|name| Assets::get(name)) {
            hash.update(&file.metadata.sha256_hash());
        }
        hash.finalize().to_hex()[..12].to_owned()
    })
}

/// The address of a file of `web/`, such as `css/firebreak.css`.
pub fn asset_path(name: &str) -> String {
    format!("/assets/{}/{name}", version())
}

pub(crate) fn routes() -> Router<Site> {
    Router::new().route("/assets/{version}/{*name}", get(serve))
}

async fn serve(Path((_, name)): Path<(String, String)>) -> Result<Response, Error> {
    let file = Assets::get(&name).ok_or(Error::NotFound)?;
    let kind = file.metadata.mimetype().to_owned();
    let keep = "public, max-age=31536000, immutable".to_owned();
    let data = if name == STYLES { joined_styles().into_bytes() } else { file.data.into_owned() };
    Ok(([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, keep)], data).into_response())
}

/// The sheet that names all others, in the order in which they apply.
const STYLES: &str = "css/all.css";

/// All sheets as one: a phone with a poor signal asks once.
fn joined_styles() -> String {
    let text = |name: &str| {
        let file = Assets::get(name).map(|file| file.data.into_owned()).unwrap_or_default();
        String::from_utf8(file).unwrap_or_default()
    };
    let named = |line: &str| Some(line.strip_prefix("@import \"")?.strip_suffix("\";")?.to_owned());
    text(STYLES).lines().filter_map(named).map(|name| text(&format!("css/{name}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_joined_sheet_holds_the_tokens_first_and_imports_nothing() {
        let styles = joined_styles();
        assert!(!styles.contains("@import"));
        assert!(styles.find("--ink") < styles.find("@media print"));
    }
}
