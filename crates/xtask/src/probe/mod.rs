//! Asks a tenant's chat server which of the APIs answer there, without beginning a chat.

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

use crate::package;
use crate::tenant::Instead;
use crate::workspace::Workspace;

use curl::Curl;
use report::Report;

/// How the command ends when it was called wrongly, as the command line's own mistakes do.
const USAGE: u8 = 2;

/// Asks, and prints what was seen and which dialect is likely right.
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
    let answers = ask::everything(&curl, &server)?;
    if let Some(words) = answers.unreachable() {
        bail!("{}: {words}", server.url);
    }
    let report = Report {
        file: &format!("tenants/{tenant}.toml"),
        server: &server,
        rows: &judge::judge(&answers),
    };
    print!("{report}");
    Ok(if report.own_answers() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads what the tenant's file says of the server, with the address to ask.
fn server(workspace: &Workspace, tenant: &str, server_url: Option<&str>) -> Result<Server> {
    let instead = Instead {
        server_url,
        dialect: None,
    };
    let server = package::tenant(workspace, tenant, instead)?.config.server;
    if server.url.is_empty() {
        bail!(
            "there is no address to ask: the server is at the origin of the page, so give that with --server-url"
        );
    }
    check_address(&server.url).with_context(|| format!("`{}` cannot be asked", server.url))?;
    Ok(server)
}

/// Refuses what the rules for a tenant's file would refuse, wherever the address comes from.
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
    fn only_addresses_that_a_tenant_could_have_are_asked() {
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
