//! The probe: finds out which APIs a tenant's chat server has, without beginning a chat.

mod ask;
mod curl;
mod finding;
mod judge;
mod reply;
mod report;
mod signs;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use parlour_config::Server;
use parlour_packager::Instead;

use crate::source;
use crate::workspace::Workspace;

use curl::Curl;
use report::Report;

/// The exit code of a wrong call, the same as for mistakes in the command line.
const USAGE: u8 = 2;

/// Probes the server, and prints the findings and the dialect that is probably right.
///
/// Ends with 0 if the tenant's own dialect answers, with 2 if there is nothing to ask (no such tenant, no
/// address), and with 1 otherwise.
pub(crate) fn run(
    workspace: &Workspace,
    tenant: &str,
    server_url: Option<&str>,
) -> Result<ExitCode> {
    let server = match server(workspace, tenant, server_url) {
        Ok(server) => server,
        Err(error) => {
            eprintln!("error: {error:#}");
            return Ok(ExitCode::from(USAGE));
        }
    };
    let curl = Curl::find(&workspace.path()?)?;
    let outcomes = ask::probe_all(&curl, &server)?;
    if let Some(reasons) = outcomes.unreachable() {
        bail!("{}: {reasons}", server.url);
    }
    let report = Report {
        file: &format!("tenants/{tenant}.toml"),
        server: &server,
        rows: &judge::judge(&outcomes),
    };
    print!("{report}");
    Ok(if report.own_is_present() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads the tenant's server settings, with the address to probe.
fn server(workspace: &Workspace, tenant: &str, server_url: Option<&str>) -> Result<Server> {
    let instead = Instead {
        server_url,
        dialect: None,
    };
    let server = source::tenant(workspace, tenant, instead)?.config.server;
    if server.url.is_empty() {
        bail!(
            "the tenant's file has no address, which means the origin of the page: pass that with --server-url"
        );
    }
    check_address(&server.url).with_context(|| format!("`{}` cannot be probed", server.url))?;
    Ok(server)
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
