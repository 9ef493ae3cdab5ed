//! Timers of chats: dropping silent visitors, closing idle chats.
//!
//! Each live chat is in an agenda, at a time that is never later than its deadline. A sign of life only makes the deadline
//! later, so it leaves the agenda alone: at the time in the agenda the chat is put in again at its deadline by then.

use std::time::Duration;

use super::options::millis;
use super::{Chat, ChatId, EndReason, EventKind, ParticipantId, World};

/// A moment that is always past.
const AT_ONCE: i64 = i64::MIN;

impl World {
    /// Does what is due at a time: drops silent visitors, closes idle chats.
    pub fn tick(&mut self, now_ms: i64) {
        while let Some(&(at_ms, _)) = self.agenda.first()
            && at_ms <= now_ms
            && let Some((_, id)) = self.agenda.pop_first()
        {
            self.act_on_deadlines(&id, now_ms);
        }
    }

    /// Returns when [`tick`](Self::tick) has something to do next (Unix ms), if nothing happens until then.
    pub fn next_deadline_ms(&self) -> Option<i64> {
        self.agenda.first().map(|(at_ms, _)| *at_ms)
    }

    /// Puts a chat into the agenda at its deadline. To be called whenever that may have come closer.
    pub(super) fn schedule(&mut self, id: &ChatId) {
        let drop_after = self.options().drop_after;
        let Some(chat) = self.chat_mut(id) else {
            return;
        };
        let after = chat.deadline_ms(drop_after);
        let before = std::mem::replace(&mut chat.scheduled_ms, after);
        if before == after {
            return;
        }
        if let Some(at_ms) = before {
            self.agenda.remove(&(at_ms, id.clone()));
        }
        if let Some(at_ms) = after {
            self.agenda.insert((at_ms, id.clone()));
        }
    }

    /// Has the next tick look at every chat: the options that deadlines follow from may have changed.
    pub(super) fn reschedule_all(&mut self) {
        let live: Vec<ChatId> = self.live_chats().map(|chat| chat.id().clone()).collect();
        self.agenda.clear();
        for id in live {
            if let Some(chat) = self.chat_mut(&id) {
                chat.scheduled_ms = Some(AT_ONCE);
                self.agenda.insert((AT_ONCE, id));
            }
        }
    }

    /// Does what is due in a chat that has just been taken out of the agenda.
    fn act_on_deadlines(&mut self, id: &ChatId, now_ms: i64) {
        let drop_after = self.options().drop_after;
        let Some(chat) = self.chat_mut(id) else {
            return;
        };
        chat.scheduled_ms = None;
        chat.seen_ms.get_or_insert(now_ms);
        let has_come = |at_ms: Option<i64>| at_ms.is_some_and(|at_ms| at_ms <= now_ms);
        if has_come(chat.idle_deadline_ms()) {
            let who = ParticipantId::SERVER;
            self.record_event(id, who, EventKind::IdleClose, None, now_ms);
            self.finish(id, EndReason::Idle, now_ms);
        } else if has_come(chat.deadline_ms(drop_after)) {
            self.finish(id, EndReason::Dropped, now_ms);
        } else {
            self.schedule(id);
        }
    }
}

impl Chat {
    /// Returns when the chat has to be looked at, for idleness or for its visitor's silence. It is at once where the
    /// last sign of life is unknown.
    fn deadline_ms(&self, drop_after: Duration) -> Option<i64> {
        if self.end().is_some() {
            return None;
        }
        let drops = !drop_after.is_zero() && !self.is_asynchronous();
        let dropped = drops.then(|| match self.seen_ms {
            Some(seen) => self
                .waits_until_ms
                .map_or(seen, |until| seen.max(until))
                .saturating_add(millis(drop_after)),
            None => AT_ONCE,
        });
        [self.idle_deadline_ms(), dropped]
            .into_iter()
            .flatten()
            .min()
    }
}
