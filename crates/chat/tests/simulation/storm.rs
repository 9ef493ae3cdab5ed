//! One storm: a visitor, an agent, a network, and everything that can go wrong between them.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::fmt;
use std::time::Duration;

use parlour_chat::{
    Command, DialectKind, Failure, FormAnswers, Input, Item, MessageState, Network, Output, Panel,
    Phase, RequestId, Response, Session, Settings, Visibility,
};
use parlour_emulator::cometd::{self, Answer, Broker, Ticket};
use parlour_emulator::model::{Change, ChatId, Options, ParticipantId, Role, World};
use parlour_emulator::wire;
use parlour_emulator::{gms_v1, gms_v2, gws};

use crate::check;
use crate::dice::Dice;
use crate::network::{self, Fate};
use crate::page::{Page, Storage};

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
    }

    /// Whether the storms were rough enough for their result to mean something.
    pub fn is_stormy(&self) -> bool {
        std::env::var("PARLOUR_SEEDS").is_ok()
            || (self.sent > 500
                && self.reloads > 100
                && self.restarts > 50
                && self.lost_answers > 500
                && self.turned_away > 100)
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} typed, {} on the server, {} doubled, {} turned away, {} retried, {} answers lost, {} reloads, {} restarts, {} chats ended early",
            self.typed,
            self.sent,
            self.doubled,
            self.turned_away,
            self.retried,
            self.lost_answers,
            self.reloads,
            self.restarts,
            self.ended
        )
    }
}

/// What the visitor typed, and what may be asked of it.
#[derive(Clone, Debug)]
pub struct Typed {
    pub text: String,
    /// It reached the storage.
    pub durable: bool,
    /// What the storage says of it may be out of date.
    pub tainted: bool,
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
    pub page: Page,
    generation: u32,
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
        let session = Session::new(settings(dialect), dice.roll());
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
            page: Page::new(session, 1_000_000, 77_000),
            generation: 0,
            storage: Storage::default(),
            typed: Vec::new(),
            tally: Tally::default(),
            requests: 0,
            dice,
        }
    }

    /// Lets the storm rage, then the sun shine, then looks at what is left.
    pub fn run(mut self) -> Tally {
        self.input(Input::Command(Command::Panel(Panel::Open)));
        let answers = FormAnswers {
            nickname: Some("Ada".into()),
            ..FormAnswers::default()
        };
        self.calm = true;
        self.input(Input::Command(Command::Start(answers)));
        self.run_until(self.now + 4_000);
        assert_eq!(
            self.page.session.state().phase,
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
        self.page.crash_after = None;
        self.full_until = 0;
        if !self.server_up {
            self.restart_server();
        }
        let page = self.generation;
        self.happen(Happening::Thaw { page });
        self.happen(Happening::Offline(false));
        self.happen(Happening::SaysOffline(false));
    }

    /// The visitor tries again what was given up.
    fn retry(&mut self) {
        if self.page.session.state().phase != Phase::Chatting {
            return;
        }
        let mut given_up = Vec::new();
        for entry in &self.page.view {
            if let Item::Message {
                text,
                state: MessageState::Failed(_),
                ..
            } = &entry.item
            {
                given_up.push((entry.id, text.clone()));
            }
        }
        for (entry, text) in given_up {
            for typed in self.typed.iter_mut().filter(|typed| typed.text == text) {
                check::given_up_with_reason(typed);
                typed.retried = true;
            }
            self.tally.retried += 1;
            self.input(Input::Command(Command::Retry(entry)));
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
                if page != self.generation {
                    return;
                }
                if self.page.frozen {
                    // The page gets it when it thaws.
                    self.plan(500, Happening::AtPage { page, id, answer });
                    return;
                }
                self.page.in_flight.remove(&id);
                self.input(match answer {
                    Ok(response) => Input::Reply { id, response },
                    Err(failure) => Input::Failed { id, failure },
                });
            }
            Happening::Wake { page, number } => {
                let latest = number == self.page.wakes;
                if page == self.generation && latest && !self.page.frozen {
                    self.input(Input::Tick);
                }
            }
            Happening::Visitor if !self.calm => self.visitor_acts(),
            Happening::Agent if !self.calm => self.agent_acts(),
            Happening::Weather if !self.calm => self.weather(),
            Happening::Visitor | Happening::Agent | Happening::Weather => {}
            Happening::Thaw { page } => {
                if page == self.generation && self.page.frozen {
                    self.note("the page thaws");
                    self.page.thaw(self.now);
                    self.input(Input::Tick);
                    self.input(Input::Visibility(Visibility::Visible));
                }
            }
            Happening::Offline(offline) => {
                self.offline = offline;
                self.note(if offline { "offline" } else { "online" });
                // Browsers do not always notice.
                if !self.page.frozen && (self.calm || self.dice.percent(70)) {
                    let network = if offline {
                        Network::Offline
                    } else {
                        Network::Online
                    };
                    self.input(Input::Network(network));
                }
            }
            Happening::SaysOffline(offline) => {
                if !self.page.frozen {
                    self.input(Input::Network(if offline {
                        Network::Offline
                    } else {
                        Network::Online
                    }));
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

    /// Feeds the page, and carries out what it wants, in order.
    fn input(&mut self, input: Input) {
        if self.log {
            self.note(&format!("» {}", brief(&input)));
        }
        let (at, count) = self.page.busy;
        self.page.busy = if at == self.now {
            (at, count + 1)
        } else {
            (self.now, 1)
        };
        assert!(self.page.busy.1 < 500, "the page spins");
        let now = self.page.clocks(self.now, self.wall_jump);
        self.page.session.handle(input, now);
        self.carry_out();
    }

    fn carry_out(&mut self) {
        let mut failed = Vec::new();
        for output in self.page.drain() {
            if let Some(left) = &mut self.page.crash_after {
                if *left == 0 {
                    self.note("the page crashes between two outputs");
                    self.reload();
                    return;
                }
                *left -= 1;
            }
            match output {
                Output::Request(request) => self.request(&request),
                Output::Abort(id) => {
                    self.page.in_flight.remove(&id);
                    self.hang_up(id);
                }
                Output::Wake(Some(at)) => {
                    let now = self.page.moment(self.now);
                    assert!(at > now, "a wake-up in the past: {at:?} at {now:?}");
                    let page = self.generation;
                    self.page.wakes += 1;
                    let number = self.page.wakes;
                    self.plan_at(self.page.true_time(at), Happening::Wake { page, number });
                }
                Output::Wake(None) => self.page.wakes += 1,
                Output::Store(record) => {
                    let worked = self.storage.store(&record);
                    check::note_store(self, &record, worked);
                    if !worked {
                        failed.push(record.name);
                    }
                }
                Output::Timeline(change) => self.page.apply(change),
                Output::TellTabs(_)
                | Output::State(_)
                | Output::Draft(_)
                | Output::Release(_)
                | Output::WrongDialect { .. }
                | Output::Incoming(_) => {}
            }
        }
        assert_eq!(
            self.page.view,
            self.page.session.timeline().entries(),
            "the view lost track"
        );
        for name in failed {
            self.input(Input::StorageFailed(name));
        }
    }

    fn request(&mut self, request: &parlour_chat::Request) {
        let (id, request) = (request.id, network::bytes(request));
        let operation = network::operation(&request);
        self.page.sends(id, &operation);
        self.requests += 1;
        let budget = 1000 + (self.now - 1_000_000) / 200;
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
            self.note_send(&request, fate);
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
            "  {operation} {id:?} leaves: {fate:?}, arrives in {way} ms"
        ));
        let page = self.generation;
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
    fn note_send(&mut self, request: &wire::Request, fate: Fate) {
        let text = network::message_text(request).expect("a send says something");
        let mut typed = self.typed.iter_mut();
        let typed = typed.find(|typed| typed.text == text);
        let typed = typed.expect("nothing is said that was not typed");
        typed.left.push((self.generation, self.now));
        if fate.is_not_now() {
            typed.turned_away += 1;
            self.tally.turned_away += 1;
        }
        check::no_hammering(typed, self.generation, self.now);
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
    fn hang_up(&mut self, id: RequestId) {
        let is = |held: &(u32, RequestId, Fate)| (held.0, held.1) == (self.generation, id);
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
        if self.page.frozen {
            return;
        }
        match self.dice.within(0, 12) {
            0 => self.input(Input::Command(Command::Draft("I am typi".into()))),
            1 => self.input(Input::Visibility(Visibility::Hidden)),
            2 => self.input(Input::Visibility(Visibility::Visible)),
            3 => self.input(Input::Command(Command::Rename("Ada L.".into()))),
            4 => self.input(Input::Command(Command::TryNow)),
            _ => self.say(),
        }
    }

    fn say(&mut self) {
        if self.page.session.state().phase != Phase::Chatting {
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
            durable: false,
            tainted: false,
            left: Vec::new(),
            turned_away: 0,
            retried: false,
        });
        self.tally.typed += 1;
        self.input(Input::Command(Command::Say(text)));
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
        match self.dice.within(0, 9) {
            0 | 1 => {
                self.note("the page is reloaded");
                self.reload();
            }
            2 => self.page.crash_after = Some(self.dice.within(0, 30)),
            3 if !self.page.frozen => self.freeze(),
            3 => {}
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

    fn freeze(&mut self) {
        let length = self.dice.within(1_000, 100_000);
        self.note(&format!("the page freezes for {length} ms"));
        self.input(Input::Visibility(Visibility::Hidden));
        let clock_stops = self.dice.percent(50);
        self.page.freeze(self.now, clock_stops);
        let page = self.generation;
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

    /// Loads the page anew, from what the storage has.
    fn reload(&mut self) {
        self.tally.reloads += 1;
        check::note_reload(self);
        self.generation += 1;
        let seed = self.dice.roll();
        let mono_start = self.dice.within(0, 5_000_000);
        let mut page = Page::new(
            Session::new(settings(self.dialect), seed),
            self.now,
            mono_start,
        );
        let now = page.clocks(self.now, self.wall_jump);
        page.session = Session::restore(settings(self.dialect), seed, self.storage.all(), now);
        self.page = page;
        self.carry_out();
        self.input(Input::Command(Command::Panel(Panel::Open)));
    }

    pub fn note(&self, what: &str) {
        if self.log {
            println!("{:>9} {what}", self.now - 1_000_000);
        }
    }

    /// Makes a text what the page gets to see of it.
    pub fn seen(&self, text: &str) -> String {
        if self.masking {
            network::mask(text)
        } else {
            text.to_owned()
        }
    }

    /// The messages the page shows, without failed ones: whose, and the text.
    pub fn shown_messages(&self) -> Vec<(bool, &str)> {
        let entries = self.page.view.iter();
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
