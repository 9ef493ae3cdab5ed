use leptos::prelude::*;
use parlour_chat::{Author, EndReason, Item, LeaveReason};

use crate::components::extras::{Views, words};
use crate::i18n::{I18n, Text, use_i18n};

/// A notice of the server, in the server's words.
#[component]
pub(super) fn Notice(text: String, views: Option<&'static Views>) -> impl IntoView {
    let blank = text.trim().is_empty();
    (!blank).then(|| {
        view! { class = "w",
            <p class="system" part="system" dir="auto" data-state="notice">
                {words(views, None, text)}
            </p>
        }
        .into_any()
    })
}

/// Something that happened. Hold, transfer, leaving and the end of the chat read differently.
#[component]
pub(super) fn Event(item: Item) -> impl IntoView {
    let event = event(use_i18n(), &item);
    event.map(|(state, words)| {
        view! { class = "w", <p class="system" part="system" data-state=state>{words}</p> }
            .into_any()
    })
}

/// Returns the name of an event's state and its words; nothing for what visitors need not know.
pub(in crate::components) fn event(i18n: I18n, item: &Item) -> Option<(&'static str, String)> {
    let (state, text, who) = match item {
        Item::Joined(who) => ("joined", Text::EVENT_JOINED, Some(who)),
        Item::Returned(who) => ("returned", Text::EVENT_RETURNED, Some(who)),
        Item::Left(who, LeaveReason::Hold) => ("hold", Text::EVENT_HOLD, Some(who)),
        Item::Left(who, LeaveReason::Transfer) => ("transfer", Text::EVENT_TRANSFER, Some(who)),
        Item::Left(who, LeaveReason::Left | LeaveReason::Other(_)) => {
            ("left", Text::EVENT_LEFT, Some(who))
        }
        Item::Renamed { who, before, name } => {
            let is_known = !before.is_empty() && !name.is_empty();
            let names = [("old", before.as_str()), ("name", name.as_str())];
            let (known, text, who) = match who {
                Author::Me => (Text::EVENT_RENAMED_YOU_TO, Text::EVENT_RENAMED_YOU, None),
                Author::Other(who) => (Text::EVENT_RENAMED_TO, Text::EVENT_RENAMED, Some(who)),
            };
            if is_known {
                return Some(("renamed", i18n.fill(known, &names)));
            }
            ("renamed", text, who)
        }
        Item::Ended(EndReason::ByVisitor) => ("ended", Text::ENDED_VISITOR, None),
        Item::Ended(EndReason::ByServer) => ("ended", Text::ENDED_SERVER, None),
        Item::Ended(EndReason::Gone) => ("ended", Text::ENDED_GONE, None),
        Item::Ended(EndReason::Dropped) => ("ended", Text::ENDED_DROPPED, None),
        Item::Ended(EndReason::Elsewhere) => ("ended", Text::ENDED_ELSEWHERE, None),
        Item::Ended(EndReason::Untold) => ("ended", Text::ENDED_UNTOLD, None),
        // Shown by other components.
        Item::Message { .. } | Item::Link { .. } | Item::File { .. } | Item::Notice { .. } => {
            return None;
        }
    };
    match who {
        // The comings and goings of the visitor and of machinery are no news.
        Some(who) if !who.kind.is_agent_side() => None,
        Some(who) => Some((state, i18n.about(text, who))),
        None => Some((state, i18n.text(text))),
    }
}
