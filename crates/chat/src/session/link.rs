//! The link to the news of a chat, polled or pushed: every door between the session and `push` is here. A build
//! without a dialect that pushes leaves out what is behind them.

use core::time::Duration;

use super::Session;
use super::flights::{Flight, Half, Job};
use super::lanes::Departure;
use super::lifecycle::Chat;
use super::push;
use super::request_error::RequestError;
use crate::dialect::json::Object;
use crate::dialect::{Encoded, FILES, PUSHES, ReplyKind};
use crate::io::{Failure, Header, RequestId, Response};
use crate::model::ReadFrom;
use crate::time::Moment;
use crate::typing::TypingNews;

impl Session {
    /// Tells whether the server brings the news by itself.
    pub(super) fn is_pushed(&self) -> bool {
        PUSHES && self.settings.dialect.pushes()
    }

    /// Keeps the link up. Tells whether anything can leave on it.
    pub(super) fn link_is_ready(&mut self) -> bool {
        if !self.is_pushed() || !self.lifecycle.is_under_way() {
            return true;
        }
        self.save();
        self.keep_push_session_up()
    }

    /// Collects what leaves now for the chat that is open.
    pub(super) fn departing_on_link(&mut self) -> Vec<Departure> {
        if PUSHES && self.settings.dialect.publishes() {
            self.departing_published()
        } else {
            self.departing()
        }
    }

    /// Returns when the transcript is to be read next.
    pub(super) fn refresh_at(&self) -> Moment {
        if self.is_closing() {
            return self.pace.asks_at();
        }
        let due = self.pace.refresh_at();
        let is_odd = |chat: &Chat| chat.refused > 0 || chat.denials.in_a_row > 0;
        if self.lifecycle.chat().is_some_and(is_odd) {
            // A server that refused, or denied what it said, is not asked again at once.
            return due;
        }
        if PUSHES && self.push.awaited.is_some() {
            // Nor is one that has yet to push the events it told of.
            return due;
        }
        let (due, patience) = if self.is_pushed() {
            (due, self.settings.pace.request_timeout)
        } else {
            // The preview rides on the poll.
            let preview = self.preview_at().unwrap_or(Moment::NEVER);
            (due.min(preview.max(self.pace.asks_at())), Duration::ZERO)
        };
        let wanted = if self.awaits_connection() || FILES && self.uploads.awaits_transcript() {
            Some(self.now.moment)
        } else {
            self.outbox.wants_transcript_at(patience)
        };
        wanted.map_or(due, |at| due.min(at.max(self.pace.asks_at())))
    }

    /// Returns when the push session is to be polled next, if it is.
    pub(super) fn poll_at(&self) -> Option<Moment> {
        let flying = || self.flights.any(|job| matches!(job, Job::Poll));
        let wanted = self.is_pushed() && self.lifecycle.is_under_way() && !flying();
        wanted.then(|| self.push.client.not_before().max(self.pace.asks_at()))
    }

    /// Puts a message to publish into a request.
    pub(super) fn publish(&mut self, job: &Job, channel: &str, data: Object) -> Option<Encoded> {
        if !PUSHES {
            return None;
        }
        let client = &mut self.push.client;
        Some(push::post(match job {
            Job::End => client.publish_last(channel, data),
            _ => client.publish(channel, data),
        }))
    }

    /// Notes what must be known of a request when it is answered.
    pub(super) fn track(&mut self, job: Job, reply_kind: ReplyKind, deadline: Duration) -> Flight {
        let chat = self.lifecycle.chat();
        let flight = Flight {
            job,
            since: self.now.moment,
            deadline: self.now.moment + deadline,
            reply_kind,
            from: chat.map_or(ReadFrom::START, |chat| chat.read),
            push_session: self.push.number,
            half: Half::default(),
        };
        if PUSHES && reply_kind == ReplyKind::PushSession && !matches!(flight.job, Job::Poll) {
            self.push.published = Some(flight.clone());
        }
        flight
    }

    /// Returns the header by which the server is to know the visitor, where there is one.
    pub(super) fn visitor_header(&self) -> Option<Header> {
        let name = self.settings.dialect.user_header()?;
        Some((name.into(), self.push.user.clone()))
    }

    /// Handles a reply if it came on the push session; otherwise returns its flight.
    pub(super) fn take_link_reply(
        &mut self,
        id: RequestId,
        flight: Flight,
        response: &Response,
    ) -> Option<Flight> {
        if !PUSHES || flight.reply_kind != ReplyKind::PushSession {
            return Some(flight);
        }
        self.on_push_reply(id, flight, response);
        None
    }

    /// Handles a failure if it was one of the push session; otherwise returns its flight.
    pub(super) fn take_link_failure(
        &mut self,
        flight: Flight,
        failure: Failure,
        error: RequestError,
    ) -> Option<Flight> {
        if !PUSHES || flight.reply_kind != ReplyKind::PushSession {
            return Some(flight);
        }
        if failure == Failure::TimedOut {
            self.on_push_timeout(&flight);
        }
        self.on_push_error(flight, error, None);
        None
    }

    /// Returns when a typing preview is to be made, if there is one to make.
    pub(super) fn preview_at(&self) -> Option<Moment> {
        let (allowed, pace) = (self.settings.features, &self.settings.pace);
        self.own_typing
            .preview_at(self.draft.as_str(), allowed, pace)
    }

    /// Sends the typing preview by itself where no refresh takes it along.
    pub(super) fn preview_on_link(&mut self) {
        let due = self.preview_at().is_some_and(|at| at <= self.now.moment);
        if !self.is_pushed() || !due {
            return;
        }
        let (allowed, pace) = (self.settings.features, &self.settings.pace);
        let now = self.now.moment;
        let preview = self
            .own_typing
            .preview(self.draft.as_str(), allowed, pace, now);
        if preview.is_some() {
            self.announce_typing(TypingNews::Started(preview));
        }
    }

    /// Leaves the push session, if there is one: the chat is over, or none came about.
    pub(super) fn leave_link(&mut self) {
        if self.is_pushed() {
            self.leave_push_session();
        }
    }
}
