use std::rc::Rc;

use parlour_chat::{Participant, ParticipantKind, Phase};

use super::Asked;
use super::menu::menu;
use crate::components::Ui;
use crate::components::dom::{El, derived, el};
use crate::components::icon::Icon;
use crate::i18n::Text;

/// Shows whom one talks to, the menu, and the button that closes the panel.
pub(super) fn header(ui: Ui, asked: &Asked) -> El {
    let talking = derived(move || ui.store().phase.get() == Phase::Chatting);
    let asked = Rc::clone(asked);
    let close = ui.text(Text::PanelClose);
    let words = el("div.header-words")
        .child(el("h2.header-title id=title").say(ui, Text::PanelTitle))
        .show(move || company(ui).map(|company| el("p.header-company").text(company)));
    el("header.header part=header")
        .child(words)
        .show(move || talking.get().then(|| menu(ui, &asked)))
        .child(
            el("button.icon-button type=button part=close")
                .attr("aria-label", close.clone())
                .attr("title", close)
                .click(move || ui.store().set_open(false))
                .icon(Icon::CLOSE),
        )
}

/// Names who is there for the visitor, if anybody is.
fn company(ui: Ui) -> Option<String> {
    let person = |one: &&Participant| {
        !matches!(one.kind, ParticipantKind::Visitor | ParticipantKind::System)
    };
    let names: Vec<String> = ui
        .store()
        .participants
        .with(|all| all.iter().filter(person).map(|one| ui.name(one)).collect());
    (!names.is_empty()).then(|| {
        let names = ui.texts(|texts| texts.formats().list(&names));
        ui.fill(Text::StatusWith, &[("name", &names)])
    })
}
