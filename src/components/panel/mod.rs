//! The panel that the launcher opens: header, status, and the form or the chat.

mod dialog;
mod ended;
mod header;
mod idle;
mod menu;
pub(super) mod question;
mod save;
mod status;

use crate::context::context;
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;
use parlour_chat::{Command, Phase};

use super::composer::{Composer, DropZone, on_drag_enter};
use super::effect::on_change;
use super::extras::Extras;
use super::focus::{focus_soon, use_focus};
use super::form::{Answers, Form};
use super::keys::is_escape;
use super::show::Show;
use super::transcript::Transcript;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

pub(super) use dialog::Dialog;
pub(super) use ended::Ended;
pub(super) use idle::IdleWarning;
pub(super) use menu::Menu;

use header::Header;
use idle::IdlePlace;
use question::Question;
use status::Status;

/// What the panel shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pane {
    /// The pre-chat form.
    Form,
    /// A chat that goes on.
    Chat,
    /// A chat that is over and can still be read.
    Ended,
}

impl Pane {
    /// Returns what the panel shows now. Tracks the state.
    fn of(store: Store) -> Self {
        match store.phase() {
            Phase::Idle | Phase::Refused(_) | Phase::Starting => Self::Form,
            Phase::Chatting | Phase::Ending => Self::Chat,
            Phase::Ended(_) => Self::Ended,
        }
    }
}

/// The panel.
#[component]
pub(super) fn Panel(dragging: RwSignal<bool>) -> impl IntoView {
    let store = context::<Store>();
    let extras = context::<Extras>();
    let question = RwSignal::new(None::<Question>);
    let focus = use_focus();
    follow_pane(store, question);
    // The answers outlive the form, which comes and goes.
    let answers = StoredValue::new_local(Answers::new(store));
    let on_keydown = move |event: KeyboardEvent| {
        focus.on_key();
        if is_escape(&event) {
            // A question goes first, wherever in the panel the focus is.
            if question.get_untracked().is_some() {
                question.set(None);
                focus_soon(focus.menu_button);
            } else {
                store.set_open(false);
            }
        }
        // Browsers close a modal dialog by themselves, some during a composition, too.
        if event.key() == "Escape" {
            event.prevent_default();
        }
    };
    view! { class = "w",
        <dialog
            class="panel"
            part="panel"
            aria-labelledby="title"
            tabindex="-1"
            inert=move || !store.open().get()
            node_ref=focus.panel
            on:focusout=move |event| focus.on_focusout(&event)
            on:keydown=on_keydown
            on:dragenter=move |event| on_drag_enter(&event, dragging, extras)
        >
            <div class="panel-content" inert=move || question.get().is_some()>
                <Header question/>
                <Status/>
                <Show
                    when=move || Pane::of(store) == Pane::Form
                    fallback=move || view! { <Chat question/> }
                >
                    <Form answers/>
                </Show>
            </div>
            {move || {
                let asked = question.get()?;
                extras.loaded().map(|views| (views.dialog)(asked, question))
            }}
            <DropZone dragging/>
        </dialog>
    }
}

/// The transcript, and below it the composer, or what follows the end of the chat.
#[component]
fn Chat(question: RwSignal<Option<Question>>) -> impl IntoView {
    let store = context::<Store>();
    let extras = context::<Extras>();
    let i18n = use_i18n();
    let ended = move || match extras.loaded() {
        Some(views) => Some((views.ended)(question)),
        None => extras.has_failed().then(|| {
            view! { class = "w",
                <button
                    class="action"
                    type="button"
                    data-action="new-chat"
                    on:click=move |_| store.command(Command::Reset)
                >
                    {i18n.text(Text::ENDED_NEW)}
                </button>
            }
            .into_any()
        }),
    };
    view! { class = "w",
        <div class="chat">
            <Transcript/>
            <IdlePlace/>
            <Show when=move || Pane::of(store) == Pane::Ended fallback=|| view! { <Composer/> }>
                {move || ended()}
            </Show>
        </div>
    }
}

/// Keeps the focus in the panel when the pane that had it goes. Drops what is not needed any more: a
/// question when its chat is over or the panel was closed, and the form's answers once a chat is on.
fn follow_pane(store: Store, question: RwSignal<Option<Question>>) {
    let focus = use_focus();
    on_change(
        move || (Pane::of(store), store.open().get()),
        move |_, (pane, open)| {
            question.set(None);
            if let (Pane::Chat, Some(actor)) = (pane, store.actor()) {
                // They were remembered in case the form had to be filled in again.
                actor.remember_answers(None);
            }
            if open {
                focus.restore_if_lost();
            }
        },
    );
}
