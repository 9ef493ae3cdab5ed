//! What survives a reload is written before anything else happens.

use super::Session;
use super::lifecycle::Lifecycle;
use super::uploads::UploadStage;
use crate::dialect::{JOINS, KEEPS, TIMELESS};
use crate::io::{Output, Record, Role, TabWord};
use crate::outbox::Stage;
use crate::records::{
    self, DRAFT, ENDED, EndedRecord, FileRecord, OutboxRecord, SESSION, SessionRecord, StageRecord,
    TRANSCRIPT,
};
use crate::timeline::{Item, MessageState};

impl Session {
    /// Hands out a store for each record that changed; new values first, so that a crash in between
    /// leaves too much rather than too little.
    pub(super) fn save(&mut self) {
        let wanted = self.records();
        let mut stores: Vec<Record> = Vec::new();
        for record in &wanted {
            if !self.stored.contains(record) {
                stores.push(records::record(&record.0, record.1.clone()));
            }
        }
        let kept = stores.len();
        for (name, _) in &self.stored {
            if !wanted.iter().any(|(wanted, _)| wanted == name) {
                // Without its keys a chat is over: what else belonged to it is only erased after
                // them, or a crash in between would bring the chat back without it.
                let place = if name == SESSION { kept } else { stores.len() };
                stores.insert(place, records::record(name, None));
            }
        }
        self.stored = wanted;
        if let (true, Some(chat)) = (KEEPS, self.lifecycle.chat_mut()) {
            chat.kept.written();
        }
        for store in stores {
            self.storing = true;
            if self.role == Role::Follows {
                self.outputs
                    .push_back(Output::Tell(TabWord::Record(store.clone())));
            }
            self.outputs.push_back(Output::Store(store));
        }
    }

    /// Lists what must survive now, in the order in which it is to be stored.
    fn records(&self) -> Vec<(String, Option<String>)> {
        let scope = self.settings.scope();
        let mut records = Vec::new();
        let mut keep = |name: &str, value| records.push((name.into(), Some(value)));
        if let Lifecycle::Ended(reason) = self.lifecycle {
            let entries = self.timeline.entries().iter();
            let entries = entries
                .map(|entry| (entry.at, entry.item.clone()))
                .collect();
            let ended = EndedRecord {
                reason,
                entries,
                draft: self.draft.clone(),
            };
            keep(ENDED, records::write(&scope, &ended));
        }
        let Some(chat) = self.lifecycle.chat() else {
            return records;
        };
        if !self.draft.is_empty() {
            keep(DRAFT, records::write(&scope, &self.draft));
        }
        for outgoing in self.outbox.iter() {
            let (at, refusal) = match self.timeline.find(outgoing.entry) {
                Some(entry) => (
                    entry.at,
                    match &entry.item {
                        Item::Message {
                            state: MessageState::Failed(refusal),
                            ..
                        } => Some(refusal.clone()),
                        _ => None,
                    },
                ),
                None => (self.now.wall, None),
            };
            let record = OutboxRecord {
                owner: self.settings.tab.clone(),
                order: outgoing.order,
                text: outgoing.text.clone(),
                at,
                from: outgoing.from.0,
                stage: match outgoing.stage {
                    Stage::Queued
                    | Stage::Unsettled {
                        left: crate::outbox::Left::Perhaps,
                        ..
                    } => StageRecord::Queued,
                    Stage::InFlight { .. } | Stage::Unsettled { .. } => StageRecord::Left,
                    Stage::Taken { .. } => StageRecord::Taken,
                    Stage::Failed => StageRecord::Failed,
                },
                refusal,
                failed_after: self.timeline.failed_after(outgoing.entry),
                file: None,
            };
            keep(&outgoing.name, records::write(&scope, &record));
        }
        for upload in &self.uploads.0 {
            if matches!(upload.stage, UploadStage::Done(_)) {
                continue;
            }
            let at = self
                .timeline
                .find(upload.entry)
                .map_or(self.now.wall, |entry| entry.at);
            let record = OutboxRecord {
                owner: self.settings.tab.clone(),
                order: upload.order,
                at,
                failed_after: self.timeline.failed_after(upload.entry),
                file: Some(FileRecord {
                    name: upload.name.clone(),
                    bytes: upload.bytes,
                }),
                ..OutboxRecord::default()
            };
            keep(&upload.record, records::write(&scope, &record));
        }
        let mut read = self.read_position();
        if KEEPS && self.settings.dialect.keeps_transcript() {
            // Before the position: what it has passed is not shown again.
            let kept = self.stored.iter().find(|(name, _)| name == TRANSCRIPT);
            let kept = kept.and_then(|(_, text)| text.clone());
            let same = kept.filter(|_| !chat.kept.is_new());
            let text = same.unwrap_or_else(|| records::write(&scope, &chat.kept));
            keep(TRANSCRIPT, text);
            read = read.max(chat.read);
        }
        let session = SessionRecord {
            keys: chat.keys.clone(),
            read: read.0,
            seen: chat.seen.0,
            ghosts: self.outbox.ghosts().map(Into::into).collect(),
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
        };
        keep(SESSION, records::write(&scope, &session));
        records
    }
}
