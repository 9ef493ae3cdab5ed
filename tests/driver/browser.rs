//! The browser of these tests, with its own parts replaced, and the driver in it.

use std::cell::Cell;
use std::time::Duration;

use gloo_timers::future::sleep;
use js_sys::{Array, Function, Reflect};
use leptos::prelude::{GetUntracked as _, WithUntracked as _};
use parlour::{Driver, Network, Store, install_later};
use parlour_chat::{Command, FormAnswers, Phase, RefusalReason, TabRole};
use parlour_config::Config;
use wasm_bindgen::{JsCast, JsValue};

pub(crate) const LIVE: &str = "chat-live:https://chat.test/";

pub(crate) const STARTED: &str = r#"{"messages": [], "chatEnded": false, "statusCode": 0, "alias": "1",
    "secureKey": "key", "userId": "user", "chatId": "chat", "nextPosition": 1}"#;

pub(crate) const ENDED: &str = r#"{"messages": [], "chatEnded": true, "statusCode": 0, "alias": "1",
    "secureKey": "key", "userId": "user", "chatId": "chat", "nextPosition": 1}"#;

thread_local! {
    /// The number of the test. The lock of the last one's tabs may be on its way back still.
    static TEST: Cell<u32> = const { Cell::new(0) };
}

/// The browser's things that a test has replaced: put back when dropped, and what was stored is erased.
pub(crate) struct Browser(Vec<(JsValue, &'static str, JsValue)>);

impl Browser {
    pub(crate) fn new() -> Self {
        clear();
        TEST.set(TEST.get() + 1);
        Self(Vec::new())
    }

    /// Replaces a method by a function made from JavaScript.
    pub(crate) fn replace(
        &mut self,
        path: &[&str],
        name: &'static str,
        parameters: &str,
        body: &str,
    ) {
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
    pub(crate) fn answer(&mut self, status: u16, body: &str) {
        set("seen", &Array::new());
        set("answer", &body.into());
        set("status", &status.into());
        self.replace(
            &[],
            "fetch",
            "request",
            "const one = {url: request.url, method: request.method,
                type: request.headers.get('content-type'), credentials: request.credentials,
                token: request.headers.get('x-token') || undefined};
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

pub(crate) fn clear() {
    let window = web_sys::window().expect("a window");
    for storage in [window.local_storage(), window.session_storage()] {
        _ = storage.expect("allowed").expect("there").clear();
    }
}

pub(crate) fn set(name: &str, value: &JsValue) {
    Reflect::set(&js_sys::global(), &name.into(), value).expect("set");
}

pub(crate) fn get(name: &str) -> JsValue {
    Reflect::get(&js_sys::global(), &name.into()).expect("read")
}

/// Lists a field of all requests so far.
pub(crate) fn seen(field: &str) -> Vec<String> {
    let seen: Array = get("seen").unchecked_into();
    let field = |one: JsValue| Reflect::get(&one, &field.into()).ok()?.as_string();
    seen.iter().filter_map(field).collect()
}

pub(crate) fn stored(session: bool, key: &str) -> Option<String> {
    let window = web_sys::window()?;
    let storage = if session {
        window.session_storage()
    } else {
        window.local_storage()
    };
    storage.ok()??.get_item(key).ok()?
}

/// The way of requests as the mounting script makes it, on a page that gives headers if it has `globalThis.headers`.
fn network() -> Network {
    let make = Function::new_no_args(
        "return {
            adds_headers: () => 'headers' in globalThis,
            send(request) {
                for (const name in globalThis.headers) request.headers.set(name, headers[name]);
                return fetch(request);
            },
        };",
    );
    make.call0(&JsValue::NULL).expect("made").unchecked_into()
}

pub(crate) fn start(features: &str) -> (Driver, Store) {
    start_at("s", features)
}

pub(crate) fn start_at(service: &str, features: &str) -> (Driver, Store) {
    start_with(&[r#""service": ""#, service, r#"""#].concat(), features)
}

pub(crate) fn start_with(server: &str, features: &str) -> (Driver, Store) {
    start_kept("site", server, features)
}

/// Starts it with a chat that is kept there.
pub(crate) fn start_kept(chat: &str, server: &str, features: &str) -> (Driver, Store) {
    start_private(&[r#""chat": ""#, chat, r#"""#].concat(), server, features)
}

/// Starts it with these keys of the configuration's `privacy`.
pub(crate) fn start_private(privacy: &str, server: &str, features: &str) -> (Driver, Store) {
    // Each test has a service of its own.
    let server = server.replace(r#""s""#, &format!(r#""s{}""#, TEST.get()));
    let json = [
        r#"{"tenant": "acme", "server": {"url": "http://127.0.0.1:9", "#,
        &server,
        r#"}, "pace": {"active_ms": 50, "quiet_ms": 50}, "privacy": {"#,
        privacy,
        r#"}, "features": {"#,
        features,
        "}}",
    ]
    .concat();
    let config = Config::from_json(&json).expect("a configuration");
    let store = Store::new();
    let driver = Driver::start(&config, LIVE, network(), store);
    install_later();
    store.actor().expect("a driver").on_extras_settled();
    (driver, store)
}

pub(crate) fn marie() -> Command {
    Command::Start(FormAnswers {
        nickname: Some("Marie".into()),
        ..FormAnswers::default()
    })
}

/// Looks until there is something, five seconds at most.
async fn wait<T>(mut look: impl FnMut() -> Option<T>) -> Option<T> {
    for _ in 0..500 {
        let found = look();
        if found.is_some() {
            return found;
        }
        sleep(Duration::from_millis(10)).await;
    }
    None
}

pub(crate) async fn until<T>(what: &str, look: impl FnMut() -> Option<T>) -> T {
    let found = wait(look).await;
    found.unwrap_or_else(|| panic!("there never was {what}"))
}

pub(crate) async fn phase(store: Store, wanted: fn(&Phase) -> bool) {
    let state = store.state();
    let there = || {
        state
            .with_untracked(|state| wanted(&state.phase))
            .then_some(())
    };
    let is_there = wait(there).await.is_some();
    let now = state.get_untracked();
    assert!(is_there, "another phase: {:?}, {:?}", now.phase, now.role);
}

/// Waits until this page leads: it alone makes a noise.
pub(crate) async fn lead(store: Store) {
    until("the lead", || {
        let state = store.state();
        (state.with_untracked(|state| state.role == TabRole::Leads)).then_some(())
    })
    .await;
}

/// Waits until the chat was refused, and tells why.
pub(crate) async fn refusal(store: Store) -> RefusalReason {
    until("a refusal", || {
        match store.state().with_untracked(|state| state.phase.clone()) {
            Phase::Refused(refusal) => Some(refusal.reason),
            _ => None,
        }
    })
    .await
}
