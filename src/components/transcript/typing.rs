use parlour_chat::Participant;

use crate::components::Ui;
use crate::components::dom::{El, div, span};
use crate::i18n::Text;

/// Says who is typing.
pub(super) fn typing(ui: Ui) -> El {
    // The live region stays; what it says comes and goes.
    div("typing-place").attr("role", "status").show(move || {
        let words = ui.store().typing.with(|all| names(ui, all))?;
        let dots = span("dots")
            .attr("aria-hidden", "true")
            .child(span("dot"))
            .child(span("dot"))
            .child(span("dot"));
        let words = span("typing-words").text(words);
        Some(div("typing").part("typing").child(dots).child(words))
    })
}

fn names(ui: Ui, all: &[Participant]) -> Option<String> {
    Some(match all {
        [] => return None,
        [one] => ui.about(Text::TypingOne, one),
        [one, other] => ui.fill(
            Text::TypingTwo,
            &[("name", &ui.name(one)), ("other", &ui.name(other))],
        ),
        _ => ui.text(Text::TypingMany),
    })
}
