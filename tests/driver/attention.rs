//! What reaches a visitor who looks elsewhere.

use js_sys::{Array, Function, Reflect};
use leptos::prelude::GetUntracked as _;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;

use crate::browser::*;

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
