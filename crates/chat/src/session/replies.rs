//! What answers mean, and what their absence means.

use core::time::Duration;

use super::Session;
use super::begin::is_no_start;
use super::flights::{Errand, ErrandKind, Flight, Job};
use super::lifecycle::{Chat, ChatStage};
use super::request_error::{RequestError, error_of, error_of_reply, is_busy, refusal};
use crate::dialect::{
    Accepts, ChatStatus, DecodeError, FILES, JOINS, KEEPS, Outcome, Reply, ServerError,
};
use crate::io::{Failure, RequestId, Response};
use crate::model::{EndReason, EventIndex, ReadFrom, Refusal, RefusalReason};
use crate::outbox::{Left, Outgoing, SendState};
use crate::pace::LONGEST_RETRY_AFTER;
use crate::state::Agents;
use crate::time::Moment;
use crate::timeline::{EntryId, Item, MessageState};

/// Tries to send a message while the server says "not now": more than a minute, as the dice fall.
const SEND_TRIES: u32 = 10;
/// The longest that a message waits because the server asked for patience.
const SEND_PATIENCE: Duration = Duration::from_secs(120);
/// Tries of a small request.
const ERRAND_TRIES: u32 = 5;
/// Tries to read the last words of a chat that is over.
const CLOSING_TRIES: u32 = 3;
/// Refreshes refused in a row after which the chat counts as gone.
const REFUSALS_UNTIL_GONE: u32 = 3;

impl Session {
    pub(super) fn on_reply(&mut self, id: RequestId, response: &Response) {
        // An answer to something given up or answered already.
        let Some(flight) = self.flights.land(id) else {
            return;
        };
        if let Job::Download(entry) = flight.job {
            self.on_download_reply(entry, response);
            return;
        }
        let Some(flight) = self.take_link_reply(id, flight, response) else {
            return;
        };
        // What is read from the start is counted from there.
        let chat = self.lifecycle.chat();
        let chat = chat.filter(|_| flight.from > ReadFrom::START);
        let last = chat.map(Chat::last_known).unwrap_or_default();
        let dialect = self.settings.dialect;
        match dialect.decode(flight.reply_kind, response, last) {
            Ok(reply) if reply.status == ChatStatus::Over && self.lifecycle.chat().is_some() => {
                self.on_over(flight, reply);
            }
            Ok(Reply {
                outcome: Outcome::TryAgain,
                ..
            }) => {
                self.on_error(flight, RequestError::NotNow, response.retry_after);
            }
            Ok(reply) if matches!(reply.outcome, Outcome::Done) && is_busy(response.status) => {
                drop(reply);
                let error = error_of_reply(&flight.job, response);
                self.on_error(flight, error, response.retry_after);
            }
            Ok(reply) if JOINS && self.has_passed_by(&reply) => {
                self.on_error(flight, error_of(response.status), response.retry_after);
                self.pace.be_patient(self.now.moment);
            }
            Ok(reply) if is_no_start(dialect, &flight, &reply, &response.body) => {
                self.on_undecodable(flight, response);
            }
            Ok(reply) if self.is_polled_after_all(&flight, &reply) => {
                self.report_wrong_dialect(Some(dialect.polled()));
                self.on_wrong_setup();
            }
            Ok(reply) => self.on_decoded(flight, reply),
            Err(DecodeError) => self.on_undecodable(flight, response),
        }
    }

    /// Tells whether a reply without the events that were asked for may have passed by some that this page has not
    /// read. The visitor's own join does not count, and pushed events are in no reply.
    fn has_passed_by(&self, reply: &Reply) -> bool {
        let start = ReadFrom::after(EventIndex(1));
        let read = self.lifecycle.chat().map_or(start, |chat| chat.read);
        reply.events_missing
            && !self.settings.dialect.keeps_transcript()
            && reply.next.is_none_or(|next| next > read.max(start))
    }

    pub(super) fn on_failed(&mut self, id: RequestId, failure: Failure) {
        let Some(flight) = self.flights.land(id) else {
            return;
        };
        match (failure, &flight.job) {
            (Failure::FileGone, Job::Upload(entry)) => {
                self.on_upload_failed(*entry, Refusal::of(RefusalReason::FileGone));
            }
            (failure, _) => {
                let reason = if failure == Failure::TimedOut {
                    RefusalReason::BadReply
                } else {
                    RefusalReason::Unreachable
                };
                let error = RequestError::Unknown(reason);
                if let Some(flight) = self.take_link_failure(flight, failure, error) {
                    self.on_error(flight, error, None);
                }
            }
        }
    }

    pub(super) fn on_progress(&mut self, id: RequestId, done: u64, total: u64) {
        let now = self.now.moment;
        let pace = &self.settings.pace;
        let Some(flight) = self.flights.get_mut(id) else {
            return;
        };
        if let Job::Upload(entry) | Job::Download(entry) = flight.job {
            flight.deadline = now + pace.transfer_timeout;
            self.show_progress(entry, done, total);
        } else {
            // A long transcript takes its time on a slow line. The visitor must be heard of again before the
            // server drops them.
            let latest = flight.since + pace.longest_silence();
            let deadline = latest.min(now + pace.request_timeout);
            flight.deadline = flight.deadline.max(deadline);
        }
    }

    /// Handles a reply that says that the chat is over, whatever else it says.
    fn on_over(&mut self, flight: Flight, reply: Reply) {
        self.pace.on_success();
        self.judge_connection();
        let known = self.lifecycle.chat().and_then(|chat| chat.closing());
        let known = known.map(|closing| (closing.reason, closing.tries));
        let read = flight.reads() && matches!(reply.outcome, Outcome::Done);
        // If it was over before this page had read anything, it ended while the visitor was away.
        let away = self.lifecycle.chat().is_some_and(|chat| !chat.caught_up);
        let reason = match known {
            Some((EndReason::ByServer, _)) => EndReason::ByServer,
            None if self.lifecycle.is_ending() => EndReason::ByVisitor,
            _ if matches!(reply.outcome, Outcome::Done) && !away => EndReason::ByServer,
            _ => EndReason::Gone,
        };
        let chat = self.lifecycle.chat();
        let is_denied = read && chat.is_some_and(|chat| chat.is_denied_by(&flight, &reply));
        let is_behind = KEEPS && read && self.is_behind(reply.next);
        if read && !is_denied {
            self.take_events(reply.events);
        }
        let tries = known.map_or(0, |(_, tries)| tries);
        if tries < CLOSING_TRIES && (is_denied || is_behind) {
            // The last words are still to be pushed, or stand before the position.
            if is_denied && let Some(chat) = self.lifecycle.chat_mut() {
                chat.reread();
            }
            if let Some(chat) = self.lifecycle.chat_mut() {
                chat.begin_closing(reason, self.now.moment, tries + 1);
            }
            self.pace.on_failure(self.now.moment, None);
            return;
        }
        // A server that refuses everything else may still let the last words be read.
        if read || matches!(flight.job, Job::Refresh) || reason == EndReason::ByVisitor {
            self.finish(reason);
        } else if let (Some(chat), None) = (self.lifecycle.chat_mut(), known) {
            chat.begin_closing(reason, self.now.moment, 0);
        }
    }

    /// Tells whether a transcript that is shown only once goes on, by its end, after what is known of it.
    fn is_behind(&self, end: Option<ReadFrom>) -> bool {
        let read = self.lifecycle.chat().map(|chat| chat.read);
        self.settings.dialect.keeps_transcript() && end > read
    }

    /// Tells whether the chat is over but for its last words.
    pub(super) fn is_closing(&self) -> bool {
        let chat = self.lifecycle.chat();
        chat.is_some_and(|chat| chat.closing().is_some())
    }

    /// Counts a failed read of the last words: after a few the chat is over without them.
    fn close_without_last_words(&mut self) {
        let stage = self.lifecycle.chat_mut().map(|chat| &mut chat.stage);
        let Some(ChatStage::Closing(closing)) = stage else {
            return;
        };
        closing.tries += 1;
        if closing.tries >= CLOSING_TRIES {
            let reason = closing.reason;
            self.finish(reason);
        }
    }

    /// Handles a reply of the dialect that is final: done, or never to be done.
    fn on_decoded(&mut self, flight: Flight, mut reply: Reply) {
        self.pace.on_success();
        self.pace.on_heard(self.now.moment);
        self.judge_connection();
        if let Outcome::Refused(error) = reply.outcome {
            self.on_refused(flight, error.as_ref());
            return;
        }
        if matches!(flight.job, Job::Start) {
            self.on_started(reply.keys);
            return;
        }
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.keys.renew(core::mem::take(&mut reply.keys));
        if JOINS && matches!(flight.job, Job::Join) {
            if KEEPS && self.settings.dialect.keeps_transcript() {
                // The server does not push the visitor's own join.
                chat.read = chat.read.max(ReadFrom::after(EventIndex(1)));
            }
            self.on_join_reply(reply.outcome);
            return;
        }
        if flight.reads() && self.settings.dialect.keeps_transcript() {
            self.on_position(flight.since, reply.next);
            return;
        }
        chat.accepts = reply.accepts.or(chat.accepts);
        if let Some(limits) = reply.limits.take() {
            self.state.limits = Some(limits);
        }
        // First the message, then the events: its echo may be among those of the same reply.
        self.on_done(&flight, reply.file.take());
        let goes_on = flight.reads() && self.move_position(&flight, &mut reply);
        if let (true, Some(chat)) = (flight.reads(), self.lifecycle.chat_mut()) {
            chat.refused = 0;
            chat.caught_up |= goes_on;
            self.pace.forget_outage();
            if reply.status == ChatStatus::Open {
                chat.reopen();
            }
            let closing = chat.closing();
            let closing = closing.filter(|closing| goes_on && flight.since >= closing.since);
            let over = closing.map(|closing| closing.reason);
            self.take_events(reply.events);
            if goes_on {
                self.follow_events();
                self.forget_unconfirmed();
            }
            if let Some(reason) = over {
                // These were the last words.
                self.finish(reason);
                return;
            }
        }
        self.correct_countdown(reply.idle_expires);
        if flight.reads() {
            self.pace.on_refreshed(self.now.moment);
        }
        if goes_on {
            self.on_transcript_read(flight.since);
        } else if self.is_rereading() {
            self.pace.hurry(self.now.moment);
        }
    }

    /// Takes note that a transcript asked for at `asked` has been read to its end.
    pub(super) fn on_transcript_read(&mut self, asked: Moment) {
        let window = self.settings.pace.resend_window;
        self.outbox.transcript_read(asked, self.now.moment, window);
        if FILES {
            self.uploads.transcript_read(asked);
        }
    }

    /// Corrects the countdown of an idle warning, if there is one: other timers do not close the chat.
    pub(super) fn correct_countdown(&mut self, expires: Option<Duration>) {
        let countdown = self
            .state
            .idle
            .as_mut()
            .and_then(|idle| idle.closes_at.as_mut());
        if let (Some(expires), Some(closes_at)) = (expires, countdown) {
            *closes_at = self.now.moment + expires;
        }
    }

    pub(super) fn on_done(&mut self, flight: &Flight, file: Option<crate::model::FileId>) {
        match &flight.job {
            Job::Send(entry) => self.on_message_taken(*entry),
            Job::Errand(errand) => self.on_errand_done(&errand.kind),
            Job::Upload(entry) if FILES => self.on_upload_done(*entry, file),
            Job::End => self.finish(EndReason::ByVisitor),
            Job::Start
            | Job::Join
            | Job::Refresh
            | Job::Status
            | Job::Poll
            | Job::Download(_)
            | Job::Upload(_) => {}
        }
    }

    /// Assumes that a server that does not tell its status accepts everything.
    fn assume_all_accepted(&mut self) {
        if let Some(chat) = self.lifecycle.chat_mut() {
            chat.accepts.get_or_insert(Accepts::ALL);
        }
    }

    /// Takes note that the server has a message; its event may have come already.
    fn on_message_taken(&mut self, entry: EntryId) {
        let at = self.now.moment;
        // A refusal may have been pushed before.
        let flying = |stage: &SendState| matches!(stage, SendState::InFlight { .. });
        if let Some(outgoing) = self.outbox.find_mut(entry)
            && flying(&outgoing.state)
        {
            outgoing.state = SendState::Taken { at, overdue: false };
            self.set_message_state(entry, MessageState::Sent);
        }
    }

    fn on_errand_done(&mut self, kind: &ErrandKind) {
        match kind {
            ErrandKind::Delete(entry, _) => self.on_file_deleted(*entry),
            ErrandKind::Rename(name) => self.state.nickname = Some(name.clone()),
            _ => {}
        }
    }

    /// Handles a refusal: the server will never do it.
    pub(super) fn on_refused(&mut self, flight: Flight, error: Option<&ServerError>) {
        let refusal = refusal(error);
        match flight.job {
            Job::Start => self.on_start_failed(refusal),
            Job::Join if JOINS && self.awaits_agent() => {
                self.on_join_error(RequestError::Status(0));
            }
            Job::Join if JOINS => self.on_join_refused(refusal),
            Job::Status => self.assume_all_accepted(),
            Job::Join | Job::Poll => {}
            Job::Refresh if self.is_closing() => self.close_without_last_words(),
            Job::Refresh => {
                // A preview that is too long does not count; any other refusal does, a few times in a row.
                let preview = refusal.reason == RefusalReason::MessageTooLong
                    && self.own_typing.previewed_at(flight.since);
                if preview {
                    self.own_typing.on_too_long(self.now.moment);
                }
                let Some(chat) = self.lifecycle.chat_mut() else {
                    return;
                };
                chat.refused = if preview { 0 } else { chat.refused + 1 };
                if chat.refused >= REFUSALS_UNTIL_GONE {
                    // Some servers refuse the transcript once the agent has gone.
                    let left_alone = self.settings.dialect.joins()
                        && chat.caught_up
                        && self.state.agents == Agents::Gone;
                    self.finish(if left_alone {
                        EndReason::ByServer
                    } else {
                        EndReason::Gone
                    });
                } else {
                    if chat.refused + 1 == REFUSALS_UNTIL_GONE {
                        self.doubt_position();
                    }
                    self.pace.refresh_again(self.now.moment);
                }
            }
            Job::Send(entry) => {
                self.fail_message(entry, refusal);
                // A refresh tells whether the chat goes on.
                self.pace.hurry(self.now.moment);
            }
            Job::Errand(errand) => self.give_up_errand(&errand, refusal),
            Job::Upload(entry) => self.on_upload_failed(entry, refusal),
            Job::End => self.finish(EndReason::ByVisitor),
            Job::Download(_) => {}
        }
    }

    /// Handles a request that was not done: the server could not be reached, was busy, or gave no usable reply.
    pub(super) fn on_error(
        &mut self,
        flight: Flight,
        error: RequestError,
        retry_after: Option<Duration>,
    ) {
        // What is turned away waits alone, and what is refused is over: other requests may get through.
        let stands_alone =
            |job: &Job| matches!(job, Job::Send(_) | Job::Errand(_) | Job::Upload(_));
        if matches!(error, RequestError::Unknown(_)) || !stands_alone(&flight.job) {
            self.note_failure(&flight.job, retry_after);
        }
        let patience = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
        if matches!(error, RequestError::Unknown(_)) {
            self.pace.doubt();
        }
        match flight.job {
            Job::Start => self.on_start_error(error),
            Job::Join if JOINS => self.on_join_error(error),
            Job::Status if matches!(error, RequestError::Status(_)) => self.assume_all_accepted(),
            Job::Join | Job::Status | Job::Poll => {}
            Job::Refresh => {
                // Where the transcript is not to be had either, what was turned away waits longer, and fails in the end.
                while error == RequestError::NotNow
                    && let Some(entry) = self.outbox.turned_away_before(flight.since)
                {
                    self.on_turned_away(entry, patience);
                }
                if matches!(error, RequestError::Status(_)) && self.pace.failures() > 1 {
                    self.doubt_position();
                }
                self.close_without_last_words();
            }
            Job::Send(entry) => self.on_send_error(entry, flight.since, error, patience),
            Job::Errand(errand) => self.on_errand_error(errand, error, patience),
            Job::Upload(entry) if FILES => self.on_upload_error(entry, error),
            Job::Upload(_) => {}
            Job::End => self.on_end_failed(),
            Job::Download(entry) => self.on_download_failed(entry),
        }
        self.judge_connection();
    }

    /// Begins a wait after a failure. Only what asks for news or for a chat waits as long as the server asked for in
    /// answer to that.
    pub(super) fn note_failure(&mut self, job: &Job, retry_after: Option<Duration>) {
        let now = self.now.moment;
        let goes_on = self.lifecycle.chat().is_some();
        let patience = match job {
            job if goes_on && job.is_sign_of_life() => {
                retry_after.map(|patience| self.pace.believed(patience, now))
            }
            // The chat is over for the visitor: nothing is lost by waiting.
            Job::End => retry_after,
            job => retry_after.filter(|_| job.asks()),
        };
        self.pace.on_failure(now, patience);
    }

    fn on_send_error(
        &mut self,
        entry: EntryId,
        since: Moment,
        error: RequestError,
        patience: Duration,
    ) {
        let now = self.now.moment;
        match error {
            RequestError::Status(413) => {
                self.fail_message(entry, Refusal::of(RefusalReason::MessageTooLong));
            }
            RequestError::Status(_) => self.fail_message(entry, error.refusal()),
            RequestError::NotNow => self.on_turned_away(entry, patience),
            RequestError::Unknown(_) => {
                let Some(outgoing) = self.outbox.find_mut(entry) else {
                    return;
                };
                outgoing.state = SendState::Unsettled {
                    tells_from: since + self.settings.pace.resend_window,
                    left: Left::Surely,
                };
                outgoing.not_before = now + patience;
                // Most often it did arrive: read the transcript soon.
                self.pace.hurry(self.now.moment);
            }
        }
    }

    /// Handles a message that the server turned away for now: it is kept back for a while, ever
    /// longer, until a patient visitor would want to know.
    fn on_turned_away(&mut self, entry: EntryId, patience: Duration) {
        let now = self.now.moment;
        let Some(outgoing) = self.outbox.find_mut(entry) else {
            return;
        };
        let wait = self.pace.back_off(outgoing.turned_away);
        outgoing.turned_away += 1;
        if outgoing.turned_away >= SEND_TRIES {
            self.fail_message(entry, RequestError::NotNow.refusal());
            return;
        }
        outgoing.not_before = now + wait.max(patience);
        // What is published has its echo pushed, and where that may be lost the transcript is read first anyway.
        outgoing.state = if self.settings.dialect.publishes() {
            SendState::Queued
        } else {
            SendState::turned_away(outgoing.not_before)
        };
        // It may have been shown as sent.
        self.set_message_state(entry, MessageState::Sending);
    }

    /// Fails the messages that the server asked to keep back for longer than a visitor has patience, with those
    /// that wait behind them. Whatever is said or tried again later is tried.
    pub(super) fn fail_what_waits_too_long(&mut self) {
        let soon = self.now.moment + SEND_PATIENCE;
        let late = |outgoing: &Outgoing| outgoing.is_held_back() && outgoing.not_before > soon;
        if !self.outbox.iter().any(late) {
            return;
        }
        let held = self
            .outbox
            .iter()
            .filter(|outgoing| outgoing.is_held_back());
        let held: Vec<EntryId> = held.map(|outgoing| outgoing.entry).collect();
        for entry in held {
            self.fail_message(entry, RequestError::NotNow.refusal());
        }
    }

    fn fail_message(&mut self, entry: EntryId, refusal: Refusal) {
        if let Some(outgoing) = self.outbox.find_mut(entry) {
            outgoing.state = SendState::Failed;
            self.timeline.fail(entry, self.last_event(), |item| {
                if let Item::Message { state, .. } = item {
                    *state = MessageState::Failed(refusal);
                }
            });
        }
    }

    fn on_errand_error(&mut self, mut errand: Errand, error: RequestError, patience: Duration) {
        let wait = match error {
            RequestError::NotNow => self.pace.back_off(errand.failures),
            // All requests wait after such a failure.
            _ => Duration::ZERO,
        };
        self.errands_at = self.now.moment + wait.max(patience);
        errand.failures += 1;
        let repeatable = errand.kind.repeatable() || error == RequestError::NotNow;
        let stale = matches!(
            errand.kind,
            ErrandKind::StartTyping(_) | ErrandKind::StopTyping
        );
        let renames = |errand: &Errand| matches!(errand.kind, ErrandKind::Rename(_));
        // The visitor has chosen another name meanwhile.
        let superseded = renames(&errand) && self.errands.iter().any(renames);
        if stale || superseded {
            return;
        }
        let too_long = errand.kind.matters_to_visitor() && patience > SEND_PATIENCE;
        if repeatable
            && errand.failures < ERRAND_TRIES
            && !too_long
            && !matches!(error, RequestError::Status(_))
        {
            self.errands.push_front(errand);
        } else {
            self.give_up_errand(&errand, error.refusal());
        }
    }

    fn give_up_errand(&mut self, errand: &Errand, refusal: Refusal) {
        if errand.kind.matters_to_visitor() {
            self.state.refusal = Some(refusal);
        }
    }
}
