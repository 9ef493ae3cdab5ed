//! Positions are inclusive, count hidden events, and say 1 after the end (protocol section 1, positions).

use crate::talk::{Talk, indexes, types};
use parlour_emulator::model::Role;

#[test]
fn a_position_brings_that_event_and_all_later_ones() {
    let mut talk = Talk::start();
    for word in ["a", "b", "c"] {
        talk.call("send", &[("message", word)]);
    }
    assert_eq!(indexes(&talk.call("refresh", &[])), [1, 2, 3, 4]);
    assert_eq!(
        indexes(&talk.call("refresh", &[("transcriptPosition", "")])),
        [1, 2, 3, 4]
    );
    assert_eq!(
        indexes(&talk.call("refresh", &[("transcriptPosition", "1")])),
        [1, 2, 3, 4]
    );
    assert_eq!(
        indexes(&talk.call("refresh", &[("transcriptPosition", "3")])),
        [3, 4]
    );
    assert_eq!(
        indexes(&talk.call("refresh", &[("transcriptPosition", "-1")])),
        [4]
    );
    assert!(indexes(&talk.call("refresh", &[("transcriptPosition", "0")])).is_empty());
    assert!(indexes(&talk.call("refresh", &[("transcriptPosition", "5")])).is_empty());
    assert!(indexes(&talk.call("refresh", &[("transcriptPosition", "4000000000000")])).is_empty());
}

#[test]
fn hidden_events_use_up_an_index() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    let agent = talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    talk.world.hold(&chat, agent, now).unwrap();
    let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
    assert_eq!(indexes(&reply), [3]);
    assert_eq!(
        reply["messages"][0]["eventAttributes"]["general-properties"]["reason-for-leave"],
        "HOLD"
    );
    assert_eq!(reply["nextPosition"], 5);
    talk.world.return_from_hold(&chat, agent, now).unwrap();
    let reply = talk.call("refresh", &[("transcriptPosition", "4")]);
    assert_eq!(
        (indexes(&reply), types(&reply)),
        (vec![5], vec!["ParticipantJoined"])
    );
}

#[test]
fn the_last_events_can_be_read_after_the_agents_ended_the_chat() {
    let mut talk = Talk::start();
    let (chat, now) = (talk.chat.clone(), talk.now_ms);
    talk.world.join(&chat, "Anna", Role::Agent, now).unwrap();
    talk.world.end(&chat, now).unwrap();
    for _ in 0..2 {
        let reply = talk.call("refresh", &[("transcriptPosition", "3")]);
        assert_eq!(types(&reply), ["ParticipantLeft", "ParticipantLeft"]);
        assert_eq!(reply["messages"][0]["from"]["type"], "Agent");
        assert_eq!(reply["messages"][1]["from"]["type"], "Client");
        assert_eq!(
            (&reply["chatEnded"], &reply["nextPosition"]),
            (&true.into(), &1.into())
        );
    }
    let reply = talk.call("send", &[("message", "still there?")]);
    assert_eq!(
        (&reply["statusCode"], &reply["chatEnded"]),
        (&2.into(), &true.into())
    );
}
