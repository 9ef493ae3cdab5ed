use parlour_chat::{Agents, Connection, Phase, Storage};

use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::components::icon::Icon;
use crate::i18n::{Subject, Text};

/// Says how things stand when they are not as usual: no connection, nobody there yet, on hold.
pub(super) fn status(ui: Ui) -> El {
    // The live region stays; what it says comes and goes.
    el("div.status-lines role=status")
        .show(move || situation(ui).map(|(state, words)| line(state, words)))
        .show(move || {
            let refusal = ui.store().refusal.get()?;
            Some(line("refused", ui.refusal(&refusal, Subject::Other)))
        })
        .show(move || forgetful(ui).then(|| line("memory", ui.text(Text::StatusMemory))))
}

fn line(state: &'static str, words: String) -> El {
    let line = el("p.status part=status").fixed("data-state", state);
    let line = match state {
        "refused" | "offline" | "memory" => line.icon(Icon::ALERT),
        _ => line.child(el("span.pulse")),
    };
    line.child(el("span").text(words))
}

/// Tells whether a chat is going on that a reload would lose.
fn forgetful(ui: Ui) -> bool {
    let talking = matches!(ui.store().phase.get(), Phase::Chatting | Phase::Ending);
    talking && ui.store().storage.get() == Storage::Fails
}

/// Picks the one thing that matters most, with the name of its state.
fn situation(ui: Ui) -> Option<(&'static str, String)> {
    let store = ui.store();
    let phase = store.phase.get();
    let talking = match phase {
        Phase::Ended(_) => return None,
        Phase::Chatting | Phase::Ending => true,
        Phase::Idle | Phase::Refused(_) | Phase::Starting => false,
    };
    let (state, text) = match (store.connection.get(), phase, store.agents.get()) {
        (Connection::Offline, ..) => ("offline", Text::StatusOffline),
        _ if !talking => return None,
        (Connection::Reconnecting, ..) => ("reconnecting", Text::StatusReconnecting),
        (_, Phase::Ending, _) => ("ending", Text::StatusEnding),
        (.., Agents::Present) => return None,
        (.., Agents::Awaited) => ("waiting", Text::StatusWaiting),
        (.., Agents::Gone) => ("gone", Text::StatusGone),
        (.., Agents::OnHold(who)) => return Some(("hold", ui.about(Text::StatusHold, &who))),
        (.., Agents::Transferring(who)) => {
            return Some(("transfer", ui.about(Text::StatusTransfer, &who)));
        }
    };
    Some((state, ui.text(text)))
}
