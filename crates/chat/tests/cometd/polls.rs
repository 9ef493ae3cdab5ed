//! The line itself: polls, sessions that end, servers that keep none.

use super::*;

#[test]
fn a_server_that_meets_nobody_lets_the_visitor_know_and_leave() {
    let refused = r#"[{"channel":"/meta/handshake","successful":false,"error":"403::denied"}]"#;
    let mut rig = Rig::with(settings());
    rig.start();
    for _ in 0..3 {
        rig.wait_for("poll");
        rig.answer_with("poll", http(200, refused));
    }
    assert!(
        matches!(rig.state().phase, Phase::Refused(_)),
        "{:?}",
        rig.state().phase
    );

    let mut rig = chatting();
    rig.reload();
    rig.command(Command::End);
    for _ in 0..3 {
        rig.wait_for("poll");
        rig.answer_with("poll", http(200, refused));
    }
    assert_eq!(rig.state().phase, Phase::Ended(EndReason::Untold));
}

#[test]
fn there_is_never_a_second_poll() {
    // The rig holds every test to it; here is what tempts a page most.
    let mut rig = chatting();
    rig.visibility(Visibility::Hidden);
    rig.visibility(Visibility::Visible);
    rig.network(Network::Offline);
    rig.network(Network::Online);
    rig.say("hello");
    rig.advance(secs(9));
    assert_eq!(rig.times("poll").len(), rig.aborted.len() + 4);
    assert_eq!(channels(rig.request("poll")), ["/meta/handshake"]);
    rig.open_the_line();
    rig.hear("refresh", &[transcript(&[], 3)]);
    rig.hear("send", &[transcript(&[visitor_says(3, "hello")], 4)]);
    let polls = rig.times("poll").len();
    rig.advance(secs(40));
    assert_eq!(rig.times("poll").len(), polls);
}

#[test]
fn a_poll_that_breaks_loses_nothing_and_doubles_nothing() {
    for failure in [Failure::Unreachable, Failure::TimedOut] {
        let mut rig = chatting();
        rig.hear("poll", &[transcript(&[agent_says(3, "one")], 4)]);
        // This one comes with the acknowledgement, while the one before it is lost with the poll.
        rig.draft("h");
        rig.hear("startTyping", &[transcript(&[agent_says(5, "three")], 6)]);
        rig.fail_with("poll", failure);
        rig.open_the_line();
        assert_eq!(position(&rig).as_deref(), Some("4"), "as before the poll");
        let news = [agent_says(4, "two"), agent_says(5, "three")];
        rig.hear("refresh", &[transcript(&news, 6)]);
        assert_eq!(rig.texts(), ["one", "two", "three"]);
        rig.hear("poll", &[transcript(&[agent_says(6, "four")], 7)]);
        assert_eq!(rig.texts(), ["one", "two", "three", "four"]);
    }
}

#[test]
fn a_poll_that_nobody_answers_is_given_up() {
    let mut rig = chatting();
    rig.advance(secs(39));
    assert_eq!(rig.aborted.len(), 0);
    rig.advance(secs(2));
    assert_eq!(operation_of(&rig.aborted[0]), "poll");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    // The server may be one that holds them as long as it likes.
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(60) + rig.settings.pace.request_timeout);
}

#[test]
fn a_forgotten_client_introduces_itself_again() {
    let mut rig = chatting();
    let before = line::messages(rig.request("poll")).remove(0)["clientId"].clone();
    rig.forget("poll");
    rig.wait_for("poll");
    let again = line::messages(rig.request("poll")).remove(0);
    assert!(
        again.get("clientId").is_none(),
        "{before} is nobody any more"
    );
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    assert_ne!(
        line::messages(rig.request("refresh"))[0]["clientId"],
        before
    );
    rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
    assert_eq!(rig.texts(), ["Hi"]);
}

#[test]
fn an_answer_of_a_session_of_before_is_no_news() {
    let mut rig = chatting();
    let said = rig.say("hello");
    let late = rig.request("send").clone();
    rig.fail("poll");
    rig.open_the_line();
    assert_eq!(alone(&rig).as_deref(), Some("send"), "one at a time");
    // It skips event 4, which went to the poll that broke.
    let pushed = [transcript(&[agent_says(5, "later")], 6)];
    rig.answer_id(late.id, http(200, &line::reply(&late, &pushed).to_string()));
    assert_eq!(
        state_of(&rig, said),
        MessageState::Sent,
        "it was taken all the same"
    );
    assert_eq!(rig.texts(), ["hello"]);
    assert_eq!(position(&rig).as_deref(), Some("3"));
    let news = [
        visitor_says(3, "hello"),
        agent_says(4, "Hi"),
        agent_says(5, "later"),
    ];
    rig.hear("refresh", &[transcript(&news, 6)]);
    assert_eq!(rig.texts(), ["hello", "Hi", "later"]);
}

#[test]
fn news_that_overtake_the_transcript_wait_for_it() {
    let mut rig = chatting();
    rig.fail("poll");
    rig.open_the_line();
    let refresh = rig.request("refresh").clone();
    rig.hear("poll", &[transcript(&[agent_says(5, "three")], 6)]);
    let news = [agent_says(3, "one"), agent_says(4, "two")];
    let reply = line::reply(&refresh, &[transcript(&news, 5)]);
    rig.answer("refresh", reply);
    assert_eq!(rig.texts(), ["one", "two", "three"]);
    rig.hear("poll", &[]);
    rig.fail("poll");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("6"));
}

#[test]
fn a_transcript_that_never_comes_is_asked_for_on_another_line() {
    let mut rig = chatting();
    rig.fail("poll");
    rig.open_the_line();
    rig.hear("refresh", &[]);
    rig.advance(secs(11));
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("3"));
    rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
    assert_eq!(rig.texts(), ["Hi"]);
}

#[test]
fn the_servers_advice_is_followed() {
    let mut rig = chatting();
    let mut reply = line::reply(rig.request("poll"), &[]);
    reply[0]["advice"] = json!({"interval": 4000, "timeout": 20000, "reconnect": "retry"});
    rig.answer("poll", reply);
    assert!(!rig.is_pending("poll"));
    rig.say("hello");
    assert_eq!(
        alone(&rig).as_deref(),
        Some("send"),
        "what is said need not wait"
    );
    rig.hear("send", &[]);
    let waited = rig.wait_for("poll");
    assert_eq!(waited, millis(4000) - LATENCY);
    let poll = rig.request("poll");
    assert_eq!(poll.deadline, secs(20) + rig.settings.pace.request_timeout);
}

#[test]
fn who_is_told_not_to_come_back_still_asks_whether_the_chat_goes_on() {
    let mut rig = chatting();
    let mut reply = line::reply(rig.request("poll"), &[]);
    reply[0]["advice"] = json!({"reconnect": "none"});
    rig.answer("poll", reply);
    rig.open_the_line();
    rig.hear("refresh", &[ended(&[])]);
    assert!(matches!(rig.state().phase, Phase::Ended(_)));
}

#[test]
fn a_page_that_comes_back_reads_from_the_start() {
    let mut rig = chatting();
    rig.say("hello");
    rig.hear("send", &[]);
    let mut events = vec![visitor_says(3, "hello"), agent_says(4, "Hi")];
    rig.hear("poll", &[transcript(&events, 5)]);
    let lines = rig.lines();
    rig.reload();
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("1"));
    assert_eq!(rig.field("refresh", "secureKey").as_deref(), Some(KEY));
    events.splice(0..0, [own_join(1), agent_joins(2)]);
    rig.hear("refresh", &[transcript(&events, 5)]);
    assert_eq!(rig.lines(), lines);
    rig.hear("poll", &[transcript(&[agent_says(5, "Still there?")], 6)]);
    assert_eq!(rig.texts(), ["hello", "Hi", "Still there?"]);
}

#[test]
fn a_server_that_keeps_no_session_is_not_stormed() {
    // As behind a balancer that leads each request elsewhere.
    for kept in ["/meta/handshake", "/meta/connect"] {
        let mut rig = chatting();
        let from = rig.requests();
        let end = rig.now.moment + secs(120);
        let mut met = false;
        while rig.now.moment < end {
            rig.wait_for("poll");
            let poll = line::messages(rig.request("poll")).remove(0);
            let first = poll["advice"]["timeout"] == 0;
            if poll["channel"] == "/meta/handshake" || first && kept == "/meta/connect" {
                rig.hear("poll", &[]);
                met = true;
            } else {
                rig.forget("poll");
            }
            if rig.is_pending("refresh") {
                rig.hear("refresh", &[transcript(&[], 3)]);
            }
        }
        assert!(met);
        let requests = rig.requests() - from;
        assert!(requests < 50, "{kept}: {requests} in two minutes");
        assert!(requests > 10, "{kept}: {requests} in two minutes");
        // Once it keeps them the chat goes on.
        rig.wait_for("poll");
        while channels(rig.request("poll")) != ["/meta/handshake"] {
            rig.forget("poll");
            rig.wait_for("poll");
        }
        rig.open_the_line();
        rig.hear("refresh", &[transcript(&[agent_says(3, "Hi")], 4)]);
        assert_eq!(rig.texts(), ["Hi"]);
    }
}

#[test]
fn a_server_without_a_line_is_told_to_the_visitor() {
    let answers: [(u16, &str, RefusalReason); 3] = [
        (404, "<html>", RefusalReason::UnknownService),
        (200, r#"{"statusCode":0}"#, RefusalReason::BadReply),
        (200, "<html>", RefusalReason::BadReply),
    ];
    for (status, body, reason) in answers {
        let mut rig = Rig::with(settings());
        rig.start();
        for _ in 0..5 {
            if rig.state().phase == Phase::Starting {
                rig.wait_for("poll");
                rig.answer_with("poll", http(status, body));
            }
        }
        let Phase::Refused(refusal) = &rig.state().phase else {
            panic!("{:?}", rig.state().phase)
        };
        assert_eq!(refusal.reason, reason, "{status} {body}");
        let requests = rig.requests();
        rig.advance(secs(120));
        assert_eq!(rig.requests(), requests);
        assert_eq!(rig.times("start").len(), 0);
    }
}

#[test]
fn a_late_acknowledgement_of_a_session_of_before_holds_nothing_up() {
    let mut rig = chatting();
    rig.reload();
    rig.open_the_line();
    let late = rig.request("refresh").clone();
    rig.fail("poll");
    let reply = line::reply(&late, &[]).to_string();
    rig.answer_id(late.id, http(200, &reply));
    rig.open_the_line();
    assert_eq!(
        alone(&rig).as_deref(),
        Some("refresh"),
        "on the new session"
    );
}

#[test]
fn a_server_that_answers_something_else_is_not_stormed() {
    let mut rig = Rig::with(settings());
    rig.start();
    let end = rig.now.moment + secs(20);
    while rig.now.moment < end && rig.state().phase == Phase::Starting {
        rig.wait_for("poll");
        rig.answer("poll", json!([{"channel": "/x"}]));
    }
    assert!(rig.times("poll").len() < 60, "{}", rig.times("poll").len());
}

#[test]
fn a_chat_that_is_over_as_it_begins_is_over() {
    let mut rig = Rig::with(settings());
    rig.start();
    rig.open_the_line();
    let mut over = started();
    over["chatEnded"] = json!(true);
    rig.hear("start", &[over]);
    assert!(
        matches!(rig.state().phase, Phase::Ended(_)),
        "{:?}",
        rig.state().phase
    );
}

#[test]
fn a_wrong_number_of_an_event_loses_and_doubles_nothing() {
    let mut rig = chatting();
    rig.hear("poll", &[transcript(&[agent_says(99_999, "one")], 100_000)]);
    rig.hear("poll", &[transcript(&[agent_says(4, "two")], 5)]);
    rig.say("Hello");
    rig.hear("send", &[transcript(&[visitor_says(5, "Hello")], 6)]);
    rig.forget("poll");
    let all = [
        own_join(1),
        agent_joins(2),
        agent_says(3, "one"),
        agent_says(4, "two"),
        visitor_says(5, "Hello"),
        agent_says(6, "three"),
    ];
    for _ in 0..2 {
        rig.open_the_line();
        let from = position(&rig).and_then(|from| from.parse::<usize>().ok());
        let asked = all.get(from.unwrap_or_default() - 1..).unwrap_or_default();
        rig.hear("refresh", &[transcript(asked, 7)]);
    }
    assert_eq!(rig.texts(), ["one", "two", "Hello", "three"]);
    assert_eq!(
        rig.incoming,
        ["Anna joined", "Anna: one", "Anna: two", "Anna: three"]
    );
}

#[test]
fn a_position_that_the_server_denies_is_read_from_the_start() {
    let mut rig = chatting();
    let leaps = [agent_says(99_998, "one"), agent_says(99_999, "two")];
    rig.hear("poll", &[transcript(&leaps, 100_000)]);
    rig.forget("poll");
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("100000"));
    rig.hear("refresh", &[transcript(&[], 6)]);
    rig.open_the_line();
    assert_eq!(position(&rig).as_deref(), Some("1"));
    let all = [
        own_join(1),
        agent_joins(2),
        agent_says(3, "one"),
        agent_says(4, "two"),
        agent_says(5, "three"),
    ];
    rig.hear("refresh", &[transcript(&all, 6)]);
    assert_eq!(rig.texts(), ["one", "two", "three"]);
    assert_eq!(
        rig.incoming,
        ["Anna joined", "Anna: one", "Anna: two", "Anna: three"]
    );
    let requests = rig.times("refresh").len();
    rig.serve_but("poll", secs(20));
    assert_eq!(rig.times("refresh").len(), requests);
}
