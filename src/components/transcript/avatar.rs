use std::sync::Arc;

use leptos::prelude::*;
use parlour_chat::{Face, Participant, ParticipantKind};
use parlour_config::Config;

use crate::components::icon::{Drawing, Icon};
use crate::components::picture::Picture;
use crate::context::context;
use crate::store::Store;

/// The most faces that stand in the panel's head.
const MOST_FACES: usize = 3;

/// The face of an agent, a bot or a supervisor: the tenant's picture, or else initials in a colour of the name's own. Bots
/// and supervisors have a mark, too. It says nothing to a screen reader: the name stands beside it.
#[component]
pub(in crate::components) fn Avatar(who: Participant) -> impl IntoView {
    let picture = context::<Arc<Config>>().theme.avatar.clone();
    let face = Face::of(&who.nickname);
    let (kind, mark) = match who.kind {
        ParticipantKind::Bot => ("bot", Some(Drawing::BOT)),
        ParticipantKind::Supervisor => ("supervisor", Some(Drawing::SHIELD)),
        _ => ("agent", None),
    };
    // What the mark says need not be said twice.
    let is_marked = kind == "supervisor" || picture.is_some();
    let mark = mark.filter(|_| is_marked).map(|drawing| {
        view! { class = "w",
            <span class="face-mark">
                <Icon drawing/>
            </span>
        }
        .into_any()
    });
    let inside = match face.initials {
        _ if kind == "bot" => view! { <Icon drawing=Drawing::BOT/> }.into_any(),
        Some(initials) => initials.into_any(),
        None => view! { <Icon drawing=Drawing::PERSON/> }.into_any(),
    };
    view! { class = "w",
        <span
            class="face"
            aria-hidden="true"
            dir="auto"
            data-kind=kind
            data-colour=face.colour.to_string()
        >
            {inside}
            {picture.map(|src| view! { <Picture src class="avatar"/> }.into_any())}
            {mark}
        </span>
    }
}

/// The faces of those who are in the chat, the first few of them, for the panel's head.
#[component]
pub(in crate::components) fn Faces() -> impl IntoView {
    let store = context::<Store>();
    let faces = move || {
        store.state().with(|state| {
            let others = state.participants.iter();
            let others = others
                .filter(|who| who.kind.is_agent_side())
                .take(MOST_FACES);
            others
                .map(|who| view! { <Avatar who=who.clone()/> }.into_any())
                .collect::<Vec<_>>()
        })
    };
    view! { class = "w", <div class="faces">{move || faces()}</div> }
}
