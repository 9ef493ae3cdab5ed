use crate::context::context;
use leptos::prelude::*;
use parlour_chat::ChatCommand;

use crate::components::focus::use_focus;
use crate::i18n::{Text, use_i18n};
use crate::store::Store;

/// A small button below an entry that gives a command about it.
#[component]
pub(super) fn ActionButton(
    /// The name of the action, for style sheets and tests.
    name: &'static str,
    text: Text,
    command: ChatCommand,
) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let focus = use_focus();
    // It goes with what it was about: at once, or when the server has answered.
    on_cleanup(move || focus.restore_if_lost());
    view! { class = "w",
        <button class="action" type="button" data-action=name on:click=move |_| store.command(command.clone())>
            {i18n.text(text)}
        </button>
    }
}
