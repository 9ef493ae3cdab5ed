use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Agents, Command, Connection, Phase, RefusedFile, State};

use crate::components::composer::file_refusal;
use crate::components::extras::Extras;
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::components::transcript::ActionButton;
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
    let refused_files = move || store.state().with(|state| refused_files(i18n, state));
    view! { class = "w",
        <div class="status-lines" role="status">
            {move || {
                status()
                    .map(|(state, words)| view! { <StatusLine state words/> }.into_any())
            }}
            <Show when=move || store.state().with(|state| state.is_last_known)>
                <StatusLine state="last-known" words=i18n.text(Text::StatusLastKnown)/>
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
                <p class="status" part="status" data-state="incomplete">
                    <Icon drawing=Drawing::Alert/>
                    <span>{i18n.text(Text::StatusIncomplete)}</span>
                    <button
                        class="action"
                        type="button"
                        data-action="load"
                        on:click=move |_| extras.load()
                    >
                        {i18n.text(Text::StatusTryNow)}
                    </button>
                </p>
            </Show>
            <Show when=move || store.state().with(State::is_forgotten_by_reload)>
                <StatusLine state="memory" words=i18n.text(Text::StatusMemory)/>
            </Show>
        </div>
    }
}

#[component]
fn StatusLine(state: &'static str, words: String) -> impl IntoView {
    let is_down = matches!(state, "offline" | "reconnecting");
    let sign = match state {
        "refused" | "offline" | "memory" => view! { <Icon drawing=Drawing::Alert/> }.into_any(),
        _ => view! { class = "w", <span class="pulse"></span> }.into_any(),
    };
    view! { class = "w",
        <p class="status" part="status" data-state=state>
            {sign}
            <span>{words}</span>
            {is_down
                .then(|| {
                    view! {
                        <ActionButton
                            name="try-now"
                            text=Text::StatusTryNow
                            command=Command::TryNow
                        />
                    }
                        .into_any()
                })}
        </p>
    }
}

/// Says of each file that could not be attached why, a line a file.
fn refused_files(i18n: I18n, state: &State) -> Option<String> {
    let files = state.refused_files.iter();
    let lines: Vec<String> = files
        .map(|RefusedFile { name, refusal }| {
            let words = file_refusal(i18n, state, refusal, Subject::Other);
            // Isolated: a name in another direction leaves the words in their order.
            ["\u{2068}", name, "\u{2069}: ", &words].concat()
        })
        .collect();
    (!lines.is_empty()).then(|| lines.join("\n"))
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
        (Connection::Offline, ..) => ("offline", Text::StatusOffline),
        _ if !in_chat => return None,
        (Connection::Reconnecting, ..) => ("reconnecting", Text::StatusReconnecting),
        (_, Phase::Ending, _) => ("ending", Text::StatusEnding),
        (.., Agents::Present) => return None,
        (.., Agents::Awaited) => ("waiting", Text::StatusWaiting),
        (.., Agents::Gone) => ("gone", Text::StatusGone),
        (.., Agents::OnHold(agent)) => {
            return Some(("hold", i18n.about(Text::StatusHold, agent)));
        }
        (.., Agents::Transferring(agent)) => {
            return Some(("transfer", i18n.about(Text::StatusTransfer, agent)));
        }
    };
    Some((state, i18n.text(text)))
}
