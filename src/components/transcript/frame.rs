//! What the lines of people have in common: whose they are, how they stand to their neighbours, and
//! when they were written.

use leptos::prelude::*;
use parlour_chat::{Author, Entry, EntryId, Group, ParticipantKind, WallTime};

use crate::components::extras::Extras;
use crate::components::icon::{Drawing, Icon};
use crate::context::context;
use crate::i18n::{Text, use_i18n};

/// What a line's component must know of its entry beside the contents.
#[derive(Clone, Copy)]
pub(in crate::components) struct Place {
    pub(super) id: EntryId,
    at: WallTime,
    pub(super) group: Group,
}

impl Place {
    pub(super) fn of(entry: &Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            group: entry.group,
        }
    }
}

/// A line of somebody's.
#[component]
pub(super) fn Frame(from: Author, group: Group, children: Children) -> impl IntoView {
    let group = match group {
        Group::Alone => "alone",
        Group::First => "first",
        Group::Middle => "middle",
        Group::Last => "last",
    };
    view! { class = "w",
        <div class="line" data-from=data_from(&from) data-group=group>
            {children()}
        </div>
    }
}

/// The author's name: visible at the head of a group of others' lines, elsewhere for screen readers.
#[component]
pub(super) fn Byline(from: Author, group: Group) -> impl IntoView {
    let i18n = use_i18n();
    let visible = matches!(group, Group::Alone | Group::First) && from != Author::Me;
    let (name, kind) = match &from {
        Author::Me => (i18n.text(Text::NAME_YOU), None),
        Author::Other(other) => (i18n.name(other), name_of_kind(other.kind)),
    };
    let kind = kind
        .filter(|_| visible)
        .map(|kind| view! { class = "w", <span class="kind">{i18n.text(kind)}</span> }.into_any());
    let avatar = match (context::<Extras>().loaded(), &from) {
        (Some(views), Author::Other(other)) if visible && other.kind.is_agent_side() => {
            Some((views.avatar)(other.clone()))
        }
        _ => None,
    };
    view! { class = "w",
        <span class:byline=visible class:unseen=!visible>
            {avatar}
            <bdi>{name}</bdi>
            {kind}
        </span>
    }
}

/// The time below the last line of a group, with a check mark for one's own message that arrived.
#[component]
pub(super) fn Timestamp(place: Place, #[prop(optional)] check: bool) -> impl IntoView {
    let i18n = use_i18n();
    let ends_group = matches!(place.group, Group::Alone | Group::Last);
    let check = check.then(|| {
        view! { class = "w",
            <Icon drawing=Drawing::CHECK/>
            <span class="unseen">{i18n.text(Text::MESSAGE_SENT)}</span>
        }
        .into_any()
    });
    ends_group.then(|| {
        view! { class = "w",
            <p class="meta">
                <span class="time">{i18n.time(place.at)}</span>
                {check}
            </p>
        }
        .into_any()
    })
}

/// Returns whose a line is, for style sheets and tests.
pub(super) fn data_from(author: &Author) -> &'static str {
    match author {
        Author::Me => "me",
        Author::Other(_) => "agent",
    }
}

/// Names the kind of those who are no ordinary agents.
fn name_of_kind(kind: ParticipantKind) -> Option<Text> {
    match kind {
        ParticipantKind::Bot => Some(Text::KIND_BOT),
        ParticipantKind::Supervisor => Some(Text::KIND_SUPERVISOR),
        _ => None,
    }
}
