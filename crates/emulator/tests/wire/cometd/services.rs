//! `gms-v1` over CometD: the header `gms_user` ties a service's chat to its user's sessions (protocol section 2).

use parlour_emulator::cometd::{Answer, Broker, Options, Ticket};
use parlour_emulator::gms_v1;
use parlour_emulator::model::{self, ChatId, ParticipantId, Role, ServiceId, World};
use serde_json::{Value, json};

use super::client::{Line, list, post};
use crate::talk::body;

const USER: &str = "b16416334828b1d2";

/// A user of a service whose chat is pushed.
struct Caller {
    line: Line,
    session: String,
    service: String,
    chat: ChatId,
}

impl Caller {
    fn new() -> Self {
        let mut caller = Self {
            line: Line::new(),
            session: String::new(),
            service: String::new(),
            chat: ChatId::new(""),
        };
        caller.shake();
        caller.start();
        caller
    }

    /// Begins a session; what the first connect brings.
    fn shake(&mut self) -> Vec<Value> {
        let reply = self.push(&json!([{"channel": "/meta/handshake"}]));
        self.session = reply[0]["clientId"].as_str().unwrap().to_owned();
        self.poll()
    }

    /// Asks for a service and starts its chat.
    fn start(&mut self) {
        let reply = self.call("/genesys/1/service/request-chat", &[]);
        self.service = reply["_id"].as_str().unwrap().to_owned();
        let fields = [
            ("subject", "Parcel"),
            ("notify_by", "comet"),
            ("_verbose", "true"),
        ];
        let reply = self.call(&self.path(""), &fields);
        assert_eq!(reply["comet_channel"], "/_genesys");
        self.chat = ChatId::new(reply["chatSessionId"].as_str().unwrap());
    }

    fn path(&self, operation: &str) -> String {
        format!("/genesys/1/service/{}/ixn/chat{operation}", self.service)
    }

    fn call(&mut self, path: &str, fields: &[(&str, &str)]) -> Value {
        let mut request = crate::talk::post(path, fields);
        request.headers.push(("gms_user".into(), USER.into()));
        let response = gms_v1::respond(&mut self.line.world, &request, self.line.now_ms);
        assert_eq!(response.status, 200, "{path}");
        body(&response)
    }

    fn ask(&mut self, messages: &Value) -> Answer {
        let mut request = post(messages);
        request.headers.push(("gms_user".into(), USER.into()));
        self.line.receive(&request)
    }

    fn push(&mut self, messages: &Value) -> Vec<Value> {
        match self.ask(messages) {
            Answer::Now(response) => list(&response),
            Answer::Held(_) => panic!("held"),
        }
    }

    fn connect(&self) -> Value {
        json!([{"channel": "/meta/connect", "connectionType": "long-polling", "id": "c", "clientId": self.session}])
    }

    fn poll(&mut self) -> Vec<Value> {
        let connect = self.connect();
        self.push(&connect)
    }

    fn hold(&mut self) -> Ticket {
        let connect = self.connect();
        match self.ask(&connect) {
            Answer::Held(ticket) => ticket,
            Answer::Now(response) => panic!("{:?}", list(&response)),
        }
    }

    fn join(&mut self) -> ParticipantId {
        let now_ms = self.line.now_ms;
        self.line
            .world
            .join(&self.chat, "Kristi", Role::Agent, now_ms)
            .unwrap()
    }

    fn agent_says(&mut self, agent: ParticipantId, text: &str) {
        let now_ms = self.line.now_ms;
        self.line
            .world
            .say(&self.chat, agent, text, now_ms)
            .unwrap();
    }
}

/// Lists the texts of what was pushed.
fn texts(pushed: &[Value]) -> Vec<&str> {
    pushed
        .iter()
        .filter_map(|message| message["data"]["message"]["transcriptToShow"].as_array())
        .flatten()
        .filter_map(|event| event[2].as_str())
        .collect()
}

#[test]
fn an_event_is_pushed_as_the_block_that_a_refresh_answers() {
    let mut caller = Caller::new();
    let ticket = caller.hold();
    caller.line.pass(14_000);
    caller.join();
    let replies = caller.line.answer(ticket);
    let id = replies[0]["data"]["id"].as_str().unwrap().to_owned();
    assert_eq!(id.len(), 32);
    assert_eq!(
        replies,
        [
            json!({"channel": "/_genesys", "data": {
                "id": id,
                "message": {
                    "chatIxnState": "TRANSCRIPT",
                    "chatSessionId": caller.chat,
                    "transcriptPosition": "2",
                    "chatServiceMessage": "Chat service is available",
                    "startedAt": "2015-05-28T20:31:28Z",
                    "transcriptToShow": [["Notice.Joined", "Kristi", "has joined the session", "14", "AGENT"]],
                },
                "tag": format!("service.chat.refresh.{}", caller.service),
            }}),
            json!({"id": "c", "channel": "/meta/connect", "successful": true}),
        ]
    );
}

#[test]
fn ones_own_words_come_back_by_push_and_not_by_reply() {
    let mut caller = Caller::new();
    let ticket = caller.hold();
    let path = caller.path("/refresh");
    let reply = caller.call(&path, &[("message", "hello"), ("transcriptPosition", "1")]);
    assert_eq!(reply["comet_channel"], "/_genesys");
    assert!(reply["transcriptToShow"].is_null());
    assert_eq!(texts(&caller.line.answer(ticket)), ["hello"]);
    caller.hold();
    assert!(caller.line.due().is_empty());
}

#[test]
fn events_that_this_dialect_does_not_show_end_no_poll() {
    let mut caller = Caller::new();
    caller.hold();
    let now_ms = caller.line.now_ms;
    caller
        .line
        .world
        .rename(&caller.chat, ParticipantId::VISITOR, "Mary", now_ms)
        .unwrap();
    assert!(caller.line.due().is_empty());
}

#[test]
fn only_the_users_own_sessions_hear_of_it() {
    let mut caller = Caller::new();
    let stranger = caller.line.client();
    let other = caller.line.hold(&stranger);
    let mine = caller.hold();
    caller.join();
    let answered = caller.line.due();
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0].0, mine);
    assert_ne!(answered[0].0, other);
}

#[test]
fn a_session_that_names_its_user_late_hears_of_it_too() {
    let mut caller = Caller::new();
    let reply = caller.line.send(&json!([{"channel": "/meta/handshake"}]));
    caller.session = reply[0]["clientId"].as_str().unwrap().to_owned();
    caller.join();
    assert_eq!(texts(&caller.poll()), ["has joined the session"]);
}

#[test]
fn a_chat_that_is_polled_is_not_pushed() {
    let mut caller = Caller::new();
    let reply = caller.call("/genesys/1/service/request-chat", &[]);
    caller.service = reply["_id"].as_str().unwrap().to_owned();
    let path = caller.path("");
    let reply = caller.call(&path, &[("subject", "Parcel")]);
    caller.chat = ChatId::new(reply["chatSessionId"].as_str().unwrap());
    caller.hold();
    caller.join();
    assert!(caller.line.due().is_empty());
}

#[test]
fn after_the_end_the_server_is_done_with_the_client() {
    let mut caller = Caller::new();
    let ticket = caller.hold();
    let agent = caller.join();
    caller.agent_says(agent, "bye");
    let now_ms = caller.line.now_ms;
    caller.line.world.end(&caller.chat, now_ms).unwrap();
    let replies = caller.line.answer(ticket);
    let message = &replies[0]["data"]["message"];
    assert_eq!(message["chatIxnState"], "DISCONNECTED");
    assert_eq!(message["transcriptPosition"], "5");
    assert!(texts(&replies).contains(&"bye"));
    assert!(replies[1]["advice"].is_null());
    assert_eq!(
        caller.poll(),
        [
            json!({"id": "c", "channel": "/meta/connect", "successful": true, "advice": {"reconnect": "none"}})
        ]
    );
    // … unless there is another chat meanwhile.
    caller.start();
    caller.hold();
    caller.join();
    assert_eq!(caller.line.due().len(), 1);
}

#[test]
fn a_new_session_goes_on_where_the_last_one_got_to() {
    let mut caller = Caller::new();
    let agent = caller.join();
    caller.agent_says(agent, "one");
    assert_eq!(texts(&caller.poll()), ["has joined the session", "one"]);
    // The next connect shows that this has arrived.
    let ticket = caller.hold();
    caller.agent_says(agent, "two");
    assert_eq!(texts(&caller.line.answer(ticket)), ["two"]);
    caller.line.pass(10_000);
    caller.line.due();
    assert_eq!(caller.line.broker.sessions(), 0);
    caller.agent_says(agent, "three");
    // Nothing shows that "two" has: it is told once more, and the position tells what it is.
    let replies = caller.shake();
    assert_eq!(texts(&replies), ["two", "three"]);
    assert_eq!(replies[0]["data"]["message"]["transcriptPosition"], "5");
    caller.hold();
    caller.line.pass(60_000);
    caller.line.due();
    caller.line.pass(10_000);
    caller.line.due();
    assert!(texts(&caller.shake()).is_empty());
}

#[test]
fn after_a_restart_all_is_told_once_more() {
    let mut caller = Caller::new();
    let agent = caller.join();
    caller.agent_says(agent, "one");
    caller.poll();
    let changes = caller.line.world.take_changes();
    caller.line.world = World::replay(7, model::Options::default(), changes);
    caller.line.broker = Broker::new(8, Options::default());
    assert_eq!(caller.poll()[0]["error"], "402::Unknown client");
    let replies = caller.shake();
    assert_eq!(texts(&replies), ["has joined the session", "one"]);
    assert_eq!(replies[0]["data"]["message"]["transcriptPosition"], "3");
    let ticket = caller.hold();
    let agent = caller.join();
    caller.agent_says(agent, "two");
    assert_eq!(
        texts(&caller.line.answer(ticket)),
        ["has joined the session", "two"]
    );
}

#[test]
fn last_words_wait_for_a_session_for_a_minute() {
    for (later, heard) in [(59_000, true), (61_000, false)] {
        let mut caller = Caller::new();
        caller.line.pass(10_000);
        caller.line.due();
        let agent = caller.join();
        caller.agent_says(agent, "last words");
        let now_ms = caller.line.now_ms;
        caller.line.world.end(&caller.chat, now_ms).unwrap();
        caller.line.due();
        caller.line.pass(later);
        assert_eq!(
            texts(&caller.shake()).contains(&"last words"),
            heard,
            "{later}"
        );
        // It may have come for another chat.
        caller.start();
        caller.hold();
    }
}

#[test]
fn a_chat_that_the_visitor_ended_is_no_news_to_the_next_session() {
    let mut caller = Caller::new();
    let path = caller.path("/disconnect");
    caller.call(&path, &[]);
    assert!(texts(&caller.shake()).is_empty());
    caller.hold();
}

#[test]
fn an_unsubscribed_session_gets_no_more_pushes() {
    let mut caller = Caller::new();
    let subscription = |caller: &Caller, what: &str| json!([{"channel": format!("/meta/{what}"), "id": "9", "clientId": caller.session, "subscription": "/_genesys"}]);
    let messages = subscription(&caller, "unsubscribe");
    assert_eq!(
        caller.push(&messages),
        [
            json!({"id": "9", "channel": "/meta/unsubscribe", "subscription": "/_genesys", "successful": true})
        ]
    );
    caller.hold();
    caller.join();
    assert!(caller.line.due().is_empty());
    let messages = subscription(&caller, "subscribe");
    caller.push(&messages);
    assert_eq!(texts(&caller.poll()), ["has joined the session"]);
}

#[test]
fn a_visitor_with_a_held_poll_is_not_dropped() {
    let mut caller = Caller::new();
    caller.hold();
    caller.line.pass(59_000);
    caller.line.world.tick(caller.line.now_ms);
    let chat = caller.line.world.chat(&caller.chat).unwrap();
    assert!(chat.end().is_none());
    assert!(
        caller
            .line
            .world
            .service(&ServiceId::new(&*caller.service))
            .is_some()
    );
}

#[test]
fn of_more_sessions_than_a_visitor_has_the_oldest_goes() {
    let mut caller = Caller::new();
    let first = caller.session.clone();
    let oldest = caller.hold();
    for _ in 0..100 {
        caller.shake();
    }
    assert_eq!(caller.line.broker.sessions(), 100);
    let replies = caller.line.due();
    let [(answered, reply)] = replies.as_slice() else {
        panic!("{replies:?}")
    };
    assert_eq!(*answered, oldest);
    assert_eq!(list(reply)[0]["advice"], json!({"reconnect": "handshake"}));
    let newest = std::mem::replace(&mut caller.session, first);
    assert_eq!(caller.poll()[0]["error"], "402::Unknown client");
    caller.session = newest;
    caller.hold();
}

#[test]
fn a_session_hears_of_any_number_of_chats() {
    let mut caller = Caller::new();
    let mut chats = vec![(caller.service.clone(), caller.chat.clone())];
    for _ in 0..150 {
        caller.start();
        chats.push((caller.service.clone(), caller.chat.clone()));
    }
    for (service, chat) in chats {
        caller.chat = chat;
        caller.join();
        let news = caller.poll();
        let tag = format!("service.chat.refresh.{service}");
        assert!(news.iter().any(|message| message["data"]["tag"] == *tag));
    }
}
