use crate::context::context;
use gloo_timers::callback::Interval;
use leptos::prelude::*;
use parlour_chat::{ChatCommand, Moment};

use crate::components::extras::Extras;
use crate::components::focus::use_focus;
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The place of the idle warning; always there, so that screen readers hear what comes into it.
#[component]
pub(super) fn IdlePlace() -> impl IntoView {
    let extras = context::<Extras>();
    let store = context::<Store>();
    let i18n = use_i18n();
    let warning = move || match extras.loaded() {
        Some(views) => (views.idle_warning)(),
        None => i18n.text(Text::IDLE_SOON).into_any(),
    };
    view! { class = "w",
        <div class="idle-place" role="alert">
            <Show when=move || {
                store.state().with(|state| state.idle.is_some())
            }>{move || warning()}</Show>
        </div>
    }
}

/// The question whether the visitor is still there, with the time that is left to answer.
///
/// Screen readers hear the first words once; the time, which changes each second, is for the eye.
#[component]
pub(in crate::components) fn IdleWarning() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let now = RwSignal::new(Moment::default());
    let tick = move || {
        if let Some(time) = store.actor().and_then(|actor| actor.now()) {
            now.set(time);
        }
    };
    tick();
    // It ends with the warning.
    StoredValue::new_local(Interval::new(1_000, tick));
    let focus = use_focus();
    on_cleanup(move || focus.restore_if_lost());
    let time_left = move || {
        let closes_at = store.state().with(|state| state.idle?.closes_at);
        match closes_at {
            Some(at) => i18n.fill(
                Text::IDLE_COUNTDOWN,
                &[("time", &minutes_and_seconds(at, now.get()))],
            ),
            None => i18n.text(Text::IDLE_SOON),
        }
    };
    view! { class = "w",
        <div class="idle" data-state="idle">
            <div class="idle-words">
                <p class="idle-title">{i18n.text(Text::IDLE_TITLE)}</p>
                <p class="unseen">{i18n.text(Text::IDLE_SOON)}</p>
                <p class="idle-text" aria-hidden="true">
                    {move || time_left()}
                </p>
            </div>
            <button
                class="button primary"
                type="button"
                data-action="stay"
                on:click=move |_| store.command(ChatCommand::StayAwake)
            >
                {i18n.text(Text::IDLE_STAY)}
            </button>
        </div>
    }
}

/// Writes the time that is left as `m:ss`, rounded up: zero is shown at the end, not before.
fn minutes_and_seconds(closes_at: Moment, now: Moment) -> String {
    let seconds = closes_at.0.saturating_sub(now.0).div_ceil(1_000);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}
