//! Other ways to get in touch, where no chat can begin.

use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use parlour_config::Config;

use crate::components::links::Link;
use crate::i18n::{Text, use_i18n};

/// The tenant's other ways to get in touch; nothing if the tenant has named none.
#[component]
pub(in crate::components) fn OtherWays() -> impl IntoView {
    let i18n = use_i18n();
    let config = context::<Arc<Config>>();
    let contact = &config.contact;
    let mut ways = Vec::new();
    let mut add = |link: Option<Link>, words: String| {
        if let Some(link) = link {
            ways.push(view! { <Way link words/> }.into_any());
        }
    };
    if let Some(email) = &contact.email {
        let link = Link::parse(&["mailto:", email].concat());
        add(
            link,
            i18n.fill(Text::CONTACT_EMAIL, &[("address", &isolated(email))]),
        );
    }
    if let Some(phone) = &contact.phone {
        let digits: String = phone
            .chars()
            .filter(|c| c.is_ascii_digit() || *c == '+')
            .collect();
        let link = Link::parse(&["tel:", &digits].concat());
        add(
            link,
            i18n.fill(Text::CONTACT_PHONE, &[("number", &isolated(phone))]),
        );
    }
    if let Some(url) = &contact.url {
        add(Link::parse_on_site(url), i18n.text(Text::CONTACT_URL));
    }
    (!ways.is_empty()).then(|| {
        view! { class = "w",
            <div class="ways">
                <p dir="auto">{i18n.text(Text::CONTACT_INTRO)}</p>
                {ways}
            </div>
        }
        .into_any()
    })
}

/// A way to get in touch. It opens in a new tab, so that the answers stay, even where a website writes the visitor's
/// mail.
#[component]
fn Way(link: Link, words: String) -> impl IntoView {
    view! { class = "w",
        <a class="link way" dir="auto" href=link.href target="_blank" rel="noopener noreferrer">
            {words}
        </a>
    }
}

/// Keeps an address or a number from left to right, whatever the words around it.
fn isolated(value: &str) -> String {
    ["\u{2066}", value, "\u{2069}"].concat()
}
