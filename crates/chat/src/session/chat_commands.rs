//! What the visitor, or the page for them, may want once there is a chat. Nothing here is reached but by a
//! [`ChatCommand`]: a build that is split has it in a part of its own.

use super::Session;
use super::flights::ErrandKind;
use crate::blank::is_blank;
use crate::dialect::FILES;
use crate::files;
use crate::io::{CarriedCommand, ChatCommand, Command, Output};
use crate::model::{NewFile, Refusal, RefusalReason, RefusedFile};
use crate::timeline::{EntryId, FileState, Item, MessageState};

impl From<ChatCommand> for Command {
    fn from(command: ChatCommand) -> Self {
        Self::Chat(CarriedCommand {
            command,
            carry_out: Session::on_chat_command,
        })
    }
}

impl Session {
    fn on_chat_command(&mut self, command: ChatCommand) {
        match command {
            ChatCommand::Retry(entry) => self.retry(entry),
            ChatCommand::Discard(entry) => drop(self.take_off(entry)),
            ChatCommand::Edit(entry) => {
                if let Some(text) = self.take_off(entry) {
                    self.draft.append(&text);
                }
            }
            ChatCommand::PushUrl(url) => self.errand_of_chat(ErrandKind::PushUrl(url)),
            ChatCommand::Rename(name) => self.rename(name),
            ChatCommand::CustomNotice {
                message,
                attributes,
            } => {
                self.errand_of_chat(ErrandKind::Notice {
                    message,
                    attributes,
                });
            }
            ChatCommand::Attach(files) => self.attach(files),
            ChatCommand::Detach(handle) => self.detach(handle),
            ChatCommand::CancelUpload(entry) if FILES => self.cancel_upload(entry),
            ChatCommand::Download(entry) if FILES => self.download(entry),
            ChatCommand::DeleteFile(entry) if FILES => self.delete_file(entry),
            ChatCommand::CancelUpload(_)
            | ChatCommand::Download(_)
            | ChatCommand::DeleteFile(_) => {}
            ChatCommand::StayAwake => {
                self.state.idle = None;
                self.errand_of_chat(ErrandKind::StayAwake);
            }
            ChatCommand::Send(text) => self.send(text),
            ChatCommand::SendFile(file) => self.send_file(file),
            ChatCommand::UpdateData(data) => self.update_data(data),
        }
    }

    fn retry(&mut self, entry: EntryId) {
        if !self.lifecycle.is_chatting() {
            return;
        }
        self.pace.shorten_wait(self.now.moment);
        let order = self.next_order;
        // It may have got in although it was turned away.
        let tells_from = (!self.settings.dialect.publishes()).then_some(self.now.moment);
        if self.outbox.requeue(entry, order, tells_from) {
            self.next_order += 1;
            self.set_message_state(entry, MessageState::Sending);
            self.pace.active(self.now.moment);
        } else if FILES {
            self.retry_upload(entry);
        }
    }

    /// Removes a failed message or upload from the timeline. Returns the message's text.
    pub(super) fn take_off(&mut self, entry: EntryId) -> Option<String> {
        match &self.timeline.find(entry)?.item {
            Item::Message {
                state: MessageState::Failed(_),
                text,
                ..
            } => {
                let text = text.clone();
                if let Some(outgoing) = self.outbox.remove(entry) {
                    self.note_settled(&outgoing.name);
                }
                self.timeline.remove(entry);
                Some(text)
            }
            Item::File { file, .. } if matches!(file.state, FileState::UploadFailed { .. }) => {
                self.forget_upload(entry);
                self.timeline.remove(entry);
                None
            }
            _ => None,
        }
    }

    fn rename(&mut self, mut name: String) {
        self.settings.mask.apply(&mut name);
        let name = name.trim();
        if name.is_empty() {
            self.state.refusal = Some(Refusal::of(RefusalReason::NameInvalid));
        } else {
            // An earlier name that still waits must not come after this one.
            self.errands
                .retain(|errand| !matches!(errand.kind, ErrandKind::Rename(_)));
            self.errand_of_chat(ErrandKind::Rename(name.into()));
        }
    }

    /// Sends a message; whoever asks has made sure that it can be sent.
    fn send(&mut self, mut text: String) {
        self.settings.mask.apply(&mut text);
        if self.lifecycle.is_chatting() && !is_blank(&text) && self.offers().room_for(&text) >= 0 {
            self.state.idle = None;
            self.pace.active(self.now.moment);
            self.send_text(text);
        }
    }

    /// Sends a file at once, if it may be sent.
    fn send_file(&mut self, mut file: NewFile) {
        file.name = files::clean_name(&file.name);
        if let Some(description) = &mut file.description {
            self.settings.mask.apply(description);
        }
        match self.refuse_file(&file.name, file.bytes) {
            None => self.upload(file),
            Some(refusal) => {
                self.outputs.push_back(Output::Release(file.handle));
                let name = file.name;
                self.state.refused_files.push(RefusedFile { name, refusal });
            }
        }
    }

    fn update_data(&mut self, data: Vec<(String, String)>) {
        let known = &mut self.settings.user_data;
        known.retain(|(key, _)| data.iter().all(|(new, _)| new != key));
        known.extend_from_slice(&data);
        let errand = ErrandKind::UpdateData(data);
        if errand.within(self.settings.dialect.abilities()) {
            self.errand_of_chat(errand);
        }
    }
}
