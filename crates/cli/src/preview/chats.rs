//! A chat server for pictures: it speaks as much of gms-v2 as the widget needs, and plays a script for each state.

use std::collections::VecDeque;
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

use super::script::{FILE, Line, Speaker, State, typing, visitor};

/// What the paths of the server begin with.
pub(super) const ROOT: &str = "/genesys/2/chat/";

/// The key of the user data in which a frame names the state that it shows.
pub(super) const STATE_KEY: &str = "_preview";

/// How many chats are remembered. The oldest are forgotten: their frames have been replaced.
const CHATS: usize = 200;

/// How many lines of what a visitor writes are remembered of each chat.
const LINES: usize = 500;

/// How long ago a line was said before the next one was, in milliseconds.
const BETWEEN: u64 = 15_000;

/// A reply of the server.
#[derive(Debug, PartialEq)]
pub(super) enum Reply {
    Json(Value),
    /// The agent's file.
    File,
    /// None: as a server that is not there.
    Gone,
}

/// The chats that frames have begun.
#[derive(Debug, Default)]
pub(super) struct Chats(Mutex<Memory>);

#[derive(Debug, Default)]
struct Memory {
    chats: VecDeque<Chat>,
    /// How many were begun.
    begun: u64,
}

#[derive(Debug)]
struct Chat {
    id: String,
    state: State,
    events: Vec<Value>,
    next: u64,
    /// How often it was read.
    reads: u32,
    is_over: bool,
}

impl Chats {
    /// Answers a request, if it is for a chat of a frame. `path` is what follows [`ROOT`].
    pub(super) fn answer(&self, path: &str, body: &[u8], now_ms: u64) -> Option<Reply> {
        let form: Vec<_> = form_urlencoded::parse(body).collect();
        let field = |name: &str| {
            let mut found = form.iter().filter(|(key, _)| key == name);
            found.next().map(|(_, value)| &**value)
        };
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (_service, path) = path.split_once('/').unwrap_or((path, ""));
        if path.is_empty() {
            let state = State::named(field(&format!("userData[{STATE_KEY}]"))?)?;
            return Some(memory.begin(state, now_ms));
        }
        let (id, operation) = path.split_once('/')?;
        let chat = memory.chats.iter_mut().find(|chat| chat.id == id);
        let from = field("transcriptPosition").and_then(|from| from.parse().ok());
        Some(match chat {
            Some(chat) => chat.answer(operation, from, field("message"), now_ms),
            None => refused(249, true),
        })
    }
}

impl Memory {
    fn begin(&mut self, state: State, now_ms: u64) -> Reply {
        if state == State::Refused {
            return refused(240, true);
        }
        self.begun += 1;
        let mut chat = Chat {
            id: format!("preview-{}", self.begun),
            state,
            events: Vec::new(),
            next: 1,
            reads: 0,
            is_over: false,
        };
        let script = state.script();
        let ago = BETWEEN * u64::try_from(script.len()).unwrap_or_default();
        let mut at_ms = now_ms.saturating_sub(ago);
        chat.add(
            &Line::new(Speaker::Visitor, "ParticipantJoined", json!({})),
            at_ms,
        );
        // What has happened is told to who asks for it next, as on a server with an agent who is quick.
        let reply = chat.reply(Some(1), &[]);
        for line in script {
            at_ms += BETWEEN;
            chat.add(&line, at_ms);
        }
        self.chats.push_back(chat);
        if self.chats.len() > CHATS {
            self.chats.pop_front();
        }
        reply
    }
}

impl Chat {
    fn answer(
        &mut self,
        operation: &str,
        from: Option<u64>,
        message: Option<&str>,
        now_ms: u64,
    ) -> Reply {
        if self.state == State::Lost && self.reads > 0 {
            return Reply::Gone;
        }
        if operation == format!("file/{}/download", FILE.id) {
            return Reply::File;
        }
        match operation {
            "refresh" => self.refresh(from.unwrap_or(1), now_ms),
            _ if self.is_over => refused(249, true),
            "send" => {
                if self.events.len() >= LINES {
                    return refused(249, false);
                }
                self.add(&visitor(message.unwrap_or_default()), now_ms);
                self.reply(from, &[])
            }
            "startTyping" | "stopTyping" | "updateNickname" | "customNotice" | "updateData"
            | "readReceipt" => self.reply(None, &[]),
            "pushUrl" => refused(249, false),
            "disconnect" => {
                self.is_over = true;
                let names = ["messages", "chatEnded", "alias", "secureKey", "userId"];
                let mut body: Value = names.iter().map(|name| (*name, Value::Null)).collect();
                body["statusCode"] = 0.into();
                Reply::Json(body)
            }
            "file/limits" => self.reply(None, &[limits()]),
            // No file is kept.
            _ => refused(249, false),
        }
    }

    /// Tells what has happened since. In a conversation the agent is typing for ever.
    fn refresh(&mut self, from: u64, now_ms: u64) -> Reply {
        self.reads = self.reads.saturating_add(1);
        self.is_over |= self.state == State::Ended;
        if self.state != State::Talking || self.is_over {
            return self.reply(Some(from), &[]);
        }
        let event = typing().event(self.next, now_ms);
        self.next += 1;
        self.reply(Some(from), &[event])
    }

    fn add(&mut self, line: &Line, at_ms: u64) {
        self.events.push(line.event(self.next, at_ms));
        self.next += 1;
    }

    /// Answers that all is well, with the events since `from` if it was asked for them, and `more`.
    fn reply(&self, from: Option<u64>, more: &[Value]) -> Reply {
        let is_wanted =
            |event: &&Value| from.is_some_and(|from| event["index"].as_u64() >= Some(from));
        let events = self.events.iter().filter(is_wanted).chain(more);
        Reply::Json(json!({
            "messages": events.collect::<Vec<_>>(),
            "chatEnded": self.is_over,
            "statusCode": 0,
            "alias": "1",
            "secureKey": "preview",
            "userId": "preview",
            "chatId": self.id,
            "nextPosition": self.next,
        }))
    }
}

fn refused(code: u32, is_over: bool) -> Reply {
    let body = json!({
        "messages": [],
        "chatEnded": is_over,
        "statusCode": 2,
        "errors": [{"code": code, "advice": "This is a preview."}],
    });
    Reply::Json(body)
}

/// Writes the limits of files as live servers do: in a notice without an index.
fn limits() -> Value {
    let data = json!({
        "upload-max-files": "3",
        "upload-max-file-size": "2097152",
        "upload-max-total-size": "5242880",
        "upload-need-agent": "false",
        "upload-file-types": "gif:jpg:pdf:png:txt",
        "used-upload-max-files": "0",
        "used-upload-max-total-size": "0",
    });
    json!({"type": "Notice", "text": "file-client-cfg-get", "userData": data})
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000_000;

    fn ask(chats: &Chats, path: &str, form: &str) -> Option<Reply> {
        chats.answer(path, form.as_bytes(), NOW)
    }

    fn json(reply: Option<Reply>) -> Value {
        match reply {
            Some(Reply::Json(body)) => body,
            other => panic!("{other:?}"),
        }
    }

    fn begin(chats: &Chats, state: State) -> Value {
        let form = format!("firstName=Ada&userData%5B_preview%5D={}", state.name());
        json(ask(chats, "sales", &form))
    }

    /// Begins a chat and reads it once: the reply.
    fn read(state: State) -> Value {
        let chats = Chats::default();
        begin(&chats, state);
        json(ask(
            &chats,
            "sales/preview-1/refresh",
            "transcriptPosition=2",
        ))
    }

    fn kinds(reply: &Value) -> Vec<&str> {
        let events = reply["messages"].as_array().into_iter().flatten();
        events.filter_map(|event| event["type"].as_str()).collect()
    }

    #[test]
    fn a_start_brings_the_keys_and_where_to_read_on() {
        let chats = Chats::default();
        for state in State::ALL {
            let reply = begin(&chats, state);
            if state == State::Refused {
                assert_eq!(reply["errors"][0]["code"], 240);
                assert_eq!(reply["statusCode"], 2);
                continue;
            }
            assert_eq!(reply["statusCode"], 0, "{state:?}");
            assert_eq!(reply["chatEnded"], false, "{state:?}");
            assert_eq!(reply["nextPosition"], 2, "{state:?}");
            assert_eq!(kinds(&reply), ["ParticipantJoined"], "{state:?}");
            for key in ["chatId", "secureKey", "userId", "alias"] {
                assert!(reply[key].is_string(), "{key} of {state:?}");
            }
        }
    }

    #[test]
    fn whoever_names_no_state_gets_no_chat() {
        let chats = Chats::default();
        for form in [
            "",
            "firstName=Ada",
            "userData%5B_preview%5D=else",
            "%ff&&==",
        ] {
            assert_eq!(ask(&chats, "sales", form), None, "{form}");
        }
    }

    #[test]
    fn events_stand_in_order_and_in_the_past() {
        for state in State::ALL {
            let reply = match state {
                State::Refused => continue,
                _ => read(state),
            };
            let mut last = (1, 0);
            for event in reply["messages"].as_array().unwrap() {
                let place = (event["index"].as_u64(), event["utcTime"].as_u64());
                let (Some(index), Some(at)) = place else {
                    panic!("{event}")
                };
                assert!(index == last.0 + 1 && last.1 <= at && at <= NOW, "{event}");
                assert!(event["from"]["participantId"].is_u64(), "{event}");
                last = (index, at);
            }
            assert_eq!(reply["nextPosition"], last.0 + 1);
        }
    }

    #[test]
    fn each_state_is_told_as_servers_tell_it() {
        assert_eq!(kinds(&read(State::Waiting)), [""; 0]);
        let talk = read(State::Talking);
        for kind in ["Message", "PushUrl", "FileUploaded"] {
            assert!(kinds(&talk).contains(&kind), "{talk}");
        }
        assert_eq!(kinds(&talk).last(), Some(&"TypingStarted"));
        for (state, reason) in [(State::OnHold, "HOLD"), (State::Transferred, "TRANSFER")] {
            let reply = read(state);
            let last = reply["messages"].as_array().and_then(|all| all.last());
            let properties = &last.unwrap()["eventAttributes"]["general-properties"];
            assert_eq!(properties["reason-for-leave"], reason);
            assert_eq!(reply["chatEnded"], false);
        }
        assert_eq!(read(State::Ended)["chatEnded"], true);
    }

    #[test]
    fn a_lost_connection_is_lost_after_the_conversation_was_read() {
        let chats = Chats::default();
        begin(&chats, State::Lost);
        let refresh = || ask(&chats, "sales/preview-1/refresh", "transcriptPosition=2");
        assert!(kinds(&json(refresh())).contains(&"Message"));
        assert_eq!(refresh(), Some(Reply::Gone));
    }

    #[test]
    fn what_the_visitor_writes_stands_in_the_chat() {
        let chats = Chats::default();
        begin(&chats, State::Waiting);
        let sent = "message=Is+there+anybody%3F&transcriptPosition=2";
        let reply = json(ask(&chats, "sales/preview-1/send", sent));
        assert_eq!(reply["messages"][0]["text"], "Is there anybody?");
        assert_eq!(reply["messages"][0]["from"]["type"], "Client");
        assert_eq!(reply["nextPosition"], 3);
    }

    #[test]
    fn a_chat_that_was_left_or_never_was_takes_nothing() {
        let chats = Chats::default();
        begin(&chats, State::Talking);
        let left = json(ask(&chats, "sales/preview-1/disconnect", ""));
        assert_eq!(left["statusCode"], 0);
        for chat in ["preview-1", "preview-7"] {
            let reply = json(ask(&chats, &format!("sales/{chat}/send"), "message=x"));
            assert_eq!(reply["chatEnded"], true);
            assert_eq!(reply["errors"][0]["code"], 249);
        }
    }

    #[test]
    fn the_agents_file_can_be_fetched() {
        let chats = Chats::default();
        begin(&chats, State::Talking);
        let path = format!("sales/preview-1/file/{}/download", FILE.id);
        assert_eq!(ask(&chats, &path, ""), Some(Reply::File));
        let limits = json(ask(&chats, "sales/preview-1/file/limits", ""));
        let data = &limits["messages"][0]["userData"];
        assert!(data["upload-max-files"].is_string(), "{limits}");
    }

    #[test]
    fn old_chats_are_forgotten() {
        let chats = Chats::default();
        for _ in 0..=CHATS {
            begin(&chats, State::Waiting);
        }
        let first = json(ask(&chats, "sales/preview-1/refresh", ""));
        assert_eq!(first["chatEnded"], true);
        let second = json(ask(&chats, "sales/preview-2/refresh", ""));
        assert_eq!(second["chatEnded"], false);
    }
}
