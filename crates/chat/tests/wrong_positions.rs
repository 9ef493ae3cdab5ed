//! A position or an event's number that the server's later replies deny is put right; nothing doubles, nothing is
//! lost, and a server that is wrong for ever is not asked without end.

#![expect(clippy::expect_used, clippy::unwrap_used, reason = "a test may fail")]

mod common;

use common::*;
use parlour_chat::{Command, DialectKind, Panel, Phase, Settings};
use serde_json::{Value, json};

const POLLED: [DialectKind; 3] = [DialectKind::GmsV2, DialectKind::GmsV1, DialectKind::Gws];
const WRONG: u64 = 99_999;

/// A server that numbers its events by their place, and answers honestly.
struct Server {
    dialect: DialectKind,
    /// Who said it, and what.
    said: Vec<(Who, String)>,
}

#[derive(Clone, Copy, PartialEq)]
enum Who {
    Visitor,
    Agent,
}

use Who::{Agent, Visitor};

impl Server {
    /// A chat with an agent whose transcript has been read.
    fn chatting(dialect: DialectKind) -> (Rig, Self) {
        let mut rig = Rig::with(Settings {
            dialect,
            ..steady()
        });
        let said = ["joins", "joins"].map(String::from);
        let said = [Visitor, Agent].into_iter().zip(said).collect();
        let server = Self { dialect, said };
        rig.start();
        match dialect {
            DialectKind::GmsV2 => rig.answer("start", started()),
            DialectKind::GmsV1 => {
                rig.answer("start", json!({"_id": "S1"}));
                rig.answer("join", server.reply(1..1, 1));
            }
            _ => rig.answer("start", json!({"id": "C1", "statusCode": 0})),
        }
        server.poll(&mut rig);
        rig.panel(Panel::Open);
        assert_eq!(rig.lines(), ["Anna joined"]);
        (rig, server)
    }

    fn say(&mut self, who: Who, text: &str) {
        self.said.push((who, text.into()));
    }

    fn end(&self) -> u64 {
        self.said.len() as u64
    }

    fn answer_small(&self, rig: &mut Rig) {
        if rig.is_pending("course") {
            rig.answer(
                "course",
                json!({"chat": {"state": "Chatting"}, "statusCode": 0}),
            );
        }
        for operation in ["startTyping", "stopTyping"] {
            if rig.is_pending(operation) {
                rig.answer_rest();
            }
        }
    }

    /// Answers the next question for the transcript honestly.
    fn poll(&self, rig: &mut Rig) {
        rig.wait_for("refresh");
        self.answer_small(rig);
        let from = self.asked(rig);
        rig.answer("refresh", self.from(from));
        self.answer_small(rig);
    }

    fn polls(&self, rig: &mut Rig, times: usize) {
        for _ in 0..times {
            self.poll(rig);
        }
    }

    /// The first event that is asked for.
    fn asked(&self, rig: &Rig) -> u64 {
        let request = rig.request("refresh");
        let number = |text: Option<String>| text.and_then(|text| text.parse::<u64>().ok());
        match self.dialect {
            DialectKind::Gws => {
                let index = request
                    .url
                    .rsplit_once("index=")
                    .map(|(_, index)| index.into());
                number(index).expect("an index")
            }
            DialectKind::GmsV1 => number(field(request, "transcriptPosition")).expect("one") + 1,
            _ => number(field(request, "transcriptPosition")).expect("a position"),
        }
    }

    /// The reply to somebody who asks for the events from this one on.
    fn from(&self, from: u64) -> Value {
        self.reply(from..self.end() + 1, self.end())
    }

    /// A reply with these events that names this one as the last.
    fn reply(&self, range: std::ops::Range<u64>, last: u64) -> Value {
        let events: Vec<Value> = range.map(|index| self.event(index, index)).collect();
        self.wrap(&events, last)
    }

    fn wrap(&self, events: &[Value], last: u64) -> Value {
        match self.dialect {
            DialectKind::GmsV1 => json!({
                "chatIxnState": "TRANSCRIPT", "transcriptPosition": last.to_string(),
                "transcriptToShow": events, "startedAt": "2014-09-26T07:40:55Z",
            }),
            DialectKind::Gws => json!({"messages": events, "statusCode": 0}),
            _ => transcript(events, last + 1),
        }
    }

    /// The event of this place, under some number.
    fn event(&self, place: u64, index: u64) -> Value {
        let (who, text) = &self.said[usize::try_from(place).unwrap() - 1];
        match (self.dialect, text.as_str()) {
            (DialectKind::GmsV1, text) => {
                let (name, part) = match who {
                    Visitor => ("Maria", "CLIENT"),
                    Agent => ("Anna", "AGENT"),
                };
                let kind = if text == "joins" {
                    "Notice.Joined"
                } else {
                    "Message.Text"
                };
                json!([kind, name, text, place.to_string(), part])
            }
            (DialectKind::Gws, text) => {
                let (name, part) = match who {
                    Visitor => ("Maria", "Customer"),
                    Agent => ("Anna", "Agent"),
                };
                let kind = if text == "joins" {
                    "ParticipantJoined"
                } else {
                    "Text"
                };
                let from = json!({"nickname": name, "participantId": part, "type": part});
                json!({"index": index, "type": kind, "from": from, "text": text})
            }
            (_, "joins") if *who == Visitor => own_join(index),
            (_, "joins") => agent_joins(index),
            (_, text) if *who == Visitor => visitor_says(index, text),
            (_, text) => agent_says(index, text),
        }
    }
}

#[test]
fn one_wrong_position_makes_nobody_deaf() {
    for dialect in [DialectKind::GmsV2, DialectKind::GmsV1] {
        let (mut rig, mut server) = Server::chatting(dialect);
        rig.answer_next("refresh", server.wrap(&[], WRONG));
        server.say(Agent, "one");
        server.say(Agent, "two");
        server.polls(&mut rig, 3);
        assert_eq!(
            rig.lines(),
            ["Anna joined", "Anna: one", "Anna: two"],
            "{dialect:?}"
        );
        server.say(Agent, "three");
        server.poll(&mut rig);
        assert_eq!(rig.texts(), ["one", "two", "three"], "{dialect:?}");
        assert_eq!(
            rig.incoming,
            ["Anna joined", "Anna: one", "Anna: two", "Anna: three"],
            "{dialect:?}: told of once each"
        );
    }
}

#[test]
fn a_position_a_little_too_high_makes_nobody_deaf() {
    for dialect in [DialectKind::GmsV2, DialectKind::GmsV1] {
        let (mut rig, mut server) = Server::chatting(dialect);
        rig.answer_next("refresh", server.wrap(&[], server.end() + 3));
        server.say(Agent, "one");
        server.polls(&mut rig, 4);
        assert_eq!(rig.texts(), ["one"], "{dialect:?}");
    }
}

#[test]
fn a_position_too_low_doubles_nothing() {
    for dialect in POLLED {
        let (mut rig, mut server) = Server::chatting(dialect);
        server.say(Agent, "one");
        server.say(Agent, "two");
        rig.wait_for("refresh");
        server.answer_small(&mut rig);
        let all = [server.event(3, 3), server.event(4, 4)];
        rig.answer("refresh", server.wrap(&all, 2));
        server.answer_small(&mut rig);
        server.say(Agent, "three");
        server.polls(&mut rig, 4);
        assert_eq!(rig.texts(), ["one", "two", "three"], "{dialect:?}");
    }
}

#[test]
fn one_wrong_number_of_an_event_makes_nobody_deaf() {
    for dialect in [DialectKind::GmsV2, DialectKind::Gws] {
        let (mut rig, mut server) = Server::chatting(dialect);
        server.say(Agent, "one");
        rig.wait_for("refresh");
        server.answer_small(&mut rig);
        rig.answer("refresh", server.wrap(&[server.event(3, WRONG)], WRONG));
        server.say(Agent, "two");
        server.polls(&mut rig, 4);
        assert_eq!(
            rig.lines(),
            ["Anna joined", "Anna: one", "Anna: two"],
            "{dialect:?}"
        );
        assert_eq!(
            rig.incoming,
            ["Anna joined", "Anna: one", "Anna: two"],
            "{dialect:?}: told of once each"
        );
        server.say(Agent, "three");
        server.poll(&mut rig);
        assert_eq!(rig.texts(), ["one", "two", "three"], "{dialect:?}");
    }
}

#[test]
fn an_event_that_keeps_its_wrong_number_makes_nobody_deaf() {
    for dialect in [DialectKind::GmsV2, DialectKind::Gws] {
        let (mut rig, mut server) = Server::chatting(dialect);
        server.say(Agent, "one");
        let stray = server.event(3, WRONG);
        for text in ["two", "three", "four", "five", "six", "seven"] {
            rig.wait_for("refresh");
            server.answer_small(&mut rig);
            let from = server.asked(&rig);
            let honest = (from..=server.end()).filter(|place| *place != 3);
            let mut events: Vec<Value> = honest.map(|place| server.event(place, place)).collect();
            events.extend((from <= WRONG).then(|| stray.clone()));
            rig.answer("refresh", server.wrap(&events, server.end()));
            server.answer_small(&mut rig);
            server.say(Agent, text);
        }
        let mut texts = rig.texts();
        texts.sort();
        assert_eq!(
            texts,
            ["five", "four", "one", "six", "three", "two"],
            "{dialect:?}"
        );
    }
}

#[test]
fn what_the_visitor_says_meanwhile_arrives_once() {
    for dialect in POLLED {
        for wrong_event in [false, true] {
            if wrong_event && dialect == DialectKind::GmsV1 {
                continue;
            }
            let (mut rig, mut server) = Server::chatting(dialect);
            if wrong_event {
                server.say(Agent, "one");
                rig.wait_for("refresh");
                server.answer_small(&mut rig);
                rig.answer("refresh", server.wrap(&[server.event(3, WRONG)], WRONG));
            } else {
                rig.answer_next("refresh", server.wrap(&[], WRONG));
                server.answer_small(&mut rig);
                server.say(Agent, "one");
            }
            rig.say("Hello");
            // It arrives, and the answer does not.
            server.say(Visitor, "Hello");
            rig.fail("send");
            let sent = rig.times("send").len();
            for _ in 0..8 {
                server.poll(&mut rig);
            }
            let case = format!("{dialect:?}, {wrong_event}");
            assert_eq!(rig.texts(), ["one", "Hello"], "{case}");
            assert_eq!(rig.times("send").len(), sent, "{case}: sent once");
            rig.say("Bye");
            server.answer_small(&mut rig);
            server.say(Visitor, "Bye");
            rig.answer("send", server.from(server.end()));
            server.polls(&mut rig, 2);
            assert_eq!(rig.texts(), ["one", "Hello", "Bye"], "{case}");
        }
    }
}

#[test]
fn one_wrong_number_of_an_own_event_settles_no_other_message() {
    for dialect in [DialectKind::GmsV2, DialectKind::Gws] {
        let (mut rig, mut server) = Server::chatting(dialect);
        rig.say("Hello");
        server.answer_small(&mut rig);
        server.say(Visitor, "Hello");
        rig.answer("send", server.wrap(&[server.event(3, WRONG)], WRONG));
        if dialect == DialectKind::Gws {
            rig.wait_for("refresh");
            server.answer_small(&mut rig);
            rig.answer("refresh", server.wrap(&[server.event(3, WRONG)], WRONG));
        }
        rig.say("Are you there?");
        server.answer_small(&mut rig);
        // It does not arrive at first.
        rig.fail("send");
        for _ in 0..40 {
            rig.wait_until("a question", |rig| {
                rig.is_pending("refresh") || rig.is_pending("send")
            });
            if rig.is_pending("send") {
                server.say(Visitor, "Are you there?");
                rig.answer("send", server.from(server.end()));
            } else {
                server.poll(&mut rig);
            }
        }
        assert_eq!(rig.texts(), ["Hello", "Are you there?"], "{dialect:?}");
        assert_eq!(
            rig.times("send").len(),
            3,
            "{dialect:?}: the second one twice"
        );
    }
}

#[test]
fn a_wrong_number_does_not_outlive_the_page() {
    for dialect in [DialectKind::GmsV2, DialectKind::Gws] {
        let (mut rig, mut server) = Server::chatting(dialect);
        server.say(Agent, "one");
        rig.wait_for("refresh");
        server.answer_small(&mut rig);
        rig.answer("refresh", server.wrap(&[server.event(3, WRONG)], WRONG));
        rig.reload();
        server.polls(&mut rig, 2);
        server.say(Agent, "two");
        server.poll(&mut rig);
        rig.say("Hello");
        server.answer_small(&mut rig);
        server.say(Visitor, "Hello");
        rig.answer("send", server.from(5));
        server.polls(&mut rig, 3);
        assert_eq!(rig.texts(), ["one", "two", "Hello"], "{dialect:?}");
        assert!(
            rig.incoming.contains(&"Anna: two".into()),
            "{dialect:?}: news"
        );
    }
}

#[test]
fn the_last_words_are_read_behind_a_wrong_position() {
    for dialect in [DialectKind::GmsV2, DialectKind::GmsV1] {
        let (mut rig, mut server) = Server::chatting(dialect);
        rig.answer_next("refresh", server.wrap(&[], WRONG));
        server.say(Agent, "Bye");
        while !matches!(rig.state().phase, Phase::Ended(_)) {
            rig.wait_for("refresh");
            let mut reply = server.from(server.asked(&rig));
            if dialect == DialectKind::GmsV1 {
                reply["chatIxnState"] = json!("DISCONNECTED");
            } else {
                reply["chatEnded"] = json!(true);
            }
            rig.answer("refresh", reply);
        }
        assert_eq!(rig.texts(), ["Bye"], "{dialect:?}");
    }
}

#[test]
fn a_refused_position_is_tried_from_the_start_before_the_chat_counts_as_gone() {
    for dialect in POLLED {
        let (mut rig, mut server) = Server::chatting(dialect);
        let wrong = match dialect {
            DialectKind::Gws => {
                server.wrap(&[server.event(2, WRONG), server.event(2, WRONG + 1)], 2)
            }
            _ => server.wrap(&[], WRONG),
        };
        rig.answer_next("refresh", wrong);
        server.answer_small(&mut rig);
        server.say(Agent, "one");
        for _ in 0..6 {
            rig.wait_for("refresh");
            server.answer_small(&mut rig);
            let from = server.asked(&rig);
            if from > server.end() + 1 {
                rig.answer_with("refresh", http(400, ""));
            } else {
                rig.answer("refresh", server.from(from));
            }
            server.answer_small(&mut rig);
        }
        assert_eq!(rig.state().phase, Phase::Chatting, "{dialect:?}");
        assert!(rig.texts().contains(&"one".into()), "{dialect:?}");
    }
}

#[test]
fn a_server_that_denies_its_own_positions_for_ever_is_not_asked_without_end() {
    for dialect in [DialectKind::GmsV2, DialectKind::GmsV1] {
        let (mut rig, mut server) = Server::chatting(dialect);
        for text in 0..20 {
            server.say(Agent, &text.to_string());
        }
        server.poll(&mut rig);
        let mut whole = 0;
        let began = rig.now.moment;
        for turn in 0..200 {
            rig.wait_for("refresh");
            let from = server.asked(&rig);
            whole += usize::from(from <= 2);
            let last = if turn % 2 == 0 { WRONG + turn } else { 5 };
            let events: Vec<Value> = (from..=server.end())
                .map(|at| server.event(at, at))
                .collect();
            rig.answer("refresh", server.wrap(&events, last));
        }
        let texts: Vec<String> = (0..20).map(|text| text.to_string()).collect();
        assert_eq!(rig.texts(), texts, "{dialect:?}");
        assert!(
            whole <= 20,
            "{dialect:?}: read {whole} times from the start"
        );
        let pause = rig.now.moment.since(began) / 200;
        assert!(pause > millis(1000), "{dialect:?}: {pause:?} between polls");
        rig.command(Command::End);
    }
}

#[test]
fn an_answer_older_than_what_is_known_does_not_bring_a_message_forward() {
    let (mut rig, _) = Server::chatting(DialectKind::GmsV2);
    let masked = |index| visitor_says(index, "card **** *");
    rig.wait_for("refresh");
    rig.say("card 4111 1");
    rig.answer("send", transcript(&[masked(3)], 4));
    rig.say("card 4111 2");
    rig.wait_for("send");
    rig.answer("refresh", transcript(&[], 3));
    let mut reloaded = Rig::restored(steady(), rig.storage.clone());
    let known = [own_join(1), agent_joins(2), masked(3)];
    reloaded.answer_next("refresh", transcript(&known, 4));
    assert_eq!(
        reloaded.lines().last().map(String::as_str),
        Some("me: card 4111 2 (sending)")
    );
}
