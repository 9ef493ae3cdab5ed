//! Headers for cross-origin requests (CORS).

use super::{Request, Response};

/// The request headers that are allowed even if a preflight does not name them.
const ALLOWED: [&str; 6] = [
    "content-type",
    "apikey",
    "authorization",
    "contactcenterid",
    "gms_user",
    "x-requested-with",
];

/// Lets the page that asked read the reply (protocol, CORS): its own `Origin` is echoed, and headers are allowed by name,
/// because `*` counts for nothing where credentials are sent. A site may need headers of its own: whatever a preflight
/// names is allowed.
pub fn allow_origin(request: &Request, response: &mut Response) {
    let Some(origin) = request.header("origin") else {
        return;
    };
    let mut add = |name: &str, value: &str| {
        response.headers.push((name.to_owned(), value.to_owned()));
    };
    add("Access-Control-Allow-Origin", origin);
    add("Access-Control-Allow-Credentials", "true");
    add("Vary", "Origin");
    if request.method == "OPTIONS" {
        add(
            "Access-Control-Allow-Methods",
            "GET, POST, PUT, DELETE, OPTIONS",
        );
        add("Access-Control-Allow-Headers", &allowed_headers(request));
        add("Access-Control-Max-Age", "600");
        if request.header("access-control-request-private-network") == Some("true") {
            add("Access-Control-Allow-Private-Network", "true");
        }
    } else {
        add(
            "Access-Control-Expose-Headers",
            "Retry-After, Content-Disposition",
        );
    }
}

fn allowed_headers(preflight: &Request) -> String {
    let named = preflight.header("access-control-request-headers");
    let named = named.unwrap_or_default().split(',').map(str::trim);
    let others = named.filter(|name| {
        is_header_name(name) && !ALLOWED.iter().any(|known| known.eq_ignore_ascii_case(name))
    });
    let all: Vec<&str> = ALLOWED.into_iter().chain(others).collect();
    all.join(", ")
}

/// Returns whether a text is a token (RFC 9110, section 5.6.2).
fn is_header_name(text: &str) -> bool {
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_token)
}
