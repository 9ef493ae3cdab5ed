//! Chats as the desk sees them. Keys are never shown.

use std::sync::Arc;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::reply::{problem, refused};
use crate::model::{Chat, ChatId, DeskError, Event, EventIndex, EventKind, Participant, Role};
use crate::server::app::App;
use crate::server::http::reply;

/// How many characters of the last message a list shows.
const GLANCE: usize = 200;
/// No more chats that have ended are listed at a time: whoever wants more knows which.
const MAX_ENDED: usize = 1_000;
/// No more events of a chat are shown at a time.
const MAX_EVENTS: usize = 10_000;

/// The query of `GET /chats`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ListQuery {
    ended: Option<usize>,
}

/// Lists the chats that go on and those that ended last, `ended` of them at most; the newest first.
pub(super) async fn list(
    State(app): State<Arc<App>>,
    which: Result<Query<ListQuery>, QueryRejection>,
) -> Response {
    let most = match which {
        Ok(Query(which)) => which.ended.unwrap_or(MAX_ENDED),
        Err(rejection) => return problem(400, &rejection.body_text()),
    };
    if most > MAX_ENDED {
        return problem(400, &format!("`ended`: at most {MAX_ENDED}"));
    }
    let chats = app
        .with_world(|world, _| {
            let ended = world.chats();
            let ended = ended.filter_map(|chat| chat.end().map(|end| (end.at_ms, chat)));
            let mut ended: Vec<(i64, &Chat)> = ended.collect();
            ended.sort_by_key(|(at_ms, _)| std::cmp::Reverse(*at_ms));
            let ended = ended.into_iter().take(most).map(|(_, chat)| chat);
            let mut chats: Vec<&Chat> = world.live_chats().chain(ended).collect();
            chats.sort_by_key(|chat| std::cmp::Reverse(chat.started_at_ms()));
            chats.into_iter().map(summary).collect::<Vec<_>>()
        })
        .await;
    chats.map_or_else(reply::not_durable, |chats| {
        reply::json(200, &json!({"chats": chats}))
    })
}

/// The query of `GET /chats/{chat}`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ChatQuery {
    from: Option<EventIndex>,
}

/// Shows one chat whole: who, what, the visitor's typing, data, files. Of its events those from index `from` on, as many as
/// are shown at a time.
pub(super) async fn read(
    State(app): State<Arc<App>>,
    Path(id): Path<String>,
    from: Result<Query<ChatQuery>, QueryRejection>,
) -> Response {
    let from = match from {
        Ok(Query(ChatQuery { from })) => from.unwrap_or(EventIndex::FIRST),
        Err(rejection) => return problem(400, &rejection.body_text()),
    };
    let id = ChatId::new(id);
    let chat = app.with_world(|world, _| world.chat(&id).map(|chat| whole(chat, from)));
    match chat.await {
        Ok(Some(chat)) => reply::json(200, &chat),
        Ok(None) => refused(DeskError::UnknownChat),
        Err(error) => reply::not_durable(error),
    }
}

/// Returns what a list says of a chat.
pub(super) fn summary(chat: &Chat) -> Value {
    json!({
        "id": chat.id(),
        "dialect": chat.started().dialect,
        "service": chat.started().service,
        "nickname": chat.visitor().map(|visitor| &visitor.nickname),
        "subject": chat.started().subject,
        "started_at_ms": chat.started_at_ms(),
        "end": chat.end(),
        "next_index": chat.next_index(),
        "state": state(chat),
        "people": people(chat).map(person).collect::<Vec<_>>(),
        "typing": chat.visitor().is_some_and(|visitor| visitor.typing),
        "visitor_messages": chat.events().iter().filter(|event| is_visitors_word(event)).count(),
        "last": chat.events().iter().rev().find(|event| event.message().is_some()).map(glance),
    })
}

/// Returns who is expected to do something.
fn state(chat: &Chat) -> &'static str {
    if chat.end().is_some() {
        "ended"
    } else if chat.has_agent() {
        "running"
    } else if chat.participants().iter().any(|p| p.on_hold) {
        "held"
    } else {
        "waiting"
    }
}

/// Lists who is in the chat or will be back, but the visitor.
fn people(chat: &Chat) -> impl Iterator<Item = &Participant> {
    let goes_on = chat.end().is_none();
    let others = chat.participants().iter();
    others.filter(move |p| goes_on && p.role != Role::Visitor && (p.present || p.on_hold))
}

fn person(person: &Participant) -> Value {
    json!({"id": person.id, "nickname": person.nickname, "role": person.role, "on_hold": person.on_hold})
}

/// Returns whether an agent should look at it: what the visitor said or sent.
fn is_visitors_word(event: &Event) -> bool {
    event.from.role == Role::Visitor
        && matches!(
            event.kind,
            EventKind::Message { .. } | EventKind::FileUploaded { .. } | EventKind::PushUrl { .. }
        )
}

fn glance(event: &Event) -> Value {
    let text: String = event.message().unwrap_or("").chars().take(GLANCE).collect();
    json!({"at_ms": event.at_ms, "role": event.from.role, "nickname": event.from.nickname, "text": text})
}

fn whole(chat: &Chat, from: EventIndex) -> Value {
    let started = chat.started();
    let more = json!({
        "alias": chat.alias(),
        "first_name": started.first_name,
        "last_name": started.last_name,
        "email": started.email,
        "user_data": chat.user_data(),
        "visitor": {
            "typing": chat.visitor().is_some_and(|visitor| visitor.typing),
            "preview": chat.preview(),
            "read_up_to": chat.read_up_to(),
        },
        "idle_deadline_ms": chat.idle_deadline_ms(),
        "participants": chat.participants(),
        "files": chat.files(),
        "events": chat.events_from(from).iter().take(MAX_EVENTS).map(event).collect::<Vec<_>>(),
    });
    let mut whole = summary(chat);
    if let (Some(whole), Value::Object(more)) = (whole.as_object_mut(), more) {
        whole.extend(more);
    }
    whole
}

fn event(event: &Event) -> Value {
    let mut value = serde_json::to_value(event).unwrap_or_default();
    value["visible"] = json!(event.is_visible());
    value
}
