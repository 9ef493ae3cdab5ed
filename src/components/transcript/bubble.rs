use parlour_chat::{Author, Command, Entry, EntryId, MessageState, Refusal};

use super::row::{from, meta, said};
use super::words::words;
use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::components::icon::Icon;
use crate::i18n::{Subject, Text};

/// Shows what somebody said.
pub(super) fn message(
    ui: Ui,
    entry: &Entry,
    author: &Author,
    text: &str,
    state: &MessageState,
) -> El {
    let state_name = match state {
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::Failed(_) => "failed",
    };
    let bubble = el("div.bubble part=message dir=auto")
        .attr("data-from", from(author))
        .attr("data-state", state_name);
    let line = said(ui, entry, author).child(words(bubble, text));
    match state {
        MessageState::Sending => line.child(el("p.meta").text(ui.text(Text::MessageSending))),
        MessageState::Sent => line.child_if(sent(ui, entry, author)),
        MessageState::Failed(refusal) => failed(ui, line, entry.id, refusal),
    }
}

/// Says when, and for one's own messages that they arrived.
fn sent(ui: Ui, entry: &Entry, author: &Author) -> Option<El> {
    let meta = meta(ui, entry)?;
    Some(if *author == Author::Me {
        meta.child(Icon::CHECK)
            .child(el("span.unseen").text(ui.text(Text::MessageSent)))
    } else {
        meta
    })
}

fn failed(ui: Ui, line: El, id: EntryId, refusal: &Refusal) -> El {
    let words = ui.refusal(refusal, Subject::Message);
    let actions = el("div.actions")
        .child(action(ui, "retry", Text::MessageRetry, Command::Retry(id)))
        .child(action(ui, "edit", Text::MessageEdit, Command::Edit(id)))
        .child(action(
            ui,
            "discard",
            Text::MessageDiscard,
            Command::Discard(id),
        ));
    line.child(el("p.meta.wrong").child(Icon::ALERT).text(words))
        .child(actions)
}

/// Shows a small button that gives a command.
pub(super) fn action(ui: Ui, name: &'static str, text: Text, command: Command) -> El {
    el("button.action type=button")
        .attr("data-action", name)
        .text(ui.text(text))
        .click(move || {
            ui.store().command(command.clone());
            // The button is likely to go with what it was about.
            ui.keep_focus();
        })
}
