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
pub mod server;
pub mod show;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use parlour_chat::{
    Body, Change, Command, Entry, EntryId, Failure, FileHandle, FormAnswers, Input, Item, Keep,
    Moment, Network, NewFile, Now, Output, Panel, ParticipantKind, Record, Request, RequestId,
    Response, Role, Session, Settings, State, TabWord, Visibility, WallTime,
};
use serde_json::{Value, json};

pub use server::*;

/// More wake-ups than this in one stretch are a livelock.
const MOST_WAKES: usize = 5_000;
/// How long the server of these tests takes to answer.
pub const LATENCY: Duration = Duration::from_millis(40);
pub const SERVICE: &str = "https://chat.example/genesys/2/chat/support";

pub fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

pub fn settings() -> Settings {
    Settings::new("acme", "https://chat.example", "support")
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
    /// For whom a sound would have been made.
    pub incoming: Vec<ParticipantKind>,
    /// What other tabs were told.
    pub told: Vec<TabWord>,
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
            told: Vec::new(),
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

    pub fn command(&mut self, command: Command) {
        self.input(Input::Command(command));
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

    pub fn role(&mut self, role: Role) {
        self.input(Input::Role(role));
    }

    /// Chooses a file. Gives its entry, where it got one.
    pub fn attach(&mut self, name: &str, bytes: u64) -> Option<EntryId> {
        self.attach_described(name, bytes, None)
    }

    pub fn attach_described(
        &mut self,
        name: &str,
        bytes: u64,
        description: Option<&str>,
    ) -> Option<EntryId> {
        let handle = FileHandle(self.next_file);
        self.next_file += 1;
        self.files.insert(handle);
        let before: BTreeSet<EntryId> = self.mirror.iter().map(|entry| entry.id).collect();
        self.command(Command::Attach(NewFile {
            handle,
            name: name.into(),
            bytes,
            description: description.map(Into::into),
        }));
        let fresh = |entry: &&Entry| !before.contains(&entry.id);
        self.mirror.iter().find(fresh).map(|entry| entry.id)
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

    // Requests and their answers.

    /// How many requests were ever made.
    pub fn requests(&self) -> usize {
        self.log.len()
    }

    pub fn is_pending(&self, operation: &str) -> bool {
        self.pending
            .values()
            .any(|request| operation_of(request) == operation)
    }

    /// The requests under way, in the order they left.
    pub fn pending(&self) -> Vec<Request> {
        self.pending.values().cloned().collect()
    }

    /// Breaks the connection of a request, at once.
    pub fn fail_id(&mut self, id: RequestId, failure: Failure) {
        self.pending.remove(&id);
        self.input(Input::Failed { id, failure });
    }

    pub fn pending_operations(&self) -> Vec<String> {
        self.pending.values().map(operation_of).collect()
    }

    /// The request under way of this operation; there must be just one.
    pub fn request(&self, operation: &str) -> &Request {
        let mut found = self
            .pending
            .values()
            .filter(|request| operation_of(request) == operation);
        match (found.next(), found.next()) {
            (Some(request), None) => request,
            (None, _) => panic!("no {operation} under way\n{}", self.describe()),
            (Some(_), Some(_)) => panic!("more than one {operation} under way"),
        }
    }

    /// A field of the request under way of this operation.
    pub fn field(&self, operation: &str, name: &str) -> Option<String> {
        field(self.request(operation), name)
    }

    /// Answers the request under way with HTTP 200 and this JSON.
    pub fn answer(&mut self, operation: &str, reply: Value) {
        self.answer_with(operation, http(200, &reply.to_string()));
    }

    /// Answers the request under way, a little later than now.
    pub fn answer_with(&mut self, operation: &str, response: Response) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.answer_id(id, response);
    }

    /// Answers a request by its id, at once; it may be long over.
    pub fn answer_id(&mut self, id: RequestId, response: Response) {
        self.note_secrets(&response.body);
        self.pending.remove(&id);
        self.input(Input::Reply { id, response });
    }

    /// Answers the request under way with something that was not made with care.
    pub fn answer_with_anything(&mut self, operation: &str, body: &str) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.pending.remove(&id);
        let response = http(200, body);
        self.input(Input::Reply { id, response });
    }

    /// Breaks the connection of the request under way.
    pub fn fail(&mut self, operation: &str) {
        self.fail_with(operation, Failure::Unreachable);
    }

    pub fn fail_with(&mut self, operation: &str, failure: Failure) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.fail_id(id, failure);
    }

    pub fn progress(&mut self, operation: &str, done: u64, total: u64) {
        self.progress_id(self.request(operation).id, done, total);
    }

    pub fn progress_id(&mut self, id: RequestId, done: u64, total: u64) {
        self.input(Input::Progress { id, done, total });
    }

    /// Waits for the next refresh and answers it with these events.
    pub fn refresh(&mut self, events: &[Value], next: u64) {
        self.answer_next("refresh", transcript(events, next));
    }

    /// Waits for this operation and answers it.
    pub fn answer_next(&mut self, operation: &str, reply: Value) {
        self.wait_for(operation);
        self.answer(operation, reply);
    }

    /// Answers everything but refreshes and sends with "done", until nothing else is under way.
    pub fn answer_rest(&mut self) {
        for _ in 0..100 {
            let rest = self
                .pending
                .values()
                .find(|request| !matches!(operation_of(request).as_str(), "refresh" | "send"));
            let Some(operation) = rest.map(operation_of) else {
                return;
            };
            self.answer(&operation, done());
        }
        panic!("there is always one more request\n{}", self.describe());
    }

    /// Lets time pass with a server that answers everything, and has nothing to say.
    pub fn serve(&mut self, wait: Duration) {
        self.serve_but("", wait);
    }

    /// The same, but one operation gets no answer.
    pub fn serve_but(&mut self, silent: &str, wait: Duration) {
        let end = self.now.moment + wait;
        loop {
            let answer = self
                .log
                .iter()
                .find(|(_, request)| {
                    self.pending.contains_key(&request.id) && operation_of(request) != silent
                })
                .map(|(left, request)| (*left + LATENCY, request.clone()));
            let answer = answer.filter(|(at, _)| *at <= end);
            let wake = self.wake.filter(|at| *at <= end);
            match (answer, wake) {
                (Some((at, request)), wake) if wake.is_none_or(|wake| at <= wake) => {
                    self.jump_to(at.max(self.now.moment));
                    self.answer_id(request.id, http(200, &nothing_new(&request).to_string()));
                }
                (_, Some(at)) => self.wake_up(at),
                (..) => break,
            }
            assert!(self.log.len() < MOST_WAKES, "a storm of requests");
        }
        self.jump_to(end);
    }

    /// When requests of this operation left.
    pub fn times(&self, operation: &str) -> Vec<Moment> {
        let of = |(_, request): &&(Moment, Request)| operation_of(request) == operation;
        self.log.iter().filter(of).map(|(at, _)| *at).collect()
    }

    /// How long it was quiet between two refreshes, in milliseconds.
    pub fn pauses(&self) -> Vec<u64> {
        let latency = u64::try_from(LATENCY.as_millis()).unwrap();
        let times = self.times("refresh");
        times
            .windows(2)
            .map(|pair| pair[1].0 - pair[0].0 - latency)
            .collect()
    }

    /// Every request's operation since then, in order.
    pub fn operations_since(&self, from: usize) -> Vec<String> {
        self.log[from..]
            .iter()
            .map(|(_, request)| operation_of(request))
            .collect()
    }

    // What there is to see.

    pub fn state(&self) -> &State {
        self.shown.as_ref().expect("a state has been shown")
    }

    /// The timeline as the changes made it.
    pub fn entries(&self) -> &[Entry] {
        &self.mirror
    }

    pub fn entry(&self, id: EntryId) -> &Entry {
        let is = |entry: &&Entry| entry.id == id;
        self.mirror.iter().find(is).expect("the entry is there")
    }

    /// The newest message of this text.
    pub fn find(&self, said: &str) -> EntryId {
        let found = self.mirror.iter().rev().find(
            |entry| matches!(&entry.item, Item::Message { text, .. } if text.trim() == said.trim()),
        );
        found.map(|entry| entry.id).unwrap_or(EntryId(u64::MAX))
    }

    /// The timeline as short lines, see [`show`].
    pub fn lines(&self) -> Vec<String> {
        self.mirror.iter().map(show::line).collect()
    }

    /// Texts of all messages, in order.
    pub fn texts(&self) -> Vec<String> {
        let text = |entry: &Entry| match &entry.item {
            Item::Message { text, .. } => Some(text.clone()),
            _ => None,
        };
        self.mirror.iter().filter_map(text).collect()
    }

    /// Contents that the driver still keeps.
    pub fn files_kept(&self) -> usize {
        self.files.len()
    }

    pub fn describe(&self) -> String {
        format!(
            "under way: {:?}\nwake {:?} at {:?}\n{:?}\n{:#?}",
            self.pending_operations(),
            self.wake,
            self.now,
            self.shown,
            self.lines()
        )
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

    // The law.

    fn drain(&mut self) {
        loop {
            while let Some(output) = self.session.poll() {
                self.carry_out(output);
            }
            let Some(bad_news) = self.unstored.pop() else {
                break;
            };
            self.session.handle(bad_news, self.now);
        }
        assert_eq!(
            self.mirror,
            self.session.timeline().entries(),
            "the changes make another timeline"
        );
        if let Some(shown) = &self.shown {
            assert_eq!(
                shown,
                self.session.state(),
                "a change of state was not told"
            );
        }
    }

    fn carry_out(&mut self, output: Output) {
        match output {
            Output::Request(request) => self.leave(request),
            Output::Abort(id) => {
                let request = self.pending.remove(&id);
                self.aborted
                    .push(request.expect("only what is under way is given up"));
            }
            Output::Wake(at) => {
                assert!(
                    at.is_none_or(|at| at > self.now.moment),
                    "a wake-up at {at:?} does not lie after {:?}",
                    self.now.moment
                );
                self.wake = at;
            }
            Output::Store(record) => self.store(record),
            Output::Tell(word) => self.told.push(word),
            Output::Timeline(change) => self.change(change),
            Output::State(state) => self.shown = Some(*state),
            Output::Draft(text) => self.composer = text,
            Output::Release(handle) => {
                assert!(
                    self.files.remove(&handle),
                    "{handle:?} was never given, or is released twice"
                );
            }
            Output::Incoming(kind) => self.incoming.push(kind),
        }
    }

    fn change(&mut self, change: Change) {
        match change {
            Change::Insert { at, entry } => self.mirror.insert(at, entry),
            Change::Update { at, entry } => {
                let old = self.mirror.get_mut(at).expect("an entry to update");
                assert_eq!(old.id, entry.id, "an update changes no identity");
                *old = entry;
            }
            Change::Remove { at, id } => {
                let gone = self.mirror.remove(at);
                assert_eq!(gone.id, id, "another entry stands there");
            }
            Change::Clear => self.mirror.clear(),
        }
    }

    fn store(&mut self, record: Record) {
        let name = record.name.0.clone();
        if !self.storage_works {
            self.unstored.push(Input::StorageFailed(record.name));
            return;
        }
        if let Some(left) = &mut self.stores_left {
            let Some(fewer) = left.checked_sub(1) else {
                return;
            };
            *left = fewer;
        }
        match record.value {
            Some(_) => self.storage.insert(name, record),
            None => self.storage.remove(&name),
        };
    }

    fn leave(&mut self, request: Request) {
        for secret in &self.secrets {
            assert!(!request.url.contains(secret), "a key in {}", request.url);
        }
        assert_eq!(request.method, "POST");
        assert!(request.url.starts_with(SERVICE), "{}", request.url);
        assert!(request.deadline > Duration::ZERO);
        if let Body::Upload { file, .. } = &request.body {
            assert!(self.files.contains(file), "{file:?} is released already");
        }
        self.check_stored(&request);
        let operation = operation_of(&request);
        self.log.push((self.now.moment, request.clone()));
        self.pending.insert(request.id, request);
        if matches!(operation.as_str(), "refresh" | "send" | "start") {
            // Panics if there are two.
            self.request(&operation);
        }
    }

    /// Were the page to die now, the next one must have all that this request stands on.
    fn check_stored(&self, request: &Request) {
        let operation = operation_of(request);
        if operation == "start" || !self.storage_works {
            return;
        }
        let records = self.storage.values().cloned();
        let mut heir = Session::restore(self.settings.clone(), 7, records, start_of_page());
        let mut asked = None;
        while let Some(output) = heir.poll() {
            if let Output::Request(request) = output {
                asked = asked.or(field(&request, "secureKey"));
            }
        }
        assert_eq!(
            asked,
            field(request, "secureKey"),
            "the keys of {operation} are stored before it leaves"
        );
        if operation == "send" {
            let text = field(request, "message").unwrap();
            let has = |entry: &Entry| matches!(&entry.item, Item::Message { text: kept, .. } if *kept == text);
            assert!(
                heir.timeline().entries().iter().any(has),
                "{text:?} is stored before it leaves"
            );
        }
    }

    fn note_secrets(&mut self, body: &str) {
        let Ok(reply) = serde_json::from_str::<Value>(body) else {
            return;
        };
        for key in ["secureKey", "userId", "alias"] {
            let secret = reply[key].as_str().filter(|secret| !secret.is_empty());
            self.secrets.extend(secret.map(ToOwned::to_owned));
        }
    }
}

/// What both clocks say when a page opens: the monotonic one starts anew with each.
fn start_of_page() -> Now {
    Now {
        moment: Moment(150),
        wall: WallTime(START),
    }
}

/// Names a request's operation: what follows the chat's id in its path, or `start`.
pub fn operation_of(request: &Request) -> String {
    let path = request
        .url
        .strip_prefix(SERVICE)
        .expect("the service's path");
    match path.trim_start_matches('/').split_once('/') {
        Some((_, operation)) => operation.into(),
        None => "start".into(),
    }
}

/// What a server without news answers.
fn nothing_new(request: &Request) -> Value {
    let position = || {
        let position = field(request, "transcriptPosition")?;
        position.parse::<u64>().ok()
    };
    match operation_of(request).as_str() {
        "start" => started(),
        "refresh" => transcript(&[], position().unwrap_or(1)),
        "send" => {
            let index = position().unwrap_or(1);
            let text = field(request, "message").unwrap_or_default();
            transcript(&[visitor_says(index, &text)], index + 1)
        }
        _ => done(),
    }
}

/// A form's fields, decoded by rules of their own.
pub fn fields(request: &Request) -> Vec<(String, String)> {
    match &request.body {
        Body::Empty => Vec::new(),
        Body::Form(form) => decode_form(form),
        Body::Upload { fields, .. } => fields.clone(),
    }
}

pub fn field(request: &Request, name: &str) -> Option<String> {
    let mut named = fields(request).into_iter().filter(|(key, _)| key == name);
    let value = named.next().map(|(_, value)| value);
    assert!(named.next().is_none(), "{name} is given twice");
    value
}

pub fn decode_form(form: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            bytes.push(match first {
                b'+' => b' ',
                b'%' => {
                    let (hex, after) = rest.split_at(2);
                    rest = after;
                    u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap()
                }
                other => *other,
            });
        }
        String::from_utf8(bytes).expect("a form is UTF-8")
    };
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("name and value");
            (decode(name), decode(value))
        })
        .collect()
}

pub fn http(status: u16, body: &str) -> Response {
    Response {
        status,
        retry_after: None,
        body: body.into(),
    }
}

pub fn retry_after(status: u16, wait: Duration) -> Response {
    Response {
        retry_after: Some(wait),
        ..http(status, "")
    }
}

/// A reply with an error code, as live servers give it.
pub fn refusal(code: i64, advice: &str) -> Value {
    json!({
        "messages": [], "chatEnded": false, "statusCode": 2, "chatId": CHAT,
        "errors": [{"code": code, "advice": advice}],
    })
}
