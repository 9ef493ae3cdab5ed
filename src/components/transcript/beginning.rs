use std::sync::Arc;

use leptos::prelude::*;
use parlour_chat::{Agents, Author, Group, Phase};
use parlour_config::Config;

use super::frame::{Byline, Frame};
use super::words::Words;
use crate::components::extras::Extras;
use crate::components::picture::Picture;
use crate::components::show::Show;
use crate::context::context;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// What stands before the first line: what the visitor asked in the form, the tenant's greeting, and what comes next
/// while nobody is there. None of it was sent, or came from the server.
///
/// A screen reader says it when the chat begins, and not after a reload.
#[component]
pub(in crate::components) fn Beginning() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let has_started = context::<Extras>().has_started;
    let is_awaited = move || {
        store
            .state()
            .with(|state| state.phase == Phase::Chatting && state.agents == Agents::Awaited)
    };
    view! { class = "w",
        <div
            class="beginning"
            aria-live=move || if has_started.get() { "polite" } else { "off" }
        >
            <Question/>
            <Greeting/>
            <Show when=is_awaited>
                <p class="system" dir="auto" data-state="next">
                    {i18n.text(Text::GREETING_NEXT)}
                </p>
            </Show>
        </div>
    }
}

/// What the visitor asked in the form, as their first line.
#[component]
pub(in crate::components) fn Question() -> impl IntoView {
    let store = context::<Store>();
    move || {
        let question = store.state().with(|state| state.question.clone())?;
        let view = view! { class = "w",
            <Frame from=Author::Me group=Group::Alone>
                <Byline from=Author::Me group=Group::Alone/>
                <div class="bubble" part="question" dir="auto" data-from="me">
                    <Words text=question/>
                </div>
            </Frame>
        };
        Some(view.into_any())
    }
}

/// The tenant's words of welcome, beside the tenant's picture. A tenant that has empty ones greets nobody.
#[component]
fn Greeting() -> impl IntoView {
    let words = use_i18n().text(Text::GREETING_TEXT);
    let picture = context::<Arc<Config>>().theme.avatar.clone();
    (!words.trim().is_empty()).then(|| {
        view! { class = "w",
            <div class="greeting">
                {picture.map(|src| view! { <Picture src class="avatar"/> }.into_any())}
                <div class="bubble" part="greeting" dir="auto" data-from="agent">
                    <Words text=words/>
                </div>
            </div>
        }
        .into_any()
    })
}
