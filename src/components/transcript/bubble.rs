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
        .fixed("data-from", from(author))
        .fixed("data-state", state_name);
    let line = said(ui, entry, author).child(words(bubble, text));
    match state {
        MessageState::Sending => line.child(el("p.meta").say(ui, Text::MessageSending)),
        MessageState::Sent => line.child_if(sent(ui, entry, author)),
        MessageState::Failed(refusal) => failed(ui, line, entry.id, refusal),
    }
}

/// Says when, and for one's own messages that they arrived.
fn sent(ui: Ui, entry: &Entry, author: &Author) -> Option<El> {
    let meta = meta(ui, entry)?;
    Some(if *author == Author::Me {
        meta.icon(Icon::CHECK)
            .child(el("span.unseen").say(ui, Text::MessageSent))
    } else {
        meta
    })
}

fn failed(ui: Ui, line: El, id: EntryId, refusal: &Refusal) -> El {
    let words = ui.refusal(refusal, Subject::Message);
    let action = |name, text, command| action(ui, id, name, text, command);
    let mut actions = el("div.actions");
    if ui.is_open() {
        actions = actions
            .child(action("retry", Text::MessageRetry, Command::Retry))
            .child(action("edit", Text::MessageEdit, Command::Edit));
    }
    let discard = action("discard", Text::MessageDiscard, Command::Discard);
    let actions = actions.child(discard);
    line.child(el("p.meta.wrong").icon(Icon::ALERT).text(words))
        .child(actions)
}

/// Shows a small button that gives a command about an entry.
pub(super) fn action(
    ui: Ui,
    id: EntryId,
    name: &'static str,
    text: Text,
    command: fn(EntryId) -> Command,
) -> El {
    el("button.action type=button")
        .fixed("data-action", name)
        .say(ui, text)
        .click(move || {
            ui.store().command(command(id));
            // The button is likely to go with what it was about.
            ui.keep_focus();
        })
}
