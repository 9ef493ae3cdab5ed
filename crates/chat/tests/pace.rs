//! When the server is asked: often while something goes on, seldom when hidden, with patience when it
//! is in error, at once when the visitor is back.

mod common;

use common::*;
use parlour_chat::{Connection, Network, Phase, Settings, Visibility};

fn pauses(settings: Settings, seed: u64, prepare: impl Fn(&mut Rig), wait: u64) -> Vec<u64> {
    let mut rig = Rig::with_seed(settings, seed);
    rig.start();
    rig.serve(millis(100));
    prepare(&mut rig);
    let from = rig.times("refresh").len();
    rig.serve(secs(wait));
    rig.pauses().split_off(from)
}

#[test]
fn three_seconds_when_active_growing_to_five_when_quiet() {
    let pauses = pauses(steady(), 1, |_| {}, 120);
    assert_eq!(pauses.first(), Some(&3_000));
    assert_eq!(pauses.last(), Some(&5_000));
    assert!(pauses.is_sorted(), "{pauses:?}");
    assert!(
        pauses.iter().any(|pause| (3_001..5_000).contains(pause)),
        "{pauses:?}"
    );
}

type Deed = fn(&mut Rig);

#[test]
fn news_and_deeds_make_it_active_again() {
    let quiet = || {
        let mut rig = Rig::with_agent_and(steady());
        rig.serve(secs(100));
        rig
    };
    let next_pause = |rig: &mut Rig| {
        let from = rig.pauses().len();
        rig.serve(secs(20));
        let pauses = rig.pauses();
        pauses[from + 1]
    };
    assert_eq!(next_pause(&mut quiet()), 5_000);
    let deeds: [(&str, Deed); 5] = [
        ("typing", |rig| rig.draft("h")),
        ("saying", |rig| {
            rig.say("hello");
        }),
        ("attaching", |rig| {
            rig.attach("a.pdf", 3);
        }),
        ("hearing", |rig| rig.refresh(&[agent_says(3, "hello")], 4)),
        ("seeing somebody type", |rig| {
            rig.refresh(&[agent_types(3)], 4)
        }),
    ];
    for (name, deed) in deeds {
        let mut rig = quiet();
        deed(&mut rig);
        assert_eq!(next_pause(&mut rig), 3_000, "{name}");
    }
}

#[test]
fn a_deed_brings_the_next_look_forward() {
    let mut rig = Rig::with_agent_and(steady());
    rig.serve(secs(100));
    rig.answer_next("refresh", transcript(&[], 3));
    rig.advance(secs(1));
    rig.draft("h");
    assert_eq!(
        rig.wait_for("refresh"),
        secs(3),
        "not after the four seconds that were left"
    );
}

#[test]
fn waits_vary_by_a_tenth_either_way() {
    let mut seen = Vec::new();
    for seed in 0..20 {
        let pauses = pauses(settings(), seed, |_| {}, 200);
        assert!(
            pauses.iter().all(|pause| (2_700..=5_500).contains(pause)),
            "{pauses:?}"
        );
        assert!((2_700..=3_300).contains(&pauses[0]), "{pauses:?}");
        seen.extend(pauses.iter().rev().take(10).copied());
    }
    let (least, most) = (seen.iter().min().unwrap(), seen.iter().max().unwrap());
    assert!(*least < 4_700 && *most > 5_300, "{least} to {most}");
}

#[test]
fn one_seed_gives_one_rhythm() {
    let rhythm = |seed| pauses(settings(), seed, |_| {}, 60);
    assert_eq!(rhythm(3), rhythm(3));
    assert_ne!(rhythm(3), rhythm(4));
}

#[test]
fn hidden_pages_ask_every_fifteen_seconds() {
    let hide = |rig: &mut Rig| rig.visibility(Visibility::Hidden);
    let steadily = pauses(steady(), 1, hide, 300);
    assert!(
        steadily[1..].iter().all(|pause| *pause == 15_000),
        "{steadily:?}"
    );
    let varied = pauses(settings(), 1, hide, 300);
    assert!(
        varied[1..]
            .iter()
            .all(|pause| (13_500..=16_500).contains(pause)),
        "{varied:?}"
    );
}

#[test]
fn it_never_waits_longer_than_two_thirds_of_the_servers_patience() {
    for (hidden, drop_after, longest) in [(60, 45, 30_000), (30, 45, 30_000), (15, 9, 6_000)] {
        let mut settings = settings();
        settings.pace.hidden = secs(hidden);
        settings.pace.drop_after = secs(drop_after);
        let pauses = pauses(settings, 5, |rig| rig.visibility(Visibility::Hidden), 600);
        assert!(pauses.iter().all(|pause| *pause <= longest), "{pauses:?}");
        assert!(pauses.len() >= 18, "{pauses:?}");
    }
    let mut settings = settings();
    settings.pace.drop_after = secs(6);
    let pauses = pauses(settings, 5, |_| {}, 100);
    assert!(pauses.iter().all(|pause| *pause <= 4_000), "{pauses:?}");
}

#[test]
fn a_page_that_is_shown_again_asks_at_once() {
    let mut rig = Rig::with_agent();
    rig.visibility(Visibility::Hidden);
    rig.serve(secs(100));
    assert!(!rig.is_pending("refresh"));
    rig.visibility(Visibility::Visible);
    assert!(rig.is_pending("refresh"));
    rig.answer("refresh", transcript(&[], 3));
    rig.visibility(Visibility::Visible);
    assert!(!rig.is_pending("refresh"), "it was visible already");
}

#[test]
fn a_page_that_was_frozen_asks_at_once_too() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    rig.visibility(Visibility::Hidden);
    rig.freeze(secs(1_200));
    rig.visibility(Visibility::Visible);
    assert_eq!(rig.aborted.len(), 1, "the old one is long over");
    assert!(rig.is_pending("refresh"));
}

#[test]
fn an_answer_that_a_frozen_page_finds_on_waking_counts() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    let id = rig.request("refresh").id;
    rig.freeze(secs(1_200));
    rig.answer_id(
        id,
        http(200, &transcript(&[agent_says(3, "there?")], 4).to_string()),
    );
    assert_eq!(rig.texts(), ["there?"]);
    assert_eq!(rig.aborted.len(), 0);
}

#[test]
fn coming_back_online_asks_at_once() {
    let mut rig = Rig::with_agent();
    rig.network(Network::Offline);
    for _ in 0..8 {
        rig.wait_for("refresh");
        rig.fail("refresh");
    }
    assert_eq!(rig.state().connection, Connection::Offline);
    assert!(!rig.is_pending("refresh"));
    rig.network(Network::Online);
    assert_eq!(rig.state().connection, Connection::Reconnecting);
    assert!(rig.is_pending("refresh"));
    rig.answer("refresh", transcript(&[], 3));
    assert_eq!(rig.state().connection, Connection::Up);
    rig.network(Network::Online);
    assert!(!rig.is_pending("refresh"), "it was online already");
}

#[test]
fn who_sends_something_does_not_wait_out_a_long_pause() {
    for seed in 0..20 {
        let mut rig = Rig::with_seed(settings(), seed);
        rig.start();
        rig.serve(millis(100));
        for _ in 0..8 {
            rig.wait_for("refresh");
            rig.fail("refresh");
        }
        rig.say("are you there?");
        rig.advance(secs(1));
        // The message itself leaves once a poll was answered.
        assert!(rig.is_pending("refresh"), "seed {seed}");
        rig.fail("refresh");
        let before = rig.requests();
        rig.say("hello?");
        assert_eq!(rig.requests(), before, "but not at once for each");
    }
}

#[test]
fn failures_are_followed_by_ever_longer_waits_of_any_length_up_to_a_bound() {
    let bounds = [
        (Visibility::Visible, [1, 2, 4, 4, 4, 4, 4, 4, 4]),
        (Visibility::Hidden, [1, 2, 4, 8, 16, 30, 30, 30, 30]),
    ];
    for (visibility, bounds) in bounds {
        let mut waits: Vec<Vec<u64>> = vec![Vec::new(); 9];
        for seed in 0..60 {
            let mut rig = Rig::with_seed(settings(), seed);
            rig.start();
            rig.serve(millis(100));
            rig.visibility(visibility);
            rig.wait_for("refresh");
            for wait in &mut waits {
                rig.fail("refresh");
                assert_eq!(rig.state().connection, Connection::Reconnecting);
                assert_eq!(rig.state().phase, Phase::Chatting, "that is not the end");
                wait.push(u64::try_from(rig.wait_for("refresh").as_millis()).unwrap());
            }
            rig.answer("refresh", transcript(&[], 2));
            assert_eq!(rig.state().connection, Connection::Up);
            rig.wait_for("refresh");
            rig.fail("refresh");
            assert!(
                rig.wait_for("refresh") <= secs(1),
                "it starts over after a success"
            );
        }
        for (waits, bound) in waits.iter().zip(bounds) {
            let bound = bound * 1_000;
            let (least, most) = (*waits.iter().min().unwrap(), *waits.iter().max().unwrap());
            assert!(least >= 100, "never at once: {least}");
            assert!(most <= bound, "{most} of {bound}");
            assert!(
                most > bound * 3 / 4 && least < bound / 4,
                "full jitter: {waits:?} of {bound}"
            );
        }
    }
}

#[test]
fn a_server_that_refuses_to_be_read_is_not_stormed() {
    for code in [204, 249] {
        let mut rig = Rig::with_agent();
        rig.say("hello");
        rig.answer_with("send", http(503, ""));
        let from = rig.now.moment;
        for _ in 0..3 {
            if rig.state().phase == Phase::Chatting {
                rig.wait_for("refresh");
                rig.answer("refresh", refusal(code, ""));
            }
        }
        assert!(matches!(rig.state().phase, Phase::Ended(_)), "{code}");
        assert!(rig.now.moment.since(from) >= secs(5), "{code}");
    }
}

#[test]
fn a_slow_server_gets_one_refresh_at_a_time_and_ten_seconds() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    assert_eq!(rig.request("refresh").deadline, secs(10));
    let count = rig.times("refresh").len();
    rig.advance(millis(9_999));
    assert_eq!(rig.times("refresh").len(), count);
    let id = rig.request("refresh").id;
    rig.advance(millis(1));
    assert_eq!(rig.aborted.last().map(|request| request.id), Some(id));
    assert_eq!(rig.state().connection, Connection::Reconnecting);
    assert!(rig.wait_for("refresh") <= secs(1));
    rig.answer_id(
        id,
        http(200, &transcript(&[agent_says(3, "late")], 4).to_string()),
    );
    assert_eq!(rig.texts(), [""; 0], "an answer to what was given up");
    assert!(rig.is_pending("refresh"));
}

#[test]
fn the_numbers_are_configuration() {
    let mut settings = steady();
    settings.pace.active = secs(1);
    settings.pace.quiet = secs(2);
    settings.pace.active_for = secs(4);
    settings.pace.request_timeout = secs(3);
    settings.pace.hidden = secs(7);
    let mut rig = Rig::with_agent_and(settings);
    let from = rig.pauses().len() + 1;
    rig.serve(secs(60));
    let pauses = rig.pauses().split_off(from);
    assert_eq!(
        (pauses.first(), pauses.last()),
        (Some(&1_000), Some(&2_000))
    );
    rig.visibility(Visibility::Hidden);
    rig.serve(secs(20));
    assert_eq!(rig.pauses().last(), Some(&7_000));
    rig.wait_for("refresh");
    rig.advance(secs(3));
    assert_eq!(rig.aborted.len(), 1);
}

#[test]
fn a_silent_hour_passes_without_haste_or_sleep() {
    let mut rig = Rig::with_agent();
    rig.serve(secs(3_600));
    let refreshes = rig.times("refresh").len();
    assert!((650..=820).contains(&refreshes), "{refreshes}");
    assert!(
        rig.pauses().iter().all(|pause| *pause >= 2_700),
        "the vendor asks for three seconds"
    );
}
