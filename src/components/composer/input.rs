use crate::context::context;
use leptos::ev;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{Command, Phase};
use web_sys::HtmlTextAreaElement;

use super::draft::{can_send, is_too_long};
use crate::components::effect::effect;
use crate::components::extras::Extras;
use crate::components::focus::{element, use_focus};
use crate::components::keys::is_composing;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// The box to write in: Enter sends, Shift and Enter begin a new line, files may be pasted.
#[component]
pub(super) fn Input(node_ref: AnyNodeRef) -> impl IntoView {
    let store = context::<Store>();
    let extras = context::<Extras>();
    let i18n = use_i18n();
    let ending = move || store.phase() == Phase::Ending;
    // The text may come from elsewhere: a restored draft, a message taken back to edit.
    effect(move || {
        let text = store.draft().get();
        node_ref.track();
        if let Some(input) = element(node_ref) {
            show_text(&input, &text);
        }
    });
    use_focus().set_first_control(node_ref);

    let on_input = move |event| {
        let text = event_target_value(&event);
        store.draft().set(text.clone());
        store.command(Command::Draft(text));
    };
    let on_keydown = move |event: ev::KeyboardEvent| {
        if is_send_key(&event) {
            event.prevent_default();
            if untrack(|| can_send(store)) {
                store.say();
            }
        }
    };
    let on_paste = move |event: ev::ClipboardEvent| {
        let data = event.clipboard_data();
        let views = untrack(|| extras.loaded());
        if views.is_some_and(|views| data.is_some_and(|data| (views.pastes_files)(&data, store))) {
            event.prevent_default();
        }
    };
    let placeholder = move || {
        i18n.text(if ending() {
            Text::COMPOSER_ENDING
        } else if store.state().with(|state| !state.attachments.is_empty()) {
            Text::COMPOSER_CAPTION
        } else {
            Text::COMPOSER_PLACEHOLDER
        })
    };
    // The box accepts more than can be sent, but not without limit: browsers take seconds to lay
    // out a pasted book.
    view! { class = "w",
        <textarea
            class="composer-input"
            part="input"
            rows="1"
            dir="auto"
            enterkeyhint="send"
            aria-label=i18n.text(Text::COMPOSER_LABEL)
            aria-describedby="counter"
            aria-invalid=move || is_too_long(store).then_some("true")
            maxlength=(3 * untrack(|| store.offers()).message_units).to_string()
            placeholder=move || placeholder()
            readonly=move || ending()
            node_ref=node_ref
            on:input=on_input
            on:keydown=on_keydown
            on:paste=on_paste
        ></textarea>
    }
}

fn is_send_key(event: &ev::KeyboardEvent) -> bool {
    event.key() == "Enter" && !event.shift_key() && !is_composing(event)
}

/// Puts a text into the box and makes the box as high as the text, up to what the style sheet allows. A browser that
/// does so by itself is not asked to lay out the text twice with each letter.
fn show_text(input: &HtmlTextAreaElement, text: &str) {
    if input.value() != text {
        input.set_value(text);
    }
    // By CSSOM: a strict policy ignores style attributes. Setting a known property cannot fail.
    let style = web_sys::HtmlElement::style(input);
    if js_sys::Reflect::has(&style, &"fieldSizing".into()).unwrap_or_default() {
        return;
    }
    _ = style.set_property("height", "auto");
    let height = input.scroll_height();
    if height > 0 {
        _ = style.set_property("height", &format!("{height}px"));
    }
}
