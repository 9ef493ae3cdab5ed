//! A line on which everything is said as well: what the server pushes is told apart by what was published.

use crate::dialect::{Action, Course, Event, Reply, Verdict};
use crate::model::{ReadFrom, RefusalReason};
use crate::session::Session;
use crate::session::flights::{Errand, Flight, Job};
use crate::session::lanes::Departure;
use crate::session::trouble::Trouble;

/// How many events of an asynchronous chat's history come at once.
const PAGE: usize = 20;
/// After so many answers in a row that are no next page there are no pages.
const PAGES_MISSED: u32 = 2;

impl Session {
    /// What was pushed is news, or what came of a message.
    pub(super) fn said(&mut self, reply: Reply, current: bool) {
        if self.lifecycle.is_starting() {
            self.start_pushed(reply, current);
            return;
        }
        if self.lifecycle.chat().is_none() {
            return;
        }
        let read = if self.may_be_asked_for(&reply) {
            self.flights.take_push(|job| matches!(job, Job::Refresh))
        } else {
            None
        };
        if reply.course == Course::Over {
            self.over_pushed(reply);
            return;
        }
        match (reply.verdict.clone(), read) {
            (Verdict::Done, read) => self.news(reply, read),
            (Verdict::Refused(_), Some(flight)) if self.line.more.take().is_some() => {
                self.line.pages_missed = PAGES_MISSED;
                self.nothing_is_missing(flight.since);
            }
            (Verdict::Refused(error), Some(flight)) => {
                self.refused(flight, error.as_ref());
                self.renew_line();
                self.pace.failed(self.now.moment, None);
            }
            (Verdict::Refused(error), None) => {
                if let Some(flight) = self.blamed() {
                    self.refused(flight, error.as_ref());
                }
            }
            (Verdict::TryAgain | Verdict::Waiting, Some(flight)) => {
                self.line_troubled(flight, Trouble::NotNow, None);
            }
            (Verdict::TryAgain | Verdict::Waiting, None) => {
                if let Some(flight) = self.blamed() {
                    self.troubled(flight, Trouble::NotNow, None);
                }
            }
        }
    }

    /// Whether this may be the page that was asked for, and not what goes on meanwhile: that follows no page
    /// but the last.
    fn may_be_asked_for(&self, reply: &Reply) -> bool {
        let (Some(from), Some(first)) = (self.line.more, reply.events.first()) else {
            return true;
        };
        let near = first.index.0 < from.0.saturating_add(PAGE as u64);
        first.index.0 == from.0 || near && reply.events.len() >= PAGE
    }

    fn start_pushed(&mut self, reply: Reply, current: bool) {
        let Some(flight) = self.flights.take_push(|job| matches!(job, Job::Start)) else {
            return;
        };
        match reply.verdict {
            Verdict::Done if !self.settings.dialect.can_use(&reply.keys) => {
                self.start_troubled(Trouble::Unknown(RefusalReason::BadReply));
            }
            Verdict::Done => {
                self.started(reply.keys.clone());
                self.line.follows = current && self.lifecycle.chat().is_some();
                if reply.course == Course::Over {
                    self.over_pushed(reply);
                } else {
                    self.take_pushed(reply.events);
                }
            }
            Verdict::Refused(error) => self.refused(flight, error.as_ref()),
            Verdict::TryAgain | Verdict::Waiting => self.troubled(flight, Trouble::NotNow, None),
        }
    }

    /// What goes on in the chat; `read` is the request that asked for the transcript, if these are its
    /// events.
    fn news(&mut self, reply: Reply, read: Option<Flight>) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.keys.renew(reply.keys);
        if let Some(limits) = reply.limits {
            self.state.limits = Some(limits);
        }
        if read.is_some() {
            let before = self.line.more.unwrap_or(ReadFrom::START);
            let end = reply
                .events
                .last()
                .map(|event| ReadFrom::after(event.index));
            // A server that brings the same again and again has no pages.
            let paged = reply.events.len() >= PAGE && self.line.pages_missed < PAGES_MISSED;
            self.line.more = end.filter(|end| paged && *end > before);
            if reply.events.len() < PAGE {
                self.line.pages_missed = 0;
            }
            chat.caught_up |= self.line.more.is_none();
            chat.refused = 0;
            chat.reopen();
            self.line.follows = true;
        }
        self.take_pushed(reply.events);
        self.correct_countdown(reply.idle_expires);
        if let Some(flight) = read {
            if self.line.more.is_none() {
                let window = self.settings.pace.resend_window;
                self.outbox
                    .transcript_read(flight.since, self.now.moment, window);
            }
            self.pace.refreshed(self.now.moment);
        }
    }

    /// On a line one message is published at a time; first of all, that its chat's news are wanted.
    pub(in crate::session) fn departing_one_by_one(&mut self) -> Vec<Departure> {
        let flying = self.flights.any(Job::is_published);
        let message = if flying {
            None
        } else if self.ready_to_end() {
            Some(Departure::new(Job::End, Action::Disconnect))
        } else if !self.line.follows {
            let from = self
                .lifecycle
                .chat()
                .map_or(ReadFrom::START, |chat| chat.read);
            let preview = None;
            Some(Departure::new(
                Job::Refresh,
                Action::Refresh { from, preview },
            ))
        } else if let Some(from) = self.line.more {
            Some(Departure::new(Job::Refresh, Action::ReadBack(from)))
        } else {
            // Until a message is seen to be there, what is refused may be it.
            let unseen = self.outbox.awaits_echo();
            self.next_send()
                .or_else(|| if unseen { None } else { self.next_errand() })
        };
        let upload = self.next_upload();
        message.into_iter().chain(upload).collect()
    }

    pub(super) fn take_pushed(&mut self, events: Vec<Event>) {
        let past = events.last().map(|event| ReadFrom::after(event.index));
        if let (Some(chat), Some(past)) = (self.lifecycle.chat_mut(), past) {
            chat.read = chat.read.max(past);
        }
        self.take_events(events);
    }

    /// What was published last, if it is still open whether the server did it: what else is refused now?
    fn blamed(&mut self) -> Option<Flight> {
        let flight = self.line.published.take()?;
        self.flights.settle_published();
        match &flight.job {
            Job::Send(entry) => self.outbox.find(*entry).is_some().then_some(flight),
            Job::Errand(Errand { .. }) => Some(flight),
            _ => None,
        }
    }

    /// Reads again from there on: what came since may be less than all.
    pub(super) fn rewind(&mut self, from: ReadFrom) {
        if let (true, Some(chat)) = (self.settings.dialect.publishes(), self.lifecycle.chat_mut()) {
            chat.read = chat.read.min(from);
        }
    }
}
