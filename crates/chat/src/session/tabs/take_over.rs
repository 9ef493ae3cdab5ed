//! How a tab comes to know what the others have stored: when it comes to lead, wakes up, or hears of another chat.

use super::role::name_of;
use super::{Reading, Session};
use crate::dialect::KEEPS;
use crate::io::{Command, Network, Record};
use crate::model::{EventIndex, ReadFrom, Refusal, RefusalReason, TabRole};
use crate::outbox::{Left, Outgoing, SendState};
use crate::records::{OutboxRecord, SessionRecord};
use crate::session::flights::Job;
use crate::session::lifecycle::Lifecycle;
use crate::session::restore::Kept;
use crate::timeline::{EntryId, Item, MessageState};

impl Session {
    /// Takes in what the storage has, as other tabs may have left it.
    pub(super) fn compare_records(&mut self, records: Vec<Record>) {
        if self.tabs.reading != Reading::Asked {
            return;
        }
        self.tabs.reading = Reading::Done;
        let takes_over = core::mem::take(&mut self.tabs.takes_over);
        let mut kept = self.read_records(records, false);
        let theirs = kept.chat.as_ref().map(|chat| name_of(&chat.keys));
        let mine = self.chat_name();
        if mine.is_some() && mine == theirs {
            self.compare(kept, takes_over);
        } else if theirs.is_some() && theirs == self.tabs.chat {
            // It is over here already: a tab that slept has stored it again.
        } else if let Some(chat) = kept.chat.take() {
            self.adopt(chat, kept);
            self.tabs.draft = self.draft.as_str().into();
            if self.role == TabRole::Follows {
                self.ask_leader();
            }
        } else if takes_over && mine.is_some() {
            self.take_over(None);
        } else if takes_over && self.starts_elsewhere() {
            // Whether the tab that asked for a chat got one, nobody knows.
            self.lifecycle = Lifecycle::Refused(Refusal::of(RefusalReason::BadReply));
        }
        if self.role == TabRole::Follows {
            return;
        }
        for (name, value) in core::mem::take(&mut self.tabs.handed) {
            self.take_handed(name, &value, false);
        }
        self.do_what_was_postponed();
        if takes_over && core::mem::take(&mut self.tabs.is_ending) {
            self.on_command(Command::End);
        }
        if takes_over || !self.tabs.is_followed {
            self.greet();
        }
    }

    /// Compares what is known of the chat with the records.
    fn compare(&mut self, kept: Kept, takes_over: bool) {
        if let Some(chat) = &kept.chat {
            self.tabs.has_senders |= chat.has_senders;
            for name in &chat.settled {
                self.note_settled(name);
            }
        }
        let mut missing: Vec<EntryId> = self.outbox.iter().map(|out| out.entry).collect();
        for (name, record) in kept.outbox {
            let known = self.outbox.entry_of(&name);
            missing.retain(|entry| Some(*entry) != known);
            if record.file.is_none() {
                self.apply_record(name, record);
            } else if !self.is_of_this_tab(&name) {
                // The tab that has the contents erases it.
                self.stored.retain(|(stored, _)| *stored != name);
            }
        }
        // Another tab has seen their echo and erased them, or they could not be stored.
        let tells_from = self.now.moment;
        for entry in missing {
            if self.take_off_settled(entry) || self.is_flying(entry) {
                continue;
            }
            let left = Left::Perhaps;
            if let Some(outgoing) = self.outbox.find_mut(entry)
                && outgoing.state != SendState::Failed
            {
                outgoing.state = SendState::Unsettled { tells_from, left };
            }
        }
        if takes_over {
            self.take_over(kept.chat);
            self.take_events(kept.transcript.into_events());
        }
    }

    /// Takes a chat up where the tab that led before left off.
    fn take_over(&mut self, record: Option<SessionRecord>) {
        let now = self.now.moment;
        let window = self.settings.pace.resend_window;
        let keeps = KEEPS && self.settings.dialect.keeps_transcript();
        let is_pushed = self.is_pushed();
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        if is_pushed && !keeps {
            // What was pushed to the tab before may have gaps that only that one knew of.
            chat.read = ReadFrom::START;
        }
        chat.caught_up = false;
        chat.refused = 0;
        // A position that the tab before went back to is compared from there.
        let rereads = chat.read == ReadFrom::START && !chat.known.is_empty();
        chat.denials.begin_anew(rereads);
        if let Some(record) = record {
            chat.keys = record.keys;
            chat.first_seen = record.first_seen;
            chat.old_before = chat.old_before.max(ReadFrom(record.read));
            chat.seen = chat.seen.max(EventIndex(record.seen));
            if keeps {
                chat.read = chat.read.max(chat.old_before);
            }
            if record.joining.is_none() {
                chat.finish_joining();
            }
            self.outbox.haunt(record.ghosts, now, window);
        }
        self.pace.on_success();
        if self.network == Network::Offline {
            self.pace.doubt();
        }
        self.pace.active(now);
        self.pace.hurry(now);
        self.ask_for_limits();
    }

    /// Applies the record of a message that another tab has written.
    pub(super) fn apply_record(&mut self, name: String, record: OutboxRecord) {
        if self.is_settled(&name) {
            return;
        }
        self.next_order = self.next_order.max(record.order.saturating_add(1));
        let Some(entry) = self.outbox.entry_of(&name) else {
            self.take_record(name, record);
            return;
        };
        if self.is_flying(entry) {
            return;
        }
        let (state, shown) = self.state_of(record.stage, record.refusal);
        let last = record.failed_after.filter(|_| state == SendState::Failed);
        if let Some(outgoing) = self.outbox.remove(entry) {
            self.outbox.push(Outgoing {
                state,
                order: record.order,
                from: outgoing.from.max(ReadFrom(record.from)),
                ..outgoing
            });
        }
        match last {
            Some(last) => self.timeline.fail(entry, last, |item| show(item, shown)),
            None => self.timeline.update(entry, |item| show(item, shown)),
        }
    }

    /// Takes a message off that is settled, if it is.
    fn take_off_settled(&mut self, entry: EntryId) -> bool {
        let outgoing = self.outbox.find(entry);
        let settled = outgoing.is_some_and(|outgoing| self.is_settled(&outgoing.name));
        if settled {
            self.take_off_told(Some(entry));
        }
        settled
    }

    /// Tells whether this tab is sending a message.
    fn is_flying(&self, entry: EntryId) -> bool {
        self.flights
            .any(|job| matches!(job, Job::Send(flying) if *flying == entry))
    }
}

fn show(item: &mut Item, new: MessageState) {
    if let Item::Message { state, .. } = item {
        *state = new;
    }
}
