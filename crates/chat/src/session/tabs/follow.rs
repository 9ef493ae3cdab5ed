//! What a tab that follows makes of the leader's news.

use super::{Echo, Session, TRIED_ELSEWHERE};
use crate::dialect::json::{self, Object, Value};
use crate::dialect::{Accepts, Event, FILES};
use crate::io::Visibility;
use crate::model::{EndReason, EventIndex, FileLimits, ReadFrom};
use crate::records::{self, OutboxRecord, Stored as _};
use crate::session::lifecycle::{Lifecycle, Starting};
use crate::state::{Connection, IdleWarning};
use crate::timeline::EntryId;

impl Session {
    /// Handles news of a tab that leads.
    pub(super) fn on_news(&mut self, from: String, news: &Object) {
        let number = json::count(news, "news").unwrap_or_default();
        let whole = json::truth(news, "whole") == Some(true);
        let next = self.tabs.leader == from && number == self.tabs.number.wrapping_add(1);
        self.tabs.unanswered = 0;
        if !(whole || next) {
            self.tabs.leader.clear();
            self.ask_leader();
            return;
        }
        self.tabs.leader = from;
        self.tabs.number = number;
        let status = json::object(news, "status").unwrap_or_default();
        let phase = json::text(&status, "phase").unwrap_or_default();
        let theirs = json::count(&status, "chat");
        let mine = self.chat_name();
        self.tabs.is_ending = phase == "ending";
        let same = mine == theirs;
        match (mine, &*phase) {
            (Some(_), "ended") if same => {
                // What was not sent stays to be read.
                self.take_told_events(news);
                let reason = match records::end(&status) {
                    Some(EndReason::ByVisitor) | None => EndReason::Elsewhere,
                    Some(reason) => reason,
                };
                self.finish_for(reason);
            }
            (Some(_), "open" | "ending") if same => {
                self.apply_news(news, &status, whole);
                self.lead_if_looked_at(&status);
            }
            // It was over here already.
            (None, "open" | "ending") if self.tabs.chat == theirs => {}
            // The visitor is in another chat by now, or in one here where there was none.
            (_, "open" | "ending") => self.read_anew(),
            // The leader does not know of this chat: the server does.
            (Some(_), "idle" | "ended") => self.want_lead(),
            (None, "starting") => self.show_starting(),
            (None, "idle") if self.starts_elsewhere() => self.lifecycle = Lifecycle::Idle,
            _ => {}
        }
    }

    /// Takes the lead if the visitor looks at this tab, and not at the one that leads: browsers slow hidden pages
    /// down. News that are pushed come to hidden ones as well.
    fn lead_if_looked_at(&mut self, status: &Object) {
        let is = |what| json::truth(status, what) == Some(true);
        let looked_at = self.pace.visibility() == Visibility::Visible && is("hidden");
        let busy = is("busy") || self.tabs.is_ending || self.lifecycle.is_ending();
        // Only a tab that leads reads the transcript, which tells whether a file of this one got in.
        let must_read = FILES && self.uploads.awaits_transcript();
        if (looked_at && !self.is_pushed() || must_read) && !busy {
            self.want_lead();
        }
    }

    /// Shows that another tab has asked for a chat.
    fn show_starting(&mut self) {
        if matches!(self.lifecycle, Lifecycle::Idle | Lifecycle::Refused(_)) {
            self.lifecycle = Lifecycle::Starting(Starting {
                answers: crate::io::FormAnswers::default(),
                tries: TRIED_ELSEWHERE,
            });
        }
    }

    fn apply_news(&mut self, news: &Object, status: &Object, whole: bool) {
        self.take_told_events(news);
        let records = json::list(news, "records");
        for record in records {
            if let Some(name) = name_in(record) {
                self.take_told_record(name, record);
            }
        }
        self.take_status(status);
        if self.lifecycle.chat().is_some_and(|chat| chat.caught_up) {
            self.forget_unconfirmed();
        }
        if whole {
            self.settle_with(records);
        }
        self.look();
    }

    fn take_told_events(&mut self, news: &Object) {
        let events = json::list(news, "events");
        let gone = json::list(news, "gone");
        let gone = gone.iter().filter_map(Value::as_u64).map(EventIndex);
        let gone: Vec<EventIndex> = gone.filter(|index| self.is_gone(*index, events)).collect();
        self.let_go(&gone);
        for value in events {
            if let Some(event) = Event::read(value) {
                let echo = value.get("echo").and_then(Value::as_str);
                self.take_new(event, Echo::Told(echo.map(Into::into)));
            }
        }
        self.timeline.remove_doubted();
    }

    /// Tells whether an event is known by this number that the leader does not tell now.
    fn is_gone(&self, index: EventIndex, told: &[Value]) -> bool {
        let mut known = self.tabs.log.iter().map(|told| &told.event);
        let mut told = told.iter().filter_map(Event::read);
        known
            .find(|event| event.index == index)
            .is_some_and(|known| {
                let told = told.find(|event| event.index == index);
                // Not all that is known of an event is told.
                told != Event::read(&known.write())
            })
    }

    fn take_told_record(&mut self, name: &str, record: &Value) {
        match record.get(1).and_then(Value::as_str) {
            Some(value) => {
                let scope = self.settings.scope();
                let record = records::read::<OutboxRecord>(&scope, value);
                if let Some(record) = record.filter(|record| record.file.is_none()) {
                    self.apply_record(name.into(), record);
                }
            }
            // Its echo is known already, or the visitor has taken it off.
            None => {
                self.note_settled(name);
                self.take_off_told(self.outbox.entry_of(name));
            }
        }
    }

    pub(super) fn take_off_told(&mut self, entry: Option<EntryId>) {
        if let Some(entry) = entry {
            self.outbox.remove(entry);
            self.timeline.remove(entry);
        }
    }

    /// Hands over what the leader does not have: it knows, or finds out, what became of it.
    fn settle_with(&mut self, records: &[Value]) {
        let outbox = self.outbox.iter();
        let unknown = outbox.filter(|outgoing| {
            let mut names = records.iter().filter_map(name_in);
            !names.any(|name| name == outgoing.name)
        });
        for entry in unknown.map(|outgoing| outgoing.entry).collect::<Vec<_>>() {
            self.hand(entry, false);
        }
    }

    fn take_status(&mut self, status: &Object) {
        self.state.connection = match json::count(status, "connection") {
            Some(1) => Connection::Reconnecting,
            Some(2) => Connection::Offline,
            _ => Connection::Up,
        };
        if json::truth(status, "doubtful") == Some(false) {
            self.pace.trust();
        }
        self.state.limits = status.get("limits").and_then(FileLimits::read);
        match json::truth(status, "idle") {
            Some(true) => {
                let warned = IdleWarning { closes_at: None };
                self.state.idle.get_or_insert(warned);
            }
            _ => self.state.idle = None,
        }
        let is_counted = self.counts_events();
        if let Some(chat) = self.lifecycle.chat_mut() {
            if let Some(read) = json::count(status, "read").map(ReadFrom) {
                // The leader goes back, too, where the server denies the position. Events without numbers must
                // go on from the last that is known here.
                chat.read = if is_counted {
                    chat.read.max(read)
                } else {
                    read
                };
            }
            chat.caught_up = json::truth(status, "caughtUp") == Some(true);
            let messages = json::truth(status, "messages");
            chat.accepts = messages.map(|messages| Accepts {
                messages,
                typing: messages,
            });
            if chat.caught_up {
                let end = ReadFrom::after(chat.last_known());
                self.end_at(end, end);
            }
        }
        self.on_seen(EventIndex(json::count(status, "seen").unwrap_or_default()));
    }
}

fn name_in(record: &Value) -> Option<&str> {
    record.get(0)?.as_str()
}
