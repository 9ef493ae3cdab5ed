//! The transcript view: what was said and what happened, in order.

mod action;
mod avatar;
mod beginning;
mod bookmark;
mod entry;
mod file;
pub(super) mod frame;
mod line;
mod markup;
mod message;
mod offer;
mod reading;
mod rich;
mod said;
pub(super) mod scroll;
mod system;
mod typing;
mod words;

use std::time::Duration;

use crate::context::context;
use leptos::prelude::*;

use super::effect::on_change;
use super::extras::Extras;
use crate::components::list::KeyedList;
use crate::i18n::{Text, use_i18n};
use crate::store::{Block, Store};

pub(super) use avatar::{Avatar, Faces};
pub(super) use beginning::{Beginning, Question};
pub(super) use line::line;
pub(super) use message::Failed;
pub(super) use reading::Reading;
pub(super) use said::{OnPaper, Said};
pub(super) use system::event;
pub(super) use typing::Typing;
pub(super) use words::Words;

use entry::TimelineEntry;
use scroll::Scroll;

/// How long the last of what is no news stays unspoken. Browsers tell screen readers of changes with a delay.
const SILENCE: Duration = Duration::from_millis(500);

/// The timeline, scrolled to its end unless the visitor reads further up.
#[component]
pub(super) fn Transcript() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let extras = context::<Extras>();
    let scroll = Scroll::new(extras.at_end);
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
                aria-label=i18n.text(Text::TRANSCRIPT_LABEL)
                node_ref=scroll.viewport
                on:scroll=move |_| scroll.on_scroll()
            >
                <div class="lines" node_ref=scroll.content>
                    {extras.view(|views| (views.beginning)())}
                    <Lines/>
                    {extras.view(|views| (views.typing)())}
                </div>
            </div>
            {extras.view(move |views| (views.reading)(scroll))}
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
            // The widget, and all that the store has, may be gone by then.
            if is_busy.try_get_untracked() == Some(true) && !untrack(is_catching_up) {
                is_busy.set(false);
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
