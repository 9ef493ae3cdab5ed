//! One storm: a visitor with one to three tabs, an agent, a network, and everything that can go wrong between
//! them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::time::Duration;

use parlour_chat::{
    ChatCommand, Command, DialectKind, Failure, FormAnswers, Input, Item, Keep, MessageState,
    Network, Output, Panel, Phase, RequestId, Response, Session, Settings, State, TAB_SYNC,
    TabMessage, TabRole, Visibility,
};
use parlour_emulator::cometd::{self, Answer, Broker, Ticket};
use parlour_emulator::model::{Change, ChatId, Options, ParticipantId, Role, World};
use parlour_emulator::wire;
use parlour_emulator::{gms_v1, gms_v2, gws};

mod server;
mod tabs;
mod tally;
mod weather;

use crate::browser::Browser;
use crate::check;
use crate::dice::Dice;
use crate::network::{self, Fate};
use crate::page::{Joins, Page, Storage};

pub use tally::Tally;

/// What the storm may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// The server processes a request within the resend window, or never.
    WithinTheWindow,
    /// It may process a request much later.
    BeyondTheWindow,
}

impl Family {
    pub fn test(self) -> &'static str {
        match self {
            Self::WithinTheWindow => "within_the_window",
            Self::BeyondTheWindow => "beyond_the_window",
        }
    }
}

/// What the visitor typed, and what may be asked of it.
#[derive(Clone, Debug)]
pub struct Typed {
    pub text: String,
    /// On which page.
    pub page: u32,
    /// It reached the storage.
    pub durable: bool,
    /// What the storage says of it may be out of date.
    pub tainted: bool,
    /// It waited when another page began, where none leads.
    pub has_two_senders: bool,
    /// Its page was closed before it could tell another of it: the next page sends it.
    pub waits_for_page: bool,
    /// On which page it left, and when.
    pub left: Vec<(u32, u64)>,
    /// How often it was told "not now", and since then the refresh that was to tell whether it got in.
    pub turned_away: u32,
    /// It was given up, and tried again at the visitor's wish: it lost its place.
    pub retried: bool,
}

enum Happening {
    AtServer {
        page: u32,
        id: RequestId,
        request: wire::Request,
        fate: Fate,
    },
    AtPage {
        page: u32,
        id: RequestId,
        answer: Result<Response, Failure>,
    },
    Wake {
        page: u32,
        /// Which of the page's wake-ups: a later one takes the place of those before.
        number: u64,
    },
    /// A page has the code to keep step with the others.
    Join {
        page: u32,
    },
    /// A page without a chat hears that another has stored one.
    Stored {
        page: u32,
    },
    /// A page comes to lead or to follow.
    Role {
        page: u32,
    },
    /// A page hears another.
    Heard {
        page: u32,
        message: TabMessage,
    },
    /// A page had time to take over since then.
    TakenOver {
        page: u32,
        since: u64,
    },
    Visitor,
    Agent,
    Weather,
    Thaw {
        page: u32,
    },
    Offline(bool),
    /// The browser says it; the server can be reached all the same.
    SaysOffline(bool),
    Storage(bool),
    ServerUp,
    /// The time of a held poll may be over.
    Polls,
}

pub struct Storm {
    pub dice: Dice,
    pub family: Family,
    pub dialect: DialectKind,
    pub seed: u64,
    log: bool,
    pub now: u64,
    until: u64,
    pub calm: bool,
    roughness: u64,
    masking: bool,
    /// Most storms leave the storage alone: what it fails to keep, nobody can promise.
    storage_fails: bool,
    wall_jump: i64,
    queue: BinaryHeap<Reverse<(u64, u64)>>,
    happenings: BTreeMap<u64, Happening>,
    next: u64,
    pub world: World,
    broker: Broker,
    /// Whose polls are held, and what becomes of their answers.
    held: BTreeMap<Ticket, (u32, RequestId, Fate)>,
    options: Options,
    journal: Vec<Change>,
    server_up: bool,
    /// Until then the server says "not now" to each message.
    full_until: u64,
    offline: bool,
    pub chat: Option<ChatId>,
    agent: Option<ParticipantId>,
    agent_words: u64,
    /// The visitor's tabs.
    pub pages: Vec<Page>,
    generation: u32,
    most_tabs: usize,
    /// Whether the browser has locks and channels, so that one tab leads.
    pub in_step: bool,
    browser: Browser,
    storage: Storage,
    pub typed: Vec<Typed>,
    pub tally: Tally,
    requests: u64,
}

const SETTLE: u64 = 240_000;

impl Storm {
    pub fn new(seed: u64, dialect: DialectKind, family: Family, log: bool) -> Self {
        let mut dice = Dice::new(seed);
        let drop_after = if dice.percent(20) { 45 } else { 0 };
        let options = Options {
            drop_after: Duration::from_secs(drop_after),
            ..Options::default()
        };
        let until = dice.within(60_000, 240_000);
        let roughness = dice.within(10, 60);
        let masking = dice.percent(25);
        // Nobody else keeps what this server has pushed once.
        let storage_fails = dice.percent(30) && dialect != DialectKind::GmsV1Cometd;
        let most_tabs = dice.within(1, 4) as usize;
        let in_step = dice.percent(80);
        // Tabs that are not in step cannot share what the server shows only once.
        let most_tabs = if in_step || dialect != DialectKind::GmsV1Cometd {
            most_tabs
        } else {
            1
        };
        Self {
            family,
            dialect,
            seed,
            log,
            now: 1_000_000,
            until: 1_000_000 + until,
            calm: false,
            roughness,
            masking,
            storage_fails,
            wall_jump: 0,
            queue: BinaryHeap::new(),
            happenings: BTreeMap::new(),
            next: 0,
            world: World::new(seed, options.clone()),
            broker: Broker::new(seed, cometd::Options::default()),
            held: BTreeMap::new(),
            options,
            journal: Vec::new(),
            server_up: true,
            full_until: 0,
            offline: false,
            chat: None,
            agent: None,
            agent_words: 0,
            pages: Vec::new(),
            generation: 0,
            most_tabs,
            in_step,
            browser: Browser::default(),
            storage: Storage::default(),
            typed: Vec::new(),
            tally: Tally::default(),
            requests: 0,
            dice,
        }
    }

    /// Lets the storm rage, then the sun shine, then looks at what is left.
    pub fn run(mut self) -> Tally {
        self.note(&format!(
            "up to {} tabs, {}in step, storage may fail: {}",
            self.most_tabs,
            if self.in_step { "" } else { "not " },
            self.storage_fails
        ));
        self.open_tab();
        self.run_until(self.now + 500);
        let first = self.pages[0].id;
        let answers = FormAnswers {
            nickname: Some("Ada".into()),
            ..FormAnswers::default()
        };
        self.calm = true;
        self.input(first, Input::Command(Command::Start(answers)));
        self.run_until(self.now + 4_000);
        assert_eq!(
            self.pages[0].session.state().phase,
            Phase::Chatting,
            "the chat did not start"
        );
        self.calm = false;
        self.plan(500, Happening::Visitor);
        self.plan(700, Happening::Agent);
        self.plan(900, Happening::Weather);
        self.run_until(self.until);
        self.clear_up();
        // By then all that left before is answered, or given up.
        self.run_until(self.until + 15_000);
        self.retry();
        self.run_until(self.until + SETTLE);
        check::everything(&mut self);
        self.tally
    }

    /// Ends whatever is wrong with the world.
    fn clear_up(&mut self) {
        self.note("the sun comes out");
        self.calm = true;
        self.storage.failing = false;
        self.full_until = 0;
        if !self.server_up {
            self.restart_server();
        }
        for page in self.ids() {
            if let Some(page) = self.page(page) {
                page.crash_after = None;
            }
            self.happen(Happening::Thaw { page });
        }
        self.happen(Happening::Offline(false));
        self.happen(Happening::SaysOffline(false));
    }

    /// The visitor tries again what was given up: in one tab if they are in step.
    fn retry(&mut self) {
        let mut tabs = self.ids();
        if self.in_step {
            let at = self.dice.within(0, tabs.len() as u64) as usize;
            tabs = vec![tabs[at]];
        }
        for tab in tabs {
            self.retry_in(tab);
        }
    }

    fn retry_in(&mut self, tab: u32) {
        let Some(page) = self.page(tab) else { return };
        if page.session.state().phase != Phase::Chatting {
            return;
        }
        let mut given_up = Vec::new();
        for entry in &page.view {
            if let Item::Message {
                text,
                state: MessageState::Failed(_),
                ..
            } = &entry.item
            {
                given_up.push((entry.id, text.clone()));
            }
        }
        if !given_up.is_empty() {
            self.look_at(tab);
        }
        for (entry, text) in given_up {
            for typed in self.typed.iter_mut().filter(|typed| typed.text == text) {
                check::given_up_with_reason(typed);
                typed.retried = true;
                // It is counted anew how often it leaves by itself.
                typed.left.clear();
            }
            self.tally.retried += 1;
            self.input(tab, Input::Command(ChatCommand::Retry(entry).into()));
        }
    }

    fn run_until(&mut self, until: u64) {
        while let Some(Reverse((at, key))) = self.queue.peek().copied() {
            if at > until {
                break;
            }
            self.queue.pop();
            self.now = at;
            if let Some(happening) = self.happenings.remove(&key) {
                self.happen(happening);
                self.answer_polls();
            }
        }
        self.now = until;
    }

    fn plan(&mut self, after: u64, happening: Happening) {
        self.plan_at(self.now + after, happening);
    }

    fn plan_at(&mut self, at: u64, happening: Happening) {
        self.queue.push(Reverse((at.max(self.now), self.next)));
        self.happenings.insert(self.next, happening);
        self.next += 1;
    }

    fn happen(&mut self, happening: Happening) {
        match happening {
            Happening::AtServer {
                page,
                id,
                request,
                fate,
            } => self.serve(page, id, &request, fate),
            Happening::AtPage { page, id, answer } => {
                let now = self.now;
                let Some(there) = self.page(page) else {
                    return;
                };
                if there.frozen {
                    // The page gets it when it thaws.
                    self.plan(500, Happening::AtPage { page, id, answer });
                    return;
                }
                there.in_flight.remove(&id);
                let wait = answer.as_ref().ok().and_then(|answer| answer.retry_after);
                if let Some(wait) = wait {
                    there.patient_until = now + wait.as_millis() as u64;
                }
                let input = match answer {
                    Ok(response) => Input::Reply { id, response },
                    Err(failure) => Input::Failed { id, failure },
                };
                self.input(page, input);
            }
            Happening::Wake { page, number } => {
                let is_due = |page: &mut Page| number == page.wakes && !page.frozen;
                if self.page(page).is_some_and(is_due) {
                    self.input(page, Input::Tick);
                }
            }
            Happening::Join { page } => self.join(page),
            Happening::Stored { page } => {
                let listens = |page: &&mut Page| page.joins != Joins::Done && !page.frozen;
                if let Some(there) = self.page(page).filter(listens) {
                    let own = there.own.all();
                    let records = [self.storage.all(), own].concat();
                    self.input(page, Input::Records(records));
                }
            }
            Happening::Role { page } => {
                let Some(there) = self.page(page) else {
                    return;
                };
                if there.frozen {
                    there.roles_due += 1;
                    return;
                }
                let Some(role) = there.roles.pop_front() else {
                    return;
                };
                there.leads = role == TabRole::Leads;
                if there.leads && there.session.state().phase.is_open() {
                    self.tally.taken_over += 1;
                }
                self.note(&format!("tab {page}: {role:?}"));
                self.input(page, Input::TabRole(role));
            }
            Happening::Heard { page, message } => {
                let Some(there) = self.page(page) else {
                    return;
                };
                if there.frozen {
                    there.mail.push(message);
                    return;
                }
                self.input(page, Input::TabMessage(message));
            }
            Happening::TakenOver { page, since } => {
                let held = self.browser.holder == Some(page);
                let awake = |page: &&mut Page| held && !page.frozen && page.thawed_at < since;
                let Some(page) = self.page(page).filter(awake) else {
                    return;
                };
                check::taken_over(page, since);
            }
            Happening::Visitor if !self.calm => self.visitor_acts(),
            Happening::Agent if !self.calm => self.agent_acts(),
            Happening::Weather if !self.calm => self.weather(),
            Happening::Visitor | Happening::Agent | Happening::Weather => {}
            Happening::Thaw { page } => {
                let now = self.now;
                let Some(there) = self.page(page).filter(|page| page.frozen) else {
                    return;
                };
                there.thaw(now);
                let mail = std::mem::take(&mut there.mail);
                for _ in 0..std::mem::take(&mut there.roles_due) {
                    let delay = self.dice.within(1, 100);
                    self.plan(delay, Happening::Role { page });
                }
                self.note(&format!("tab {page} thaws"));
                // A page that was put away whole hears nothing of what was said meanwhile.
                if self.dice.percent(60) {
                    for message in mail {
                        self.plan(1, Happening::Heard { page, message });
                    }
                }
                self.input(page, Input::Tick);
                self.input(page, Input::Visibility(Visibility::Visible));
            }
            Happening::Offline(offline) => {
                self.offline = offline;
                self.note(if offline { "offline" } else { "online" });
                let network = if offline {
                    Network::Offline
                } else {
                    Network::Online
                };
                for page in self.awake() {
                    // Browsers do not always notice.
                    if self.calm || self.dice.percent(70) {
                        self.input(page, Input::Network(network));
                    }
                }
            }
            Happening::SaysOffline(offline) => {
                let network = if offline {
                    Network::Offline
                } else {
                    Network::Online
                };
                for page in self.awake() {
                    self.input(page, Input::Network(network));
                }
            }
            Happening::Storage(failing) => {
                self.storage.failing = failing && !self.calm;
                self.note(if failing {
                    "the storage fails"
                } else {
                    "the storage works"
                });
            }
            Happening::Polls => {}
            Happening::ServerUp => {
                if !self.server_up {
                    self.restart_server();
                }
            }
        }
    }

    /// Feeds a page, and carries out what it wants, in order.
    fn input(&mut self, id: u32, input: Input) {
        if self.log {
            self.note(&format!("tab {id} » {}", brief(&input)));
        }
        let (true_time, wall_jump) = (self.now, self.wall_jump);
        let Some(page) = self.page(id) else {
            return;
        };
        let (at, count) = page.busy;
        page.busy = if at == true_time {
            (at, count + 1)
        } else {
            (true_time, 1)
        };
        assert!(page.busy.1 < 500, "the page spins");
        let now = page.clocks(true_time, wall_jump);
        page.session.handle(input, now);
        self.carry_out(id);
    }

    fn carry_out(&mut self, id: u32) {
        let mut then = Vec::new();
        let outputs = self.page(id).map(Page::drain).unwrap_or_default();
        for output in outputs {
            let true_time = self.now;
            let Some(page) = self.page(id) else {
                return;
            };
            if let Some(left) = &mut page.crash_after {
                if *left == 0 {
                    self.note(&format!("tab {id} crashes between two outputs"));
                    self.reload(id);
                    return;
                }
                *left -= 1;
            }
            match output {
                Output::Request(request) => self.request(id, &request),
                Output::Abort(request) => {
                    page.in_flight.remove(&request);
                    self.hang_up(id, request);
                }
                Output::Wake(at) => {
                    page.wakes += 1;
                    let Some(at) = at else { continue };
                    let now = page.moment(true_time);
                    assert!(at > now, "a wake-up in the past: {at:?} at {now:?}");
                    let (number, at) = (page.wakes, page.true_time(at));
                    self.plan_at(at, Happening::Wake { page: id, number });
                }
                Output::Store(record) => {
                    let own = (record.keep == Keep::ForTab).then_some(&mut page.own);
                    let worked = match own {
                        Some(own) => own.store(&record),
                        None => self.storage.store(&record),
                    };
                    check::note_store(self, &record, worked);
                    if worked && record.keep == Keep::ForVisitor && record.name.0 == "session" {
                        self.show_store(id);
                    }
                    if !worked {
                        then.push(Input::StorageFailed(record.name));
                    }
                }
                Output::Timeline(change) => page.apply(change),
                Output::ReadRecords => {
                    let own = page.own.all();
                    if self.log {
                        for record in self.storage.all() {
                            self.note(&format!(
                                "  in storage: {:?} {:?}",
                                record.name.0, record.value
                            ));
                        }
                    }
                    then.push(Input::Records([self.storage.all(), own].concat()));
                }
                Output::TakeLead => self.steal(id),
                Output::TellTabs(message) => self.tell(id, &message),
                Output::State(state) => self.follow_state(id, &state),
                Output::Draft(_)
                | Output::Release(_)
                | Output::WrongDialect { .. }
                | Output::Incoming(_) => {}
            }
        }
        if let Some(page) = self.page(id) {
            assert_eq!(
                page.view,
                page.session.timeline().entries(),
                "the view lost track"
            );
        }
        for input in then {
            self.input(id, input);
        }
    }

    fn server_clock(&self) -> i64 {
        1_700_000_000_000 + self.now as i64
    }

    pub fn page(&mut self, id: u32) -> Option<&mut Page> {
        self.pages.iter_mut().find(|page| page.id == id)
    }

    fn ids(&self) -> Vec<u32> {
        self.pages.iter().map(|page| page.id).collect()
    }

    fn awake(&self) -> Vec<u32> {
        let awake = self.pages.iter().filter(|page| !page.frozen);
        awake.map(|page| page.id).collect()
    }

    pub fn note(&self, what: &str) {
        if self.log {
            println!("{:>9} {what}", self.now - 1_000_000);
        }
    }

    /// Whether the storage has a message that is not known to have arrived.
    pub fn is_stored(&self, typed: &Typed) -> bool {
        let text = serde_json::to_string(&typed.text).expect("text is JSON");
        let mut records = self.storage.records.iter();
        records.any(|(name, (_, value))| name.0.starts_with("outbox/") && value.contains(&text))
    }

    /// Makes a text what the page gets to see of it.
    pub fn seen(&self, text: &str) -> String {
        if self.masking {
            network::mask(text)
        } else {
            text.to_owned()
        }
    }

    /// The messages a page shows, without failed ones: whose, and the text.
    pub fn shown_messages(page: &Page) -> Vec<(bool, &str)> {
        let entries = page.view.iter();
        entries
            .filter_map(|entry| match &entry.item {
                Item::Message {
                    from, text, state, ..
                } if *state == MessageState::Sent => {
                    Some((matches!(from, parlour_chat::Author::Me), text.as_str()))
                }
                _ => None,
            })
            .collect()
    }
}

fn settings(dialect: DialectKind) -> Settings {
    let mut settings = Settings::new("demo", "http://server", "support");
    settings.features.typing_preview = true;
    settings.dialect = dialect;
    settings.visitor = "a name that nobody guesses".into();
    settings.features.files = false;
    settings.features.read_receipts = true;
    settings
}

fn brief(input: &Input) -> String {
    match input {
        Input::Reply { id, response } => {
            format!("reply to {id:?}: {} {}", response.status, response.body)
        }
        other => format!("{other:?}"),
    }
}
