//! Publishes on `/service/chatV2/{service}`: the operations of the dialect `gms-v2` (protocol section 1b).

use serde_json::{Map, Value};

use super::broker::{Broker, Requester};
use super::message::{Message, pushed};
use super::options::MAX_CHATS;
use super::session::{Cursor, FollowedChat, SessionKey};
use crate::gms_v2::{self, Action, Call};
use crate::model::{Chat, ChatId, EventIndex, World};
use crate::wire::{Form, Response};

const CHANNEL: &str = "/service/chatV2/";

/// What has brought more than this leaves no room for the next publish of the same request: each may be answered with
/// a whole transcript, and all others wait meanwhile.
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// A publish that was read.
#[derive(Debug)]
struct Publish {
    /// As fault rules and logs name it.
    name: &'static str,
    /// None if there is no telling which chat is meant.
    call: Option<Call>,
    form: Form,
    /// Whether the session is to hear of the chat's news from now on.
    followed: bool,
}

impl Broker {
    /// Carries out a publish and acknowledges it. What comes of it is a message of its own.
    pub(super) fn publish(
        &mut self,
        world: &mut World,
        message: &Message,
        channel: &str,
        visit: &Requester<'_>,
        now_ms: i64,
    ) -> Value {
        let Some(key) = self.key(message) else {
            return message.unknown_client();
        };
        let Some(service) = service(channel).filter(|_| self.options.chat_v2) else {
            let error = format!("404:{channel}:Unknown channel");
            return Value::Object(message.failed(&error));
        };
        if self.published_bytes > MAX_BYTES {
            return Value::Object(message.failed("413::Too much for one reply"));
        }
        let mut order = match read(world, service, message.field("data")) {
            Ok(order) => order,
            Err(error) => return Value::Object(message.failed(error)),
        };
        if order.followed && self.is_full(key) {
            return Value::Object(message.failed("403::Too many chats"));
        }
        if let Some(call) = &mut order.call {
            call.address = visit.address;
        }
        // Earlier news comes before the result.
        let mut results = self.collect(world, key, now_ms);
        results.push(pushed(
            channel,
            self.carry_out(world, key, channel, order, now_ms),
        ));
        if let Some(session) = self.sessions.get_mut(&key) {
            session.results = results;
        }
        Value::Object(message.done())
    }

    fn carry_out(
        &mut self,
        world: &mut World,
        key: SessionKey,
        channel: &str,
        order: Publish,
        now_ms: i64,
    ) -> Value {
        let Publish {
            call,
            mut form,
            followed,
            ..
        } = order;
        let Some(call) = call else {
            return body(&gms_v2::no_chat(world));
        };
        let told = call
            .action
            .chat()
            .and_then(|chat| self.sessions.get(&key)?.next(chat));
        let asked = form.get("transcriptPosition").map(str::to_owned);
        if let (Some(next), None, true) = (told, &asked, reads_on(&call.action)) {
            form.push("transcriptPosition", next.0.to_string());
        }
        // Where the events of the chat's end begin, if this operation ends it.
        let end = call
            .action
            .chat()
            .and_then(|chat| world.chat(chat))
            .map(Chat::next_index);
        let response = gms_v2::execute(world, &call, &form, None, now_ms).response;
        self.published_bytes = self.published_bytes.saturating_add(response.body.len());
        let data = body(&response);
        if data.get("statusCode").and_then(Value::as_i64) != Some(0) {
            return data;
        }
        match (&call.action, told) {
            (Action::Disconnect(chat), _) => {
                self.unfollow(world, key, chat);
                // An ordinary envelope: programs fail on the nulls that REST answers.
                return end
                    .and_then(|end| gms_v2::news(world, chat, end, now_ms))
                    .unwrap_or(data);
            }
            _ if followed => self.follow(world, key, channel, &data, now_ms),
            (action, Some(next)) => {
                if let Some(chat) = action.chat()
                    && continues(action, asked.as_deref(), next)
                {
                    self.advance(world, key, chat, action, &data);
                }
            }
            _ => {}
        }
        data
    }

    /// Pushes the news of the chat in a successful reply to a session from now on. A chat that has ended has none.
    fn follow(
        &mut self,
        world: &mut World,
        key: SessionKey,
        channel: &str,
        data: &Value,
        now_ms: i64,
    ) {
        let chat = data.get("chatId").and_then(Value::as_str);
        let chat = chat.and_then(|id| world.chat(&ChatId::new(id)));
        let Some(chat) = chat.filter(|chat| chat.end().is_none()) else {
            return;
        };
        let (id, next) = (chat.id().clone(), chat.next_index());
        self.unfollow(world, key, &id);
        if let Some(session) = self.sessions.get_mut(&key) {
            session.followed.push(FollowedChat {
                chat: id.clone(),
                cursor: Cursor::V2 {
                    channel: channel.to_owned(),
                    next,
                },
            });
        }
        self.watch(world, key, &id);
        let sessions = self.watchers.get(&id).cloned().unwrap_or_default();
        self.evict_oldest(world, &sessions, key, now_ms);
    }

    fn unfollow(&mut self, world: &mut World, key: SessionKey, chat: &ChatId) {
        if let Some(session) = self.sessions.get_mut(&key) {
            let kept = |follow: &FollowedChat| follow.chat != *chat || !follow.is_v2();
            session.followed.retain(kept);
        }
        self.unwatch(world, key, chat);
    }

    /// Counts what a reply has shown as pushed.
    fn advance(
        &mut self,
        world: &World,
        key: SessionKey,
        chat: &ChatId,
        action: &Action,
        data: &Value,
    ) {
        let shown = if matches!(action, Action::ReadBack(_)) {
            last_index(data).map(EventIndex::next)
        } else {
            world.chat(chat).map(Chat::next_index)
        };
        if let (Some(session), Some(shown)) = (self.sessions.get_mut(&key), shown) {
            session.advance(chat, shown);
        }
    }

    fn is_full(&self, key: SessionKey) -> bool {
        let followed = self.sessions.get(&key).map(|session| &session.followed);
        followed.is_some_and(|followed| {
            followed.iter().filter(|follow| follow.is_v2()).count() >= MAX_CHATS
        })
    }
}

/// Finds what a publish asks for, and its name; nothing if it asks for nothing that there is.
pub(super) fn call(world: &World, message: &Message) -> Option<(&'static str, Option<Call>)> {
    let service = service(message.channel()?)?;
    let order = read(world, service, message.field("data")).ok()?;
    Some((order.name, order.call))
}

/// Finds the service that a channel belongs to.
fn service(channel: &str) -> Option<&str> {
    let name = channel.strip_prefix(CHANNEL)?;
    (!name.is_empty() && !name.contains('/')).then_some(name)
}

/// Reads a publish's data.
fn read(world: &World, service: &str, data: Option<&Value>) -> Result<Publish, &'static str> {
    let data = data
        .and_then(Value::as_object)
        .ok_or("400::The data must be an object")?;
    let operation = data.get("operation").and_then(Value::as_str);
    let operation = operation.ok_or("400::The data names no operation")?;
    let mut form = form(data);
    let chat = chat(world, &form);
    let asynchronous = chat
        .as_ref()
        .and_then(|id| world.chat(id))
        .is_some_and(Chat::is_asynchronous);
    let (name, action): (_, fn(ChatId) -> Action) = match operation {
        "requestChat" => ("requestChat", |_| Action::RequestChat),
        "sendMessage" => ("send", Action::Send),
        "startTyping" => ("startTyping", Action::StartTyping),
        "stopTyping" => ("stopTyping", Action::StopTyping),
        "disconnect" => ("disconnect", Action::Disconnect),
        "customNotice" => ("customNotice", Action::CustomNotice),
        "updateData" => ("updateData", Action::UpdateData),
        "updateNickname" => ("updateNickname", Action::UpdateNickname),
        "pushUrl" => ("pushUrl", Action::PushUrl),
        "readReceipt" => ("readReceipt", Action::ReadReceipt),
        "requestNotifications" => ("requestNotifications", Action::Refresh),
        "refresh" if asynchronous => ("refresh", Action::ReadBack),
        "refresh" => ("refresh", Action::Refresh),
        _ => return Err("400::Unknown operation"),
    };
    let action = match operation {
        "requestChat" => Some(Action::RequestChat),
        _ => chat.map(action),
    };
    if operation == "requestNotifications" {
        // It reads as a refresh does, but without a typing preview, and position 0 counts as absent.
        form.remove("message");
        let position = form.get("transcriptPosition");
        if position.is_some_and(|position| position.trim().parse() == Ok(0)) {
            form.remove("transcriptPosition");
        }
    }
    Ok(Publish {
        name,
        call: action.map(|action| Call {
            service: service.to_owned(),
            action,
            address: None,
        }),
        form,
        followed: matches!(operation, "requestChat" | "requestNotifications"),
    })
}

/// Writes the data of a publish as the form that the same operation has over REST.
fn form(data: &Map<String, Value>) -> Form {
    let mut form = Form::default();
    for (name, value) in data {
        match value {
            Value::Null => {}
            Value::Object(entries) if name == "userData" => {
                for (key, value) in entries.iter().filter(|(_, value)| !value.is_null()) {
                    form.push(format!("userData[{key}]"), text(value));
                }
            }
            value => form.push(name.as_str(), text(value)),
        }
    }
    form
}

/// Writes a value as a form has it: a text as it is, a whole number without a fraction, anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => match number.as_f64() {
            Some(float) if number.is_f64() && float.fract() == 0.0 => format!("{float:.0}"),
            _ => number.to_string(),
        },
        other => other.to_string(),
    }
}

/// Finds the chat that is meant: its id, or else its key, which is enough (protocol section 1b, files).
fn chat(world: &World, form: &Form) -> Option<ChatId> {
    if let Some(id) = form.get("chatId") {
        return Some(ChatId::new(id.trim()));
    }
    let key = form.get("secureKey")?;
    world.chat_by_key(key.trim()).map(|chat| chat.id().clone())
}

/// Returns whether an operation, over REST, shows the transcript to whoever gives a position.
fn reads_on(action: &Action) -> bool {
    matches!(
        action,
        Action::Send(_)
            | Action::StartTyping(_)
            | Action::StopTyping(_)
            | Action::PushUrl(_)
            | Action::UpdateNickname(_)
            | Action::CustomNotice(_)
            | Action::UpdateData(_)
    )
}

/// Returns whether a reply to `asked` has shown everything from `next` on.
fn continues(action: &Action, asked: Option<&str>, next: EventIndex) -> bool {
    let refreshes = matches!(action, Action::Refresh(_) | Action::ReadBack(_));
    match asked.map(|text| text.trim().parse::<i64>()) {
        None => refreshes || reads_on(action),
        Some(Ok(first)) => {
            (refreshes || reads_on(action)) && (1..=i64::from(next.0)).contains(&first)
        }
        // A position that is no number counts as absent.
        Some(Err(_)) => refreshes,
    }
}

fn last_index(data: &Value) -> Option<EventIndex> {
    let last = data.get("messages")?.as_array()?.last()?;
    let index = last.get("index")?.as_u64()?;
    u32::try_from(index).ok().map(EventIndex)
}

/// Reads the envelope in a reply.
pub(super) fn body(response: &Response) -> Value {
    // All operations of publishes answer with JSON.
    serde_json::from_slice(&response.body).unwrap_or_default()
}
