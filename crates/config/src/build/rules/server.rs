use std::collections::BTreeMap;

use crate::build::place::join;
use crate::{Credentials, Dialect, Field, Role, Server, Table};

use super::address::Address;
use super::judge::Judge;

pub(super) fn judge(server: &Server, judge: &mut Judge<'_>) {
    url(server, judge);
    service(&server.service, judge);
    base(&server.base, judge);
    headers(server, judge);
    if server.dialect.is_pushed() && server.credentials == Credentials::Omit {
        judge.warning(
            "server.credentials",
            "expected \"include\": balancers tie a push session to its node by cookies",
        );
    }
    if server.dialect == Dialect::Gws {
        identifies_the_tenant(&server.headers, judge);
    }
    for key in server.user_data.keys() {
        if let Some(message) = wrong_data_key(key) {
            judge.key_mistake(&join("server.user_data", key), message);
        }
    }
}

/// Says what is wrong with a key of attached data: it is sent as `userData[key]`.
pub(super) fn wrong_data_key(key: &str) -> Option<&'static str> {
    let bad = |c: char| c.is_control() || c == '[' || c == ']';
    (key.trim() != key || key.is_empty() || key.chars().any(bad))
        .then_some("expected a key without brackets, control characters or blanks around it")
}

/// Returns the key under which a field's value is attached, if it is.
pub(super) fn data_key(field: &Field) -> Option<&str> {
    match &field.role {
        Role::UserData(key) => Some(key),
        _ => None,
    }
}

/// Checks the URL; its scheme and its end are checked by the rules of the run time.
fn url(server: &Server, judge: &mut Judge<'_>) {
    let url = server.url.as_str();
    if url.ends_with('/') || url.contains(['?', '#']) {
        return;
    }
    let address = match Address::parse(url) {
        None => return,
        Some(Err(message)) => {
            judge.mistake("server.url", message);
            return;
        }
        Some(Ok(address)) => address,
    };
    if address.is_exposed() {
        judge.warning(
            "server.url",
            "is not encrypted, and pages served by https cannot reach it",
        );
    }
    if server.dialect != Dialect::Gws && address.path.split('/').any(|part| part == "genesys") {
        judge.warning(
            "server.url",
            "holds /genesys, which the widget adds by itself",
        );
    }
}

fn service(service: &str, judge: &mut Judge<'_>) {
    // It becomes one segment of a path.
    let bad = |c: char| c.is_control() || "/\\?#%".contains(c);
    if service.trim() != service || service.chars().any(bad) || service == "." || service == ".." {
        judge.mistake(
            "server.service",
            "expected a name without / \\ ? # % or blanks around it, as the server's operator gave it",
        );
    }
}

fn base(base: &str, judge: &mut Judge<'_>) {
    let bad = |c: char| c.is_whitespace() || c.is_control() || "\\?#%".contains(c);
    let path = base.is_empty() || base.starts_with('/') && !base.starts_with("//");
    if !path || base.ends_with('/') || base.chars().any(bad) || base.split('/').any(|s| s == "..") {
        judge.mistake(
            "server.base",
            "expected a path such as /api, or nothing: a slash before, none after, no blanks or \\ ? # %",
        );
    }
}

/// Checks the headers of a `gws` server (`docs/servers.md`): one says whose contact centre it is, and another one
/// keeps the visitor out.
fn identifies_the_tenant(headers: &Table<String>, judge: &mut Judge<'_>) {
    let has = |wanted: &str| headers.keys().any(|name| name.eq_ignore_ascii_case(wanted));
    if has("authorization") {
        judge.mistake(
            "server.headers",
            "expected no Authorization: a gws server takes the visitor for one of its users then, and refuses",
        );
    }
    if !has("apikey") && !has("ContactCenterId") {
        judge.warning(
            "server.headers",
            "has neither apikey nor ContactCenterId, one of which a gws server asks for",
        );
    }
}

fn headers(server: &Server, judge: &mut Judge<'_>) {
    let mut seen: BTreeMap<String, &str> = BTreeMap::new();
    for (name, value) in &server.headers {
        let path = join("server.headers", name);
        let lower = name.to_ascii_lowercase();
        if let Some(message) = wrong_header_name(&lower) {
            judge.key_mistake(&path, message);
        } else if lower == "gms_user" && server.dialect == Dialect::GmsV1Cometd {
            judge.key_mistake(&path, "is set by the widget, another one for each visitor");
        } else if let Some(first) = seen.insert(lower.clone(), name) {
            judge.key_mistake(&path, format!("is the same header as {first}"));
        }
        if !value.bytes().all(|b| (b' '..=b'~').contains(&b)) || value.trim() != value {
            judge.mistake(
                &path,
                "expected printable ASCII without line breaks or blanks around it",
            );
        }
        // Of a gws server's it is told that there must be none.
        if lower == "authorization" && server.dialect != Dialect::Gws {
            judge.warning(&path, "every visitor can read this credential");
        }
    }
}

fn wrong_header_name(lower: &str) -> Option<&'static str> {
    let token = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    if lower.is_empty() || !lower.bytes().all(token) {
        return Some("expected a header name: letters, digits and hyphens");
    }
    // Set by the widget itself, for each request what it needs.
    if matches!(lower, "accept" | "content-type") {
        return Some("is set by the widget");
    }
    // Fetch standard, "forbidden request-header".
    let forbidden = matches!(
        lower,
        "accept-charset"
            | "accept-encoding"
            | "access-control-request-headers"
            | "access-control-request-method"
            | "access-control-request-private-network"
            | "connection"
            | "content-length"
            | "cookie"
            | "cookie2"
            | "date"
            | "dnt"
            | "expect"
            | "host"
            | "keep-alive"
            | "origin"
            | "referer"
            | "set-cookie"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
            | "via"
    ) || lower.starts_with("proxy-")
        || lower.starts_with("sec-");
    forbidden.then_some("browsers do not let pages set this header")
}
