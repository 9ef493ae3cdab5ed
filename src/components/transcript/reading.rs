use leptos::prelude::*;

use super::bookmark::Bookmark;
use super::scroll::Scroll;
use crate::components::effect::effect;
use crate::components::focus::focus_now;
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};

/// What helps a visitor to keep the place: the way back to the end, the place after a reload, and what tells the
/// browser's scrolling from the visitor's.
#[component]
pub(in crate::components) fn Reading(scroll: Scroll) -> impl IntoView {
    effect(move || {
        scroll.probe.track();
        scroll.reset_probe();
    });
    view! { class = "w",
        <Bookmark scroll/>
        <div class="probe" aria-hidden="true" node_ref=scroll.probe>
            <div class="probe-content"></div>
        </div>
        <Show when=move || !scroll.at_end.get()>
            <JumpToEnd scroll/>
        </Show>
    }
}

/// The way back to the latest line; says whether something new is there.
#[component]
fn JumpToEnd(scroll: Scroll) -> impl IntoView {
    let i18n = use_i18n();
    // What stands on the button comes first: whoever speaks to the browser says that.
    let name = move || {
        let jump = i18n.text(Text::TRANSCRIPT_JUMP);
        if scroll.news.get() {
            [&*i18n.text(Text::TRANSCRIPT_NEW), ", ", &jump].concat()
        } else {
            jump
        }
    };
    view! { class = "w",
        <button
            class="jump"
            type="button"
            data-action="jump"
            aria-label=move || name()
            data-state=move || if scroll.news.get() { "new" } else { "old" }
            on:click=move |_| {
                scroll.to_end();
                // The button goes.
                focus_now(scroll.viewport);
            }
        >
            <Show when=move || scroll.news.get()>
                <span class="jump-words">{i18n.text(Text::TRANSCRIPT_NEW)}</span>
            </Show>
            <Icon drawing=Drawing::DOWN/>
        </button>
    }
}
