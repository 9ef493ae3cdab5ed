//! CometD from a client's side: Bayeux 1.0 over long polling. What is published is acknowledged; what the
//! server has to say comes with whatever reply it likes.
//!
//! Source: the Bayeux protocol, version 1.0, and `docs/servers.md` for what live servers do with it.

use core::time::Duration;

use super::DecodeError;
use super::json::{self, Object, Value};
use crate::pace::PollPace;
use crate::time::Moment;

/// Where all of it is posted to. The message's channel decides, not the path.
pub(crate) const PATH: &str = "/genesys/cometd/";

const HANDSHAKE: &str = "/meta/handshake";
const CONNECT: &str = "/meta/connect";
const SUBSCRIBE: &str = "/meta/subscribe";
const DISCONNECT: &str = "/meta/disconnect";
const LONG_POLLING: &str = "long-polling";

/// How long a server holds a poll that says nothing about it.
const LONGEST_POLL: Duration = Duration::from_secs(60);
/// No advice makes the widget wait longer, or a poll last longer.
const LONGEST_ADVICE: Duration = Duration::from_secs(600);

/// The client's side of one push session.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    /// What to subscribe to in each session.
    subscription: Option<&'static str>,
    state: HandshakeState,
    id: String,
    next_id: u64,
    /// How long the server holds a poll if nothing is said about it.
    timeout: Duration,
    /// How long it is asked to hold one, where that is shorter.
    wanted: Duration,
    /// Whether it does as it is reply_kind, as far as is known.
    obeys: bool,
    /// Before this nothing is asked of the line: the server's advice, and the widget's own patience.
    not_before: Moment,
    pace: PollPace,
    /// When the last poll left.
    asked: Moment,
}

/// The states of the Bayeux session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum HandshakeState {
    /// There is none.
    Down,
    /// The server has given it an id, and has not yet been told what is wanted.
    Met,
    /// All that is missing is a poll that was answered.
    Ready,
    /// The first poll was answered.
    Open,
}

/// The contents of a reply, beside what it does to the session. Pushes hold the chat's keys, and are
/// not printed.
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Received {
    /// What became of what was published, if that was asked.
    pub(crate) published: Option<Published>,
    /// What the server pushed, in order.
    pub(crate) pushed: Vec<Object>,
    /// Whether what makes and keeps the session was answered.
    pub(crate) answered: bool,
}

impl core::fmt::Debug for Received {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Received")
            .field("published", &self.published)
            .finish_non_exhaustive()
    }
}

/// The server's answer to a published message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Published {
    /// The server has it.
    Taken,
    /// The server does not know the session; it has done nothing.
    Unheard,
    /// The server will not have it.
    Refused,
}

impl Client {
    /// Makes a client without a session. Polls are to be held no longer than `wanted`.
    pub(crate) fn new(subscription: Option<&'static str>, wanted: Duration) -> Self {
        Self {
            subscription,
            state: HandshakeState::Down,
            id: String::new(),
            next_id: 1,
            timeout: LONGEST_POLL,
            wanted,
            obeys: true,
            not_before: Moment(0),
            pace: PollPace::default(),
            asked: Moment(0),
        }
    }

    /// Writes what is to be posted next so that there is a session, or news of it.
    pub(crate) fn poll(&mut self, now: Moment) -> String {
        self.asked = now;
        let mut message = match self.state {
            HandshakeState::Down => {
                let mut message = self.message(HANDSHAKE);
                json::put(&mut message, "version", "1.0");
                json::put(&mut message, "minimumVersion", "0.9");
                json::put(
                    &mut message,
                    "supportedConnectionTypes",
                    vec![Value::from(LONG_POLLING)],
                );
                message
            }
            HandshakeState::Met => {
                let mut message = self.message(SUBSCRIBE);
                json::put_some(&mut message, "subscription", self.subscription);
                message
            }
            HandshakeState::Ready | HandshakeState::Open => {
                let mut message = self.message(CONNECT);
                json::put(&mut message, "connectionType", LONG_POLLING);
                message
            }
        };
        let timeout = match self.state {
            // Answered at once, so that it is known early whether the session works.
            HandshakeState::Ready => Some(Duration::ZERO),
            HandshakeState::Open => Some(self.wanted).filter(|wanted| *wanted < self.timeout),
            HandshakeState::Down | HandshakeState::Met => None,
        };
        if let Some(timeout) = timeout {
            let mut advice = Object::new();
            json::put(&mut advice, "timeout", timeout.as_millis() as u64);
            json::put(&mut message, "advice", advice);
        }
        batch([message])
    }

    /// Writes a message to publish.
    pub(crate) fn publish(&mut self, channel: &str, data: Object) -> String {
        let message = self.publication(channel, data);
        batch([message])
    }

    /// Writes the last message to publish: the session ends with it.
    pub(crate) fn publish_last(&mut self, channel: &str, data: Object) -> String {
        let message = self.publication(channel, data);
        let goodbye = self.message(DISCONNECT);
        batch([message, goodbye])
    }

    /// Writes that the session is over.
    pub(crate) fn goodbye(&mut self) -> String {
        let goodbye = self.message(DISCONNECT);
        batch([goodbye])
    }

    /// Reads a reply. An array, or a single message where a server is not strict.
    ///
    /// # Errors
    /// Fails if it is no reply of such a server.
    pub(crate) fn read(&mut self, body: &str, now: Moment) -> Result<Received, DecodeError> {
        let messages = match json::parse(body) {
            Some(Value::Array(messages)) => messages,
            Some(message @ Value::Object(_)) => vec![message],
            _ => return Err(DecodeError),
        };
        let mut received = Received::default();
        let mut any = false;
        for message in messages {
            let Value::Object(message) = message else {
                continue;
            };
            let Some(channel) = json::text(&message, "channel") else {
                continue;
            };
            any = true;
            self.take_in(&channel, &message, &mut received, now);
        }
        if any { Ok(received) } else { Err(DecodeError) }
    }

    /// Tells whether there is a session to publish on.
    pub(crate) fn is_open(&self) -> bool {
        self.state == HandshakeState::Open
    }

    /// Tells whether there is no session, and none in the making.
    pub(crate) fn is_down(&self) -> bool {
        self.state == HandshakeState::Down
    }

    /// Returns how long the server may hold the next poll.
    pub(crate) fn patience(&self) -> Duration {
        match self.state {
            HandshakeState::Open if self.obeys => self.timeout.min(self.wanted),
            HandshakeState::Open => self.timeout,
            HandshakeState::Down | HandshakeState::Met | HandshakeState::Ready => Duration::ZERO,
        }
    }

    /// Returns when the next poll may leave.
    pub(crate) fn not_before(&self) -> Moment {
        self.not_before
    }

    /// Notes that a poll was not answered in time: it is lost, or the server ignores how long it is to be held.
    pub(crate) fn on_timeout(&mut self) {
        self.obeys = false;
    }

    /// Forgets the session: the next poll begins another one. What the server advised is kept.
    pub(crate) fn hang_up(&mut self) {
        self.state = HandshakeState::Down;
        self.id.clear();
    }

    fn take_in(&mut self, channel: &str, message: &Object, received: &mut Received, now: Moment) {
        let fine = json::truth(message, "successful");
        if let (Some(Value::Object(data)), None) = (message.get("data"), fine) {
            received.pushed.push(data.clone());
            return;
        }
        let fine = fine == Some(true);
        let advice = json::object(message, "advice").unwrap_or_default();
        let reconnect = json::text(&advice, "reconnect");
        let unknown = json::text(message, "error").is_some_and(|error| error.starts_with("402"));
        self.advise(&advice, now);
        received.answered |= matches!(channel, HANDSHAKE | CONNECT | SUBSCRIBE);
        // With `none` a later, new session may still find out whether the chat goes on.
        let done = matches!(reconnect.as_deref(), Some("none" | "handshake"));
        match channel {
            HANDSHAKE if fine => {
                self.id = json::text(message, "clientId").unwrap_or_default();
                self.state = match self.subscription {
                    Some(_) => HandshakeState::Met,
                    None => HandshakeState::Ready,
                };
            }
            SUBSCRIBE if fine => self.state = HandshakeState::Ready,
            CONNECT if fine => {
                if self.state == HandshakeState::Open && !done {
                    self.on_poll_reply(received, now);
                }
                self.state = HandshakeState::Open;
            }
            HANDSHAKE | CONNECT | SUBSCRIBE | DISCONNECT => {}
            _ => {
                received.published = Some(if fine {
                    Published::Taken
                } else if unknown {
                    Published::Unheard
                } else {
                    Published::Refused
                });
            }
        }
        let refused = matches!(channel, HANDSHAKE | CONNECT | SUBSCRIBE) && !fine;
        if unknown || refused || done && channel != HANDSHAKE {
            self.on_session_ended(now);
        }
    }

    /// Takes note of a poll that was answered.
    fn on_poll_reply(&mut self, received: &Received, now: Moment) {
        let held = now.since(self.asked);
        let silent = received.pushed.is_empty();
        if silent && !PollPace::is_short(held) {
            self.obeys = held < self.timeout;
        }
        let pause = self.pace.on_answered(held, silent);
        self.not_before = self.not_before.max(now + pause);
    }

    /// Takes note that the server ended the session.
    fn on_session_ended(&mut self, now: Moment) {
        self.hang_up();
        let pause = self.pace.on_ended();
        self.not_before = self.not_before.max(now + pause);
    }

    fn advise(&mut self, advice: &Object, now: Moment) {
        let told = |name| {
            let millis = json::count(advice, name).map(Duration::from_millis);
            millis.map(|wait| wait.min(LONGEST_ADVICE))
        };
        if let Some(timeout) = told("timeout").filter(|timeout| !timeout.is_zero()) {
            self.timeout = timeout;
        }
        if let Some(interval) = told("interval") {
            self.not_before = now + interval;
        }
    }

    fn publication(&mut self, channel: &str, data: Object) -> Object {
        let mut message = self.message(channel);
        json::put(&mut message, "data", data);
        message
    }

    fn message(&mut self, channel: &str) -> Object {
        let mut message = Object::new();
        json::put(&mut message, "id", self.next_id.to_string());
        self.next_id += 1;
        json::put(&mut message, "channel", channel);
        if !self.id.is_empty() {
            json::put(&mut message, "clientId", self.id.as_str());
        }
        message
    }
}

fn batch<const N: usize>(messages: [Object; N]) -> String {
    let messages = messages.map(|message| json::write(&message));
    ["[", &messages.join(","), "]"].concat()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Moment = Moment(1000);
    const WANTED: Duration = Duration::from_secs(30);

    fn messages(body: &str) -> Value {
        serde_json::from_str(body).expect("JSON")
    }

    fn open() -> Client {
        let mut client = Client::new(None, WANTED);
        let reply = r#"[{"id":"1","successful":true,"channel":"/meta/handshake","clientId":"abc","version":"1.0",
            "supportedConnectionTypes":["long-polling"],"ext":{"ack":true}}]"#;
        client.read(reply, NOW).expect("a reply");
        assert!(!client.is_open());
        let reply = r#"[{"id":"2","successful":true,"advice":{"interval":0,"reconnect":"retry","timeout":60000},
            "channel":"/meta/connect"}]"#;
        client.read(reply, NOW).expect("a reply");
        assert!(client.is_open());
        client
    }

    #[test]
    fn a_session_begins_with_a_handshake_and_a_connect_that_is_answered_at_once() {
        let mut client = Client::new(None, WANTED);
        assert_eq!(
            messages(&client.poll(NOW)),
            json!([{"id": "1", "channel": "/meta/handshake", "version": "1.0", "minimumVersion": "0.9",
                    "supportedConnectionTypes": ["long-polling"]}])
        );
        let reply =
            r#"[{"id":"1","successful":true,"channel":"/meta/handshake","clientId":"abc"}]"#;
        client.read(reply, NOW).expect("a reply");
        assert_eq!(
            messages(&client.poll(NOW)),
            json!([{"id": "2", "channel": "/meta/connect", "clientId": "abc", "connectionType": "long-polling",
                    "advice": {"timeout": 0}}])
        );
        assert_eq!(client.patience(), Duration::ZERO);
        let mut client = open();
        assert!(client.poll(NOW).contains(r#""advice":{"timeout":30000}"#));
        assert_eq!(client.patience(), WANTED);
    }

    #[test]
    fn a_server_that_holds_polls_as_long_as_it_is_asked_is_waited_for_no_longer() {
        let fine = r#"[{"channel":"/meta/connect","successful":true}]"#;
        for (held, patience) in [(30, 30), (60, 60)] {
            let mut client = open();
            client.on_timeout();
            assert_eq!(client.patience().as_secs(), 60, "it may not obey");
            let _ = client.poll(NOW);
            let answered = NOW + Duration::from_secs(held);
            client.read(fine, answered).expect("a reply");
            assert_eq!(client.patience(), Duration::from_secs(patience));
        }
        let mut content = open();
        content.wanted = Duration::from_secs(300);
        assert!(!content.poll(NOW).contains("advice"));
    }

    #[test]
    fn what_is_pushed_is_told_from_what_is_acknowledged() {
        let mut client = open();
        let reply = r#"[{"channel":"/service/chatV2/s","data":{"a":1}},{"channel":"/service/chatV2/s","data":{"a":2}},
            {"id":"3","channel":"/service/chatV2/s","successful":true}]"#;
        let received = client.read(reply, NOW).expect("a reply");
        assert_eq!(received.published, Some(Published::Taken));
        let pushed: Vec<_> = received.pushed.iter().map(json::write).collect();
        assert_eq!(pushed, [r#"{"a":1}"#, r#"{"a":2}"#]);
        assert!(client.is_open());
    }

    #[test]
    fn a_session_that_the_server_has_forgotten_begins_anew() {
        for (reply, published) in [
            (
                r#"[{"channel":"/meta/connect","successful":false,"error":"402::Unknown client","advice":{"reconnect":"handshake"}}]"#,
                None,
            ),
            (
                r#"{"channel":"/service/chatV2/s","successful":false,"error":"402::Unknown client"}"#,
                Some(Published::Unheard),
            ),
            (
                r#"[{"channel":"/meta/connect","successful":true,"advice":{"reconnect":"none"}}]"#,
                None,
            ),
        ] {
            let mut client = open();
            assert_eq!(
                client.read(reply, NOW).map(|received| received.published),
                Ok(published)
            );
            assert!(!client.is_open());
            let next = client.poll(NOW);
            assert!(
                next.contains("/meta/handshake") && !next.contains("abc"),
                "{next}"
            );
        }
    }

    #[test]
    fn advice_is_heeded_within_reason() {
        let mut client = open();
        let reply = |interval: &str| {
            format!(
                r#"[{{"channel":"/meta/connect","successful":true,"advice":{{"interval":{interval},"timeout":"30000"}}}}]"#
            )
        };
        client.read(&reply("2000"), NOW).expect("a reply");
        assert_eq!(client.not_before(), Moment(3000));
        assert_eq!(client.patience(), Duration::from_secs(30));
        client.read(&reply("99999999999"), NOW).expect("a reply");
        assert_eq!(client.not_before(), NOW + LONGEST_ADVICE);
        client.read(&reply("-1"), NOW).expect("a reply");
    }

    #[test]
    fn a_server_that_keeps_no_session_is_left_in_peace() {
        let forgotten =
            r#"[{"channel":"/meta/connect","successful":false,"error":"402::Unknown client"}]"#;
        let fine = r#"[{"channel":"/meta/connect","successful":true}]"#;
        let mut client = open();
        let mut waits = Vec::new();
        for _ in 0..7 {
            client.read(forgotten, NOW).expect("a reply");
            waits.push(client.not_before().since(NOW).as_secs());
            client.read(fine, NOW).expect("the first is no proof");
        }
        assert_eq!(waits, [0, 1, 2, 4, 8, 16, 16]);
        client.read(fine, NOW).expect("a poll that was held");
        let later = NOW + Duration::from_secs(60);
        client.read(forgotten, later).expect("a reply");
        assert!(client.not_before() <= later, "once is nothing");
    }

    #[test]
    fn a_server_that_holds_no_poll_is_asked_once_a_second() {
        let fine = r#"[{"channel":"/meta/connect","successful":true}]"#;
        let news = r#"[{"channel":"/s","data":{}},{"channel":"/meta/connect","successful":true}]"#;
        let mut client = open();
        let mut pause = |reply, now: Moment| {
            let _ = client.poll(now);
            client.read(reply, now).expect("a reply");
            client.not_before().0.saturating_sub(now.0)
        };
        let at = |hour: u64| Moment(3_600_000 * hour);
        let pauses = [
            pause(fine, at(1)),
            pause(fine, at(2)),
            pause(fine, at(3)),
            pause(news, at(4)),
            pause(fine, at(5)),
            pause(fine, at(6)),
        ];
        assert_eq!(pauses, [0, 1000, 1000, 0, 0, 1000]);
    }

    #[test]
    fn a_client_with_a_subscription_asks_for_it_in_each_session() {
        let mut client = Client::new(Some("/_genesys"), WANTED);
        let handshake = r#"[{"channel":"/meta/handshake","successful":true,"clientId":"abc"}]"#;
        client.read(handshake, NOW).expect("a reply");
        assert_eq!(
            messages(&client.poll(NOW)),
            json!([{"id": "1", "channel": "/meta/subscribe", "clientId": "abc", "subscription": "/_genesys"}])
        );
        let subscribed = r#"[{"channel":"/meta/subscribe","successful":true}]"#;
        client.read(subscribed, NOW).expect("a reply");
        assert!(client.poll(NOW).contains("/meta/connect") && !client.is_open());
        let refused = r#"[{"channel":"/meta/subscribe","successful":false,"error":"403::denied"}]"#;
        client.read(refused, NOW).expect("a reply");
        assert!(client.is_down());
    }

    #[test]
    fn what_a_server_without_sessions_replies_is_refused() {
        let mut client = Client::new(None, WANTED);
        for body in [
            "",
            "<html>",
            "[]",
            "[1]",
            "{}",
            r#"{"statusCode":0}"#,
            "null",
        ] {
            assert_eq!(client.read(body, NOW), Err(DecodeError), "{body}");
        }
    }

    #[test]
    fn the_last_word_ends_the_session() {
        let body = open().publish_last("/service/chatV2/s", Object::new());
        assert!(
            body.contains("/service/chatV2/s") && body.contains("/meta/disconnect"),
            "{body}"
        );
    }
}
