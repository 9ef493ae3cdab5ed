//! A reload while the server cannot be reached: the transcript is shown as it was last known, marked as such, and
//! becomes the server's own in place.

mod common;

use common::*;
use parlour_chat::{Change, Connection, Output, Session};
use serde_json::{Value, json};

const LINES: [&str; 5] = [
    "Anna joined",
    "Anna: Hi!",
    "me: hello",
    "Anna: file a.pdf (there)",
    "Anna: Look.",
];

fn events() -> Vec<Value> {
    vec![
        own_join(1),
        agent_joins(2),
        agent_says(3, "Hi!"),
        visitor_says(5, "hello"),
        uploaded(6, agent(), "F1", "a.pdf", 3),
        agent_says(8, "Look."),
    ]
}

fn chat() -> Rig {
    let mut rig = Rig::with_agent();
    rig.refresh(&events()[2..], 9);
    assert_eq!(rig.lines(), LINES);
    rig
}

#[test]
fn the_transcript_is_there_before_the_server_is() {
    let mut rig = chat();
    rig.say("one more");
    rig.reload();
    assert_eq!(rig.lines()[..5], LINES);
    assert_eq!(rig.lines()[5], "me: one more (sending)");
    assert_eq!(rig.state().participants.len(), 1);
    assert!(!rig.state().is_last_known, "it may come at once");
    rig.fail("refresh");
    assert_eq!(rig.state().connection, Connection::Reconnecting);
    assert!(rig.state().is_last_known);
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(&events(), 9));
    assert!(!rig.state().is_last_known);
    assert_eq!(rig.lines()[..5], LINES);
    assert_eq!(rig.incoming.len(), 0, "no sound for what was heard before");
}

#[test]
fn a_page_catches_up_until_the_transcript_is_read() {
    let mut rig = chat();
    assert!(!rig.state().is_catching_up, "it follows");
    rig.reload();
    assert!(rig.state().is_catching_up);
    rig.fail("refresh");
    assert!(rig.state().is_catching_up);
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(&events(), 9));
    assert!(!rig.state().is_catching_up);
    rig.refresh(&[agent_says(9, "Well?")], 10);
    assert!(!rig.state().is_catching_up, "this is news");
}

#[test]
fn what_was_known_stays_in_place_and_what_was_not_comes_between() {
    let mut rig = chat();
    let mut all = events();
    all.insert(3, agent_says(4, "between"));
    all.push(agent_says(9, "after"));
    rig.reload();
    let before: Vec<_> = rig.entries().iter().map(|entry| entry.id).collect();
    rig.answer("refresh", transcript(&all, 10));
    let after: Vec<_> = rig.entries().iter().map(|entry| entry.id).collect();
    assert!(
        before.iter().all(|id| after.contains(id)),
        "no row is drawn anew"
    );
    let mut lines: Vec<&str> = LINES.to_vec();
    lines.insert(2, "Anna: between");
    lines.push("Anna: after");
    assert_eq!(rig.lines(), lines);
}

#[test]
fn the_servers_word_counts() {
    let mut rig = chat();
    rig.reload();
    let mut changed = events();
    changed[2] = agent_says(3, "Good morning!");
    changed.remove(3);
    rig.answer("refresh", transcript(&changed, 9));
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "Anna: Good morning!",
            "Anna: file a.pdf (there)",
            "Anna: Look."
        ]
    );
}

#[test]
fn a_transcript_of_another_chat_or_of_nobody_is_not_shown() {
    for change in [
        (|data| data["chat"] = json!("another")) as fn(&mut Value),
        |data| *data = json!([]),
        |data| *data = json!({"chat": CHAT, "entries": [7, {}, {"index": "x"}]}),
        |data| *data = json!("garbage"),
    ] {
        let mut rig = chat();
        let record = rig.storage.get_mut("transcript").unwrap();
        let mut value: Value = serde_json::from_str(record.value.as_ref().unwrap()).unwrap();
        change(&mut value["data"]);
        record.value = Some(value.to_string());
        rig.reload();
        assert_eq!(rig.lines(), [""; 0]);
        rig.answer("refresh", transcript(&events(), 9));
        assert_eq!(rig.lines(), LINES);
    }
}

#[test]
fn an_echo_that_was_stored_before_its_message_was_erased_is_shown_once() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    let waiting = rig.storage.clone();
    rig.answer("send", transcript(&[visitor_says(3, "hello")], 4));
    let outbox = waiting
        .into_iter()
        .find(|(name, _)| name.starts_with("outbox/"));
    rig.storage.extend(outbox);
    rig.reload();
    rig.answer(
        "refresh",
        transcript(&[own_join(1), agent_joins(2), visitor_says(3, "hello")], 4),
    );
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    rig.serve(secs(90));
    assert_eq!(rig.times("send").len(), 0);
}

#[test]
fn a_long_chat_keeps_its_end_within_bounds() {
    let mut rig = Rig::with_agent();
    let long = "x".repeat(1_000);
    let many: Vec<Value> = (3..303).map(|index| agent_says(index, &long)).collect();
    rig.refresh(&many, 303);
    rig.refresh(&[agent_says(303, "the end")], 304);
    let stored = rig.storage["transcript"].value.as_ref().unwrap().len();
    assert!((40_000..80_000).contains(&stored), "{stored} bytes");
    rig.reload();
    assert_eq!(rig.lines().last().unwrap(), "Anna: the end");
    assert!((40..80).contains(&rig.lines().len()));
    let mut all = vec![own_join(1), agent_joins(2)];
    all.extend(many);
    all.push(agent_says(303, "the end"));
    rig.answer("refresh", transcript(&all, 304));
    assert_eq!(rig.lines().len(), 302);
    assert_eq!(rig.lines()[0], "Anna joined");
}

#[test]
fn it_is_written_when_the_server_has_something_new_and_not_otherwise() {
    let writes = |session: &mut Session| {
        let mut count = 0;
        while let Some(output) = session.poll() {
            count += usize::from(
                matches!(&output, Output::Store(record) if record.name.0 == "transcript"),
            );
            assert!(!matches!(output, Output::Timeline(Change::Clear)));
        }
        count
    };
    let mut rig = chat();
    for _ in 0..3 {
        let command = parlour_chat::Command::Draft("typing".into());
        rig.session
            .handle(parlour_chat::Input::Command(command), rig.now);
        assert_eq!(writes(&mut rig.session), 0);
    }
}

#[test]
fn it_is_erased_with_the_chat() {
    let mut rig = chat();
    rig.refresh_with(ended(&[]));
    let kept: Vec<&str> = rig.storage.keys().map(String::as_str).collect();
    assert_eq!(kept, ["ended"]);
}
