//! GMS Digital Channels, *Chat API Version 2* (`/genesys/2/chat/{service}`): form posts out, JSON back.
//!
//! Source: the vendor's page of that name, and `docs/servers.md` for what live servers
//! do beyond it.

use core::time::Duration;

use super::json::{self, Object, Value};
use super::{
    Action, ChatStatus, DecodeError, Encoded, Event, EventKind, Keys, Outcome, Reply, ReplyKind,
    ServerError, urlencoded,
};
use crate::files::honest_name;
use crate::io::{Body, Expect, FormAnswers};
use crate::model::{
    EventIndex, FileId, FileLimits, LeaveReason, Participant, ParticipantId, ParticipantKind,
    ReadFrom, ServerCode,
};
use crate::time::WallTime;

/// The path where the API begins, below the server's address.
const ROOT: &str = "/genesys/2/chat/";

/// Puts an action into words for a chat; only *request chat* goes without keys.
#[must_use]
pub fn encode(action: &Action, service: &str, keys: &Keys) -> Encoded {
    let reply_kind = reply_kind(action);
    let mut fields = Fields::default();
    let operation = match action {
        Action::RequestChat(answers) => {
            request_chat(&mut fields, answers);
            let path = [ROOT, &urlencoded::segment(service)].concat();
            return posted(reply_kind, path, fields.into_form());
        }
        // Joining is part of starting here, and every reply tells the status.
        Action::Join(_) | Action::AwaitAgent | Action::Status => "refresh".into(),
        // And the history does not come in pages.
        Action::ReadBack(_) => "refresh".into(),
        Action::Send { text, from } => {
            fields.add("message", text);
            fields.add("messageType", "text");
            fields.add("transcriptPosition", &from.0.to_string());
            "send".into()
        }
        Action::StartTyping(preview) => {
            fields.add_some("message", preview.as_deref());
            "startTyping".into()
        }
        Action::StopTyping => "stopTyping".into(),
        Action::Refresh { from, preview } => {
            fields.add("transcriptPosition", &from.0.to_string());
            fields.add_some("message", preview.as_deref());
            "refresh".into()
        }
        Action::Disconnect => "disconnect".into(),
        Action::PushUrl(url) => {
            fields.add("pushUrl", url);
            "pushUrl".into()
        }
        Action::UpdateNickname(name) => {
            fields.add("nickname", name);
            "updateNickname".into()
        }
        Action::CustomNotice {
            message,
            attributes,
        } => {
            fields.add_some("message", message.as_deref());
            fields.add_some("eventAttributes", attributes.as_deref());
            "customNotice".into()
        }
        Action::UpdateData(data) => {
            fields.add_data(data);
            "updateData".into()
        }
        Action::ReadReceipt(index) => {
            fields.add("transcriptPosition", &index.0.to_string());
            "readReceipt".into()
        }
        Action::FileLimits => "file/limits".into(),
        Action::Upload { description, .. } => {
            fields.add_some("userData[file-description]", description.as_deref());
            "file".into()
        }
        Action::Download { id, .. } => ["file/", &urlencoded::segment(&id.0), "/download"].concat(),
        Action::DeleteFile(id) => ["file/", &urlencoded::segment(&id.0), "/delete"].concat(),
    };
    let path = [
        ROOT,
        &urlencoded::segment(service),
        "/",
        &urlencoded::segment(&keys.chat),
        "/",
        &operation,
    ]
    .concat();
    let fields = fields.with_keys(keys);
    match action {
        Action::Upload { file, name, .. } => {
            let body = Body::Upload {
                fields: fields.0,
                file: *file,
                name: name.clone(),
            };
            Encoded {
                reply_kind,
                method: "POST",
                path,
                body,
                expect: Expect::Text,
            }
        }
        Action::Download { name, .. } => Encoded {
            expect: Expect::File { name: name.clone() },
            ..posted(reply_kind, path, fields.into_form())
        },
        _ => posted(reply_kind, path, fields.into_form()),
    }
}

/// Reads a reply's body.
///
/// # Errors
/// Fails if it is not a reply of this server: the caller goes by the HTTP status then.
pub fn decode(body: &str) -> Result<Reply, DecodeError> {
    json::parse_object(body)
        .ok_or(DecodeError)
        .and_then(|reply| read(&reply))
}

/// Reads an envelope.
///
/// # Errors
/// Fails if it is none.
pub(crate) fn read(reply: &Object) -> Result<Reply, DecodeError> {
    let errors = json::list(reply, "errors");
    let outcome = match json::number(reply, "statusCode") {
        Some(0) => Outcome::Done,
        Some(1) => Outcome::TryAgain,
        Some(_) => Outcome::Refused(server_error(errors)),
        None if !errors.is_empty() => Outcome::Refused(server_error(errors)),
        None if matches!(reply.get("messages"), Some(Value::Array(_) | Value::Null)) => {
            Outcome::Done
        }
        None => return Err(DecodeError),
    };
    if outcome == Outcome::TryAgain {
        // By the vendor's page no other field can be trusted then. The end counts whatever the status.
        return Ok(Reply::of(outcome, status(reply)));
    }
    let messages = json::list(reply, "messages");
    let user_data = json::object(reply, "userData").unwrap_or_default();
    let mut events: Vec<Event> = messages.iter().filter_map(event).collect();
    events.sort_by_key(|event| event.index);
    Ok(Reply {
        status: status(reply),
        keys: Keys {
            chat: json::text(reply, "chatId").unwrap_or_default(),
            user: json::key(reply, "userId").unwrap_or_default(),
            secure: json::key(reply, "secureKey").unwrap_or_default(),
            alias: json::text(reply, "alias").unwrap_or_default(),
            ..Keys::default()
        },
        next: json::place(reply, "nextPosition").map(ReadFrom),
        events,
        events_missing: false,
        limits: limits(&user_data).or_else(|| messages.iter().find_map(limits_notice)),
        file: file_id(&user_data),
        idle_expires: json::count(reply, "idleTimerExpire").map(Duration::from_secs),
        accepts: None,
        outcome,
    })
}

/// Reads whether the chat goes on; it does if `chatEnded` is absent.
fn status(reply: &Object) -> ChatStatus {
    match json::truth(reply, "chatEnded") {
        Some(true) => ChatStatus::Over,
        _ => ChatStatus::Open,
    }
}

/// Returns the kind of reply to an action. A send brings the transcript, too.
fn reply_kind(action: &Action) -> ReplyKind {
    match action {
        Action::RequestChat(_) => ReplyKind::Start,
        Action::Send { .. } | Action::Refresh { .. } => ReplyKind::Transcript,
        _ => ReplyKind::Else,
    }
}

fn posted(reply_kind: ReplyKind, path: String, form: String) -> Encoded {
    Encoded {
        reply_kind,
        method: "POST",
        path,
        body: Body::Form(form),
        expect: Expect::Text,
    }
}

fn request_chat(fields: &mut Fields, answers: &FormAnswers) {
    fields.add_some("nickname", answers.nickname.as_deref());
    fields.add_some("firstName", answers.first_name.as_deref());
    fields.add_some("lastName", answers.last_name.as_deref());
    fields.add_some("subject", answers.subject.as_deref());
    fields.add_some("emailAddress", answers.email.as_deref());
    fields.add_data(&answers.user_data);
}

/// A form's fields in order.
#[derive(Default)]
struct Fields(Vec<(String, String)>);

impl Fields {
    fn add(&mut self, name: &str, value: &str) {
        self.0.push((name.into(), value.into()));
    }

    fn add_some(&mut self, name: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.add(name, value);
        }
    }

    fn add_data(&mut self, data: &[(String, String)]) {
        for (key, value) in data {
            self.add(&["userData[", key, "]"].concat(), value);
        }
    }

    /// Puts the keys first: they must be there before an upload's contents.
    fn with_keys(self, keys: &Keys) -> Self {
        let mut fields = Self::default();
        fields.add("userId", &keys.user);
        fields.add("secureKey", &keys.secure);
        fields.add("alias", &keys.alias);
        fields.0.extend(self.0);
        fields
    }

    fn into_form(self) -> String {
        urlencoded::form(
            self.0
                .iter()
                .map(|(name, value)| (name.as_str(), value.as_str())),
        )
    }
}

fn server_error(errors: &[Value]) -> Option<ServerError> {
    let error = errors.iter().find_map(Value::as_object)?;
    let number = json::number(error, "code")?;
    let limit = json::count(error, "advice");
    Some(ServerError {
        code: ServerCode::from_number(number),
        number,
        limit,
    })
}

fn event(value: &Value) -> Option<Event> {
    let event = value.as_object()?;
    // Only the file limits come without an index; see `limits_notice`.
    let index = EventIndex(json::place(event, "index")?);
    let attributes = json::object(event, "eventAttributes").unwrap_or_default();
    Some(Event {
        index,
        at: json::number(event, "utcTime").and_then(WallTime::from_outside),
        from: participant(event, &attributes),
        kind: kind(event, &attributes),
    })
}

fn participant(event: &Object, attributes: &Object) -> Participant {
    let from = json::object(event, "from").unwrap_or_default();
    let kind = json::text(&from, "type")
        .unwrap_or_default()
        .to_ascii_lowercase();
    let kind = match kind.as_str() {
        "client" => ParticipantKind::Visitor,
        _ if is_bot(attributes) => ParticipantKind::Bot,
        "agent" => ParticipantKind::Agent,
        "supervisor" => ParticipantKind::Supervisor,
        _ => ParticipantKind::System,
    };
    Participant {
        id: ParticipantId(json::text(&from, "participantId").unwrap_or_default()),
        nickname: honest_name(&json::text(&from, "nickname").unwrap_or_default()),
        kind,
    }
}

fn is_bot(attributes: &Object) -> bool {
    json::object(attributes, "GCTI_SYSTEM")
        .and_then(|system| json::object(&system, "party-info"))
        .and_then(|party| json::text(&party, "style"))
        .is_some_and(|style| style.eq_ignore_ascii_case("bot"))
}

fn kind(event: &Object, attributes: &Object) -> EventKind {
    let name = json::text(event, "type").unwrap_or_default();
    let text = || json::text(event, "text").unwrap_or_default();
    let data = json::object(event, "userData").unwrap_or_default();
    match name.to_ascii_lowercase().as_str() {
        "participantjoined" => EventKind::Joined,
        "participantleft" => EventKind::Left(leave_reason(attributes)),
        "message" | "structured" => message(event, attributes),
        "typingstarted" => EventKind::TypingStarted,
        "typingstopped" => EventKind::TypingStopped,
        "nicknameupdated" => EventKind::Renamed(honest_name(&text())),
        "pushurl" => EventKind::PushUrl(text()),
        "fileuploaded" => EventKind::FileUploaded {
            id: file_id(&data).unwrap_or_else(|| FileId(String::new())),
            name: json::text(&data, "file-name").unwrap_or_else(text),
            bytes: json::count(&data, "file-size"),
            description: json::text(&data, "file-description"),
        },
        "filedeleted" => EventKind::FileDeleted(file_id(&data)),
        "customnotice" => EventKind::CustomNotice,
        "notice" => EventKind::Notice(text()),
        "idlealert" => EventKind::IdleAlert {
            closes_in: idle_close(&data),
        },
        "idleclose" => EventKind::IdleClose,
        _ => EventKind::Unknown(name),
    }
}

/// Reads a file's id. It becomes a path segment, so it is not dots alone: those would change the path.
fn file_id(data: &Object) -> Option<FileId> {
    json::text(data, "file-id")
        .filter(|id| !id.chars().all(|c| c == '.'))
        .map(FileId)
}

fn leave_reason(attributes: &Object) -> LeaveReason {
    let reason = json::object(attributes, "general-properties")
        .and_then(|general| json::text(&general, "reason-for-leave"));
    match reason {
        None => LeaveReason::Left,
        Some(reason) if reason.eq_ignore_ascii_case("HOLD") => LeaveReason::Hold,
        Some(reason) if reason.eq_ignore_ascii_case("TRANSFER") => LeaveReason::Transfer,
        Some(reason) => LeaveReason::Other(reason),
    }
}

/// Reads a message. Its text may stand only inside its rich content.
fn message(event: &Object, attributes: &Object) -> EventKind {
    let rich = rich_content(event, attributes);
    let inner_text = || rich.as_ref().and_then(|rich| json::text(rich, "text"));
    EventKind::Message {
        text: json::text(event, "text")
            .or_else(inner_text)
            .unwrap_or_default(),
        rich: rich.as_ref().map(json::write),
    }
}

/// Finds `contentType`, `content` and perhaps `text`: in the attributes under `genesys-chat`, there inside one
/// member `content` (what the vendor's own client reads) or directly, or else in the event itself.
fn rich_content(event: &Object, attributes: &Object) -> Option<Object> {
    let given = json::object(attributes, "structured-content")
        .and_then(|structured| json::object(&structured, "genesys-chat"));
    if let Some(given) = given {
        let wrapped = !given.contains_key("contentType");
        let inner = json::object(&given, "content").filter(|_| wrapped);
        return Some(inner.unwrap_or(given));
    }
    let (kind, content) = (event.get("contentType")?, event.get("content")?);
    let mut rich = Object::new();
    json::put(&mut rich, "contentType", kind.clone());
    json::put(&mut rich, "content", content.clone());
    Some(rich)
}

fn idle_close(data: &Object) -> Option<Duration> {
    let kind = json::text(data, "next-idle-timer-type")?;
    kind.eq_ignore_ascii_case("close")
        .then(|| json::count(data, "next-idle-timer-secs"))?
        .map(Duration::from_secs)
}

/// Reads the limits from a message: live servers wrap them in a notice without an index.
fn limits_notice(message: &Value) -> Option<FileLimits> {
    limits(&json::object(message.as_object()?, "userData")?)
}

fn limits(data: &Object) -> Option<FileLimits> {
    if !data.contains_key("upload-max-files") && !data.contains_key("upload-max-file-size") {
        return None;
    }
    let extensions = json::text(data, "upload-file-types").unwrap_or_default();
    Some(FileLimits {
        max_files: json::count(data, "upload-max-files"),
        max_file_bytes: json::count(data, "upload-max-file-size"),
        max_total_bytes: json::count(data, "upload-max-total-size"),
        extensions: extensions
            .split(':')
            .map(|extension| {
                extension
                    .trim()
                    .trim_start_matches('.')
                    .to_ascii_lowercase()
            })
            .filter(|extension| !extension.is_empty())
            .collect(),
        needs_agent: json::truth(data, "upload-need-agent") == Some(true),
        used_files: json::count(data, "used-upload-max-files").unwrap_or(0),
        used_bytes: json::count(data, "used-upload-max-total-size").unwrap_or(0),
    })
}
