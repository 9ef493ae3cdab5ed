//! Where the visitor's chat stands: one state, from which the view's phase is derived.

use super::denials::Denials;
use crate::dialect::{Accepts, Keys};
use crate::io::FormAnswers;
use crate::model::{EndReason, EventIndex, Participant, ReadFrom, Refusal};
use crate::records::StoredTranscript;
use crate::state::Phase;
use crate::time::{Moment, WallTime};

/// Events that were first seen within so many milliseconds count as seen at one time.
const SEEN_TOGETHER: u64 = 1000;

/// The states of a session.
#[derive(Clone, Debug, Default)]
pub(super) enum Lifecycle {
    /// There is no chat yet.
    #[default]
    Idle,
    /// The last try to start a chat failed.
    Refused(Refusal),
    /// A chat was asked for.
    Starting(Starting),
    /// The server has a chat.
    Open(Box<Chat>),
    /// The chat is over.
    Ended(EndReason),
}

/// A chat that was asked for.
#[derive(Clone, Debug)]
pub(super) struct Starting {
    pub(super) answers: FormAnswers,
    pub(super) tries: u32,
}

/// A chat that the server has.
#[derive(Clone, Debug)]
pub(super) struct Chat {
    pub(super) stage: ChatStage,
    pub(super) keys: Keys,
    /// What the server takes now; `None` before it said so.
    pub(super) accepts: Option<Accepts>,
    /// The position to read from next. Moved only by replies that were asked for the transcript.
    pub(super) read: ReadFrom,
    /// Whether the position is surer than the numbers of events behind it: the server has told it, or events came
    /// after one with a higher number.
    pub(super) is_read_sure: bool,
    /// Events that have been taken in, ascending.
    pub(super) known: Vec<EventIndex>,
    /// When the last of them was.
    pub(super) known_at: Moment,
    /// The replies that denied some of it.
    pub(super) denials: Denials,
    /// When events were first seen that the server gives no time for: from which event on, and when.
    pub(super) first_seen: Vec<(EventIndex, WallTime)>,
    /// The events that are to be seen again after a reload, where the server shows them only once.
    pub(super) transcript: StoredTranscript,
    /// What stands before was read by an earlier page: it is no news.
    pub(super) old_before: ReadFrom,
    /// Whether the transcript has been read since this page took the chat up: before that, no message
    /// could tell its echo from earlier ones.
    pub(super) caught_up: bool,
    /// The last event the visitor has seen.
    pub(super) seen: EventIndex,
    /// The last event from somebody else.
    pub(super) newest_from_others: EventIndex,
    /// The last event that was acknowledged.
    pub(super) receipted: EventIndex,
    /// The visitor's name as the transcript's last own event has it.
    pub(super) name: String,
    /// Refreshes refused in a row.
    pub(super) refused: u32,
    /// Whether the visitor has left by the transcript, and not because the contact centre closed the chat.
    pub(super) has_left: bool,
    /// Whether nobody of the contact centre was there when the visitor left: it may have ended the chat, too.
    pub(super) was_alone: bool,
    /// Who put the chat on hold, until an agent is there again.
    pub(super) on_hold: Option<Participant>,
}

/// The stages of a chat that the server has.
#[derive(Clone, Debug)]
pub(super) enum ChatStage {
    /// It is yet to be joined, where that is a step of its own.
    Joining(Joining),
    /// It goes on.
    Chatting,
    /// The visitor wants to end it, once what is on its way has arrived.
    Ending(Ending),
    /// The server said that it is over in a reply without the transcript: the last words are read before
    /// it is.
    Closing(Closing),
}

/// A chat that is yet to be joined.
#[derive(Clone, Debug)]
pub(super) struct Joining {
    pub(super) answers: FormAnswers,
    pub(super) step: JoinStep,
    /// Answers in a row that were of no use.
    pub(super) tries: u32,
}

/// The next question about a chat that is yet to be joined.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum JoinStep {
    Join,
    /// It was too early: whether an agent is there.
    AwaitAgent,
}

/// The visitor's wish to end the chat.
#[derive(Clone, Debug)]
pub(super) struct Ending {
    /// When waiting for messages on their way is over.
    pub(super) patience_until: Moment,
    pub(super) tries: u32,
    /// Set if the chat was yet to be joined.
    pub(super) joining: Option<Joining>,
}

/// A chat that is over but for its last words.
#[derive(Clone, Debug)]
pub(super) struct Closing {
    pub(super) reason: EndReason,
    /// When the server said so.
    pub(super) since: Moment,
    pub(super) tries: u32,
    /// Set if the visitor wants to end it as well.
    pub(super) ending: Option<Ending>,
}

impl Lifecycle {
    /// Derives what the view shows of it.
    pub(super) fn phase(&self) -> Phase {
        match self {
            Self::Idle => Phase::Idle,
            Self::Refused(refusal) => Phase::Refused(refusal.clone()),
            Self::Starting(_) => Phase::Starting,
            Self::Open(chat) if chat.ending().is_some() => Phase::Ending,
            Self::Open(_) => Phase::Chatting,
            Self::Ended(reason) => Phase::Ended(*reason),
        }
    }

    pub(super) fn is_starting(&self) -> bool {
        matches!(self, Self::Starting(_))
    }

    /// Tells whether there is something to talk to a server about.
    pub(super) fn is_under_way(&self) -> bool {
        matches!(self, Self::Starting(_) | Self::Open(_))
    }

    /// Tells whether the visitor wants to end the chat.
    pub(super) fn is_ending(&self) -> bool {
        self.chat().is_some_and(|chat| chat.ending().is_some())
    }

    /// Tells whether the visitor can still say something.
    pub(super) fn is_chatting(&self) -> bool {
        self.chat().is_some_and(|chat| chat.ending().is_none())
    }

    pub(super) fn starting_mut(&mut self) -> Option<&mut Starting> {
        match self {
            Self::Starting(starting) => Some(starting),
            _ => None,
        }
    }

    pub(super) fn chat(&self) -> Option<&Chat> {
        match self {
            Self::Open(chat) => Some(chat),
            _ => None,
        }
    }

    pub(super) fn chat_mut(&mut self) -> Option<&mut Chat> {
        match self {
            Self::Open(chat) => Some(chat),
            _ => None,
        }
    }
}

impl Chat {
    pub(super) fn new(keys: Keys) -> Self {
        Self {
            stage: ChatStage::Chatting,
            keys,
            accepts: None,
            read: ReadFrom::START,
            is_read_sure: false,
            known: Vec::new(),
            known_at: Moment(0),
            denials: Denials::default(),
            first_seen: Vec::new(),
            transcript: StoredTranscript::default(),
            old_before: ReadFrom::START,
            caught_up: true,
            seen: EventIndex(0),
            newest_from_others: EventIndex(0),
            receipted: EventIndex(0),
            name: String::new(),
            refused: 0,
            has_left: false,
            was_alone: false,
            on_hold: None,
        }
    }

    pub(super) fn joining(&self) -> Option<&Joining> {
        match &self.stage {
            ChatStage::Joining(joining) => Some(joining),
            ChatStage::Ending(ending) => ending.joining.as_ref(),
            ChatStage::Chatting | ChatStage::Closing(_) => None,
        }
    }

    pub(super) fn joining_mut(&mut self) -> Option<&mut Joining> {
        match &mut self.stage {
            ChatStage::Joining(joining) => Some(joining),
            ChatStage::Ending(ending) => ending.joining.as_mut(),
            ChatStage::Chatting | ChatStage::Closing(_) => None,
        }
    }

    pub(super) fn ending(&self) -> Option<&Ending> {
        match &self.stage {
            ChatStage::Ending(ending) => Some(ending),
            ChatStage::Closing(closing) => closing.ending.as_ref(),
            ChatStage::Joining(_) | ChatStage::Chatting => None,
        }
    }

    pub(super) fn ending_mut(&mut self) -> Option<&mut Ending> {
        match &mut self.stage {
            ChatStage::Ending(ending) => Some(ending),
            ChatStage::Closing(closing) => closing.ending.as_mut(),
            ChatStage::Joining(_) | ChatStage::Chatting => None,
        }
    }

    pub(super) fn closing(&self) -> Option<&Closing> {
        match &self.stage {
            ChatStage::Closing(closing) => Some(closing),
            _ => None,
        }
    }

    /// Takes note that the chat was joined.
    pub(super) fn finish_joining(&mut self) {
        match &mut self.stage {
            ChatStage::Joining(_) => self.stage = ChatStage::Chatting,
            ChatStage::Ending(ending) => ending.joining = None,
            ChatStage::Chatting | ChatStage::Closing(_) => {}
        }
    }

    /// Begins to end the chat, as the visitor wants; what is on its way is waited for until then.
    pub(super) fn begin_ending(&mut self, patience_until: Moment) {
        let mut ending = Ending {
            patience_until,
            tries: 0,
            joining: None,
        };
        self.stage = match core::mem::replace(&mut self.stage, ChatStage::Chatting) {
            ChatStage::Joining(joining) => {
                ending.joining = Some(joining);
                ChatStage::Ending(ending)
            }
            ChatStage::Chatting => ChatStage::Ending(ending),
            ChatStage::Closing(mut closing) => {
                closing.ending.get_or_insert(ending);
                ChatStage::Closing(closing)
            }
            ending @ ChatStage::Ending(_) => ending,
        };
    }

    /// Begins to close the chat: the server said at `since` that it is over. `tries` counts the reads of its
    /// last words.
    pub(super) fn begin_closing(&mut self, reason: EndReason, since: Moment, tries: u32) {
        let ending = match core::mem::replace(&mut self.stage, ChatStage::Chatting) {
            ChatStage::Ending(ending) => Some(ending),
            ChatStage::Closing(closing) => closing.ending,
            ChatStage::Joining(_) | ChatStage::Chatting => None,
        };
        self.stage = ChatStage::Closing(Closing {
            reason,
            since,
            tries,
            ending,
        });
    }

    /// Goes on with a chat that was closing: the server that said that it was over was behind, or mistaken.
    pub(super) fn reopen(&mut self) {
        if let ChatStage::Closing(closing) = &mut self.stage {
            self.stage = match closing.ending.take() {
                Some(ending) => ChatStage::Ending(ending),
                None => ChatStage::Chatting,
            };
        }
    }

    /// Returns the last event that was taken in; 0 before the first.
    pub(super) fn last_known(&self) -> EventIndex {
        self.known.last().copied().unwrap_or_default()
    }

    /// Returns the last event that was passed, by what is known here or was known to an earlier page.
    pub(super) fn last_passed(&self) -> EventIndex {
        self.last_known()
            .max(EventIndex(self.read.0.saturating_sub(1)))
    }

    /// Reads on to the first event that is missing, where none of them is hidden.
    pub(super) fn pass_what_is_known(&mut self) {
        while self.known.binary_search(&EventIndex(self.read.0)).is_ok() {
            self.read.0 += 1;
        }
    }

    /// Returns when an event was first seen: by an earlier page, or now.
    pub(super) fn first_seen(&mut self, index: EventIndex, now: WallTime) -> WallTime {
        let old = index.0 < self.old_before.0;
        match self
            .first_seen
            .iter()
            .rev()
            .find(|(from, _)| *from <= index)
        {
            Some((_, at)) if old || now.0.abs_diff(at.0) < SEEN_TOGETHER => *at,
            _ if old => now,
            _ => {
                self.first_seen.push((index, now));
                now
            }
        }
    }
}
