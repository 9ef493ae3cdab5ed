//! The changes that a desk waits for, and what it reads then.

use std::io;
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, nothing};
use crate::http::{connect, read_reply, write_head};

/// A request for changes that has not been answered yet.
struct Held(TcpStream);

impl Held {
    fn ask(emulator: &Emulator, after: &Value) -> Self {
        let (run, seq) = (after["run"].as_str().unwrap(), &after["seq"]);
        let path = format!("/desk/api/changes?run={run}&after={seq}");
        let mut stream = connect(emulator.address).unwrap();
        write_head(&mut stream, "GET", &path, &[], 0).unwrap();
        Self(stream)
    }

    /// Tells whether an answer has begun to arrive.
    fn is_answered(&self) -> bool {
        self.0.set_nonblocking(true).unwrap();
        let peeked = self.0.peek(&mut [0]);
        self.0.set_nonblocking(false).unwrap();
        match peeked {
            Ok(_) => true,
            Err(error) => {
                assert_eq!(error.kind(), io::ErrorKind::WouldBlock);
                false
            }
        }
    }

    fn answer(mut self) -> Value {
        let reply = read_reply(&mut self.0).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply.json()
    }
}

fn changes(emulator: &Emulator, query: &str) -> Value {
    emulator.desk("GET", &format!("/changes{query}"), &nothing())
}

fn ids(answer: &Value) -> Vec<&str> {
    let chats = answer["chats"].as_array().unwrap();
    chats.iter().map(|c| c["id"].as_str().unwrap()).collect()
}

#[test]
fn the_first_request_for_changes_is_told_to_read_everything() {
    let emulator = Emulator::start();
    emulator.visitor("Maria");
    let first = changes(&emulator, "");
    assert_eq!(
        (&first["reset"], ids(&first)),
        (&json!(true), Vec::<&str>::new())
    );
    let seq = first["seq"].as_u64().unwrap();
    assert!(seq > 0);
    let nothing_new = changes(&emulator, &format!("?after={seq}&wait=0"));
    assert_eq!(nothing_new["reset"], false);
    assert_eq!(nothing_new["chats"], json!([]));
    // What this run has not got to yet was another run's.
    let ahead = changes(&emulator, &format!("?after={}", seq + 1));
    assert_eq!(ahead["reset"], true);
    let other = changes(&emulator, &format!("?after={seq}&run=another"));
    assert_eq!(other["reset"], true);
}

#[test]
fn a_request_is_held_until_something_changes_and_names_what_did() {
    let emulator = Emulator::start();
    let (maria, _) = (emulator.visitor("Maria"), emulator.visitor("Jan"));
    let before = changes(&emulator, "");
    let desks = [Held::ask(&emulator, &before), Held::ask(&emulator, &before)];
    // Reading is no change.
    emulator.desk("GET", "/chats", &nothing());
    maria.call("refresh", &[]);
    assert!(desks.iter().all(|desk| !desk.is_answered()));
    maria.say("Hello");
    for desk in desks {
        let answer = desk.answer();
        assert_eq!(ids(&answer), [maria.chat.as_str()]);
        assert_eq!(answer["chats"][0]["last"]["text"], "Hello");
        assert_eq!(answer["run"], before["run"]);
        assert!(answer["seq"].as_u64() > before["seq"].as_u64());
    }
}

#[test]
fn typing_and_its_preview_and_the_end_are_changes() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    let mut before = changes(&emulator, "");
    let mut told = |act: &dyn Fn()| {
        let desk = Held::ask(&emulator, &before);
        act();
        before = desk.answer();
        before["chats"][0].clone()
    };
    let typing = told(&|| drop(maria.call("startTyping", &[])));
    assert_eq!(typing["typing"], true);
    let told_preview = told(&|| drop(maria.call("refresh", &[("message", "Wher")])));
    assert_eq!(told_preview["typing"], true);
    let read = emulator.desk("GET", &format!("/chats/{}", maria.chat), &nothing());
    assert_eq!(read["visitor"]["preview"], "Wher");
    let ended = told(&|| drop(maria.raw("disconnect", &[]).unwrap()));
    assert_eq!(
        (&ended["state"], &ended["end"]["reason"]),
        (&json!("ended"), &json!("disconnected"))
    );
}

#[test]
fn a_desk_that_was_away_hears_of_each_chat_once() {
    let emulator = Emulator::start();
    let before = changes(&emulator, "");
    let (maria, jan) = (emulator.visitor("Maria"), emulator.visitor("Jan"));
    for text in ["one", "two", "three"] {
        maria.say(text);
    }
    let answer = changes(&emulator, &format!("?after={}", before["seq"]));
    // In the order of their last change.
    assert_eq!(ids(&answer), [jan.chat.as_str(), &maria.chat]);
    assert_eq!(answer["chats"][1]["visitor_messages"], 3);
}

#[test]
fn a_restart_lets_nobody_wait_and_has_everything_read_anew() {
    let folder = Folder::new();
    let emulator = Emulator::on(&folder);
    let maria = emulator.visitor("Maria");
    let before = changes(&emulator, "");
    let desk = Held::ask(&emulator, &before);
    emulator.terminate();
    // The held request is answered rather than cut.
    assert_eq!(desk.answer()["chats"], json!([]));
    let (status, _) = emulator.stop();
    assert!(status.success());
    let emulator = Emulator::on(&folder);
    maria.at(&emulator).say("Still there?");
    let query = format!(
        "?run={}&after={}",
        before["run"].as_str().unwrap(),
        before["seq"]
    );
    let after = changes(&emulator, &query);
    assert_eq!(after["reset"], true);
    assert_ne!(after["run"], before["run"]);
    let list = emulator.desk("GET", "/chats", &nothing());
    assert_eq!(list["chats"][0]["last"]["text"], "Still there?");
}

#[test]
fn a_long_chat_is_read_from_an_index_on() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    for text in ["one", "two", "three"] {
        maria.say(text);
    }
    let indexes = |query: &str| -> Vec<u64> {
        let path = format!("/chats/{}{query}", maria.chat);
        let chat = emulator.desk("GET", &path, &nothing());
        assert_eq!(chat["next_index"], 5);
        let events = chat["events"].as_array().unwrap().clone();
        events
            .iter()
            .map(|e| e["index"].as_u64().unwrap())
            .collect()
    };
    assert_eq!(indexes(""), [1, 2, 3, 4]);
    assert_eq!(indexes("?from=0"), [1, 2, 3, 4]);
    assert_eq!(indexes("?from=3"), [3, 4]);
    assert_eq!(indexes("?from=5"), Vec::<u64>::new());
    assert_eq!(indexes("?from=4294967295"), Vec::<u64>::new());
}

#[test]
fn of_chats_that_ended_no_more_are_listed_than_were_asked_for() {
    let emulator = Emulator::start();
    let (old, new, live) = (
        emulator.visitor("Old"),
        emulator.visitor("New"),
        emulator.visitor("Live"),
    );
    for visitor in [&old, &new] {
        emulator.desk("POST", &format!("/chats/{}/end", visitor.chat), &json!({}));
    }
    let listed = |query: &str| {
        let list = emulator.desk("GET", &format!("/chats{query}"), &nothing());
        ids(&list).len()
    };
    assert_eq!(
        (listed(""), listed("?ended=1"), listed("?ended=0")),
        (3, 2, 1)
    );
    let none = emulator.desk("GET", "/chats?ended=0", &nothing());
    assert_eq!(ids(&none), [live.chat.as_str()]);
}

#[test]
fn no_list_is_longer_than_it_says() {
    const MOST: usize = 1_000;
    let emulator = Emulator::start();
    let before = emulator.desk("GET", "/changes", &nothing())["seq"].clone();
    let first = emulator.visitor("First");
    first.call("disconnect", &[]);
    for _ in 0..MOST - 1 {
        emulator.visitor("Maria").call("disconnect", &[]);
    }
    let changed = changes(&emulator, &format!("?after={before}&wait=0"));
    assert_eq!(changed["reset"], false);
    assert_eq!(ids(&changed).len(), MOST);
    let last = emulator.visitor("Last");
    last.call("disconnect", &[]);
    // One more: who was away for so long reads the list.
    let changed = changes(&emulator, &format!("?after={before}&wait=0"));
    assert_eq!(changed["reset"], true);
    assert!(ids(&changed).is_empty());
    let live = emulator.visitor("Live");
    let list = emulator.desk("GET", "/chats", &nothing());
    let listed = ids(&list);
    assert_eq!(listed.len(), MOST + 1);
    assert!(listed.contains(&last.chat.as_str()) && listed.contains(&live.chat.as_str()));
    let refused = emulator.raw_desk("GET", "/chats?ended=1001", &nothing());
    assert_eq!(refused.status, 400);
    assert_eq!(refused.json()["error"], "`ended`: at most 1000");
    // What is not in the list is there all the same.
    emulator.desk("GET", &format!("/chats/{}", first.chat), &nothing());
}

#[test]
fn no_more_fault_rules_are_taken_than_a_request_can_be_held_against() {
    let emulator = Emulator::start();
    let rule = json!({"kind": "status", "status": 500, "chat": "none"});
    for _ in 0..1_000 {
        emulator.fault(&rule);
    }
    let refused = emulator.raw_desk("POST", "/faults", &rule);
    assert_eq!(refused.status, 409);
    let why = refused.json()["error"].as_str().unwrap().to_owned();
    assert!(why.contains("1000"), "{why}");
    emulator.desk("DELETE", "/faults", &nothing());
    emulator.fault(&rule);
}

#[test]
fn a_list_tells_who_is_expected_to_do_something() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    let act = |operation: &str, body: Value| {
        let path = format!("/chats/{}/{operation}", maria.chat);
        emulator.desk("POST", &path, &body)
    };
    let listed = || emulator.desk("GET", "/chats", &nothing())["chats"][0].clone();
    assert_eq!(
        (&listed()["state"], &listed()["dialect"]),
        (&json!("waiting"), &json!("gms-v2"))
    );
    act("join", json!({"nickname": "Sue", "role": "supervisor"}));
    assert_eq!(listed()["state"], "waiting");
    assert_eq!(act("accept", json!({"nickname": "Mia"}))["participant"], 3);
    assert_eq!(listed()["state"], "running");
    act("hold", json!({}));
    assert_eq!(listed()["state"], "held");
    assert_eq!(
        listed()["people"],
        json!([
            {"id": 2, "nickname": "Sue", "role": "supervisor", "on_hold": false},
            {"id": 3, "nickname": "Mia", "role": "agent", "on_hold": true},
        ])
    );
    act("end", json!({}));
    assert_eq!(
        (listed()["state"].clone(), listed()["people"].clone()),
        (json!("ended"), json!([]))
    );
}

#[test]
fn of_two_who_accept_at_once_one_does() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    let path = format!("/chats/{}/accept", maria.chat);
    let statuses = std::thread::scope(|scope| {
        let accept = |nickname: &'static str| {
            let (emulator, path) = (&emulator, &path);
            scope.spawn(move || {
                emulator
                    .raw_desk("POST", path, &json!({"nickname": nickname}))
                    .status
            })
        };
        let mut statuses = [accept("Mia"), accept("Ben")].map(|desk| desk.join().unwrap());
        statuses.sort_unstable();
        statuses
    });
    assert_eq!(statuses, [200, 409]);
    let late = emulator.raw_desk("POST", &path, &json!({"nickname": "Mia"}));
    assert_eq!(late.json()["error"], "an agent is in the chat already");
    let joined = maria.types();
    assert_eq!(
        joined
            .iter()
            .filter(|kind| *kind == "ParticipantJoined")
            .count(),
        2
    );
}

#[test]
fn a_wrong_question_is_reported() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    for path in [
        "/changes?after=x".to_owned(),
        "/changes?after=-1".to_owned(),
        "/changes?since=1".to_owned(),
        "/chats?ended=many".to_owned(),
        format!("/chats/{}?from=x", maria.chat),
    ] {
        let reply = emulator.raw_desk("GET", &path, &nothing());
        assert_eq!(reply.status, 400, "{path}");
        assert!(!reply.json()["error"].as_str().unwrap().is_empty());
    }
    let unknown = emulator.raw_desk("GET", "/nowhere", &nothing());
    assert_eq!(unknown.status, 404);
    assert_eq!(unknown.json()["error"], "no such call");
}

#[test]
fn keys_are_never_shown() {
    let emulator = Emulator::start();
    let maria = emulator.visitor("Maria");
    let mut keys = vec![maria.key.clone(), maria.user.clone()];
    for _ in 0..20 {
        let key = maria.say("Hello")["secureKey"].as_str().unwrap().to_owned();
        keys.push(key);
    }
    for path in [
        "/changes?after=0",
        "/chats",
        &format!("/chats/{}", maria.chat),
    ] {
        let shown = emulator.raw_desk("GET", path, &nothing()).text();
        assert!(shown.contains("Maria"), "{path}");
        assert!(
            !keys.iter().any(|key| shown.contains(key.as_str())),
            "{path}"
        );
    }
}
