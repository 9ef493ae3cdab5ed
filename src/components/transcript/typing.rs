use parlour_chat::Participant;

use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::i18n::Text;

/// Says who is typing.
pub(super) fn typing(ui: Ui) -> El {
    // The live region stays; what it says comes and goes.
    el("div.typing-place role=status").show(move || {
        let words = ui.store().typing.with(|all| names(ui, all))?;
        let dots = el("span.dots aria-hidden=true")
            .child(el("span.dot"))
            .child(el("span.dot"))
            .child(el("span.dot"));
        let words = el("span.typing-words").text(words);
        Some(el("div.typing part=typing").child(dots).child(words))
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
