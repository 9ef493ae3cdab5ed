//! A restarted server is the journal played again.

use crate::talk::{Talk, body, indexes};
use parlour_emulator::model::{Change, LeaveReason, NewFile, Options, Role, World};

#[test]
fn nothing_durable_is_lost() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    let agent = talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    talk.call("send", &[("message", "hello"), ("messageType", "text")]);
    talk.call("updateData", &[("userData[order]", "4711")]);
    talk.call("updateNickname", &[("nickname", "Mary")]);
    talk.call("readReceipt", &[("transcriptPosition", "2")]);
    talk.call("refresh", &[("message", "I am typ")]);
    talk.call("stopTyping", &[]);
    talk.call("pushUrl", &[("pushUrl", "url.to.see")]);
    talk.call("customNotice", &[("eventAttributes", r#"{"a":[1,null]}"#)]);
    let mine = body(&talk.upload("mine.txt", b"mine"));
    let mine = mine["userData"]["file-id"].as_str().unwrap().to_owned();
    talk.call(&format!("file/{mine}/delete"), &[]);
    talk.world.change_alias(&chat).unwrap();
    talk.world.notice(&chat, agent, "note", now).unwrap();
    talk.world.hold(&chat, agent, now).unwrap();
    talk.world.return_from_hold(&chat, agent, now).unwrap();
    let agent = talk.world.transfer(&chat, agent, "Ben", now).unwrap();
    let boss = talk
        .world
        .join(&chat, "Boss", Role::Supervisor, now)
        .unwrap();
    let reason = LeaveReason::Other("LUNCH".into());
    talk.world.leave_because(&chat, boss, reason, now).unwrap();
    talk.world.idle_alert(&chat, 30, now).unwrap();
    let file = NewFile {
        name: "a.txt".into(),
        size: 3,
        ..NewFile::default()
    };
    talk.world
        .send_file(&chat, agent, file, |_| Ok(()), now)
        .unwrap();

    // Over text, as a real store keeps it.
    let journal: Vec<String> = talk
        .world
        .take_changes()
        .iter()
        .map(|c| serde_json::to_string(c).unwrap())
        .collect();
    let changes = journal
        .iter()
        .map(|line| serde_json::from_str::<Change>(line).unwrap());
    let restored = World::replay(7, Options::default(), changes);

    let (old, new) = (
        talk.world.chat(&chat).unwrap(),
        restored.chat(&chat).unwrap(),
    );
    assert_eq!(old.events(), new.events());
    assert_eq!(old.participants(), new.participants());
    assert_eq!(old.user_data(), new.user_data());
    assert_eq!(old.files(), new.files());
    assert_eq!(old.read_up_to(), new.read_up_to());
    assert_eq!(old.started(), new.started());
    assert_eq!(old.idle_deadline_ms(), new.idle_deadline_ms());
    assert_eq!(
        (old.alias(), old.key(), old.user_id()),
        (new.alias(), new.key(), new.user_id())
    );

    talk.world = restored;
    let indexes = indexes(&talk.call("refresh", &[]));
    assert!(indexes.len() > 15 && indexes.is_sorted());
}

#[test]
fn the_same_seed_draws_no_name_twice() {
    let mut talk = Talk::start();
    let journal = talk.world.take_changes();
    let mut again = World::replay(7, Options::default(), journal);
    let second = again.start_chat(parlour_emulator::model::NewChat::default(), 0);
    assert_ne!(second, talk.chat);
    assert_ne!(again.chat(&second).unwrap().key(), talk.key);
}

#[test]
fn a_visitor_is_not_dropped_for_the_servers_own_silence() {
    let mut talk = Talk::start();
    let journal = talk.world.take_changes();
    let mut again = World::replay(7, Options::default(), journal);
    let late = talk.now_ms + 3_600_000;
    again.tick(late);
    again.tick(late + 44_999);
    assert!(again.chat(&talk.chat).unwrap().end().is_none());
    again.tick(late + 45_000);
    assert!(again.chat(&talk.chat).unwrap().end().is_some());
}
