//! What came while the visitor looked elsewhere: said to screen readers, shown beside the launcher, and
//! handed on for the title, a sound and a notification.

use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Author, Item};
use parlour_config::Config;

use super::effect::effect;
use super::focus::{focus_now, use_focus};
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
    let arrival = move || {
        store
            .arrivals()
            .with(|arrivals| arrivals.last().and_then(|item| words(i18n, item)))
    };
    effect(move || {
        if let Some(words) = arrival() {
            untrack(|| store.alert(&words));
        }
    });
    // Once a warning: the state changes for many reasons.
    let is_idle = Memo::new(move |_| store.state().with(|state| state.idle.is_some()));
    let is_dismissed = RwSignal::new(false);
    effect(move || {
        is_dismissed.set(false);
        let is_looking = untrack(|| store.open().get()) && !document().hidden();
        if is_idle.get() && !is_looking {
            store.alert(&idle_words(i18n));
        }
    });
    let latest = move || match is_idle.get() && !is_dismissed.get() {
        true => Some(idle_words(i18n)),
        false => arrival(),
    };
    let focus = use_focus();
    let on_dismiss = move |_| {
        is_dismissed.set(true);
        store.clear_arrivals();
        focus_now(focus.launcher);
    };
    let is_shown = move || shows_preview && !store.open().get() && latest().is_some();
    view! { class = "w",
        <Spoken is_idle/>
        <Show when=move || is_shown()>
            <div class="news" part="preview">
                <button
                    class="news-open"
                    type="button"
                    title=i18n.text(Text::NEWS_OPEN)
                    on:click=move |_| store.set_open(true)
                >
                    <span class="news-words" dir="auto">{move || latest()}</span>
                </button>
                <button
                    class="icon-button"
                    type="button"
                    aria-label=i18n.text(Text::NEWS_DISMISS)
                    on:click=on_dismiss
                >
                    <Icon drawing=Drawing::CLOSE/>
                </button>
            </div>
        </Show>
    }
}

/// What came while the panel is closed, for screen readers. It is always there: they say only what is
/// added to a region that they know. While the panel is open its transcript speaks.
#[component]
fn Spoken(is_idle: Memo<bool>) -> impl IntoView {
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
            <Show when=move || is_idle.get() && !store.open().get()>
                <p>{idle_words(i18n)}</p>
            </Show>
        </div>
    }
}

/// Returns the question whether the visitor is still there, and what happens otherwise.
fn idle_words(i18n: I18n) -> String {
    [
        &*i18n.text(Text::IDLE_TITLE),
        " ",
        &i18n.text(Text::IDLE_SOON),
    ]
    .concat()
}

/// Returns a line about something that came; nothing for what visitors need not know.
fn words(i18n: I18n, item: &Item) -> Option<String> {
    let said = |from: &Author, text: &str| match from {
        Author::Other(who) => {
            let name = i18n.name(who);
            Some(i18n.fill(Text::NEWS_SAID, &[("name", &name), ("text", text)]))
        }
        Author::Me => None,
    };
    let words = match item {
        Item::Message { from, text, .. } => said(from, text),
        Item::File { from, file } => said(from, &file.name),
        Item::Link {
            from: Author::Other(who),
            ..
        } => Some(i18n.about(Text::LINK_OFFER, who)),
        Item::Notice { text, .. } => Some(text.clone()),
        item => event(i18n, item).map(|(_, words)| words),
    }?;
    Some(match words.char_indices().nth(LONGEST) {
        Some((end, _)) => [&words[..end], "…"].concat(),
        None => words,
    })
}
