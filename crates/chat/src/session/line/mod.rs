//! The line on which a server that pushes brings the news: kept up while there is a chat, made anew when
//! anything may have been missed. There are two kinds.
//!
//! On one everything is said as well. Nothing pushed says what it answers, and what breaks off halfway is lost.
//! So one message is published at a time; and where the transcript must be read, it is read on a session of its
//! own: as long as that follows no chat, the first thing that is pushed is the transcript. It comes with the
//! acknowledgement or after it.
//!
//! The other only brings the news, each once: what the visitor does are requests of their own. A new session may
//! bring again what was lost with the one before. A refresh tells how far the transcript goes, and so whether
//! anything is missing.

mod said;
mod told;

use core::time::Duration;

use super::Session;
use super::flights::{Flight, Half, Job};
use super::lifecycle::Chat;
use super::trouble::{Trouble, busy, trouble};
use crate::dialect::cometd::{self, Published};
use crate::dialect::json::Object;
use crate::dialect::{Asked, Course, Encoded, Reply, Verdict};
use crate::io::{Body, Expect, Output, RequestId, Response};
use crate::model::{EndReason, ReadFrom, RefusalReason};
use crate::settings::Settings;
use crate::time::Moment;

/// The line, and what is known of it.
pub(super) struct Line {
    /// Our end of it.
    pub(super) client: cometd::Client,
    /// Numbers its sessions.
    pub(super) number: u64,
    /// Whether the chat's news come on it.
    pub(super) follows: bool,
    /// What was pushed and cannot be told from the transcript yet.
    pub(super) backlog: Vec<Object>,
    /// From where on there may be another page of the transcript.
    pub(super) more: Option<ReadFrom>,
    /// How often in a row another page was asked for in vain.
    pages_missed: u32,
    /// What was published last.
    pub(super) published: Option<Flight>,
    /// The name by which the server knows the visitor, where that is the widget's to choose.
    pub(super) user: String,
    /// How far the transcript goes by the latest answer, where not all of that was pushed yet, when that was
    /// asked, and how many such answers there were in a row.
    pub(super) awaited: Option<(ReadFrom, Moment, u32)>,
}

impl Line {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            // One that is lost without a word must be missed before the server misses the visitor. And not
            // every proxy lets a minute pass.
            client: cometd::Client::new(
                settings.dialect.subscription(),
                settings.pace.longest_silence(),
            ),
            number: 0,
            follows: false,
            backlog: Vec::new(),
            more: None,
            pages_missed: 0,
            published: None,
            user: settings.visitor.clone(),
            awaited: None,
        }
    }
}

/// Makes a request to the line.
pub(super) fn post(messages: String) -> Encoded {
    Encoded {
        asked: Asked::Line,
        method: "POST",
        path: cometd::PATH.into(),
        body: Body::Json(messages),
        expect: Expect::Text,
    }
}

impl Job {
    /// Whether it is over only with what the server pushes because of it.
    fn awaits_push(&self) -> bool {
        matches!(self, Self::Start | Self::Refresh)
    }

    /// Whether it may be a message on the line, of which there is one at a time.
    pub(super) fn is_published(&self) -> bool {
        matches!(
            self,
            Self::Start | Self::Refresh | Self::Send(_) | Self::Errand(_) | Self::End
        )
    }
}

impl Session {
    /// Keeps the line up. Tells whether there is one to publish on.
    pub(super) fn hold_the_line(&mut self) -> bool {
        let wanted = self.settings.dialect.publishes()
            && self.line.follows
            && self.line.more.is_none()
            && self.now.moment >= self.refresh_at()
            && !self.flights.any(Job::is_published);
        if wanted {
            self.renew_line();
        }
        let flying = self.flights.any(|job| matches!(job, Job::Poll));
        if !flying && self.now.moment >= self.line.client.not_before() {
            let deadline = self.line.client.patience() + self.settings.pace.request_timeout;
            let messages = self.line.client.poll(self.now.moment);
            self.send_out(Job::Poll, post(messages), deadline);
        }
        self.line.client.is_open()
    }

    /// Tells the server that nobody listens any more. On a line where everything is said the last word does.
    pub(super) fn leave_line(&mut self) {
        if !self.settings.dialect.publishes() && self.line.client.is_open() {
            let messages = self.line.client.goodbye();
            let deadline = self.settings.pace.request_timeout;
            let id = self.send_out(Job::Poll, post(messages), deadline);
            // Whatever the answer.
            self.flights.land(id);
        }
        self.renew_line();
        self.line.awaited = None;
        self.line.pages_missed = 0;
    }

    /// Gives the session up: the next one reads what this one may have lost.
    pub(super) fn renew_line(&mut self) {
        self.line.client.hang_up();
        self.line.number += 1;
        self.line.follows = false;
        if self.settings.dialect.publishes() {
            self.line.published = None;
            self.line.backlog.clear();
            // What they were to bring counts no more, or would leave gaps.
            let unread = self
                .flights
                .line_from()
                .into_iter()
                .chain(self.line.more.take());
            if let Some(from) = unread.min() {
                self.rewind(from);
            }
            // The other half of its answer will not come any more.
            self.flights
                .forget_acknowledged(|job| matches!(job, Job::Refresh));
        } else {
            // Is anything missing?
            self.pace.hurry(self.now.moment);
        }
        if let Some(id) = self.flights.find(|job| matches!(job, Job::Poll)) {
            self.flights.land(id);
            self.outputs.push_back(Output::Abort(id));
        }
    }

    /// A request to the line was answered.
    pub(super) fn line_answered(&mut self, id: RequestId, flight: Flight, response: &Response) {
        let was_open = self.line.client.is_open();
        let is_poll = matches!(flight.job, Job::Poll);
        // What a session of before answers is no news of this one.
        let current = flight.line == self.line.number;
        let mut before = self.line.client.clone();
        let line = if current {
            &mut self.line.client
        } else {
            &mut before
        };
        let heard = match line.read(&response.body, self.now.moment) {
            Ok(heard) if !busy(response.status) => heard,
            _ => {
                let trouble = trouble(response.status);
                let asked = self.flights.any(|job| matches!(job, Job::Start));
                if is_poll && self.lifecycle.is_starting() && !asked && !busy(response.status) {
                    self.does_not_push();
                    if matches!(trouble, Trouble::Status(_)) {
                        // There is nothing of the kind at this server.
                        self.not_set_up();
                        return;
                    }
                }
                self.line_troubled(flight, trouble, response.retry_after);
                return;
            }
        };
        self.pace.succeeded();
        self.judge_connection();
        if current && was_open && !self.line.client.is_open() {
            self.rewind(flight.from);
            self.renew_line();
        }
        match (heard.published, &flight.job) {
            (None, Job::Poll) => {
                if !was_open && self.line.client.is_down() {
                    // A server that will not meet anybody, or forgets whom it has just met.
                    self.line_troubled(flight, Trouble::NotNow, None);
                    return;
                }
                if !heard.answered {
                    // Something came, and not what was asked for.
                    self.pace.failed(self.now.moment, None);
                }
            }
            (_, Job::Poll) => self.pace.failed(self.now.moment, None),
            (Some(_), _) if flight.half == Half::Pushed => {}
            // What a session that was given up was to bring is read on the next.
            (Some(_), Job::Refresh) if !current => {}
            (Some(Published::Taken), job) if job.awaits_push() => {
                self.flights.put_back(id, flight);
            }
            (Some(Published::Taken), _) => self.done(&flight, None),
            (Some(Published::Refused), job) => {
                let refresh = matches!(job, Job::Refresh);
                if matches!(job, Job::Start) {
                    // There is no such channel.
                    self.does_not_push();
                    self.not_set_up();
                } else {
                    self.refused(flight, None);
                }
                if refresh {
                    self.renew_line();
                    self.pace.failed(self.now.moment, None);
                }
            }
            (Some(Published::Unheard), _) => {
                self.troubled(flight, Trouble::NotNow, response.retry_after);
            }
            (None, _) => {
                let trouble = Trouble::Unknown(RefusalReason::BadReply);
                self.line_troubled(flight, trouble, None);
            }
        }
        // Of a session of before it may be the only word of the keys, and those stay good.
        let mut news = heard.pushed;
        if !current && !self.lifecycle.is_starting() {
            news.clear();
        }
        if is_poll
            && self.settings.dialect.publishes()
            && self
                .flights
                .is_unacknowledged(|job| matches!(job, Job::Refresh))
        {
            // The transcript may come with the acknowledgement, and this be what came after it.
            self.line.backlog.append(&mut news);
        } else if current {
            news.append(&mut self.line.backlog);
        }
        for data in news {
            let last = self.lifecycle.chat().map(Chat::last_passed);
            let last = last.unwrap_or_default();
            if let Ok(reply) = self.settings.dialect.decode_push(&data, last) {
                self.pushed(reply, current);
            }
        }
    }

    /// A request to the line was not answered in time, or not to its end.
    pub(super) fn line_overdue(&mut self, flight: &Flight) {
        match flight.job {
            Job::Poll => self.line.client.overdue(),
            // The server took it, and has pushed nothing on the line on which it was asked.
            Job::Start if flight.half == Half::Acknowledged && flight.line == self.line.number => {
                self.does_not_push();
            }
            _ => {}
        }
    }

    /// The server behaves as one that does not push.
    fn does_not_push(&mut self) {
        self.misfits(Some(self.settings.dialect.polled()));
    }

    /// A request to the line got no usable answer: what would have come with it may be lost.
    pub(super) fn line_troubled(
        &mut self,
        flight: Flight,
        trouble: Trouble,
        retry_after: Option<Duration>,
    ) {
        let paged = self.line.more.is_some();
        if flight.line == self.line.number {
            self.rewind(flight.from);
            self.renew_line();
        }
        if flight.half == Half::Pushed {
            // Everything it was for has come.
            self.pace.failed(self.now.moment, retry_after);
            self.judge_connection();
            return;
        }
        if !matches!(flight.job, Job::Poll) {
            if matches!(flight.job, Job::Refresh) {
                if paged {
                    self.line.pages_missed += 1;
                }
                // Who wants to leave does not wait for a transcript.
                self.end_failed();
            }
            self.troubled(flight, trouble, retry_after);
            return;
        }
        self.pace.failed(self.now.moment, retry_after);
        if self.lifecycle.is_starting() && !self.flights.any(|job| matches!(job, Job::Start)) {
            self.line_not_made(trouble);
        } else if self.lifecycle.is_ending() {
            self.end_failed();
        }
        self.judge_connection();
    }

    /// No chat was asked for yet, so asking again rings nobody twice.
    fn line_not_made(&mut self, trouble: Trouble) {
        if let Some(starting) = self.lifecycle.starting_mut() {
            starting.tries += 1;
        }
        let trouble = match trouble {
            Trouble::Unknown(_) if self.may_start_again() => return,
            other => other,
        };
        self.start_troubled(trouble);
    }

    /// The server said something by itself, or because of what was published.
    fn pushed(&mut self, reply: Reply, current: bool) {
        let other = |chat: &Chat| !reply.keys.chat.is_empty() && reply.keys.chat != chat.keys.chat;
        if self.lifecycle.chat().is_some_and(other) {
            return;
        }
        if self.settings.dialect.publishes() {
            self.said(reply, current);
        } else if self.lifecycle.chat().is_none() {
            // News of the chat before.
        } else if reply.course == Course::Over {
            self.over_pushed(reply);
        } else {
            self.brought(reply);
        }
    }

    fn over_pushed(&mut self, reply: Reply) {
        let away = self.lifecycle.chat().is_some_and(|chat| !chat.caught_up);
        let reason = match self.lifecycle.chat() {
            Some(chat) if chat.ending().is_some() => EndReason::ByVisitor,
            // Whose news were coming was there, whatever the end is an answer to.
            _ if self.line.follows => EndReason::ByServer,
            _ if matches!(reply.verdict, Verdict::Done) && !away => EndReason::ByServer,
            _ => EndReason::Gone,
        };
        self.take_pushed(reply.events);
        self.finish(reason);
    }
}
