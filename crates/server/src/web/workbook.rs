//! A workbook that is answered as a file.

use axum::http::header;
use axum::response::{IntoResponse, Response};
use office::Format;

/// A workbook by its name; `plain` is the name for programs that know ASCII only.
pub fn workbook(plain: &str, name: &str, bytes: Vec<u8>) -> Response {
    let encoded = askama::filters::urlencode_strict(name).map(|text| text.to_string()).unwrap_or_default();
    let headers = [
        (header::CONTENT_TYPE, Format::Xlsx.media_type().to_owned()),
        (
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"),
        ),
    ];
    (headers, bytes).into_response()
}
