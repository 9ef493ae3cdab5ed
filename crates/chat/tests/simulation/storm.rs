//! One storm: a visitor with one to three tabs, an agent, a network, and everything that can go wrong between
//! them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::time::Duration;

use parlour_chat::{
    Command, DialectKind, Failure, FormAnswers, Input, Item, Keep, MessageState, Network, Output,
    Panel, Phase, RequestId, Response, Session, Settings, State, TAB_SYNC, TabMessage, TabRole,
    Visibility,
};
use parlour_emulator::cometd::{self, Answer, Broker, Ticket};
use parlour_emulator::model::{Change, ChatId, Options, ParticipantId, Role, World};
use parlour_emulator::wire;
use parlour_emulator::{gms_v1, gms_v2, gws};

use crate::browser::Browser;
use crate::check;
use crate::dice::Dice;
use crate::network::{self, Fate};
use crate::page::{Joins, Page, Storage};

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

/// What the storms amounted to.
#[derive(Default)]
pub struct Tally {
    pub typed: u64,
    pub sent: u64,
    pub doubled: u64,
    pub reloads: u64,
    pub restarts: u64,
    pub lost_answers: u64,
    pub turned_away: u64,
    pub retried: u64,
    pub ended: u64,
    /// Tabs opened beside others, and tabs that came to lead while the chat went on.
    pub opened: u64,
    pub taken_over: u64,
}

impl Tally {
    pub fn add(&mut self, other: &Self) {
        self.typed += other.typed;
        self.sent += other.sent;
        self.doubled += other.doubled;
        self.reloads += other.reloads;
        self.restarts += other.restarts;
        self.lost_answers += other.lost_answers;
        self.turned_away += other.turned_away;
        self.retried += other.retried;
        self.ended += other.ended;
        self.opened += other.opened;
        self.taken_over += other.taken_over;
    }

    /// Whether the storms were rough enough for their result to mean something.
    pub fn is_stormy(&self) -> bool {
        std::env::var("PARLOUR_SEEDS").is_ok()
            || (self.sent > 500
                && self.reloads > 100
                && self.restarts > 50
                && self.lost_answers > 500
                && self.turned_away > 100
                && self.opened > 100
                && self.taken_over > 100)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} typed, {} on the server, {} doubled, {} turned away, {} retried, {} answers lost, {} reloads, {} restarts, {} tabs opened, {} takeovers, {} chats ended early",
            self.typed,
            self.sent,
            self.doubled,
            self.turned_away,
            self.retried,
            self.lost_answers,
            self.reloads,
            self.restarts,
            self.opened,
            self.taken_over,
            self.ended
        )
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
            self.input(tab, Input::Command(Command::Retry(entry)));
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

    fn request(&mut self, page: u32, request: &parlour_chat::Request) {
        let (id, request) = (request.id, network::bytes(request));
        let operation = network::operation(&request);
        let now = self.now;
        if let Some(page) = self.page(page) {
            page.sends(id, &operation, now);
        }
        self.requests += 1;
        let budget = (1000 + (self.now - 1_000_000) / 200) * self.most_tabs as u64;
        assert!(self.requests < budget, "the page floods the server");
        let mut fate = Fate::roll(&mut self.dice, self.calm, self.roughness, self.dialect);
        if operation == "send" && self.now < self.full_until {
            fate = Fate::not_now(self.dialect);
        }
        if self.offline {
            fate = Fate::LostBefore { told: true };
        }
        if self.masking && fate == Fate::BusyAfter {
            // Whose echo an altered text is, nobody can tell.
            fate = Fate::Busy;
        }
        if operation == "send" {
            self.note_send(page, &request, fate);
        } else if operation == "refresh" && fate.is_not_now() {
            for typed in self.typed.iter_mut().filter(|typed| typed.turned_away > 0) {
                typed.turned_away += 1;
            }
        }
        if matches!(fate, Fate::LostAfter { .. } | Fate::Truncated) {
            self.tally.lost_answers += 1;
        }
        let way = network::way_there(&mut self.dice, self.calm, self.family);
        self.note(&format!(
            "  tab {page}: {operation} {id:?} leaves: {fate:?}, arrives in {way} ms"
        ));
        self.plan(
            way,
            Happening::AtServer {
                page,
                id,
                request,
                fate,
            },
        );
    }

    /// Notes that a message leaves, and what it will be told.
    fn note_send(&mut self, page: u32, request: &wire::Request, fate: Fate) {
        let text = network::message_text(request).expect("a send says something");
        let mut typed = self.typed.iter_mut();
        let typed = typed.find(|typed| typed.text == text);
        let typed = typed.expect("nothing is said that was not typed");
        typed.left.push((page, self.now));
        if fate.is_not_now() {
            typed.turned_away += 1;
            self.tally.turned_away += 1;
        }
        check::no_hammering(typed, page, self.now);
    }

    fn serve(&mut self, page: u32, id: RequestId, request: &wire::Request, fate: Fate) {
        let answer = if !self.server_up {
            Some(Err(Failure::Unreachable))
        } else if fate.is_processed() {
            let now = self.server_clock();
            self.world.tick(now);
            let response = self.respond(request, now);
            // What is acknowledged is durable.
            self.journal.extend(self.world.take_changes());
            self.chat = self
                .chat
                .take()
                .or_else(|| self.world.chats().next().map(|chat| chat.id().clone()));
            match response {
                Answer::Now(response) => fate.answer(Some(self.masked_response(response))),
                Answer::Held(ticket) => {
                    self.held.insert(ticket, (page, id, fate));
                    self.plan(61_000, Happening::Polls);
                    return;
                }
            }
        } else {
            fate.answer(None)
        };
        self.deliver(page, id, fate, answer);
    }

    /// Makes a reply what the page gets to see of it.
    fn masked_response(&self, response: wire::Response) -> Response {
        let mut body = String::from_utf8(response.body).expect("replies are text");
        if self.masking {
            body = network::mask_reply(&body);
        }
        Response {
            status: response.status,
            body,
            retry_after: None,
        }
    }

    /// Answers the polls for which there is news, or whose time is over.
    fn answer_polls(&mut self) {
        if !self.server_up {
            return;
        }
        let now = self.server_clock();
        for (ticket, response) in self.broker.due(&mut self.world, now) {
            if let Some((page, id, fate)) = self.held.remove(&ticket) {
                let answer = fate.answer(Some(self.masked_response(response)));
                self.deliver(page, id, fate, answer);
            }
        }
        self.journal.extend(self.world.take_changes());
    }

    /// The page waits for a poll no longer. The server hears of it, or does not.
    fn hang_up(&mut self, page: u32, id: RequestId) {
        let is = |held: &(u32, RequestId, Fate)| (held.0, held.1) == (page, id);
        let ticket = self.held.iter().find(|(_, held)| is(held));
        if let Some((&ticket, _)) = ticket
            && self.dice.percent(70)
        {
            let now = self.server_clock();
            self.held.remove(&ticket);
            self.broker.abandoned(&mut self.world, ticket, now);
        }
    }

    fn deliver(
        &mut self,
        page: u32,
        id: RequestId,
        fate: Fate,
        answer: Option<Result<Response, Failure>>,
    ) {
        let Some(answer) = answer else { return };
        for _ in 0..if fate == Fate::AnsweredTwice { 2 } else { 1 } {
            let back = network::way_back(&mut self.dice, self.calm);
            self.plan(
                back,
                Happening::AtPage {
                    page,
                    id,
                    answer: answer.clone(),
                },
            );
        }
    }

    fn respond(&mut self, request: &wire::Request, now: i64) -> Answer {
        Answer::Now(match self.dialect {
            DialectKind::GmsV2Cometd => {
                return self.broker.receive(&mut self.world, request, now);
            }
            DialectKind::GmsV2 => gms_v2::respond(&mut self.world, request, now),
            DialectKind::GmsV1Cometd if request.path.starts_with("/genesys/cometd") => {
                return self.broker.receive(&mut self.world, request, now);
            }
            DialectKind::GmsV1 | DialectKind::GmsV1Cometd => {
                gms_v1::respond(&mut self.world, request, now)
            }
            DialectKind::Gws => gws::respond(&mut self.world, request, now),
            other => panic!("no server for {other:?}"),
        })
    }

    fn server_clock(&self) -> i64 {
        1_700_000_000_000 + self.now as i64
    }

    fn visitor_acts(&mut self) {
        let pause = self.dice.within(200, 12_000);
        self.plan(pause, Happening::Visitor);
        let awake = self.awake();
        if awake.is_empty() {
            return;
        }
        let page = awake[self.dice.within(0, awake.len() as u64) as usize];
        match self.dice.within(0, 12) {
            0 => self.input(page, Input::Command(Command::Draft("I am typi".into()))),
            1 => self.input(page, Input::Visibility(Visibility::Hidden)),
            2 => self.look_at(page),
            3 => self.input(page, Input::Command(Command::Rename("Ada L.".into()))),
            4 => self.input(page, Input::Command(Command::TryNow)),
            _ => {
                if self.pages.len() > 1 {
                    self.look_at(page);
                }
                self.say(page);
            }
        }
    }

    /// The visitor looks at a tab. Most often it hides the others.
    fn look_at(&mut self, page: u32) {
        for other in self.awake() {
            if other != page && self.dice.percent(80) {
                self.input(other, Input::Visibility(Visibility::Hidden));
            }
        }
        self.input(page, Input::Visibility(Visibility::Visible));
    }

    fn say(&mut self, page: u32) {
        let chatting = |page: &mut Page| page.session.state().phase == Phase::Chatting;
        if !self.page(page).is_some_and(chatting) {
            return;
        }
        let number = self.typed.len();
        let letter = |n: usize| char::from(b'a' + u8::try_from(n % 26).unwrap_or(0));
        let tag: String = [letter(number / 676), letter(number / 26), letter(number)]
            .iter()
            .collect();
        let spaces = if self.dice.percent(20) { " \n" } else { "" };
        let text = format!("card {tag} 4111 {number}{spaces}");
        self.typed.push(Typed {
            text: text.clone(),
            page,
            durable: false,
            tainted: false,
            has_two_senders: false,
            waits_for_page: false,
            left: Vec::new(),
            turned_away: 0,
            retried: false,
        });
        self.tally.typed += 1;
        self.input(page, Input::Command(Command::Say(text)));
    }

    fn agent_acts(&mut self) {
        let pause = self.dice.within(500, 9_000);
        self.plan(pause, Happening::Agent);
        let Some(chat) = self.chat.clone() else {
            return;
        };
        if !self.server_up {
            return;
        }
        let now = self.server_clock();
        self.world.tick(now);
        let world = &mut self.world;
        // A chat that has ended takes nothing more: that is the agent's luck.
        match (self.agent, self.dice.within(0, 10)) {
            (None, _) => self.agent = world.join(&chat, "Grace", Role::Agent, now).ok(),
            (Some(agent), 0) => drop(world.typing(&chat, agent, true, now)),
            (Some(agent), 1) => {
                let _ = world.hold(&chat, agent, now);
                self.agent = None;
            }
            (Some(_), 2) => drop(world.hidden(&chat, now)),
            (Some(_), 3) => drop(world.change_alias(&chat)),
            // To `gws` a page is but another message.
            (Some(agent), 4) if self.dialect != DialectKind::Gws => {
                let _ = world.push_url(&chat, agent, "https://example.org/", now);
            }
            (Some(agent), _) => {
                self.agent_words += 1;
                let _ = world.say(&chat, agent, &format!("word {}", self.agent_words), now);
            }
        }
        self.journal.extend(self.world.take_changes());
    }

    fn weather(&mut self) {
        let mut pause = self.dice.within(2_000, 25_000);
        let at = self.dice.within(0, self.pages.len() as u64) as usize;
        let page = self.pages[at].id;
        match self.dice.within(0, if self.most_tabs > 1 { 13 } else { 9 }) {
            0 | 1 => {
                self.note(&format!("tab {page} is reloaded"));
                self.reload(page);
            }
            2 => self.pages[at].crash_after = Some(self.dice.within(0, 30)),
            3 if !self.pages[at].frozen => self.freeze(page),
            3 => {}
            9..11 if self.pages.len() < self.most_tabs => {
                self.tally.opened += 1;
                self.open_tab();
            }
            9..13 if self.pages.len() > 1 => {
                self.note(&format!("tab {page} is closed"));
                check::note_close(self, page);
                self.close(page);
            }
            9..13 => {}
            4 => {
                let jump = self.dice.within(0, 7_200_000) as i64 - 3_600_000;
                self.note(&format!("the wall clock jumps by {jump} ms"));
                self.wall_jump += jump;
            }
            5 => {
                let length = self.dice.within(1_000, 40_000);
                let happening = if self.dice.percent(70) {
                    Happening::Offline
                } else {
                    Happening::SaysOffline
                };
                self.happen(happening(true));
                self.plan(length, happening(false));
            }
            6 if self.dice.percent(50) => {
                let mut length = self.dice.within(2_000, 30_000);
                if self.dice.percent(30) {
                    // Only a page that is left alone for so long loses its patience.
                    length += 90_000;
                    pause = length;
                }
                self.note(&format!("the server takes no messages for {length} ms"));
                self.full_until = self.now + length;
            }
            6 if self.storage_fails => {
                let length = self.dice.within(500, 15_000);
                self.happen(Happening::Storage(true));
                self.plan(length, Happening::Storage(false));
            }
            _ => {
                let length = self.dice.within(0, 20_000);
                self.note(&format!("the server is killed for {length} ms"));
                self.server_up = false;
                for (_, (page, id, _)) in std::mem::take(&mut self.held) {
                    if self.dice.percent(70) {
                        self.deliver(page, id, Fate::Fine, Some(Err(Failure::Unreachable)));
                    }
                }
                self.plan(length, Happening::ServerUp);
            }
        }
        self.plan(pause, Happening::Weather);
    }

    fn freeze(&mut self, page: u32) {
        let length = self.dice.within(1_000, 100_000);
        self.note(&format!("tab {page} freezes for {length} ms"));
        self.input(page, Input::Visibility(Visibility::Hidden));
        let clock_stops = self.dice.percent(50);
        let now = self.now;
        if let Some(page) = self.page(page) {
            page.freeze(now, clock_stops);
        }
        self.plan(length, Happening::Thaw { page });
    }

    fn restart_server(&mut self) {
        self.note("the server is back");
        self.server_up = true;
        self.tally.restarts += 1;
        let journal = self.journal.clone();
        self.world = World::replay(
            self.seed + self.tally.restarts,
            self.options.clone(),
            journal,
        );
        self.broker = Broker::new(self.seed + self.tally.restarts, cometd::Options::default());
        self.world.tick(self.server_clock());
    }

    /// Loads a page anew, from what the storage has.
    fn reload(&mut self, page: u32) {
        self.tally.reloads += 1;
        let own = self.close(page);
        self.load(own);
    }

    /// Opens a tab beside those that are there.
    fn open_tab(&mut self) {
        self.load(Storage::default());
    }

    fn load(&mut self, own: Storage) {
        if !self.in_step && !self.pages.is_empty() {
            check::note_another_sender(self);
        }
        self.generation += 1;
        let id = self.generation;
        let mut settings = settings(self.dialect);
        settings.tab = format!("t{id}");
        if self.in_step {
            settings.role = TabRole::Follows;
        }
        let seed = self.dice.roll();
        let mono_start = self.dice.within(0, 5_000_000);
        let mut page = Page::new(
            id,
            Session::new(settings.clone(), seed),
            self.now,
            mono_start,
        );
        let now = page.clocks(self.now, self.wall_jump);
        let records = [self.storage.all(), own.all()].concat();
        page.session = Session::restore(settings, seed, records, now);
        page.own = own;
        page.leads = !self.in_step;
        self.pages.push(page);
        self.note(&format!("tab {id} is there"));
        self.carry_out(id);
        self.input(id, Input::Command(Command::Panel(Panel::Open)));
    }

    /// Follows what a page shows: with a chat it gets the code to keep step, most often soon.
    fn follow_state(&mut self, id: u32, state: &State) {
        let (in_step, others) = (self.in_step, self.pages.len() > 1);
        let Some(page) = self.page(id) else { return };
        if !in_step || page.joins == Joins::Done {
            return;
        }
        page.leads = state.role == TabRole::Leads;
        if !state.phase.is_open() {
            return;
        }
        let is_alone = page.leads && page.joins == Joins::Soon && others;
        if page.joins == Joins::No {
            page.joins = Joins::Soon;
            let delay = match self.dice.within(0, 20) {
                // What its server pushes to one tab, another never sees.
                _ if self.dialect == DialectKind::GmsV1Cometd => 0,
                0..4 => self.dice.within(300, 5_000),
                _ => self.dice.within(0, 300),
            };
            self.plan(delay, Happening::Join { page: id });
        } else if is_alone {
            // It has waited long enough for that code.
            check::note_another_sender(self);
        }
    }

    /// Keeps a page in step with the others: it leads if no other has the lock.
    fn join(&mut self, id: u32) {
        let (now, wall_jump) = (self.now, self.wall_jump);
        let is_free = self.browser.holder.is_none();
        let Some(page) = self.page(id) else { return };
        if page.frozen {
            self.plan(100, Happening::Join { page: id });
            return;
        }
        let role = if is_free {
            TabRole::Leads
        } else {
            TabRole::Follows
        };
        page.leads = is_free;
        page.joins = Joins::Done;
        let now = page.clocks(now, wall_jump);
        page.session.join_tabs(&TAB_SYNC, role, now);
        self.note(&format!("tab {id} joins: {role:?}"));
        if is_free {
            self.browser.holder = Some(id);
        } else {
            self.browser.queue.push_back(id);
        }
        self.carry_out(id);
    }

    /// Shows the other pages that one has stored a chat.
    fn show_store(&mut self, by: u32) {
        for page in self.ids() {
            if page != by && self.in_step {
                let delay = self.dice.within(1, 20);
                self.plan(delay, Happening::Stored { page });
            }
        }
    }

    /// Closes a page. Returns what is only its own.
    fn close(&mut self, page: u32) -> Storage {
        check::note_reload(self);
        let at = self.pages.iter().position(|there| there.id == page);
        let gone = self.pages.remove(at.expect("it is there"));
        if gone.joins != Joins::Done {
            let typed = self.typed.iter_mut().filter(|typed| typed.page == page);
            typed.for_each(|typed| typed.waits_for_page = true);
        }
        self.browser.queue.retain(|waiting| *waiting != page);
        if self.browser.holder == Some(page) {
            self.browser.holder = None;
            self.grant(self.now);
        }
        gone.own
    }

    /// Gives a lock that is free to the next page that waits. `since` is when its holder died, if it did.
    fn grant(&mut self, since: u64) {
        if self.browser.holder.is_some() {
            return;
        }
        let Some(page) = self.browser.queue.pop_front() else {
            return;
        };
        self.browser.holder = Some(page);
        let delay = self.dice.within(1, 200);
        self.tell_role(page, TabRole::Leads, delay);
        if since > 0 {
            self.plan(2_000, Happening::TakenOver { page, since });
        }
    }

    /// Takes the lock from whichever page has it.
    fn steal(&mut self, thief: u32) {
        if self.browser.holder == Some(thief) {
            return;
        }
        if let Some(page) = self.browser.holder.replace(thief) {
            self.browser.queue.push_back(page);
            let delay = self.dice.within(1, 20);
            self.tell_role(page, TabRole::Follows, delay);
        }
        self.browser.queue.retain(|waiting| *waiting != thief);
        let delay = self.dice.within(1, 20);
        self.tell_role(thief, TabRole::Leads, delay);
    }

    /// Tells a page its part; in the order in which the browser gave it.
    fn tell_role(&mut self, page: u32, role: TabRole, delay: u64) {
        if let Some(page) = self.page(page) {
            page.roles.push_back(role);
        }
        self.plan(delay, Happening::Role { page });
    }

    /// Tells the other pages something. What one page says is heard in its order.
    fn tell(&mut self, from: u32, message: &TabMessage) {
        if self.log {
            self.note(&format!("  tab {from} tells {}", message.0));
        }
        for page in self.ids() {
            if page == from || !self.in_step {
                continue;
            }
            let way = self.dice.within(1, 60);
            let at = self.browser.next_mail(from, page, self.now + way);
            let message = message.clone();
            self.plan_at(at, Happening::Heard { page, message });
        }
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
