//! What is sent, and what becomes of answers.

use js_sys::Array;
use parlour_chat::{Command, FeatureSet, PaceSettings, Phase, RefusalReason};
use parlour_config::Config;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::*;

#[wasm_bindgen_test]
async fn a_start_is_one_simple_form_post_without_cookies() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    assert!(
        seen("url").is_empty(),
        "nothing is sent before the visitor starts a chat"
    );
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    assert_eq!(seen("method")[0], "POST");
    assert!(
        seen("url")[0].starts_with("http://127.0.0.1:9/genesys/2/chat/s"),
        "{:?}",
        seen("url")
    );
    assert_eq!(seen("type")[0], "application/x-www-form-urlencoded");
    assert_eq!(seen("credentials")[0], "omit");
    assert!(
        seen("body")[0].contains("nickname=Marie"),
        "{}",
        seen("body")[0]
    );
}

#[wasm_bindgen_test]
async fn a_gws_server_is_sent_json_with_its_header_and_read_by_get() {
    let mut browser = Browser::new();
    browser.answer(
        200,
        r#"{"id": "chat", "statusCode": 0, "messages": [], "chat": null}"#,
    );
    let server = r#""service": "s", "dialect": "gws", "base": "/api", "headers": {"apikey": "k"}"#;
    let (_driver, store) = start_with(server, "");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    until("a read", || (seen("url").len() > 2).then_some(())).await;
    assert_eq!(seen("url")[0], "http://127.0.0.1:9/api/v2/chats");
    assert_eq!(seen("type")[0], "application/json");
    assert!(
        seen("body")[0].contains(r#""nickname":"Marie""#),
        "{}",
        seen("body")[0]
    );
    let read = seen("url")
        .iter()
        .position(|url| url.ends_with("/messages?index=1"));
    assert_eq!(seen("method")[read.expect("the transcript is read")], "GET");
}

#[wasm_bindgen_test]
async fn a_server_of_another_kind_is_named_in_the_console() {
    let mut browser = Browser::new();
    browser.answer(200, r#"{"_id": "81f0ef4e-99dd-43ea-8366-8d27a2cbd605"}"#);
    set("told", &Array::new());
    browser.replace(&["console"], "error", "text", "told.push(text)");
    let (_driver, store) = start("");
    store.command(marie());
    phase(store, |phase| matches!(phase, Phase::Refused(_))).await;
    let told: Array = get("told").unchecked_into();
    assert_eq!(
        told.join("|"),
        "Chat: the server does not answer as gms-v2 does, more likely as gms-v1. \
         See dialect, url and service of its tenant (cargo xtask probe)."
    );
}

#[wasm_bindgen_test]
async fn a_push_session_is_opened_before_anybody_is_rung() {
    let mut browser = Browser::new();
    browser.answer(
        200,
        r#"[{"channel": "/meta/handshake", "successful": true, "clientId": "c"}]"#,
    );
    let server = r#""service": "s", "dialect": "gms-v2-cometd", "credentials": "include""#;
    let (_driver, store) = start_with(server, "");
    store.command(marie());
    until("a handshake and a poll", || {
        (seen("body").len() > 1).then_some(())
    })
    .await;
    assert!(
        seen("url")
            .iter()
            .all(|url| url == "http://127.0.0.1:9/genesys/cometd/")
    );
    assert_eq!(seen("credentials")[0], "include");
    assert!(seen("body")[0].contains("/meta/handshake"));
    assert!(seen("body")[1].contains("/meta/connect"));
    assert!(!seen("body").concat().contains("Marie"));
}

#[wasm_bindgen_test]
async fn a_server_that_cannot_be_reached_is_reported() {
    let mut browser = Browser::new();
    browser.replace(
        &[],
        "fetch",
        "",
        "return Promise.reject(new TypeError('no network'))",
    );
    let (_driver, store) = start("");
    store.command(marie());
    assert_eq!(refusal(store).await, RefusalReason::Unreachable);
}

#[wasm_bindgen_test]
async fn whatever_the_pages_own_fetch_does_is_reported() {
    for fetch in [
        "throw new Error('blocked')",
        "return undefined",
        "return Promise.resolve('no response')",
        "return Promise.reject('no error')",
    ] {
        let mut browser = Browser::new();
        browser.replace(&[], "fetch", "", fetch);
        let (_driver, store) = start("");
        store.command(marie());
        assert_eq!(refusal(store).await, RefusalReason::Unreachable, "{fetch}");
    }
}

#[wasm_bindgen_test]
async fn an_answer_without_end_is_no_answer() {
    let mut browser = Browser::new();
    let endless = [
        STARTED.trim_end_matches('}'),
        r#","x":""#,
        &"x".repeat(9 << 20),
        r#""}"#,
    ];
    browser.answer(200, &endless.concat());
    let (_driver, store) = start("");
    store.command(marie());
    assert_eq!(refusal(store).await, RefusalReason::BadReply);
}

#[wasm_bindgen_test]
async fn a_dropped_driver_asks_for_nothing_more() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    drop(driver);
    let asked = |service: &str| {
        let urls = seen("url");
        urls.iter().filter(|url| url.contains(service)).count()
    };
    let before = asked("/chat/s");
    store.command(Command::Say("too late".into()));
    let window = web_sys::window().expect("a window");
    window
        .dispatch_event(&web_sys::Event::new("online").expect("an event"))
        .expect("dispatched");
    // Another chat of the same pace: by its third request the first would have asked again.
    let (_other, other) = start_at("other", "");
    other.command(marie());
    until("another chat's polls", || {
        (asked("/chat/other") > 3).then_some(())
    })
    .await;
    assert_eq!(asked("/chat/s"), before);
}

#[wasm_bindgen_test]
fn a_tenant_who_sets_nothing_gets_what_the_core_was_tested_with() {
    let json = r#"{"tenant": "acme", "server": {"service": "s"}}"#;
    let settings = parlour::settings(&Config::from_json(json).expect("a configuration"));
    assert_eq!(settings.pace, PaceSettings::default());
    assert_eq!(settings.features, FeatureSet::default());
}
