//! The outcome of a request.

use serde_json::Value;

/// The keys of errors that differ from request to request on any server.
const VOLATILE: [&str; 3] = ["path", "timestamp", "requestId"];

/// The outcome of a request.
#[derive(Debug, Clone)]
pub(crate) enum Outcome {
    /// An HTTP reply.
    Reply(Reply),
    /// No reply.
    Failure(Failure),
}

/// The reason why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The exit status of curl.
    pub(crate) code: i32,
    /// The error message of curl.
    pub(crate) message: String,
}

/// The parts of an HTTP reply that identify an API.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// The target of a redirect, without its query, which may hold secrets.
    pub(crate) redirect: Option<String>,
    /// The body.
    pub(crate) content: Content,
}

/// The body of a reply.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Empty,
    /// An object or a list.
    Json(Value),
    /// An HTML page.
    Page,
    /// Anything else: its first characters.
    Other(String),
}

impl Outcome {
    /// Returns the reply, if there is one.
    pub(crate) fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Reply(reply) => Some(reply),
            Self::Failure(_) => None,
        }
    }
}

impl Reply {
    /// Makes a reply of its parts; `redirect` is the absolute address, or blank.
    pub(crate) fn new(status: u16, kind: &str, redirect: &str, body: &[u8]) -> Self {
        Self {
            status,
            redirect: shown(redirect),
            content: Content::of(kind, body),
        }
    }

    /// Returns the JSON object in the body, if there is one.
    pub(crate) fn object(&self) -> Option<&serde_json::Map<String, Value>> {
        match &self.content {
            Content::Json(value) => value.as_object(),
            _ => None,
        }
    }

    /// Returns whether two replies are the same, apart from fields that differ with every request.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.status == other.status && self.content.steady() == other.content.steady()
    }
}

impl Content {
    fn of(kind: &str, body: &[u8]) -> Self {
        const REMEMBERED: usize = 1_000;
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        // The content type is ignored, because some servers label JSON as something else.
        match serde_json::from_str(text) {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => return Self::Json(value),
            _ if text.is_empty() => return Self::Empty,
            _ => {}
        }
        let start: String = text.chars().take(REMEMBERED).collect();
        let lower = start.to_ascii_lowercase();
        let labelled = kind.trim_start().to_ascii_lowercase();
        let is_page = labelled.starts_with("text/html")
            || lower.starts_with("<!doctype html")
            || lower.starts_with("<html");
        if is_page {
            Self::Page
        } else {
            Self::Other(start)
        }
    }

    fn steady(&self) -> Self {
        let mut content = self.clone();
        if let Self::Json(Value::Object(object)) = &mut content {
            for key in VOLATILE {
                if let Some(value) = object.get_mut(key) {
                    *value = Value::Null;
                }
            }
        }
        content
    }
}

/// Removes the query of an address, which may hold secrets, so that it can be shown.
fn shown(address: &str) -> Option<String> {
    const LONGEST: usize = 120;
    let plain = address.split(['?', '#']).next().unwrap_or_default();
    let printable = plain.chars().filter(|c| c.is_ascii_graphic());
    let shown: String = printable.take(LONGEST).collect();
    (!shown.is_empty()).then_some(shown)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(kind: &str, body: &str) -> Content {
        Content::of(kind, body.as_bytes())
    }

    #[test]
    fn what_a_reply_holds_is_told_by_its_body_first() {
        let json = Content::Json(serde_json::json!({"a": 1}));
        assert_eq!(content("text/html", " {\"a\": 1}\n"), json);
        assert_eq!(content("application/json", ""), Content::Empty);
        assert_eq!(content("application/json", "\r\n"), Content::Empty);
        assert_eq!(content("text/HTML; charset=x", "Oh"), Content::Page);
        assert_eq!(content("", "\n<!DOCTYPE HTML><p>"), Content::Page);
        assert_eq!(content("text/plain", "no"), Content::Other("no".into()));
        // A number by itself is JSON by the letter, and no answer of any API.
        assert_eq!(content("text/plain", "404"), Content::Other("404".into()));
        assert!(matches!(
            Content::of("", b"\xff\xfe\x00"),
            Content::Other(_)
        ));
    }

    #[test]
    fn errors_of_one_server_are_alike() {
        let error = |path: &str| {
            let body = format!("{{\"message\": \"no\", \"path\": \"{path}\"}}");
            Reply::new(404, "application/json", "", body.as_bytes())
        };
        assert!(error("/a").is_like(&error("/b")));
        let other = Reply::new(404, "application/json", "", b"{\"message\": \"no\"}");
        assert!(!error("/a").is_like(&other));
        let page = |status| Reply::new(status, "text/html", "", b"<p>");
        assert!(page(404).is_like(&page(404)));
        assert!(!page(404).is_like(&page(403)));
    }

    #[test]
    fn where_a_reply_leads_is_shown_without_what_was_asked() {
        let address = "https://login.example/in\u{1b}[2J?apikey=secret#x";
        assert_eq!(
            shown(address).as_deref(),
            Some("https://login.example/in[2J")
        );
        assert_eq!(shown(""), None);
    }
}
