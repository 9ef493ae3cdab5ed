use parlour_chat::Command;

use crate::components::Ui;
use crate::components::dom::{El, button, div, p};
use crate::i18n::Text;

/// Stands in the composer's place when the chat is over, and offers a new one.
pub(super) fn ended(ui: Ui) -> El {
    div("ended")
        .attr("data-state", "ended")
        // How it ended stands at the end of the transcript, and was read out there.
        .child(p("ended-text").text(ui.text(Text::EndedThanks)))
        .child(
            button("button primary wide")
                .attr("data-action", "new-chat")
                .attr("data-focus", "")
                .click(move || ui.store().command(Command::Reset))
                .text(ui.text(Text::EndedNew)),
        )
}
