//! What the lines say: who is back, who is called otherwise, why a chat is over, and what was not sent.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Command, Connection, EndReason, Network, Phase};
use serde_json::json;

/// Fails every request until then.
fn out_for(rig: &mut Rig, seconds: u64) {
    rig.network(Network::Offline);
    let end = rig.now.moment + secs(seconds);
    while rig.now.moment < end {
        for request in rig.pending() {
            rig.fail_id(request.id, parlour_chat::Failure::Unreachable);
        }
        rig.advance(millis(100));
    }
    rig.network(Network::Online);
}

#[test]
fn an_agent_who_returns_from_hold_is_back() {
    let elsewhere = json!({"nickname": "Anna", "participantId": 7, "type": "Agent"});
    for returning in [agent(), elsewhere] {
        let mut rig = Rig::with_agent();
        rig.refresh(&[agent_leaves(3, Some("HOLD"))], 4);
        rig.refresh(&[event(4, "ParticipantJoined", returning)], 5);
        assert_eq!(
            rig.lines(),
            ["Anna joined", "Anna left (hold)", "Anna is back"]
        );
        rig.reload();
        rig.refresh(
            &[
                own_join(1),
                agent_joins(2),
                agent_leaves(3, Some("HOLD")),
                event(4, "ParticipantJoined", agent()),
            ],
            5,
        );
        assert_eq!(
            rig.lines(),
            ["Anna joined", "Anna left (hold)", "Anna is back"]
        );
    }
}

#[test]
fn a_colleague_who_comes_during_the_hold_has_joined() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_leaves(3, Some("HOLD"))], 4);
    let bert = event(4, "ParticipantJoined", colleague());
    rig.refresh(&[bert, agent_leaves(5, None), agent_joins(6)], 7);
    assert_eq!(
        rig.lines()[2..],
        ["Bert joined", "Anna left", "Anna joined"]
    );
}

#[test]
fn a_visitor_who_was_dropped_hears_that_the_connection_was_lost() {
    let mut rig = Rig::with_agent();
    rig.draft("I was about to s");
    out_for(&mut rig, 52);
    rig.answer(
        "refresh",
        ended(&[visitor_leaves(3), agent_leaves(4, None)]),
    );
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Dropped));
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "me: I was about to s (failed: ChatEnded)",
            "ended Dropped"
        ]
    );
    rig.command(Command::StartAgain);
    assert_eq!(rig.state().phase, Phase::Starting);
    assert_eq!(rig.field("start", "nickname").as_deref(), Some("Maria"));
    rig.answer("start", started());
    assert_eq!(rig.composer, "I was about to s");
}

#[test]
fn a_chat_that_the_server_has_forgotten_meanwhile_was_dropped_too() {
    let mut rig = Rig::with_agent();
    out_for(&mut rig, 52);
    rig.answer("refresh", gone());
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Dropped));
}

#[test]
fn an_outage_that_the_chat_has_survived_is_no_reason() {
    let mut rig = Rig::with_agent();
    out_for(&mut rig, 52);
    rig.answer("refresh", transcript(&[], 3));
    rig.refresh_with(ended(&[visitor_leaves(3), agent_leaves(4, None)]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Elsewhere));
}

#[test]
fn who_ended_it_in_another_tab_hears_so() {
    let mut rig = Rig::with_agent();
    rig.refresh_with(ended(&[visitor_leaves(3), agent_leaves(4, None)]));
    assert_eq!(rig.lines(), ["Anna joined", "ended Elsewhere"]);
}

#[test]
fn an_agent_who_closes_the_chat_is_seen_to_leave() {
    let mut rig = Rig::with_agent();
    rig.refresh_with(ended(&[agent_leaves(3, None), visitor_leaves(4)]));
    assert_eq!(rig.lines(), ["Anna joined", "Anna left", "ended ByServer"]);
}

#[test]
fn after_a_reload_nobody_knows_what_happened_meanwhile() {
    let mut rig = Rig::with_agent();
    rig.reload();
    rig.refresh_with(ended(&[
        own_join(1),
        agent_joins(2),
        visitor_leaves(3),
        agent_leaves(4, None),
    ]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
}

#[test]
fn a_page_without_the_answers_dismisses_the_chat() {
    let mut rig = Rig::with_agent();
    rig.reload();
    rig.refresh_with(gone());
    rig.command(Command::StartAgain);
    assert_eq!(rig.state().phase, Phase::Idle);
}

#[test]
fn what_was_being_written_when_the_agent_ends_the_chat_stays_to_be_read() {
    let mut rig = Rig::with_agent();
    rig.draft("One more thing");
    rig.refresh_with(ended(&[agent_leaves(3, None)]));
    let lines = [
        "Anna joined",
        "Anna left",
        "me: One more thing (failed: ChatEnded)",
        "ended ByServer",
    ];
    assert_eq!(rig.lines(), lines);
    rig.reload();
    assert_eq!(rig.lines(), lines);
    rig.command(Command::Reset);
    assert_eq!(rig.composer, "One more thing");
}

#[test]
fn a_chat_that_nobody_took_is_not_said_to_have_been_ended_by_the_visitor() {
    let mut rig = Rig::chatting();
    rig.refresh_with(ended(&[visitor_leaves(2)]));
    assert_eq!(rig.lines(), ["ended ByServer"]);
}

#[test]
fn a_chat_that_is_closed_on_hold_is_not_said_to_have_been_ended_by_the_visitor() {
    for reason in ["HOLD", "TRANSFER"] {
        let mut rig = Rig::with_agent();
        rig.refresh(&[agent_leaves(3, Some(reason))], 4);
        rig.refresh_with(ended(&[visitor_leaves(4)]));
        assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    }
}

#[test]
fn a_visitor_who_was_dropped_while_waiting_hears_that_the_connection_was_lost() {
    let mut rig = Rig::chatting();
    out_for(&mut rig, 52);
    rig.answer("refresh", ended(&[visitor_leaves(2)]));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Dropped));
}

#[test]
fn a_refusal_is_no_word_on_the_connection() {
    let mut rig = Rig::with_agent();
    rig.say("not this");
    rig.answer_with("send", http(400, ""));
    assert_eq!(rig.lines()[1], "me: not this (failed: Refused)");
    assert_eq!(rig.state().connection, Connection::Up);
    rig.command(ChatCommand::Rename("Eva".into()));
    rig.answer_with("updateNickname", http(400, ""));
    assert_eq!(rig.state().connection, Connection::Up);
}
