//! The probe: finds out which APIs a tenant's chat server has, without beginning a chat.

mod ask;
mod curl;
mod finding;
mod judge;
mod reply;
mod report;
mod signs;

use std::ffi::OsStr;

use anyhow::{Context as _, Result, bail};
use parlour_config::Server;

use curl::Curl;
use report::Report;

/// The result of a probe.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What was found, and what to write into the tenant's file, for people.
    pub report: String,
    /// Whether the tenant's own dialect answers.
    pub own_is_present: bool,
}

/// Checks that a tenant's server has an address that can be asked.
///
/// # Errors
///
/// Says what was expected.
pub fn check(server: &Server) -> Result<()> {
    if server.url.is_empty() {
        bail!(
            "the tenant's file has no address, which means the origin of the page: pass that with --server-url"
        );
    }
    check_address(&server.url).with_context(|| format!("`{}` cannot be probed", server.url))
}

/// Asks a tenant's server, without beginning a chat, which APIs are there. `file` is what people call the tenant's file,
/// and `path` where curl is looked for.
///
/// # Errors
///
/// Fails if there is no curl, or if the server does not answer at all.
pub fn ask(file: &str, server: &Server, path: &OsStr) -> Result<Answer> {
    let curl = Curl::find(path)?;
    let outcomes = ask::probe_all(&curl, server)?;
    if let Some(reasons) = outcomes.unreachable() {
        bail!("{}: {reasons}", server.url);
    }
    let report = Report {
        file,
        server,
        rows: &judge::judge(&outcomes),
    };
    Ok(Answer {
        report: report.to_string(),
        own_is_present: report.own_is_present(),
    })
}

/// Checks the address by the rules for a tenant's file, because it may come from the command line.
fn check_address(url: &str) -> Result<()> {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
        bail!("expected a URL with a host, without blanks or backslashes");
    }
    if host.contains('@') {
        bail!("expected a URL without credentials");
    }
    if url.contains(['?', '#']) {
        bail!("expected a URL without query or fragment");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_that_a_tenant_could_have_are_probed() {
        for good in ["https://chat.example", "http://[::1]:8888/gms"] {
            assert!(check_address(good).is_ok(), "{good}");
        }
        for bad in [
            "https://",
            "https:///x",
            "https://a b",
            "https://a\nb",
            "https://maria:secret@chat.example",
            "https://chat.example?x=1",
            "https://chat.example/#x",
        ] {
            assert!(check_address(bad).is_err(), "{bad}");
        }
    }
}
