use parlour_chat::Command;

use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::i18n::Text;

/// Stands in the composer's place when the chat is over, and offers a new one.
pub(super) fn ended(ui: Ui) -> El {
    el("div.ended data-state=ended")
        // How it ended stands at the end of the transcript, and was read out there.
        .child(el("p.ended-text").say(ui, Text::EndedThanks))
        .child(
            el("button.button.primary.wide type=button data-action=new-chat data-focus")
                .click(move || ui.store().command(Command::Reset))
                .say(ui, Text::EndedNew),
        )
}
