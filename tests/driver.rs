//! The driver's dealings with the browser, with the browser's own parts replaced for a test: what
//! is sent, what is kept, what is saved.
#![cfg(target_arch = "wasm32")]
#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use std::time::Duration;

use gloo_timers::future::sleep;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::{GetUntracked as _, WithUntracked as _};
use parlour::{Driver, Store, install_later};
use parlour_chat::{
    Command, EntryId, FeatureSet, FileState, FormAnswers, Item, PaceSettings, Panel, Phase,
    RefusalReason, Storage, TabRole,
};
use parlour_config::Config;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};
use web_sys::File;

wasm_bindgen_test_configure!(run_in_browser);

const LIVE: &str = "chat-live:https://chat.test/";

const STARTED: &str = r#"{"messages": [], "chatEnded": false, "statusCode": 0, "alias": "1",
    "secureKey": "key", "userId": "user", "chatId": "chat", "nextPosition": 1}"#;

const ENDED: &str = r#"{"messages": [], "chatEnded": true, "statusCode": 0, "alias": "1",
    "secureKey": "key", "userId": "user", "chatId": "chat", "nextPosition": 1}"#;

/// The browser's things that a test has replaced: put back when dropped, and what was stored is erased.
struct Browser(Vec<(JsValue, &'static str, JsValue)>);

impl Browser {
    fn new() -> Self {
        clear();
        Self(Vec::new())
    }

    /// Replaces a method by a function made from JavaScript.
    fn replace(&mut self, path: &[&str], name: &'static str, parameters: &str, body: &str) {
        let mut target: JsValue = js_sys::global().into();
        for step in path {
            target = Reflect::get(&target, &(*step).into()).expect("a step");
        }
        let old = Reflect::get(&target, &name.into()).expect("the old one");
        let new = Function::new_with_args(parameters, body);
        Reflect::set(&target, &name.into(), &new).expect("replaced");
        self.0.push((target, name, old));
    }

    /// Answers every request with a text; requests are kept in `globalThis.seen`.
    fn answer(&mut self, status: u16, body: &str) {
        set("seen", &Array::new());
        set("answer", &body.into());
        set("status", &status.into());
        self.replace(
            &[],
            "fetch",
            "request",
            "const one = {url: request.url, method: request.method,
                type: request.headers.get('content-type'), credentials: request.credentials};
             seen.push(one);
             return request.clone().text().then((text) => {
                one.body = text;
                return new Response(answer, {status});
             });",
        );
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        for (target, name, old) in self.0.drain(..).rev() {
            _ = Reflect::set(&target, &name.into(), &old);
        }
        clear();
    }
}

fn clear() {
    let window = web_sys::window().expect("a window");
    for storage in [window.local_storage(), window.session_storage()] {
        _ = storage.expect("allowed").expect("there").clear();
    }
}

fn set(name: &str, value: &JsValue) {
    Reflect::set(&js_sys::global(), &name.into(), value).expect("set");
}

fn get(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &name.into()).expect("read")
}

/// Lists a field of all requests so far.
fn seen(field: &str) -> Vec<String> {
    let seen: Array = get("seen").unchecked_into();
    let field = |one: JsValue| Reflect::get(&one, &field.into()).ok()?.as_string();
    seen.iter().filter_map(field).collect()
}

fn stored(session: bool, key: &str) -> Option<String> {
    let window = web_sys::window()?;
    let storage = if session {
        window.session_storage()
    } else {
        window.local_storage()
    };
    storage.ok()??.get_item(key).ok()?
}

fn start(features: &str) -> (Driver, Store) {
    start_at("s", features)
}

fn start_at(service: &str, features: &str) -> (Driver, Store) {
    start_with(&[r#""service": ""#, service, r#"""#].concat(), features)
}

fn start_with(server: &str, features: &str) -> (Driver, Store) {
    start_kept("site", server, features)
}

/// Starts it with a chat that is kept there.
fn start_kept(chat: &str, server: &str, features: &str) -> (Driver, Store) {
    let json = [
        r#"{"tenant": "acme", "server": {"url": "http://127.0.0.1:9", "#,
        server,
        r#"}, "pace": {"active_ms": 50, "quiet_ms": 50}, "privacy": {"chat": ""#,
        chat,
        r#""}, "features": {"#,
        features,
        "}}",
    ]
    .concat();
    let config = Config::from_json(&json).expect("a configuration");
    let store = Store::new();
    let driver = Driver::start(&config, LIVE, store);
    install_later();
    store.actor().expect("a driver").on_extras_settled();
    (driver, store)
}

fn marie() -> Command {
    Command::Start(FormAnswers {
        nickname: Some("Marie".into()),
        ..FormAnswers::default()
    })
}

async fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    for _ in 0..500 {
        if let Some(found) = look() {
            return found;
        }
        sleep(Duration::from_millis(10)).await;
    }
    panic!("there never was {what}");
}

async fn phase(store: Store, wanted: fn(&Phase) -> bool) {
    for _ in 0..500 {
        if store.state().with_untracked(|state| wanted(&state.phase)) {
            return;
        }
        sleep(Duration::from_millis(10)).await;
    }
    let state = store.state().get_untracked();
    panic!("another phase: {:?}, {:?}", state.phase, state.role);
}

/// Waits until this page leads: it alone makes a noise.
async fn lead(store: Store) {
    until("the lead", || {
        let state = store.state();
        (state.with_untracked(|state| state.role == TabRole::Leads)).then_some(())
    })
    .await;
}

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
async fn the_loader_knows_of_a_chat_while_there_is_one_and_not_before() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start("");
    assert_eq!(stored(false, LIVE), None);
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    assert!(stored(false, LIVE).is_some());
    drop(driver);
    assert!(
        stored(false, LIVE).is_some(),
        "leaving the page ends nothing"
    );
    let (_driver, store) = start("");
    phase(store, |phase| *phase == Phase::Chatting).await;
}

#[wasm_bindgen_test]
async fn a_page_left_while_a_chat_starts_comes_back_to_the_form_as_it_was() {
    let mut browser = Browser::new();
    browser.replace(&[], "fetch", "", "return new Promise(() => {});");
    let (driver, store) = start("");
    store.command(Command::Panel(Panel::Open));
    store.command(marie());
    phase(store, |phase| *phase == Phase::Starting).await;
    assert!(stored(true, LIVE).is_some(), "the loader resumes");
    assert_eq!(stored(false, LIVE), None, "in this tab only");
    drop(driver);
    let (driver, store) = start("");
    assert_eq!(refusal(store).await, RefusalReason::BadReply);
    assert!(driver.was_panel_open());
    assert_eq!(stored(true, LIVE), None, "there is nothing more to resume");
}

#[wasm_bindgen_test]
async fn a_tab_without_a_chat_leaves_another_tabs_mark_alone() {
    let _browser = Browser::new();
    let (_driver, store) = start("");
    put(LIVE, "1");
    store.command(Command::Say("to nobody".into()));
    until("a new state", || {
        store
            .state()
            .with_untracked(|state| state.refusal.clone())
            .map(drop)
    })
    .await;
    assert_eq!(stored(false, LIVE).as_deref(), Some("1"));
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
async fn a_chat_goes_on_where_storage_is_denied() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let denied = "throw new DOMException('denied', 'QuotaExceededError')";
    browser.replace(&["Storage", "prototype"], "setItem", "", denied);
    let (_driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    until("a warning", || {
        (store.state().with_untracked(|state| state.storage) == Storage::Fails).then_some(())
    })
    .await;
}

/// Counts what is stored in the visitor's storage, and in the tab's.
fn stored_keys() -> (u32, u32) {
    let window = web_sys::window().expect("a window");
    let count = |storage: Result<Option<web_sys::Storage>, JsValue>| {
        let storage = storage.expect("allowed").expect("there");
        storage.length().expect("a length")
    };
    (
        count(window.local_storage()),
        count(window.session_storage()),
    )
}

#[wasm_bindgen_test]
async fn a_chat_that_is_kept_in_its_tab_leaves_nothing_for_others_and_is_resumed() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start_kept("session", r#""service": "s""#, "");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    store.command(Command::Panel(Panel::Open));
    store.command(Command::Draft("half a".into()));
    store.actor().expect("a driver").set_sound(false);
    let (for_visitor, for_tab) = stored_keys();
    assert_eq!(for_visitor, 0, "another tab must not find it");
    assert!(for_tab > 0);
    drop(driver);
    let (_driver, store) = start_kept("session", r#""service": "s""#, "");
    phase(store, |phase| *phase == Phase::Chatting).await;
    assert_eq!(store.draft().get_untracked(), "half a");
    assert!(!store.sounds().get_untracked());
}

#[wasm_bindgen_test]
async fn a_chat_that_is_kept_in_memory_leaves_nothing_and_erases_what_an_earlier_one_left() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start_kept("site", r#""service": "s""#, "");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    drop(driver);
    assert!(stored_keys().0 > 0);
    let (_driver, store) = start_kept("memory", r#""service": "s""#, "");
    assert_eq!(
        stored_keys(),
        (0, 0),
        "the tenant does not want it any more"
    );
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    store.command(Command::Panel(Panel::Open));
    store.command(Command::Draft("half a".into()));
    store.command(Command::Say("hello".into()));
    let actor = store.actor().expect("a driver");
    actor.remember_place(Some("1"));
    actor.set_sound(false);
    assert_eq!(stored_keys(), (0, 0));
    let storage = store.state().with_untracked(|state| state.storage);
    assert_eq!(storage, Storage::Works, "nothing has failed");
}

#[wasm_bindgen_test]
async fn a_page_that_clears_its_storage_in_mid_chat_does_not_end_it() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    until("a stored session", session_key).await;
    let window = web_sys::window().expect("a window");
    window
        .local_storage()
        .expect("allowed")
        .expect("there")
        .clear()
        .expect("cleared");
    drop(driver);
    assert!(stored(true, LIVE).is_some(), "the loader finds the chat");
    let (_driver, store) = start("");
    phase(store, |phase| *phase == Phase::Chatting).await;
    // It is there for other tabs again.
    until("a stored session", session_key).await;
    set("answer", &ENDED.into());
    phase(store, |phase| matches!(phase, Phase::Ended(_))).await;
    assert_eq!(session_key(), None);
    assert_eq!(session_key_in(true), None, "the copy goes with it");
    assert_eq!(stored(false, LIVE), None);
}

#[wasm_bindgen_test]
async fn a_chat_that_goes_on_after_the_page_cleared_its_storage_is_stored_whole_again() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    store.command(Command::Draft("I was about to".into()));
    let drafted = || stored(false, "chat:acme:http%3A//127.0.0.1%3A9:s:draft");
    until("a stored draft", drafted).await;
    let window = web_sys::window().expect("a window");
    let storage = window.local_storage().expect("allowed").expect("there");
    storage.clear().expect("cleared");
    let news = STARTED
        .replace(
            r#""messages": []"#,
            r#""messages": [{"type": "Message", "index": 1, "text": "Hi", "utcTime": 1,
                "from": {"nickname": "Anna", "participantId": "2", "type": "Agent"}}]"#,
        )
        .replace(r#""nextPosition": 1"#, r#""nextPosition": 2"#);
    set("answer", &news.into());
    until("a stored session", session_key).await;
    drop(driver);
    let (_driver, store) = start("");
    until("the draft", || {
        let draft = store.draft().get_untracked();
        (draft == "I was about to").then_some(())
    })
    .await;
}

#[wasm_bindgen_test]
async fn a_chat_survives_in_this_tab_where_the_visitors_storage_is_full() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let mut size = 1 << 23;
    while size > 0 {
        put(&size.to_string(), &"x".repeat(size));
        put(&(size + 1).to_string(), &"x".repeat(size));
        size /= 2;
    }
    let (driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    until("the tab's own session", || session_key_in(true)).await;
    assert_eq!(session_key(), None);
    store
        .state()
        .with_untracked(|state| assert_eq!(state.storage, Storage::Works));
    drop(driver);
    let (_driver, store) = start("");
    phase(store, |phase| *phase == Phase::Chatting).await;
}

#[wasm_bindgen_test]
async fn a_second_page_shows_the_chat_and_asks_for_nothing_until_the_first_is_gone() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (first, store) = start("");
    lead(store).await;
    let (_second, other) = start("");
    store.command(marie());
    phase(other, |phase| *phase == Phase::Chatting).await;
    let role = other.state().with_untracked(|state| state.role);
    assert_eq!(role, TabRole::Follows);
    drop(first);
    set("seen", &Array::new());
    lead(other).await;
    let asked = || seen("url").iter().any(|url| url.ends_with("/refresh"));
    until("a read", || asked().then_some(())).await;
}

#[wasm_bindgen_test]
async fn a_chat_that_starts_while_pages_come_and_go_is_in_both_that_stay() {
    for _ in 0..20 {
        let mut browser = Browser::new();
        browser.answer(200, STARTED);
        let (_first, store) = start("");
        let (_second, other) = start("");
        store.command(marie());
        phase(store, |phase| *phase == Phase::Chatting).await;
        phase(other, |phase| *phase == Phase::Chatting).await;
    }
}

#[wasm_bindgen_test]
async fn what_was_read_in_one_page_is_news_in_none() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    lead(store).await;
    let (_second, other) = start("");
    store.command(marie());
    phase(other, |phase| *phase == Phase::Chatting).await;
    let news = STARTED
        .replace(
            r#""messages": []"#,
            r#""messages": [{"type": "Message", "index": 1, "text": "Hi", "utcTime": 1,
                "from": {"nickname": "Anna", "participantId": "2", "type": "Agent"}}]"#,
        )
        .replace(r#""nextPosition": 1"#, r#""nextPosition": 2"#);
    set("answer", &news.into());
    let came = |store: Store| !store.arrivals().with_untracked(Vec::is_empty);
    until("news in both pages", || {
        (came(store) && came(other)).then_some(())
    })
    .await;
    store.set_open(true);
    until("no news in the other", || (!came(other)).then_some(())).await;
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
async fn an_upload_puts_the_keys_before_the_file() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start(r#""upload_progress": false"#);
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    let parts = Array::of1(&"contents".into());
    store.attach(vec![
        File::new_with_str_sequence(&parts, "a.txt").expect("a file"),
    ]);
    let attached = || {
        store
            .state()
            .with_untracked(|state| state.attachments.clone())
    };
    until("the file", || attached().pop()).await;
    assert!(seen("body").iter().all(|body| !body.contains("contents")));
    store.say();
    let body = until("an upload", || {
        seen("body")
            .into_iter()
            .find(|body| body.contains("contents"))
    })
    .await;
    let place = |words: &str| {
        body.find(words)
            .unwrap_or_else(|| panic!("no {words} in {body}"))
    };
    assert!(place("name=\"secureKey\"") < place("name=\"file\"; filename=\"a.txt\""));
}

/// Starts a chat in which a file was sent, and returns the file's row. What is saved is kept in `globalThis.saved`.
async fn received(browser: &mut Browser, store: Store, name: &str) -> EntryId {
    set("saved", &Array::new());
    let made = "saved.push(blob.type); return 'blob:test'";
    browser.replace(&["URL"], "createObjectURL", "blob", made);
    let click = "saved.push(this.download, this.target, String(this.isConnected))";
    browser.replace(&["HTMLAnchorElement", "prototype"], "click", "", click);
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    let file = r#""messages": [{"index": 1, "type": "FileUploaded", "utcTime": 1,
        "from": {"nickname": "Anna", "participantId": 2, "type": "Agent"},
        "userData": {"file-id": "f1", "file-name": "NAME", "file-size": "9"}}]"#;
    let file = file.replace("NAME", name);
    set(
        "answer",
        &STARTED.replace(r#""messages": []"#, &file).into(),
    );
    until("the file", || {
        let block = store
            .blocks()
            .with_untracked(|blocks| blocks.first().cloned())?;
        block.rows.with_untracked(|rows| {
            rows.first()
                .map(|row| row.entry.with_untracked(|entry| entry.id))
        })
    })
    .await
}

#[wasm_bindgen_test]
async fn a_download_is_saved_as_bytes_and_never_opened() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    let row = received(&mut browser, store, "page.html").await;
    set("answer", &"<script>1</script>".into());
    store.command(Command::Download(row));
    let saved: Array = get("saved").unchecked_into();
    until("a saved file", || (saved.length() == 4).then_some(())).await;
    let saved: Vec<_> = saved.iter().filter_map(|what| what.as_string()).collect();
    assert_eq!(
        saved,
        ["application/octet-stream", "page.html", "", "false"]
    );
}

#[wasm_bindgen_test]
async fn a_page_that_comes_instead_of_a_download_is_not_saved() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    let row = received(&mut browser, store, "plan.pdf").await;
    let page = Function::new_no_args("return new Blob(['<p>Accept!'], {type: 'text/html'})");
    set("answer", &page.call0(&JsValue::NULL).expect("a page"));
    store.command(Command::Download(row));
    until("the failure", || {
        let blocks = store.blocks().get_untracked();
        let rows = blocks.first()?.rows.get_untracked();
        let item = rows.first()?.entry.get_untracked().item;
        matches!(item, Item::File { file, .. } if matches!(file.state, FileState::DownloadFailed(_)))
            .then_some(())
    })
    .await;
    let saved: Array = get("saved").unchecked_into();
    assert_eq!(saved.length(), 0);
}

#[wasm_bindgen_test]
async fn the_end_of_a_chat_leaves_another_tabs_newer_chat_alone() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    let key = until("a stored session", session_key).await;
    put(&key, "another tab's");
    set("answer", &ENDED.into());
    phase(store, |phase| matches!(phase, Phase::Ended(_))).await;
    assert_eq!(stored(false, &key).as_deref(), Some("another tab's"));
}

#[wasm_bindgen_test]
async fn the_keys_of_a_chat_go_with_it() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    until("a stored session", session_key).await;
    set("answer", &ENDED.into());
    phase(store, |phase| matches!(phase, Phase::Ended(_))).await;
    assert_eq!(session_key(), None);
}

#[wasm_bindgen_test]
fn a_tenant_who_sets_nothing_gets_what_the_core_was_tested_with() {
    let json = r#"{"tenant": "acme", "server": {"service": "s"}}"#;
    let settings = parlour::settings(&Config::from_json(json).expect("a configuration"));
    assert_eq!(settings.pace, PaceSettings::default());
    assert_eq!(settings.features, FeatureSet::default());
}

/// Finds the key under which the chat's keys are stored.
fn session_key() -> Option<String> {
    session_key_in(false)
}

fn session_key_in(tab: bool) -> Option<String> {
    let window = web_sys::window()?;
    let storage = if tab {
        window.session_storage()
    } else {
        window.local_storage()
    };
    let storage = storage.ok()??;
    (0..storage.length().ok()?)
        .filter_map(|at| storage.key(at).ok()?)
        .find(|key| key.ends_with("session"))
}

fn put(key: &str, value: &str) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    // A test may want it full.
    _ = storage.expect("allowed").set_item(key, value);
}

/// Waits until the chat was refused, and tells why.
async fn refusal(store: Store) -> RefusalReason {
    until("a refusal", || {
        match store.state().with_untracked(|state| state.phase.clone()) {
            Phase::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    })
    .await
}

/// Says that the page is hidden, or is seen again.
fn set_hidden(hidden: bool) {
    let script = "Object.defineProperty(document, 'hidden', {value, configurable: true});
        Object.defineProperty(document, 'visibilityState',
            {value: value ? 'hidden' : 'visible', configurable: true});
        document.dispatchEvent(new Event('visibilitychange'));";
    let set = Function::new_with_args("value", script);
    set.call1(&JsValue::NULL, &hidden.into()).expect("set");
}

/// Puts back the page's own visibility when dropped.
struct Hidden;

impl Drop for Hidden {
    fn drop(&mut self) {
        let script = "delete document.hidden; delete document.visibilityState;";
        _ = Function::new_no_args(script).call0(&JsValue::NULL);
    }
}

fn title() -> String {
    web_sys::window()
        .and_then(|window| window.document())
        .expect("a document")
        .title()
}

#[wasm_bindgen_test]
async fn a_hidden_page_says_in_its_title_what_came_until_it_is_seen() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (_driver, store) = start("");
    let _hidden = Hidden;
    let document = web_sys::window()
        .and_then(|window| window.document())
        .expect("a document");
    document.set_title("Larkmoor");
    store.alert("Mia: Hello");
    assert_eq!(title(), "Larkmoor", "the visitor looks at the page");
    set_hidden(true);
    store.alert("Mia: Hello");
    assert_eq!(title(), "(1) Mia: Hello");
    store.alert("Mia: Are you there?");
    assert_eq!(title(), "(1) Mia: Are you there?");
    set_hidden(false);
    assert_eq!(title(), "Larkmoor");
    set_hidden(true);
    store.alert("Mia: Bye");
    document.set_title("Larkmoor · Basket");
    store.alert("Mia: Bye again");
    assert_eq!(title(), "(1) Mia: Bye again");
    set_hidden(false);
    assert_eq!(title(), "Larkmoor · Basket", "the page's newest title");
    set_hidden(true);
    store.alert("Mia: Bye");
    document.set_title("Checkout");
    set_hidden(false);
    assert_eq!(title(), "Checkout", "what the page said meanwhile stays");
}

#[wasm_bindgen_test]
async fn a_sound_is_made_unless_it_is_muted_and_the_choice_is_kept() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    set("notes", &0.into());
    // Without a gesture of a visitor the browser would keep it silent.
    let wake = "Object.defineProperty(AudioContext.prototype, 'state', {get: () => 'running'});
        globalThis.createTone = AudioContext.prototype.createOscillator;";
    Function::new_no_args(wake)
        .call0(&JsValue::NULL)
        .expect("woken");
    let path = ["BaseAudioContext", "prototype"];
    let count = "notes++; return createTone.call(this);";
    browser.replace(&path, "createOscillator", "", count);
    let notes = || get("notes").as_f64();
    let (driver, store) = start("");
    lead(store).await;
    store.alert("Mia: Hello");
    assert_eq!(notes(), Some(2.0));
    let actor = store.actor().expect("a driver");
    actor.set_sound(false);
    store.alert("Mia: Hello");
    assert_eq!(notes(), Some(2.0), "it is muted");
    drop(driver);
    let (_driver, store) = start("");
    lead(store).await;
    store.alert("Mia: Hello");
    assert_eq!(notes(), Some(2.0), "the next page knows");
    store.actor().expect("a driver").set_sound(true);
    assert_eq!(notes(), Some(4.0), "one hears what one has chosen");
}

#[wasm_bindgen_test]
async fn a_page_without_notifications_is_offered_none() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    browser.replace(&[], "Notification", "", "");
    let (_driver, store) = start("");
    let can_notify = || store.actor().expect("a driver").can_notify();
    assert!(!can_notify(), "there is nobody to ask");
    let throwing = Function::new_no_args(
        "globalThis.Notification = {get permission() { throw new Error('not here'); }};",
    );
    throwing.call0(&JsValue::NULL).expect("replaced");
    assert!(!can_notify(), "it cannot be asked");
    for gone in [JsValue::UNDEFINED, JsValue::NULL] {
        set("Notification", &gone);
        assert!(!can_notify(), "the page has taken it away");
        store.actor().expect("a driver").set_notifications(true);
        assert!(!store.notifies().get_untracked());
    }
}

#[wasm_bindgen_test]
async fn notifications_are_asked_for_once_chosen_and_shown_while_the_page_is_hidden() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    set("shown", &Array::new());
    set("asked", &0.into());
    browser.replace(
        &[],
        "Notification",
        "title, options",
        "const one = new EventTarget(); one.close = () => shown.push('closed');
         shown.push(options.body); globalThis.latest = one; return one;",
    );
    let stub = get("Notification");
    Reflect::set(&stub, &"permission".into(), &"default".into()).expect("set");
    let ask = Function::new_no_args(
        "asked++; Notification.permission = 'granted'; return Promise.resolve('granted');",
    );
    Reflect::set(&stub, &"requestPermission".into(), &ask).expect("set");
    let shown = || String::from(get("shown").unchecked_into::<Array>().join("|"));
    let (_driver, store) = start("");
    let _hidden = Hidden;
    set_hidden(true);
    store.alert("Mia: Hello");
    assert_eq!(shown(), "", "not before it is chosen");
    store.actor().expect("a driver").set_notifications(true);
    until("the permission", || {
        store.notifies().get_untracked().then_some(())
    })
    .await;
    lead(store).await;
    assert_eq!(get("asked").as_f64(), Some(1.0));
    store.alert("Mia: Hello");
    assert_eq!(shown(), "Mia: Hello");
    let click = Function::new_no_args("latest.dispatchEvent(new Event('click'))");
    click.call0(&JsValue::NULL).expect("clicked");
    assert!(store.open().get_untracked(), "a click leads to the chat");
    set_hidden(false);
    assert!(shown().starts_with("Mia: Hello|closed"), "{}", shown());
}
