//! Whatever goes wrong on the way, a client that resumes from what it has seen misses nothing and sees nothing twice. The
//! seed of a storm that ends badly is in its message.

use std::collections::BTreeMap;

use parlour_emulator::cometd::{Answer, Broker, Options, Ticket};
use parlour_emulator::model::{self, ChatId, ParticipantId, Role, World};
use serde_json::{Value, json};

use super::client::{CHANNEL, Client, Line, connect, list, post};

/// A source of random numbers with a seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

/// A program that keeps what it has seen by index, and resumes from the first index that it has not.
struct Reader {
    client: Option<Client>,
    chat: String,
    key: String,
    seen: Vec<u64>,
}

impl Reader {
    fn take(&mut self, replies: &[Value], seed: u64) {
        for message in replies {
            if message["error"] == "402::Unknown client" {
                self.client = None;
            }
            let events = message["data"]["messages"].as_array();
            for event in events.into_iter().flatten() {
                let index = event["index"].as_u64().unwrap();
                if self.seen.last().is_none_or(|last| index > *last) {
                    self.seen.push(index);
                }
            }
        }
        assert!(self.seen.is_sorted(), "seed {seed}");
    }

    /// Gets a session and asks for what is missing.
    fn resume(&mut self, line: &mut Line, seed: u64) {
        let client = Client {
            chat: self.chat.clone(),
            key: self.key.clone(),
            ..line.client()
        };
        let position = self.seen.last().map_or(1, |last| last + 1);
        let order = client.order(
            "requestNotifications",
            json!({"transcriptPosition": position}),
        );
        let replies = line.send(&super::client::publish(&client, order));
        self.take(&replies, seed);
        self.client = Some(client);
    }
}

#[test]
fn nothing_is_missed_and_nothing_comes_twice() {
    for seed in 1..=100 {
        storm(seed);
    }
}

fn storm(seed: u64) {
    let mut dice = Dice(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let mut line = Line::new();
    line.world.options_mut().drop_after = std::time::Duration::ZERO;
    let mut readers: Vec<Reader> = Vec::new();
    for name in ["Maria", "Paul"] {
        let visitor = line.visitor(name);
        let chat = ChatId::new(&visitor.chat);
        line.world
            .join(&chat, "Mia", Role::Agent, line.now_ms)
            .unwrap();
        // Two programs for each chat.
        readers.extend((0..2).map(|_| Reader {
            client: None,
            chat: visitor.chat.clone(),
            key: visitor.key.clone(),
            seen: Vec::new(),
        }));
    }
    let mut held: BTreeMap<Ticket, usize> = BTreeMap::new();
    let mut journal = Vec::new();
    for step in 0..200_u64 {
        let nth = usize::try_from(dice.below(4)).unwrap();
        line.pass(i64::try_from(dice.below(4_000)).unwrap());
        let chat = ChatId::new(&readers[nth].chat);
        match dice.below(12) {
            0..=2 => {
                let text = step.to_string();
                line.world
                    .say(&chat, ParticipantId(2), &text, line.now_ms)
                    .unwrap();
            }
            3 => {
                line.world.hidden(&chat, line.now_ms).unwrap();
            }
            4 | 5 => {
                if let Some(client) = readers[nth].client.clone() {
                    let data = client.order("sendMessage", json!({"message": "mine"}));
                    let message =
                        json!([{"channel": CHANNEL, "clientId": client.id, "data": data}]);
                    let replies = line.send(&message);
                    readers[nth].take(&replies, seed);
                }
            }
            6 => {
                // The line breaks while it is held.
                if let Some(ticket) = held.iter().find(|(_, n)| **n == nth).map(|(t, _)| *t) {
                    held.remove(&ticket);
                    line.broker.abandoned(&mut line.world, ticket, line.now_ms);
                }
            }
            7 if dice.below(8) == 0 => {
                journal.extend(line.world.take_changes());
                line.world = World::replay(seed, model::Options::default(), journal.clone());
                line.world.options_mut().drop_after = std::time::Duration::ZERO;
                line.broker = Broker::new(seed ^ step, Options::default());
                held.clear();
            }
            _ => match readers[nth].client.clone() {
                None => readers[nth].resume(&mut line, seed),
                Some(client) => match line.receive(&post(&connect(&client))) {
                    Answer::Held(ticket) => {
                        held.insert(ticket, nth);
                    }
                    Answer::Now(response) => {
                        let replies = list(&response);
                        // Now and then a reply is lost: the client knows, and begins anew.
                        if dice.below(4) == 0 {
                            readers[nth].client = None;
                        } else {
                            readers[nth].take(&replies, seed);
                        }
                    }
                },
            },
        }
        if dice.below(3) == 0 {
            continue;
        }
        for (ticket, response) in line.due() {
            if let Some(nth) = held.remove(&ticket) {
                readers[nth].take(&list(&response), seed);
            }
        }
        assert_eq!(line.broker.held(), held.len(), "seed {seed}, step {step}");
    }
    for (nth, reader) in readers.iter_mut().enumerate() {
        reader.resume(&mut line, seed);
        let chat = line.world.chat(&ChatId::new(&reader.chat)).unwrap();
        let all: Vec<u64> = chat
            .transcript()
            .map(|event| u64::from(event.index.0))
            .collect();
        assert_eq!(reader.seen, all, "seed {seed}, reader {nth}");
    }
    // Once everybody is silent nobody is remembered.
    line.pass(120_000);
    line.due();
    line.pass(20_000);
    line.due();
    assert_eq!(
        (line.broker.sessions(), line.broker.held()),
        (0, 0),
        "seed {seed}"
    );
    assert_eq!(line.broker.next_deadline_ms(), None);
}
