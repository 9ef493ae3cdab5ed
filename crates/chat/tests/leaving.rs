//! Hold, transfer and an agent really leaving are different things, and read so; the chat's end is in `ending.rs`.

mod common;

use common::*;
use parlour_chat::{Agents, ParticipantKind, Phase};
use serde_json::{Value, json};

fn present(rig: &Rig) -> Vec<&str> {
    rig.state()
        .participants
        .iter()
        .map(|who| who.nickname.as_str())
        .collect()
}

fn joins(index: u64, who: Value) -> Value {
    event(index, "ParticipantJoined", who)
}

fn leaves(index: u64, who: Value) -> Value {
    event(index, "ParticipantLeft", who)
}

fn supervisor() -> Value {
    json!({"nickname": "Sue", "participantId": 9, "type": "Supervisor"})
}

#[test]
fn nobody_has_come_at_first() {
    let rig = Rig::chatting();
    assert_eq!(rig.state().agents, Agents::Awaited);
    assert_eq!(rig.lines(), [""; 0], "one's own arrival is no news");
}

#[test]
fn an_agent_comes() {
    let rig = Rig::with_agent();
    assert_eq!(rig.state().agents, Agents::Present);
    assert_eq!(present(&rig), ["Anna"]);
    assert_eq!(rig.state().participants[0].kind, ParticipantKind::Agent);
    assert_eq!(rig.lines(), ["Anna joined"]);
}

#[test]
fn agents_without_ids_are_told_apart_by_name() {
    let mut rig = Rig::chatting();
    let [anna, bert] = ["Anna", "Bert"].map(|name| json!({"nickname": name, "type": "Agent"}));
    rig.refresh(&[joins(2, anna.clone()), joins(3, bert)], 4);
    assert_eq!(present(&rig), ["Anna", "Bert"]);
    rig.refresh(&[leaves(4, anna)], 5);
    assert_eq!(present(&rig), ["Bert"]);
    assert_eq!(rig.state().agents, Agents::Present);
}

#[test]
fn an_agent_on_hold_will_be_back() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(3, Some("HOLD"))], 5);
    let Agents::OnHold(who) = &rig.state().agents else {
        panic!("{}", rig.describe());
    };
    assert_eq!(who.nickname, "Anna");
    assert_eq!(rig.state().phase, Phase::Chatting);
    rig.refresh(&[agent_joins(5)], 6);
    assert_eq!(rig.state().agents, Agents::Present);
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna left (hold)", "Anna is back"]
    );
}

#[test]
fn a_transfer_brings_a_colleague() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(3, Some("TRANSFER"))], 4);
    assert!(matches!(&rig.state().agents, Agents::Transferring(who) if who.nickname == "Anna"));
    rig.refresh(&[joins(4, colleague())], 5);
    assert_eq!(rig.state().agents, Agents::Present);
    assert_eq!(present(&rig), ["Bert"]);
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna left (transfer)", "Bert joined"]
    );
}

#[test]
fn a_colleague_who_comes_before_the_first_one_goes_is_there() {
    let mut rig = Rig::with_agent();
    rig.refresh(
        &[joins(3, colleague()), agent_leaves(4, Some("TRANSFER"))],
        5,
    );
    assert_eq!(rig.state().agents, Agents::Present);
    assert_eq!(present(&rig), ["Bert"]);
}

#[test]
fn an_agent_really_leaves_and_the_chat_goes_on() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(3, None)], 4);
    assert_eq!(
        (&rig.state().agents, &rig.state().phase),
        (&Agents::Gone, &Phase::Chatting)
    );
    assert_eq!(rig.lines(), ["Anna joined", "Anna left"]);
    rig.say("hello?");
    assert!(rig.is_pending("send"));
}

#[test]
fn reasons_are_read_liberally() {
    for (attributes, line) in [
        (
            json!({"general-properties": {"reason-for-leave": "hold"}}),
            "Anna left (hold)",
        ),
        (
            json!({"general-properties": {"reason-for-leave": ""}}),
            "Anna left",
        ),
        (
            json!({"general-properties": {"reason-for-leave": null}}),
            "Anna left",
        ),
        (
            json!({"general-properties": "{\"reason-for-leave\":\"TRANSFER\"}"}),
            "Anna left (transfer)",
        ),
        (
            json!("{\"general-properties\":{\"reason-for-leave\":\"HOLD\"}}"),
            "Anna left (hold)",
        ),
        (
            json!({"general-properties": {"reason-for-leave": "LUNCH"}}),
            "Anna left (other: LUNCH)",
        ),
        (json!("not json"), "Anna left"),
        (json!(null), "Anna left"),
    ] {
        let mut rig = Rig::with_agent();
        let left = with(agent_leaves(3, None), "eventAttributes", attributes.clone());
        rig.refresh(&[left], 4);
        assert_eq!(rig.lines(), ["Anna joined", line], "{attributes}");
    }
}

#[test]
fn a_reason_of_the_integrators_own_is_a_leaving_like_any() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(3, Some("LUNCH"))], 4);
    assert_eq!(rig.state().agents, Agents::Gone);
}

#[test]
fn a_supervisor_who_stays_keeps_the_visitor_company() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[joins(3, supervisor())], 4);
    assert_eq!(present(&rig), ["Anna", "Sue"]);
    rig.refresh(&[agent_leaves(4, Some("HOLD"))], 5);
    assert_eq!(
        (present(&rig), &rig.state().agents),
        (vec!["Sue"], &Agents::Present)
    );
    rig.refresh(&[leaves(5, supervisor())], 6);
    let Agents::OnHold(holder) = &rig.state().agents else {
        panic!("{:?}", rig.state().agents);
    };
    assert_eq!(holder.nickname, "Anna");
}

#[test]
fn a_join_told_twice_is_one_participant() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_joins(3)], 4);
    assert_eq!(present(&rig), ["Anna"]);
}

#[test]
fn the_system_neither_comes_nor_goes() {
    let mut rig = Rig::chatting();
    rig.refresh(&[joins(2, system()), leaves(3, system())], 4);
    assert_eq!(rig.state().agents, Agents::Awaited);
    assert_eq!(rig.lines(), [""; 0]);
}

#[test]
fn a_bot_comes_and_goes_like_a_person() {
    let party = json!({"GCTI_SYSTEM": {"party-info": "{\"style\":\"BOT\"}"}});
    let bot = json!({"nickname": "Robo", "participantId": 5, "type": "External"});
    let mut rig = Rig::chatting();
    rig.refresh(&[with(joins(2, bot.clone()), "eventAttributes", party)], 3);
    assert_eq!(present(&rig), ["Robo"]);
    assert_eq!(rig.state().participants[0].kind, ParticipantKind::Bot);
    // Later events of the same participant need not say again what it is.
    rig.refresh(
        &[with(
            event(3, "Message", bot.clone()),
            "text",
            json!("Beep"),
        )],
        4,
    );
    assert_eq!(rig.incoming, ["Robo joined", "Robo: Beep"]);
    rig.refresh(&[leaves(4, bot)], 5);
    assert_eq!(present(&rig), [""; 0]);
    assert_eq!(rig.state().agents, Agents::Gone);
    assert_eq!(rig.lines(), ["Robo joined", "Robo: Beep", "Robo left"]);
}
