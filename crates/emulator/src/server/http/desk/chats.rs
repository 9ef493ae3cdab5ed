//! What a desk sees. Keys are never shown.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::refused;
use crate::model::{Chat, ChatId, DeskError, Event};
use crate::server::app::App;
use crate::server::http::reply;

/// Lists all chats, the newest first.
pub(super) async fn list(State(app): State<Arc<App>>) -> Response {
    let chats = app
        .with_world(|world, _| {
            let mut chats: Vec<&Chat> = world.chats().collect();
            chats.sort_by_key(|chat| std::cmp::Reverse(chat.started_at_ms()));
            chats.into_iter().map(summary).collect::<Vec<_>>()
        })
        .await;
    chats.map_or_else(reply::not_durable, |chats| {
        reply::json(200, &json!({"chats": chats}))
    })
}

/// Shows one chat whole: who, what, the visitor's typing, data, files.
pub(super) async fn read(State(app): State<Arc<App>>, Path(id): Path<String>) -> Response {
    let id = ChatId::new(id);
    match app.with_world(|world, _| world.chat(&id).map(whole)).await {
        Ok(Some(chat)) => reply::json(200, &chat),
        Ok(None) => refused(DeskError::UnknownChat),
        Err(error) => reply::not_durable(error),
    }
}

fn summary(chat: &Chat) -> Value {
    json!({
        "id": chat.id(),
        "dialect": chat.started().dialect,
        "service": chat.started().service,
        "nickname": chat.visitor().map(|visitor| &visitor.nickname),
        "subject": chat.started().subject,
        "started_at_ms": chat.started_at_ms(),
        "end": chat.end(),
        "next_index": chat.next_index(),
    })
}

fn whole(chat: &Chat) -> Value {
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
        "events": chat.events().iter().map(event).collect::<Vec<_>>(),
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
