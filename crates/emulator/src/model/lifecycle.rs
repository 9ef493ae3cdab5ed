//! Operations on a chat as a whole: warning, moving, ending.

use super::change::ChatChange;
use super::{ChatId, DeskError, EndReason, EventIndex, EventKind, ParticipantId, World};

impl World {
    /// Warns that the chat will be closed in `close_in_secs` seconds unless somebody speaks, and does so then.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn idle_alert(
        &mut self,
        chat: &ChatId,
        close_in_secs: u32,
        now_ms: i64,
    ) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.record_event(
            chat,
            ParticipantId::SERVER,
            EventKind::IdleAlert { close_in_secs },
            None,
            now_ms,
        );
        let at_ms = now_ms.saturating_add(i64::from(close_in_secs).saturating_mul(1000));
        self.commit(chat, ChatChange::IdleDeadline { at_ms: Some(at_ms) });
        Ok(())
    }

    /// Adds an event that the visitor never sees: the index moves on all the same.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn hidden(&mut self, chat: &ChatId, now_ms: i64) -> Result<EventIndex, DeskError> {
        self.ensure_live(chat)?;
        Ok(self.record_event(chat, ParticipantId::SERVER, EventKind::Hidden, None, now_ms))
    }

    /// Moves the chat to another host, as after a failure: from the next reply on it goes by another alias and key.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn change_alias(&mut self, chat: &ChatId) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.move_host(chat);
        self.issue_key(chat);
        Ok(())
    }

    /// Ends the chat from the agents' side: everybody leaves, the visitor last.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn end(&mut self, chat: &ChatId, now_ms: i64) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.finish(chat, EndReason::Closed, now_ms);
        Ok(())
    }

    /// Drops the visitor as if there had been no sign of life for too long.
    ///
    /// # Errors
    /// When the chat is unknown or has ended.
    pub fn drop_visitor(&mut self, chat: &ChatId, now_ms: i64) -> Result<(), DeskError> {
        self.ensure_live(chat)?;
        self.finish(chat, EndReason::Dropped, now_ms);
        Ok(())
    }

    /// Keeps what the agents' script wants to know again after a restart.
    pub fn save_script(&mut self, chat: &ChatId, state: String) {
        if self.chat(chat).is_some_and(|c| c.script() != Some(&state)) {
            self.commit(chat, ChatChange::Script { state });
        }
    }

    pub(super) fn cancel_idle(&mut self, chat: &ChatId) {
        if self
            .chat(chat)
            .is_some_and(|c| c.idle_deadline_ms().is_some())
        {
            self.commit(chat, ChatChange::IdleDeadline { at_ms: None });
        }
    }
}
