//! Pages of one visitor beside each other.

use js_sys::Array;
use leptos::prelude::WithUntracked as _;
use parlour::{Driver, Store};
use parlour_chat::{Phase, TabRole};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::*;

/// Starts a chat in the first of two pages, and waits until both show it.
async fn chatting() -> (Browser, (Driver, Store), (Driver, Store)) {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    let (first, second) = (start(""), start(""));
    first.1.command(marie());
    for (_, store) in [&first, &second] {
        phase(*store, |phase| *phase == Phase::Chatting).await;
    }
    (browser, first, second)
}

#[wasm_bindgen_test]
async fn a_second_page_shows_the_chat_and_asks_for_nothing_until_the_first_is_gone() {
    let (_browser, (first, _), (_second, other)) = chatting().await;
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
        drop(chatting().await);
    }
}

#[wasm_bindgen_test]
async fn what_was_read_in_one_page_is_news_in_none() {
    let (_browser, (_first, store), (_second, other)) = chatting().await;
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
