//! What survives a reload is written before anything else happens.

use super::Session;
use super::lifecycle::Lifecycle;
use super::uploads::UploadState;
use crate::dialect::{JOINS, KEEPS, TIMELESS};
use crate::io::{Keep, Output, Record};
use crate::model::{EndReason, TabRole};
use crate::outbox::{Left, SendState};
use crate::records::{
    self, DRAFT, ENDED, EndedRecord, FileRecord, LastKnownRecord, OUTBOX, OutboxRecord, SESSION,
    STARTING, SessionRecord, StoredSendState, TRANSCRIPT,
};
use crate::timeline::{EntryId, Item, MessageState};

/// The subject of a record.
#[derive(Clone, Copy)]
enum Subject {
    Ended(EndReason),
    Starting,
    Draft,
    Message(EntryId),
    File(EntryId),
    Transcript,
    LastKnown,
    Session,
}

impl Subject {
    fn is_message(self) -> bool {
        matches!(self, Self::Message(_))
    }
}

/// The things that may have changed since the last save. Only they are written anew: a chat that is over, or a
/// transcript that the server shows once, is long.
struct Changes {
    draft: bool,
    outbox: bool,
    timeline: bool,
    unread: bool,
    transcript: bool,
    recorded: bool,
}

impl Changes {
    fn touch(&self, subject: Subject) -> bool {
        match subject {
            Subject::Ended(_) => self.timeline || self.draft || self.unread,
            Subject::Starting => false,
            Subject::Draft => self.draft,
            Subject::Message(_) => self.outbox || self.timeline,
            Subject::File(_) => self.timeline,
            Subject::Transcript => self.transcript,
            Subject::LastKnown => self.recorded,
            // It is short, and nearly each reply moves the position in it.
            Subject::Session => true,
        }
    }
}

impl Session {
    /// Hands out a store for each record that changed; new values first, so that a crash in between
    /// leaves too much rather than too little.
    pub(super) fn save(&mut self) {
        if self.tabs.is_reading() {
            // The storage may know better.
            return;
        }
        let changes = self.take_unsaved();
        let mut before = core::mem::take(&mut self.stored);
        let mut stores: Vec<Record> = Vec::new();
        let follows = self.role == TabRole::Follows;
        for (name, subject) in self.subjects() {
            let place = before.iter().position(|(stored, _)| *stored == name);
            // `None` of a value that is stale in the storage, or was never there.
            let old = place.and_then(|place| before.remove(place).1);
            let value = match old {
                // What becomes of a message is for the leader to store.
                Some(old) if !changes.touch(subject) || follows && subject.is_message() => old,
                old => {
                    if follows && subject.is_message() && !self.is_of_this_tab(&name) {
                        continue;
                    }
                    let Some(value) = self.value(subject) else {
                        continue;
                    };
                    if old.as_ref() != Some(&value) {
                        stores.push(records::record(&name, Some(value.clone())));
                    }
                    value
                }
            };
            self.stored.push((name, Some(value)));
        }
        // The keys are erased first: without them the chat is over, and a crash in between does not bring it
        // back without its other records.
        for keys in [true, false] {
            let erased = before.iter();
            for (name, _) in erased.filter(|(name, _)| (*name == SESSION) == keys) {
                let record = records::record(name, None);
                let is_own =
                    matches!(&**name, DRAFT | ENDED | STARTING) || self.is_of_this_tab(name);
                if !follows || is_own {
                    stores.push(record);
                } else if name.starts_with(OUTBOX) || self.lifecycle.chat().is_none() {
                    // What another tab has stored is not for this one to erase, but its own copy is.
                    stores.push(Record {
                        keep: Keep::ForTab,
                        ..record
                    });
                }
            }
        }
        for store in stores {
            self.storing = true;
            self.note_store_for_tabs(&store);
            self.outputs.push_back(Output::Store(store));
        }
    }

    fn take_unsaved(&mut self) -> Changes {
        let chat = self.lifecycle.chat_mut().filter(|_| KEEPS);
        Changes {
            draft: self.draft.take_unsaved(),
            outbox: self.outbox.take_unsaved(),
            timeline: self.timeline.take_unsaved(),
            unread: core::mem::replace(&mut self.saved_unread, self.state.unread)
                != self.state.unread,
            transcript: chat.is_some_and(|chat| chat.transcript.take_unsaved()),
            recorded: self.timeline.take_record_unsaved(),
        }
    }

    /// Lists what must survive now, in the order in which it is to be stored.
    fn subjects(&self) -> Vec<(String, Subject)> {
        let mut subjects = Vec::new();
        let mut keep = |name: &str, subject| subjects.push((name.into(), subject));
        if let Lifecycle::Ended(reason) = self.lifecycle {
            keep(ENDED, Subject::Ended(reason));
        }
        let asked = matches!(&self.lifecycle, Lifecycle::Starting(starting) if starting.tries > 0);
        if asked && !self.starts_elsewhere() {
            keep(STARTING, Subject::Starting);
        }
        if self.lifecycle.chat().is_none() {
            return subjects;
        }
        if !self.draft.is_empty() {
            keep(DRAFT, Subject::Draft);
        }
        for outgoing in self.outbox.iter() {
            keep(&outgoing.name, Subject::Message(outgoing.entry));
        }
        let uploads = self.uploads.0.iter();
        for upload in uploads.filter(|upload| !matches!(upload.stage, UploadState::Done(_))) {
            keep(&upload.record, Subject::File(upload.entry));
        }
        if self.role == TabRole::Follows {
            return subjects;
        }
        if KEEPS && self.settings.dialect.keeps_transcript() {
            // Stored before the position: events before the position are not shown again.
            keep(TRANSCRIPT, Subject::Transcript);
        } else if self.timeline.recorded().next().is_some() {
            keep(TRANSCRIPT, Subject::LastKnown);
        }
        keep(SESSION, Subject::Session);
        subjects
    }

    /// Writes a record's value.
    fn value(&self, subject: Subject) -> Option<String> {
        let scope = self.settings.scope();
        Some(match subject {
            Subject::Ended(reason) => {
                let entries = self.timeline.entries().iter();
                let ended = EndedRecord {
                    reason,
                    entries: entries
                        .map(|entry| (entry.at, entry.item.clone()))
                        .collect(),
                    draft: self.draft.as_str().into(),
                    unread: self.state.unread,
                    chat: self.tabs.chat,
                    question: self.state.question.clone(),
                };
                records::write(&scope, &ended)
            }
            Subject::Starting => records::write(&scope, &String::new()),
            Subject::Draft => records::write(&scope, &self.draft.as_str().to_owned()),
            Subject::Message(entry) => records::write(&scope, &self.message_record(entry)?),
            Subject::File(entry) => records::write(&scope, &self.file_record(entry)?),
            Subject::Transcript => records::write(&scope, &self.lifecycle.chat()?.transcript),
            Subject::LastKnown => {
                let chat = &self.lifecycle.chat()?.keys.chat;
                let record = LastKnownRecord::of(chat, self.timeline.recorded());
                records::write(&scope, &record)
            }
            Subject::Session => records::write(&scope, &self.session_record()?),
        })
    }

    /// Writes a message's record.
    pub(super) fn message_value(&self, entry: EntryId) -> Option<String> {
        self.value(Subject::Message(entry))
    }

    fn message_record(&self, entry: EntryId) -> Option<OutboxRecord> {
        let outgoing = self.outbox.find(entry)?;
        let row = self.timeline.find(entry);
        let refusal = row.and_then(|row| match &row.item {
            Item::Message {
                state: MessageState::Failed(refusal),
                ..
            } => Some(refusal.clone()),
            _ => None,
        });
        Some(OutboxRecord {
            owner: self.settings.tab.clone(),
            order: outgoing.order,
            text: outgoing.text.clone(),
            at: row.map_or(self.now.wall, |row| row.at),
            from: outgoing.from.0,
            stage: match outgoing.state {
                SendState::Queued
                | SendState::Unsettled {
                    left: Left::Perhaps,
                    ..
                } => StoredSendState::Queued,
                SendState::InFlight { .. } | SendState::Unsettled { .. } => StoredSendState::Left,
                SendState::Taken { .. } => StoredSendState::Taken,
                SendState::Failed => StoredSendState::Failed,
            },
            refusal,
            failed_after: self.timeline.failed_after(entry),
            file: None,
        })
    }

    fn file_record(&self, entry: EntryId) -> Option<OutboxRecord> {
        let upload = self.uploads.0.iter().find(|upload| upload.entry == entry)?;
        let row = self.timeline.find(entry);
        Some(OutboxRecord {
            owner: self.settings.tab.clone(),
            order: upload.order,
            at: row.map_or(self.now.wall, |row| row.at),
            failed_after: self.timeline.failed_after(entry),
            file: Some(FileRecord {
                name: upload.name.clone(),
                bytes: upload.bytes,
            }),
            ..OutboxRecord::default()
        })
    }

    fn session_record(&self) -> Option<SessionRecord> {
        let chat = self.lifecycle.chat()?;
        let mut read = self.read_position();
        if KEEPS && self.settings.dialect.keeps_transcript() {
            read = read.max(chat.read);
        }
        Some(SessionRecord {
            keys: chat.keys.clone(),
            read: read.0,
            seen: chat.seen.0,
            ghosts: self.outbox.ghosts().map(Into::into).collect(),
            settled: self.tabs.settled.clone(),
            has_senders: self.tabs.has_senders,
            question: self.state.question.clone(),
            first_seen: chat
                .first_seen
                .iter()
                .filter(|_| TIMELESS)
                .copied()
                .collect(),
            joining: chat
                .joining()
                .filter(|_| JOINS)
                .map(|joining| joining.answers.clone()),
        })
    }
}
