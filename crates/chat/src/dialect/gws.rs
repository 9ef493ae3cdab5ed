//! GWS customer chat (`{base}/v2/chats`): JSON out, JSON back, polled by `GET`.
//!
//! Source: the vendor's pages *Chat API* of the GWS chat service and *Web Services API Reference:
//! Customer Chat API*, and `docs/servers.md` for what live servers do beyond them. What identifies the
//! tenant (`apikey` or `ContactCenterId`) is among its configured headers.

use super::json::{self, Object, Value};
use super::{
    Accepts, Action, ChatStatus, DecodeError, Encoded, Event, EventKind, Keys, Outcome, Reply,
    ReplyKind, ServerError, urlencoded,
};
use crate::files::honest_name;
use crate::io::{Body, Expect, FormAnswers};
use crate::model::{
    EventIndex, LeaveReason, Participant, ParticipantId, ParticipantKind, ServerCode,
};
use crate::settings::{GwsPaths, GwsReads};

/// Puts an action into words for a chat; `None` if these servers have no word for it.
#[must_use]
pub fn encode(action: &Action, paths: &GwsPaths, service: &str, keys: &Keys) -> Option<Encoded> {
    let chats = [&*paths.base, "/v2/chats"].concat();
    let one = || [&chats, "/", &urlencoded::segment(&keys.chat)].concat();
    let read = |rest: &str| {
        let root = match paths.reads {
            GwsReads::Chats => one(),
            GwsReads::MeChat => [
                &*paths.base,
                "/v2/me/chat/",
                &urlencoded::segment(&keys.chat),
            ]
            .concat(),
        };
        [&root, rest].concat()
    };
    let operation = |name: &str| {
        let mut body = Object::new();
        json::put(&mut body, "operationName", name);
        body
    };
    Some(match action {
        Action::RequestChat(answers) => {
            posted(ReplyKind::Start, chats, &request_chat(answers, service))
        }
        Action::Send { text, .. } => {
            let mut body = operation("SendMessage");
            json::put(&mut body, "text", text.as_str());
            posted(ReplyKind::Else, one(), &body)
        }
        Action::StartTyping(_) => posted(
            ReplyKind::Else,
            one(),
            &operation("SendStartTypingNotification"),
        ),
        Action::StopTyping => posted(
            ReplyKind::Else,
            one(),
            &operation("SendStopTypingNotification"),
        ),
        Action::Disconnect => posted(ReplyKind::Else, one(), &operation("Complete")),
        Action::Status => got(ReplyKind::Else, read("")),
        // Always with an index: without one a server hands each event to one caller only.
        Action::Refresh { from, .. } => {
            let query = ["/messages?index=", &from.0.to_string()].concat();
            got(ReplyKind::Transcript, read(&query))
        }
        _ => return None,
    })
}

/// Reads a reply.
///
/// # Errors
/// Fails if it is not a reply of this server: the caller goes by the HTTP status then.
pub fn decode(reply_kind: ReplyKind, status: u16, body: &str) -> Result<Reply, DecodeError> {
    // These statuses are the server's own, whatever text comes with them. Without a transcript the server does
    // not know the chat.
    let no_transcript = matches!(status, 404 | 410) && reply_kind == ReplyKind::Transcript;
    if matches!(status, 400 | 405) || no_transcript {
        return Ok(Reply::of(Outcome::Refused(None), ChatStatus::Unknown));
    }
    let reply = json::parse_object(body)
        .filter(|_| status < 400)
        .ok_or(DecodeError)?;
    if let Some(number) = json::number(&reply, "statusCode").filter(|number| *number != 0) {
        let error = ServerError {
            code: ServerCode::Other(number),
            number,
            limit: None,
        };
        return Ok(Reply::of(
            Outcome::Refused(Some(error)),
            ChatStatus::Unknown,
        ));
    }
    let mut news = Reply::of(Outcome::Done, ChatStatus::Unknown);
    if let Some(chat) = json::object(&reply, "chat") {
        let idle =
            json::text(&chat, "state").is_some_and(|state| state.eq_ignore_ascii_case("Idle"));
        // The vendor's sample server lists every capability for ever.
        news.status = if idle {
            ChatStatus::Over
        } else {
            ChatStatus::Open
        };
        news.accepts = Some(takes(json::list(&chat, "capabilities")));
    } else if reply_kind == ReplyKind::Transcript {
        if !reply.contains_key("messages") {
            return Err(DecodeError);
        }
        let messages = json::list(&reply, "messages");
        news.events = messages.iter().filter_map(event).collect();
        news.events.sort_by_key(|event| event.index);
    } else if reply_kind == ReplyKind::Start {
        news.keys.chat = json::text(&reply, "id").unwrap_or_default();
    } else if !reply.contains_key("statusCode") {
        return Err(DecodeError);
    }
    Ok(news)
}

fn posted(reply_kind: ReplyKind, path: String, body: &Object) -> Encoded {
    Encoded {
        reply_kind,
        method: "POST",
        path,
        body: Body::Json(json::write(body)),
        expect: Expect::Text,
    }
}

fn got(reply_kind: ReplyKind, path: String) -> Encoded {
    Encoded {
        reply_kind,
        method: "GET",
        path,
        body: Body::Empty,
        expect: Expect::Text,
    }
}

/// Writes the request for a chat. Nickname and subject are required. What has no field of its own goes under
/// the names that contact centres attach it by.
fn request_chat(answers: &FormAnswers, service: &str) -> Object {
    let mut body = Object::new();
    json::put(&mut body, "operationName", "RequestChat");
    json::put(&mut body, "nickname", answers.name());
    json::put(
        &mut body,
        "subject",
        answers.subject.as_deref().unwrap_or(service),
    );
    let mut data = Object::new();
    json::put_some(&mut data, "FirstName", answers.first_name.as_deref());
    json::put_some(&mut data, "LastName", answers.last_name.as_deref());
    json::put_some(&mut data, "EmailAddress", answers.email.as_deref());
    for (key, value) in &answers.user_data {
        json::put(&mut data, key, value.as_str());
    }
    json::put(&mut body, "userData", data);
    body
}

/// Reads what the server accepts; without a list that is everything.
fn takes(capabilities: &[Value]) -> Accepts {
    let has = |name: &str| {
        capabilities.is_empty()
            || capabilities
                .iter()
                .filter_map(Value::as_str)
                .any(|own| own.eq_ignore_ascii_case(name))
    };
    Accepts {
        messages: has("SendMessage"),
        typing: has("SendStartTypingNotification"),
    }
}

fn event(value: &Value) -> Option<Event> {
    let event = value.as_object()?;
    let index = EventIndex(json::place(event, "index")?);
    let from = json::object(event, "from").unwrap_or_default();
    let name = json::text(event, "type").unwrap_or_default();
    let text = || json::text(event, "text").unwrap_or_default();
    let kind = match name.to_ascii_lowercase().as_str() {
        // The one page speaks of messages of the type "External".
        "text" | "external" => EventKind::Message {
            text: text(),
            rich: None,
        },
        "participantjoined" | "participantrejoined" => EventKind::Joined,
        "participantleft" => EventKind::Left(LeaveReason::Left),
        "typingstarted" => EventKind::TypingStarted,
        "typingstopped" => EventKind::TypingStopped,
        "notice" => EventKind::Notice(text()),
        _ => EventKind::Unknown(name),
    };
    Some(Event {
        index,
        at: None,
        from: participant(&from),
        kind,
    })
}

fn participant(from: &Object) -> Participant {
    let kind = json::text(from, "type").unwrap_or_default();
    Participant {
        id: ParticipantId(json::text(from, "participantId").unwrap_or_default()),
        nickname: honest_name(&json::text(from, "nickname").unwrap_or_default()),
        kind: match kind.to_ascii_lowercase().as_str() {
            "customer" | "client" => ParticipantKind::Visitor,
            "agent" => ParticipantKind::Agent,
            "supervisor" => ParticipantKind::Supervisor,
            "bot" => ParticipantKind::Bot,
            _ => ParticipantKind::System,
        },
    }
}
