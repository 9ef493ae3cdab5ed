//! The operations of participants, agents above all: for the automatic agent, scenarios, the control API and simulations.

use std::io;

use serde_json::Value;
use thiserror::Error;

use super::change::ChatChange;
use super::{
    Chat, ChatId, EventIndex, EventKind, FileId, LeaveReason, NewFile, Participant, ParticipantId,
    Role, World,
};

/// Why something cannot be done in a chat.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeskError {
    /// There is no such chat.
    #[error("no such chat")]
    UnknownChat,
    /// The chat has ended.
    #[error("the chat has ended")]
    ChatEnded,
    /// Somebody else was quicker.
    #[error("an agent is in the chat already")]
    Taken,
    /// Nobody of that name or number ever took part.
    #[error("no such participant")]
    UnknownParticipant,
    /// The participant is not in the chat now.
    #[error("the participant is not in the chat now")]
    NotPresent,
    /// The participant is not on hold, so cannot come back from it.
    #[error("the participant is not on hold")]
    NotOnHold,
}

/// Why an agent's file was not sent.
#[derive(Debug, Error)]
pub enum SendFileError {
    /// It cannot be done in this chat.
    #[error(transparent)]
    Desk(#[from] DeskError),
    /// Its contents cannot be kept.
    #[error("the file cannot be kept: {0}")]
    Disk(#[from] io::Error),
}

impl World {
    /// Lets somebody join. Every join makes a new participant.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn join(
        &mut self,
        chat: &ChatId,
        nickname: &str,
        role: Role,
        now_ms: i64,
    ) -> Result<ParticipantId, DeskError> {
        self.ensure_live(chat)?;
        Ok(self.add(chat, nickname, role, now_ms))
    }

    /// Lets an agent take a chat that has none: of two who try at once, one does.
    ///
    /// # Errors
    /// When the chat is unknown or has ended, or an agent is in it.
    pub fn accept(
        &mut self,
        chat: &ChatId,
        nickname: &str,
        now_ms: i64,
    ) -> Result<ParticipantId, DeskError> {
        self.ensure_live(chat)?;
        if self.chat(chat).is_some_and(Chat::has_agent) {
            return Err(DeskError::Taken);
        }
        self.join(chat, nickname, Role::Agent, now_ms)
    }

    /// Writes a message.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn say(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        text: &str,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        self.say_with(chat, who, text, None, None, now_ms)
    }

    /// Writes a message that has a type or attributes (JSON object) of its own.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn say_with(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        text: &str,
        message_type: Option<&str>,
        attributes: Option<Value>,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        self.ensure_present(chat, who)?;
        let kind = EventKind::Message {
            text: text.to_owned(),
            message_type: message_type.map(str::to_owned),
        };
        let index = self.record_event(chat, who, kind, attributes, now_ms);
        self.cancel_idle(chat);
        Ok(index)
    }

    /// Starts or stops a participant's typing; does nothing when that is so already.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn typing(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        on: bool,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        if self.ensure_present(chat, who)?.typing != on {
            let kind = if on {
                EventKind::TypingStarted
            } else {
                EventKind::TypingStopped
            };
            self.record_event(chat, who, kind, None, now_ms);
        }
        Ok(())
    }

    /// Lets a participant leave for now: the chat is on hold. A hidden event follows, as in the vendor's sample (12, then
    /// 14).
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn hold(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.leave_because(chat, who, LeaveReason::Hold, now_ms)?;
        self.hidden(chat, now_ms)?;
        Ok(())
    }

    /// Brings a participant back from hold.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not on hold.
    pub fn return_from_hold(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        if !self.find_participant(chat, who)?.on_hold {
            return Err(DeskError::NotOnHold);
        }
        self.record_event(chat, who, EventKind::Joined, None, now_ms);
        Ok(())
    }

    /// Hands the chat from one participant to somebody else, who joins in the same part.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn transfer(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        to: &str,
        now_ms: i64,
    ) -> Result<ParticipantId, DeskError> {
        let role = self.ensure_present(chat, who)?.role;
        self.leave_because(chat, who, LeaveReason::Transfer, now_ms)?;
        self.join(chat, to, role, now_ms)
    }

    /// Lets a participant leave for good. The chat goes on.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn leave(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.leave_because(chat, who, LeaveReason::Left, now_ms)
    }

    /// Lets a participant leave for a given reason. The chat goes on.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn leave_because(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        reason: LeaveReason,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.record_event_by(chat, who, EventKind::Left { reason }, now_ms)?;
        Ok(())
    }

    /// Offers a page to open.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn push_url(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        url: &str,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        let url = url.to_owned();
        self.record_event_by(chat, who, EventKind::PushUrl { url }, now_ms)
    }

    /// Writes a notice for people.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn notice(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        text: &str,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        let text = text.to_owned();
        self.record_event_by(chat, who, EventKind::Notice { text }, now_ms)
    }

    /// Sends a word to the programs on the other side. The one with the purpose `cancel-idle-timer` stops a running idle
    /// countdown.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn custom_notice(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        text: Option<&str>,
        attributes: Option<Value>,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        self.ensure_present(chat, who)?;
        let cancels = attributes
            .as_ref()
            .and_then(|a| a.get("purpose"))
            .is_some_and(|purpose| purpose == "cancel-idle-timer");
        let kind = EventKind::CustomNotice {
            text: text.map(str::to_owned),
        };
        let index = self.record_event(chat, who, kind, attributes, now_ms);
        if cancels {
            self.cancel_idle(chat);
        }
        Ok(index)
    }

    /// Gives a participant another name.
    ///
    /// # Errors
    /// When the chat has ended or the participant is not in it.
    pub fn rename(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        nickname: &str,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.ensure_present(chat, who)?;
        self.rename_participant(chat, who, nickname, now_ms);
        Ok(())
    }

    /// Shares a file of an agent's; no limits apply. `keep` puts the contents in their place under the id that it is
    /// given, before anybody hears of the file.
    ///
    /// # Errors
    /// When the chat has ended, the participant is not in it, or the contents cannot be kept: nothing is announced then.
    pub fn send_file(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        file: NewFile,
        keep: impl FnOnce(&FileId) -> io::Result<()>,
        now_ms: i64,
    ) -> Result<FileId, SendFileError> {
        self.ensure_present(chat, who)?;
        let id = self.draw_file_id();
        keep(&id)?;
        self.add_file(chat, who, id.clone(), file, now_ms);
        Ok(id)
    }

    /// Adds an event of somebody who is in the chat.
    fn record_event_by(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        kind: EventKind,
        now_ms: i64,
    ) -> Result<EventIndex, DeskError> {
        self.ensure_present(chat, who)?;
        Ok(self.record_event(chat, who, kind, None, now_ms))
    }

    pub(super) fn ensure_live(&self, chat: &ChatId) -> Result<(), DeskError> {
        let chat = self.chat(chat).ok_or(DeskError::UnknownChat)?;
        if chat.end().is_some() {
            Err(DeskError::ChatEnded)
        } else {
            Ok(())
        }
    }

    pub(super) fn ensure_present(
        &self,
        chat: &ChatId,
        who: ParticipantId,
    ) -> Result<&Participant, DeskError> {
        self.ensure_live(chat)?;
        let participant = self.find_participant(chat, who)?;
        if participant.present {
            Ok(participant)
        } else {
            Err(DeskError::NotPresent)
        }
    }

    fn find_participant(
        &self,
        chat: &ChatId,
        who: ParticipantId,
    ) -> Result<&Participant, DeskError> {
        let chat = self.chat(chat).ok_or(DeskError::UnknownChat)?;
        chat.participant(who).ok_or(DeskError::UnknownParticipant)
    }

    fn rename_participant(
        &mut self,
        chat: &ChatId,
        who: ParticipantId,
        nickname: &str,
        now_ms: i64,
    ) {
        let Some(record) = self.chat(chat) else {
            return;
        };
        let Some(mut from) = record.sender(who) else {
            return;
        };
        nickname.clone_into(&mut from.nickname);
        let event = super::Event {
            index: record.next_index(),
            at_ms: now_ms,
            from,
            kind: EventKind::NicknameUpdated,
            attributes: None,
        };
        self.commit(chat, ChatChange::Happened { event });
    }
}
