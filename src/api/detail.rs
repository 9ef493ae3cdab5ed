//! Objects for the page: plain, without keys, ids of the server or tokens.

use js_sys::{Array, Object, Reflect};
use parlour_chat::{
    Agents, Author, Connection, EndReason, Entry, FileState, Item, LeaveReason, MessageState,
    Participant, ParticipantKind, Phase, Refusal, RefusalReason, State,
};
use wasm_bindgen::JsValue;

/// Makes an object.
pub(super) fn object(members: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in members {
        // A new object takes everything.
        _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}

/// Reads a member; `undefined` where there is none.
pub(super) fn member(object: &JsValue, name: &str) -> JsValue {
    Reflect::get(object, &name.into()).unwrap_or_default()
}

/// Reads a text; nothing where there is none.
pub(super) fn text(object: &JsValue, name: &str) -> Option<String> {
    member(object, name).as_string()
}

pub(super) fn person(who: &Participant) -> JsValue {
    object(&[
        ("name", who.nickname.as_str().into()),
        ("kind", kind(who.kind).into()),
    ])
}

pub(super) fn people(people: &[Participant]) -> JsValue {
    people.iter().map(person).collect::<Array>().into()
}

pub(super) fn author(author: &Author, own_name: Option<&str>) -> JsValue {
    match author {
        Author::Other(who) => person(who),
        Author::Me => object(&[
            ("name", own_name.unwrap_or_default().into()),
            ("kind", kind(ParticipantKind::Visitor).into()),
        ]),
    }
}

pub(super) fn kind(kind: ParticipantKind) -> &'static str {
    match kind {
        ParticipantKind::Visitor => "visitor",
        ParticipantKind::Agent => "agent",
        ParticipantKind::Supervisor => "supervisor",
        ParticipantKind::Bot => "bot",
        ParticipantKind::System => "system",
    }
}

/// Returns why somebody left. A reason that this version does not know is told as none.
pub(super) fn leave_reason(reason: &LeaveReason) -> &'static str {
    match reason {
        LeaveReason::Hold => "HOLD",
        LeaveReason::Transfer => "TRANSFER",
        LeaveReason::Left | LeaveReason::Other(_) => "LEFT",
    }
}

pub(super) fn end_reason(reason: EndReason) -> &'static str {
    match reason {
        EndReason::ByVisitor => "byVisitor",
        EndReason::ByServer => "byServer",
        EndReason::Gone => "gone",
        EndReason::Dropped => "dropped",
        EndReason::Elsewhere => "elsewhere",
        EndReason::Untold => "untold",
    }
}

pub(super) fn connection(connection: Connection) -> &'static str {
    match connection {
        Connection::Up => "up",
        Connection::Reconnecting => "reconnecting",
        Connection::Offline => "offline",
    }
}

pub(super) fn code(reason: RefusalReason) -> &'static str {
    match reason {
        RefusalReason::Unreachable => "unreachable",
        RefusalReason::Busy => "busy",
        RefusalReason::BadReply => "badReply",
        RefusalReason::FirstNameMissing => "firstNameMissing",
        RefusalReason::LastNameMissing => "lastNameMissing",
        RefusalReason::NameInvalid => "nameInvalid",
        RefusalReason::EmailInvalid => "emailInvalid",
        RefusalReason::CannotStartNow => "cannotStartNow",
        RefusalReason::UnknownService => "unknownService",
        RefusalReason::MessageTooLong => "messageTooLong",
        RefusalReason::TooManyFiles => "tooManyFiles",
        RefusalReason::FileTooLarge => "fileTooLarge",
        RefusalReason::FilesTooLarge => "filesTooLarge",
        RefusalReason::FileTypeRefused => "fileTypeRefused",
        RefusalReason::FileEmpty => "fileEmpty",
        RefusalReason::NeedsAgent => "needsAgent",
        RefusalReason::FileGone => "fileGone",
        RefusalReason::ChatEnded => "chatEnded",
        RefusalReason::NotOffered => "notOffered",
        RefusalReason::Refused => "refused",
    }
}

/// Makes the detail of an error.
pub(super) fn refused(action: &str, refusal: &Refusal) -> JsValue {
    object(&[
        ("action", action.into()),
        ("code", code(refusal.reason).into()),
        ("serverCode", number(refusal.code)),
        ("limit", number(refusal.limit)),
    ])
}

/// Makes a number, or null. Codes and limits are integers far below 2^53.
#[expect(
    clippy::cast_precision_loss,
    reason = "a number of that size is rounded in JSON, too"
)]
pub(super) fn number(value: Option<impl Into<i128>>) -> JsValue {
    value.map_or(
        JsValue::NULL,
        |value| JsValue::from_f64(value.into() as f64),
    )
}

pub(super) fn state(state: &State, is_open: bool) -> JsValue {
    let (phase, end) = match &state.phase {
        Phase::Idle => ("idle", JsValue::NULL),
        Phase::Refused(_) => ("refused", JsValue::NULL),
        Phase::Starting => ("starting", JsValue::NULL),
        Phase::Chatting => ("chatting", JsValue::NULL),
        Phase::Ending => ("ending", JsValue::NULL),
        Phase::Ended(reason) => ("ended", end_reason(*reason).into()),
    };
    let agents = match &state.agents {
        Agents::Awaited => "awaited",
        Agents::Present => "present",
        Agents::OnHold(_) => "onHold",
        Agents::Transferring(_) => "transferring",
        Agents::Gone => "gone",
    };
    let offers = state.offers;
    let can = object(&[
        ("sendFile", offers.files.into()),
        ("setNickname", offers.rename.into()),
        ("pushUrl", offers.push_url.into()),
        ("customNotice", offers.notices.into()),
        ("updateUserData", offers.user_data.into()),
    ]);
    object(&[
        ("isLoaded", true.into()),
        ("isOpen", is_open.into()),
        ("phase", phase.into()),
        ("endReason", end),
        ("connection", connection(state.connection).into()),
        ("agents", agents.into()),
        ("participants", people(&state.participants)),
        ("unread", state.unread.into()),
        (
            "nickname",
            state.nickname.as_deref().map_or(JsValue::NULL, Into::into),
        ),
        ("can", can),
    ])
}

/// Makes an entry of the transcript for the page.
pub(super) fn entry(entry: &Entry, own_name: Option<&str>) -> JsValue {
    let from = |of: &Author| author(of, own_name);
    let mut members = match &entry.item {
        Item::Message {
            from: of,
            text,
            state,
            ..
        } => vec![
            ("type", "message".into()),
            ("from", from(of)),
            ("text", text.as_str().into()),
            ("state", message_state(state).into()),
        ],
        Item::Link { from: of, url } => vec![
            ("type", "link".into()),
            ("from", from(of)),
            ("url", url.as_str().into()),
        ],
        Item::File { from: of, file } => vec![
            ("type", "file".into()),
            ("from", from(of)),
            ("name", file.name.as_str().into()),
            ("size", number(file.bytes)),
            ("state", file_state(&file.state).into()),
        ],
        Item::Joined(who) | Item::Returned(who) => {
            vec![("type", "joined".into()), ("who", person(who))]
        }
        Item::Left(who, reason) => vec![
            ("type", "left".into()),
            ("who", person(who)),
            ("reason", leave_reason(reason).into()),
        ],
        Item::Renamed { who, before, name } => vec![
            ("type", "renamed".into()),
            ("who", author(who, Some(name))),
            ("before", before.as_str().into()),
            ("name", name.as_str().into()),
        ],
        Item::Notice { from: of, text } => vec![
            ("type", "notice".into()),
            ("from", from(of)),
            ("text", text.as_str().into()),
        ],
        Item::Ended(reason) => vec![
            ("type", "ended".into()),
            ("reason", end_reason(*reason).into()),
        ],
    };
    members.push(("at", number(Some(entry.at.0))));
    object(&members)
}

fn message_state(state: &MessageState) -> &'static str {
    match state {
        MessageState::Sending => "sending",
        MessageState::Sent => "sent",
        MessageState::Failed(_) => "failed",
    }
}

fn file_state(state: &FileState) -> &'static str {
    match state {
        FileState::Uploading { .. } => "sending",
        FileState::UploadFailed { .. } => "failed",
        FileState::Available { .. }
        | FileState::Downloading { .. }
        | FileState::DownloadFailed(_) => "available",
        FileState::Deleted => "deleted",
        FileState::Expired => "expired",
    }
}
