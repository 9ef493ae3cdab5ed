use std::rc::Rc;

use gloo_events::EventListener;
use parlour_chat::{Input, Network, Visibility};
use wasm_bindgen::JsCast;
use web_sys::{Document, EventTarget, StorageEvent, VisibilityState};

use super::engine::Engine;

/// The listeners that tell the core about the page: hidden, shown, frozen, offline, online.
pub(super) struct PageListeners(#[expect(dead_code, reason = "kept to listen")] Vec<EventListener>);

impl PageListeners {
    pub(super) fn new(engine: &Rc<Engine>) -> Self {
        let Some(window) = web_sys::window() else {
            return Self(Vec::new());
        };
        let mut listeners = Vec::new();
        let mut listen = |target: &EventTarget, event, input: fn() -> Option<Input>| {
            let engine = Rc::downgrade(engine);
            listeners.push(EventListener::new(target, event, move |_| {
                if let (Some(engine), Some(input)) = (engine.upgrade(), input()) {
                    engine.on_page_change(input);
                }
            }));
        };
        listen(&window, "online", || Some(Input::Network(Network::Online)));
        listen(&window, "offline", || {
            Some(Input::Network(Network::Offline))
        });
        // A page that goes into the back/forward cache, or may be frozen there.
        listen(&window, "pagehide", || {
            Some(Input::Visibility(Visibility::Hidden))
        });
        listen(&window, "pageshow", visibility);
        let weak = Rc::downgrade(engine);
        let on_store = EventListener::new(&window, "storage", move |event| {
            let key = event.unchecked_ref::<StorageEvent>().key();
            if let (Some(engine), Some(key)) = (weak.upgrade(), key) {
                engine.on_store_elsewhere(&key);
            }
        });
        if let Some(document) = window.document() {
            listen(&document, "visibilitychange", visibility);
            listen(&document, "resume", visibility);
        }
        if !window.navigator().on_line() {
            engine.enqueue(Input::Network(Network::Offline));
        }
        if let Some(Input::Visibility(Visibility::Hidden)) = visibility() {
            engine.enqueue(Input::Visibility(Visibility::Hidden));
        }
        listeners.push(on_store);
        Self(listeners)
    }
}

fn visibility() -> Option<Input> {
    let document: Document = web_sys::window()?.document()?;
    Some(Input::Visibility(match document.visibility_state() {
        VisibilityState::Hidden => Visibility::Hidden,
        _ => Visibility::Visible,
    }))
}
