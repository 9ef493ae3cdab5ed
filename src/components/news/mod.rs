//! What came while the visitor looked elsewhere: said to screen readers, shown beside the launcher, and
//! handed on for the title, a sound and a notification.

use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Author, Item};
use parlour_config::Config;

use super::effect::effect;
use super::icon::{Drawing, Icon};
use super::show::Show;
use super::transcript::event;
use crate::i18n::{I18n, Text, use_i18n};
use crate::store::Store;

/// The longest text of one arrival, in characters.
const LONGEST: usize = 140;

/// The news while the panel is closed, and the alert whenever something comes.
#[component]
pub(super) fn News() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let shows_preview = context::<Arc<Config>>().attention.preview;
    let latest = move || {
        store
            .arrivals()
            .with(|arrivals| arrivals.last().and_then(|item| words(i18n, item)))
    };
    effect(move || {
        if let Some(words) = latest() {
            untrack(|| store.alert(&words));
        }
    });
    let is_shown = move || shows_preview && !store.open().get() && latest().is_some();
    view! { class = "w",
        <Spoken/>
        <Show when=move || is_shown()>
            <div class="news" part="preview">
                <button
                    class="news-open"
                    type="button"
                    title=i18n.text(Text::NewsOpen)
                    on:click=move |_| store.set_open(true)
                >
                    <span class="news-words" dir="auto">{move || latest()}</span>
                </button>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=i18n.text(Text::NewsDismiss)
                    on:click=move |_| store.clear_arrivals()
                >
                    <Icon drawing=Drawing::Close/>
                </button>
            </div>
        </Show>
    }
}

/// What came while the panel is closed, for screen readers. It is always there: they say only what is
/// added to a region that they know. While the panel is open its transcript speaks.
#[component]
fn Spoken() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let lines = move || {
        let is_closed = !store.open().get();
        store.arrivals().with(|arrivals| {
            let unseen = arrivals.iter().filter(|_| is_closed);
            unseen
                .filter_map(|item| words(i18n, item))
                .map(|words| view! { class = "w", <p dir="auto">{words}</p> }.into_any())
                .collect::<Vec<_>>()
        })
    };
    view! { class = "w",
        <div class="unseen" aria-live="polite">
            {move || lines()}
        </div>
    }
}

/// Returns a line about something that came; nothing for what visitors need not know.
fn words(i18n: I18n, item: &Item) -> Option<String> {
    let said = |from: &Author, text: &str| match from {
        Author::Other(who) => {
            let name = i18n.name(who);
            Some(i18n.fill(Text::NewsSaid, &[("name", &name), ("text", text)]))
        }
        Author::Me => None,
    };
    let words = match item {
        Item::Message { from, text, .. } => said(from, text),
        Item::File { from, file } => said(from, &file.name),
        Item::Link {
            from: Author::Other(who),
            ..
        } => Some(i18n.about(Text::LinkOffer, who)),
        Item::Notice { text, .. } => Some(text.clone()),
        item => event(i18n, item).map(|(_, words)| words),
    }?;
    Some(match words.char_indices().nth(LONGEST) {
        Some((end, _)) => [&words[..end], "…"].concat(),
        None => words,
    })
}
