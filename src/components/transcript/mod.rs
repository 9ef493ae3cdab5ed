//! The transcript view: what was said and what happened, in order.

mod action;
mod entry;
mod file;
pub(super) mod frame;
mod message;
mod offer;
mod scroll;
mod system;
mod typing;
mod words;

use std::time::Duration;

use crate::context::context;
use leptos::prelude::*;

use super::effect::on_change;
use super::icon::{Drawing, Icon};
use crate::components::list::KeyedList;
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::{Block, Store};

pub(super) use action::ActionButton;
pub(super) use file::File;
pub(super) use offer::Offer;
pub(super) use system::event;
pub(super) use words::Words;

use entry::TimelineEntry;
use scroll::Scroll;
use typing::Typing;

/// How long the last of what is no news stays unspoken. Browsers tell screen readers of changes with a delay.
const SILENCE: Duration = Duration::from_millis(500);

/// The timeline, scrolled to its end unless the visitor reads further up.
#[component]
pub(super) fn Transcript() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let scroll = Scroll::new();
    scroll.follow_end(store);
    let is_busy = follow_catching_up(store);
    view! { class = "w",
        <div class="transcript">
            <div
                class="scroll"
                part="transcript"
                role="log"
                tabindex="0"
                aria-busy=move || is_busy.get().to_string()
                aria-label=i18n.text(Text::TranscriptLabel)
                node_ref=scroll.viewport
                on:scroll=move |_| scroll.on_scroll()
            >
                <div class="lines" node_ref=scroll.content>
                    <Lines/>
                    <Typing/>
                </div>
            </div>
            <Show when=move || !scroll.at_end.get()>
                <JumpToEnd scroll/>
            </Show>
        </div>
    }
}

/// Tells whether what comes now is no news: screen readers say nothing of it.
fn follow_catching_up(store: Store) -> RwSignal<bool> {
    let is_catching_up = move || store.state().with(|state| state.is_catching_up);
    let is_busy = RwSignal::new(untrack(is_catching_up));
    on_change(is_catching_up, move |_, catches_up| {
        if catches_up {
            is_busy.set(true);
            return;
        }
        let end = move || {
            if !untrack(is_catching_up) {
                _ = is_busy.try_set(false);
            }
        };
        set_timeout(end, SILENCE);
    });
    is_busy
}

/// The lines of the timeline.
#[component]
pub(super) fn Lines() -> impl IntoView {
    let store = context::<Store>();
    view! {
        <KeyedList items=Box::new(move || {
            let blocks = store.blocks().get().into_iter();
            blocks
                .map(|block| {
                    (block.key, ViewFn::from(move || view! { <Rows block=block.clone()/> }))
                })
                .collect()
        })/>
    }
}

#[component]
fn Rows(block: Block) -> impl IntoView {
    view! { class = "w",
        <div class="block">
            <KeyedList items=Box::new(move || {
                let rows = block.rows.get().into_iter();
                rows
                    .map(|row| {
                        (row.key, ViewFn::from(move || view! { <TimelineEntry row=row.clone()/> }))
                    })
                    .collect()
            })/>
        </div>
    }
}

/// The way back to the latest line; says whether something new is there.
#[component]
fn JumpToEnd(scroll: Scroll) -> impl IntoView {
    let i18n = use_i18n();
    view! { class = "w",
        <button
            class="jump"
            type="button"
            data-action="jump"
            aria-label=i18n.text(Text::TranscriptJump)
            data-state=move || if scroll.news.get() { "new" } else { "old" }
            on:click=move |_| scroll.to_end()
        >
            <Show when=move || scroll.news.get()>
                <span class="jump-words">{i18n.text(Text::TranscriptNew)}</span>
            </Show>
            <Icon drawing=Drawing::Down/>
        </button>
    }
}
