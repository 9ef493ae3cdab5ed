//! The visitor's operations, for all dialects. Those that agents have too (say, typing) are in `desk`.

use std::collections::BTreeMap;
use std::net::IpAddr;

use super::change::{ChatChange, JournalEntry, ServiceChange};
use super::file::extension;
use super::options::millis;
use super::{
    Change, ChatId, DeleteError, Delivery, DeskError, DownloadError, EndReason, EventIndex,
    EventKind, FileId, FileMeta, NewChat, NewFile, NewService, ParticipantId, Push, Role, Service,
    ServiceId, UploadError, World,
};

const SERVICE_ID: &[u8] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
const SERVICE_ID_LENGTH: usize = 32;

impl World {
    /// Starts a chat: the visitor joins as participant 1, with a first key.
    pub fn start_chat(&mut self, by: NewChat, now_ms: i64) -> ChatId {
        self.open(by, now_ms)
    }

    /// Creates a service. One that waits for an agent finds one within the time that the options set.
    pub fn create_service(&mut self, by: NewService, now_ms: i64) -> ServiceId {
        let id = self.draw_service_id(by.waits);
        let within = millis(self.options().agent_within);
        let wait_ms = if by.waits {
            // At least 1 ms, so that a client sees the status `waiting` once.
            let drawn = self.rng.below(u64::try_from(within).unwrap_or(0));
            i64::try_from(drawn).unwrap_or(0).max(1)
        } else {
            0
        };
        let data_id = format!("{}-{}", self.rng.below(1_000), self.draw_uuid());
        let step = ServiceChange::Created {
            by,
            data_id,
            available_at_ms: now_ms.saturating_add(wait_ms),
        };
        self.commit_service(&id, step);
        id
    }

    /// Starts the chat of a service, or finds the one that it has: a request that is repeated after a lost reply must not
    /// start another. `user` replaces the service's own, if given.
    pub fn start_service_chat(
        &mut self,
        service: &ServiceId,
        by: NewChat,
        user: Option<String>,
        delivery: Delivery,
        now_ms: i64,
    ) -> ChatId {
        if let Some(chat) = self.service(service).and_then(Service::chat) {
            return chat.clone();
        }
        let push = match delivery {
            Delivery::Polled => None,
            Delivery::Pushed { subscription } => Some(Push {
                id: self.rng.word(SERVICE_ID, SERVICE_ID_LENGTH),
                subscription,
            }),
        };
        let chat = self.start_chat(by, now_ms);
        let step = ServiceChange::ChatStarted {
            chat: chat.clone(),
            user,
            push,
        };
        self.commit_service(service, step);
        chat
    }

    /// Returns whether one more chat may be started from `address`; always, where it is not known.
    pub fn has_room_for(&self, address: Option<IpAddr>) -> bool {
        let most = usize::try_from(self.options().chats_per_address).unwrap_or(usize::MAX);
        if most == 0 || address.is_none() {
            return true;
        }
        let chats = self.live_chats().filter(|c| c.started().address == address);
        chats.take(most).count() < most
    }

    /// Notes that a reader who gave no position has everything up to now with this reply.
    pub(crate) fn note_delivered(&mut self, chat: &ChatId, up_to: EventIndex) {
        if let Some(chat) = self.chat_mut(chat) {
            chat.delivered_up_to = up_to;
        }
    }

    /// Notes a sign of life of the visitor's program.
    pub fn note_sign_of_life(&mut self, chat: &ChatId, now_ms: i64) {
        let Some(record) = self.chat_mut(chat) else {
            return;
        };
        let before = record.seen_ms.replace(now_ms);
        // The system's clock may have been set back.
        if before.is_none_or(|before| now_ms < before) {
            self.schedule(chat);
        }
    }

    /// Notes until when a long poll of the visitor's program is held (Unix ms); `None`: none is.
    pub fn note_held_poll(&mut self, chat: &ChatId, until_ms: Option<i64>) {
        if let Some(record) = self.chat_mut(chat) {
            record.waits_until_ms = until_ms;
        }
        self.schedule(chat);
    }

    /// Ends the chat because the visitor asks for it.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn disconnect(&mut self, chat: &ChatId, now_ms: i64) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.finish(chat, EndReason::Disconnected, now_ms);
        Ok(())
    }

    /// Shows agents what the visitor has typed so far (hidden from the visitor), with the news that they are typing.
    ///
    /// # Errors
    /// When the chat is unknown or has ended, or the visitor has left.
    pub fn preview(&mut self, chat: &ChatId, text: &str, now_ms: i64) -> Result<(), DeskError> {
        self.typing(chat, ParticipantId::VISITOR, true, now_ms)?;
        if self.chat(chat).and_then(|c| c.preview()) != Some(text) {
            let kind = EventKind::Preview {
                text: text.to_owned(),
            };
            self.record_event(chat, ParticipantId::VISITOR, kind, None, now_ms);
        }
        Ok(())
    }

    /// Adds to the data attached to the chat, or changes it.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn update_user_data(
        &mut self,
        chat: &ChatId,
        entries: BTreeMap<String, String>,
    ) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.commit(chat, ChatChange::UserData { entries });
        Ok(())
    }

    /// Notes that the visitor has read up to the event at `index`.
    ///
    /// # Errors
    /// When the chat is unknown or has ended, or the visitor has left.
    pub fn read_receipt(
        &mut self,
        chat: &ChatId,
        index: EventIndex,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.ensure_present(chat, ParticipantId::VISITOR)?;
        self.record_event(
            chat,
            ParticipantId::VISITOR,
            EventKind::Read { up_to: index },
            None,
            now_ms,
        );
        Ok(())
    }

    /// Takes in a file of the visitor's, within the limits.
    ///
    /// # Errors
    /// When a limit says no; see [`UploadError`].
    pub fn upload(
        &mut self,
        chat: &ChatId,
        file: NewFile,
        now_ms: i64,
    ) -> Result<FileId, UploadError> {
        self.check_upload(chat, &file)?;
        let id = self.draw_file_id();
        self.add_file(chat, ParticipantId::VISITOR, id.clone(), file, now_ms);
        Ok(id)
    }

    /// Counts one download of a file by the visitor and tells what is sent.
    ///
    /// # Errors
    /// When there is no such file or it was fetched too often.
    pub fn download(&mut self, chat: &ChatId, file: &FileId) -> Result<FileMeta, DownloadError> {
        let meta = self
            .chat(chat)
            .and_then(|c| c.file(file))
            .filter(|f| !f.deleted)
            .cloned();
        let meta = meta.ok_or(DownloadError::NoFile)?;
        if meta.downloads >= self.options().files.download_attempts {
            return Err(DownloadError::TooOften);
        }
        self.commit(chat, ChatChange::FileFetched { file: file.clone() });
        Ok(meta)
    }

    /// Takes back a file that the visitor sent.
    ///
    /// # Errors
    /// When there is none, it is somebody else's, or the server does not allow it.
    pub fn delete_file(
        &mut self,
        chat: &ChatId,
        file: &FileId,
        now_ms: i64,
    ) -> Result<(), DeleteError> {
        let meta = self
            .chat(chat)
            .and_then(|c| c.file(file))
            .filter(|f| !f.deleted);
        let meta = meta.ok_or(DeleteError::NoFile)?;
        if meta.sender != ParticipantId::VISITOR {
            return Err(DeleteError::NotYours);
        }
        if !self.options().files.delete_allowed {
            return Err(DeleteError::SwitchedOff);
        }
        let kind = EventKind::FileDeleted { file: file.clone() };
        self.record_event(chat, ParticipantId::VISITOR, kind, None, now_ms);
        Ok(())
    }

    /// Returns whether the limits let this file in, without taking it.
    ///
    /// # Errors
    /// When a limit says no; see [`UploadError`].
    pub fn check_upload(&self, chat: &ChatId, file: &NewFile) -> Result<(), UploadError> {
        let limits = &self.options().files;
        let chat = self
            .chat(chat)
            .filter(|c| c.end().is_none())
            .ok_or(UploadError::NoChat)?;
        if limits.need_agent && !chat.participants().iter().any(|p| p.role == Role::Agent) {
            return Err(UploadError::NoAgent);
        }
        if chat.visitor_files().count() >= usize::try_from(limits.max_files).unwrap_or(usize::MAX) {
            return Err(UploadError::TooMany {
                max: limits.max_files,
            });
        }
        if file.size > limits.max_file_size {
            return Err(UploadError::TooLarge {
                max: limits.max_file_size,
            });
        }
        let used: u64 = chat.visitor_files().map(|f| f.size).sum();
        if used.saturating_add(file.size) > limits.max_total_size {
            return Err(UploadError::TooLarge {
                max: limits.max_total_size,
            });
        }
        if !extension(&file.name).is_some_and(|e| limits.types.contains(&e)) {
            return Err(UploadError::Type);
        }
        Ok(())
    }

    pub(super) fn add_file(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        id: FileId,
        file: NewFile,
        now_ms: i64,
    ) {
        let file = FileMeta {
            id: id.clone(),
            name: file.name,
            size: file.size,
            content_type: file.content_type,
            user_data: file.user_data,
            sender: who,
            deleted: false,
            downloads: 0,
        };
        self.commit(chat, ChatChange::FileAdded { file });
        let kind = EventKind::FileUploaded { file: id };
        self.record_event(chat, who, kind, None, now_ms);
    }

    fn commit_service(&mut self, service: &ServiceId, step: ServiceChange) {
        let change = Change(JournalEntry::Service {
            service: service.clone(),
            step,
        });
        self.journal.push(change.clone());
        self.apply(change);
    }

    fn draw_service_id(&mut self, waits: bool) -> ServiceId {
        loop {
            // They look like the samples: a7e6ed0b-0380-4223-97f8-b3c7d93205e8, EKUJPKAQ197CFA6SJQKTJO3DBG00001M.
            let id = ServiceId::new(if waits {
                self.rng.word(SERVICE_ID, SERVICE_ID_LENGTH)
            } else {
                self.draw_uuid()
            });
            if self.service(&id).is_none() {
                return id;
            }
        }
    }
}
