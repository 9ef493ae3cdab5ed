//! What is kept, where, and until when.

use leptos::prelude::{GetUntracked as _, WithUntracked as _};
use parlour_chat::{Command, Panel, Phase, RefusalReason, Storage};
use wasm_bindgen::JsValue;
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::*;

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
    let drafted = || key_ending(false, "draft").and_then(|key| stored(false, &key));
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

/// Finds the key under which the chat's keys are stored.
fn session_key() -> Option<String> {
    session_key_in(false)
}

fn session_key_in(tab: bool) -> Option<String> {
    key_ending(tab, "session")
}

fn key_ending(tab: bool, end: &str) -> Option<String> {
    let window = web_sys::window()?;
    let storage = if tab {
        window.session_storage()
    } else {
        window.local_storage()
    };
    let storage = storage.ok()??;
    (0..storage.length().ok()?)
        .filter_map(|at| storage.key(at).ok()?)
        .find(|key| key.ends_with(end))
}

fn put(key: &str, value: &str) {
    let storage = web_sys::window().and_then(|window| window.local_storage().ok()?);
    // A test may want it full.
    _ = storage.expect("allowed").set_item(key, value);
}
