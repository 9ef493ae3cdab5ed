//! Request chat: the form that starts it all.

use super::error::Failure;
use super::reply::{self, EventRange};
use super::route::Call;
use crate::model::{Dialect, NewChat, World, fits_packet};
use crate::wire::{Form, Response};

/// Starts a chat and shows the visitor's own joining.
pub(super) fn request_chat(world: &mut World, call: &Call, form: &Form, now_ms: i64) -> Response {
    if !world.has_room_for(call.address) {
        return reply::failed(world, None, &Failure::not_now());
    }
    match read(call, form) {
        Ok(new) => {
            let chat = world.start_chat(new, now_ms);
            reply::done(world, &chat, EventRange::ALL, now_ms)
        }
        Err(failure) => reply::failed(world, None, &failure),
    }
}

fn read(call: &Call, form: &Form) -> Result<NewChat, Failure> {
    let (first, last) = (form.get("firstName"), form.get("lastName"));
    let nickname = match (form.get("nickname"), first, last) {
        (Some(nickname), ..) => nickname.to_owned(),
        (None, Some(first), Some(last)) => format!("{first} {last}"),
        (None, None, None) => return Err(Failure::form(161, "A name is required.")),
        (None, None, Some(_)) => return Err(Failure::form(102, "The first name is required.")),
        (None, Some(_), None) => return Err(Failure::form(103, "The last name is required.")),
    };
    if !fits_packet(&nickname) {
        return Err(Failure::form(161, "The name is too long."));
    }
    let email = form.get("emailAddress");
    if email.is_some_and(|email| !looks_like_email(email)) {
        return Err(Failure::form(364, "The e-mail address is invalid."));
    }
    let mut user_data = form.user_data();
    user_data.retain(|_, value| !value.trim().is_empty());
    Ok(NewChat {
        service: call.service.clone(),
        nickname,
        first_name: first.map(str::to_owned),
        last_name: last.map(str::to_owned),
        subject: form.get("subject").map(str::to_owned),
        email: email.map(str::to_owned),
        user_data,
        dialect: Dialect::GmsV2,
        address: call.address,
    })
}

/// Finds addresses that cannot be any: no source says how strict a real server is.
fn looks_like_email(text: &str) -> bool {
    let text = text.trim();
    let Some((name, host)) = text.rsplit_once('@') else {
        return false;
    };
    !name.is_empty() && !host.is_empty() && !text.contains(char::is_whitespace)
}
