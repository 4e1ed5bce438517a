//! A form with a file.

use std::collections::HashMap;

use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest as _, Multipart, Request};
use axum::http::{StatusCode, header};

use super::Error;
use crate::site::Site;

/// Characters of a file's name that are kept.
const NAME: usize = 100;

/// What a form with a file brought.
#[derive(Default)]
pub struct Upload {
    /// Both empty where no file was chosen.
    pub name: String,
    pub file: Vec<u8>,
    fields: HashMap<String, String>,
}

impl Upload {
    /// Reads a posted form of so many bytes at most. A longer one is refused before it is read, where it
    /// says so; else as soon as more has come.
    pub async fn receive(request: Request, site: &Site, most: usize) -> Result<Upload, Error> {
        let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
        if length.and_then(|length| length.parse().ok()).is_some_and(|length: u64| length > most as u64) {
            return Err(Error::TooLarge);
        }
        let form = Multipart::from_request(request, site).await;
        let mut form = form.map_err(|rejection| Error::Unreadable(rejection.body_text()))?;
        let mut upload = Upload::default();
        while let Some(field) = form.next_field().await.map_err(refused)? {
            let called = field.name().unwrap_or_default().to_owned();
            if called == "file" {
                upload.name = field.file_name().unwrap_or_default().chars().take(NAME).collect();
                upload.file = field.bytes().await.map_err(refused)?.to_vec();
            } else {
                upload.fields.insert(called, field.text().await.map_err(refused)?);
            }
        }
        Ok(upload)
    }

    /// What was typed or chosen beside the file; empty where there is no such field.
    pub fn field(&self, name: &str) -> &str {
        self.fields.get(name).map_or("", String::as_str)
    }
}

fn refused(error: MultipartError) -> Error {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::Unreadable(error.body_text()),
    }
}
