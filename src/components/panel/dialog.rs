use parlour_chat::Command;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{Asked, is_escape, menu};
use crate::components::Ui;
use crate::components::dom::{El, button, div, el, p};
use crate::i18n::Text;

/// Is a question that stands before the panel until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    /// Whether the chat is to end.
    End,
    /// What the visitor's name is to be.
    Rename,
}

/// The longest name the visitor can give, in UTF-16 code units.
const NAME_LENGTH: &str = "100";

const INPUT: &str = ".dialog-input";

/// Asks the question.
pub(super) fn dialog(ui: Ui, which: Dialog, asked: Asked) -> El {
    let dismiss = move || {
        asked.set(None);
        ui.focus(menu::BUTTON);
    };
    let (escaped, cancelled) = (dismiss.clone(), dismiss.clone());
    let (role, title, confirm, class) = match which {
        Dialog::End => (
            "alertdialog",
            Text::EndTitle,
            Text::EndConfirm,
            "button danger",
        ),
        Dialog::Rename => (
            "dialog",
            Text::RenameTitle,
            Text::RenameConfirm,
            "button primary",
        ),
    };
    ui.focus(match which {
        Dialog::End => ".dialog .cancel",
        Dialog::Rename => INPUT,
    });
    let buttons = div("dialog-buttons")
        .child(
            button("button cancel")
                .attr("data-action", "cancel")
                .click(cancelled)
                .text(ui.text(Text::DialogCancel)),
        )
        .child(
            el("BUTTON", class)
                .attr("type", "submit")
                .attr("data-action", "confirm")
                .text(ui.text(confirm)),
        );
    let body = match which {
        Dialog::End => p("dialog-text")
            .attr("id", "dialog-text")
            .text(ui.text(Text::EndText)),
        Dialog::Rename => name_field(ui),
    };
    let form = el("FORM", "dialog")
        .attr("role", role)
        .attr("aria-modal", "true")
        .attr("aria-labelledby", "dialog-title")
        .attr("aria-describedby", "dialog-text")
        .flag("novalidate", true)
        .on("keydown", move |event| {
            if is_escape(event.unchecked_ref()) {
                event.prevent_default();
                escaped();
            }
        })
        .on("submit", move |event| {
            event.prevent_default();
            if answer(ui, which) {
                dismiss();
            }
        })
        .child(
            el("H3", "dialog-title")
                .attr("id", "dialog-title")
                .text(ui.text(title)),
        )
        .child(body)
        .child(buttons);
    div("shade").child(form)
}

fn name_field(ui: Ui) -> El {
    let label = el("LABEL", "label")
        .attr("for", "new-name")
        .attr("id", "dialog-text")
        .text(ui.text(Text::RenameLabel));
    let input = el("INPUT", "input dialog-input")
        .attr("id", "new-name")
        .attr("autocomplete", "name")
        .attr("maxlength", NAME_LENGTH)
        .attr("dir", "auto")
        .attr_if("value", ui.store().nickname.peek())
        .flag("required", true);
    div("field").child(label).child(input)
}

/// Does what was asked; tells whether the question is answered.
fn answer(ui: Ui, which: Dialog) -> bool {
    let command = match which {
        Dialog::End => Command::End,
        Dialog::Rename => {
            let input = ui.find::<HtmlInputElement>(INPUT);
            let new = input
                .map(|input| input.value().trim().to_owned())
                .unwrap_or_default();
            if new.is_empty() {
                ui.focus(INPUT);
                return false;
            }
            if ui
                .store()
                .nickname
                .peek_with(|old| old.as_ref() == Some(&new))
            {
                return true;
            }
            Command::Rename(new)
        }
    };
    ui.store().command(command);
    true
}
