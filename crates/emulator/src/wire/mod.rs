//! HTTP requests and replies without sockets, and the two kinds of form.

mod cors;
mod form;
mod multipart;
mod percent;

pub use cors::allow_origin;
pub use form::Form;
#[cfg(feature = "server")]
pub(crate) use form::is_multipart;
pub use multipart::{FilePart, FormError};
#[cfg(feature = "server")]
pub(crate) use multipart::{boundary, content_type, file_name};
pub use percent::{decode, encode};

/// A whole HTTP request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Request {
    /// Upper case.
    pub method: String,
    /// Percent-encoded, without the query.
    pub path: String,
    /// What follows the `?`, if there is one.
    pub query: Option<String>,
    /// Names in any case.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Request {
    /// Reads a header, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        header(&self.headers, name)
    }
}

/// A whole HTTP reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Response {
    /// Status code.
    pub status: u16,
    /// In no particular order.
    pub headers: Vec<(String, String)>,
    /// The body's bytes.
    pub body: Vec<u8>,
}

impl Response {
    /// Creates a reply without a body.
    pub fn empty(status: u16) -> Self {
        Self {
            status,
            headers: vec![no_store()],
            body: Vec::new(),
        }
    }

    /// Creates a reply with a JSON body.
    pub fn json(status: u16, body: &serde_json::Value) -> Self {
        Self::with_body(
            status,
            "application/json;charset=UTF-8",
            body.to_string().into_bytes(),
        )
    }

    /// Creates a reply with an HTML body.
    pub fn html(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Self::with_body(status, "text/html;charset=UTF-8", body.into())
    }

    /// Creates a reply with a body of the given type.
    pub fn with_body(status: u16, content_type: &str, body: Vec<u8>) -> Self {
        let headers = vec![
            ("Content-Type".to_owned(), content_type.to_owned()),
            no_store(),
        ];
        Self {
            status,
            headers,
            body,
        }
    }

    /// Adds a header.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

fn no_store() -> (String, String) {
    ("Cache-Control".to_owned(), "no-store".to_owned())
}

fn header<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers
        .iter()
        .find(|(n, _)| n.eq_ignore_ascii_case(name))
        .map(|(_, value)| value.as_str())
}
