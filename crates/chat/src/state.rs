//! What a view shows beside the timeline.

use crate::blank::is_blank;
use crate::mask::Mask;
use crate::model::{
    EndReason, FileLimits, NewFile, Participant, Refusal, RefusalReason, RefusedFile, TabRole,
};
use crate::settings::LONGEST_MESSAGE;
use crate::time::Moment;

/// Everything a view shows beside the timeline. Handed out whole whenever some of it changed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct State {
    /// The phase of the chat.
    pub phase: Phase,
    /// The state of the connection to the server.
    pub connection: Connection,
    /// The presence of the contact centre's side.
    pub agents: Agents,
    /// The server's id of the chat that has ended on this page. It opens nothing, and is not kept.
    pub ended_chat: Option<String>,
    /// What the visitor asked in the form, in words of their own. The server does not have it among what was said.
    pub question: Option<String>,
    /// Others who are in the chat now, in order of arrival.
    pub participants: Vec<Participant>,
    /// Others who are typing now.
    pub typing: Vec<Participant>,
    /// Whether the timeline is only what an earlier page knew of the transcript, because the server cannot be
    /// reached.
    pub is_last_known: bool,
    /// Whether the transcript is still to be read again, as after a reload: what comes until then is no news.
    pub is_catching_up: bool,
    /// Messages, links and files that came while the visitor did not look.
    pub unread: u32,
    /// The visitor's name as the server shows it.
    pub nickname: Option<String>,
    /// What there is for the visitor to do; a view offers nothing else.
    pub offers: Offers,
    /// Whether messages can be sent now. What is said all the same waits until then.
    pub messages_taken: bool,
    /// Files that go with the next message, in order. Until then nothing of them leaves.
    pub attachments: Vec<NewFile>,
    /// Files that could not be attached. Gone with the next command, as is `refusal`.
    pub refused_files: Vec<RefusedFile>,
    /// What the server allows of files; `None` before it said so, or when the tenant has no files.
    pub limits: Option<FileLimits>,
    /// The server is about to give up on a silent visitor.
    pub idle: Option<IdleWarning>,
    /// The state of the visitor's storage.
    pub storage: Storage,
    /// The part of this tab among the visitor's. One tab leads: if one only is to make a noise, it is that.
    pub role: TabRole,
    /// The last thing that was refused and belongs to no entry of the timeline (a rename, a deleted
    /// file, a pushed page). Gone with the next command.
    pub refusal: Option<Refusal>,
}

impl State {
    /// Tells whether the visitor can send this text, with what is attached to it, now.
    #[must_use]
    pub fn can_send(&self, text: &str) -> bool {
        self.phase == Phase::Chatting
            && self.messages_taken
            && !(is_blank(text) && self.attachments.is_empty())
            && self.offers.room_for(text) >= 0
    }

    /// Tells why no file at all can be attached now, if so.
    #[must_use]
    pub fn refuse_files(&self) -> Option<RefusalReason> {
        if !self.offers.files || self.phase != Phase::Chatting {
            return Some(RefusalReason::NotOffered);
        }
        self.limits.as_ref()?.refuse_all(&self.agents)
    }

    /// Tells whether a reload would lose what the chat holds.
    #[must_use]
    pub fn is_forgotten_by_reload(&self) -> bool {
        self.phase.is_open() && self.storage == Storage::Fails
    }
}

/// The actions that the server and the tenant offer to the visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offers {
    /// Exchange files.
    pub files: bool,
    /// Change one's name.
    pub rename: bool,
    /// Let the agent see what is typed before it is sent.
    pub typing_preview: bool,
    /// Offer the agent a page.
    pub push_url: bool,
    /// Tell the agent's desktop something of the integrator's own.
    pub notices: bool,
    /// Change user data during a chat.
    pub user_data: bool,
    /// Send messages of this length at most, in UTF-16 code units.
    pub message_units: usize,
    /// Write numbers of these kinds without their being sent.
    pub mask: Mask,
}

impl Offers {
    /// Counts the UTF-16 code units that a message may still grow by; negative if it is too long.
    #[must_use]
    pub fn room_for(&self, message: &str) -> i64 {
        let length = message.encode_utf16().count();
        let signed = |count: usize| i64::try_from(count).unwrap_or(i64::MAX);
        signed(self.message_units) - signed(length)
    }

    /// Returns [`room_for`](Self::room_for) a message once the visitor should know of it: with less than
    /// a tenth left, and 500 code units at most.
    #[must_use]
    pub fn scarce_room_for(&self, message: &str) -> Option<i64> {
        let scarce = i64::try_from(self.message_units / 10).unwrap_or(i64::MAX);
        Some(self.room_for(message)).filter(|room| *room <= scarce.min(500))
    }
}

impl Default for Offers {
    fn default() -> Self {
        Self {
            files: true,
            rename: true,
            typing_preview: false,
            push_url: true,
            notices: true,
            user_data: true,
            message_units: LONGEST_MESSAGE,
            mask: Mask::default(),
        }
    }
}

/// The phases of a chat.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Phase {
    /// None yet.
    #[default]
    Idle,
    /// The last try to start a chat failed: show why at the form, which keeps its answers.
    Refused(Refusal),
    /// A chat was asked for.
    Starting,
    /// A chat is going on (perhaps waiting for an agent: see [`State::agents`]).
    Chatting,
    /// The visitor ended it; the server is being told.
    Ending,
    /// It is over. The timeline stays until [`Command::Reset`](crate::Command::Reset).
    Ended(EndReason),
}

impl Phase {
    /// Tells whether the server has a chat that is not over.
    #[must_use]
    pub fn is_open(&self) -> bool {
        matches!(self, Self::Chatting | Self::Ending)
    }
}

/// The state of the connection to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Connection {
    /// Requests are answered.
    #[default]
    Up,
    /// The last request failed and is tried again.
    Reconnecting,
    /// The browser says there is no network.
    Offline,
}

/// The presence of the contact centre's side.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Agents {
    /// Nobody has come yet.
    #[default]
    Awaited,
    /// At least one agent, bot or supervisor is there.
    Present,
    /// This agent put the chat on hold and will be back.
    OnHold(Participant),
    /// This agent is handing the chat to a colleague.
    Transferring(Participant),
    /// Those who were there have left; the chat goes on.
    Gone,
}

/// The server is about to give up on a silent visitor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdleWarning {
    /// When it will close the chat, where it said so (monotonic clock).
    pub closes_at: Option<Moment>,
}

/// The state of the visitor's storage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    /// Records can be stored.
    #[default]
    Works,
    /// The last attempt to store a record failed: the chat is kept in memory only.
    Fails,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chatting() -> State {
        State {
            phase: Phase::Chatting,
            messages_taken: true,
            offers: Offers {
                message_units: 100,
                ..Offers::default()
            },
            ..State::default()
        }
    }

    #[test]
    fn a_message_is_sent_in_a_chat_that_takes_it() {
        let state = chatting();
        assert!(state.can_send("hello") && state.can_send(&"x".repeat(100)));
        for text in ["", " \n", &"x".repeat(101)] {
            assert!(!state.can_send(text), "{text:?}");
        }
        let refused = Refusal::of(crate::RefusalReason::CannotStartNow);
        for phase in [
            Phase::Idle,
            Phase::Refused(refused),
            Phase::Starting,
            Phase::Ending,
            Phase::Ended(EndReason::Gone),
        ] {
            let open = phase == Phase::Ending;
            assert_eq!(phase.is_open(), open);
            assert!(
                !State {
                    phase,
                    ..chatting()
                }
                .can_send("hello")
            );
        }
        let held = State {
            messages_taken: false,
            ..chatting()
        };
        assert!(!held.can_send("hello"));
    }

    #[test]
    fn room_is_counted_as_the_browser_counts_it_and_told_when_it_is_scarce() {
        let offers = chatting().offers;
        assert_eq!(offers.room_for("\u{1f600}é"), 97);
        assert_eq!(offers.room_for(&"x".repeat(103)), -3);
        for (length, scarce) in [(0, None), (89, None), (90, Some(10)), (103, Some(-3))] {
            assert_eq!(offers.scarce_room_for(&"x".repeat(length)), scarce);
        }
        let usual = Offers::default();
        assert_eq!(usual.scarce_room_for(&"x".repeat(13_499)), None);
        assert_eq!(usual.scarce_room_for(&"x".repeat(13_500)), Some(500));
    }

    #[test]
    fn a_reload_forgets_an_open_chat_without_storage() {
        let unstored = State {
            storage: Storage::Fails,
            ..chatting()
        };
        assert!(unstored.is_forgotten_by_reload());
        assert!(!chatting().is_forgotten_by_reload());
        let ended = State {
            phase: Phase::Ended(EndReason::Gone),
            ..unstored
        };
        assert!(!ended.is_forgotten_by_reload());
    }
}
