//! `embed.html`: the lines that put the widget on a page, ready to be copied.

use std::fmt::Write as _;

use anyhow::{Result, bail};
use parlour_config::{Config, Frame};

use crate::artefact::Artefact;
use crate::version::version_folder;
use crate::{hash, scripts};

/// Where a package's files will be hosted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assets {
    /// The address of the folder, without a slash at its end.
    url: String,
    /// Whether the address is only an example.
    is_example: bool,
}

impl Assets {
    /// Takes the address of the folder with the files.
    ///
    /// # Errors
    ///
    /// Says what was expected if it is no address of a folder.
    pub fn at(url: &str) -> Result<Self> {
        let host = url.split_once("://").filter(|(scheme, rest)| {
            matches!(*scheme, "http" | "https") && !rest.is_empty() && !rest.starts_with('/')
        });
        let odd = |c: char| c.is_whitespace() || c.is_control() || "\"'<>;,?#\\".contains(c);
        if host.is_none() || url.contains(odd) {
            bail!(
                "`{url}` is no address of a folder: expected one like https://assets.example/acme"
            );
        }
        Ok(Self {
            url: url.trim_end_matches('/').to_owned(),
            is_example: false,
        })
    }

    /// Returns the loader's address, if it is known.
    pub(crate) fn loader(&self) -> Option<String> {
        (!self.is_example).then(|| format!("{}/widget.js", self.url))
    }

    /// Makes up an address, for a tenant that has none yet.
    #[must_use]
    pub fn example(tenant: &str) -> Self {
        Self {
            url: format!("https://assets.example/{tenant}"),
            is_example: true,
        }
    }
}

/// Writes the page: the tag for the newest package, for this major version and for nothing but this package, whose
/// loader is `pinned`; the names by which the page knows the chat; and what a Content Security Policy must allow.
pub(crate) fn page(config: &Config, assets: &Assets, version: &str, pinned: &Artefact) -> String {
    let url = &assets.url;
    let note = match assets.is_example {
        true => {
            format!("<p>Write the address of your files in the place of <code>{url}</code>.</p>\n")
        }
        false => String::new(),
    };
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <title>The chat of {tenant} on a page</title>\n<h1>The chat of {tenant} on a page</h1>\n{note}",
        tenant = config.tenant
    );
    let tags = tags(config, url, version, pinned);
    let sections = [tags, names(config), policies(config, url)];
    for (title, lines) in sections.into_iter().flatten() {
        // Writing to a string cannot fail.
        let _ = writeln!(page, "<h2>{title}</h2>\n<pre>{}</pre>", escape(&lines));
    }
    page
}

/// A title, and the lines to copy below it.
type Section = (&'static str, String);

/// Returns the tags of which a page needs one.
fn tags(config: &Config, url: &str, version: &str, pinned: &Artefact) -> Vec<Section> {
    let folder = version_folder(version);
    let (name, integrity) = (&pinned.name, hash::integrity(&pinned.raw));
    let element = scripts::element_name(config);
    vec![
        (
            "The tag, anywhere on the page",
            format!("<script async src=\"{url}/widget.js\"></script>"),
        ),
        (
            "Or: always this major version",
            format!("<script async src=\"{url}/{folder}/widget.js\"></script>"),
        ),
        (
            "Or: this package and no other",
            format!(
                "<script async src=\"{url}/{name}\"\n  integrity=\"{integrity}\" crossorigin></script>"
            ),
        ),
        (
            "Or as an element, to be led by its attributes",
            format!("<script async src=\"{url}/element.js\"></script>\n<{element}></{element}>"),
        ),
    ]
}

/// Returns how the page's own button and scripts name the chat.
fn names(config: &Config) -> Vec<Section> {
    let (name, attribute) = (config.api_name(), scripts::attribute_name(config));
    vec![
        (
            "A button of the page that opens the chat",
            format!("<button type=\"button\" data-{attribute}-open>Ask us</button>"),
        ),
        (
            "What the page's scripts call, and hear",
            format!(
                "await {name}(\"open\");\n\
                 document.addEventListener(\"{attribute}:opened\", (event) => console.log(event.detail));"
            ),
        ),
    ]
}

/// Returns what the page's policy must allow, in the page and for the frame, as far as the tenant has the chat there.
fn policies(config: &Config, url: &str) -> Vec<Section> {
    let origin = origin(url);
    let server = match config.server.url.as_str() {
        "" => "'self'",
        url => self::origin(url),
    };
    let message = config.message.as_ref().map(|message| &*message.url);
    let message = message.map(|url| match url.starts_with('/') {
        true => "'self'",
        false => self::origin(url),
    });
    let connect = sources(&[Some(origin), Some(server), message]);
    let mut in_page = format!("script-src {origin} 'wasm-unsafe-eval';\nconnect-src {connect};");
    if config.theme.logo.is_some() || config.theme.avatar.is_some() {
        // Writing to a string cannot fail.
        let _ = write!(in_page, "\nimg-src {origin};");
    }
    let connect = sources(&[Some(origin), message]);
    let in_frame = format!("script-src {origin};\nconnect-src {connect};\nframe-src {origin};");
    let title = "What its Content Security Policy must allow, if it has one";
    let frame_title = "The same where the chat runs in a frame, as without 'wasm-unsafe-eval'";
    match config.embed.frame {
        Frame::Auto => vec![(title, in_page), (frame_title, in_frame)],
        Frame::Always => vec![(title, in_frame)],
        Frame::Never => vec![(title, in_page)],
    }
}

/// Lists the sources of a directive, each once.
fn sources(hosts: &[Option<&str>]) -> String {
    let mut all: Vec<&str> = Vec::new();
    for host in hosts.iter().flatten() {
        if !all.contains(host) {
            all.push(host);
        }
    }
    all.join(" ")
}

/// Returns the origin of an address: what stands before the path.
pub(crate) fn origin(url: &str) -> &str {
    let host = url.find("://").map_or(0, |at| at + "://".len());
    let end = url[host..].find('/').map_or(url.len(), |at| host + at);
    &url[..end]
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use parlour_config::Message;

    use super::*;
    use crate::artefact::Role;

    fn page(config: &Config, assets: &Assets) -> String {
        let pinned = Artefact::hashed(Role::Pinned, "widget", "js", b"x".to_vec()).unwrap();
        super::page(config, assets, "1.2.3", &pinned)
    }

    fn config(server: &str) -> Config {
        let json =
            format!(r#"{{"tenant": "acme", "server": {{"service": "sales", "url": "{server}"}}}}"#);
        Config::from_json(&json).unwrap()
    }

    #[test]
    fn tag_and_policy_name_the_tenants_hosts() {
        let assets = Assets::at("https://cdn.example/chat/acme/").unwrap();
        let page = page(&config("https://chat.example:8443/gms"), &assets);
        for line in [
            "&lt;script async src=\"https://cdn.example/chat/acme/widget.js\">&lt;/script>",
            "&lt;script async src=\"https://cdn.example/chat/acme/element.js\">&lt;/script>\n&lt;acme-chat>&lt;/acme-chat>",
            "src=\"https://cdn.example/chat/acme/v1/widget.js\">",
            "&lt;button type=\"button\" data-acme-chat-open>",
            "AcmeChat(\"open\")",
            "(\"acme-chat:opened\"",
            "integrity=\"sha384-",
            "script-src https://cdn.example 'wasm-unsafe-eval';",
            "connect-src https://cdn.example https://chat.example:8443;",
        ] {
            assert!(page.contains(line), "{page}");
        }
        assert!(!page.contains("in the place of"), "{page}");
    }

    #[test]
    fn pictures_are_in_the_policy_of_a_tenant_that_has_some() {
        let mut config = config("");
        let assets = Assets::at("https://cdn.example/acme").unwrap();
        assert!(!page(&config, &assets).contains("img-src"));
        config.theme.avatar = Some("picture-1.svg".into());
        assert!(page(&config, &assets).contains("\nimg-src https://cdn.example;"));
    }

    #[test]
    fn a_server_behind_the_pages_own_origin_is_self() {
        let text = page(&config(""), &Assets::example("acme"));
        assert!(
            text.contains("connect-src https://assets.example 'self';"),
            "{text}"
        );
        assert!(text.contains("in the place of"), "{text}");
        let same = Assets::at("https://chat.example/acme").unwrap();
        let text = page(&config("https://chat.example"), &same);
        assert!(text.contains("connect-src https://chat.example;"), "{text}");
    }

    #[test]
    fn the_policy_of_a_page_with_a_frame_needs_no_server() {
        let mut config = config("https://chat.example");
        let assets = Assets::at("https://cdn.example/acme").unwrap();
        let frame = "frame-src https://cdn.example;";
        assert!(page(&config, &assets).contains(frame));
        config.embed.frame = Frame::Always;
        let always = page(&config, &assets);
        assert!(always.contains(frame), "{always}");
        assert!(!always.contains("wasm-unsafe-eval"), "{always}");
        config.embed.frame = Frame::Never;
        assert!(!page(&config, &assets).contains("frame"));
    }

    #[test]
    fn the_policy_lets_messages_go_where_the_tenant_takes_them() {
        let assets = Assets::at("https://cdn.example/acme").unwrap();
        let mut config = config("https://chat.example/base");
        let page_with = |config: &mut Config, url: &str| {
            config.message = Some(Message {
                url: url.into(),
                ..Message::default()
            });
            page(config, &assets)
        };
        let other = page_with(&mut config, "https://shop.example/messages");
        for line in [
            "connect-src https://cdn.example https://chat.example https://shop.example;",
            "connect-src https://cdn.example https://shop.example;",
        ] {
            assert!(other.contains(line), "{other}");
        }
        let own = page_with(&mut config, "/messages");
        assert!(
            own.contains("connect-src https://cdn.example https://chat.example 'self';"),
            "{own}"
        );
        let known = page_with(&mut config, "https://chat.example/messages");
        assert!(
            known.contains("connect-src https://cdn.example https://chat.example;"),
            "{known}"
        );
    }

    #[test]
    fn an_address_that_no_tag_could_have_is_refused() {
        for bad in [
            "",
            "acme",
            "//cdn.example/x",
            "https:///x",
            "https://a b/",
            "https://a/\">",
            "https://a;b",
        ] {
            assert!(Assets::at(bad).is_err(), "{bad}");
        }
    }
}
