//! The only code that talks to the browser: requests, timers, storage, the page's life, files.
//!
//! It carries out what the core asks for, in order, and hands back what happened. It decides
//! nothing.

mod clock;
mod fetch;
mod files;
mod flight;
mod halt;
mod live;
mod page;
mod records;
mod save;
mod settings;
mod xhr;

use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::rc::Rc;

use gloo_timers::callback::{Interval, Timeout};
use leptos::prelude::Set as _;
use parlour_chat::{
    Command, Failure, Input, Moment, NewFile, Output, Panel, Request, RequestId, Response, Session,
    State,
};
use parlour_config::{BeforeChat, Config};

use crate::store::{Act, Store};

use clock::Clock;
use files::Files;
use flight::Flight;
use halt::is_halted;
use live::LiveMark;
use page::PageListeners;
use records::Records;

pub use halt::halt;
pub use settings::{settings, visitors_languages};

/// One visitor's chat, run in this page.
///
/// Dropping it stops everything it began: requests, timers, listeners.
pub struct Driver {
    engine: Rc<Engine>,
    _page: PageListeners,
}

impl Driver {
    /// Takes up the chat where this browser's storage left it, and connects it with the store.
    ///
    /// `live_key` names the mark that tells the loader that there is a chat to resume.
    #[must_use]
    pub fn start(config: &Config, live_key: &str, store: Store) -> Self {
        let settings = settings(config);
        let scope = settings.scope();
        let clock = Clock::new();
        let records = Records::new(&scope);
        let session = Session::restore(
            settings,
            settings::random_u64(),
            records.load(),
            clock.now(),
        );
        let engine = Rc::new(Engine {
            session: RefCell::new(session),
            store,
            queue: RefCell::default(),
            running: Cell::new(false),
            clock,
            records,
            requests: fetch::Options::new(&config.server),
            upload_progress: config.features.upload_progress,
            keep_answers: config.privacy.before_chat == BeforeChat::Session,
            flights: RefCell::default(),
            wake: RefCell::default(),
            countdown: RefCell::default(),
            files: Files::default(),
            live: LiveMark::new(live_key, &scope),
        });
        store.connect(Rc::new(Rc::clone(&engine)));
        let page = PageListeners::new(&engine);
        engine.run();
        // The core reports changes only; a mark without a chat would stay for ever.
        let state = engine.session.borrow().state().clone();
        engine.show(state);
        Self {
            engine,
            _page: page,
        }
    }

    /// Tells whether the panel was open when this tab was left in the middle of a chat.
    #[must_use]
    pub fn was_panel_open(&self) -> bool {
        self.engine.live.is_panel_open()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.engine.store.disconnect();
        self.engine.stop();
    }
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

struct Engine {
    session: RefCell<Session>,
    store: Store,
    queue: RefCell<VecDeque<Input>>,
    running: Cell<bool>,
    clock: Clock,
    records: Records,
    requests: fetch::Options,
    upload_progress: bool,
    keep_answers: bool,
    /// Requests under way. They are few: a list will do.
    flights: RefCell<Vec<Flight>>,
    wake: RefCell<Option<Timeout>>,
    countdown: RefCell<Option<Interval>>,
    files: Files,
    live: LiveMark,
}

impl Engine {
    /// Hands an input to the core and carries out what follows. An input that comes up meanwhile
    /// waits its turn: the core is never entered twice.
    fn feed(self: &Rc<Self>, input: Input) {
        if is_halted() {
            return;
        }
        self.queue.borrow_mut().push_back(input);
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
    }

    fn next_output(&self) -> Option<Output> {
        self.session.borrow_mut().poll()
    }

    fn next_input(&self) -> Option<Input> {
        self.queue.borrow_mut().pop_front()
    }

    fn carry_out(self: &Rc<Self>, output: Output) {
        match output {
            Output::Request(request) => self.request(request),
            Output::Abort(id) => drop(self.take_flight(id)),
            Output::Wake(moment) => self.wake_at(moment),
            Output::Store(record) => {
                if self.records.store(&record).is_err() {
                    self.queue
                        .borrow_mut()
                        .push_back(Input::StorageFailed(record.name));
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
            // One tab leads by default, and badges follow from the state: nobody listens yet.
            Output::TellTabs(_) | Output::Incoming(_) => {}
        }
    }

    fn show(self: &Rc<Self>, state: State) {
        self.live.follow_phase(&state.phase);
        let counting = state.idle.is_some_and(|idle| idle.closes_at.is_some());
        self.count_down(counting);
        self.store.state().set(state);
    }

    fn request(self: &Rc<Self>, request: Request) {
        let flight = Flight::start(self, request);
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

    fn count_down(self: &Rc<Self>, on: bool) {
        if on == self.countdown.borrow().is_some() {
            return;
        }
        let interval = on.then(|| {
            self.store.now().set(self.clock.now().moment);
            let engine = Rc::downgrade(self);
            Interval::new(1_000, move || {
                if let Some(engine) = engine.upgrade() {
                    engine.store.now().set(engine.clock.now().moment);
                }
            })
        });
        self.countdown.replace(interval);
    }

    fn stop(&self) {
        self.flights.take();
        self.wake.take();
        self.countdown.take();
    }
}

/// What components reach the driver by: a second handle on the engine, so that the trait's methods
/// can hold on to it while they run.
impl Act for Rc<Engine> {
    fn command(&self, command: Command) {
        if let Command::Panel(panel) = &command {
            self.live.follow_panel(*panel == Panel::Open);
        }
        self.feed(Input::Command(command));
    }

    fn attach(&self, file: web_sys::File) {
        if !cfg!(feature = "files") {
            return;
        }
        let name = file.name();
        // A file's size is an integer below 2^53.
        let bytes = file.size() as u64;
        let handle = self.files.keep(file);
        self.command(Command::Attach(NewFile {
            handle,
            name,
            bytes,
            description: None,
        }));
    }

    fn remember_answers(&self, answers: Option<&str>) {
        if self.keep_answers {
            self.records.remember_answers(answers);
        }
    }

    fn remembered_answers(&self) -> Option<String> {
        self.keep_answers
            .then(|| self.records.remembered_answers())
            .flatten()
    }
}
