//! How a tab comes to lead or to follow.

use core::time::Duration;

use super::{Reading, Session};
use crate::dialect::Keys;
use crate::io::{Output, Visibility};
use crate::model::TabRole;
use crate::outbox::{Outgoing, SendState};
use crate::session::flights::Job;
use crate::time::{Moment, Now};
use crate::timeline::EntryId;

/// How often a tab that is looked at asks for the leader.
const ASK_EVERY: Duration = Duration::from_secs(2);
/// How often it asks in vain before it takes the lead.
const ASKED_IN_VAIN: u32 = 2;
/// How long a tab that took the lead from another waits for what that one is just doing to be stored.
const GRACE: Duration = Duration::from_millis(150);
/// How late a wake-up may be before the tab counts as having slept.
const SLEEP: Duration = Duration::from_secs(3);

impl Session {
    /// Begins to keep step: hears of what there is, or says that it leads.
    pub(super) fn join_step(&mut self) {
        self.tabs.draft = self.draft.as_str().into();
        match self.role {
            TabRole::Leads => self.read_anew(),
            TabRole::Follows => self.ask_leader(),
        }
    }

    /// Asks for the lead.
    pub(super) fn want_lead(&mut self) {
        let now = self.now.moment;
        let lately = |at: Moment| now < at + ASK_EVERY;
        if self.role == TabRole::Follows && !self.tabs.wanted_at.is_some_and(lately) {
            self.tabs.wanted_at = Some(now);
            self.outputs.push_back(Output::TakeLead);
        }
    }

    /// Heeds that a tab that leads was asleep, if it was: another may lead by now, and have sent what waits here.
    pub(super) fn heed_sleep_of_leader(&mut self, now: Now) {
        let before = self.now;
        let due = self.wake.unwrap_or(Moment::NEVER).max(before.moment);
        let passed = now.moment.since(before.moment) + SLEEP;
        let by_wall = u128::from(now.wall.0.abs_diff(before.wall.0));
        let slept = now.moment.since(due) > SLEEP || by_wall > passed.as_millis();
        let leads = self.role == TabRole::Leads;
        if slept && leads && self.lifecycle.is_under_way() && !self.tabs.is_reading() {
            // If it is so, the browser says it now.
            self.tabs.reading = Reading::At(now.moment + GRACE);
        }
    }

    /// Has the records read before anything else is stored or leaves.
    pub(super) fn read_anew(&mut self) {
        if self.tabs.reading != Reading::Asked {
            self.tabs.reading = Reading::Asked;
            self.outputs.push_back(Output::ReadRecords);
        }
    }

    /// Returns when this tab has to do with the others.
    pub(super) fn role_due_at(&self) -> Option<Moment> {
        if let Reading::At(at) = self.tabs.reading {
            return Some(at);
        }
        let follows = self.role == TabRole::Follows;
        let looks = self.pace.visibility() == Visibility::Visible;
        let asks = self.lifecycle.is_under_way() && (looks || self.unheard().next().is_some());
        (follows && asks).then(|| self.tabs.asked_at + ASK_EVERY)
    }

    /// Lets time pass.
    pub(super) fn tick_role(&mut self) {
        let now = self.now.moment;
        if self.role_due_at().is_none_or(|at| now < at) {
            return;
        }
        if self.role == TabRole::Leads {
            self.read_anew();
        } else if self.tabs.unanswered >= ASKED_IN_VAIN {
            self.tabs.unanswered = 0;
            self.tabs.asked_at = now;
            self.want_lead();
        } else {
            self.ask_leader();
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

    /// Begins to lead, or to follow.
    pub(super) fn begin_role(&mut self) {
        let now = self.now.moment;
        let wanted = self.tabs.wanted_at.take();
        self.tabs.unanswered = 0;
        if self.role == TabRole::Follows {
            self.step_down();
            return;
        }
        self.tabs.takes_over = true;
        match wanted {
            Some(_) => self.tabs.reading = Reading::At(now + GRACE),
            None => self.read_anew(),
        }
    }

    /// Leads from now on, and asks for the lead: nobody knows of the chat but this tab.
    pub(super) fn begin_to_lead(&mut self) {
        self.want_lead();
        self.tabs.wanted_at = None;
        self.role = TabRole::Leads;
        self.greet();
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
        self.ask_leader();
        let starts_here = self.lifecycle.is_starting() && !self.starts_elsewhere();
        if starts_here || !self.tabs.postponed.is_empty() {
            self.want_lead();
        }
    }

    /// Names the chat that is open here.
    pub(super) fn chat_name(&self) -> Option<u64> {
        self.lifecycle.chat().map(|chat| name_of(&chat.keys))
    }
}

/// Makes a name of a chat out of its id (FNV-1a), so that the other tabs need not be told that.
pub(super) fn name_of(keys: &Keys) -> u64 {
    let mut name = 0xcbf2_9ce4_8422_2325_u64;
    for byte in keys.chat.bytes() {
        name = (name ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    // A number that JSON keeps.
    name >> 11
}
