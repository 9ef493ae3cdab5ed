//! Tabs in step: one of the visitor's tabs leads and talks to the server, the others show the same.
//!
//! The leader tells its news: the transcript's events, the records of messages on their way, and how the chat
//! stands. News are numbered. Who finds that some are missing asks for the whole, and a tab that the visitor looks
//! at asks from time to time whether the leader is still there.
//!
//! What is said in a tab that follows is stored by that tab and handed to the leader, which tells what becomes of
//! it. For whatever else the visitor wants, the tab takes the lead first. A tab that comes to lead reads the
//! records: they say what the one before had sent. Nothing leaves before.
//!
//! The other modules here are reached through [`TAB_SYNC`] only, so that a widget can load them when there is a chat.

mod follow;
mod lead;
mod role;
mod take_over;
mod talk;

use core::time::Duration;

use super::Session;
use super::lifecycle::Lifecycle;
use crate::dialect::Event;
use crate::io::{ChatCommand, Command, Input, Record, TabMessage};
use crate::model::{EventIndex, TabRole};
use crate::outbox::Senders;
use crate::time::{Moment, Now};
use crate::timeline::{EntryId, Item};

/// How many messages that are settled are remembered by name.
const SETTLED: usize = 100;
/// More tries than there are: the request for a chat is another tab's.
const TRIED_ELSEWHERE: u32 = 1_000;
/// How long a visitor counts as reading in another tab after that tab said so. It says so every two seconds.
const READS_FOR: Duration = Duration::from_secs(3);
/// How long a tab with a stored chat waits to join the others, or to be told to lead, before it talks to the server
/// itself.
const ALONE_AFTER: Duration = Duration::from_secs(10);

/// The code that keeps tabs in step, for [`Session::join_tabs`].
#[derive(Debug)]
pub struct TabSync {
    join: fn(&mut Session),
    on_message: fn(&mut Session, &TabMessage),
    on_records: fn(&mut Session, Vec<Record>),
    on_role: fn(&mut Session),
    heed_sleep: fn(&mut Session, Now),
    due_at: fn(&Session) -> Option<Moment>,
    tick: fn(&mut Session),
    ask: fn(&mut Session),
    take_lead: fn(&mut Session),
    lead_new_chat: fn(&mut Session),
    tell: fn(&mut Session),
    tell_seen: fn(&mut Session, EventIndex),
}

/// The code that keeps tabs in step.
pub static TAB_SYNC: TabSync = TabSync {
    join: Session::join_step,
    on_message: Session::on_message_of_tab,
    on_records: Session::compare_records,
    on_role: Session::begin_role,
    heed_sleep: Session::heed_sleep_of_leader,
    due_at: Session::role_due_at,
    tick: Session::tick_role,
    ask: Session::ask_leader,
    take_lead: Session::want_lead,
    lead_new_chat: Session::begin_to_lead,
    tell: Session::tell_all,
    tell_seen: Session::tell_leader_what_is_seen,
};

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

/// An event, and the record of the message whose echo it is.
#[derive(Clone, Debug)]
struct Told {
    event: Event,
    echo: Option<String>,
}

/// What is known of the visitor's other tabs.
#[derive(Default)]
pub(super) struct Tabs {
    /// The code that keeps them in step, once it is there.
    sync: Option<&'static TabSync>,
    /// Since when this tab follows without that code.
    waits_since: Moment,
    reading: Reading,
    /// Whether this tab came to lead and has not read the records since.
    takes_over: bool,
    /// The events of the chat, to be told to other tabs.
    log: Vec<Told>,
    /// The numbers of events that were told, and that the server denied later.
    denied: Vec<EventIndex>,
    /// The records of messages that need not be sent any more: the latest of them.
    pub(super) settled: Vec<String>,
    /// News to tell.
    gone: Vec<EventIndex>,
    events: Vec<Told>,
    /// The names of records, and their values now.
    records: Vec<(String, Option<String>)>,
    status: String,
    /// Whether tabs have sent messages of this chat that the one which led knew nothing of.
    pub(super) has_senders: bool,
    /// When another tab said last that the visitor reads the chat there.
    read_at: Option<Moment>,
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

    /// Forgets a chat before another begins.
    pub(super) fn forget_chat(&mut self) {
        self.is_ending = false;
        self.postponed
            .retain(|command| matches!(command, Command::Start(_) | Command::StartAgain));
        self.handed.clear();
        self.said.clear();
        self.log.clear();
        self.denied.clear();
        self.has_senders = false;
        self.seen = EventIndex::default();
    }
}

impl Session {
    /// Keeps this tab in step with the visitor's others from now on, in this part. Drain [`poll`](Self::poll)
    /// afterwards. [`Settings::role`](crate::Settings::role) must say that a tab is elected.
    pub fn join_tabs(&mut self, sync: &'static TabSync, role: TabRole, now: Now) {
        self.handle(Input::Tick, now);
        if self.elects_leader() && !self.is_in_step() {
            self.tabs.sync = Some(sync);
            // Until now this tab has sent by itself, and another may have.
            self.tabs.has_senders |= role == TabRole::Follows
                && self.role == TabRole::Leads
                && self.lifecycle.chat().is_some();
            if role == self.role {
                (sync.join)(self);
            } else {
                self.on_role(role);
            }
            self.show();
        }
    }

    fn is_in_step(&self) -> bool {
        self.tabs.sync.is_some()
    }

    /// Returns which of the visitor's tabs send messages.
    pub(super) fn senders(&self) -> Senders {
        if self.is_in_step() && !self.tabs.has_senders {
            Senders::One
        } else {
            Senders::Any
        }
    }

    /// Takes note of the part that this tab has from now on.
    pub(super) fn on_role(&mut self, role: TabRole) {
        let is_alone = !self.is_in_step() && self.elects_leader();
        if is_alone && role == TabRole::Leads && self.lifecycle.chat().is_some() {
            // Another tab may send as well.
            self.tabs.has_senders = true;
        }
        if role == self.role {
            return;
        }
        self.role = role;
        match self.tabs.sync {
            Some(sync) => (sync.on_role)(self),
            None if role == TabRole::Leads => {
                if self.lifecycle.chat().is_some() {
                    self.pace.hurry(self.now.moment);
                    self.ask_for_limits();
                }
                self.do_what_was_postponed();
            }
            None => self.tabs.waits_since = self.now.moment,
        }
    }

    /// Begins as a page without a chat, or with a stored one, which another tab may lead.
    pub(super) fn begin_alone(&mut self) {
        if self.elects_leader() && !self.is_in_step() {
            let is_stored = self.lifecycle.chat().is_some();
            self.on_role(if is_stored {
                TabRole::Follows
            } else {
                TabRole::Leads
            });
            self.tabs.waits_since = self.now.moment;
        }
    }

    /// Leads the chat that has just begun here, whichever tab led before: its keys are to be stored at once.
    pub(super) fn lead_new_chat(&mut self) {
        if let (TabRole::Follows, Some(sync)) = (self.role, self.tabs.sync) {
            (sync.lead_new_chat)(self);
        }
    }

    /// Handles what another tab says.
    pub(super) fn on_tab_message(&mut self, message: &TabMessage) {
        if let Some(sync) = self.tabs.sync {
            (sync.on_message)(self, message);
        }
    }

    /// Takes in what the storage has, as other tabs may have left it.
    pub(super) fn on_records(&mut self, records: Vec<Record>) {
        match (self.tabs.sync, &self.lifecycle) {
            (Some(sync), _) => (sync.on_records)(self, records),
            (None, Lifecycle::Idle | Lifecycle::Refused(_) | Lifecycle::Ended(_)) => {
                let mut kept = self.read_records(records, false);
                if let Some(chat) = kept.chat.take() {
                    self.adopt(chat, kept);
                    self.begin_alone();
                }
            }
            (None, _) => {}
        }
    }

    /// Heeds that this tab was asleep, if it was.
    pub(super) fn heed_sleep(&mut self, now: Now) {
        if let Some(sync) = self.tabs.sync {
            (sync.heed_sleep)(self, now);
        }
    }

    /// Returns when this tab has to do with the others.
    pub(super) fn tabs_due_at(&self) -> Option<Moment> {
        match self.tabs.sync {
            Some(sync) => (sync.due_at)(self),
            None if self.role == TabRole::Follows && self.elects_leader() => {
                Some(self.tabs.waits_since + ALONE_AFTER)
            }
            None => None,
        }
    }

    /// Lets time pass.
    pub(super) fn tick_tabs(&mut self) {
        if let Some(sync) = self.tabs.sync {
            (sync.tick)(self);
        } else if self.tabs_due_at().is_some_and(|at| at <= self.now.moment) {
            self.on_role(TabRole::Leads);
        }
    }

    /// Asks the leader what there is.
    pub(super) fn ask_tabs(&mut self) {
        if let Some(sync) = self.tabs.sync {
            (sync.ask)(self);
        }
    }

    /// Tells the other tabs what is new to them.
    pub(super) fn tell_tabs(&mut self) {
        if let Some(sync) = self.tabs.sync {
            (sync.tell)(self);
        }
    }

    /// Tells the leader how far the visitor has seen the transcript.
    pub(super) fn tell_tabs_what_is_seen(&mut self, seen: EventIndex) {
        if let Some(sync) = self.tabs.sync {
            (sync.tell_seen)(self, seen);
        }
    }

    /// Takes note of a store that the tabs which follow must know of.
    pub(super) fn note_store_for_tabs(&mut self, record: &Record) {
        if self.is_heard() && record.name.0.starts_with(crate::records::OUTBOX) {
            let told = (record.name.0.clone(), record.value.clone());
            self.tabs.records.push(told);
        }
    }

    /// Tells whether another tab has asked for a chat.
    pub(super) fn starts_elsewhere(&self) -> bool {
        matches!(&self.lifecycle, Lifecycle::Starting(starting) if starting.tries >= TRIED_ELSEWHERE)
    }

    /// Tells whether this tab is to make a noise about what is new: of all that are open one does, and none while
    /// the visitor reads it in another.
    #[must_use]
    pub fn may_alert(&self) -> bool {
        let is_read_elsewhere = self
            .tabs
            .read_at
            .is_some_and(|at| self.now.moment < at + READS_FOR);
        self.role == TabRole::Leads && !is_read_elsewhere
    }

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
            Command::Chat(carried) => self.is_chat_command_for_leader(carried.command()),
            Command::Start(_) | Command::StartAgain | Command::TryNow | Command::End => true,
            _ => false,
        }
    }

    fn is_chat_command_for_leader(&self, command: &ChatCommand) -> bool {
        match command {
            ChatCommand::Retry(entry) | ChatCommand::Discard(entry) => {
                let row = self.timeline.find(*entry);
                row.is_some_and(|row| matches!(row.item, Item::Message { .. }))
            }
            ChatCommand::Edit(_)
            | ChatCommand::PushUrl(_)
            | ChatCommand::Rename(_)
            | ChatCommand::CustomNotice { .. }
            | ChatCommand::DeleteFile(_)
            | ChatCommand::StayAwake
            | ChatCommand::UpdateData(_) => true,
            _ => false,
        }
    }

    /// Keeps what the visitor wants until this tab leads.
    pub(super) fn postpone(&mut self, command: Command) {
        self.tabs.postponed.push(command);
        if let Some(sync) = self.tabs.sync {
            (sync.take_lead)(self);
        }
    }

    /// Does what the visitor wanted while another tab led.
    fn do_what_was_postponed(&mut self) {
        for command in core::mem::take(&mut self.tabs.postponed) {
            self.on_command(command);
        }
    }

    /// Takes note of an event for the tabs that follow, now or later.
    pub(super) fn note_for_tabs(&mut self, event: Event, echo: Option<String>) {
        let told = Told { event, echo };
        if self.is_heard() {
            self.tabs.events.push(told.clone());
        }
        self.tabs.log.push(told);
    }

    /// Takes note of events that the server denies. What is told under their numbers from now on is something else.
    pub(super) fn note_gone_for_tabs(&mut self, gone: &[EventIndex]) {
        if !self.elects_leader() {
            return;
        }
        let stays = |told: &Told| !gone.contains(&told.event.index);
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
}
