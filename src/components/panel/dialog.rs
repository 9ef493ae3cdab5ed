use std::rc::Rc;

use parlour_chat::Command;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlInputElement, KeyboardEvent};

use super::{Asked, is_escape, menu};
use crate::components::Ui;
use crate::components::dom::{El, el};
use crate::i18n::Text;
use crate::watched::Watched;

/// Is a question that stands before the panel until it is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Dialog {
    /// Whether the chat is to end.
    End,
    /// What the visitor's name is to be.
    Rename,
}

const INPUT: &str = ".dialog-input";
const CANCEL: &str = ".dialog .cancel";
const CONFIRM: &str = ".dialog [data-action=confirm]";

/// Asks the question.
pub(super) fn dialog(ui: Ui, which: Dialog, asked: Asked) -> El {
    let dismiss = move || {
        asked.set(None);
        ui.focus(menu::BUTTON);
        // The button goes with a chat that ends.
        ui.keep_focus();
    };
    let (escaped, cancelled) = (dismiss.clone(), dismiss.clone());
    let (shade, title, confirm, confirm_button, focus) = match which {
        Dialog::End => (
            "div.shade role=alertdialog",
            Text::EndTitle,
            Text::EndConfirm,
            "button.button.danger type=submit data-action=confirm",
            CANCEL,
        ),
        Dialog::Rename => (
            "div.shade role=dialog",
            Text::RenameTitle,
            Text::RenameConfirm,
            "button.button.primary type=submit data-action=confirm",
            INPUT,
        ),
    };
    ui.focus(focus);
    let empty = Rc::new(Watched::new(false));
    let buttons = el("div.dialog-buttons")
        .child(
            el("button.button.cancel type=button data-action=cancel")
                .click(cancelled)
                .say(ui, Text::DialogCancel),
        )
        .child(el(confirm_button).say(ui, confirm));
    let body = match which {
        Dialog::End => el("p.dialog-text id=dialog-text").say(ui, Text::EndText),
        Dialog::Rename => name_field(ui, Rc::clone(&empty)),
    };
    let form = el("form.dialog novalidate")
        .on("keydown", move |event| {
            let key: &KeyboardEvent = event.unchecked_ref();
            if is_escape(key) {
                event.prevent_default();
                escaped();
            } else if key.key() == "Tab" {
                go_round(ui, key, focus);
            }
        })
        .on("submit", move |event| {
            event.prevent_default();
            if answer(ui, which, &empty) {
                dismiss();
            }
        })
        .child(el("h2.dialog-title id=dialog-title").say(ui, title))
        .child(body)
        .child(buttons);
    // Not on the form: it is one already, and may not be a dialog, too.
    el(shade)
        .fixed("aria-modal", "true")
        .fixed("aria-labelledby", "dialog-title")
        .fixed("aria-describedby", "dialog-text")
        .child(form)
}

/// Keeps the focus in the question: from its last control to its first, and back.
fn go_round(ui: Ui, event: &KeyboardEvent, first: &'static str) {
    let (from, to) = if event.shift_key() {
        (first, CONFIRM)
    } else {
        (CONFIRM, first)
    };
    if ui.find::<Element>(&[from, ":focus"].concat()).is_some() {
        event.prevent_default();
        ui.focus_now(to);
    }
}

fn name_field(ui: Ui, empty: Rc<Watched<bool>>) -> El {
    let label = el("label.label for=new-name id=dialog-text").say(ui, Text::RenameLabel);
    // The longest name a visitor can give, in UTF-16 code units.
    let input = el("input.input.dialog-input id=new-name autocomplete=name maxlength=100 dir=auto")
        .flag("required", true)
        .attr_if("value", ui.store().nickname.peek())
        // The first key puts the new name in the place of the old one.
        .on("focus", |event| {
            if let Some(input) = event.target() {
                input.unchecked_into::<HtmlInputElement>().select();
            }
        });
    let wrong = Rc::clone(&empty);
    let input = input.live("aria-invalid", move || wrong.get().then(|| "true".into()));
    let error = move || {
        let error = el("p.error part=error role=alert");
        empty.get().then(|| error.say(ui, Text::FormErrorRequired))
    };
    el("div.field").child(label).child(input).show(error)
}

/// Does what was asked; tells whether the question is answered.
fn answer(ui: Ui, which: Dialog, empty: &Watched<bool>) -> bool {
    let command = match which {
        Dialog::End => Command::End,
        Dialog::Rename => {
            let input = ui.find::<HtmlInputElement>(INPUT);
            let new = input
                .map(|input| input.value().trim().to_owned())
                .unwrap_or_default();
            if new.is_empty() {
                empty.set(true);
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
