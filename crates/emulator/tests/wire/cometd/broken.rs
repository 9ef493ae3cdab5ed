//! Whatever is sent, there is an answer of Bayeux' kind.

use parlour_emulator::cometd::Answer;
use serde_json::{Value, json};

use super::client::{CHANNEL, Line, post, raw};

fn status(line: &mut Line, body: &[u8]) -> u16 {
    match line.receive(&raw(body.to_vec())) {
        Answer::Now(response) => response.status,
        Answer::Held(_) => panic!("held"),
    }
}

#[test]
fn a_body_without_messages_is_refused() {
    let mut line = Line::new();
    let deep = [b"[".repeat(100_000), b"]".repeat(100_000)].concat();
    let many = Value::Array(vec![json!({"channel": "/meta/handshake"}); 101]).to_string();
    for body in [
        &b""[..],
        b"[",
        b"{\"channel\":",
        b"[1]",
        b"null",
        b"\"x\"",
        b"[[{}]]",
        b"a=b",
        b"[{\"channel\": \"\xff\"}]",
        &deep,
        many.as_bytes(),
    ] {
        assert_eq!(status(&mut line, body), 400, "{}", body.len());
    }
    assert_eq!(status(&mut line, &[b' '; 5 * 1024 * 1024]), 413);
    assert_eq!(line.broker.sessions(), 0);
}

#[test]
fn a_form_may_carry_messages_too() {
    let mut line = Line::new();
    let mut request =
        raw(b"message=%5B%7B%22channel%22%3A%22%2Fmeta%2Fhandshake%22%7D%5D".to_vec());
    request.headers = vec![(
        "Content-Type".into(),
        "application/x-www-form-urlencoded".into(),
    )];
    let Answer::Now(response) = line.receive(&request) else {
        panic!()
    };
    assert_eq!(crate::talk::body(&response)[0]["successful"], true);
}

#[test]
fn a_message_without_sense_is_answered_by_itself() {
    let mut line = Line::new();
    let client = line.client();
    let id = client.id.as_str();
    for (message, code) in [
        (json!({}), "400:"),
        (json!({"id": "1", "channel": 5}), "400:"),
        (json!({"channel": "/meta/"}), "404:"),
        (json!({"channel": "/meta/unknown", "clientId": id}), "404:"),
        (json!({"channel": "", "clientId": id}), "404:"),
        (
            json!({"channel": "/foo", "clientId": id, "data": {}}),
            "404:",
        ),
        (
            json!({"channel": "/service/chatV2/", "clientId": id, "data": {}}),
            "404:",
        ),
        (
            json!({"channel": "/service/chatV2/a/b", "clientId": id, "data": {}}),
            "404:",
        ),
        (json!({"channel": CHANNEL, "clientId": id}), "400:"),
        (
            json!({"channel": CHANNEL, "clientId": id, "data": "text"}),
            "400:",
        ),
        (
            json!({"channel": CHANNEL, "clientId": id, "data": {}}),
            "400:",
        ),
        (
            json!({"channel": CHANNEL, "clientId": id, "data": {"operation": 1}}),
            "400:",
        ),
        (
            json!({"channel": CHANNEL, "clientId": id, "data": {"operation": "send"}}),
            "400:",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id}),
            "400:",
        ),
        (
            json!({"channel": "/meta/subscribe", "clientId": id, "subscription": [1]}),
            "400:",
        ),
        (json!({"channel": "/meta/connect"}), "402:"),
        (
            json!({"channel": "/meta/connect", "clientId": [id]}),
            "402:",
        ),
        (
            json!({"channel": CHANNEL, "clientId": "", "data": {}}),
            "402:",
        ),
    ] {
        let replies = line.send(&json!([message]));
        assert_eq!(replies.len(), 1, "{message}");
        assert_eq!(replies[0]["successful"], false, "{message}");
        let error = replies[0]["error"].as_str().unwrap();
        assert!(error.starts_with(code), "{message}: {error}");
    }
    // The session has taken no harm.
    line.hold(&client);
}

#[test]
fn ids_are_echoed_as_texts() {
    let mut line = Line::new();
    for (id, echoed) in [
        (json!("7"), json!("7")),
        (json!(7), json!("7")),
        (json!(1.5), json!("1.5")),
        (json!(null), json!(null)),
        (json!([1]), json!(null)),
    ] {
        let reply = &line.send(&json!([{"channel": "/meta/handshake", "id": id}]))[0];
        assert_eq!(reply["id"], echoed);
    }
}

#[test]
fn only_post_is_served_and_options_says_what_may_be_sent() {
    let mut line = Line::new();
    let mut request = post(&json!([]));
    request.method = "GET".into();
    assert!(matches!(line.receive(&request), Answer::Now(r) if r.status == 405));
    request.method = "OPTIONS".into();
    request.headers = vec![("Origin".into(), "https://shop.example".into())];
    let Answer::Now(response) = line.receive(&request) else {
        panic!()
    };
    let allowed = response
        .headers
        .iter()
        .find(|(name, _)| name == "Access-Control-Allow-Headers");
    assert!(allowed.unwrap().1.contains("gms_user"));
}
