//! The operations of agents.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::response::Response;
use axum::routing::{MethodRouter, post};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::reply::{body, problem, refused};
use crate::agents::any_agent;
use crate::model::{ChatId, DeskError, LeaveReason, ParticipantId, Role, World};
use crate::server::app::App;
use crate::server::http::reply;

/// Routes the operations of the table in `docs/emulator.md`.
pub(super) fn router() -> Router<Arc<App>> {
    let chat = |operation: &str| format!("/chats/{{chat}}/{operation}");
    Router::new()
        .route(&chat("join"), operation(join))
        .route(&chat("accept"), operation(accept))
        .route(&chat("say"), operation(say))
        .route(&chat("typing"), operation(typing))
        .route(&chat("hold"), operation(hold))
        .route(&chat("return"), operation(come_back))
        .route(&chat("transfer"), operation(transfer))
        .route(&chat("leave"), operation(leave))
        .route(&chat("push-url"), operation(push_url))
        .route(&chat("notice"), operation(notice))
        .route(&chat("custom-notice"), operation(custom_notice))
        .route(&chat("rename"), operation(rename))
        .route(&chat("idle-alert"), operation(idle_alert))
        .route(&chat("hidden"), operation(hidden))
        .route(&chat("alias"), operation(alias))
        .route(&chat("drop"), operation(drop_visitor))
        .route(&chat("end"), operation(end))
}

/// Creates a POST of JSON out of something that can be done in a chat.
fn operation<B: DeserializeOwned + Send + 'static>(
    act: fn(&mut Desk<'_>, B) -> Result<Value, DeskError>,
) -> MethodRouter<Arc<App>> {
    post(
        async move |State(app): State<Arc<App>>, Path(chat): Path<String>, bytes: Bytes| {
            perform(&app, &ChatId::new(chat), &bytes, act).await
        },
    )
}

async fn perform<B: DeserializeOwned>(
    app: &App,
    chat: &ChatId,
    bytes: &[u8],
    act: fn(&mut Desk<'_>, B) -> Result<Value, DeskError>,
) -> Response {
    let given: B = match body(bytes) {
        Ok(given) => given,
        Err(message) => return problem(400, &message),
    };
    let done = app
        .with_world(|world, now_ms| {
            act(
                &mut Desk {
                    world,
                    chat,
                    now_ms,
                },
                given,
            )
        })
        .await;
    match done {
        Ok(Ok(value)) => reply::json(200, &value),
        Ok(Err(error)) => refused(error),
        Err(error) => reply::not_durable(error),
    }
}

/// What an operation works on.
struct Desk<'a> {
    world: &'a mut World,
    chat: &'a ChatId,
    now_ms: i64,
}

/// A participant, by number or by nickname.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum ParticipantRef {
    Number(u32),
    Name(String),
}

impl Desk<'_> {
    /// Finds who acts; nobody named = whichever agent is in the chat.
    fn find(&self, who: Option<ParticipantRef>) -> Result<ParticipantId, DeskError> {
        find(self.world, self.chat, who)
    }
}

fn find(
    world: &World,
    chat: &ChatId,
    who: Option<ParticipantRef>,
) -> Result<ParticipantId, DeskError> {
    let chat = world.chat(chat).ok_or(DeskError::UnknownChat)?;
    let found = match who {
        None => any_agent(chat),
        Some(ParticipantRef::Number(number)) => chat.participant(ParticipantId(number)),
        Some(ParticipantRef::Name(name)) => chat.participant_named(&name),
    };
    found
        .map(|participant| participant.id)
        .ok_or(DeskError::UnknownParticipant)
}

/// Finds a participant by what stands in an address: a number, a nickname, or nothing.
pub(super) fn find_named(
    world: &World,
    chat: &ChatId,
    name: Option<String>,
) -> Result<ParticipantId, DeskError> {
    let who = name.map(|name| {
        name.parse()
            .map_or(ParticipantRef::Name(name), ParticipantRef::Number)
    });
    find(world, chat, who)
}

fn ok() -> Value {
    json!({"ok": true})
}

/// The body of an operation that needs nothing but who does it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ActorBody {
    r#as: Option<ParticipantRef>,
}

/// The body of an operation that needs nothing at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EmptyBody {}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Join {
    nickname: String,
    role: Option<Role>,
}

fn join(desk: &mut Desk<'_>, given: Join) -> Result<Value, DeskError> {
    let role = given.role.unwrap_or(Role::Agent);
    let id = desk
        .world
        .join(desk.chat, &given.nickname, role, desk.now_ms)?;
    Ok(json!({"ok": true, "participant": id}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accept {
    nickname: String,
}

fn accept(desk: &mut Desk<'_>, given: Accept) -> Result<Value, DeskError> {
    let id = desk.world.accept(desk.chat, &given.nickname, desk.now_ms)?;
    Ok(json!({"ok": true, "participant": id}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Say {
    r#as: Option<ParticipantRef>,
    text: String,
    message_type: Option<String>,
    attributes: Option<Value>,
}

fn say(desk: &mut Desk<'_>, given: Say) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let kind = given.message_type.as_deref();
    let (chat, now_ms) = (desk.chat, desk.now_ms);
    let index = desk
        .world
        .say_with(chat, who, &given.text, kind, given.attributes, now_ms)?;
    Ok(json!({"ok": true, "index": index}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Typing {
    r#as: Option<ParticipantRef>,
    on: bool,
}

fn typing(desk: &mut Desk<'_>, given: Typing) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    desk.world
        .typing(desk.chat, who, given.on, desk.now_ms)
        .map(|()| ok())
}

fn hold(desk: &mut Desk<'_>, given: ActorBody) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    desk.world.hold(desk.chat, who, desk.now_ms).map(|()| ok())
}

fn come_back(desk: &mut Desk<'_>, given: ActorBody) -> Result<Value, DeskError> {
    let who = match given.r#as {
        Some(who) => desk.find(Some(who))?,
        None => {
            let chat = desk.world.chat(desk.chat).ok_or(DeskError::UnknownChat)?;
            let held = chat.participants().iter().rev().find(|p| p.on_hold);
            held.map(|p| p.id).ok_or(DeskError::NotOnHold)?
        }
    };
    desk.world
        .return_from_hold(desk.chat, who, desk.now_ms)
        .map(|()| ok())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Transfer {
    r#as: Option<ParticipantRef>,
    to: String,
}

fn transfer(desk: &mut Desk<'_>, given: Transfer) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let id = desk
        .world
        .transfer(desk.chat, who, &given.to, desk.now_ms)?;
    Ok(json!({"ok": true, "participant": id}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leave {
    r#as: Option<ParticipantRef>,
    reason: Option<String>,
}

fn leave(desk: &mut Desk<'_>, given: Leave) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let reason = match given.reason {
        None => LeaveReason::Left,
        Some(words) => match words.as_str() {
            "HOLD" => LeaveReason::Hold,
            "TRANSFER" => LeaveReason::Transfer,
            _ => LeaveReason::Other(words),
        },
    };
    desk.world
        .leave_because(desk.chat, who, reason, desk.now_ms)
        .map(|()| ok())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PushUrl {
    r#as: Option<ParticipantRef>,
    url: String,
}

fn push_url(desk: &mut Desk<'_>, given: PushUrl) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let index = desk
        .world
        .push_url(desk.chat, who, &given.url, desk.now_ms)?;
    Ok(json!({"ok": true, "index": index}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Notice {
    r#as: Option<ParticipantRef>,
    text: String,
}

fn notice(desk: &mut Desk<'_>, given: Notice) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let index = desk
        .world
        .notice(desk.chat, who, &given.text, desk.now_ms)?;
    Ok(json!({"ok": true, "index": index}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CustomNotice {
    r#as: Option<ParticipantRef>,
    text: Option<String>,
    attributes: Option<Value>,
}

fn custom_notice(desk: &mut Desk<'_>, given: CustomNotice) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    let (chat, now_ms) = (desk.chat, desk.now_ms);
    let text = given.text.as_deref();
    let index = desk
        .world
        .custom_notice(chat, who, text, given.attributes, now_ms)?;
    Ok(json!({"ok": true, "index": index}))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Rename {
    r#as: Option<ParticipantRef>,
    nickname: String,
}

fn rename(desk: &mut Desk<'_>, given: Rename) -> Result<Value, DeskError> {
    let who = desk.find(given.r#as)?;
    desk.world
        .rename(desk.chat, who, &given.nickname, desk.now_ms)
        .map(|()| ok())
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IdleAlert {
    close_in_secs: u32,
}

fn idle_alert(desk: &mut Desk<'_>, given: IdleAlert) -> Result<Value, DeskError> {
    desk.world
        .idle_alert(desk.chat, given.close_in_secs, desk.now_ms)
        .map(|()| ok())
}

fn hidden(desk: &mut Desk<'_>, _: EmptyBody) -> Result<Value, DeskError> {
    let index = desk.world.hidden(desk.chat, desk.now_ms)?;
    Ok(json!({"ok": true, "index": index}))
}

fn alias(desk: &mut Desk<'_>, _: EmptyBody) -> Result<Value, DeskError> {
    desk.world.change_alias(desk.chat).map(|()| ok())
}

fn drop_visitor(desk: &mut Desk<'_>, _: EmptyBody) -> Result<Value, DeskError> {
    desk.world
        .drop_visitor(desk.chat, desk.now_ms)
        .map(|()| ok())
}

fn end(desk: &mut Desk<'_>, _: EmptyBody) -> Result<Value, DeskError> {
    desk.world.end(desk.chat, desk.now_ms).map(|()| ok())
}
