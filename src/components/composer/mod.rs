//! Where the visitor writes and picks files.

mod attach;

use std::rc::Rc;

use leptos::prelude::*;
use parlour_chat::{Command, Phase};
use parlour_json::signed_digits;
use wasm_bindgen::JsCast;
use web_sys::{ClipboardEvent, Event, HtmlElement, HtmlTextAreaElement, KeyboardEvent};

use super::Ui;
use super::dom::{El, derived, effect, el};
use super::icon::Icon;
use crate::i18n::{Count, Text};
use crate::watched::Watched;

use attach::{attach, send_files};
pub(super) use attach::{drag_enter, drag_over, drop_zone, dropped, types};

/// Key code of a key press that an input method takes (Safari says so after the composition).
const IN_COMPOSITION: u32 = 229;

/// Shows the composer.
pub(super) fn composer(ui: Ui) -> El {
    let room = derived(move || room(ui));
    let ending = derived(move || ui.store().phase.get() == Phase::Ending);
    let (over, left, closing) = (Rc::clone(&room), Rc::clone(&room), Rc::clone(&ending));
    let send = el("button.send type=button part=send")
        .attr("aria-label", ui.text(Text::ComposerSend))
        .attr("title", ui.text(Text::ComposerSend))
        .live_flag("disabled", move || closing.get() || !can_send(ui))
        .click(move || {
            send(ui);
            // Now, within the click: phones keep their keyboard open then.
            ui.focus_now(".composer-input");
        })
        .icon(Icon::SEND);
    let box_state = move || Some(if over.get() < 0 { "over" } else { "ready" }.into());
    let preview = ui.store().offers.get().typing_preview;
    el("div.composer part=composer")
        .child(
            el("div.composer-box")
                .live("data-state", box_state)
                .child_if(attach(ui))
                .child(input(ui, Rc::clone(&room), ending))
                .child(send),
        )
        .child(
            el("p.counter id=counter")
                .live("data-state", move || {
                    (left.get() < 0).then(|| "over".into())
                })
                .live_text(move || counter(ui, room.get())),
        )
        .child_if(preview.then(|| el("p.composer-note").say(ui, Text::ComposerPreview)))
}

fn input(ui: Ui, room: Rc<Watched<i64>>, ending: Rc<Watched<bool>>) -> El {
    // The text may come from elsewhere: a restored draft, a message taken back to edit.
    effect(move || {
        let text = ui.store().draft.get();
        if let Some(input) = ui.find(".composer-input") {
            fill(&input, &text);
        }
    });
    let closing = Rc::clone(&ending);
    el("textarea.composer-input part=input rows=1 dir=auto enterkeyhint=send data-focus")
        .attr("aria-label", ui.text(Text::ComposerLabel))
        .fixed("aria-describedby", "counter")
        // Beyond what can be sent, but not without end: browsers take seconds to lay out a pasted book.
        .attr("maxlength", signed_digits(3 * ui.shared().longest as i64))
        .live("aria-invalid", move || {
            (room.get() < 0).then(|| "true".into())
        })
        .live("placeholder", move || {
            let text = if ending.get() {
                Text::ComposerEnding
            } else {
                Text::ComposerPlaceholder
            };
            Some(ui.text(text))
        })
        .live_flag("readonly", move || closing.get())
        .on("input", move |event| {
            let text = event_target_value(&event);
            ui.store().draft.set(text.clone());
            ui.store().command(Command::Draft(text));
        })
        .on("keydown", move |event| {
            if is_send(event.unchecked_ref()) {
                event.prevent_default();
                send(ui);
            }
        })
        .on("paste", move |event| paste(ui, &event))
}

fn is_send(event: &KeyboardEvent) -> bool {
    let composing = event.is_composing() || event.key_code() == IN_COMPOSITION;
    event.key() == "Enter" && !event.shift_key() && !composing
}

fn send(ui: Ui) {
    if can_send(ui) {
        let text = ui.store().draft.peek();
        // Before the command: if the core refuses it, it hands the text back.
        ui.store().draft.set(String::new());
        ui.shared().said.update(|said| *said += 1);
        ui.store().command(Command::Say(text));
    }
}

fn can_send(ui: Ui) -> bool {
    let blank = ui.store().draft.with(|text| text.trim().is_empty());
    let taken = ui.store().takes_messages();
    !blank && taken && room(ui) >= 0 && ui.store().phase.get() == Phase::Chatting
}

fn paste(ui: Ui, event: &Event) {
    let data = event.unchecked_ref::<ClipboardEvent>().clipboard_data();
    let files = data
        .and_then(|data| data.files())
        .filter(|files| files.length() > 0);
    if let Some(files) = files
        && untrack(|| attach::files_now(ui)).is_ok()
    {
        event.prevent_default();
        send_files(ui, &files);
    }
}

/// Tells how many UTF-16 code units the message may still grow; negative if it is too long.
fn room(ui: Ui) -> i64 {
    let length = ui.store().draft.with(|text| text.encode_utf16().count());
    // Neither is near 2^63: memory ends before.
    ui.shared().longest as i64 - length as i64
}

/// Says how much room is left when it gets scarce.
fn counter(ui: Ui, room: i64) -> String {
    let scarce = (ui.shared().longest / 10).min(500) as i64;
    if room < 0 {
        ui.count(Count::CharactersOver, room.unsigned_abs())
    } else if room <= scarce {
        ui.count(Count::CharactersLeft, room.unsigned_abs())
    } else {
        String::new()
    }
}

/// Shows a text in the box and makes the box as high, up to what the style sheet allows.
fn fill(input: &HtmlTextAreaElement, text: &str) {
    if input.value() != text {
        input.set_value(text);
    }
    let style = HtmlElement::style(input);
    // Set through CSSOM: a style attribute would be refused by a strict policy.
    _ = style.set_property("height", "auto");
    let height = input.scroll_height();
    if height > 0 {
        _ = style.set_property("height", &[&signed_digits(height.into()), "px"].concat());
    }
}
