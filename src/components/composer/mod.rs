//! The composer: where the visitor writes and picks files.

mod attach;
mod drop;
mod input;

use leptos::html::Textarea;
use leptos::prelude::*;
use parlour_chat::Phase;

use super::focus::focus_now;
use super::icon::{Drawing, Icon};
use crate::i18n::{Count, Text, use_i18n};
use crate::store::Store;

use attach::Attach;
use input::Input;

pub(super) use attach::allowed_types;
pub(super) use drop::{DropZone, on_drag_enter, on_drag_over, on_drop};

/// The field to write in, with the buttons that attach and send.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let store = expect_context::<Store>();
    let i18n = use_i18n();
    let input = NodeRef::<Textarea>::new();
    let offers = store.offers.get_untracked();
    view! { class = "w",
        <div class="composer" part="composer">
            <div
                class="composer-box"
                data-state=move || if characters_left(store) < 0 { "over" } else { "ready" }
            >
                {offers.files.then(|| view! { <Attach/> }.into_any())}
                <Input node_ref=input/>
                <button
                    class="send"
                    type="button"
                    part="send"
                    aria-label=i18n.text(Text::ComposerSend)
                    title=i18n.text(Text::ComposerSend)
                    disabled=move || !can_send(store)
                    on:click=move |_| {
                        store.say();
                        focus_now(input);
                    }
                >
                    <Icon drawing=Drawing::Send/>
                </button>
            </div>
            <Counter/>
            {offers
                .typing_preview
                .then(|| {
                    view! { class = "w",
                        <p class="composer-note">{i18n.text(Text::ComposerPreview)}</p>
                    }
                        .into_any()
                })}
        </div>
    }
}

/// The number of characters that are left, when they get scarce, or that are too many.
#[component]
fn Counter() -> impl IntoView {
    let store = expect_context::<Store>();
    let scarce = (store.max_message_units / 10).min(500) as i64;
    let i18n = use_i18n();
    let words = move || match characters_left(store) {
        left if left < 0 => i18n.count(Count::CharactersOver, left.unsigned_abs()),
        left if left <= scarce => i18n.count(Count::CharactersLeft, left.unsigned_abs()),
        _ => String::new(),
    };
    view! { class = "w",
        <p
            class="counter"
            id="counter"
            data-state=move || (characters_left(store) < 0).then_some("over")
        >
            {words}
        </p>
    }
}

/// Tells whether there is a message to send and whether it can be sent now.
fn can_send(store: Store) -> bool {
    let blank = store.draft.with(|text| text.trim().is_empty());
    !blank
        && characters_left(store) >= 0
        && store.messages_taken.get()
        && store.phase.get() == Phase::Chatting
}

/// Returns how many UTF-16 code units the message may still grow; negative if it is too long.
fn characters_left(store: Store) -> i64 {
    let length = store.draft.with(|text| text.encode_utf16().count());
    // Neither is near 2^63: memory ends before.
    store.max_message_units as i64 - length as i64
}
