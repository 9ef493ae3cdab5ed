use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Agents, Command, Connection, Phase, State};

use crate::components::extras::Extras;
use crate::components::focus::use_focus;
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{I18n, Subject, Text, use_i18n};
use crate::store::Store;

/// Lines that say how the chat stands when it is not as usual: no connection, nobody there yet, on
/// hold. The live region stays, so that screen readers hear what comes into it.
#[component]
pub(super) fn Status() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let extras = context::<Extras>();
    let status = move || store.state().with(|state| status_line(i18n, state));
    let refusal = move || {
        store
            .state()
            .with(|state| Some(i18n.refusal(state.refusal.as_ref()?, Subject::Other)))
    };
    let refused_files = move || {
        let views = extras.loaded()?;
        store
            .state()
            .with(|state| (views.refused_files)(i18n, state))
    };
    view! { class = "w",
        <div class="status-lines" role="status">
            {move || {
                status()
                    .map(|(state, words)| view! { <StatusLine state words/> }.into_any())
            }}
            <Show when=move || store.state().with(|state| state.is_last_known)>
                <StatusLine state="last-known" words=i18n.text(Text::STATUS_LAST_KNOWN)/>
            </Show>
            {move || {
                refusal()
                    .map(|words| view! { <StatusLine state="refused" words/> }.into_any())
            }}
            {move || {
                refused_files()
                    .map(|words| view! { <StatusLine state="refused" words/> }.into_any())
            }}
            <Show when=move || extras.has_failed()>
                <StatusLine state="incomplete" words=i18n.text(Text::STATUS_INCOMPLETE)/>
            </Show>
            <Show when=move || store.state().with(State::is_forgotten_by_reload)>
                <StatusLine state="memory" words=i18n.text(Text::STATUS_MEMORY)/>
            </Show>
        </div>
    }
}

#[component]
fn StatusLine(state: &'static str, words: String) -> impl IntoView {
    let store = context::<Store>();
    let extras = context::<Extras>();
    let i18n = use_i18n();
    let focus = use_focus();
    let action = match state {
        "offline" | "reconnecting" => Some("try-now"),
        "incomplete" => Some("load"),
        _ => None,
    };
    let sign = match state {
        "refused" | "offline" | "memory" | "incomplete" => {
            view! { <Icon drawing=Drawing::ALERT/> }.into_any()
        }
        _ => view! { class = "w", <span class="pulse"></span> }.into_any(),
    };
    let on_click = move |_| {
        if state == "incomplete" {
            extras.load();
        } else {
            store.command(Command::TryNow);
        }
    };
    if action.is_some() {
        on_cleanup(move || focus.restore_if_lost());
    }
    view! { class = "w",
        <p class="status" part="status" data-state=state>
            {sign}
            <span>{words}</span>
            {action
                .map(|name| {
                    view! { class = "w",
                        <button class="action" type="button" data-action=name on:click=on_click>
                            {i18n.text(Text::STATUS_TRY_NOW)}
                        </button>
                    }
                        .into_any()
                })}
        </p>
    }
}

/// Picks what matters most of how the chat stands: the name of its state, and its words.
fn status_line(i18n: I18n, state: &State) -> Option<(&'static str, String)> {
    let phase = &state.phase;
    let in_chat = match phase {
        Phase::Ended(_) => return None,
        Phase::Chatting | Phase::Ending => true,
        Phase::Idle | Phase::Refused(_) | Phase::Starting => false,
    };
    let (state, text) = match (state.connection, phase, &state.agents) {
        (Connection::Offline, ..) => ("offline", Text::STATUS_OFFLINE),
        _ if !in_chat => return None,
        (Connection::Reconnecting, ..) => ("reconnecting", Text::STATUS_RECONNECTING),
        (_, Phase::Ending, _) => ("ending", Text::STATUS_ENDING),
        (.., Agents::Present) => return None,
        (.., Agents::Awaited) => ("waiting", Text::STATUS_WAITING),
        (.., Agents::Gone) => ("gone", Text::STATUS_GONE),
        (.., Agents::OnHold(agent)) => {
            return Some(("hold", i18n.about(Text::STATUS_HOLD, agent)));
        }
        (.., Agents::Transferring(agent)) => {
            return Some(("transfer", i18n.about(Text::STATUS_TRANSFER, agent)));
        }
    };
    Some((state, i18n.text(text)))
}
