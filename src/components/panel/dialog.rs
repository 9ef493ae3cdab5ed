use crate::context::context;
use leptos::ev::{KeyboardEvent, MouseEvent, SubmitEvent};
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::{ChatCommand, Command};
use web_sys::{Element, HtmlInputElement};

use super::ended::next_chat;
use super::question::Question;
use super::save::SaveDialog;
use crate::components::focus::{Focus, element, focus_now, focus_soon, is_focused, use_focus};
use crate::components::keys::{is_composing, is_escape};
use crate::components::show::Show;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// A question in front of the panel, with the focus kept inside until it is answered.
#[component]
pub(in crate::components) fn Dialog(
    asked: Question,
    question: RwSignal<Option<Question>>,
) -> impl IntoView {
    let dismiss = Dismiss {
        question,
        focus: use_focus(),
    };
    match asked {
        Question::End => {
            let texts = [Text::END_TITLE, Text::END_TEXT, Text::END_CONFIRM];
            view! { <ConfirmDialog dismiss texts command=Command::End is_danger=true/> }.into_any()
        }
        Question::NewChat => {
            let (confirm, command) = next_chat(&untrack(|| context::<Store>().phase()));
            let texts = [Text::NEW_TITLE, Text::NEW_TEXT, confirm];
            view! { <ConfirmDialog dismiss texts command is_danger=false/> }.into_any()
        }
        Question::Rename => view! { <RenameDialog dismiss/> }.into_any(),
        Question::Save => view! { <SaveDialog dismiss/> }.into_any(),
    }
}

/// The way to take the dialog away.
#[derive(Clone, Copy)]
pub(super) struct Dismiss {
    question: RwSignal<Option<Question>>,
    focus: Focus,
}

impl Dismiss {
    pub(super) fn run(self) {
        self.question.set(None);
        focus_soon(self.focus.menu_button);
        // The menu's button goes with a chat that ends.
        self.focus.restore_if_lost();
    }
}

/// Asks whether a command is to be carried out. The focus begins on the harmless answer.
#[component]
fn ConfirmDialog(
    dismiss: Dismiss,
    /// The title, what there is to say of it, and the answer that carries it out.
    texts: [Text; 3],
    command: Command,
    is_danger: bool,
) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let cancel = AnyNodeRef::new();
    let confirm = AnyNodeRef::new();
    let [title, text, answer] = texts.map(|text| i18n.text(text));
    focus_soon(cancel);
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        store.command(command.clone());
        dismiss.run();
    };
    let on_keydown = move |event: KeyboardEvent| {
        if !dismissed_by(&event, dismiss) {
            keep_focus_inside(&event, cancel, confirm);
        }
    };
    view! { class = "w",
        <Frame role="alertdialog">
            <form class="dialog" novalidate on:keydown=on_keydown on:submit=on_submit>
                <h2 class="dialog-title" id="dialog-title">
                    {title}
                </h2>
                <p class="dialog-text" id="dialog-text">
                    {text}
                </p>
                <div class="dialog-buttons">
                    <CancelButton node_ref=cancel dismiss/>
                    <button
                        class=if is_danger { "button danger" } else { "button primary" }
                        type="submit"
                        data-action="confirm"
                        node_ref=confirm
                    >
                        {answer}
                    </button>
                </div>
            </form>
        </Frame>
    }
}

/// Asks for the visitor's new name. The old one is selected: the first key replaces it.
#[component]
fn RenameDialog(dismiss: Dismiss) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let empty = RwSignal::new(false);
    let input = AnyNodeRef::new();
    let confirm = AnyNodeRef::new();
    let old = store.state().with_untracked(|state| state.nickname.clone());
    // Not at a `focus` event: the embed script keeps these from the page, and so from the panel.
    request_animation_frame(move || {
        focus_now(input);
        if let Some(input) = element::<HtmlInputElement>(input) {
            input.select();
        }
    });
    let on_submit = {
        let old = old.clone();
        move |event: SubmitEvent| {
            event.prevent_default();
            let Some(input_element) = element::<HtmlInputElement>(input) else {
                return;
            };
            let new = input_element.value().trim().to_owned();
            if new.is_empty() {
                empty.set(true);
                focus_now(input);
                return;
            }
            if old.as_ref() != Some(&new) {
                store.command(ChatCommand::Rename(new));
            }
            dismiss.run();
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        if !dismissed_by(&event, dismiss) {
            keep_focus_inside(&event, input, confirm);
        }
    };
    // At most the longest name that a visitor can give, in UTF-16 code units.
    view! { class = "w",
        <Frame role="dialog">
            <form class="dialog" novalidate on:keydown=on_keydown on:submit=on_submit>
                <h2 class="dialog-title" id="dialog-title">
                    {i18n.text(Text::RENAME_TITLE)}
                </h2>
                <div class="field">
                    <label class="label" for="new-name" id="dialog-text">
                        {i18n.text(Text::RENAME_LABEL)}
                    </label>
                    <input
                        class="input dialog-input"
                        id="new-name"
                        autocomplete="name"
                        maxlength="100"
                        dir="auto"
                        required
                        value=old
                        aria-invalid=move || empty.get().then_some("true")
                        aria-describedby="new-name-error"
                        node_ref=input
                    />
                    <Show when=move || empty.get()>
                        <p class="error" part="error" id="new-name-error" role="alert">
                            {i18n.text(Text::FORM_ERROR_REQUIRED)}
                        </p>
                    </Show>
                </div>
                <div class="dialog-buttons">
                    <CancelButton dismiss/>
                    <button
                        class="button primary"
                        type="submit"
                        data-action="confirm"
                        node_ref=confirm
                    >
                        {i18n.text(Text::RENAME_CONFIRM)}
                    </button>
                </div>
            </form>
        </Frame>
    }
}

/// The layer over the panel that holds the dialog. It has the role, because a form has one already.
#[component]
pub(super) fn Frame(role: &'static str, children: Children) -> impl IntoView {
    // A press on the words would give the focus to the panel behind the question.
    let on_mousedown = |event: MouseEvent| {
        let pressed: Element = event_target(&event);
        let control = pressed.closest("button, input, label").ok().flatten();
        if control.is_none() {
            event.prevent_default();
        }
    };
    view! { class = "w",
        <div
            class="shade"
            role=role
            aria-modal="true"
            aria-labelledby="dialog-title"
            aria-describedby="dialog-text"
            on:mousedown=on_mousedown
        >
            {children()}
        </div>
    }
}

#[component]
pub(super) fn CancelButton(
    #[prop(optional)] node_ref: AnyNodeRef,
    dismiss: Dismiss,
    #[prop(optional)] words: Option<Text>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! { class = "w",
        <button
            class="button cancel"
            type="button"
            data-action="cancel"
            node_ref=node_ref
            on:click=move |_| dismiss.run()
        >
            {i18n.text(words.unwrap_or(Text::DIALOG_CANCEL))}
        </button>
    }
}

/// Dismisses the dialog if the key is Escape; tells whether it was.
pub(super) fn dismissed_by(event: &KeyboardEvent, dismiss: Dismiss) -> bool {
    let escape = is_escape(event);
    if escape {
        event.prevent_default();
        dismiss.run();
    }
    escape
}

/// Keeps the focus in the dialog when Tab leaves its last control or Shift and Tab its first.
pub(super) fn keep_focus_inside(event: &KeyboardEvent, first: AnyNodeRef, last: AnyNodeRef) {
    if event.key() != "Tab" || is_composing(event) {
        return;
    }
    if event.shift_key() && is_focused(first) {
        event.prevent_default();
        focus_now(last);
    } else if !event.shift_key() && is_focused(last) {
        event.prevent_default();
        focus_now(first);
    }
}
