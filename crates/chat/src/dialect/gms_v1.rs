//! GMS *Chat API Version 1* (`/genesys/1/service/…`): a service first, its chat second; forms out, JSON
//! back, polled.
//!
//! Source: the vendor's page of that name, and `docs/servers.md` for what live servers do beyond it.

use core::time::Duration;

use super::json::{self, Object, Value};
use super::{
    Action, ChatStatus, DecodeError, Encoded, Event, EventKind, Keys, Outcome, Reply, ReplyKind,
    urlencoded, utc,
};
use crate::files::honest_name;
use crate::io::{Body, Expect, FormAnswers};
use crate::model::{
    EventIndex, LeaveReason, Participant, ParticipantId, ParticipantKind, ReadFrom,
};
use crate::time::WallTime;

const ROOT: &str = "/genesys/1/service/";

/// The names of links, and the operation that each leads to.
const LINKS: [(&str, &str); 6] = [
    ("_chatIxnAPI_SEND_URL", "/send"),
    ("_chatIxnAPI_REFRESH_URL", "/refresh"),
    ("_chatIxnAPI_START_TYPING_URL", "/startTyping"),
    ("_chatIxnAPI_STOP_TYPING_URL", "/stopTyping"),
    ("_chatIxnAPI_DISCONNECT_URL", "/disconnect"),
    ("_chatIxnAPI_SEND_CUSTOM_URL", "/customNotice"),
];
/// The link to where a service's chat is made, and where that is by the book.
const CREATE: (&str, &str) = ("_chatIxnAPI-CREATE-URL", "");

/// An *exclusive* read position: "give me the events after this one". The last event's own index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ReadAfter(pub u64);

impl ReadAfter {
    /// The position "from the start": the first event is one's own join, which is never sent.
    const START: Self = Self(1);

    fn before(from: ReadFrom) -> Self {
        Self(from.0.saturating_sub(1)).max(Self::START)
    }
}

impl From<ReadAfter> for ReadFrom {
    fn from(after: ReadAfter) -> Self {
        Self(after.0.saturating_add(1))
    }
}

/// Puts an action into words for a chat; `None` if these servers have no word for it. Of the keys the
/// chat's is the service's id.
#[must_use]
pub fn encode(action: &Action, service: &str, keys: &Keys) -> Option<Encoded> {
    let mut form = Form::default();
    let (reply_kind, path) = match action {
        Action::RequestChat(answers) => {
            // Routing by the service's data needs them here.
            form.add("_verbose", "true");
            form.add_all(&answers.user_data);
            (
                ReplyKind::Start,
                [ROOT, &urlencoded::segment(service)].concat(),
            )
        }
        Action::AwaitAgent => (ReplyKind::Join, of_service(keys, "/status")),
        Action::Join(answers) => {
            form.add("_verbose", "true");
            join(&mut form, answers, service);
            (ReplyKind::Join, of_chat(keys, CREATE))
        }
        Action::Send { text, .. } => {
            form.add("message", text);
            (ReplyKind::Else, operation(keys, "/send"))
        }
        // Always with a position: without one the server brings only what no reply has brought yet. Never with
        // a preview: it would be sent as a message.
        Action::Refresh { from, .. } => {
            form.add(
                "transcriptPosition",
                &ReadAfter::before(*from).0.to_string(),
            );
            (ReplyKind::Transcript, operation(keys, "/refresh"))
        }
        Action::StartTyping(_) => (ReplyKind::Else, operation(keys, "/startTyping")),
        Action::StopTyping => (ReplyKind::Else, operation(keys, "/stopTyping")),
        Action::CustomNotice { message, .. } => {
            form.add_some("message", message.as_deref());
            (ReplyKind::Else, operation(keys, "/customNotice"))
        }
        Action::Disconnect => (ReplyKind::Else, operation(keys, "/disconnect")),
        _ => return None,
    };
    Some(Encoded {
        reply_kind,
        method: "POST",
        path,
        body: Body::Form(form.0),
        expect: Expect::Text,
    })
}

/// Reads a reply. Its events have no index: they are counted on from `last`, the last one known, so
/// that only one request at a time may ask for the transcript.
///
/// # Errors
/// Fails if it is not a reply of this server: the caller goes by the HTTP status then.
pub fn decode(
    reply_kind: ReplyKind,
    status: u16,
    body: &str,
    last: EventIndex,
) -> Result<Reply, DecodeError> {
    if let Some(outcome) = by_status(reply_kind, status) {
        return Ok(Reply::of(outcome, ChatStatus::Unknown));
    }
    let reply = json::parse_object(body)
        .filter(|_| status < 400)
        .ok_or(DecodeError)?;
    let mut news = read(reply_kind, &reply, last)?;
    if reply_kind == ReplyKind::Transcript && !is_listed(&reply) {
        news.next = position(&reply).map(Into::into);
        news.events_missing = true;
    }
    Ok(news)
}

/// Reads the HTTP statuses that say it all.
pub(super) fn by_status(reply_kind: ReplyKind, status: u16) -> Option<Outcome> {
    match (reply_kind, status) {
        (ReplyKind::Join, 503) => Some(Outcome::Waiting),
        // 415 is for a value that is missing or wrong. Without a transcript the server does not know the chat.
        (_, 400 | 415) | (ReplyKind::Transcript, 404 | 410) => Some(Outcome::Refused(None)),
        _ => None,
    }
}

/// Reads the JSON of a reply; see [`decode`].
pub(super) fn read(
    reply_kind: ReplyKind,
    reply: &Object,
    last: EventIndex,
) -> Result<Reply, DecodeError> {
    let mut news = Reply::of(Outcome::Done, ChatStatus::Unknown);
    if let Some(state) = json::text(reply, "chatIxnState") {
        let over = state.eq_ignore_ascii_case("DISCONNECTED");
        news.status = if over {
            ChatStatus::Over
        } else {
            ChatStatus::Open
        };
        news.keys.links = links(reply);
        // Without the list nobody knows which events the position has passed.
        if is_listed(reply) {
            news.events = events(reply, last);
            news.next = position(reply).map(Into::into);
        }
    } else if let (ReplyKind::Join, Some(message)) = (reply_kind, json::object(reply, "message")) {
        let state = json::text(&message, "_status").ok_or(DecodeError)?;
        if !state.eq_ignore_ascii_case("available") {
            news.outcome = Outcome::Waiting;
        }
    } else if reply_kind == ReplyKind::Start {
        news.keys.chat = json::text(reply, "_id").ok_or(DecodeError)?;
        news.keys.links = links(reply);
    } else {
        return Err(DecodeError);
    }
    Ok(news)
}

/// Reads how far the transcript goes by a reply.
pub(super) fn position(reply: &Object) -> Option<ReadAfter> {
    json::place(reply, "transcriptPosition").map(ReadAfter)
}

/// Tells whether the reply has a list of events, an empty one or not.
pub(super) fn is_listed(reply: &Object) -> bool {
    let list = reply.get("transcriptToShow").and_then(Value::as_array);
    list.is_some()
}

/// Writes the fields of a join; `subject` is the only required one.
fn join(form: &mut Form, answers: &FormAnswers, service: &str) {
    form.add("subject", answers.subject.as_deref().unwrap_or(service));
    form.add_some("firstName", answers.first_name.as_deref());
    form.add_some("lastName", answers.last_name.as_deref());
    form.add_some("email", answers.email.as_deref());
    form.add_some(
        "userDisplayName",
        Some(&*answers.name()).filter(|name| !name.is_empty()),
    );
    form.add_all(&answers.user_data);
}

fn of_service(keys: &Keys, rest: &str) -> String {
    [ROOT, &urlencoded::segment(&keys.chat), rest].concat()
}

fn operation(keys: &Keys, name: &str) -> String {
    let link = LINKS.iter().find(|(_, operation)| *operation == name);
    of_chat(keys, link.copied().unwrap_or(("", name)))
}

/// Follows the server's own link where it gave one.
fn of_chat(keys: &Keys, (link, rest): (&str, &str)) -> String {
    let given = keys.links.iter().find(|(name, _)| name == link);
    match given {
        Some((_, path)) => path.clone(),
        None => of_service(keys, &["/ixn/chat", rest].concat()),
    }
}

/// Reads the links: paths on this very server, and nothing else.
fn links(reply: &Object) -> Vec<(String, String)> {
    let path = |path: &String| {
        path.starts_with(ROOT)
            && !path.contains("..")
            && path
                .bytes()
                .all(|byte| byte.is_ascii_graphic() && byte != b'%')
    };
    let names = LINKS.iter().chain([&CREATE]).map(|(name, _)| *name);
    names
        .filter_map(|name| Some((name.into(), json::text(reply, name).filter(path)?)))
        .collect()
}

fn events(reply: &Object, last: EventIndex) -> Vec<Event> {
    let started = json::text(reply, "startedAt").and_then(|text| utc::parse(&text));
    let shown = json::list(reply, "transcriptToShow");
    let counted = shown.iter().zip(last.0.saturating_add(1)..=u64::MAX);
    counted
        .filter_map(|(event, index)| read_event(event.as_array()?, EventIndex(index), started))
        .collect()
}

/// Reads `[type, nickname, text, seconds since the start, AGENT | CLIENT | EXTERNAL]`.
fn read_event(parts: &[Value], index: EventIndex, started: Option<WallTime>) -> Option<Event> {
    let part = |at: usize| parts.get(at).and_then(json::scalar).unwrap_or_default();
    let text = || part(2).into_owned();
    let kind = match part(0).to_ascii_lowercase().as_str() {
        "message.text" => EventKind::Message {
            text: text(),
            rich: None,
        },
        "notice.joined" => EventKind::Joined,
        "notice.left" => EventKind::Left(LeaveReason::Left),
        // The vendor's list and the vendor's samples disagree.
        "notice.typingstarted" | "notice.typingstart" => EventKind::TypingStarted,
        "notice.typingstopped" | "notice.typingstop" => EventKind::TypingStopped,
        "notice.pushurl" => EventKind::PushUrl(text()),
        "notice.custom" => EventKind::CustomNotice,
        _ => EventKind::Unknown(part(0).into_owned()),
    };
    let seconds: Option<u64> = part(3).trim().parse().ok();
    let at = started.zip(seconds).and_then(|(started, seconds)| {
        let past = i64::try_from(Duration::from_secs(seconds).as_millis()).ok()?;
        WallTime::from_outside(started.0.checked_add(past)?)
    });
    Some(Event {
        index,
        at,
        from: participant(&part(1), &part(4)),
        kind,
    })
}

/// Makes a participant. There are no ids here: the name and the part tell people apart.
fn participant(nickname: &str, part: &str) -> Participant {
    let part = part.to_ascii_uppercase();
    Participant {
        id: ParticipantId([&part, "/", nickname].concat()),
        nickname: honest_name(nickname),
        kind: match part.as_str() {
            "CLIENT" => ParticipantKind::Visitor,
            "AGENT" => ParticipantKind::Agent,
            "SUPERVISOR" => ParticipantKind::Supervisor,
            _ => ParticipantKind::System,
        },
    }
}

/// A form that is written as it grows.
#[derive(Default)]
struct Form(String);

impl Form {
    fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.0.push_str(&urlencoded::form([(name, value)]));
    }

    fn add_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn add_all(&mut self, fields: &[(String, String)]) {
        for (name, value) in fields {
            self.add(name, value);
        }
    }
}
