//! Access to the desk and its API: for programs and the emulator's own pages, not for pages of other origins.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use thiserror::Error;

use super::reply::problem;

/// Why a request is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum Refusal {
    #[error(
        "the desk listens on this machine only, and the Host header names another: use 127.0.0.1 or localhost"
    )]
    Host,
    #[error("the desk is not for pages of another origin")]
    Origin,
}

/// Answers 403 to what a page of another origin asks for. `bound` is the address that is listened on.
pub(super) async fn check(State(bound): State<IpAddr>, request: Request, next: Next) -> Response {
    match admit(request.headers(), bound) {
        Ok(()) => next.run(request).await,
        Err(refusal) => problem(403, &refusal.to_string()),
    }
}

fn admit(headers: &HeaderMap, bound: IpAddr) -> Result<(), Refusal> {
    let text = |name| headers.get(name).map(|value| value.to_str().unwrap_or(""));
    let host = text(HOST);
    // DNS rebinding: a foreign name may be made to point at this machine, and its page then counts as same-origin. Only
    // browsers are concerned, and they always send the header.
    if bound.is_loopback() && host.is_some_and(|host| !is_this_machine(host)) {
        return Err(Refusal::Host);
    }
    match text(ORIGIN) {
        Some(origin) if !is_own(origin, host) => Err(Refusal::Origin),
        _ if is_fetched_from_elsewhere(headers) => Err(Refusal::Origin),
        _ => Ok(()),
    }
}

/// Recognises what a page of another origin has loaded as its own part (a script, a picture, a frame): browsers name no
/// origin then, but say that it was another. Who follows a link to the desk may come from anywhere.
fn is_fetched_from_elsewhere(headers: &HeaderMap) -> bool {
    let is = |name, value| headers.get(name).is_some_and(|given| given == value);
    let elsewhere = is("sec-fetch-site", "cross-site") || is("sec-fetch-site", "same-site");
    elsewhere && !(is("sec-fetch-mode", "navigate") && is("sec-fetch-dest", "document"))
}

fn is_this_machine(host: &str) -> bool {
    host.parse().is_ok_and(|authority: Authority| {
        let name = authority.host();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost")
            || address
                .parse()
                .is_ok_and(|address: IpAddr| address.is_loopback())
    })
}

/// Returns whether a page came from where its request goes to.
fn is_own(origin: &str, host: Option<&str>) -> bool {
    let authority = origin.strip_prefix("http://");
    authority
        .zip(host)
        .is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

    use axum::http::{HeaderName, HeaderValue};

    use super::*;

    fn asked(host: &str, origin: Option<&str>, bound: impl Into<IpAddr>) -> Result<(), Refusal> {
        let mut headers = HeaderMap::from_iter([(HOST, host.parse().unwrap())]);
        headers.extend(origin.map(|origin| (ORIGIN, origin.parse().unwrap())));
        admit(&headers, bound.into())
    }

    #[test]
    fn a_server_for_other_machines_goes_by_any_name() {
        let host = "laptop.local:8888";
        let everywhere = Ipv4Addr::UNSPECIFIED;
        assert_eq!(asked(host, None, everywhere), Ok(()));
        let own = Some("http://laptop.local:8888");
        assert_eq!(asked(host, own, everywhere), Ok(()));
        let other = Some("https://shop.example");
        assert_eq!(asked(host, other, everywhere), Err(Refusal::Origin));
        assert_eq!(asked(host, own, Ipv6Addr::LOCALHOST), Err(Refusal::Host));
    }

    #[test]
    fn subresources_of_other_pages_are_refused_and_links_are_followed() {
        let asked = |site: &'static str, mode: &'static str, dest: &'static str| {
            let headers = [
                ("host", "127.0.0.1:8888"),
                ("sec-fetch-site", site),
                ("sec-fetch-mode", mode),
                ("sec-fetch-dest", dest),
            ];
            let headers = headers.map(|(name, value)| {
                (
                    HeaderName::from_static(name),
                    HeaderValue::from_static(value),
                )
            });
            admit(&HeaderMap::from_iter(headers), Ipv4Addr::LOCALHOST.into())
        };
        for site in ["cross-site", "same-site"] {
            assert_eq!(asked(site, "no-cors", "script"), Err(Refusal::Origin));
            assert_eq!(asked(site, "navigate", "iframe"), Err(Refusal::Origin));
            assert_eq!(asked(site, "navigate", "document"), Ok(()));
        }
        for site in ["same-origin", "none"] {
            assert_eq!(asked(site, "cors", "empty"), Ok(()));
        }
    }

    #[test]
    fn a_program_that_sends_neither_header_is_let_in() {
        assert_eq!(admit(&HeaderMap::new(), Ipv4Addr::LOCALHOST.into()), Ok(()));
    }
}
