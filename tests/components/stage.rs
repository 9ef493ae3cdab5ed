//! A widget whose commands are recorded.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};
use std::sync::Arc;
use std::time::Duration;

use gloo_timers::future::sleep;
use leptos::mount::{UnmountHandle, mount_to_renderer};
use leptos::prelude::*;
use leptos::tachys::view::any_view::AnyViewState;
use parlour::{Act, App, Store, Texts, extras};
use parlour_chat::{
    Agents, Author, Change, ChatCommand, Command, Entry, EntryId, FileHandle, Item, MessageState,
    Moment, NewFile, Offers, Participant, ParticipantId, ParticipantKind, Phase, Refusal,
    RefusalReason, State, WallTime,
};
use parlour_config::Config;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    Element, Event, EventInit, HtmlElement, HtmlInputElement, HtmlTextAreaElement, KeyboardEvent,
    KeyboardEventInit, ShadowRoot, ShadowRootInit, ShadowRootMode,
};

/// The longest message in these tests, in UTF-16 code units.
pub(crate) const LONGEST: usize = 100;

/// 2026-11-20 18:00 UTC.
pub(crate) const NOW: i64 = 1_795_197_600_000;

const CONFIG: &str = r#"{"tenant": "acme", "server": {"service": "support"}}"#;

#[derive(Default)]
struct Recorder {
    commands: RefCell<Vec<Command>>,
    /// Name and size of each file that was attached.
    files: RefCell<Vec<(String, u64)>>,
    /// The address of each file's picture, by handle.
    pictures: RefCell<Vec<Option<String>>>,
    answers: RefCell<Option<String>>,
    alerts: RefCell<Vec<String>>,
    can_notify: Cell<bool>,
    now: Cell<Moment>,
}

impl Act for Recorder {
    fn command(&self, command: Command) {
        self.commands.borrow_mut().push(command);
    }

    fn keep(&self, file: web_sys::File) -> NewFile {
        let (name, bytes) = (file.name(), file.size() as u64);
        self.files.borrow_mut().push((name.clone(), bytes));
        NewFile {
            handle: FileHandle(0),
            name,
            bytes,
            description: None,
        }
    }

    fn picture(&self, file: FileHandle) -> Option<String> {
        self.pictures
            .borrow()
            .get(usize::try_from(file.0).ok()?)?
            .clone()
    }

    fn on_extras_settled(&self) {}

    fn now(&self) -> Option<Moment> {
        Some(self.now.get())
    }

    fn alert(&self, words: &str) {
        self.alerts.borrow_mut().push(words.into());
    }

    fn set_sound(&self, on: bool) {
        self.alerts.borrow_mut().push(format!("sound {on}"));
    }

    fn can_notify(&self) -> bool {
        self.can_notify.get()
    }

    fn set_notifications(&self, on: bool) {
        self.alerts.borrow_mut().push(format!("notifications {on}"));
    }

    fn remember_answers(&self, answers: Option<&str>) {
        self.answers.replace(answers.map(String::from));
    }

    fn remembered_answers(&self) -> Option<String> {
        self.answers.borrow().clone()
    }

    fn remember_place(&self, _: Option<&str>) {}

    fn remembered_place(&self) -> Option<String> {
        None
    }
}

/// A widget in a shadow root; gone when dropped.
pub(crate) struct Stage {
    _view: UnmountHandle<AnyViewState>,
    _owner: Owner,
    pub(crate) store: Store,
    recorder: Rc<Recorder>,
    host: Element,
    root: ShadowRoot,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::prepared(|_| ())
    }

    /// A widget that finds something in its store when it is mounted, as after a reload.
    pub(crate) fn prepared(prepare: fn(Store)) -> Self {
        Self::build(CONFIG, None, prepare)
    }

    /// A widget with a form of these fields, in a tab that remembers these answers.
    pub(crate) fn with_form(fields: &str, answers: Option<&str>) -> Self {
        let server = r#"{"tenant": "acme", "server": {"service": "support"}, "form": {"fields": "#;
        Self::build(&[server, fields, "}}"].concat(), answers, |_| ())
    }

    /// A widget with a configuration of one's own.
    pub(crate) fn with_config(config: &str) -> Self {
        Self::build(config, None, |_| ())
    }

    fn build(config: &str, answers: Option<&str>, prepare: fn(Store)) -> Self {
        let config = Arc::new(Config::from_json(config).expect("a configuration"));
        let document = leptos::prelude::document();
        let host = document.create_element("div").expect("an element");
        document
            .body()
            .expect("a body")
            .append_child(&host)
            .expect("added");
        let root = host
            .attach_shadow(&ShadowRootInit::new(ShadowRootMode::Open))
            .expect("a shadow root");
        let parent: HtmlElement = document
            .create_element("div")
            .expect("an element")
            .unchecked_into();
        root.append_child(&parent).expect("added");
        // The one rule of the style sheets that these tests need.
        let shown = document.create_element("style").expect("an element");
        shown.set_text_content(Some("dialog { display: flex }"));
        root.append_child(&shown).expect("added");
        let owner = Owner::new();
        let store = owner.with(Store::new);
        let recorder = Rc::new(Recorder::default());
        recorder.remember_answers(answers);
        prepare(store);
        store.connect(Rc::clone(&recorder) as Rc<dyn Act>);
        store.today().set(WallTime(NOW));
        let texts = Texts::new(&config, ["en"], JsValue::UNDEFINED);
        let extras = owner.with(extras);
        let view = owner.with(|| {
            mount_to_renderer(&parent, move || {
                view! { <App store extras config texts/> }.into_any()
            })
        });
        Self {
            _view: view,
            _owner: owner,
            store,
            recorder,
            host,
            root,
        }
    }

    /// A widget with a chat going on and its panel open.
    pub(crate) async fn chatting() -> Self {
        let stage = Self::new();
        stage.store.state().set(chatting());
        stage.store.set_open(true);
        stage.one("[part~=input]").await;
        stage
    }

    pub(crate) fn all(&self, selector: &str) -> Vec<HtmlElement> {
        let found = self.root.query_selector_all(selector).expect("a selector");
        (0..found.length())
            .filter_map(|at| found.item(at)?.dyn_into().ok())
            .collect()
    }

    /// Waits until there is such an element.
    pub(crate) async fn one(&self, selector: &str) -> HtmlElement {
        self.until(&["an element ", selector].concat(), || {
            self.all(selector).into_iter().next()
        })
        .await
    }

    /// Waits until there is no such element.
    pub(crate) async fn none(&self, selector: &str) {
        self.until(&["no ", selector].concat(), || {
            self.all(selector).is_empty().then_some(())
        })
        .await;
    }

    /// Waits until an element says something.
    pub(crate) async fn says(&self, selector: &str, words: &str) {
        self.until(&[selector, " saying ", words].concat(), || {
            let text = self.all(selector).first()?.text_content()?;
            text.contains(words).then_some(())
        })
        .await;
    }

    /// Tells whether the host element has a mark for style sheets.
    pub(crate) fn is_marked(&self) -> bool {
        self.host.has_attributes()
    }

    /// Tells whether anything in the widget has the focus.
    pub(crate) fn has_focus(&self) -> bool {
        self.root.active_element().is_some()
    }

    /// Waits until an element has the focus.
    pub(crate) async fn focused(&self, selector: &str) {
        self.until(&["the focus on ", selector].concat(), || {
            self.root
                .active_element()?
                .matches(selector)
                .ok()?
                .then_some(())
        })
        .await;
    }

    /// Waits for something; fails loudly after a while.
    pub(crate) async fn until<T>(&self, what: &str, mut look: impl FnMut() -> Option<T>) -> T {
        for _ in 0..400 {
            if let Some(found) = look() {
                return found;
            }
            sleep(Duration::from_millis(10)).await;
        }
        panic!("there never was {what}");
    }

    /// Lets everything happen that was begun.
    pub(crate) async fn settle(&self) {
        for _ in 0..3 {
            sleep(Duration::from_millis(0)).await;
        }
    }

    /// Lets some frames pass.
    pub(crate) async fn frames(&self, count: u32) {
        for _ in 0..count {
            let frame = js_sys::Promise::new(&mut |resolve, _| {
                let asked = leptos::prelude::window().request_animation_frame(&resolve);
                asked.expect("a frame");
            });
            JsFuture::from(frame).await.expect("a frame");
        }
    }

    pub(crate) fn commands(&self) -> Vec<Command> {
        self.recorder.commands.borrow().clone()
    }

    /// Returns the commands that there are only in a chat.
    pub(crate) fn chat_commands(&self) -> Vec<ChatCommand> {
        let commands = self.commands().into_iter();
        let of_chat = commands.filter_map(|command| match command {
            Command::Chat(carried) => Some(carried.command().clone()),
            _ => None,
        });
        of_chat.collect()
    }

    /// Returns what is remembered of the form.
    pub(crate) fn answers(&self) -> Option<String> {
        self.recorder.remembered_answers()
    }

    /// Returns what shows whether something of the widget is still kept.
    pub(crate) fn trace(&self) -> Weak<dyn Act> {
        Rc::downgrade(&(Rc::clone(&self.recorder) as Rc<dyn Act>))
    }

    /// Returns the names of the files that were attached; empty ones are marked.
    pub(crate) fn files(&self) -> Vec<String> {
        let files = self.recorder.files.borrow();
        let name = |(name, bytes): &(String, u64)| match bytes {
            0 => [name, " (empty)"].concat(),
            _ => name.clone(),
        };
        files.iter().map(name).collect()
    }

    /// Gives the next file with this handle a picture.
    pub(crate) fn set_pictures(&self, addresses: &[Option<&str>]) {
        let addresses = addresses.iter().map(|one| one.map(String::from));
        self.recorder.pictures.replace(addresses.collect());
    }

    /// Has it this time.
    pub(crate) fn set_now(&self, now: Moment) {
        self.recorder.now.set(now);
    }

    /// Has a browser with notifications, which are not forbidden.
    pub(crate) fn set_can_notify(&self) {
        self.recorder.can_notify.set(true);
    }

    /// Returns what attention was drawn to, and the switches that were used.
    pub(crate) fn alerts(&self) -> Vec<String> {
        self.recorder.alerts.borrow().clone()
    }

    /// Puts entries at the end.
    pub(crate) fn append(&self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            let at = self.store.len().get_untracked();
            let entry = Entry::new(EntryId(at as u64), WallTime(NOW), item);
            self.store.apply(Change::Insert { at, entry });
        }
    }

    pub(crate) async fn write(&self, selector: &str, text: &str) {
        let element = self.one(selector).await;
        match element.dyn_ref::<HtmlTextAreaElement>() {
            Some(area) => area.set_value(text),
            None => element.unchecked_ref::<HtmlInputElement>().set_value(text),
        }
        fire(&element, "input");
    }

    /// Has an event happen at an element; tells whether the widget prevents what the browser would do.
    pub(crate) async fn prevents(&self, event: &str, selector: &str) -> bool {
        let init = EventInit::new();
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(true);
        let event = Event::new_with_event_init_dict(event, &init).expect("an event");
        let element = self.one(selector).await;
        !element.dispatch_event(&event).expect("dispatched")
    }

    /// Presses a key; tells whether the widget took it.
    pub(crate) async fn press(
        &self,
        selector: &str,
        key: &str,
        change: fn(&KeyboardEventInit),
    ) -> bool {
        let init = KeyboardEventInit::new();
        init.set_key(key);
        init.set_bubbles(true);
        init.set_composed(true);
        init.set_cancelable(true);
        change(&init);
        let event =
            KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &init).expect("an event");
        let element = self.one(selector).await;
        !element.dispatch_event(&event).expect("dispatched")
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        self.host.remove();
    }
}

fn fire(element: &Element, event: &str) {
    let init = EventInit::new();
    init.set_bubbles(true);
    let event = Event::new_with_event_init_dict(event, &init).expect("an event");
    element.dispatch_event(&event).expect("dispatched");
}

pub(crate) fn chatting() -> State {
    State {
        phase: Phase::Chatting,
        messages_taken: true,
        offers: offers(),
        agents: Agents::Present,
        participants: vec![anna()],
        ..State::default()
    }
}

pub(crate) fn anna() -> Participant {
    Participant {
        id: ParticipantId("2".into()),
        nickname: "Anna".into(),
        kind: ParticipantKind::Agent,
    }
}

pub(crate) fn mine(text: &str, state: MessageState) -> Item {
    Item::Message {
        from: Author::Me,
        text: text.into(),
        state,
        rich: None,
    }
}

pub(crate) fn annas(text: &str) -> Item {
    Item::Message {
        from: Author::Other(anna()),
        text: text.into(),
        state: MessageState::Sent,
        rich: None,
    }
}

pub(crate) fn refusal(reason: RefusalReason, limit: Option<u64>) -> Refusal {
    Refusal {
        reason,
        code: None,
        limit,
    }
}

/// What the server offers here: messages of [`LONGEST`] code units at most.
pub(crate) fn offers() -> Offers {
    Offers {
        message_units: LONGEST,
        ..Offers::default()
    }
}
