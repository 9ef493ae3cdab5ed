//! What came back from a server.

use serde_json::Value;

/// The keys of errors that differ from request to request on any server.
const VOLATILE: [&str; 3] = ["path", "timestamp", "requestId"];

/// What came of a request.
#[derive(Debug, Clone)]
pub(crate) enum Answer {
    /// An HTTP reply.
    Reply(Reply),
    /// None.
    Silence(Silence),
}

/// Why there is no reply.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Silence {
    /// What kind of failure it is: curl's exit status.
    pub(crate) code: i32,
    /// What curl says of it.
    pub(crate) words: String,
}

/// An HTTP reply, as far as it can tell something.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    /// The HTTP status.
    pub(crate) status: u16,
    /// Where it sends the caller, if it does: without query, fit to be shown.
    pub(crate) redirect: Option<String>,
    /// What it holds.
    pub(crate) content: Content,
}

/// What a reply holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Content {
    /// Nothing.
    Empty,
    /// An object or a list.
    Json(Value),
    /// A page for people.
    Page,
    /// Anything else: its first characters.
    Other(String),
}

impl Answer {
    /// Returns the reply, if there is one.
    pub(crate) fn reply(&self) -> Option<&Reply> {
        match self {
            Self::Reply(reply) => Some(reply),
            Self::Silence(_) => None,
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

    /// Returns the object that the reply holds, if it does.
    pub(crate) fn object(&self) -> Option<&serde_json::Map<String, Value>> {
        match &self.content {
            Content::Json(value) => value.as_object(),
            _ => None,
        }
    }

    /// Tells whether two replies say the same, but for what differs from request to request anyway.
    pub(crate) fn is_like(&self, other: &Self) -> bool {
        self.status == other.status && self.content.steady() == other.content.steady()
    }
}

impl Content {
    fn of(kind: &str, body: &[u8]) -> Self {
        const REMEMBERED: usize = 1_000;
        let text = String::from_utf8_lossy(body);
        let text = text.trim();
        // Whatever it is labelled as: servers have been seen to call their JSON other things.
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

/// Makes an address fit to be shown: a query may hold what the request said.
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
