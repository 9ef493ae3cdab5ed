//! Where the transcript is read from next. What the server says of it counts until its later replies deny it; then
//! the transcript is read from its start, and what is known of it is compared.

use super::Session;
use super::flights::Flight;
use super::lifecycle::Chat;
use crate::dialect::{JOINS, Reply};
use crate::model::{EventIndex, ReadFrom};

impl Chat {
    /// Reads the transcript from its start.
    pub(super) fn reread(&mut self) {
        self.read = ReadFrom::START;
        self.denials.is_rereading = true;
    }

    /// Moves the position past the events that are known. One that leaps ahead may have a wrong number: until another
    /// follows it, what comes before it is asked for, too.
    pub(super) fn follow(&mut self) {
        let passed = self.known.partition_point(|index| index.0 < self.read.0);
        let mut ahead = self.known.iter().skip(passed).peekable();
        while let Some(index) = ahead.next() {
            if index.0 == self.read.0 || ahead.peek().is_some() {
                self.read = ReadFrom::after(*index);
            }
        }
        self.is_read_sure &= self.read.0 <= self.last_known().0;
    }

    /// Tells whether a reply denies that there is anything at the position that was asked for, or at the last event
    /// known. A server that names the last event instead of the position after it denies nothing; nor does an answer
    /// that is older than what is known.
    pub(super) fn is_denied_by(&self, flight: &Flight, reply: &Reply) -> bool {
        let last = self.last_known();
        let is_new = flight.since >= self.known_at && flight.from > ReadFrom::START;
        end_of(reply).is_some_and(|end| {
            let is_passed = end < flight.from && !goes_on(flight, reply);
            is_new && end.0 != last.0 && (is_passed || end.0 < last.0)
        })
    }
}

impl Session {
    /// Moves the position by a reply to somebody who asked for the transcript. Tells whether the reply says how the
    /// transcript goes on; where it denies that there is anything at the position, it does not.
    pub(super) fn move_position(&mut self, flight: &Flight, reply: &mut Reply) -> bool {
        let is_counted = self.counts_events();
        let Some(chat) = self.lifecycle.chat_mut() else {
            return true;
        };
        let from_start = flight.from == ReadFrom::START;
        if chat.denials.is_rereading && !from_start {
            // It was asked for before.
            return false;
        }
        let is_denied = chat.is_denied_by(flight, reply);
        chat.denials.in_a_row = if is_denied {
            chat.denials.in_a_row + 1
        } else {
            0
        };
        if chat.denials.use_up() {
            chat.reread();
            chat.caught_up = false;
        }
        if is_denied && (chat.denials.is_rereading || reply.next < Some(flight.from)) {
            if is_counted {
                // Nobody knows which ones these are.
                reply.events.clear();
            }
            return false;
        }
        let next = if is_counted {
            // They have no numbers. The visitor's own join does not count.
            let first = flight.from.max(ReadFrom::after(EventIndex(1)));
            let events = u64::try_from(reply.events.len()).unwrap_or_default();
            reply
                .next
                .max(Some(ReadFrom(first.0.saturating_add(events))))
        } else {
            reply.next
        };
        chat.read = chat.read.max(next.unwrap_or(flight.from));
        chat.is_read_sure = !is_counted && next.is_some();
        if chat.denials.is_rereading || reply.next.is_none() {
            self.disown(flight, reply);
        }
        self.stay_before_end(flight, reply);
        if let Some(chat) = self.lifecycle.chat_mut() {
            chat.denials.is_rereading = false;
        }
        true
    }

    /// Reads the transcript from its start next, where it can be: the position may be what a server refuses.
    pub(super) fn doubt_position(&mut self) {
        let keeps = self.settings.dialect.keeps_transcript();
        if let Some(chat) = self.lifecycle.chat_mut().filter(|_| !keeps) {
            chat.reread();
        }
    }

    /// Moves the position past what was read, where events have numbers.
    pub(super) fn follow_events(&mut self) {
        let is_counted = self.counts_events();
        if let Some(chat) = self.lifecycle.chat_mut().filter(|_| !is_counted) {
            chat.follow();
        }
    }

    /// Lets go of events that the server does not list any more.
    pub(super) fn disown(&mut self, flight: &Flight, reply: &Reply) {
        let is_counted = self.counts_events();
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        if is_counted || flight.since < chat.known_at || !goes_on(flight, reply) {
            return;
        }
        let first = end_of(reply).unwrap_or(flight.from);
        let is_listed = |index| reply.events.iter().any(|event| event.index == index);
        let is_denied = |index: &EventIndex| index.0 >= first.0 && !is_listed(*index);
        let denied = chat.known.iter().copied().filter(is_denied);
        let denied: Vec<EventIndex> = denied.collect();
        self.let_go(&denied);
    }

    /// Lets go of these events: the server has none of them, or others under their numbers.
    pub(super) fn let_go(&mut self, denied: &[EventIndex]) {
        let Some(chat) = self.lifecycle.chat_mut().filter(|_| !denied.is_empty()) else {
            return;
        };
        chat.known.retain(|index| !denied.contains(index));
        let last = ReadFrom::after(chat.last_known());
        self.outbox.bring_forward(last, last);
        self.timeline.doubt(|index| denied.contains(index));
        self.note_gone_for_tabs(denied);
    }

    /// Corrects what was noted when the transcript seemed to go further than it does.
    fn stay_before_end(&mut self, flight: &Flight, reply: &Reply) {
        let is_new = |chat: &&mut Chat| flight.since >= chat.known_at;
        let Some(chat) = self.lifecycle.chat_mut().filter(is_new) else {
            return;
        };
        let is_whole = flight.from == ReadFrom::START;
        let last = reply
            .events
            .last()
            .filter(|_| is_whole && reply.next.is_none());
        let end = end_of(reply).or(last.map(|last| ReadFrom::after(last.index)));
        // Where events come, more may follow them.
        let is_end = chat.denials.is_rereading || last.is_some() || !goes_on(flight, reply);
        let Some(end) = end.filter(|_| is_end) else {
            return;
        };
        let known = chat.known.iter().rev().find(|index| index.0 < end.0);
        let last = known.map_or(end, |last| ReadFrom::after(*last));
        self.end_at(end, last);
    }

    /// Corrects what was noted behind `end`, the transcript's end, where `last` is the position after its last event.
    pub(super) fn end_at(&mut self, end: ReadFrom, last: ReadFrom) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.old_before = chat.old_before.min(end);
        let places = [
            &mut chat.seen,
            &mut chat.newest_from_others,
            &mut chat.receipted,
            &mut self.tabs.seen,
        ];
        for place in places {
            place.0 = place.0.min(end.0 - 1);
        }
        self.outbox.bring_forward(end, last);
    }

    /// Tells whether the transcript is being read from its start because it was denied.
    pub(super) fn is_rereading(&self) -> bool {
        let chat = self.lifecycle.chat();
        chat.is_some_and(|chat| chat.denials.is_rereading)
    }

    /// Tells whether the events have no numbers and are counted.
    pub(super) fn counts_events(&self) -> bool {
        JOINS && self.settings.dialect.joins()
    }
}

/// Returns where the transcript ends by a reply. A position right after the visitor's own join is what servers say
/// that do not know better.
fn end_of(reply: &Reply) -> Option<ReadFrom> {
    let known_better = |end: &ReadFrom| *end > ReadFrom::after(EventIndex(1));
    reply.next.filter(known_better)
}

/// Tells whether a reply has events that were asked for.
fn goes_on(flight: &Flight, reply: &Reply) -> bool {
    let last = reply.events.last();
    last.is_some_and(|last| last.index.0 >= flight.from.0)
}
