//! The envelope around every reply.

use serde_json::{Map, Value, json};

use super::error::{Advice, Failure};
use super::event;
use super::route::Call;
use crate::model::{Chat, ChatId, EventIndex, World};
use crate::wire::{Form, FormError, Response};

/// Which events a caller wants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum EventRange {
    None,
    /// This one and all later ones.
    From(EventIndex),
    /// This one and the next few (see [`PAGE`]).
    Page(EventIndex),
    Last,
}

/// How many events of an asynchronous chat's history come at once (protocol section 1b).
const PAGE: usize = 20;

impl EventRange {
    /// Reads `transcriptPosition`: 0 = none, -1 = the last one, N = index N and later (protocol section 1, positions).
    /// What is no such number counts as absent.
    pub(super) fn read(form: &Form, if_absent: Self) -> Self {
        match form
            .get("transcriptPosition")
            .map(|text| text.trim().parse::<i64>())
        {
            Some(Ok(0)) => Self::None,
            Some(Ok(-1)) => Self::Last,
            Some(Ok(first)) if first > 0 => {
                Self::From(EventIndex(u32::try_from(first).unwrap_or(u32::MAX)))
            }
            _ => if_absent,
        }
    }

    /// All events.
    pub(super) const ALL: Self = Self::From(EventIndex::FIRST);

    fn events(self, chat: &Chat) -> Vec<Value> {
        match self {
            Self::None => Vec::new(),
            Self::From(first) => chat
                .transcript_from(first)
                .map(|e| event::to_json(chat, e))
                .collect(),
            Self::Page(first) => chat
                .transcript_from(first)
                .take(PAGE)
                .map(|e| event::to_json(chat, e))
                .collect(),
            Self::Last => chat
                .transcript()
                .next_back()
                .map(|e| event::to_json(chat, e))
                .into_iter()
                .collect(),
        }
    }

    /// Returns where to read on: after the last event of all, or of the page.
    fn next_position(self, chat: &Chat) -> EventIndex {
        if let Self::Page(first) = self
            && let Some(event) = chat.transcript_from(first).nth(PAGE)
        {
            return event.index;
        }
        // The vendor's sample of a chat that has just ended says 1.
        match chat.end() {
            Some(_) => EventIndex::FIRST,
            None => chat.next_index(),
        }
    }
}

/// Answers that all went well: always with `chatId` and `nextPosition`, and now and then with a new key.
pub(super) fn done(world: &mut World, chat: &ChatId, wanted: EventRange, now_ms: i64) -> Response {
    done_with(world, chat, wanted, Map::new(), now_ms)
}

/// Answers that all went well, with more fields.
pub(super) fn done_with(
    world: &mut World,
    id: &ChatId,
    wanted: EventRange,
    more: Map<String, Value>,
    now_ms: i64,
) -> Response {
    match envelope(world, id, wanted, more, now_ms) {
        Some(body) => Response::json(200, &body),
        None => failed(world, Some(id), &Failure::no_chat()),
    }
}

/// Writes what is new in a chat since `first`, for whoever need not ask (protocol section 1b); nothing if there is no such
/// chat.
pub(crate) fn news(
    world: &mut World,
    chat: &ChatId,
    first: EventIndex,
    now_ms: i64,
) -> Option<Value> {
    envelope(world, chat, EventRange::From(first), Map::new(), now_ms)
}

/// Answers something that cannot be done.
pub(crate) fn refused(world: &mut World, advice: &'static str) -> Response {
    failed(world, None, &Failure::refused(advice))
}

/// Answers somebody whose chat cannot be told.
pub(crate) fn no_chat(world: &mut World) -> Response {
    failed(world, None, &Failure::no_chat())
}

fn envelope(
    world: &mut World,
    id: &ChatId,
    wanted: EventRange,
    more: Map<String, Value>,
    now_ms: i64,
) -> Option<Value> {
    world.chat(id)?;
    if world.key_is_due() {
        world.issue_key(id);
    }
    let chat = world.chat(id)?;
    let ended = chat.end().is_some();
    let mut body = Map::new();
    body.insert("messages".into(), Value::Array(wanted.events(chat)));
    body.insert("chatEnded".into(), json!(ended));
    body.insert("statusCode".into(), json!(0));
    body.insert("alias".into(), json!(chat.alias()));
    body.insert("secureKey".into(), json!(chat.key()));
    body.insert("userId".into(), json!(chat.user_id()));
    body.insert("chatId".into(), json!(chat.id()));
    body.insert("nextPosition".into(), json!(wanted.next_position(chat)));
    if let Some(deadline) = chat.idle_deadline_ms() {
        let left_ms = deadline.saturating_sub(now_ms).max(0);
        body.insert("idleTimerExpire".into(), json!((left_ms + 999) / 1000));
    }
    body.extend(more);
    Some(Value::Object(body))
}

/// Answers that the visitor is gone: every field is null (vendor's sample).
pub(super) fn goodbye() -> Response {
    let body = json!({
        "messages": null,
        "chatEnded": null,
        "statusCode": 0,
        "alias": null,
        "secureKey": null,
        "userId": null,
    });
    Response::json(200, &body)
}

/// Answers that something went wrong: without keys and `nextPosition`.
pub(super) fn failed(world: &mut World, chat: Option<&ChatId>, failure: &Failure) -> Response {
    let advice = match &failure.advice {
        Advice::Limit(limit) => limit.to_string(),
        Advice::Text(text) => format!("{text} referenceId[{}]", world.reference()),
    };
    let mut body = Map::new();
    body.insert("messages".into(), json!([]));
    body.insert("chatEnded".into(), json!(failure.chat_ended));
    body.insert("statusCode".into(), json!(2));
    body.insert(
        "errors".into(),
        json!([{"code": failure.code, "advice": advice}]),
    );
    if let Some(id) = chat {
        body.insert("chatId".into(), json!(id));
        if let Some(alias) = world.chat(id).map(Chat::alias) {
            body.insert("alias".into(), json!(alias));
        }
    }
    Response::json(failure.status, &Value::Object(body))
}

/// Answers `statusCode` 1: the caller shall try again and trust no other field, so the others are no help.
pub fn try_again(call: &Call) -> Response {
    let body = json!({
        "messages": [],
        "chatEnded": false,
        "statusCode": 1,
        "alias": null,
        "secureKey": null,
        "userId": null,
        "chatId": call.action.chat(),
        "nextPosition": 1,
    });
    Response::json(200, &body)
}

/// Answers `statusCode` 2: the operation will never succeed, but a chat goes on.
pub fn never(world: &mut World, call: &Call) -> Response {
    let mut failure = Failure::refused("The operation has failed.");
    if call.action.chat().is_none() {
        failure.code = 240;
    }
    failed(world, call.action.chat(), &failure)
}

/// Answers a body that is larger than any form.
pub fn too_large(world: &mut World, call: &Call) -> Response {
    let mut failure = Failure::too_long();
    failure.status = 413;
    failed(world, call.action.chat(), &failure)
}

/// Answers a body that cannot be read.
pub fn broken_form(world: &mut World, call: &Call, error: &FormError) -> Response {
    let text = match error {
        FormError::NoBoundary => "The Content-Type names no boundary.",
        FormError::Broken | FormError::UnnamedPart => "The body is broken.",
    };
    let mut failure = Failure::refused(text);
    failure.status = 400;
    failed(world, call.action.chat(), &failure)
}
