//! The composer: where the visitor writes and picks files.

mod attach;
mod draft;
mod drop;
mod input;
mod mask_note;
mod tray;

use crate::context::context;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;

use super::extras::Extras;
use super::focus::focus_now;
use super::icon::{Drawing, Icon};
use crate::i18n::{Count, Text, use_i18n};
use crate::store::Store;

use draft::{can_send, is_too_long};
use input::Input;
use mask_note::MaskNote;

pub(super) use attach::{Attach, file_refusal, refused_files};
pub(super) use drop::{
    DropNotice, DropZone, on_drag_enter, on_drag_over, on_drop, opens_for, pastes_files,
};
pub(super) use tray::Tray;

/// The field to write in, with the buttons that attach and send.
#[component]
pub(super) fn Composer() -> impl IntoView {
    let extras = context::<Extras>();
    let store = context::<Store>();
    let i18n = use_i18n();
    let input = AnyNodeRef::new();
    let offers = untrack(|| store.offers());
    view! { class = "w",
        <div class="composer" part="composer">
            {extras.view(|views| (views.tray)())}
            <div
                class="composer-box"
                data-state=move || if is_too_long(store) { "over" } else { "ready" }
            >
                {offers.files.then(|| extras.view(move |views| (views.attach)(input)))}
                <Input node_ref=input/>
                <button
                    class="send"
                    type="button"
                    part="send"
                    aria-label=i18n.text(Text::COMPOSER_SEND)
                    title=i18n.text(Text::COMPOSER_SEND)
                    disabled=move || !can_send(store)
                    on:click=move |_| {
                        store.say();
                        focus_now(input);
                    }
                >
                    <Icon drawing=Drawing::SEND/>
                </button>
            </div>
            {extras.view(|views| (views.counter)())}
            {offers
                .typing_preview
                .then(|| {
                    view! { class = "w",
                        <p class="composer-note">{i18n.text(Text::COMPOSER_PREVIEW)}</p>
                    }
                        .into_any()
                })}
        </div>
    }
}

/// What the composer tells of the text in it: the number of characters that are left, when they get scarce, or that are
/// too many, and that numbers are masked. Of the former only what keeps the message from being sent is spoken: the
/// number changes with each letter.
#[component]
pub(super) fn Counter() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let words = move || match store.offers().scarce_room_for(&store.draft().get()) {
        Some(room) if room < 0 => i18n.count(Count::COMPOSER_OVER, room.unsigned_abs()),
        Some(room) => i18n.count(Count::COMPOSER_LEFT, room.unsigned_abs()),
        None => String::new(),
    };
    view! { class = "w",
        <p
            class="counter"
            id="counter"
            aria-live=move || if is_too_long(store) { "polite" } else { "off" }
            data-state=move || is_too_long(store).then_some("over")
        >
            {move || words()}
        </p>
        <MaskNote/>
    }
}
