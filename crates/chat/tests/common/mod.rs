//! A driver on virtual time around one session: it carries outputs out as a browser would, keeps a
//! timeline of its own from nothing but the changes, and holds every session to the crate's law.
#![allow(dead_code, reason = "every test file uses another part of it")]
#![allow(unreachable_pub, reason = "shared by test crates")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail"
)]

pub mod anything;
pub mod golden;
mod law;
pub mod line;
mod requests;
pub mod server;
pub mod show;
mod sight;
mod wire;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use parlour_chat::{
    Body, Change, ChatCommand, Command, DialectKind, Entry, EntryId, Failure, FileHandle,
    FormAnswers, Input, Item, Keep, Moment, Network, NewFile, Now, Output, Panel, Record, Request,
    RequestId, Response, Session, Settings, State, TAB_SYNC, TabMessage, TabRole, Visibility,
    WallTime,
};
use serde_json::{Value, json};

pub use server::*;
pub use wire::*;

/// More wake-ups than this in one stretch are a livelock.
const MOST_WAKES: usize = 5_000;
/// How long the server of these tests takes to answer.
pub const LATENCY: Duration = Duration::from_millis(40);
pub const SERVER: &str = "https://chat.example";
pub const SERVICE: &str = "https://chat.example/genesys/2/chat/support";

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub fn settings() -> Settings {
    Settings {
        visitor: "a-name-that-nobody-guesses".into(),
        ..Settings::new("acme", SERVER, "support")
    }
}

/// A command of the page's to attach or change user data.
pub fn update_data(data: Vec<(String, String)>) -> Command {
    ChatCommand::UpdateData(data).into()
}

/// Settings whose waits do not vary.
pub fn steady() -> Settings {
    let mut settings = settings();
    settings.pace.jitter_percent = 0;
    settings
}

pub fn maria() -> FormAnswers {
    FormAnswers {
        nickname: Some("Maria".into()),
        ..FormAnswers::default()
    }
}

/// A page with a chat in it.
#[derive(Debug)]
pub struct Rig {
    pub session: Session,
    pub settings: Settings,
    pub now: Now,
    /// What was stored, by name; what only this tab has is among it.
    pub storage: BTreeMap<String, Record>,
    /// Whether stores succeed.
    pub storage_works: bool,
    /// How many more stores reach the storage before the page dies (silently), if it will.
    pub stores_left: Option<usize>,
    /// The composer's text, as a view keeps it.
    pub composer: String,
    /// What the visitor was told of as new, as short lines.
    pub incoming: Vec<String>,
    /// Whose replies those of the server were taken for, that were no replies of its dialect.
    pub wrong_dialects: Vec<Option<DialectKind>>,
    /// What other tabs were told.
    pub told: Vec<TabMessage>,
    /// Whether the lead was asked for.
    pub wants_lead: bool,
    /// Requests that were given up.
    pub aborted: Vec<Request>,
    /// Every request, and when it left.
    pub log: Vec<(Moment, Request)>,
    mirror: Vec<Entry>,
    shown: Option<State>,
    wake: Option<Moment>,
    pending: BTreeMap<RequestId, Request>,
    next_file: u64,
    files: BTreeSet<FileHandle>,
    secrets: BTreeSet<String>,
    unstored: Vec<Input>,
}

impl Default for Rig {
    fn default() -> Self {
        Self::new()
    }
}

impl Rig {
    pub fn new() -> Self {
        Self::with(settings())
    }

    pub fn with(settings: Settings) -> Self {
        Self::with_seed(settings, 7)
    }

    pub fn with_seed(settings: Settings, seed: u64) -> Self {
        let mut rig = Self::around(Session::new(settings.clone(), seed), settings);
        rig.drain();
        rig
    }

    /// A page that finds these records.
    pub fn restored(settings: Settings, storage: BTreeMap<String, Record>) -> Self {
        let now = start_of_page();
        let records = storage.values().cloned();
        let session = Session::restore(settings.clone(), 7, records, now);
        let mut rig = Self::around(session, settings);
        rig.storage = storage;
        rig.drain();
        rig
    }

    fn around(session: Session, settings: Settings) -> Self {
        Self {
            session,
            settings,
            now: start_of_page(),
            storage: BTreeMap::new(),
            storage_works: true,
            stores_left: None,
            composer: String::new(),
            incoming: Vec::new(),
            wrong_dialects: Vec::new(),
            told: Vec::new(),
            wants_lead: false,
            aborted: Vec::new(),
            log: Vec::new(),
            mirror: Vec::new(),
            shown: None,
            wake: None,
            pending: BTreeMap::new(),
            next_file: 100,
            files: BTreeSet::new(),
            secrets: BTreeSet::new(),
            unstored: Vec::new(),
        }
    }

    /// A chat that has begun: the visitor has joined (event 1), everything is answered.
    pub fn chatting() -> Self {
        Self::chatting_with(settings())
    }

    pub fn chatting_with(settings: Settings) -> Self {
        let mut rig = Self::with(settings);
        rig.start();
        rig.answer("start", started());
        rig.answer("refresh", transcript(&[own_join(1)], 2));
        rig.answer_rest();
        rig.panel(Panel::Open);
        rig
    }

    /// The same, with an agent (event 2).
    pub fn with_agent() -> Self {
        Self::with_agent_and(settings())
    }

    pub fn with_agent_and(settings: Settings) -> Self {
        let mut rig = Self::chatting_with(settings);
        rig.refresh(&[agent_joins(2)], 3);
        rig
    }

    // What happens.

    pub fn input(&mut self, input: Input) {
        self.session.handle(input, self.now);
        self.drain();
    }

    pub fn command(&mut self, command: impl Into<Command>) {
        self.input(Input::Command(command.into()));
    }

    pub fn start(&mut self) {
        self.command(Command::Start(maria()));
    }

    pub fn say(&mut self, text: &str) -> EntryId {
        self.composer.clear();
        self.command(Command::Say(text.into()));
        self.find(text)
    }

    pub fn draft(&mut self, text: &str) {
        self.composer = text.into();
        self.command(Command::Draft(text.into()));
    }

    pub fn panel(&mut self, panel: Panel) {
        self.command(Command::Panel(panel));
    }

    pub fn visibility(&mut self, visibility: Visibility) {
        self.input(Input::Visibility(visibility));
    }

    pub fn network(&mut self, network: Network) {
        self.input(Input::Network(network));
    }

    /// The tab keeps step with the others from now on.
    pub fn join(&mut self, role: TabRole) {
        self.session.join_tabs(&TAB_SYNC, role, self.now);
        self.drain();
    }

    pub fn may_alert(&self) -> bool {
        self.session.may_alert()
    }

    pub fn role(&mut self, role: TabRole) {
        self.input(Input::TabRole(role));
    }

    /// Chooses a file and sends it. Gives its entry, where it got one.
    pub fn attach(&mut self, name: &str, bytes: u64) -> Option<EntryId> {
        self.attach_described(name, bytes, None)
    }

    pub fn attach_described(
        &mut self,
        name: &str,
        bytes: u64,
        description: Option<&str>,
    ) -> Option<EntryId> {
        let before: BTreeSet<EntryId> = self.mirror.iter().map(|entry| entry.id).collect();
        let mut file = self.new_file(name, bytes);
        file.description = description.map(Into::into);
        self.command(ChatCommand::Attach(vec![file]));
        if !self.state().attachments.is_empty() {
            self.command(Command::Say(String::new()));
        }
        let fresh = |entry: &&Entry| !before.contains(&entry.id);
        self.mirror.iter().find(fresh).map(|entry| entry.id)
    }

    /// Makes a file whose contents the page keeps.
    pub fn new_file(&mut self, name: &str, bytes: u64) -> NewFile {
        let handle = FileHandle(self.next_file);
        self.next_file += 1;
        self.files.insert(handle);
        NewFile {
            handle,
            name: name.into(),
            bytes,
            description: None,
        }
    }

    // Time.

    /// Lets time pass, waking the session whenever it asked for it.
    pub fn advance(&mut self, wait: Duration) {
        let end = self.now.moment + wait;
        let mut wakes = 0;
        while let Some(at) = self.wake.filter(|at| *at <= end) {
            self.wake_up(at);
            wakes += 1;
            assert!(wakes < MOST_WAKES, "livelock: {wakes} wake-ups in {wait:?}");
        }
        self.jump_to(end);
    }

    /// Lets time pass without a wake-up: the page is frozen.
    pub fn freeze(&mut self, wait: Duration) {
        self.jump_to(self.now.moment + wait);
    }

    /// Sets the wall clock only.
    pub fn set_wall(&mut self, wall: i64) {
        self.now.wall = WallTime(wall);
    }

    /// The timer goes off, once.
    fn wake_up(&mut self, at: Moment) {
        self.wake = None;
        self.jump_to(at);
        self.input(Input::Tick);
    }

    fn jump_to(&mut self, at: Moment) {
        let wait = at.since(self.now.moment);
        self.now.moment = at;
        self.now.wall.0 += i64::try_from(wait.as_millis()).unwrap();
    }

    /// Waits until this operation is asked for, five minutes at most. Gives how long it took.
    pub fn wait_for(&mut self, operation: &str) -> Duration {
        let from = self.now.moment;
        self.wait_until(operation, |rig| rig.is_pending(operation));
        self.now.moment.since(from)
    }

    /// Goes from wake-up to wake-up until something holds, five minutes at most.
    pub fn wait_until(&mut self, what: &str, holds: impl Fn(&Self) -> bool) {
        let end = self.now.moment + secs(300);
        while !holds(self) {
            match self.wake.filter(|at| *at <= end) {
                Some(at) => self.wake_up(at),
                None => panic!("{what}: nothing more will happen\n{}", self.describe()),
            }
        }
    }

    /// Tells whether a wake-up is asked for.
    pub fn will_wake(&self) -> bool {
        self.wake.is_some()
    }

    // Other pages.

    /// Reloads the page: what is under way goes unheard, files and clocks are lost.
    pub fn reload(&mut self) -> Vec<Request> {
        let next = Self::restored(self.settings.clone(), self.storage.clone());
        let before = std::mem::replace(self, next);
        self.now.wall = before.now.wall;
        before.pending.into_values().collect()
    }

    /// Closes the tab and opens the site in a new one.
    pub fn reopen(&mut self) {
        self.storage
            .retain(|_, record| record.keep == Keep::ForVisitor);
        self.reload();
    }
}

/// What both clocks say when a page opens: the monotonic one starts anew with each.
pub fn start_of_page() -> Now {
    Now {
        moment: Moment(150),
        wall: WallTime(START),
    }
}
