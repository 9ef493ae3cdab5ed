//! The line on which a server that pushes brings the news: kept up while there is a chat, made anew when
//! anything may have been missed. There are two kinds.
//!
//! On one everything is said as well. Nothing pushed says what it answers, and what breaks off halfway is lost. So one message is published at a
//! time; and where the transcript must be read, it is read on a session of its own: as long as that follows no
//! chat, the first thing that is pushed is the transcript. It comes with the acknowledgement or after it.
//!
//! The other only brings the news, each once: what the visitor does are requests of their own. A new session may
//! bring again what was lost with the one before. A refresh tells how far the transcript goes, and so whether
//! anything is missing.

use core::time::Duration;

use parlour_json::Object;

use super::flights::{Errand, Flight, Half, Job};
use super::replies::{Trouble, busy, trouble};
use super::{Chat, Phase, Session};
use crate::dialect::cometd::{self, Published};
use crate::dialect::{Asked, Course, Encoded, Keys, Reply, Verdict};
use crate::io::{Body, Expect, Output, RequestId, Response};
use crate::model::{EndReason, ReadFrom, RefusalReason};
use crate::settings::Settings;
use crate::time::Moment;

/// How many events of an asynchronous chat's history come at once.
const PAGE: usize = 20;
/// After so many answers in a row that are no next page there are no pages.
const PAGES_MISSED: u32 = 2;
/// How often a server is asked how far its transcript goes before what it has not pushed by then counts as lost.
const ASKED_UNTIL_LOST: u32 = 4;
/// After how many of these answers a new session is to bring it.
const ASKED_UNTIL_RENEWED: u32 = 2;

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
                settings.pace.drop_after * 2 / 3,
            ),
            number: 0,
            follows: false,
            backlog: Vec::new(),
            more: None,
            pages_missed: 0,
            published: None,
            #[cfg(feature = "gms-v1-cometd")]
            user: settings.visitor.clone(),
            #[cfg(not(feature = "gms-v1-cometd"))]
            user: String::new(),
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

    /// Keeps the name by which the server is to know the visitor along with the chat's keys.
    pub(super) fn with_own_user(&self, keys: Keys) -> Keys {
        match self.settings.dialect.user_header() {
            Some(_) => Keys {
                user: self.line.user.clone(),
                ..keys
            },
            None => keys,
        }
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
                if is_poll && self.starting.is_some() && !asked && !busy(response.status) {
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
        if !current && self.starting.is_none() {
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
            let last = self.chat.as_ref().map(Chat::last_passed);
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
        match self.state.phase {
            Phase::Starting if !self.flights.any(|job| matches!(job, Job::Start)) => {
                self.line_not_made(trouble);
            }
            Phase::Ending => self.end_failed(),
            _ => {}
        }
        self.judge_connection();
    }

    /// No chat was asked for yet, so asking again rings nobody twice.
    fn line_not_made(&mut self, trouble: Trouble) {
        if let Some(starting) = &mut self.starting {
            starting.tries += 1;
        }
        let trouble = match trouble {
            Trouble::Unknown(_) if self.may_start_again() => return,
            other => other,
        };
        self.start_troubled(trouble);
    }

    /// Reads again from there on: what came since may be less than all.
    fn rewind(&mut self, from: ReadFrom) {
        if let (true, Some(chat)) = (self.settings.dialect.publishes(), &mut self.chat) {
            chat.read = chat.read.min(from);
        }
    }

    /// The server said something by itself, or because of what was published.
    fn pushed(&mut self, reply: Reply, current: bool) {
        let other =
            |chat: &super::Chat| !reply.keys.chat.is_empty() && reply.keys.chat != chat.keys.chat;
        if self.chat.as_ref().is_some_and(other) {
            return;
        }
        let publishes = self.settings.dialect.publishes();
        if publishes && self.starting.is_some() {
            self.start_pushed(reply, current);
            return;
        }
        if self.chat.is_none() {
            return;
        }
        if !publishes {
            if reply.course == Course::Over {
                self.over_pushed(reply);
            } else {
                self.brought(reply);
            }
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
                self.line.follows = current && self.chat.is_some();
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

    fn over_pushed(&mut self, reply: Reply) {
        let away = self.chat.as_ref().is_some_and(|chat| !chat.caught_up);
        let reason = match self.state.phase {
            Phase::Ending => EndReason::ByVisitor,
            // Whose news were coming was there, whatever the end is an answer to.
            _ if self.line.follows => EndReason::ByServer,
            _ if matches!(reply.verdict, Verdict::Done) && !away => EndReason::ByServer,
            _ => EndReason::Gone,
        };
        self.take_pushed(reply.events);
        self.finish(reason);
    }

    /// What goes on in the chat; `read` is the request that asked for the transcript, if these are its
    /// events.
    fn news(&mut self, reply: Reply, read: Option<Flight>) {
        let Some(chat) = &mut self.chat else { return };
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
            chat.closing = None;
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

    /// News on a line that only brings them.
    fn brought(&mut self, reply: Reply) {
        let Some(chat) = &mut self.chat else { return };
        chat.keys.renew(reply.keys);
        self.take_events(reply.events);
        let Some(chat) = &mut self.chat else { return };
        chat.pass_what_is_known();
        if let Some((end, asked, _)) = self.line.awaited
            && end <= chat.read
        {
            self.nothing_is_missing(asked);
        }
    }

    /// A server that shows its transcript only once told how far that goes.
    pub(super) fn position_told(&mut self, asked: Moment, end: Option<ReadFrom>) {
        let Some(chat) = &mut self.chat else { return };
        chat.refused = 0;
        self.line.follows = true;
        let times = self.line.awaited.map_or(1, |(.., times)| times + 1);
        match end.unwrap_or(ReadFrom(u64::MAX)) {
            end if end > chat.read && times < ASKED_UNTIL_LOST => {
                // It is on its way, or was lost with an earlier session; or the server does not say.
                self.line.awaited = Some((end, asked, times));
                self.pace.refresh_again(self.now.moment);
                if times == ASKED_UNTIL_RENEWED {
                    self.renew_line();
                    self.pace.refresh_again(self.now.moment);
                }
            }
            _ => {
                chat.read = chat.read.max(end.unwrap_or(chat.read));
                self.nothing_is_missing(asked);
            }
        }
    }

    /// All that the server had said by then has been pushed.
    fn nothing_is_missing(&mut self, asked: Moment) {
        self.line.awaited = None;
        let Some(chat) = &mut self.chat else { return };
        chat.caught_up = true;
        chat.closing = None;
        let window = self.settings.pace.resend_window;
        self.outbox.transcript_read(asked, self.now.moment, window);
        self.pace.refreshed(self.now.moment);
    }

    fn take_pushed(&mut self, events: Vec<crate::dialect::Event>) {
        let past = events.last().map(|event| ReadFrom::after(event.index));
        if let (Some(chat), Some(past)) = (&mut self.chat, past) {
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
}
