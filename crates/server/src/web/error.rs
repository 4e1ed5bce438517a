//! One error for every handler. It says what happened and what to do next, as a page or as JSON,
//! in the visitor's language: the words are put in by [`shell`](super::shell), which knows both.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

pub type Result<T> = std::result::Result<T, Error>;

/// Why a request was not carried out. Nothing of it has been stored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is no such thing, or the visitor may not know that there is.
    #[error("not found")]
    NotFound,
    /// Signed in, but no role of this person allows it.
    #[error("not allowed")]
    NotAllowed,
    /// Nobody is signed in, or the session is over.
    #[error("sign in first")]
    SignIn,
    /// The session was idle for too long; a PIN or the password opens it again.
    #[error("locked")]
    Locked,
    /// A password has to be chosen first.
    #[error("choose a password first")]
    MustChange,
    /// What was sent cannot be taken as it is.
    #[error("invalid: {0:?}")]
    Invalid(Vec<Field>),
    /// It contradicts what is stored; the message key says how.
    #[error("conflict: {0}")]
    Conflict(&'static str),
    /// A body that is not the JSON it should be; the text says where.
    #[error("unreadable: {0}")]
    Unreadable(String),
    #[error("not JSON")]
    MediaType,
    #[error("the body is too large")]
    TooLarge,
    #[error("too many tries")]
    TooMany,
    /// More than is allowed within minutes; the message key says of what.
    #[error("too often: {0}")]
    Limited(&'static str),
    /// The database refused or cannot be reached: logged, and told without details.
    #[error(transparent)]
    Database(#[from] db::Error),
    #[error(transparent)]
    NotWritten(#[from] db::NotWritten),
    #[error(transparent)]
    Template(#[from] askama::Error),
    /// The program failed in a way that nobody can put right from outside; the text is for the log.
    #[error("{0}")]
    Failed(String),
}

/// What is wrong with one field: its name and the key of the message that says what to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: &'static str,
    pub key: &'static str,
}

impl Error {
    /// One field that is wrong.
    pub fn field(name: &'static str, key: &'static str) -> Error {
        Error::Invalid(vec![Field { name, key }])
    }

    fn status(&self) -> StatusCode {
        match self {
            Error::NotFound => StatusCode::NOT_FOUND,
            Error::NotAllowed | Error::MustChange => StatusCode::FORBIDDEN,
            Error::SignIn | Error::Locked => StatusCode::UNAUTHORIZED,
            Error::Invalid(_) | Error::Unreadable(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Error::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Error::Conflict(_) => StatusCode::CONFLICT,
            Error::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Error::TooMany | Error::Limited(_) => StatusCode::TOO_MANY_REQUESTS,
            Error::Database(error) if is_full(error) => StatusCode::INSUFFICIENT_STORAGE,
            Error::NotWritten(db::NotWritten::Database(error)) if is_full(error) => {
                StatusCode::INSUFFICIENT_STORAGE
            }
            Error::Database(_) | Error::NotWritten(_) => StatusCode::SERVICE_UNAVAILABLE,
            Error::Template(_) | Error::Failed(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn key(&self) -> &'static str {
        match self {
            Error::Conflict(key) | Error::Limited(key) => key,
            Error::Locked => "error-locked",
            Error::MustChange => "error-must-change",
            other => Problem::key_of(other.status()),
        }
    }
}

/// Whether the disk is full: SQLITE_FULL, or PostgreSQL's disk_full.
fn is_full(error: &db::Error) -> bool {
    let code = error.as_database_error().and_then(|error| error.code());
    code.is_some_and(|code| code == "13" || code == "53100")
}

/// What a response carries until [`shell`](super::shell) puts it into words.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub key: &'static str,
    pub fields: Vec<Field>,
    /// What a reader of JSON found, in its own words.
    pub detail: Option<String>,
}

impl Problem {
    /// A problem that only its status tells of.
    pub fn of(status: StatusCode) -> Problem {
        Problem { status, key: Problem::key_of(status), fields: Vec::new(), detail: None }
    }

    /// The message of a status that came without one.
    pub fn key_of(status: StatusCode) -> &'static str {
        match status {
            StatusCode::UNAUTHORIZED => "error-sign-in",
            StatusCode::FORBIDDEN => "error-not-allowed",
            StatusCode::NOT_FOUND => "error-not-found",
            StatusCode::METHOD_NOT_ALLOWED => "error-method",
            StatusCode::REQUEST_TIMEOUT => "error-timeout",
            StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
            StatusCode::TOO_MANY_REQUESTS => "error-too-many",
            StatusCode::UNSUPPORTED_MEDIA_TYPE => "error-media-type",
            StatusCode::SERVICE_UNAVAILABLE => "error-database",
            StatusCode::INSUFFICIENT_STORAGE => "error-full",
            status if status.is_client_error() => "error-invalid",
            _ => "error-internal",
        }
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(error = %self, "a request failed");
        }
        let key = self.key();
        let (fields, detail) = match self {
            Error::Invalid(fields) => (fields, None),
            Error::Unreadable(detail) => (Vec::new(), Some(detail)),
            _ => (Vec::new(), None),
        };
        let mut response = status.into_response();
        if status == StatusCode::SERVICE_UNAVAILABLE || status == StatusCode::TOO_MANY_REQUESTS {
            response.headers_mut().insert(header::RETRY_AFTER, header::HeaderValue::from_static("5"));
        }
        response.extensions_mut().insert(Problem { status, key, fields, detail });
        response
    }
}
