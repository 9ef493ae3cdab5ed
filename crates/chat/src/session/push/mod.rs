//! Pushed news: a Bayeux session that is kept up while there is a chat, and opened anew when anything may have
//! been missed. There are two kinds of servers.
//!
//! With one kind (`duplex`) the visitor's actions are published on the same session. A push does not say which
//! message it answers, and what breaks off halfway is lost. So one message is published at a time. Where the
//! transcript must be read, that is asked for on a new session: as long as it follows no chat, the first push is
//! the transcript. It comes with the acknowledgement or after it.
//!
//! The other kind (`notify`) only pushes the news, each once; the visitor's actions are requests of their own. A
//! new session may bring again what was lost with the one before. A refresh tells how far the transcript goes,
//! and so whether anything is missing.

mod duplex;
mod notify;

use core::time::Duration;

use super::Session;
use super::flights::{Flight, Half, Job};
use super::lifecycle::Chat;
use super::request_error::{RequestError, error_of_reply, is_busy};
use crate::dialect::cometd::{self, Published};
use crate::dialect::json::Object;
use crate::dialect::{ChatStatus, Encoded, Outcome, Reply, ReplyKind};
use crate::io::{Body, Expect, Output, RequestId, Response};
use crate::model::{EndReason, ReadFrom, RefusalReason};
use crate::settings::Settings;
use crate::time::Moment;

/// The push channel: its Bayeux client, and what is known of the news.
pub(super) struct PushChannel {
    /// The client of the Bayeux session.
    pub(super) client: cometd::Client,
    /// The number of the session, counted up for each new one.
    pub(super) number: u64,
    /// Whether the session brings the chat's news.
    pub(super) is_following: bool,
    /// What was pushed and cannot be told from the transcript yet.
    pub(super) backlog: Vec<Object>,
    /// The position from which there may be another page of the transcript.
    pub(super) next_page: Option<ReadFrom>,
    /// The number of pages asked for in vain, in a row.
    pages_missed: u32,
    /// The request that was published last.
    pub(super) published: Option<Flight>,
    /// The name by which the server knows the visitor, where that is the widget's to choose.
    pub(super) user: String,
    /// Set while the transcript is known to go on after what was pushed: its end by the latest answer, when
    /// that was asked, and the number of such answers in a row.
    pub(super) awaited: Option<(ReadFrom, Moment, u32)>,
}

impl PushChannel {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            // A lost poll must be noticed before the server drops the visitor; and some proxies cut a poll
            // off before a minute has passed.
            client: cometd::Client::new(
                settings.dialect.subscription(),
                settings.pace.longest_silence(),
            ),
            number: 0,
            is_following: false,
            backlog: Vec::new(),
            next_page: None,
            pages_missed: 0,
            published: None,
            user: settings.visitor.clone(),
            awaited: None,
        }
    }
}

/// Puts Bayeux messages into a request.
pub(super) fn post(messages: String) -> Encoded {
    Encoded {
        reply_kind: ReplyKind::PushSession,
        method: "POST",
        path: cometd::PATH.into(),
        body: Body::Json(messages),
        expect: Expect::Text,
    }
}

impl Job {
    /// Tells whether the acknowledgement does not settle it: the outcome is pushed.
    fn awaits_push(&self) -> bool {
        matches!(self, Self::Start | Self::Refresh)
    }

    /// Tells whether it is published where the visitor's actions are; then there is one at a time.
    pub(super) fn is_published(&self) -> bool {
        matches!(
            self,
            Self::Start | Self::Refresh | Self::Send(_) | Self::Errand(_) | Self::End
        )
    }
}

impl Session {
    /// Keeps the push session up. Tells whether anything can be published on it.
    pub(super) fn keep_push_session_up(&mut self) -> bool {
        let wanted = self.settings.dialect.publishes()
            && self.push.is_following
            && self.push.next_page.is_none()
            && self.now.moment >= self.refresh_at()
            && !self.flights.any(Job::is_published);
        if wanted {
            self.renew_push_session();
        }
        let flying = self.flights.any(|job| matches!(job, Job::Poll));
        let poll_at = self.push.client.not_before().max(self.pace.asks_at());
        if !flying && self.now.moment >= poll_at {
            let deadline = self.push.client.patience() + self.settings.pace.request_timeout;
            let messages = self.push.client.poll(self.now.moment);
            self.send_out(Job::Poll, post(messages), deadline);
        }
        self.push.client.is_open()
    }

    /// Disconnects the session, unless the last message published did so.
    pub(super) fn leave_push_session(&mut self) {
        if !self.settings.dialect.publishes() && self.push.client.is_open() {
            let messages = self.push.client.goodbye();
            let deadline = self.settings.pace.request_timeout;
            let id = self.send_out(Job::Poll, post(messages), deadline);
            // The answer does not matter.
            self.flights.land(id);
        }
        self.renew_push_session();
        self.push.awaited = None;
        self.push.pages_missed = 0;
    }

    /// Gives the session up: the next one reads what this one may have lost.
    pub(super) fn renew_push_session(&mut self) {
        self.push.client.hang_up();
        self.push.number += 1;
        self.push.is_following = false;
        if self.settings.dialect.publishes() {
            self.push.published = None;
            self.push.backlog.clear();
            // What these were to bring is read again, or there would be gaps.
            let unread = self
                .flights
                .earliest_read_position()
                .into_iter()
                .chain(self.push.next_page.take());
            if let Some(from) = unread.min() {
                self.rewind(from);
            }
            // The push that was to follow its acknowledgement will not come any more.
            self.flights
                .forget_acknowledged(|job| matches!(job, Job::Refresh));
        } else {
            // A refresh tells whether anything is missing.
            self.pace.hurry(self.now.moment);
        }
        if let Some(id) = self.flights.find(|job| matches!(job, Job::Poll)) {
            self.flights.land(id);
            self.outputs.push_back(Output::Abort(id));
        }
    }

    /// Handles the reply to a request on the push session.
    pub(super) fn on_push_reply(&mut self, id: RequestId, flight: Flight, response: &Response) {
        let was_open = self.push.client.is_open();
        let is_poll = matches!(flight.job, Job::Poll);
        // A reply on an earlier session says nothing about this one.
        let current = flight.push_session == self.push.number;
        let mut before = self.push.client.clone();
        let client = if current {
            &mut self.push.client
        } else {
            &mut before
        };
        let received = match client.read(&response.body, self.now.moment) {
            Ok(received) if !is_busy(response.status) => received,
            _ => {
                let error = error_of_reply(&flight.job, response);
                let asked = self.flights.any(|job| matches!(job, Job::Start));
                if is_poll && self.lifecycle.is_starting() && !asked && !is_busy(response.status) {
                    self.report_no_push();
                    if matches!(error, RequestError::Status(_)) {
                        // The server has no CometD.
                        self.on_wrong_setup();
                        return;
                    }
                }
                self.on_push_error(flight, error, response.retry_after);
                return;
            }
        };
        self.pace.on_success();
        self.pace.on_heard(self.now.moment);
        self.judge_connection();
        if current && was_open && !self.push.client.is_open() {
            self.rewind(flight.from);
            self.renew_push_session();
        }
        match (received.published, &flight.job) {
            (None, Job::Poll) => {
                if !was_open && self.push.client.is_down() {
                    // The server accepts no session, or forgets one at once.
                    self.on_push_error(flight, RequestError::NotNow, None);
                    return;
                }
                if !received.answered {
                    // The reply does not answer the poll.
                    self.pace.on_failure(self.now.moment, None);
                }
            }
            (_, Job::Poll) => self.pace.on_failure(self.now.moment, None),
            (Some(_), _) if flight.half == Half::Pushed => {}
            // What a session that was given up was to bring is read on the next.
            (Some(_), Job::Refresh) if !current => {}
            (Some(Published::Taken), job) if job.awaits_push() => {
                self.flights.put_back(id, flight);
            }
            (Some(Published::Taken), _) => self.on_done(&flight, None),
            (Some(Published::Refused), job) => {
                let refresh = matches!(job, Job::Refresh);
                if matches!(job, Job::Start) {
                    // There is no such channel.
                    self.report_no_push();
                    self.on_wrong_setup();
                } else {
                    self.on_refused(flight, None);
                }
                if refresh {
                    self.renew_push_session();
                    self.pace.on_failure(self.now.moment, None);
                }
            }
            (Some(Published::Unheard), _) => {
                self.on_error(flight, RequestError::NotNow, response.retry_after);
            }
            (None, _) => {
                let error = RequestError::Unknown(RefusalReason::BadReply);
                self.on_push_error(flight, error, None);
            }
        }
        // Pushes of an earlier session are ignored; but while a chat starts they may bring its keys.
        let mut news = received.pushed;
        if !current && !self.lifecycle.is_starting() {
            news.clear();
        }
        if is_poll
            && self.settings.dialect.publishes()
            && self
                .flights
                .is_unacknowledged(|job| matches!(job, Job::Refresh))
        {
            // The transcript may come with the acknowledgement; these events may follow it.
            self.push.backlog.append(&mut news);
        } else if current {
            news.append(&mut self.push.backlog);
        }
        for data in news {
            let last = self.lifecycle.chat().map(Chat::last_passed);
            let last = last.unwrap_or_default();
            if let Ok(reply) = self.settings.dialect.decode_push(&data, last) {
                self.on_pushed(reply, current);
            }
        }
    }

    /// Handles a request on the push session that was not answered in time, or not to its end.
    pub(super) fn on_push_timeout(&mut self, flight: &Flight) {
        match flight.job {
            Job::Poll => self.push.client.on_timeout(),
            // The server acknowledged it, and has pushed nothing on the same session.
            Job::Start
                if flight.half == Half::Acknowledged && flight.push_session == self.push.number =>
            {
                self.report_no_push();
            }
            _ => {}
        }
    }

    /// Reports that the server behaves as one that does not push.
    fn report_no_push(&mut self) {
        self.report_wrong_dialect(Some(self.settings.dialect.polled()));
    }

    /// Handles a request on the push session that got no usable answer: what would have come with it may be lost.
    pub(super) fn on_push_error(
        &mut self,
        flight: Flight,
        error: RequestError,
        retry_after: Option<Duration>,
    ) {
        if matches!(error, RequestError::Unknown(_)) {
            self.pace.doubt();
        }
        let paged = self.push.next_page.is_some();
        if flight.push_session == self.push.number {
            self.rewind(flight.from);
            self.renew_push_session();
        }
        if flight.half == Half::Pushed {
            // Its outcome was pushed before.
            self.pace.on_failure(self.now.moment, None);
            self.judge_connection();
            return;
        }
        if !matches!(flight.job, Job::Poll) {
            if matches!(flight.job, Job::Refresh) {
                if paged {
                    self.push.pages_missed += 1;
                }
                // A visitor who wants to end the chat does not wait for the transcript.
                self.on_end_failed();
            }
            self.on_error(flight, error, retry_after);
            return;
        }
        self.note_failure(&flight.job, retry_after);
        if self.lifecycle.is_starting() && !self.flights.any(|job| matches!(job, Job::Start)) {
            self.on_push_session_failed(error);
        } else if self.lifecycle.is_ending() {
            self.on_end_failed();
        }
        self.judge_connection();
    }

    /// Handles a push session that could not be opened. No chat was asked for yet, so it can be tried again.
    fn on_push_session_failed(&mut self, error: RequestError) {
        if let Some(starting) = self.lifecycle.starting_mut() {
            starting.tries += 1;
        }
        let error = match error {
            RequestError::Unknown(_) if self.can_start_again() => return,
            other => other,
        };
        self.on_start_error(error);
    }

    /// Handles a push.
    fn on_pushed(&mut self, reply: Reply, current: bool) {
        let other = |chat: &Chat| !reply.keys.chat.is_empty() && reply.keys.chat != chat.keys.chat;
        if self.lifecycle.chat().is_some_and(other) {
            return;
        }
        if self.settings.dialect.publishes() {
            self.on_duplex_push(reply, current);
        } else if self.lifecycle.chat().is_none() {
            // A push for an earlier chat.
        } else if reply.status == ChatStatus::Over {
            self.on_end_pushed(reply);
        } else {
            self.on_notification(reply);
        }
    }

    fn on_end_pushed(&mut self, reply: Reply) {
        let away = self.lifecycle.chat().is_some_and(|chat| !chat.caught_up);
        let reason = match self.lifecycle.chat() {
            Some(chat) if chat.ending().is_some() => EndReason::ByVisitor,
            // The page was following the chat when it ended.
            _ if self.push.is_following => EndReason::ByServer,
            _ if matches!(reply.outcome, Outcome::Done) && !away => EndReason::ByServer,
            _ => EndReason::Gone,
        };
        self.take_pushed(reply.events);
        self.finish(reason);
    }
}
