//! Histories that come page by page.

use super::*;

/// So many things that Anna said, from an index on.
fn words(from: u64, count: u64) -> Vec<Value> {
    (from..from + count)
        .map(|index| agent_says(index, &format!("word {index}")))
        .collect()
}

#[test]
fn a_long_history_is_read_page_by_page() {
    let mut rig = chatting();
    rig.say("lost");
    rig.fail("send");
    rig.reload();
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&words(1, 20), 21)]);
    assert_eq!(
        rig.field("refresh", "operation").as_deref(),
        Some("refresh")
    );
    assert_eq!(position(&rig).as_deref(), Some("21"));
    // What is said meanwhile does not hide the pages before it.
    rig.hear("refresh", &[]);
    rig.hear("poll", &[transcript(&words(21, 20), 41)]);
    rig.hear("poll", &[transcript(&words(50, 1), 51)]);
    assert_eq!(position(&rig).as_deref(), Some("41"));
    assert_eq!(
        rig.times("send").len(),
        0,
        "the message may be on the next page"
    );
    let mut last = words(41, 8);
    last.push(visitor_says(49, "lost"));
    rig.hear("refresh", &[transcript(&last, 51)]);
    assert_eq!(alone(&rig), None);
    let texts = rig.texts();
    assert_eq!(texts.len(), 50);
    assert_eq!((texts[0].as_str(), texts[48].as_str()), ("word 1", "lost"));
    rig.advance(secs(35));
    assert_eq!(rig.times("send").len(), 0);
}

#[test]
fn a_server_without_pages_has_said_it_all() {
    for refused in [true, false] {
        let mut rig = chatting();
        rig.reload();
        rig.say("still here");
        for _ in 0..2 {
            rig.wait_until("a line", |rig| rig.is_pending("poll"));
            rig.open_the_line();
            rig.hear("refresh", &[transcript(&words(1, 30), 31)]);
            assert_eq!(position(&rig).as_deref(), Some("31"));
            if refused {
                rig.hear("refresh", &[refusal(249, "")]);
                break;
            }
            rig.hear("refresh", &[]);
            rig.wait_until("patience to end", |rig| {
                rig.is_pending("poll") && channels(rig.request("poll")) == ["/meta/handshake"]
            });
        }
        if !refused {
            rig.open_the_line();
            rig.hear("refresh", &[transcript(&words(1, 30), 31)]);
        }
        assert_eq!(rig.state().phase, Phase::Chatting);
        assert_eq!(alone(&rig).as_deref(), Some("send"), "refused: {refused}");
    }
}

#[test]
fn news_are_not_taken_for_the_page_that_was_asked_for() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&words(1, 20), 21)]);
    // The agent is faster than the page.
    rig.hear("refresh", &[]);
    rig.hear("poll", &[transcript(&words(41, 1), 42)]);
    rig.hear("poll", &[transcript(&words(21, 20), 41)]);
    rig.hear("refresh", &[transcript(&words(41, 1), 42)]);
    assert_eq!(alone(&rig), None);
    let expected: Vec<_> = (1..=41).map(|index| format!("word {index}")).collect();
    assert_eq!(rig.texts(), expected);
}

#[test]
fn a_server_that_brings_the_same_again_and_again_has_no_pages() {
    let mut rig = chatting();
    rig.reload();
    rig.say("still here");
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&words(1, 20), 21)]);
    rig.hear("refresh", &[transcript(&words(1, 20), 21)]);
    assert_eq!(alone(&rig).as_deref(), Some("send"));
}
