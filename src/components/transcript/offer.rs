use leptos::prelude::*;
use parlour_chat::Author;

use super::frame::{Frame, Place, Timestamp, data_from};
use super::words::Words;
use crate::components::icon::{Drawing, Icon};
use crate::components::links::Link;
use crate::i18n::{Text, use_i18n};

/// A page that somebody suggests. It is never opened by itself, and shows where it leads.
#[component]
pub(in crate::components) fn Offer(place: Place, from: Author, url: String) -> impl IntoView {
    let i18n = use_i18n();
    let title = match &from {
        Author::Me => i18n.text(Text::LINK_YOURS),
        Author::Other(other) => i18n.about(Text::LINK_OFFER, other),
    };
    let address = match Link::parse_page(&url) {
        Some(link) => view! { <Page link/> }.into_any(),
        // What may not be followed is shown as text.
        None => view! { class = "w",
            <p class="card-name">
                <Words text=url/>
            </p>
        }
        .into_any(),
    };
    view! { class = "w",
        <Frame from=from.clone() group=place.group>
            <div class="card" part="message" data-kind="link" data-from=data_from(&from)>
                <p class="card-title">{title}</p>
                {address}
            </div>
            <Timestamp place/>
        </Frame>
    }
}

/// The address, host first, and the link that opens it in a new tab. Addresses read from left to
/// right in every language.
#[component]
fn Page(link: Link) -> impl IntoView {
    let i18n = use_i18n();
    view! { class = "w",
        <div class="card-row">
            <span class="card-icon">
                <Icon drawing=Drawing::PAGE/>
            </span>
            <p class="card-name">
                <strong class="card-host">
                    <bdi dir="ltr">{link.host}</bdi>
                </strong>
                <span class="card-path">
                    <bdi dir="ltr">{link.path}</bdi>
                </span>
            </p>
        </div>
        <a class="button wide" href=link.href target="_blank" rel="noopener noreferrer">
            {i18n.text(Text::LINK_OPEN)}
            <Icon drawing=Drawing::OPEN/>
            <span class="unseen">{i18n.text(Text::LINK_NEW_TAB)}</span>
        </a>
    }
}
