//! Push sessions on which the visitor's actions are published, too: what a push answers is told by what was
//! published.

use crate::dialect::{Action, ChatStatus, Event, Outcome, Reply};
use crate::model::{ReadFrom, RefusalReason};
use crate::session::Session;
use crate::session::flights::{Errand, Flight, Job};
use crate::session::lanes::Departure;
use crate::session::request_error::RequestError;

/// How many events of an asynchronous chat's history come at once.
const PAGE: usize = 20;
/// After so many answers in a row that are no next page there are no pages.
const PAGES_MISSED: u32 = 2;

impl Session {
    /// Handles a push: news, or the outcome of a published message.
    pub(super) fn on_duplex_push(&mut self, reply: Reply, current: bool) {
        if self.lifecycle.is_starting() {
            self.on_start_pushed(reply, current);
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
        if reply.status == ChatStatus::Over {
            self.on_end_pushed(reply);
            return;
        }
        match (reply.outcome.clone(), read) {
            (Outcome::Done, read) => self.take_news(reply, read),
            (Outcome::Refused(_), Some(flight)) if self.push.next_page.take().is_some() => {
                self.push.pages_missed = PAGES_MISSED;
                self.on_complete(flight.since);
            }
            (Outcome::Refused(error), Some(flight)) => {
                self.on_refused(flight, error.as_ref());
                self.renew_push_session();
                self.pace.on_failure(self.now.moment, None);
            }
            (Outcome::Refused(error), None) => {
                if let Some(flight) = self.take_refused_publish() {
                    self.on_refused(flight, error.as_ref());
                }
            }
            (Outcome::TryAgain | Outcome::Waiting, Some(flight)) => {
                self.on_push_error(flight, RequestError::NotNow, None);
            }
            (Outcome::TryAgain | Outcome::Waiting, None) => {
                if let Some(flight) = self.take_refused_publish() {
                    self.on_error(flight, RequestError::NotNow, None);
                }
            }
        }
    }

    /// Tells whether this may be the page that was asked for. What is pushed meanwhile is not: it only follows
    /// the last page.
    fn may_be_asked_for(&self, reply: &Reply) -> bool {
        let (Some(from), Some(first)) = (self.push.next_page, reply.events.first()) else {
            return true;
        };
        let near = first.index.0 < from.0.saturating_add(PAGE as u64);
        first.index.0 == from.0 || near && reply.events.len() >= PAGE
    }

    fn on_start_pushed(&mut self, reply: Reply, current: bool) {
        let Some(flight) = self.flights.take_push(|job| matches!(job, Job::Start)) else {
            return;
        };
        match reply.outcome {
            Outcome::Done if !self.settings.dialect.can_use(&reply.keys) => {
                self.on_start_error(RequestError::Unknown(RefusalReason::BadReply));
            }
            Outcome::Done => {
                self.on_started(reply.keys.clone());
                self.push.is_following = current && self.lifecycle.chat().is_some();
                if reply.status == ChatStatus::Over {
                    self.on_end_pushed(reply);
                } else {
                    self.take_pushed(reply.events);
                }
            }
            Outcome::Refused(error) => self.on_refused(flight, error.as_ref()),
            Outcome::TryAgain | Outcome::Waiting => {
                self.on_error(flight, RequestError::NotNow, None)
            }
        }
    }

    /// Takes in the events of the chat; `read` is the request that asked for the transcript, if these are its
    /// events.
    fn take_news(&mut self, mut reply: Reply, read: Option<Flight>) {
        let is_first = self.push.next_page.is_none();
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.keys.renew(core::mem::take(&mut reply.keys));
        if let Some(limits) = reply.limits.take() {
            self.state.limits = Some(limits);
        }
        if let Some(flight) = read.as_ref().filter(|_| is_first)
            && chat.is_denied_by(flight, &reply)
        {
            chat.reread();
            self.renew_push_session();
            return;
        }
        if read.is_some() {
            let before = self.push.next_page.unwrap_or(ReadFrom::START);
            let end = reply
                .events
                .last()
                .map(|event| ReadFrom::after(event.index));
            // A server that sends the same events again and again has no pages.
            let paged = reply.events.len() >= PAGE && self.push.pages_missed < PAGES_MISSED;
            self.push.next_page = end.filter(|end| paged && *end > before);
            if reply.events.len() < PAGE {
                self.push.pages_missed = 0;
            }
            chat.caught_up |= self.push.next_page.is_none();
            chat.refused = 0;
            chat.denials.is_rereading = false;
            chat.reopen();
            self.pace.forget_outage();
            self.push.is_following = true;
        }
        if let Some(flight) = &read
            && self.push.next_page.is_none()
            && is_first
        {
            self.disown(flight, &reply);
        }
        self.take_pushed(reply.events);
        self.correct_countdown(reply.idle_expires);
        if let Some(flight) = read {
            if self.push.next_page.is_none() {
                if self.push.pages_missed == 0 {
                    self.forget_unconfirmed();
                }
                self.on_transcript_read(flight.since);
            }
            self.pace.on_refreshed(self.now.moment);
        }
    }

    /// Collects what is to be published now, one message at a time; first of all the request for the chat's news.
    pub(in crate::session) fn departing_published(&mut self) -> Vec<Departure> {
        let flying = self.flights.any(Job::is_published);
        let message = if flying {
            None
        } else if self.is_ready_to_end() {
            Some(Departure::new(Job::End, Action::Disconnect))
        } else if !self.push.is_following {
            let from = self
                .lifecycle
                .chat()
                .map_or(ReadFrom::START, |chat| chat.read);
            let preview = None;
            Some(Departure::new(
                Job::Refresh,
                Action::Refresh { from, preview },
            ))
        } else if let Some(from) = self.push.next_page {
            Some(Departure::new(Job::Refresh, Action::ReadBack(from)))
        } else {
            // Until a message's echo has come, a refusal may be about it: publish nothing else.
            let unseen = self.outbox.awaits_echo();
            self.next_send()
                .or_else(|| if unseen { None } else { self.next_errand() })
        };
        let upload = self.next_upload();
        message.into_iter().chain(upload).collect()
    }

    pub(super) fn take_pushed(&mut self, events: Vec<Event>) {
        self.take_events(events);
        self.follow_events();
    }

    /// Takes the request that a refusal is about: the one published last, if its outcome is still open.
    fn take_refused_publish(&mut self) -> Option<Flight> {
        let flight = self.push.published.take()?;
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
