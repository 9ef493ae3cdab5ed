//! Servers, proxies and portals that answer something else than they should.

mod common;

use common::*;
use parlour_chat::{Command, Connection, Phase, Storage};
use serde_json::{Value, json};

/// What may come instead of a reply: status and body.
fn garbage() -> Vec<(u16, String)> {
    let cut = transcript(&[agent_says(3, "hello")], 4).to_string();
    let bodies = [
        "",
        "null",
        "true",
        "[]",
        "[{\"statusCode\":0,\"messages\":[]}]",
        "\"statusCode\"",
        "42",
        "{}",
        "{\"error\":\"no such route\"}",
        "<!doctype html><title>Sign in to the Wi-Fi</title>",
        "Service Unavailable",
        "{\"statusCode\":0,\"messages\":[]} trailing",
        "callback({\"statusCode\":0})",
        &"[".repeat(100_000),
        &cut[..cut.len() / 2],
        &cut[..cut.len() - 1],
    ]
    .map(ToOwned::to_owned);
    let statuses = [200, 204, 301, 400, 401, 403, 404, 413, 500, 502, 504];
    let one = bodies.into_iter().map(|body| (200, body));
    one.chain(statuses.map(|status| (status, String::new())))
        .collect()
}

#[test]
fn garbage_is_a_bad_connection_not_the_end() {
    for (status, body) in garbage() {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(status, &body));
        assert_eq!(
            rig.state().phase,
            Phase::Chatting,
            "HTTP {status} {body:.80}"
        );
        assert_eq!(
            rig.state().connection,
            Connection::Reconnecting,
            "HTTP {status} {body:.80}"
        );
        assert_eq!(rig.state().storage, Storage::Works);
        let waited = rig.wait_for("refresh");
        assert!(waited <= secs(1), "{waited:?}");
        assert_eq!(
            rig.field("refresh", "transcriptPosition").as_deref(),
            Some("3")
        );
        rig.answer("refresh", transcript(&[agent_says(3, "hello")], 4));
        assert_eq!(rig.state().connection, Connection::Up);
        assert_eq!(rig.lines(), ["Anna joined", "Anna: hello"]);
    }
}

#[test]
fn garbage_loses_and_doubles_no_message() {
    for (status, body) in garbage() {
        let mut rig = Rig::with_agent();
        rig.say("hello");
        rig.answer_with("send", http(status, &body));
        let lines = rig.lines();
        let line = lines.last().unwrap();
        let failed = line.starts_with("me: hello (failed");
        assert!(
            failed || line == "me: hello (sending)",
            "HTTP {status} {body:.80}: {line}"
        );
        if failed {
            assert!((400..500).contains(&status), "HTTP {status} {body:.80}");
        } else {
            rig.refresh(&[visitor_says(3, "hello")], 4);
            rig.serve(secs(100));
            assert_eq!((rig.times("send").len(), rig.texts().len()), (1, 1));
        }
    }
}

#[test]
fn garbage_for_the_small_requests_is_no_drama() {
    for (status, body) in garbage() {
        let mut rig = Rig::with_agent();
        rig.draft("h");
        rig.answer_with("startTyping", http(status, &body));
        rig.say("hello");
        rig.serve(secs(60));
        assert_eq!(rig.state().connection, Connection::Up);
        assert_eq!(
            rig.lines(),
            ["Anna joined", "me: hello"],
            "HTTP {status} {body:.80}"
        );
    }
}

#[test]
fn garbage_for_the_limits_leaves_them_to_the_server() {
    for (status, body) in garbage() {
        let mut rig = Rig::new();
        rig.start();
        rig.answer("start", started());
        rig.answer_with("file/limits", http(status, &body));
        rig.serve(secs(60));
        assert_eq!(rig.state().limits, None);
        assert_eq!(rig.state().refusal, None, "nothing the visitor asked for");
        assert!(rig.times("file/limits").len() <= 5);
    }
}

#[test]
fn garbage_for_the_disconnect_ends_the_chat_all_the_same() {
    for (status, body) in garbage() {
        let mut rig = Rig::with_agent();
        rig.command(Command::End);
        for _ in 0..3 {
            if rig.state().phase == Phase::Ending {
                rig.wait_for("disconnect");
                rig.answer_with("disconnect", http(status, &body));
            }
        }
        assert!(
            matches!(rig.state().phase, Phase::Ended(_)),
            "HTTP {status} {body:.80}"
        );
    }
}

#[test]
fn lists_may_be_missing() {
    for messages in [json!(null), json!([]), json!({}), json!("none"), json!(0)] {
        let mut rig = Rig::with_agent();
        rig.answer_next("refresh", with(transcript(&[], 3), "messages", messages));
        assert_eq!(rig.state().connection, Connection::Up);
        assert_eq!(rig.lines(), ["Anna joined"]);
    }
    let mut rig = Rig::with_agent();
    rig.answer_next("refresh", json!({"statusCode": 0}));
    assert_eq!(rig.state().connection, Connection::Up);
    rig.answer_next("refresh", json!({"messages": []}));
    assert_eq!(
        rig.state().connection,
        Connection::Up,
        "an absent status with messages is fine"
    );
}

#[test]
fn numbers_and_truths_may_be_strings() {
    let mut rig = Rig::with_agent();
    let said = json!({
        "index": "3", "type": "Message", "text": "hello", "utcTime": "1432845091000",
        "from": {"nickname": "Anna", "participantId": "3", "type": "Agent"},
    });
    let reply = json!({
        "messages": [said], "chatEnded": "false", "statusCode": "0", "nextPosition": "4",
    });
    rig.answer_next("refresh", reply);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: hello"]);
    assert_eq!(rig.entries()[1].at.0, START + 3_000);
    rig.wait_for("refresh");
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("4")
    );
    rig.answer(
        "refresh",
        json!({"messages": [], "chatEnded": "true", "statusCode": "0"}),
    );
    assert!(matches!(rig.state().phase, Phase::Ended(_)));
}

#[test]
fn types_are_compared_without_regard_to_case() {
    let mut rig = Rig::chatting();
    let shouted = json!({"nickname": "Anna", "participantId": 3, "type": "AGENT"});
    let events = [
        event(2, "PARTICIPANTJOINED", shouted.clone()),
        with(event(3, "message", shouted.clone()), "text", json!("hello")),
        with(
            event(4, "Pushurl", shouted),
            "text",
            json!("https://shop.example"),
        ),
        with(
            event(
                5,
                "MESSAGE",
                json!({"nickname": "Maria", "participantId": 1, "type": "client"}),
            ),
            "text",
            json!("mine"),
        ),
    ];
    rig.refresh(&events, 6);
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            "Anna: hello",
            "Anna offers https://shop.example",
            "me: mine"
        ]
    );
}

#[test]
fn what_is_unknown_is_skipped_but_counted() {
    let mut rig = Rig::with_agent();
    let events = [
        event(3, "HologramShown", agent()),
        event(4, "", agent()),
        with(event(5, "Message", agent()), "text", json!("after")),
    ];
    rig.refresh(&events, 6);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: after"]);
    rig.wait_for("refresh");
    assert_eq!(
        rig.field("refresh", "transcriptPosition").as_deref(),
        Some("6")
    );
}

#[test]
fn broken_events_hurt_only_themselves() {
    let odd: [Value; 8] = [
        json!(null),
        json!("hello"),
        json!([1, 2]),
        json!({}),
        json!({"index": null, "type": "Message", "text": "lost", "from": agent()}),
        json!({"index": -4, "type": "Message", "text": "lost", "from": agent()}),
        json!({"index": 3.7e300, "type": "Message", "text": "lost", "from": agent()}),
        json!({"type": "Message", "text": "lost", "from": agent()}),
    ];
    let mut rig = Rig::with_agent();
    let reply = [&odd[..], &[agent_says(3, "hello")]].concat();
    rig.refresh(&reply, 4);
    assert_eq!(rig.lines(), ["Anna joined", "Anna: hello"]);
}

#[test]
fn half_told_events_are_shown_as_far_as_they_go() {
    let mut rig = Rig::with_agent();
    let events = [
        json!({"index": 3, "type": "Message", "text": "from nobody"}),
        json!({"index": 4, "type": "Message", "text": "from none", "from": null}),
        json!({"index": 5, "type": "Message", "from": agent(), "text": null}),
        json!({"index": 6, "type": "Message", "text": 42, "from": "Anna"}),
        json!({"index": 7, "type": "ParticipantLeft", "from": {"type": "Agent"}}),
        json!({"index": 8, "type": "FileUploaded", "from": agent(), "text": "a.pdf"}),
    ];
    rig.set_wall(START + 99_000);
    rig.refresh(&events, 9);
    assert_eq!(
        rig.lines(),
        [
            "Anna joined",
            ": from nobody",
            ": from none",
            "Anna: ",
            ": 42",
            " left",
            "Anna: file a.pdf (there)"
        ]
    );
    assert!(
        rig.entries()[1].at.0 >= START + 99_000,
        "without a time of the server's, ours"
    );
}

#[test]
fn a_status_that_says_busy_outweighs_a_body_that_says_done() {
    for status in [429, 500, 503] {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        let reply = transcript(&[agent_says(3, "hello")], 4);
        rig.answer_with("refresh", http(status, &reply.to_string()));
        assert_eq!(rig.state().connection, Connection::Reconnecting);
        assert_eq!(rig.texts(), [""; 0]);
    }
}

#[test]
fn late_and_doubled_answers_are_harmless() {
    let mut rig = Rig::with_agent();
    rig.say("hello");
    let id = rig.request("send").id;
    let reply = http(200, &transcript(&[visitor_says(3, "hello")], 4).to_string());
    rig.answer_with("send", reply.clone());
    rig.answer_id(id, reply);
    rig.answer_id(id, http(500, ""));
    rig.answer_id(
        parlour_chat::RequestId(4_000_000),
        http(200, &gone().to_string()),
    );
    assert_eq!(rig.lines(), ["Anna joined", "me: hello"]);
    assert_eq!(rig.state().connection, Connection::Up);
    assert_eq!(rig.state().phase, Phase::Chatting);
}

#[test]
fn half_an_emoji_does_not_make_the_visitor_deaf() {
    // A text that was cut in the middle of a pair: strictly, the whole reply is no JSON.
    for (said, shown) in [
        (r"a \ud83d", "a \u{fffd}"),
        (r"a \ude00.", "a \u{fffd}."),
        (r"\ud83D\ud83D\uDE00", "\u{fffd}\u{1f600}"),
        (r"\\ud83d \ud83d", "\\ud83d \u{fffd}"),
        (r"\ud83d\n", "\u{fffd}\n"),
        ("\\ud83d\u{e9}", "\u{fffd}\u{e9}"),
        (r"\ud83d\u00e9", "\u{fffd}\u{e9}"),
    ] {
        let mut rig = Rig::with_agent();
        rig.wait_for("refresh");
        let reply = transcript(&[agent_says(3, "TEXT")], 4).to_string();
        rig.answer_with("refresh", http(200, &reply.replace("TEXT", said)));
        assert_eq!(rig.texts(), [shown], "{said}");
        assert_eq!(rig.state().connection, Connection::Up);
    }
}

#[test]
fn hostile_numbers_overflow_nothing() {
    for huge in [
        json!(u64::MAX),
        json!(i64::MAX),
        json!("9223372036854775807"),
        json!(1e308),
    ] {
        let mut rig = Rig::with_agent();
        let alert = json!({"next-idle-timer-type": "CLOSE", "next-idle-timer-secs": huge});
        let mut reply = transcript(
            &[
                with(event(3, "IdleAlert", system()), "userData", alert),
                with(agent_says(4, "hello"), "utcTime", huge.clone()),
                with(agent_says(5, "again"), "utcTime", json!(i64::MIN)),
                uploaded(6, agent(), "F1", "a.pdf", u64::MAX),
            ],
            7,
        );
        reply["idleTimerExpire"] = huge.clone();
        rig.answer_next("refresh", reply);
        assert_eq!(rig.texts(), ["hello", "again"]);
        for entry in rig.entries() {
            assert!(
                entry.at.0.abs() <= 8_640_000_000_000_000,
                "{} is no date to a browser",
                entry.at.0
            );
        }
        rig.serve(secs(60));
        let mut limits = limits_data();
        for (_, value) in limits.as_object_mut().unwrap() {
            *value = json!(huge.to_string().trim_matches('"'));
        }
        rig.answer_next("refresh", with(transcript(&[], 7), "userData", limits));
        rig.attach("a.pdf", u64::MAX);
        rig.attach("a.pdf", u64::MAX);
        rig.serve(secs(60));
    }
}

#[test]
fn a_name_cannot_turn_the_words_around_it() {
    let mut rig = Rig::with_agent();
    let trickster =
        json!({"nickname": "\u{202e}Mi\u{0}a\u{2066}", "participantId": 9, "type": "Agent"});
    rig.refresh(&[event(3, "ParticipantJoined", trickster)], 4);
    assert_eq!(rig.lines(), ["Anna joined", "Mia joined"]);
}

#[test]
fn a_byte_order_mark_before_a_reply_is_no_part_of_it() {
    let mut rig = Rig::with_agent();
    rig.wait_for("refresh");
    let reply = transcript(&[agent_says(3, "hello")], 4).to_string();
    rig.answer_with("refresh", http(200, &["\u{feff}", &reply].concat()));
    assert_eq!(rig.texts(), ["hello"]);
}

#[test]
fn garbage_in_the_shape_of_a_reply_is_none_and_gives_no_key() {
    let mut rig = Rig::with_agent();
    for garbage in [
        json!({"statusCode": [], "messages": {}, "secureKey": 7, "userId": []}),
        json!({"statusCode": null, "messages": "none", "secureKey": "stolen"}),
        json!({"messages": 7}),
    ] {
        rig.wait_for("refresh");
        rig.answer_with("refresh", http(200, &garbage.to_string()));
        assert_eq!(
            rig.state().connection,
            Connection::Reconnecting,
            "{garbage}"
        );
    }
    rig.refresh(&[], 3);
    assert_eq!(rig.state().connection, Connection::Up);
    // Keys are strings, also in a reply that is one.
    let renewed = with(transcript(&[], 3), "secureKey", json!(7));
    rig.refresh_with(with(renewed, "userId", json!([])));
    rig.wait_for("refresh");
    assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    assert_eq!(rig.field("refresh", "userId").as_deref(), Some(USER));
}
