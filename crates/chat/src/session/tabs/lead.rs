//! What the tab that leads tells the others, and takes from them.

use super::{Session, Told};
use crate::dialect::json::{self, Object, Value};
use crate::io::Visibility;
use crate::model::{EventIndex, ReadFrom};
use crate::outbox::SendState;
use crate::records::{self, OUTBOX, OutboxRecord, Stored as _};
use crate::session::flights::Job;
use crate::session::lifecycle::Lifecycle;
use crate::state::Connection;

impl Session {
    /// Tells the other tabs what is new to them.
    pub(super) fn tell_all(&mut self) {
        self.hand_over();
        self.share_draft();
        self.tabs.chat = self.chat_name().or(self.tabs.chat);
        if self.is_heard() && !self.tabs.is_reading() {
            let tabs = &self.tabs;
            let news = !(tabs.gone.is_empty() && tabs.events.is_empty() && tabs.records.is_empty());
            if news || self.status() != self.tabs.status {
                self.tell_news(false);
            }
        }
    }

    /// Tells the news, or everything.
    pub(super) fn tell_news(&mut self, whole: bool) {
        let mut gone = core::mem::take(&mut self.tabs.gone);
        let mut events = core::mem::take(&mut self.tabs.events);
        let mut records = core::mem::take(&mut self.tabs.records);
        if whole {
            gone.clone_from(&self.tabs.denied);
            events.clone_from(&self.tabs.log);
            records = self
                .outbox
                .iter()
                .map(|outgoing| (outgoing.name.clone(), self.message_value(outgoing.entry)))
                .collect();
        }
        let status = self.status();
        self.tabs.status.clone_from(&status);
        self.tabs.number += 1;
        let mut news = self.message();
        json::put(&mut news, "news", self.tabs.number);
        json::put(&mut news, "whole", whole);
        let gone: Vec<u64> = gone.iter().map(|index| index.0).collect();
        json::put(&mut news, "gone", gone);
        let events = events.iter().map(event_value);
        json::put(&mut news, "events", events.collect::<Vec<_>>());
        let records = records.into_iter().map(record_value);
        json::put(&mut news, "records", records.collect::<Vec<_>>());
        json::put(&mut news, "status", status);
        self.tell(&news);
    }

    /// Writes how the chat stands.
    fn status(&self) -> String {
        let mut status = Object::new();
        let phase = match &self.lifecycle {
            Lifecycle::Idle | Lifecycle::Refused(_) => "idle",
            Lifecycle::Starting(_) => "starting",
            Lifecycle::Open(_) if self.lifecycle.is_ending() => "ending",
            Lifecycle::Open(_) => "open",
            Lifecycle::Ended(reason) => {
                records::put_end(&mut status, *reason);
                "ended"
            }
        };
        json::put(&mut status, "phase", phase);
        let over = matches!(self.lifecycle, Lifecycle::Ended(_));
        let chat = self.chat_name().or(self.tabs.chat.filter(|_| over));
        json::put_some(&mut status, "chat", chat);
        let connection = match self.state.connection {
            Connection::Up => 0,
            Connection::Reconnecting => 1,
            Connection::Offline => 2,
        };
        json::put(&mut status, "connection", connection);
        json::put(&mut status, "doubtful", self.pace.is_doubtful());
        json::put(&mut status, "idle", self.state.idle.is_some());
        let limits = self.state.limits.as_ref().map(records::Stored::write);
        json::put_some(&mut status, "limits", limits);
        let hidden = self.pace.visibility() == Visibility::Hidden;
        json::put(&mut status, "hidden", hidden);
        // What is under way is not to be cut off for a tab that wants to lead.
        let alone = |job: &Job| !matches!(job, Job::Refresh | Job::Status | Job::Poll);
        let busy = self.lifecycle.is_starting()
            || self.tabs.is_reading()
            || !(self.errands.is_empty() && self.tabs.postponed.is_empty());
        json::put(&mut status, "busy", busy || self.flights.any(alone));
        if let Some(chat) = self.lifecycle.chat() {
            json::put(&mut status, "read", chat.read.0);
            json::put(&mut status, "caughtUp", chat.caught_up);
            json::put(&mut status, "seen", chat.seen.0);
            json::put_some(
                &mut status,
                "messages",
                chat.accepts.map(|takes| takes.messages),
            );
        }
        json::write(&status)
    }

    /// Takes over a message that was said in another tab.
    pub(super) fn on_handed(&mut self, said: &Object, name: String) {
        let Some(value) = json::text(said, "value") else {
            return;
        };
        let mine = json::text(said, "to").is_some_and(|to| to == self.settings.tab);
        let new = json::truth(said, "new") == Some(true);
        if !mine {
            // Who said it will hear that this tab leads, and hand it over once more.
        } else if let Some(entry) = self.outbox.entry_of(&name) {
            let known = (name, self.message_value(entry));
            self.tabs.records.push(known);
        } else if new && !self.tabs.is_reading() {
            self.take_handed(name, &value, true);
        } else {
            // An earlier leader may have sent it: the records say.
            self.tabs.handed.push((name, value));
            if !self.tabs.is_reading() {
                self.read_anew();
            }
        }
    }

    pub(super) fn take_handed(&mut self, name: String, value: &str, is_new: bool) {
        let scope = self.settings.scope();
        let record = records::read::<OutboxRecord>(&scope, value);
        let record = record.filter(|record| record.file.is_none() && name.starts_with(OUTBOX));
        let known = self.outbox.entry_of(&name).is_some();
        if self.is_settled(&name) {
            self.tabs.records.push((name, None));
            return;
        }
        let (Some(record), false, true) = (record, known, self.lifecycle.is_chatting()) else {
            return;
        };
        let order = self.next_order.max(record.order);
        self.next_order = order.saturating_add(1);
        let from = record.from;
        self.take_record(name.clone(), OutboxRecord { order, ..record });
        self.pace.active(self.now.moment);
        self.pace.shorten_wait(self.now.moment);
        let entry = self.outbox.entry_of(&name).filter(|_| is_new);
        if let Some(outgoing) = entry.and_then(|entry| self.outbox.find_mut(entry)) {
            outgoing.from = ReadFrom(from.max(1));
            outgoing.state = SendState::Queued;
        }
    }

    /// Takes note that the visitor has seen the transcript up to an event, in another tab.
    pub(super) fn on_seen(&mut self, seen: EventIndex) {
        let receipts = self.settings.features.read_receipts;
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.seen = chat.seen.max(seen);
        if chat.seen >= chat.newest_from_others {
            self.state.unread = 0;
        }
        if receipts && seen > chat.receipted {
            chat.receipted = seen;
            self.run_errand(super::super::ErrandKind::Receipt(seen));
        }
    }
}

/// Writes an event, with the record of the message whose echo it is.
fn event_value(told: &Told) -> Value {
    let mut event = told.event.write();
    if let Some(event) = event.as_object_mut() {
        json::put_some(event, "echo", told.echo.as_deref());
    }
    event
}

fn record_value((name, value): (String, Option<String>)) -> Value {
    let mut record = vec![Value::from(name)];
    record.extend(value.map(Value::from));
    record.into()
}
