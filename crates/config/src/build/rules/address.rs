//! Web addresses: those of servers, of pages' origins, and of links.

/// A web address in parts.
pub(super) struct Address<'a> {
    pub(super) scheme: &'a str,
    pub(super) host: &'a str,
    pub(super) port: Option<&'a str>,
    /// What follows host and port, without its first slash.
    pub(super) path: &'a str,
}

impl<'a> Address<'a> {
    /// Splits an address that begins with `https://` or `http://`; `None` if it does not.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with it.
    pub(super) fn parse(url: &'a str) -> Option<Result<Self, String>> {
        let (scheme, rest) = url
            .split_once("://")
            .filter(|(scheme, _)| matches!(*scheme, "http" | "https"))?;
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (host, port) = match authority.rsplit_once(':') {
            Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
            _ => (authority, None),
        };
        let port_is_good = port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0));
        Some(if authority.contains('@') {
            Err("expected a URL without credentials: every visitor could read them".into())
        } else if url.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\') {
            Err("expected a URL without blanks or backslashes".into())
        } else if !is_host(host) {
            Err(format!(
                "expected a host after {scheme}://, found \"{host}\""
            ))
        } else if !port_is_good {
            let port = port.unwrap_or_default();
            Err(format!("expected a port from 1 to 65535, found \"{port}\""))
        } else {
            Ok(Self {
                scheme,
                host,
                port,
                path,
            })
        })
    }

    /// Tells whether whoever is on the way can read what is sent there.
    pub(super) fn is_exposed(&self) -> bool {
        let host = self.host;
        let own_machine = host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host.starts_with("127.");
        self.scheme == "http" && !own_machine
    }
}

fn is_host(host: &str) -> bool {
    match host.strip_prefix('[') {
        Some(ip) => ip
            .strip_suffix(']')
            .is_some_and(|ip| ip.parse::<std::net::Ipv6Addr>().is_ok()),
        None => {
            let good = |b: u8| b.is_ascii_alphanumeric() || b"-._".contains(&b);
            !host.is_empty() && host.bytes().all(good)
        }
    }
}

/// Says what is wrong with a link: a URL, or a path of the page's own site.
///
/// A path that does not begin with a slash would lead elsewhere from each page.
pub(super) fn wrong_link(link: &str) -> Option<&'static str> {
    let web = link
        .strip_prefix("https://")
        .or_else(|| link.strip_prefix("http://"));
    let leads_somewhere = match web {
        Some(rest) => !rest.is_empty() && !rest.starts_with('/'),
        None => link.starts_with('/') && !link.starts_with("//") && !link.contains('\\'),
    };
    let clean = !link.contains(|c: char| c.is_whitespace() || c.is_control());
    (!(leads_somewhere && clean)).then_some(
        "expected a URL that begins with https:// or http://, or a path of the site that begins \
         with one slash",
    )
}
