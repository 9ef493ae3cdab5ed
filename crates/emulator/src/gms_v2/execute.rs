//! Operations: a parsed form in, a reply out, no bytes of files.

use serde_json::{Map, Value, json};

use super::admit::admit;
use super::error::Failure;
use super::files;
use super::outcome::{Outcome, Upload};
use super::reply::{self, EventRange};
use super::request_chat::request_chat;
use super::route::{Action, Call};
use crate::model::{self, ChatId, DeskError, EventIndex, ParticipantId, TypingPreview, World};
use crate::wire::{Form, Response};

/// Carries out an operation. Whatever is wrong with it becomes a reply.
pub fn execute(
    world: &mut World,
    call: &Call,
    form: &Form,
    upload: Option<Upload>,
    now_ms: i64,
) -> Outcome {
    let known = world
        .options()
        .services
        .as_ref()
        .is_none_or(|list| list.contains(&call.service));
    if !known {
        return reply::failed(world, call.action.chat(), &Failure::unknown_service()).into();
    }
    let Some(chat) = call.action.chat() else {
        return request_chat(world, call, form, now_ms).into();
    };
    if let Action::Download(chat, file) = &call.action {
        return files::download(world, chat, file, form, now_ms);
    }
    if let Err(failure) = admit(world, &call.action, chat, form, now_ms) {
        return reply::failed(world, Some(chat), &failure).into();
    }
    match &call.action {
        Action::FileLimits(chat) => files::limits(world, chat, now_ms).into(),
        Action::Upload(chat) => files::upload(world, chat, form, upload, now_ms),
        Action::Delete(chat, file) => files::delete(world, chat, file, form, now_ms),
        action => match in_chat(world, action, chat, form, now_ms) {
            Ok(response) => response,
            Err(failure) => reply::failed(world, Some(chat), &failure),
        }
        .into(),
    }
}

fn in_chat(
    world: &mut World,
    action: &Action,
    chat: &ChatId,
    form: &Form,
    now_ms: i64,
) -> Result<Response, Failure> {
    const VISITOR: ParticipantId = ParticipantId::VISITOR;
    let mut wanted = EventRange::read(form, EventRange::None);
    match action {
        Action::Send(_) => {
            let text = required(form, "message", "A message is required.")?;
            fits_packet(text)?;
            let kind = form.get("messageType");
            world.say_with(chat, VISITOR, text, kind, attributes(form), now_ms)?;
        }
        Action::StartTyping(_) => {
            if let Some(text) = previewed(world, form, false)? {
                world.preview(chat, text, now_ms)?;
            }
            world.typing(chat, VISITOR, true, now_ms)?;
        }
        Action::StopTyping(_) => world.typing(chat, VISITOR, false, now_ms)?,
        Action::Refresh(_) | Action::ReadBack(_) => {
            let paged = matches!(action, Action::ReadBack(_));
            return refresh(world, chat, form, paged, now_ms);
        }
        Action::Disconnect(_) => {
            world.disconnect(chat, now_ms)?;
            return Ok(reply::goodbye());
        }
        Action::PushUrl(_) => {
            let url = required(form, "pushUrl", "A URL is required.")?;
            fits_packet(url)?;
            world.push_url(chat, VISITOR, url, now_ms)?;
        }
        Action::UpdateNickname(_) => {
            let nickname = required(form, "nickname", "A nickname is required.")?;
            fits_packet(nickname)?;
            world.rename(chat, VISITOR, nickname, now_ms)?;
        }
        Action::CustomNotice(_) => {
            let text = form.get("message");
            fits_packet(text.unwrap_or_default())?;
            world.custom_notice(chat, VISITOR, text, attributes(form), now_ms)?;
        }
        Action::UpdateData(_) => {
            let entries = form.user_data();
            if entries.is_empty() {
                return Err(Failure::refused("At least one userData[key] is required."));
            }
            world.update_user_data(chat, entries)?;
        }
        Action::ReadReceipt(_) => {
            // Here the position names the event that was read; it does not ask for more.
            let EventRange::From(index) = wanted else {
                return Err(Failure::refused(
                    "A transcriptPosition of 1 or more is required.",
                ));
            };
            wanted = EventRange::None;
            let last = EventIndex(world.chat(chat).map_or(0, |c| c.next_index().0 - 1));
            world.read_receipt(chat, index.min(last), now_ms)?;
        }
        Action::RequestChat
        | Action::FileLimits(_)
        | Action::Upload(_)
        | Action::Download(..)
        | Action::Delete(..) => return Err(Failure::no_chat()),
    }
    Ok(reply::done(world, chat, wanted, now_ms))
}

fn refresh(
    world: &mut World,
    chat: &ChatId,
    form: &Form,
    paged: bool,
    now_ms: i64,
) -> Result<Response, Failure> {
    let strict = world.options().typing_preview == TypingPreview::Strict;
    if let Some(text) = previewed(world, form, strict)? {
        match world.preview(chat, text, now_ms) {
            // An ended chat can still be read; a typing preview is ignored then.
            Ok(()) | Err(DeskError::ChatEnded) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let wanted = match EventRange::read(form, EventRange::ALL) {
        EventRange::From(first) if paged => EventRange::Page(first),
        wanted => wanted,
    };
    let tenant = json!(world.options().tenant_name);
    let more = Map::from_iter([("tenantName".to_owned(), tenant)]);
    Ok(reply::done_with(world, chat, wanted, more, now_ms))
}

/// Reads the text that is being typed, if the server's option lets agents see it.
fn previewed<'a>(
    world: &World,
    form: &'a Form,
    blank_counts: bool,
) -> Result<Option<&'a str>, Failure> {
    if world.options().typing_preview == TypingPreview::Off {
        return Ok(None);
    }
    let text = if blank_counts {
        form.present("message")
    } else {
        form.get("message")
    };
    fits_packet(text.unwrap_or_default())?;
    Ok(text)
}

fn required<'a>(form: &'a Form, name: &str, advice: &'static str) -> Result<&'a str, Failure> {
    form.get(name).ok_or_else(|| Failure::refused(advice))
}

/// Refuses text that would not fit into the server's packet.
fn fits_packet(text: &str) -> Result<(), Failure> {
    if model::fits_packet(text) {
        Ok(())
    } else {
        Err(Failure::too_long())
    }
}

/// Reads `eventAttributes`, a JSON object in a string. Anything else is dropped: the words matter more.
fn attributes(form: &Form) -> Option<Value> {
    form.get("eventAttributes")
        .and_then(|text| serde_json::from_str::<Value>(text).ok())
        .filter(Value::is_object)
}

impl From<DeskError> for Failure {
    fn from(_: DeskError) -> Self {
        // The visitor takes part until the chat ends, so this is a chat that has ended.
        Self::no_chat()
    }
}
