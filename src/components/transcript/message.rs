use crate::context::context;
use leptos::prelude::*;
use parlour_chat::{Author, ChatCommand, EntryId, MessageState, Phase, Refusal};

use super::action::ActionButton;
use super::frame::{Byline, Frame, Place, Timestamp, data_from};
use crate::components::extras::{Views, words};
use crate::components::icon::{Drawing, Icon};
use crate::components::show::Show;
use crate::i18n::{Subject, Text, use_i18n};
use crate::store::Store;

/// A message, with how far it got.
#[component]
pub(super) fn Message(
    place: Place,
    from: Author,
    text: String,
    state: MessageState,
    views: Option<&'static Views>,
) -> impl IntoView {
    let i18n = use_i18n();
    let group = place.group;
    let check = from == Author::Me;
    let (data_state, foot) = match state {
        MessageState::Sending => (
            "sending",
            view! { class = "w", <p class="meta">{i18n.text(Text::MESSAGE_SENDING)}</p> }
                .into_any(),
        ),
        MessageState::Sent => ("sent", view! { <Timestamp place check/> }.into_any()),
        MessageState::Failed(refusal) => {
            let failed = views.map_or_else(
                || i18n.text(Text::MESSAGE_FAILED).into_any(),
                |views| (views.failed)(place.id, refusal),
            );
            ("failed", failed)
        }
    };
    view! { class = "w",
        <Frame from=from.clone() group>
            <Byline from=from.clone() group/>
            <div
                class="bubble"
                part="message"
                dir="auto"
                data-from=data_from(&from)
                data-state=data_state
            >
                {words(views, Some((place, from.clone())), text)}
            </div>
            {foot}
        </Frame>
    }
}

/// Why a message was not sent, and what can be done about it.
#[component]
pub(in crate::components) fn Failed(id: EntryId, refusal: Refusal) -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    view! { class = "w",
        <p class="meta wrong">
            <Icon drawing=Drawing::ALERT/>
            {i18n.refusal(&refusal, Subject::Message)}
        </p>
        <div class="actions">
            <Show when=move || store.phase() == Phase::Chatting>
                <ActionButton name="retry" text=Text::MESSAGE_RETRY command=ChatCommand::Retry(id)/>
                <ActionButton name="edit" text=Text::MESSAGE_EDIT command=ChatCommand::Edit(id)/>
            </Show>
            <ActionButton name="discard" text=Text::MESSAGE_DISCARD command=ChatCommand::Discard(id)/>
        </div>
    }
}
