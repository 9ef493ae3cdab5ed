use std::sync::Arc;

use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Participant, Phase};
use parlour_config::Config;

use super::question::Question;
use crate::components::extras::Extras;
use crate::components::icon::{Drawing, Icon};
use crate::components::picture::Picture;
use crate::components::show::Show;
use crate::i18n::{I18n, Text, use_i18n};
use crate::store::Store;

/// The panel's head: the tenant's logo, its title, the agents' names, the menu, and the button that closes the panel.
#[component]
pub(super) fn Header(question: RwSignal<Option<Question>>) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let extras = context::<Extras>();
    let chatting = move || store.phase() == Phase::Chatting;
    let names = move || {
        store
            .state()
            .with(|state| agent_names(i18n, &state.participants))
    };
    let logo = context::<Arc<Config>>().theme.logo.clone();
    view! { class = "w",
        <header class="header" part="header">
            {logo.map(|src| view! { <Picture src class="logo"/> }.into_any())}
            {extras.view(|views| (views.faces)())}
            <div class="header-words">
                <h2 class="header-title" id="title">
                    {i18n.text(Text::PANEL_TITLE)}
                </h2>
                <Show when=move || names().is_some()>
                    <p class="header-agents">{move || names()}</p>
                </Show>
            </div>
            <Show when=chatting>
                {extras.view(move |views| (views.menu)(question))}
            </Show>
            <button
                class="icon-button"
                type="button"
                part="close"
                aria-label=i18n.text(Text::PANEL_CLOSE)
                title=i18n.text(Text::PANEL_CLOSE)
                on:click=move |_| store.set_open(false)
            >
                <Icon drawing=Drawing::CLOSE/>
            </button>
        </header>
    }
}

/// Names the agents, bots and supervisors in the chat, if there are any.
fn agent_names(i18n: I18n, participants: &[Participant]) -> Option<String> {
    let names: Vec<String> = participants
        .iter()
        .filter(|one| one.kind.is_agent_side())
        .map(|one| i18n.name(one))
        .collect();
    (!names.is_empty()).then(|| i18n.fill(Text::STATUS_WITH, &[("name", &i18n.list(&names))]))
}
