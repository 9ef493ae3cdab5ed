//! Tabs in step: one of the visitor's tabs leads and talks to the server, the others show the same.
//!
//! The leader tells its news: the transcript's events, the records of messages on their way, and how the chat
//! stands. News are numbered. Who finds that some are missing asks for the whole, and a tab that the visitor looks
//! at asks from time to time whether the leader is still there.
//!
//! What is said in a tab that follows is stored by that tab and handed to the leader, which tells what becomes of
//! it. For whatever else the visitor wants, the tab takes the lead first. A tab that comes to lead reads the
//! records: they say what the one before had sent. Nothing leaves before.

mod follow;
mod lead;
mod take_over;
mod talk;

use core::time::Duration;

use super::Session;
use super::flights::Job;
use super::lifecycle::Lifecycle;
use crate::dialect::Keys;
use crate::dialect::json::{self, Value};
use crate::io::{Command, Output, TabRole, Visibility};
use crate::model::EventIndex;
use crate::outbox::{Outgoing, SendState};
use crate::time::{Moment, Now};
use crate::timeline::{EntryId, Item};

/// How often a tab that is looked at asks for the leader.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How often it asks in vain before it takes the lead.
const ASKED_IN_VAIN: u32 = 2;
/// How long a tab that took the lead from another waits for what that one is just doing to be stored.
const GRACE: Duration = Duration::from_millis(150);
/// How many messages that are settled are remembered by name.
const SETTLED: usize = 100;
/// How late a wake-up may be before the tab counts as having slept.
const SLEEP: Duration = Duration::from_secs(3);

/// The tab that decides whose echo a message of the transcript is.
#[derive(Clone, Debug)]
pub(super) enum Echo {
    /// This one.
    ToJudge,
    /// Another: it is the echo of the message with this record, or nobody's.
    Told(Option<String>),
}

/// The state of the records, which another tab may have changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Reading {
    /// They are known.
    #[default]
    Done,
    /// They are to be read then.
    At(Moment),
    /// They were asked for.
    Asked,
}

/// What is known of the visitor's other tabs.
#[derive(Default)]
pub(super) struct Tabs {
    reading: Reading,
    /// Whether this tab came to lead and has not read the records since.
    takes_over: bool,
    /// The events of the chat as other tabs are told them, each with the record of the message whose echo it is.
    log: Vec<Value>,
    /// The numbers of events that were told, and that the server denied later.
    denied: Vec<EventIndex>,
    /// The records of messages that need not be sent any more: the latest of them.
    pub(super) settled: Vec<String>,
    /// News to tell.
    gone: Vec<EventIndex>,
    events: Vec<Value>,
    records: Vec<Value>,
    status: String,
    /// Whether another tab was ever heard.
    has_company: bool,
    /// Whether another tab has asked this one for news.
    is_followed: bool,
    /// The number of the last news that were told, or heard of the leader.
    number: u64,
    /// The tab that leads, as far as this one follows it.
    leader: String,
    /// The name of the chat that is open here, or was.
    pub(super) chat: Option<u64>,
    /// Whether the leader was about to end the chat.
    is_ending: bool,
    asked_at: Moment,
    /// How often it was asked for in vain, in a row.
    unanswered: u32,
    /// When this tab asked to lead, if it has not come to yet.
    wanted_at: Option<Moment>,
    /// What the visitor wants once this tab leads.
    postponed: Vec<Command>,
    /// Messages said here that are yet to be handed over.
    pub(super) said: Vec<EntryId>,
    /// What other tabs have handed over a second time: record and value.
    handed: Vec<(String, String)>,
    /// The last event that the leader was told to be seen.
    pub(super) seen: EventIndex,
    /// The composer's text as all tabs have it.
    draft: String,
}

impl Tabs {
    /// Tells whether the records are yet to be read before anything is stored or leaves.
    pub(super) fn is_reading(&self) -> bool {
        self.reading != Reading::Done
    }

    /// Forgets the events of a chat before those of another come.
    pub(super) fn forget_events(&mut self) {
        self.log.clear();
        self.denied.clear();
        self.seen = EventIndex::default();
    }
}

impl Session {
    /// Tells whether one of the visitor's tabs is elected to lead.
    pub(super) fn elects_leader(&self) -> bool {
        self.settings.role == TabRole::Follows
    }

    /// Tells whether an outbox record is of this tab.
    pub(super) fn is_of_this_tab(&self, name: &str) -> bool {
        let rest = name.strip_prefix(crate::records::OUTBOX);
        let rest = rest.and_then(|rest| rest.strip_prefix(&*self.settings.tab));
        rest.is_some_and(|rest| rest.starts_with('-'))
    }

    /// Tells whether only the tab that leads can do what the visitor wants. Files stay with the tab that has them.
    pub(super) fn is_for_leader(&self, command: &Command) -> bool {
        if self.role == TabRole::Leads && !self.tabs.is_reading() {
            return false;
        }
        match command {
            Command::Retry(entry) | Command::Discard(entry) => {
                let row = self.timeline.find(*entry);
                row.is_some_and(|row| matches!(row.item, Item::Message { .. }))
            }
            Command::Start(_)
            | Command::StartAgain
            | Command::Edit(_)
            | Command::PushUrl(_)
            | Command::Rename(_)
            | Command::CustomNotice { .. }
            | Command::UpdateData(_)
            | Command::DeleteFile(_)
            | Command::StayAwake
            | Command::TryNow
            | Command::End => true,
            _ => false,
        }
    }

    /// Keeps what the visitor wants until this tab leads.
    pub(super) fn postpone(&mut self, command: Command) {
        self.tabs.postponed.push(command);
        self.take_lead();
    }

    /// Asks for the lead.
    fn take_lead(&mut self) {
        let now = self.now.moment;
        let lately = |at: Moment| now < at + ASK_EVERY;
        if self.role == TabRole::Follows && !self.tabs.wanted_at.is_some_and(lately) {
            self.tabs.wanted_at = Some(now);
            self.outputs.push_back(Output::TakeLead);
        }
    }

    /// Takes note of an event for the tabs that follow, now or later.
    pub(super) fn note_for_tabs(&mut self, mut event: Value, echo: Option<&str>) {
        set_echo(&mut event, echo);
        if self.is_heard() {
            self.tabs.events.push(event.clone());
        }
        self.tabs.log.push(event);
    }

    /// Takes note of events that the server denies. What is told under their numbers from now on is something else.
    pub(super) fn note_gone_for_tabs(&mut self, gone: &[EventIndex]) {
        if !self.elects_leader() {
            return;
        }
        let stays = |event: &Value| !gone.iter().any(|index| has_index(event, *index));
        self.tabs.log.retain(stays);
        self.tabs.events.retain(stays);
        self.tabs.denied.retain(|index| !gone.contains(index));
        self.tabs.denied.extend(gone);
        if self.is_heard() {
            self.tabs.gone.extend(gone);
        }
    }

    /// Tells whether another tab hears what this one learns.
    fn is_heard(&self) -> bool {
        self.role == TabRole::Leads && self.tabs.is_followed
    }

    /// Tells whether a message need not be sent any more, by the name of its record.
    pub(super) fn is_settled(&self, name: &str) -> bool {
        self.tabs.settled.iter().any(|settled| settled == name)
    }

    /// Takes note that a message need not be sent any more: its echo is known, or the visitor took it back.
    pub(super) fn note_settled(&mut self, name: &str) {
        if self.elects_leader() && !self.is_settled(name) {
            if self.tabs.settled.len() >= SETTLED {
                self.tabs.settled.remove(0);
            }
            self.tabs.settled.push(name.into());
        }
    }

    /// Heeds that a tab that leads was asleep, if it was: another may lead by now, and have sent what waits here.
    pub(super) fn heed_sleep(&mut self, now: Now) {
        let before = self.now;
        let due = self.wake.unwrap_or(Moment::NEVER).max(before.moment);
        let passed = now.moment.since(before.moment) + SLEEP;
        let by_wall = u128::from(now.wall.0.abs_diff(before.wall.0));
        let slept = now.moment.since(due) > SLEEP || by_wall > passed.as_millis();
        let leads = self.role == TabRole::Leads && self.elects_leader();
        if slept && leads && self.lifecycle.is_under_way() && !self.tabs.is_reading() {
            // If it is so, the browser says it now.
            self.tabs.reading = Reading::At(now.moment + GRACE);
        }
    }

    /// Has the records read before anything else is stored or leaves.
    fn read_anew(&mut self) {
        if self.tabs.reading != Reading::Asked {
            self.tabs.reading = Reading::Asked;
            self.outputs.push_back(Output::ReadRecords);
        }
    }

    /// Returns when this tab has to do with the others.
    pub(super) fn tabs_due_at(&self) -> Option<Moment> {
        if let Reading::At(at) = self.tabs.reading {
            return Some(at);
        }
        let follows = self.role == TabRole::Follows && self.elects_leader();
        let looks = self.pace.visibility() == Visibility::Visible;
        let asks = self.lifecycle.is_under_way() && (looks || self.unheard().next().is_some());
        (follows && asks).then(|| self.tabs.asked_at + ASK_EVERY)
    }

    /// Lets time pass.
    pub(super) fn tick_tabs(&mut self) {
        let now = self.now.moment;
        if self.tabs_due_at().is_none_or(|at| now < at) {
            return;
        }
        if self.role == TabRole::Leads {
            self.read_anew();
        } else if self.tabs.unanswered >= ASKED_IN_VAIN {
            self.tabs.unanswered = 0;
            self.tabs.asked_at = now;
            self.take_lead();
        } else {
            self.ask();
            self.tabs.unanswered += 1;
            for entry in self.unheard().collect::<Vec<_>>() {
                self.hand(entry, false);
            }
        }
    }

    /// Lists what was said here and no leader has told of.
    fn unheard(&self) -> impl Iterator<Item = EntryId> {
        let waits = |out: &&Outgoing| out.state == SendState::Queued;
        let outbox = self.outbox.iter().filter(waits);
        outbox
            .filter(|out| self.is_of_this_tab(&out.name))
            .map(|out| out.entry)
    }

    /// Takes note of the part that this tab has from now on.
    pub(super) fn on_role(&mut self, role: TabRole) {
        if role == self.role {
            return;
        }
        self.role = role;
        let now = self.now.moment;
        let wanted = self.tabs.wanted_at.take();
        self.tabs.unanswered = 0;
        if !self.elects_leader() {
            return;
        }
        if role == TabRole::Leads {
            self.tabs.takes_over = true;
            match wanted {
                Some(_) => self.tabs.reading = Reading::At(now + GRACE),
                None => self.read_anew(),
            }
        } else {
            self.step_down();
        }
    }

    /// Leaves the talking to another tab. What is under way is still heard of.
    fn step_down(&mut self) {
        self.tabs.reading = Reading::Done;
        self.tabs.takes_over = false;
        self.tabs.is_followed = false;
        self.tabs.leader.clear();
        self.tabs.gone.clear();
        self.tabs.events.clear();
        self.tabs.records.clear();
        let reads = |job: &Job| matches!(job, Job::Refresh | Job::Status | Job::Join);
        while let Some(id) = self.flights.find(reads) {
            let flight = self.flights.land(id);
            if flight.is_some_and(|flight| !flight.is_answered()) {
                self.outputs.push_back(Output::Abort(id));
            }
        }
        if self.is_pushed() {
            self.renew_push_session();
        }
        self.errands.clear();
        self.own_typing = crate::typing::OwnTyping::default();
        self.ask();
        if !self.tabs.postponed.is_empty() {
            self.take_lead();
        }
    }

    /// Names the chat that is open here.
    fn chat_name(&self) -> Option<u64> {
        self.lifecycle.chat().map(|chat| name_of(&chat.keys))
    }

    /// Forgets everything of a chat: what the records say takes its place.
    fn forget_chat(&mut self) {
        for id in self.flights.drain() {
            self.outputs.push_back(Output::Abort(id));
        }
        self.errands.clear();
        self.end_uploads();
        self.outbox.drain();
        self.others_typing.clear();
        self.timeline.clear();
        self.lifecycle = Lifecycle::Idle;
        self.state = crate::state::State {
            storage: self.state.storage,
            ..Default::default()
        };
        self.tabs.forget_events();
        self.tabs.settled.clear();
    }
}

/// Makes a name of a chat out of its id (FNV-1a), so that the other tabs need not be told that.
fn name_of(keys: &Keys) -> u64 {
    let mut name = 0xcbf2_9ce4_8422_2325_u64;
    for byte in keys.chat.bytes() {
        name = (name ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    // A number that JSON keeps.
    name >> 11
}

/// Tells whether an event has this number.
fn has_index(event: &Value, index: EventIndex) -> bool {
    event.get("index").and_then(Value::as_u64) == Some(index.0)
}

/// Adds to an event the record of the message whose echo it is.
fn set_echo(event: &mut Value, echo: Option<&str>) {
    if let Some(event) = event.as_object_mut() {
        json::put_some(event, "echo", echo);
    }
}
