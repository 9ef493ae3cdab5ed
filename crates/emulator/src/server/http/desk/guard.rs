//! Who may use the control API: programs on this machine and the emulator's own pages, not whatever page a browser shows.

use std::net::IpAddr;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::{HOST, ORIGIN};
use axum::http::uri::Authority;
use axum::middleware::Next;
use axum::response::Response;
use thiserror::Error;

use super::problem;

/// Says why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
enum Refusal {
    #[error(
        "the control API listens on this machine only, and the Host header names another: use 127.0.0.1 or localhost"
    )]
    Host,
    #[error("the control API is not for pages of another origin")]
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
    // Somebody else's name may be made to point at this machine; the page that came by it then counts as our own. Only
    // a browser has this weakness, and a browser always sends the header.
    if bound.is_loopback() && host.is_some_and(|host| !is_this_machine(host)) {
        return Err(Refusal::Host);
    }
    match text(ORIGIN) {
        Some(origin) if !is_own(origin, host) => Err(Refusal::Origin),
        _ => Ok(()),
    }
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

/// Tells whether a page came from where its request goes to.
fn is_own(origin: &str, host: Option<&str>) -> bool {
    let authority = origin.strip_prefix("http://");
    authority
        .zip(host)
        .is_some_and(|(authority, host)| authority.eq_ignore_ascii_case(host))
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, Ipv6Addr};

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
    fn a_program_that_sends_neither_header_is_let_in() {
        assert_eq!(admit(&HeaderMap::new(), Ipv4Addr::LOCALHOST.into()), Ok(()));
    }
}
