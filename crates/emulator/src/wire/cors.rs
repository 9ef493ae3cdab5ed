//! Requests from pages of other origins.

use super::{Request, Response};

/// Lets the page that asked read the reply (protocol, CORS): its own `Origin` is echoed, because `*` counts for nothing
/// where credentials are sent; headers are allowed by name.
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
        add(
            "Access-Control-Allow-Headers",
            "content-type, apikey, authorization, contactcenterid, gms_user",
        );
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
