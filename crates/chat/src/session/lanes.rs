//! What leaves when: one send, one refresh, one errand, one upload at a time.

use core::time::Duration;

use super::Session;
use super::flights::{Flight, Job};
use super::lifecycle::{Chat, JoinStep, Lifecycle};
use crate::dialect::{Action, Asked, Encoded, FILES, JOINS, Keys, PUSHES, Words};
use crate::io::{Output, Request, RequestId, Role};
use crate::model::{EndReason, EventIndex, ReadFrom};
use crate::outbox::Stage;
use crate::time::Moment;

/// A request that is about to leave.
struct Departure {
    job: Job,
    action: Action,
}

impl Departure {
    fn new(job: Job, action: Action) -> Self {
        Self { job, action }
    }
}

impl Session {
    /// Lets everything leave that is due; what must survive is stored first.
    pub(super) fn launch_due(&mut self) {
        if self.role == Role::Follows || self.now.moment < self.pace.free_at() {
            return;
        }
        if self.is_pushed() && self.lifecycle.is_under_way() {
            self.save();
            if !self.hold_the_line() {
                return;
            }
        }
        let departures = match self.lifecycle {
            Lifecycle::Starting(_) => self.departing_start().into_iter().collect(),
            Lifecycle::Open(_) if self.settings.dialect.publishes() => self.departing_one_by_one(),
            Lifecycle::Open(_) => self.departing(),
            Lifecycle::Idle | Lifecycle::Refused(_) | Lifecycle::Ended(_) => Vec::new(),
        };
        if departures.is_empty() {
            return;
        }
        self.save();
        for departure in departures {
            self.launch(departure);
        }
    }

    fn departing_start(&mut self) -> Option<Departure> {
        if self.flights.any(|job| matches!(job, Job::Start)) {
            return None;
        }
        let starting = self.lifecycle.starting_mut()?;
        starting.tries += 1;
        Some(Departure::new(
            Job::Start,
            Action::RequestChat(starting.answers.clone()),
        ))
    }

    fn departing(&mut self) -> Vec<Departure> {
        if self.flights.any(|job| matches!(job, Job::End)) {
            return Vec::new();
        }
        if self.is_closing() {
            return self.next_refresh().into_iter().collect();
        }
        if self.ready_to_end() {
            return vec![Departure::new(Job::End, Action::Disconnect)];
        }
        if self.is_joining() {
            return self.next_join().into_iter().collect();
        }
        let lanes = [
            self.next_send(),
            self.next_errand(),
            self.next_upload(),
            #[cfg(feature = "gws")]
            self.next_course(),
            self.next_refresh(),
        ];
        lanes.into_iter().flatten().collect()
    }

    /// On a line one message is published at a time; first of all, that its chat's news are wanted.
    fn departing_one_by_one(&mut self) -> Vec<Departure> {
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

    /// Whether the chat is yet to be joined.
    pub(super) fn is_joining(&self) -> bool {
        let chat = self.lifecycle.chat();
        self.settings.dialect.joins() && chat.is_some_and(|chat| chat.joining().is_some())
    }

    /// Whether the visitor wants to end the chat, and nothing is on its way that they would miss.
    fn ready_to_end(&self) -> bool {
        self.lifecycle
            .chat()
            .and_then(|chat| chat.ending())
            .is_some_and(|ending| {
                self.now.moment >= ending.patience_until
                    || ending.tries > 0
                    || self.is_joining()
                    || !(self.outbox.is_busy()
                        || self.flights.any(|job| matches!(job, Job::Upload(_))))
            })
    }

    fn next_send(&mut self) -> Option<Departure> {
        let chat = self.lifecycle.chat()?;
        let from = chat.read;
        let taken = chat.takes.is_some_and(|takes| takes.messages);
        if !(chat.caught_up && taken) || self.flights.any(|job| matches!(job, Job::Send(_))) {
            return None;
        }
        let position = self.read_position();
        let next = self.outbox.next_to_send()?;
        if next.not_before > self.now.moment {
            return None;
        }
        let entry = next.entry;
        let outgoing = self.outbox.find_mut(entry)?;
        outgoing.stage = Stage::InFlight {
            since: self.now.moment,
        };
        outgoing.from = outgoing.from.max(position);
        let text = outgoing.text.clone();
        Some(Departure::new(
            Job::Send(entry),
            Action::Send { text, from },
        ))
    }

    fn next_errand(&mut self) -> Option<Departure> {
        if self.flights.any(|job| matches!(job, Job::Errand(_))) {
            return None;
        }
        let errand = self.errands.pop_front()?;
        let action = errand.kind.action();
        Some(Departure::new(Job::Errand(errand), action))
    }

    fn next_upload(&mut self) -> Option<Departure> {
        if !FILES {
            return None;
        }
        if self.flights.any(|job| matches!(job, Job::Upload(_))) {
            return None;
        }
        let upload = self.uploads.next_to_send()?;
        let action = Action::Upload {
            file: upload.handle?,
            name: upload.name.clone(),
            description: upload.description.clone(),
        };
        Some(Departure::new(Job::Upload(upload.entry), action))
    }

    fn next_refresh(&mut self) -> Option<Departure> {
        let from = self.lifecycle.chat()?.read;
        if self.flights.any(|job| matches!(job, Job::Refresh)) {
            return None;
        }
        if self.now.moment < self.refresh_at() {
            return None;
        }
        let preview = self.own_typing.preview(
            &self.draft,
            self.settings.features,
            &self.settings.pace,
            self.now.moment,
        );
        Some(Departure::new(
            Job::Refresh,
            Action::Refresh { from, preview },
        ))
    }

    /// Where the transcript is silent about it, the chat's course is asked for along with it.
    #[cfg(feature = "gws")]
    fn next_course(&self) -> Option<Departure> {
        let asks = self.settings.dialect.asks_course() && self.now.moment >= self.refresh_at();
        let flying = |job: &Job| matches!(job, Job::Course | Job::Refresh);
        (asks && !self.flights.any(flying)).then(|| Departure::new(Job::Course, Action::Course))
    }

    /// Asks to join, and while it is too early whether an agent is there.
    fn next_join(&mut self) -> Option<Departure> {
        if !JOINS {
            return None;
        }
        let joining = self.lifecycle.chat()?.joining()?;
        if self.flights.any(|job| matches!(job, Job::Join)) || self.now.moment < self.refresh_at() {
            return None;
        }
        let action = match joining.step {
            JoinStep::Join => Action::Join(joining.answers.clone()),
            JoinStep::AwaitAgent => Action::AwaitAgent,
        };
        Some(Departure::new(Job::Join, action))
    }

    /// Tells whether the server brings the news by itself.
    pub(super) fn is_pushed(&self) -> bool {
        PUSHES && self.settings.dialect.pushes()
    }

    pub(super) fn refresh_at(&self) -> Moment {
        if self.is_closing() {
            return self.pace.free_at();
        }
        let due = self.pace.refresh_at();
        if self.lifecycle.chat().is_some_and(|chat| chat.refused > 0) {
            // However much it is wanted: a server that says no is not asked again at once.
            return due;
        }
        if PUSHES && self.line.awaited.is_some() {
            // Nor one that has yet to push what it told of.
            return due;
        }
        let patience = if self.is_pushed() {
            self.settings.pace.request_timeout
        } else {
            Duration::ZERO
        };
        let wanted = self.outbox.wants_transcript_at(patience);
        wanted.map_or(due, |at| due.min(at.max(self.pace.free_at())))
    }

    fn launch(&mut self, departure: Departure) {
        let Departure { job, action } = departure;
        let pace = &self.settings.pace;
        let deadline = match job {
            Job::Upload(_) | Job::Download(_) => pace.transfer_timeout,
            _ => pace.request_timeout,
        };
        let nobody = Keys::default();
        let keys = self.lifecycle.chat().map_or(&nobody, |chat| &chat.keys);
        let dialect = self.settings.dialect;
        let encoded = match dialect.encode(&action, &self.settings, keys) {
            Some(Words::Request(encoded)) => encoded,
            Some(Words::Publish(channel, data)) if PUSHES => super::line::post(match job {
                Job::End => self.line.client.publish_last(&channel, data),
                _ => self.line.client.publish(&channel, data),
            }),
            // Nothing is offered that the server has no word for.
            Some(Words::Publish(..)) | None => return,
        };
        self.send_out(job, encoded, deadline);
    }

    /// Makes a request of what is encoded.
    pub(super) fn send_out(&mut self, job: Job, encoded: Encoded, deadline: Duration) -> RequestId {
        let flight = Flight {
            job,
            since: self.now.moment,
            deadline: self.now.moment + deadline,
            asked: encoded.asked,
            from: self
                .lifecycle
                .chat()
                .map_or(ReadFrom::START, |chat| chat.read),
            line: self.line.number,
            half: super::flights::Half::default(),
        };
        if PUSHES && flight.asked == Asked::Line && !matches!(flight.job, Job::Poll) {
            self.line.published = Some(flight.clone());
        }
        let mut headers = self.settings.headers.clone();
        if let Some(name) = self.settings.dialect.user_header() {
            headers.push((name.into(), self.line.user.clone()));
        }
        let id = self.flights.launch(flight);
        self.outputs.push_back(Output::Request(Request {
            id,
            method: encoded.method,
            url: [&*self.settings.server, &encoded.path].concat(),
            headers,
            body: encoded.body,
            deadline,
            expect: encoded.expect,
        }));
        id
    }

    /// Lets a download leave at once: it waits for nobody, and nothing waits for it.
    pub(super) fn launch_download(&mut self, job: Job, action: Action) {
        self.launch(Departure::new(job, action));
    }

    /// When time alone will change something.
    pub(super) fn next_wake(&self) -> Option<Moment> {
        let mut wake = [
            self.flights.next_deadline(),
            self.others_typing.next_at(),
            self.own_typing.silent_at(&self.settings.pace),
        ]
        .into_iter()
        .flatten()
        .min();
        let pushes = self.is_pushed();
        let now = self.now.moment;
        // What is due and waits for the line is no reason to wake up: the line's answers are.
        let mut also = |at: Moment| {
            if !pushes || at > now {
                wake = Some(wake.map_or(at, |wake| wake.min(at)));
            }
        };
        if self.role == Role::Leads {
            match self.lifecycle {
                Lifecycle::Starting(_) if !self.flights.any(|job| matches!(job, Job::Start)) => {
                    also(self.pace.free_at());
                }
                Lifecycle::Open(_) if !self.flights.any(|job| matches!(job, Job::End)) => {
                    self.chat_wakes(&mut also);
                }
                _ => {}
            }
        }
        if pushes {
            // No refresh comes by to take the latest preview along.
            let (allowed, pace) = (self.settings.features, &self.settings.pace);
            let preview_at = self.own_typing.preview_at(&self.draft, allowed, pace);
            preview_at.into_iter().for_each(&mut also);
        }
        if self.role == Role::Leads
            && pushes
            && self.lifecycle.is_under_way()
            && !self.flights.any(|job| matches!(job, Job::Poll))
        {
            also(self.line.client.not_before().max(self.pace.free_at()));
        }
        // Whatever is due has been done: a wake-up lies ahead.
        let wake = wake.filter(|at| !PUSHES || *at != Moment::NEVER);
        wake.map(|at| at.max(Moment(self.now.moment.0 + 1)))
    }

    fn chat_wakes(&self, also: &mut impl FnMut(Moment)) {
        let free = self.pace.free_at();
        if !self
            .flights
            .any(|job| matches!(job, Job::Refresh | Job::Join))
        {
            also(self.refresh_at());
        }
        // Something may be held back until then.
        let next = self.outbox.next_to_send();
        for held_until in [free, next.map_or(free, |next| next.not_before)] {
            if held_until > self.now.moment {
                also(held_until);
            }
        }
        // A chat that is over but for its last words needs no disconnect.
        let open = self
            .lifecycle
            .chat()
            .filter(|chat| chat.closing().is_none());
        if let Some(ending) = open.and_then(|chat| chat.ending()) {
            // By then it has left, or is given up.
            let patient = self.pace.patience_until() > ending.patience_until;
            let leaves_at = ending.patience_until.max(free);
            also(if patient {
                ending.patience_until
            } else {
                leaves_at
            });
        }
    }

    /// How far the transcript was read, by the events that are known.
    pub(super) fn read_position(&self) -> ReadFrom {
        let known = |chat: &Chat| ReadFrom::after(chat.last_known()).max(chat.old_before);
        self.lifecycle.chat().map_or(ReadFrom::START, known)
    }

    /// The last event that is known, here or to an earlier page.
    pub(super) fn last_event(&self) -> EventIndex {
        EventIndex(self.read_position().0.saturating_sub(1))
    }

    /// A visitor who wants to leave does not wait until a server can be told that asked for patience.
    pub(super) fn leave_unsaid(&mut self) {
        let now = self.now.moment;
        let ending = self.lifecycle.chat().and_then(|chat| chat.ending());
        let tired = ending.is_some_and(|ending| now >= ending.patience_until);
        if tired && self.pace.patience_until() > now {
            self.finish(EndReason::ByVisitor);
        }
    }

    /// The disconnect got no usable answer.
    pub(super) fn end_failed(&mut self) {
        const TRIES: u32 = 3;
        let joining = self.is_joining();
        let Some(ending) = self.lifecycle.chat_mut().and_then(|chat| chat.ending_mut()) else {
            return;
        };
        ending.tries += 1;
        if ending.tries >= TRIES || joining {
            // The server drops a silent visitor by itself.
            self.finish(EndReason::ByVisitor);
        }
    }
}
