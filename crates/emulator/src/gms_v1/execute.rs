//! Operations: fields in, a reply out.

use super::error::Refusal;
use super::event::{self, Position};
use super::fields::{Fields, FieldsError};
use super::name::display_name;
use super::reply::{self, Detail};
use super::route::{Action, Call, ServiceAction};
use super::service;
use crate::model::{
    ChatId, Delivery, Dialect, EventIndex, NewChat, ParticipantId, Service, ServiceId, World,
    fits_packet,
};
use crate::wire::Response;

/// The fields of a chat's creation that are not attached to it as they are.
const OWN_FIELDS: [&str; 10] = [
    "_verbose",
    "notify_by",
    "subscriptionID",
    "firstName",
    "lastName",
    "email",
    "subject",
    "userDisplayName",
    "message",
    "transcriptPosition",
];

/// Carries out an operation. Whatever is wrong with it becomes a reply.
pub fn execute(
    world: &mut World,
    call: &Call,
    fields: &Result<Fields, FieldsError>,
    now_ms: i64,
) -> Response {
    let done = match fields {
        Ok(fields) => carry_out(world, call, fields, now_ms),
        Err(error) => Err(Refusal::Value(format!("{error}."))),
    };
    done.unwrap_or_else(Response::from)
}

fn carry_out(
    world: &mut World,
    call: &Call,
    fields: &Fields,
    now_ms: i64,
) -> Result<Response, Refusal> {
    let (id, what) = match &call.action {
        Action::CreateService(name) => {
            return service::create(world, name, call.user.as_deref(), fields, now_ms);
        }
        Action::ServiceAction(id, what) => (id, *what),
    };
    let service = world.service(id).ok_or(Refusal::NoService)?;
    if what == ServiceAction::Status {
        return Ok(service::status(service, now_ms));
    }
    if !service.is_available(now_ms) {
        return Err(Refusal::NotNow);
    }
    match (service.chat().cloned(), what) {
        (None, ServiceAction::CreateChat) => create_chat(world, id, call, fields, now_ms),
        (None, _) => Err(Refusal::NoChat),
        (Some(chat), what) => {
            // Any operation is a sign of life.
            world.note_sign_of_life(&chat, now_ms);
            in_chat(world, id, &chat, what, fields, now_ms)
        }
    }
}

fn create_chat(
    world: &mut World,
    id: &ServiceId,
    call: &Call,
    fields: &Fields,
    now_ms: i64,
) -> Result<Response, Refusal> {
    let subject = fields.required("subject")?.to_owned();
    let first_words = fields.words("message")?;
    let delivery = match fields.get("notify_by") {
        None => Delivery::Polled,
        Some("comet") => Delivery::Pushed {
            subscription: fields.text("subscriptionID"),
        },
        Some(_) => return Err(Refusal::Value("notify_by can only be comet.".to_owned())),
    };
    let nickname = display_name(fields, call.address);
    if !fits_packet(&nickname) {
        return Err(Refusal::Value("The name is too long.".to_owned()));
    }
    if !world.has_room_for(call.address) {
        return Err(Refusal::NotNow);
    }
    let asked = world.service(id).map(Service::asked);
    let asked = asked.ok_or(Refusal::NoService)?;
    let mut user_data = asked.data.clone();
    user_data.extend(fields.others(&OWN_FIELDS));
    for (field, attached) in [
        ("firstName", "fldnFirstName"),
        ("lastName", "fldnLastName"),
        ("email", "fldnEmailAddress"),
    ] {
        user_data.extend(fields.text(field).map(|text| (attached.to_owned(), text)));
    }
    let by = NewChat {
        service: asked.name.clone(),
        nickname,
        first_name: fields.text("firstName"),
        last_name: fields.text("lastName"),
        subject: Some(subject),
        email: fields.text("email"),
        user_data,
        dialect: Dialect::GmsV1,
        address: call.address,
    };
    let chat = world.start_service_chat(id, by, call.user.clone(), delivery, now_ms);
    if let Some(text) = first_words {
        // This cannot fail: the chat has just begun.
        let _ = world.say(&chat, ParticipantId::VISITOR, text, now_ms);
    }
    connected(world, id, &chat, fields)
}

/// Answers that the chat is there. Whoever has missed the first such reply starts from the same place.
fn connected(
    world: &mut World,
    id: &ServiceId,
    chat: &ChatId,
    fields: &Fields,
) -> Result<Response, Refusal> {
    world.note_delivered(chat, EventIndex::FIRST);
    let service = world.service(id).ok_or(Refusal::NoService)?;
    let chat = world.chat(chat).ok_or(Refusal::NoChat)?;
    Ok(reply::connected(service, chat, detail(fields)))
}

fn in_chat(
    world: &mut World,
    id: &ServiceId,
    chat: &ChatId,
    what: ServiceAction,
    fields: &Fields,
    now_ms: i64,
) -> Result<Response, Refusal> {
    let goes_on = world.chat(chat).is_some_and(|chat| chat.end().is_none());
    if goes_on && what == ServiceAction::CreateChat {
        return connected(world, id, chat, fields);
    }
    let pushed = world
        .service(id)
        .is_some_and(|service| service.push().is_some());
    // Where events are pushed, positions are ignored, even invalid ones.
    let after = if pushed { None } else { fields.position()? };
    let before = world.chat(chat).map_or(Position::START, event::last);
    // An ended chat answers any operation with its end; no source says what a real server does.
    if goes_on {
        act(world, chat, what, fields, now_ms)?;
    }
    let service = world.service(id).ok_or(Refusal::NoService)?;
    let record = world.chat(chat).ok_or(Refusal::NoChat)?;
    if what == ServiceAction::Disconnect {
        return Ok(reply::goodbye(service, record, before, detail(fields)));
    }
    let after = after.unwrap_or_else(|| event::delivered(record));
    let response = reply::transcript(service, record, after, detail(fields));
    let up_to = record.last_index();
    world.note_delivered(chat, up_to);
    Ok(response)
}

/// Does what is asked in a chat that goes on.
fn act(
    world: &mut World,
    chat: &ChatId,
    what: ServiceAction,
    fields: &Fields,
    now_ms: i64,
) -> Result<(), Refusal> {
    const VISITOR: ParticipantId = ParticipantId::VISITOR;
    let done = match what {
        ServiceAction::Refresh => match fields.words("message")? {
            Some(text) => world.say(chat, VISITOR, text, now_ms).map(|_| ()),
            None => Ok(()),
        },
        ServiceAction::Send => {
            let text = fields.required("message")?;
            world.say(chat, VISITOR, text, now_ms).map(|_| ())
        }
        ServiceAction::StartTyping => world.typing(chat, VISITOR, true, now_ms),
        ServiceAction::StopTyping => world.typing(chat, VISITOR, false, now_ms),
        ServiceAction::CustomNotice => {
            let text = fields.words("message")?;
            let done = world.custom_notice(chat, VISITOR, text, None, now_ms);
            done.map(|_| ())
        }
        ServiceAction::Disconnect => world.disconnect(chat, now_ms),
        ServiceAction::Status | ServiceAction::CreateChat => Ok(()),
    };
    // This cannot fail: the visitor takes part until the chat ends.
    done.map_err(|_| Refusal::NoChat)
}

fn detail(fields: &Fields) -> Detail {
    if fields.verbose() {
        Detail::Verbose
    } else {
        Detail::Usual
    }
}
