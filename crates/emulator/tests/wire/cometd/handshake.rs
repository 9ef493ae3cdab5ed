//! How a session begins.

use parlour_emulator::cometd::{Answer, Broker, Options};
use serde_json::json;

use super::client::{Line, post};

#[test]
fn a_handshake_offers_long_polling_only_and_sets_the_cookie() {
    let mut line = Line::new();
    let shake = json!([{"version": "1.0", "channel": "/meta/handshake", "id": "1",
        "supportedConnectionTypes": ["callback-polling", "long-polling"]}]);
    let Answer::Now(response) = line.receive(&post(&shake)) else {
        panic!()
    };
    let reply = crate::talk::body(&response)[0].clone();
    let id = reply["clientId"].as_str().unwrap();
    assert!(id.len() >= 20);
    assert_eq!(
        reply,
        json!({"id": "1", "channel": "/meta/handshake", "successful": true, "version": "1.0",
            "minimumVersion": "1.0", "supportedConnectionTypes": ["long-polling"], "clientId": id})
    );
    let cookie = response
        .headers
        .iter()
        .find(|(name, _)| name == "Set-Cookie");
    let cookie = &cookie.unwrap().1;
    assert!(cookie.starts_with("BAYEUX_BROWSER="));
    // A cookie with `Secure` or `SameSite=None` would not come back over plain HTTP.
    assert!(cookie.ends_with("; Path=/genesys/cometd; HttpOnly; SameSite=Lax"));

    let mut again = post(&shake);
    let cookie = cookie.split(';').next().unwrap();
    again
        .headers
        .push(("Cookie".into(), format!("a=b; {cookie}")));
    let Answer::Now(response) = line.receive(&again) else {
        panic!()
    };
    assert!(
        response
            .headers
            .iter()
            .all(|(name, _)| name != "Set-Cookie")
    );
}

#[test]
fn the_channel_decides_whatever_the_path() {
    let mut line = Line::new();
    for path in [
        "/genesys/cometd",
        "/genesys/cometd/",
        "/genesys/cometd/handshake",
        "/genesys/cometd/connect",
        "/genesys/cometd/anything/else",
    ] {
        let mut request = post(&json!({"channel": "/meta/handshake", "id": 0}));
        request.path = path.into();
        let Answer::Now(response) = line.receive(&request) else {
            panic!("{path}")
        };
        let reply = crate::talk::body(&response)[0].clone();
        assert_eq!(
            (&reply["successful"], &reply["id"]),
            (&json!(true), &json!("0"))
        );
    }
    let mut request = post(&json!([]));
    request.path = "/genesys/cometdx".into();
    assert!(matches!(line.receive(&request), Answer::Now(r) if r.status == 404));
}

#[test]
fn a_client_without_long_polling_is_told_not_to_come_back() {
    let mut line = Line::new();
    let shake = json!([{"channel": "/meta/handshake", "supportedConnectionTypes": ["websocket"]}]);
    let reply = &line.send(&shake)[0];
    assert_eq!(reply["successful"], false);
    assert_eq!(reply["advice"]["reconnect"], "none");
    assert!(reply["error"].as_str().unwrap().starts_with("400:"));
    assert_eq!(line.broker.sessions(), 0);
}

#[test]
fn a_full_server_asks_to_come_back_later() {
    let mut line = Line::new();
    let options = Options {
        max_sessions: 2,
        ..Options::default()
    };
    line.broker = Broker::new(1, options);
    let shake = json!([{"channel": "/meta/handshake"}]);
    for _ in 0..2 {
        assert_eq!(line.send(&shake)[0]["successful"], true);
    }
    let reply = &line.send(&shake)[0];
    assert_eq!(reply["successful"], false);
    assert_eq!(reply["advice"]["reconnect"], "handshake");
    assert!(reply["advice"]["interval"].as_i64().unwrap() > 0);
    // Room again once the others are forgotten.
    line.pass(10_000);
    line.due();
    assert_eq!(line.send(&shake)[0]["successful"], true);
}
