//! Uploads and downloads.

use js_sys::{Array, Function};
use leptos::prelude::{GetUntracked as _, WithUntracked as _};
use parlour::Store;
use parlour_chat::{ChatCommand, EntryId, FileState, Item, Phase};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::File;

use crate::browser::*;

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

#[wasm_bindgen_test]
async fn an_upload_carries_the_headers_that_the_page_gives() {
    let mut browser = Browser::new();
    browser.answer(200, STARTED);
    set("headers", &JsValue::UNDEFINED);
    // By XMLHttpRequest, if the page gave no headers.
    let (_driver, store) = start(r#""upload_progress": true"#);
    store.command(marie());
    phase(store, |phase| *phase == Phase::Chatting).await;
    let token = js_sys::Object::new();
    js_sys::Reflect::set(&token, &"x-token".into(), &"t1".into()).expect("set");
    set("headers", &token);
    let parts = Array::of1(&"contents".into());
    store.attach(vec![
        File::new_with_str_sequence(&parts, "a.txt").expect("a file"),
    ]);
    until("the file", || {
        store
            .state()
            .with_untracked(|state| state.attachments.first().cloned())
    })
    .await;
    store.say();
    until("an upload", || {
        seen("body")
            .into_iter()
            .find(|body| body.contains("contents"))
    })
    .await;
    assert_eq!(
        seen("token").last().map(String::as_str),
        Some("t1"),
        "of all requests"
    );
    js_sys::Reflect::delete_property(&js_sys::global(), &"headers".into()).expect("deleted");
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
    store.command(ChatCommand::Download(row));
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
    store.command(ChatCommand::Download(row));
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
