//! Links: which addresses may be followed.

use leptos::prelude::window;
use web_sys::Url;

/// An address that may be followed, as the browser understands it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Link {
    /// The address itself.
    pub(super) href: String,
    /// The real host of a web address; empty for mail and telephone.
    pub(super) host: String,
    /// What follows the host, if anything but `/`.
    pub(super) path: String,
}

impl Link {
    /// Reads an address. `https`, `http`, `mailto` and `tel` only: anything else could run code or
    /// reach into the visitor's machine.
    pub(super) fn parse(address: &str) -> Option<Self> {
        Self::of(Url::new(address.trim()).ok()?)
    }

    /// Reads the address of a web page from the tenant's file: may be a path of the page's own site.
    pub(super) fn parse_on_site(address: &str) -> Option<Self> {
        // Not the base address of the document, which a page may set to where its pictures are.
        let here = window().location().href().ok()?;
        let address = (!address.is_empty()).then_some(address)?;
        let link = Self::of(Url::new_with_base(address, &here).ok()?);
        link.filter(|link| !link.host.is_empty())
    }

    fn of(url: Url) -> Option<Self> {
        match url.protocol().as_str() {
            "https:" | "http:" => {
                // A name before the host is there to deceive: `https://bank.example@evil.example`.
                url.set_username("");
                url.set_password("");
                let mut path = [url.pathname(), url.search(), url.hash()].concat();
                if path == "/" {
                    path.clear();
                }
                Some(Self {
                    href: url.href(),
                    host: url.host(),
                    path,
                })
            }
            "mailto:" | "tel:" => Some(Self {
                href: url.href(),
                host: String::new(),
                path: url.pathname(),
            }),
            _ => None,
        }
    }

    /// Reads the address of a page that somebody pushes: may lack its scheme.
    pub(super) fn parse_page(address: &str) -> Option<Self> {
        let address = address.trim();
        let has_scheme = address.split_once(':').is_some_and(|(scheme, rest)| {
            rest.starts_with("//")
                || !scheme.contains('.') && !scheme.eq_ignore_ascii_case("localhost")
        });
        let link = if has_scheme {
            Self::parse(address)
        } else {
            Self::parse(&["https://", address].concat())
        };
        link.filter(|link| !link.host.is_empty())
    }
}
