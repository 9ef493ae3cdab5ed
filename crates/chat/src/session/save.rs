//! What survives a reload is written before anything else happens.

use std::collections::BTreeMap;

use super::uploads::UploadStage;
use super::{Phase, Session};
use crate::io::{Output, Record, Role, TabWord};
use crate::outbox::Stage;
use crate::records::{
    self, DRAFT, ENDED, EndedRecord, FileRecord, OutboxRecord, SESSION, SessionRecord, StageRecord,
};
use crate::timeline::{Item, MessageState};

impl Session {
    /// Hands out a store for each record that changed; new values first, so that a crash in between
    /// leaves too much rather than too little.
    pub(super) fn save(&mut self) {
        let wanted = self.records();
        let mut stores: Vec<Record> = Vec::new();
        for (name, value) in &wanted {
            if self
                .stored
                .get(name)
                .is_none_or(|stored| stored.as_ref() != Some(value))
            {
                stores.push(records::record(name, Some(value.clone())));
            }
        }
        let mut gone: Vec<&String> = self
            .stored
            .keys()
            .filter(|name| !wanted.contains_key(*name))
            .collect();
        // Without its keys a chat is over: what else belonged to it is only erased after them, or a
        // crash in between would bring the chat back without it.
        gone.sort_by_key(|name| *name != SESSION);
        stores.extend(gone.into_iter().map(|name| records::record(name, None)));
        self.stored = wanted
            .into_iter()
            .map(|(name, value)| (name, Some(value)))
            .collect();
        for store in stores {
            self.storing = true;
            if self.role == Role::Follows {
                self.outputs
                    .push_back(Output::Tell(TabWord::Record(store.clone())));
            }
            self.outputs.push_back(Output::Store(store));
        }
    }

    fn records(&self) -> BTreeMap<String, String> {
        let scope = self.settings.scope();
        let mut records = BTreeMap::new();
        if let Phase::Ended(reason) = self.state.phase {
            let entries = self.timeline.entries().iter();
            let entries = entries
                .map(|entry| (entry.at, entry.item.clone()))
                .collect();
            let ended = EndedRecord {
                reason,
                entries,
                draft: self.draft.clone(),
            };
            records.insert(ENDED.into(), records::write(&scope, &ended));
        }
        let Some(chat) = &self.chat else {
            return records;
        };
        let session = SessionRecord {
            keys: chat.keys.clone(),
            read: self.read_position().0,
            seen: chat.seen.0,
            ghosts: self.outbox.ghosts().map(Into::into).collect(),
        };
        records.insert(SESSION.into(), records::write(&scope, &session));
        if !self.draft.is_empty() {
            records.insert(DRAFT.into(), records::write(&scope, &self.draft));
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
                file: None,
            };
            records.insert(outgoing.name.clone(), records::write(&scope, &record));
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
                file: Some(FileRecord {
                    name: upload.name.clone(),
                    bytes: upload.bytes,
                }),
                ..OutboxRecord::default()
            };
            records.insert(upload.record.clone(), records::write(&scope, &record));
        }
        records
    }
}
