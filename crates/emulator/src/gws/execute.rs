//! Operations: a call in, a reply out.

use std::net::IpAddr;

use serde_json::{Value, json};

use super::error::{bad, too_many_chats};
use super::event::{self, is_agent, person};
use super::route::{Action, Call, ChatRequest, EventRange, Operation};
use crate::model::{Chat, ChatId, Dialect, NewChat, ParticipantId, World, fits_packet};
use crate::wire::Response;

/// What a chat that goes on lets its visitor do.
const CAPABILITIES: [&str; 4] = [
    "SendMessage",
    "SendStartTypingNotification",
    "SendStopTypingNotification",
    "Complete",
];

/// Carries out an operation. Whatever is wrong with it becomes a reply.
pub fn execute(world: &mut World, call: &Call, now_ms: i64) -> Response {
    let answer = match &call.operation {
        Operation::RequestChat(words) => request_chat(world, words, call.address, now_ms),
        Operation::InChat(chat, action) => in_chat(world, chat, action, now_ms),
    };
    answer.unwrap_or_else(|refusal| refusal)
}

fn request_chat(
    world: &mut World,
    words: &ChatRequest,
    address: Option<IpAddr>,
    now_ms: i64,
) -> Result<Response, Response> {
    if !world.has_room_for(address) {
        return Err(too_many_chats());
    }
    check_length(&words.nickname)?;
    check_length(&words.subject)?;
    let by = NewChat {
        // This dialect has no services, but the desk shows a name.
        service: "gws".to_owned(),
        nickname: words.nickname.clone(),
        subject: Some(words.subject.clone()),
        user_data: words.user_data.clone(),
        dialect: Dialect::Gws,
        address,
        ..NewChat::default()
    };
    let id = world.start_chat(by, now_ms);
    let path = format!("/api/v2/chats/{id}");
    Ok(Response::json(
        200,
        &json!({"id": id, "statusCode": 0, "path": path}),
    ))
}

fn in_chat(
    world: &mut World,
    chat: &ChatId,
    action: &Action,
    now_ms: i64,
) -> Result<Response, Response> {
    const VISITOR: ParticipantId = ParticipantId::VISITOR;
    own(world, chat)?;
    // Any request is a sign of life, reads included.
    world.note_sign_of_life(chat, now_ms);
    let done = match action {
        Action::SendStartTypingNotification => world.typing(chat, VISITOR, true, now_ms),
        Action::SendStopTypingNotification => world.typing(chat, VISITOR, false, now_ms),
        Action::SendMessage(text) => {
            check_length(text)?;
            world.say(chat, VISITOR, text, now_ms).map(|_| ())
        }
        Action::Complete => world.disconnect(chat, now_ms),
        Action::GetChat => return own(world, chat).map(get_chat),
        Action::GetTranscript(reading) => return get_transcript(world, chat, *reading),
    };
    match done {
        Ok(()) => Ok(Response::json(200, &json!({"statusCode": 0}))),
        // The visitor takes part until the chat ends, so this is a chat that has ended.
        Err(_) => Err(bad("the chat has ended")),
    }
}

fn get_chat(chat: &Chat) -> Response {
    let participants = chat.participants();
    let (state, capabilities) = if chat.end().is_some() {
        ("Idle", &[][..])
    } else if participants.iter().any(|p| is_agent(p.role)) {
        ("Chatting", &CAPABILITIES[..])
    } else {
        ("WaitingForAgent", &CAPABILITIES[..])
    };
    let participants: Vec<Value> = participants
        .iter()
        .map(|p| person(p.id, &p.nickname, p.role))
        .collect();
    let body = json!({
        "chat": {
            "capabilities": capabilities,
            "id": chat.id(),
            "participants": participants,
            "state": state,
        },
        "statusCode": 0,
    });
    Response::json(200, &body)
}

fn get_transcript(
    world: &mut World,
    id: &ChatId,
    reading: EventRange,
) -> Result<Response, Response> {
    let chat = own(world, id)?;
    let messages = match reading {
        EventRange::News => event::news(chat),
        EventRange::From(first) => event::transcript(chat, first),
        EventRange::Nothing => Vec::new(),
    };
    // An explicit index moves the cursor that all callers share (protocol section 3), unless it brought nothing.
    let told = chat.last_index();
    if !messages.is_empty() {
        world.note_delivered(id, told);
    }
    Ok(Response::json(
        200,
        &json!({"messages": messages, "statusCode": 0}),
    ))
}

/// Finds a chat that this dialect serves.
fn own<'a>(world: &'a World, id: &ChatId) -> Result<&'a Chat, Response> {
    let chat = world.chat(id);
    chat.filter(|chat| chat.started().dialect == Dialect::Gws)
        .ok_or_else(|| bad("no such chat"))
}

fn check_length(text: &str) -> Result<(), Response> {
    if fits_packet(text) {
        Ok(())
    } else {
        Err(bad("the text is too long"))
    }
}
