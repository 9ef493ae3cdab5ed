//! Taking up where an earlier page left off.

use super::Session;
use super::lifecycle::{Chat, ChatStage, JoinStep, Joining, Lifecycle};
use super::uploads::{Upload, UploadState};
use crate::dialect::KEEPS;
use crate::io::{Keep, Output, Record};
use crate::model::{Author, EventIndex, ReadFrom, Refusal, RefusalReason, TabRole};
use crate::outbox::{Left, Outgoing, SendState};
use crate::records::{
    self, DRAFT, ENDED, EndedRecord, LastKnownRecord, OUTBOX, OutboxRecord, SESSION, STARTING,
    SessionRecord, StoredSendState, StoredTranscript, TRANSCRIPT,
};
use crate::settings::Settings;
use crate::time::Now;
use crate::timeline::{FileEntry, FileState, Item, MessageState};

/// The records that can be read.
#[derive(Default)]
pub(super) struct Kept {
    pub(super) chat: Option<SessionRecord>,
    pub(super) ended: Option<EndedRecord>,
    pub(super) draft: Option<String>,
    /// Whether this tab had asked for a chat.
    pub(super) was_starting: bool,
    pub(super) transcript: StoredTranscript,
    pub(super) last_known: Option<LastKnownRecord>,
    /// In the visitor's order.
    pub(super) outbox: Vec<(String, OutboxRecord)>,
}

impl Session {
    /// Resumes where the records of an earlier session left off: the outputs that follow bring the
    /// view and the server up to date. Records that cannot be read, or of another scope, are skipped.
    #[must_use]
    pub fn restore(
        settings: Settings,
        seed: u64,
        records: impl IntoIterator<Item = Record>,
        now: Now,
    ) -> Self {
        let mut session = Self::new(settings, seed);
        session.now = now;
        // Another tab may lead the stored chat.
        session.role = session.settings.role;
        let mut kept = session.read_records(records, true);
        let was_starting = kept.was_starting;
        match (kept.chat.take(), kept.ended.take()) {
            (Some(chat), _) => session.resume(chat, kept),
            (None, Some(ended)) => session.show_ended(ended),
            (None, None) => session.give_back_unsent(&kept.outbox, kept.draft),
        }
        if was_starting && matches!(session.lifecycle, Lifecycle::Idle) {
            // The server may have begun a chat: the visitor decides whether to ask for another.
            session.lifecycle = Lifecycle::Refused(Refusal::of(RefusalReason::BadReply));
        }
        session.begin_alone();
        session.launch_due();
        session.save();
        session.show();
        session
    }

    /// Reads records, and notes what the storage holds. This tab's copies of what is for the visitor are read where
    /// they may be, and the visitor's storage has lost the chat.
    pub(super) fn read_records(
        &mut self,
        records: impl IntoIterator<Item = Record>,
        may_use_copies: bool,
    ) -> Kept {
        let records: Vec<Record> = records.into_iter().collect();
        let uses_copies = may_use_copies && self.needs_copies(&records);
        let scope = self.settings.scope();
        let mut kept = Kept::default();
        self.stored.clear();
        // What the visitor's storage has wins over this tab's copy of it.
        for area in [Keep::ForTab, Keep::ForVisitor] {
            for Record { name, value, .. } in records.iter().filter(|record| record.keep == area) {
                let Some(value) = value.as_ref() else {
                    continue;
                };
                if records::is_foreign(&scope, value) {
                    continue;
                }
                let name = name.0.as_str();
                let is_copy = area != records::keep(name);
                if uses_copies || !is_copy {
                    self.read_record(&mut kept, name, value);
                }
                self.stored.retain(|(stored, _)| stored != name);
                // A copy is written anew, or erased; by the tab that leads if it is of use.
                if !is_copy || !uses_copies || self.role == TabRole::Leads {
                    let stored = (!is_copy).then(|| value.clone());
                    self.stored.push((name.into(), stored));
                }
            }
        }
        let dialect = self.settings.dialect;
        kept.chat = kept.chat.filter(|chat| dialect.can_use(&chat.keys));
        kept
    }

    fn read_record(&self, kept: &mut Kept, name: &str, value: &str) {
        let scope = self.settings.scope();
        match name {
            SESSION => {
                kept.chat = records::read::<SessionRecord>(&scope, value).or(kept.chat.take());
            }
            ENDED => kept.ended = records::read::<EndedRecord>(&scope, value),
            STARTING => kept.was_starting = records::read::<String>(&scope, value).is_some(),
            TRANSCRIPT if KEEPS && self.settings.dialect.keeps_transcript() => {
                if let Some(transcript) = records::read(&scope, value) {
                    kept.transcript = transcript;
                }
            }
            TRANSCRIPT => {
                let known = records::read::<LastKnownRecord>(&scope, value);
                kept.last_known = known.or(kept.last_known.take());
            }
            DRAFT => kept.draft = records::read::<String>(&scope, value).or(kept.draft.take()),
            other if other.starts_with(OUTBOX) => {
                if let Some(record) = records::read::<OutboxRecord>(&scope, value) {
                    let outbox = &mut kept.outbox;
                    outbox.retain(|(known, _)| known != other);
                    let place = outbox
                        .iter()
                        .position(|(_, later)| later.order > record.order);
                    outbox.insert(place.unwrap_or(outbox.len()), (other.into(), record));
                }
            }
            _ => {}
        }
    }

    /// Tells whether the visitor's storage has lost the chat, and this tab has a copy of it. The other way round the
    /// copies may be of a chat that is over.
    fn needs_copies(&self, records: &[Record]) -> bool {
        let scope = self.settings.scope();
        let is_usable = |record: &Record| {
            let value = record.value.as_deref().unwrap_or_default();
            records::read::<SessionRecord>(&scope, value)
                .is_some_and(|chat| self.settings.dialect.can_use(&chat.keys))
        };
        let has_chat = |area| {
            let mut records = records.iter();
            records
                .any(|record| record.name.0 == SESSION && record.keep == area && is_usable(record))
        };
        !has_chat(Keep::ForVisitor) && has_chat(Keep::ForTab)
    }

    /// Takes up another chat than the one here.
    pub(super) fn adopt(&mut self, chat: SessionRecord, kept: Kept) {
        self.forget_chat();
        self.resume(chat, kept);
    }

    fn resume(&mut self, record: SessionRecord, kept: Kept) {
        let mut chat = Chat::new(record.keys);
        chat.old_before = ReadFrom(record.read.max(1));
        chat.caught_up = false;
        if KEEPS && self.settings.dialect.keeps_transcript() {
            chat.read = chat.old_before;
        }
        chat.seen = EventIndex(record.seen);
        chat.receipted = EventIndex(record.seen);
        chat.accepts = self.accepted_from_the_start();
        chat.first_seen = record.first_seen;
        if let Some(answers) = record.joining {
            chat.stage = ChatStage::Joining(Joining {
                answers,
                step: JoinStep::Join,
                tries: 0,
            });
        }
        if self.settings.dialect.user_header().is_some() {
            self.push.user.clone_from(&chat.keys.user);
        }
        let (chat_id, read) = (chat.keys.chat.clone(), chat.old_before);
        self.lifecycle = Lifecycle::Open(Box::new(chat));
        if let Some(last_known) = kept.last_known.filter(|known| known.chat == chat_id) {
            self.show_last_known(last_known, read);
        }
        let window = self.settings.pace.resend_window;
        self.outbox.haunt(record.ghosts, self.now.moment, window);
        self.tabs.settled = record.settled;
        self.tabs.has_senders = record.has_senders;
        self.state.question = record.question;
        for (name, record) in kept.outbox {
            self.next_order = self.next_order.max(record.order.saturating_add(1));
            self.take_record(name, record);
        }
        if let Some(draft) = kept.draft.filter(|draft| !draft.is_empty()) {
            self.draft.set(draft);
        }
        self.pace.active(self.now.moment);
        self.pace.hurry(self.now.moment);
        self.ask_for_limits();
        // As if the server had shown them again.
        self.take_events(kept.transcript.into_events());
    }

    /// Forgets everything of a chat: what the records say takes its place.
    pub(super) fn forget_chat(&mut self) {
        for id in self.flights.drain() {
            self.outputs.push_back(Output::Abort(id));
        }
        self.errands.clear();
        self.end_uploads();
        self.outbox.drain();
        self.others_typing.clear();
        self.timeline.clear();
        self.lifecycle = Lifecycle::Idle;
        self.state = crate::state::State {
            storage: self.state.storage,
            ..Default::default()
        };
        self.tabs.forget_chat();
        self.tabs.settled.clear();
    }

    pub(super) fn ask_for_limits(&mut self) {
        if self.settings.features.files {
            self.run_errand(super::ErrandKind::Limits);
        }
    }

    /// Shows what an earlier page knew of the transcript up to there, until the server says it anew.
    fn show_last_known(&mut self, record: LastKnownRecord, read: ReadFrom) {
        let known = record.entries.into_iter();
        for (index, at, item) in known.filter(|(index, ..)| index.0 < read.0) {
            match &item {
                Item::Joined(who) | Item::Returned(who) => {
                    drop(self.on_joined(who.clone(), index));
                }
                Item::Left(who, reason) => drop(self.on_left(who.clone(), reason.clone())),
                _ => {}
            }
            self.timeline.put_last_known(item, at, index);
        }
    }

    /// Takes over a message or file of an earlier page, or of another tab.
    pub(super) fn take_record(&mut self, name: String, record: OutboxRecord) {
        if self.is_settled(&name) {
            return;
        }
        let OutboxRecord {
            order,
            text,
            at,
            from,
            stage,
            refusal,
            failed_after,
            file,
            ..
        } = record;
        if let Some(file) = file {
            if self.role == TabRole::Follows {
                // The tab that has the contents shows it.
                return;
            }
            let refusal = Refusal::of(RefusalReason::FileGone);
            let row = FileEntry {
                name: file.name.clone(),
                bytes: Some(file.bytes),
                description: None,
                state: FileState::UploadFailed {
                    refusal,
                    retry: false,
                },
                id: None,
            };
            let item = Item::File {
                from: Author::Me,
                file: row,
            };
            let last = failed_after.unwrap_or_else(|| self.last_event());
            let entry = self.timeline.put_back(item, at, last);
            self.uploads.0.push(Upload {
                entry,
                record: name,
                order,
                handle: None,
                name: file.name,
                bytes: file.bytes,
                description: None,
                stage: UploadState::Lost,
                may_be_there: true,
                in_doubt_since: None,
            });
            return;
        }
        let from = ReadFrom(from.max(1));
        // Records of older versions have no such event: the one before the read position counts.
        let failed_after = failed_after
            .or_else(|| (stage == StoredSendState::Failed).then(|| EventIndex(from.0 - 1)));
        let now = self.now.moment;
        let (state, shown) = self.state_of(stage, refusal);
        let item = Item::mine(text.clone(), shown);
        let entry = match failed_after {
            Some(last) => self.timeline.put_back(item, at, last),
            None => self.timeline.append(item, at),
        };
        self.outbox.push(Outgoing {
            entry,
            name,
            order,
            text,
            from,
            state,
            turned_away: 0,
            not_before: now,
        });
    }

    /// Returns what is known now of a message that a record tells of.
    pub(super) fn state_of(
        &self,
        stage: StoredSendState,
        refusal: Option<Refusal>,
    ) -> (SendState, MessageState) {
        let now = self.now.moment;
        match stage {
            // It may have left all the same, if that could not be stored.
            StoredSendState::Queued => {
                let state = SendState::Unsettled {
                    tells_from: now,
                    left: Left::Perhaps,
                };
                (state, MessageState::Sending)
            }
            StoredSendState::Left => {
                // The wall clock may have jumped: the whole window counts from now.
                let state = SendState::Unsettled {
                    tells_from: now + self.settings.pace.resend_window,
                    left: Left::Surely,
                };
                (state, MessageState::Sending)
            }
            StoredSendState::Taken => {
                let state = SendState::Taken {
                    at: now,
                    overdue: false,
                };
                (state, MessageState::Sent)
            }
            StoredSendState::Failed => {
                let refusal = refusal.unwrap_or_else(|| Refusal::of(RefusalReason::Refused));
                (SendState::Failed, MessageState::Failed(refusal))
            }
        }
    }

    /// Puts the unsent messages of a chat whose keys are gone into the composer, for the next chat.
    fn give_back_unsent(&mut self, outbox: &[(String, OutboxRecord)], draft: Option<String>) {
        for (_, record) in outbox {
            if record.file.is_none() && record.stage != StoredSendState::Taken {
                self.draft.append(&record.text);
            }
        }
        if let Some(draft) = draft.filter(|draft| !draft.is_empty()) {
            self.draft.append(&draft);
        }
    }

    fn show_ended(&mut self, record: EndedRecord) {
        for (at, item) in record.entries {
            self.timeline.append(item, at);
        }
        self.tabs.chat = record.chat;
        self.lifecycle = Lifecycle::Ended(record.reason);
        self.state.unread = record.unread;
        self.state.question = record.question;
        if !record.draft.is_empty() {
            self.draft.set(record.draft);
        }
    }
}
