//! Push sessions that only bring the news, each once. A refresh tells how far the transcript goes, and so whether
//! anything is missing.

use crate::dialect::{Keys, Reply};
use crate::model::ReadFrom;
use crate::session::Session;
use crate::time::Moment;

/// How often a server is asked how far its transcript goes before what it has not pushed by then counts as lost.
const ASKED_UNTIL_LOST: u32 = 4;
/// After how many of these answers a new session is to bring it.
const ASKED_UNTIL_RENEWED: u32 = 2;

impl Session {
    /// Handles news on a session that only brings them.
    pub(super) fn on_notification(&mut self, reply: Reply) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.keys.renew(reply.keys);
        self.take_events(reply.events);
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.pass_what_is_known();
        if let Some((end, asked, _)) = self.push.awaited
            && end <= chat.read
        {
            self.on_complete(asked);
        }
    }

    /// Handles the end of the transcript, as told by a server that shows its events only once.
    pub(in crate::session) fn on_position(&mut self, asked: Moment, end: Option<ReadFrom>) {
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.refused = 0;
        self.push.is_following = true;
        let times = self.push.awaited.map_or(1, |(.., times)| times + 1);
        match end.unwrap_or(ReadFrom(u64::MAX)) {
            end if end > chat.read && times < ASKED_UNTIL_LOST => {
                // It is on its way, or was lost with an earlier session; or the server does not say.
                self.push.awaited = Some((end, asked, times));
                self.pace.refresh_again(self.now.moment);
                if times == ASKED_UNTIL_RENEWED {
                    self.renew_push_session();
                    self.pace.refresh_again(self.now.moment);
                }
            }
            _ => {
                chat.read = chat.read.max(end.unwrap_or(chat.read));
                self.on_complete(asked);
            }
        }
    }

    /// Takes note that every event up to then has been pushed.
    pub(super) fn on_complete(&mut self, asked: Moment) {
        self.push.awaited = None;
        let Some(chat) = self.lifecycle.chat_mut() else {
            return;
        };
        chat.caught_up = true;
        chat.reopen();
        self.pace.forget_outage();
        self.on_transcript_read(asked);
        self.pace.on_refreshed(self.now.moment);
    }

    /// Keeps the name by which the server is to know the visitor along with the chat's keys.
    pub(in crate::session) fn with_visitor_name(&self, keys: Keys) -> Keys {
        match self.settings.dialect.user_header() {
            Some(_) => Keys {
                user: self.push.user.clone(),
                ..keys
            },
            None => keys,
        }
    }
}
