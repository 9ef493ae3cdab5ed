//! How a chat ends: by the server, by the visitor, unseen; with its last words, and with what was not sent.

mod common;

use common::*;
use parlour_chat::{Agents, ChatCommand, Command, Connection, EndReason, Network, Phase};
use serde_json::json;

#[test]
fn the_chat_ends_with_its_last_words() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    let events = [
        agent_says(3, "bye"),
        agent_leaves(4, None),
        event(5, "ParticipantLeft", visitor()),
    ];
    rig.answer("refresh", ended(&events));
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByServer));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: bye", "Anna left", "ended ByServer"]
    );
    assert!(!rig.will_wake());
    let before = rig.requests();
    rig.advance(secs(3_600));
    assert_eq!(rig.requests(), before);
}

#[test]
fn an_end_told_by_another_reply_waits_for_the_last_words() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.answer("startTyping", with(done(), "chatEnded", json!(true)));
    rig.wait_until("the last look", |rig| rig.is_pending("refresh"));
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("3")
    );
    rig.answer("refresh", ended(&[agent_says(3, "bye")]));
    assert_eq!(rig.lines()[..2], ["Anna joined", "Anna: bye"]);
    assert_eq!(
        rig.lines()[2..],
        ["me: h (failed: ChatEnded)", "ended ByServer"]
    );
}

#[test]
fn an_end_told_by_another_reply_comes_without_last_words_too() {
    for lost in [true, false] {
        let mut rig = Rig::with_agent();
        rig.draft("h");
        rig.answer("startTyping", with(done(), "chatEnded", json!(true)));
        for _ in 0..5 {
            if rig.state().phase == Phase::Chatting {
                rig.wait_for("refresh");
                if lost {
                    rig.fail("refresh");
                } else {
                    rig.answer("refresh", gone());
                }
            }
        }
        assert_eq!(
            rig.state().phase,
            Phase::Ended(EndReason::ByServer),
            "lost: {lost}"
        );
        assert!(!rig.will_wake());
    }
}

#[test]
fn a_send_that_hears_of_the_end_first_waits_for_the_last_words() {
    for outcome in [gone(), with(try_again(), "chatEnded", json!(true))] {
        let mut rig = Rig::with_agent();
        rig.say("one more thing");
        rig.answer("send", outcome);
        rig.wait_for("refresh");
        rig.answer(
            "refresh",
            ended(&[agent_says(3, "bye"), agent_leaves(4, None)]),
        );
        assert_eq!(
            rig.lines(),
            [
                "Anna joined",
                "Anna: bye",
                "Anna left",
                "me: one more thing (failed: ChatEnded)",
                "ended ByServer"
            ]
        );
    }
}

#[test]
fn an_end_that_the_transcript_does_not_confirm_was_none() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.answer("startTyping", with(done(), "chatEnded", json!(true)));
    rig.say("still there?");
    rig.wait_for("refresh");
    rig.answer("refresh", transcript(&[agent_says(3, "yes")], 4));
    assert!(!rig.is_pending("refresh"), "no faster than usual");
    rig.wait_for("send");
    rig.answer("send", transcript(&[visitor_says(4, "still there?")], 5));
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: yes", "me: still there?"]
    );
}

#[test]
fn the_visitor_may_end_it_while_the_last_words_are_awaited() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.answer("startTyping", with(done(), "chatEnded", json!(true)));
    rig.wait_for("refresh");
    rig.command(Command::End);
    for _ in 0..3 {
        if rig.state().phase == Phase::Ending {
            rig.wait_for("refresh");
            rig.advance(secs(12));
        }
    }
    assert_eq!(
        rig.lines()[1..],
        ["me: h (failed: ChatEnded)", "ended ByServer"]
    );
    assert_eq!(rig.times("disconnect").len(), 0);
}

#[test]
fn a_chat_the_server_does_not_know_is_gone() {
    for status in [200, 400, 404, 500] {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(status, &gone().to_string()));
        assert_eq!(
            rig.state().phase,
            Phase::Ended(EndReason::Gone),
            "HTTP {status}"
        );
        assert_eq!(rig.lines(), ["Anna joined", "ended Gone"]);
    }
}

#[test]
fn an_end_counts_whatever_the_status() {
    let mut rig = Rig::with_agent();
    rig.answer_next("refresh", with(try_again(), "chatEnded", json!(true)));
    assert!(matches!(rig.state().phase, Phase::Ended(_)));
    assert_eq!(rig.texts(), [""; 0], "but trust nothing else");
}

#[test]
fn a_refused_refresh_without_an_end_is_settled_by_the_next() {
    let mut rig = Rig::with_agent();
    for _ in 0..2 {
        rig.answer_next("refresh", refusal(249, ""));
        assert_eq!(rig.state().phase, Phase::Chatting);
    }
    rig.refresh(&[agent_says(3, "here")], 4);
    for round in 0..3 {
        assert_eq!(rig.state().phase, Phase::Chatting, "round {round}");
        rig.answer_next("refresh", refusal(249, ""));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Gone));
}

#[test]
fn a_refused_typing_is_no_end() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.answer("startTyping", refusal(249, ""));
    rig.serve(secs(60));
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_broken_connection_is_no_end() {
    let mut rig = Rig::with_agent();
    for _ in 0..30 {
        rig.wait_for("refresh");
        rig.fail("refresh");
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(rig.state().connection, Connection::Reconnecting);
        assert_eq!(rig.state().agents, Agents::Present);
    }
    rig.refresh(&[agent_says(3, "there?")], 4);
    assert_eq!(rig.state().connection, Connection::Up);
    assert_eq!(
        rig.lines(),
        ["Anna joined", "Anna: there?"],
        "no line for it"
    );
}

#[test]
fn the_visitor_ends_it() {
    let mut rig = Rig::with_agent();
    rig.command(Command::End);
    assert_eq!(rig.state().phase, Phase::Ending);
    let names: Vec<String> = fields(rig.request("disconnect"))
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(names, ["userId", "secureKey", "alias"]);
    rig.answer(
        "disconnect",
        json!({
            "messages": null, "chatEnded": null, "statusCode": 0,
            "alias": null, "secureKey": null, "userId": null,
        }),
    );
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    assert_eq!(rig.lines(), ["Anna joined", "ended ByVisitor"]);
    assert!(!rig.will_wake());
}

#[test]
fn messages_on_their_way_leave_before_the_end() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.say("two");
    rig.command(Command::End);
    assert!(!rig.is_pending("disconnect"));
    rig.answer("send", transcript(&[visitor_says(3, "one")], 4));
    assert_eq!(rig.field("send", "message").as_deref(), Some("two"));
    rig.answer("send", transcript(&[visitor_says(4, "two")], 5));
    rig.answer("disconnect", done());
    assert_eq!(
        rig.lines(),
        ["Anna joined", "me: one", "me: two", "ended ByVisitor"]
    );
}

#[test]
fn the_end_does_not_wait_for_ever() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.advance(secs(1));
    rig.command(Command::End);
    rig.fail("send");
    let ended_at = rig.now.moment;
    rig.wait_for("disconnect");
    assert!(rig.now.moment.since(ended_at) <= secs(10));
    rig.answer("disconnect", done());
    assert_eq!(
        rig.lines()[1..],
        ["me: one (failed: ChatEnded)", "ended ByVisitor"]
    );
}

#[test]
fn a_disconnect_without_an_answer_is_tried_a_few_times() {
    let mut rig = Rig::with_agent();
    rig.command(Command::End);
    for _ in 0..3 {
        assert_eq!(rig.state().phase, Phase::Ending);
        rig.wait_for("disconnect");
        rig.fail("disconnect");
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Untold));
    rig.advance(secs(600));
    assert_eq!(rig.times("disconnect").len(), 3);
}

#[test]
fn a_disconnect_that_is_refused_or_too_late_ends_it_all_the_same() {
    for reply in [gone(), refusal(249, ""), ended(&[])] {
        let mut rig = Rig::with_agent();
        rig.command(Command::End);
        rig.answer("disconnect", reply);
        assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    }
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.command(Command::End);
    rig.answer("refresh", ended(&[agent_says(3, "bye")]));
    assert_eq!(rig.lines()[1..], ["Anna: bye", "ended ByVisitor"]);
}

#[test]
fn a_browser_that_says_offline_is_no_reason_not_to_tell_the_server() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    rig.say("one");
    rig.command(Command::End);
    rig.answer("refresh", transcript(&[], 3));
    rig.answer("send", transcript(&[visitor_says(3, "one")], 4));
    rig.answer("disconnect", done());
    assert_eq!(rig.lines()[1..], ["me: one", "ended ByVisitor"]);
}

#[test]
fn ending_offline_is_at_once() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    rig.wait_for("refresh");
    rig.fail("refresh");
    rig.command(Command::End);
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::ByVisitor));
    assert_eq!(rig.pending_operations(), [""; 0]);
}

#[test]
fn the_end_leaves_a_message_its_own_reason() {
    let mut rig = Rig::with_agent();
    rig.say("a long story");
    rig.answer("send", refusal(204, "14700"));
    rig.answer_next("refresh", ended(&[]));
    assert_eq!(
        rig.lines()[1..],
        [
            "me: a long story (failed: MessageTooLong)",
            "ended ByServer"
        ]
    );
}

#[test]
fn what_was_not_sent_is_kept_through_the_end() {
    let mut rig = Rig::with_agent();
    rig.say("one");
    rig.say("two");
    rig.draft("half a tho");
    rig.answer_next("refresh", ended(&[agent_leaves(3, None)]));
    assert_eq!(
        rig.lines()[1..],
        [
            "Anna left",
            "me: one (failed: ChatEnded)",
            "me: two (failed: ChatEnded)",
            "me: half a tho (failed: ChatEnded)",
            "ended ByServer"
        ]
    );
    assert_eq!(rig.pending_operations(), [""; 0], "the send was given up");
}

#[test]
fn unsent_texts_go_into_the_new_chats_composer() {
    let ended_rig = || {
        let mut rig = Rig::with_agent();
        rig.say("sent");
        rig.answer("send", transcript(&[visitor_says(3, "sent")], 4));
        rig.say("one");
        rig.say("two");
        rig.draft("half a tho");
        rig.answer_next("refresh", gone());
        rig
    };
    let mut rig = ended_rig();
    rig.command(Command::Reset);
    assert_eq!(rig.state().phase, Phase::Idle);
    assert_eq!(rig.composer, "one\ntwo\nhalf a tho");
    assert_eq!(rig.lines(), [""; 0]);
    rig.start();
    rig.answer("start", started());
    assert_eq!(rig.session.draft(), "one\ntwo\nhalf a tho");

    let mut rig = ended_rig();
    rig.start();
    assert_eq!(rig.state().phase, Phase::Starting);
    assert_eq!(rig.composer, "one\ntwo\nhalf a tho");
}

#[test]
fn an_unsent_text_can_be_taken_back_after_the_end() {
    let mut rig = Rig::with_agent();
    let one = rig.say("one");
    let two = rig.say("two");
    rig.answer_next("refresh", gone());
    rig.command(ChatCommand::Retry(one));
    assert_eq!(
        rig.pending_operations(),
        [""; 0],
        "there is no chat to send it to"
    );
    rig.command(ChatCommand::Edit(one));
    assert_eq!(rig.composer, "one");
    rig.command(ChatCommand::Discard(two));
    assert_eq!(rig.lines(), ["Anna joined", "ended Gone"]);
}

#[test]
fn nothing_is_said_after_the_end() {
    let mut rig = Rig::with_agent();
    rig.answer_next("refresh", ended(&[]));
    let before = rig.requests();
    rig.say("one more thing");
    rig.command(ChatCommand::PushUrl("https://shop.example".into()));
    rig.command(ChatCommand::Rename("Mia".into()));
    rig.command(update_data(vec![("a".into(), "b".into())]));
    rig.command(ChatCommand::StayAwake);
    rig.command(Command::End);
    assert_eq!(rig.requests(), before);
    assert_eq!(rig.composer, "one more thing", "but it is not lost");
}

#[test]
fn a_new_chat_after_the_end_knows_nothing_of_the_old_one() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_says(30, "old")], 31);
    rig.answer_next("refresh", ended(&[]));
    rig.start();
    rig.answer("start", with(started(), "chatId", json!("NEWCHAT")));
    assert!(rig.request("refresh").url.ends_with("/NEWCHAT/refresh"));
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("1")
    );
    rig.answer(
        "refresh",
        transcript(&[own_join(1), agent_says(2, "new")], 3),
    );
    assert_eq!(rig.lines(), ["Anna: new"]);
}

#[test]
fn a_chat_that_ended_while_the_page_slept_says_so_and_keeps_everything() {
    let mut rig = Rig::with_agent();
    rig.draft("half a tho");
    rig.visibility(parlour_chat::Visibility::Hidden);
    rig.serve(secs(30));
    rig.freeze(secs(3_600));
    rig.visibility(parlour_chat::Visibility::Visible);
    rig.answer("refresh", gone());
    assert_eq!(
        rig.lines()[1..],
        ["me: half a tho (failed: ChatEnded)", "ended Gone"]
    );
    rig.start();
    rig.answer("start", started());
    assert_eq!(rig.session.draft(), "half a tho");
}

#[test]
fn a_chat_under_way_cannot_be_dismissed() {
    let mut rig = Rig::with_agent();
    rig.command(Command::Reset);
    assert_eq!(rig.lines(), ["Anna joined"]);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn the_id_of_a_chat_that_is_over_is_known_to_this_page_until_the_next() {
    let mut rig = Rig::with_agent();
    assert_eq!(rig.state().ended_chat, None);
    rig.command(Command::End);
    rig.serve(secs(5));
    let id = rig.state().ended_chat.as_deref();
    assert_eq!(id, Some("00048aAPEQJ8000U"));
    rig.command(Command::Reset);
    assert_eq!(rig.state().ended_chat, None);
}
