//! Who is typing: what the agent is told of the visitor's keys, and what the visitor sees of others'.

mod common;

use common::*;
use parlour_chat::{ChatCommand, Moment, Phase, Settings};
use serde_json::json;

fn previewing() -> Settings {
    let mut settings = steady();
    settings.features.typing_preview = true;
    settings
}

fn typing_requests(rig: &Rig, from: usize) -> Vec<String> {
    let mut operations = rig.operations_since(from);
    operations.retain(|operation| operation.ends_with("Typing"));
    operations
}

/// All previews, and when they left.
fn previews(rig: &Rig) -> Vec<(Moment, String)> {
    rig.log
        .iter()
        .filter(|(_, request)| operation_of(request) != "send")
        .filter_map(|(at, request)| Some((*at, field(request, "message")?)))
        .collect()
}

fn names(rig: &Rig) -> Vec<&str> {
    rig.state()
        .typing
        .iter()
        .map(|who| who.nickname.as_str())
        .collect()
}

#[test]
fn the_first_key_tells_that_typing_began() {
    let mut rig = Rig::with_agent();
    let from = rig.log.len();
    for text in ["h", "he", "hel", "hell", "hello"] {
        rig.draft(text);
        rig.serve(millis(300));
    }
    assert_eq!(typing_requests(&rig, from), ["startTyping"]);
    assert_eq!(previews(&rig), [], "the tenant does not show what is typed");
}

#[test]
fn five_seconds_of_silence_tell_that_it_stopped() {
    let mut rig = Rig::with_agent();
    let from = rig.log.len();
    rig.draft("h");
    rig.serve(secs(4));
    rig.draft("he");
    rig.serve(millis(4_999));
    assert_eq!(typing_requests(&rig, from), ["startTyping"]);
    rig.serve(millis(1));
    assert_eq!(typing_requests(&rig, from), ["startTyping", "stopTyping"]);
    rig.serve(secs(60));
    assert_eq!(typing_requests(&rig, from).len(), 2);
    rig.draft("hel");
    assert_eq!(typing_requests(&rig, from).last().unwrap(), "startTyping");
}

#[test]
fn sending_tells_that_it_stopped() {
    let mut rig = Rig::with_agent();
    let from = rig.log.len();
    rig.draft("hello");
    rig.serve(secs(1));
    rig.say("hello");
    rig.serve(secs(60));
    assert_eq!(typing_requests(&rig, from), ["startTyping", "stopTyping"]);
}

#[test]
fn an_emptied_box_tells_that_it_stopped() {
    for settings in [steady(), previewing()] {
        let mut rig = Rig::with_agent_and(settings);
        let from = rig.log.len();
        rig.draft("hello");
        rig.serve(secs(1));
        rig.draft("");
        rig.serve(secs(60));
        assert_eq!(typing_requests(&rig, from), ["startTyping", "stopTyping"]);
        assert!(previews(&rig).iter().all(|(_, text)| !text.is_empty()));
    }
}

#[test]
fn a_key_that_changes_nothing_is_none() {
    let mut rig = Rig::with_agent();
    rig.draft("hello");
    rig.serve(secs(6));
    let from = rig.log.len();
    rig.draft("hello");
    rig.serve(secs(6));
    assert_eq!(typing_requests(&rig, from), [""; 0]);
}

#[test]
fn a_tenant_may_keep_typing_to_itself() {
    let mut settings = previewing();
    settings.features.typing = false;
    let mut rig = Rig::with_agent_and(settings);
    let from = rig.log.len();
    rig.draft("hello");
    rig.serve(secs(20));
    rig.say("hello");
    rig.serve(secs(20));
    assert_eq!(typing_requests(&rig, from), [""; 0]);
    assert_eq!(previews(&rig), []);
}

#[test]
fn nothing_is_told_before_or_after_the_chat() {
    let mut rig = Rig::new();
    rig.draft("hello");
    rig.start();
    rig.draft("hello there");
    assert_eq!(rig.pending_operations(), ["start"]);
    let mut rig = Rig::with_agent();
    rig.answer_next("refresh", ended(&[]));
    let from = rig.log.len();
    rig.draft("hello");
    rig.advance(secs(60));
    assert_eq!(rig.operations_since(from), [""; 0]);
}

#[test]
fn a_lost_notification_is_stale_and_not_repeated() {
    let mut rig = Rig::with_agent();
    rig.draft("h");
    rig.fail("startTyping");
    let from = rig.log.len();
    rig.serve(secs(4));
    assert_eq!(typing_requests(&rig, from), [""; 0]);
    assert_eq!(rig.state().refusal, None, "nothing the visitor could do");
}

#[test]
fn the_agent_sees_what_is_typed_where_the_tenant_allows_it() {
    let mut rig = Rig::with_agent_and(previewing());
    rig.draft("h");
    assert_eq!(rig.field("startTyping", "message").as_deref(), Some("h"));
    rig.serve(secs(2));
    for text in ["he", "hel", "hell", "hello", "hello t", "hello th"] {
        rig.draft(text);
        rig.serve(secs(2));
    }
    let seen = previews(&rig);
    let texts: Vec<&str> = seen.iter().map(|(_, text)| text.as_str()).collect();
    let all = ["h", "he", "hel", "hell", "hello", "hello t", "hello th"];
    assert_eq!(texts, all, "the whole text so far, at each pause");
    for (at, _) in &seen[1..] {
        let (_, request) = rig.log.iter().find(|(left, _)| left == at).unwrap();
        assert_eq!(operation_of(request), "refresh");
    }
}

#[test]
fn the_same_text_is_previewed_once() {
    let mut rig = Rig::with_agent_and(previewing());
    rig.draft("hello");
    rig.serve(secs(120));
    assert_eq!(previews(&rig).len(), 1);
}

#[test]
fn who_types_without_a_pause_is_seen_every_three_seconds_to_the_last_word() {
    let mut rig = Rig::with_agent_and(previewing());
    rig.serve(secs(20));
    let from = rig.now.moment;
    let story = "a visitor who types for sixteen seconds without a single pause in it";
    for end in 1..=story.len() {
        rig.draft(&story[..end]);
        rig.serve(millis(235));
    }
    let typed_until = rig.now.moment;
    rig.serve(secs(2));
    let seen = previews(&rig);
    for pair in seen.windows(2) {
        assert!(pair[1].0.since(pair[0].0) <= millis(3_300), "{seen:?}");
    }
    assert!(seen[0].0.since(from) <= millis(300), "{seen:?}");
    let (at, last) = seen.last().unwrap();
    assert_eq!(last, story, "the last words, too");
    assert!(at.since(typed_until) <= millis(1_000), "{seen:?}");
    assert!(seen.len() <= 9, "{seen:?}");
}

#[test]
fn previews_are_a_second_apart_whatever_the_visitor_does() {
    let mut rig = Rig::with_agent_and(previewing());
    let mut text = String::new();
    for round in 0..60u64 {
        match round % 15 {
            7 => {
                rig.say("a message");
                text.clear();
            }
            11 => {
                rig.draft("");
                text.clear();
            }
            _ => {
                text.push('x');
                rig.draft(&text);
            }
        }
        // Sometimes silent for so long that typing "stops".
        rig.serve(millis(
            [700, 1_100, 5_400][usize::try_from(round % 3).unwrap()],
        ));
    }
    let seen = previews(&rig);
    assert!(seen.len() > 5, "{seen:?}");
    for pair in seen.windows(2) {
        assert!(pair[1].0.since(pair[0].0) >= secs(1), "{pair:?}");
    }
}

#[test]
fn too_long_a_preview_is_no_error() {
    let mut rig = Rig::with_agent_and(previewing());
    rig.draft("h");
    rig.answer("startTyping", refusal(204, "14700"));
    for round in 0..8 {
        rig.draft(&format!("a very long story, chapter {round}"));
        rig.serve(secs(9));
        rig.answer_next("refresh", refusal(204, "14700"));
        assert_eq!(rig.state().refusal, None);
        assert_eq!(rig.state().phase, Phase::Chatting);
    }
}

#[test]
fn who_types_something_too_long_hears_the_agent_all_the_same() {
    let mut rig = Rig::with_agent_and(previewing());
    let mut refused = 0;
    let mut text = String::from("a very long story");
    let end = rig.now.moment + secs(60);
    while rig.now.moment < end {
        text.push('x');
        rig.draft(&text);
        rig.answer_rest();
        rig.advance(millis(500));
        if rig.is_pending("refresh") {
            if rig.field("refresh", "message").is_some() {
                refused += 1;
                rig.answer("refresh", refusal(204, "14700"));
            } else {
                rig.answer("refresh", transcript(&[], 3));
            }
        }
    }
    assert!(refused <= 7, "{refused} polls in a minute told nothing");
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn a_pasted_url_or_rename_is_no_typing() {
    let mut rig = Rig::with_agent();
    let from = rig.log.len();
    rig.command(ChatCommand::PushUrl("https://shop.example".into()));
    rig.command(ChatCommand::Rename("Mia".into()));
    rig.serve(secs(10));
    assert_eq!(typing_requests(&rig, from), [""; 0]);
}

#[test]
fn others_type_until_they_say_something_stop_or_leave() {
    let by_agent = |kind: &str| event(4, kind, agent());
    for end in [
        by_agent("TypingStopped"),
        agent_says(4, "hello"),
        with(by_agent("PushUrl"), "text", json!("https://shop.example")),
        with(by_agent("Notice"), "text", json!("one moment")),
        uploaded(4, agent(), "F1", "a.pdf", 3),
        by_agent("CustomNotice"),
        agent_leaves(4, None),
        agent_leaves(4, Some("HOLD")),
    ] {
        let mut rig = Rig::with_agent();
        rig.refresh(&[agent_types(3)], 4);
        assert_eq!(names(&rig), ["Anna"]);
        assert_eq!(rig.lines(), ["Anna joined"], "no line for it");
        rig.refresh(std::slice::from_ref(&end), 5);
        assert_eq!(names(&rig), [""; 0], "{end}");
    }
}

#[test]
fn others_are_told_apart() {
    let mut rig = Rig::with_agent();
    let types = |index, who| event(index, "TypingStarted", who);
    rig.refresh(
        &[types(3, agent()), types(4, colleague()), types(5, agent())],
        6,
    );
    assert_eq!(names(&rig), ["Bert", "Anna"]);
    rig.refresh(&[event(6, "TypingStopped", colleague())], 7);
    assert_eq!(names(&rig), ["Anna"]);
}

#[test]
fn ones_own_typing_is_an_echo() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[event(3, "TypingStarted", visitor())], 4);
    assert_eq!(names(&rig), [""; 0]);
}

#[test]
fn typing_without_news_is_not_believed_for_ever() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_types(3)], 4);
    rig.serve(millis(29_900));
    assert_eq!(names(&rig), ["Anna"]);
    rig.serve(millis(200));
    assert_eq!(names(&rig), [""; 0]);
}

#[test]
fn what_was_typed_before_a_reload_is_over() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_types(3)], 4);
    rig.reload();
    rig.refresh(&[own_join(1), agent_joins(2), agent_types(3)], 4);
    assert_eq!(names(&rig), [""; 0]);
    rig.refresh(&[agent_types(4)], 5);
    assert_eq!(names(&rig), ["Anna"]);
}

#[test]
fn nobody_types_after_the_end() {
    let mut rig = Rig::with_agent();
    rig.refresh(&[agent_types(3)], 4);
    rig.answer_next("refresh", ended(&[]));
    assert_eq!(names(&rig), [""; 0]);
}
