use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::Timeout;
use leptos::prelude::{Set as _, WithUntracked as _};
use parlour_chat::{
    Body, Command, Failure, FileHandle, Input, Keep, Moment, NewFile, Output, Panel, Request,
    RequestId, Response, Session, State, TabRole, TabSync, Visibility,
};
use parlour_config::{BeforeChat, Config, KeepChat};
use web_sys::Url;

use super::attention::{Attend, AttentionOptions};
use super::clock::Clock;
use super::fetch;
use super::files::Files;
use super::flight::Flight;
use super::halt::is_halted;
use super::later;
use super::live::LiveMark;
use super::records::{ANSWERS, PLACE, Records, is_kept};
use super::settings;
use super::sound::Sound;
use super::tabs::{News, OtherTabs, can_keep_step};
use crate::store::{Act, Store};

/// The types of pictures that are shown before they are sent. As `<img>` not even a wrong type runs anything.
const PICTURES: [&str; 4] = ["image/png", "image/jpeg", "image/gif", "image/webp"];

/// The loop between the core and the browser: hands inputs to the core and carries out its outputs.
pub(super) struct Engine {
    session: RefCell<Session>,
    store: Store,
    queue: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    clock: Clock,
    records: Records,
    requests: fetch::Options,
    keep_answers: bool,
    /// Where the chat is kept.
    keep: KeepChat,
    /// Requests under way. They are few: a list will do.
    flights: RefCell<Vec<Flight>>,
    wake: RefCell<Option<Timeout>>,
    files: Files,
    live: LiveMark,
    /// What the tenant wants to be done to draw attention.
    attention: parlour_config::Attention,
    sound: Rc<Sound>,
    /// Whether the visitor's tabs are kept in step.
    has_tabs: bool,
    /// What was loaded when there was a chat.
    rest: RefCell<Option<Rest>>,
}

/// The part of the driver that is loaded when there is a chat.
struct Rest {
    attention: Rc<dyn Attend>,
    /// The visitor's other tabs, where they can be kept in step.
    tabs: Option<Rc<dyn OtherTabs>>,
}

impl Engine {
    /// Takes up the chat where this browser's storage left it.
    pub(super) fn new(
        config: &Config,
        live_key: &str,
        network: fetch::Network,
        store: Store,
    ) -> Rc<Self> {
        let mut settings = settings::settings(config);
        let scope = settings.scope();
        let clock = Clock::new();
        let records = Records::new(&scope, config.privacy.chat);
        let keep_answers = config.privacy.before_chat == BeforeChat::Session;
        if !keep_answers {
            // The tenant may have allowed it until now.
            records.remember(ANSWERS, None);
        }
        let has_tabs = config.privacy.chat == KeepChat::Site && can_keep_step();
        if has_tabs {
            settings.role = TabRole::Follows;
        }
        let session = Session::restore(
            settings,
            settings::random_u64(),
            records.load(),
            clock.now(),
        );
        Rc::new(Self {
            session: RefCell::new(session),
            store,
            queue: RefCell::default(),
            running: Cell::new(false),
            clock,
            records,
            requests: fetch::Options::new(config, network),
            keep_answers,
            keep: config.privacy.chat,
            flights: RefCell::default(),
            wake: RefCell::default(),
            files: Files::default(),
            live: LiveMark::new(live_key, &scope, config.privacy.chat),
            attention: config.attention.clone(),
            sound: Rc::default(),
            has_tabs,
            rest: RefCell::default(),
        })
    }

    /// Carries out what the core wants at first.
    pub(super) fn start(self: &Rc<Self>) {
        self.run();
        // The core reports changes only; a mark without a chat would stay for ever.
        let state = self.session.borrow().state().clone();
        self.show(state);
    }

    /// Stops everything that goes on: requests, timers, the visitor's actions.
    pub(super) fn stop(&self) {
        self.store.disconnect();
        if let Some(rest) = self.rest.take() {
            rest.attention.withdraw();
            if let Some(tabs) = rest.tabs {
                tabs.leave();
            }
        }
        self.flights.take();
        self.wake.take();
    }

    /// Queues an input for when the core is entered next.
    pub(super) fn enqueue(&self, input: Input) {
        self.queue.borrow_mut().push_back(input);
    }

    /// Hands in what happened to the page. A page that was away may wake on another day.
    pub(super) fn on_page_change(self: &Rc<Self>, input: Input) {
        if is_halted() {
            return;
        }
        self.store.today().set(self.clock.now().wall);
        if matches!(input, Input::Visibility(Visibility::Visible)) {
            self.attend(|attention| attention.uncover_title());
        }
        self.feed(input);
    }

    /// Tells whether there is a chat and the panel is open, or was when this tab was left.
    pub(super) fn is_panel_open(&self) -> bool {
        self.live.is_panel_open()
    }

    /// Hands an input to the core and carries out what follows. An input that comes up meanwhile
    /// waits its turn: the core is never entered twice.
    pub(super) fn feed(self: &Rc<Self>, input: Input) {
        if is_halted() {
            return;
        }
        self.enqueue(input);
        self.run();
    }

    fn run(self: &Rc<Self>) {
        if self.running.replace(true) {
            return;
        }
        loop {
            while let Some(output) = self.next_output() {
                self.carry_out(output);
            }
            let Some(input) = self.next_input() else {
                break;
            };
            self.session.borrow_mut().handle(input, self.clock.now());
        }
        self.running.set(false);
        if self.session.borrow().is_looking() {
            self.clear_arrivals();
        }
    }

    /// Takes back what told of news: the visitor has read them.
    fn clear_arrivals(&self) {
        self.store.clear_arrivals();
        self.attend(|attention| attention.withdraw());
    }

    fn attend(&self, act: impl FnOnce(&dyn Attend)) {
        // Not borrowed meanwhile: what it calls a page may have replaced.
        let attention = self
            .rest
            .borrow()
            .as_ref()
            .map(|rest| Rc::clone(&rest.attention));
        if let Some(attention) = attention {
            act(&*attention);
        }
    }

    fn next_output(&self) -> Option<Output> {
        self.session.borrow_mut().poll()
    }

    fn next_input(&self) -> Option<Input> {
        self.queue.borrow_mut().pop_front()
    }

    fn carry_out(self: &Rc<Self>, output: Output) {
        match output {
            Output::Request(request) => self.start_request(request),
            Output::Abort(id) => drop(self.take_flight(id)),
            Output::Wake(moment) => self.wake_at(moment),
            Output::Store(record) => {
                if self.records.store(&record).is_err() {
                    self.enqueue(Input::StorageFailed(record.name));
                }
            }
            Output::Timeline(change) => {
                self.store.apply(change);
                self.store.today().set(self.clock.now().wall);
            }
            Output::State(state) => self.show(*state),
            Output::Draft(text) => self.store.draft().set(text),
            Output::Release(handle) => self.files.release(handle),
            Output::WrongDialect { spoken, likely } => {
                settings::report_wrong_dialect(spoken, likely)
            }
            Output::TellTabs(message) => self.with_tabs(|tabs| tabs.tell(&message)),
            Output::TakeLead => self.with_tabs(|tabs| tabs.take_lead()),
            Output::ReadRecords => self.enqueue(Input::Records(self.records.load())),
            Output::Incoming(item) => {
                self.store.add_news((*item).clone());
                if !self.session.borrow().is_looking() {
                    self.store.add_arrival(*item);
                }
            }
        }
    }

    /// Hears news of the visitor's other tabs.
    fn on_news(self: &Rc<Self>, news: News, sync: &'static TabSync) {
        if is_halted() {
            return;
        }
        match news {
            News::Said(message) => self.feed(Input::TabMessage(message)),
            News::Role(role) => {
                let now = self.clock.now();
                self.session.borrow_mut().join_tabs(sync, role, now);
                self.feed(Input::TabRole(role));
            }
        }
    }

    /// Hands in what another tab has stored, while there is no chat here: it may have begun one.
    pub(super) fn on_store_elsewhere(self: &Rc<Self>, key: &str) {
        let has_chat = self.session.borrow().state().phase.is_open();
        if !has_chat && self.records.is_of_session(key) {
            self.feed(Input::Records(self.records.load()));
        }
    }

    fn with_tabs(&self, act: impl FnOnce(Rc<dyn OtherTabs>)) {
        let tabs = self
            .rest
            .borrow()
            .as_ref()
            .and_then(|rest| rest.tabs.clone());
        if let Some(tabs) = tabs {
            act(tabs);
        }
    }

    fn show(self: &Rc<Self>, state: State) {
        self.live.follow_phase(&state.phase);
        let had_news = self.store.state().with_untracked(|state| state.unread > 0);
        if had_news && state.unread == 0 {
            // The visitor has read it, perhaps in another tab.
            self.clear_arrivals();
        }
        self.store.state().set(state);
    }

    fn start_request(self: &Rc<Self>, request: Request) {
        let id = request.id;
        let file = match &request.body {
            Body::Upload { file, .. } if cfg!(feature = "files") => self.files.find(*file),
            _ => None,
        };
        let on_progress = {
            let engine = Rc::downgrade(self);
            move |done, total| {
                if let Some(engine) = engine.upgrade() {
                    engine.on_progress(id, done, total);
                }
            }
        };
        let on_outcome = {
            let engine = Rc::clone(self);
            move |outcome| engine.on_outcome(id, outcome)
        };
        let flight = Flight::start(
            request,
            file,
            self.requests.clone(),
            on_progress,
            on_outcome,
        );
        self.flights.borrow_mut().push(flight);
    }

    fn take_flight(&self, id: RequestId) -> Option<Flight> {
        let mut flights = self.flights.borrow_mut();
        let at = flights.iter().position(|flight| flight.id == id)?;
        Some(flights.swap_remove(at))
    }

    /// Hands in the outcome of a request, unless it was aborted.
    fn on_outcome(self: &Rc<Self>, id: RequestId, outcome: Result<Response, Failure>) {
        if let Some(flight) = self.take_flight(id) {
            flight.complete();
            self.feed(match outcome {
                Ok(response) => Input::Reply { id, response },
                Err(failure) => Input::Failed { id, failure },
            });
        }
    }

    fn on_progress(self: &Rc<Self>, id: RequestId, done: u64, total: u64) {
        if self.flights.borrow().iter().any(|flight| flight.id == id) {
            self.feed(Input::Progress { id, done, total });
        }
    }

    fn wake_at(self: &Rc<Self>, moment: Option<Moment>) {
        let timeout = moment.map(|moment| {
            let wait = moment.since(self.clock.now().moment).as_millis();
            // Longer waits than a timer can hold end early: the core asks again.
            let wait = u32::try_from(wait).unwrap_or(u32::MAX).min(i32::MAX as u32);
            let engine = Rc::downgrade(self);
            Timeout::new(wait, move || {
                if let Some(engine) = engine.upgrade() {
                    engine.feed(Input::Tick);
                }
            })
        });
        self.wake.replace(timeout);
    }
}

/// What components reach the driver by: a second handle on the engine, so that the trait's methods
/// can hold on to it while they run.
impl Act for Rc<Engine> {
    fn command(&self, command: Command) {
        if let Command::Panel(panel) = &command {
            self.live.follow_panel(*panel == Panel::Open);
        }
        if self.attention.sound && matches!(command, Command::Start(_) | Command::Say(_)) {
            // Browsers want a gesture of the visitor before a sound.
            self.sound.prepare();
        }
        self.feed(Input::Command(command));
    }

    fn keep(&self, file: web_sys::File) -> NewFile {
        NewFile {
            name: file.name(),
            // A file's size is an integer below 2^53.
            bytes: file.size() as u64,
            handle: self.files.keep(file),
            description: None,
        }
    }

    fn picture(&self, file: FileHandle) -> Option<String> {
        let file = self.files.find(file)?;
        let is_picture = PICTURES.contains(&file.type_().as_str());
        is_picture.then(|| Url::create_object_url_with_blob(&file).ok())?
    }

    fn on_extras_settled(&self) {
        let Some(later) = later::installed() else {
            // What keeps tabs in step could not be loaded.
            self.feed(Input::TabRole(TabRole::Leads));
            return;
        };
        if self.rest.borrow().is_some() {
            return;
        }
        let scope = self.records.scope();
        let engine = Rc::downgrade(self);
        let hear = Box::new(move |news| {
            if let Some(engine) = engine.upgrade() {
                engine.on_news(news, later.sync);
            }
        });
        let tabs = self.has_tabs.then(|| (later.find_tabs)(scope, hear));
        self.rest.replace(Some(Rest {
            attention: (later.attend)(AttentionOptions {
                with: self.attention.clone(),
                scope: scope.into(),
                keep: self.keep,
                store: self.store,
                sound: Rc::clone(&self.sound),
            }),
            tabs: tabs.flatten(),
        }));
        if self
            .rest
            .borrow()
            .as_ref()
            .is_some_and(|rest| rest.tabs.is_some())
        {
            self.with_tabs(|tabs| tabs.join());
        } else {
            self.feed(Input::TabRole(TabRole::Leads));
        }
    }

    fn now(&self) -> Option<Moment> {
        (!is_halted()).then(|| self.clock.now().moment)
    }

    fn alert(&self, words: &str) {
        self.attend(|attention| attention.alert(&self.session, words));
    }

    fn set_sound(&self, on: bool) {
        self.attend(|attention| attention.set_sound(on));
    }

    fn can_notify(&self) -> bool {
        let mut can = false;
        self.attend(|attention| can = attention.can_notify());
        can
    }

    fn set_notifications(&self, on: bool) {
        self.attend(|attention| attention.set_notifications(on));
    }

    fn remember_answers(&self, answers: Option<&str>) {
        if self.keep_answers {
            self.records.remember(ANSWERS, answers);
        }
    }

    fn remembered_answers(&self) -> Option<String> {
        self.keep_answers
            .then(|| self.records.remembered(ANSWERS))
            .flatten()
    }

    fn remember_place(&self, place: Option<&str>) {
        if is_kept(self.keep, Keep::ForTab) {
            self.records.remember(PLACE, place);
        }
    }

    fn remembered_place(&self) -> Option<String> {
        self.records.remembered(PLACE)
    }
}
