//! Requests that have left and are not answered yet.

use crate::dialect::{Abilities, Action, Extras, ReplyKind};
use crate::io::RequestId;
use crate::model::{EventIndex, FileId, ReadFrom};
use crate::time::Moment;
use crate::timeline::EntryId;

/// The purpose of a request.
#[derive(Clone, Debug)]
pub(super) enum Job {
    Start,
    Join,
    Refresh,
    Status,
    /// A poll of the push session, or a message that opens one.
    Poll,
    Send(EntryId),
    Errand(Errand),
    Upload(EntryId),
    Download(EntryId),
    End,
}

/// A small request that waits its turn among its like.
#[derive(Clone, Debug)]
pub(super) struct Errand {
    pub(super) kind: ErrandKind,
    pub(super) failures: u32,
}

impl Errand {
    /// Tells whether the visitor asked for it and it was not tried yet. Whatever small requests must wait for, it
    /// is tried once.
    pub(super) fn is_fresh_wish(&self) -> bool {
        self.failures == 0 && self.kind.matters_to_visitor()
    }
}

/// The purpose of a small request.
#[derive(Clone, Debug)]
pub(super) enum ErrandKind {
    StartTyping(Option<String>),
    StopTyping,
    PushUrl(String),
    Rename(String),
    Notice {
        message: Option<String>,
        attributes: Option<String>,
    },
    StayAwake,
    UpdateData(Vec<(String, String)>),
    Receipt(EventIndex),
    Limits,
    Delete(EntryId, FileId),
}

/// The notice that cancels the server's idle timer (`customNotice`, seen with live clients).
const STAY_AWAKE: &str = r#"{"purpose":"cancel-idle-timer"}"#;

impl Job {
    /// Tells whether it asks for news or for a chat. A server that is asked for one of these is asked for no other
    /// before its patience is over.
    pub(super) fn asks(&self) -> bool {
        self.is_sign_of_life() || matches!(self, Self::Start | Self::Join)
    }

    /// Tells whether it is what keeps the server from dropping a visitor who says nothing.
    pub(super) fn is_sign_of_life(&self) -> bool {
        matches!(self, Self::Refresh | Self::Status | Self::Poll)
    }
}

impl ErrandKind {
    pub(super) fn action(&self) -> Action {
        match self.clone() {
            Self::StartTyping(preview) => Action::StartTyping(preview),
            Self::StopTyping => Action::StopTyping,
            Self::PushUrl(url) => Action::PushUrl(url),
            Self::Rename(name) => Action::UpdateNickname(name),
            Self::Notice {
                message,
                attributes,
            } => Action::CustomNotice {
                message,
                attributes,
            },
            Self::StayAwake => Action::CustomNotice {
                message: None,
                attributes: Some(STAY_AWAKE.into()),
            },
            Self::UpdateData(data) => Action::UpdateData(data),
            Self::Receipt(index) => Action::ReadReceipt(index),
            Self::Limits => Action::FileLimits,
            Self::Delete(_, id) => Action::DeleteFile(id),
        }
    }

    /// Tells whether a second try does no harm when the first one's outcome is unknown.
    pub(super) fn repeatable(&self) -> bool {
        match self {
            Self::Rename(_)
            | Self::StayAwake
            | Self::UpdateData(_)
            | Self::Receipt(_)
            | Self::Limits
            | Self::Delete(..) => true,
            // Typing is stale by the time of a second try; the others would be seen twice.
            Self::StartTyping(_) | Self::StopTyping | Self::PushUrl(_) | Self::Notice { .. } => {
                false
            }
        }
    }

    /// Tells whether servers with these abilities understand it.
    pub(super) fn within(&self, abilities: Abilities) -> bool {
        match self {
            Self::Rename(_) => abilities.rename,
            Self::Notice { .. } => abilities.extras != Extras::None,
            Self::PushUrl(_) | Self::UpdateData(_) | Self::StayAwake => {
                abilities.extras == Extras::All
            }
            _ => true,
        }
    }

    /// Tells whether the visitor asked for it and should be told that it failed.
    pub(super) fn matters_to_visitor(&self) -> bool {
        matches!(
            self,
            Self::PushUrl(_) | Self::Rename(_) | Self::Delete(..) | Self::StayAwake
        )
    }
}

/// A request that has left.
#[derive(Clone, Debug)]
pub(super) struct Flight {
    pub(super) job: Job,
    pub(super) since: Moment,
    pub(super) deadline: Moment,
    pub(super) reply_kind: ReplyKind,
    /// The position to read from when it left.
    pub(super) from: ReadFrom,
    /// Which push session it went to, or came from.
    pub(super) push_session: u64,
    /// How much of its answer has come, where that comes in two halves.
    pub(super) half: Half,
}

/// The halves of an answer to a published message: the acknowledgement, and the push with the outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Half {
    /// None of them.
    #[default]
    Neither,
    /// The server has the message.
    Acknowledged,
    /// What came of it was pushed.
    Pushed,
}

impl Flight {
    /// Tells whether the request itself was answered.
    pub(super) fn is_answered(&self) -> bool {
        self.half == Half::Acknowledged
    }

    /// Tells whether the transcript was asked for.
    pub(super) fn reads(&self) -> bool {
        self.reply_kind == ReplyKind::Transcript
    }
}

/// All requests that have left.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights {
    /// A handful at most.
    flying: Vec<(RequestId, Flight)>,
    next: u64,
}

impl Flights {
    pub(super) fn launch(&mut self, flight: Flight) -> RequestId {
        let id = RequestId(self.next);
        self.next += 1;
        self.flying.push((id, flight));
        id
    }

    /// Tells whether a job's request has left and is not answered.
    pub(super) fn is_unacknowledged(&self, is: impl Fn(&Job) -> bool) -> bool {
        let waits = |flight: &Flight| is(&flight.job) && !flight.is_answered();
        self.flying.iter().any(|(_, flight)| waits(flight))
    }

    /// Returns the earliest read position of the requests under way on the push session.
    pub(super) fn earliest_read_position(&self) -> Option<ReadFrom> {
        let on_line = |flight: &&Flight| flight.reply_kind == ReplyKind::PushSession;
        let flights = self.flying.iter().map(|(_, flight)| flight);
        flights.filter(on_line).map(|flight| flight.from).min()
    }

    /// Claims the request whose outcome was pushed, if it waits for that. It stays in flight until the
    /// server has answered it, too.
    pub(super) fn take_push(&mut self, is: impl Fn(&Job) -> bool) -> Option<Flight> {
        let awaits = |flight: &Flight| is(&flight.job) && flight.half != Half::Pushed;
        let at = self.flying.iter().position(|(_, flight)| awaits(flight))?;
        let (_, flight) = self.flying.get_mut(at)?;
        if flight.is_answered() {
            return Some(self.flying.remove(at).1);
        }
        flight.half = Half::Pushed;
        Some(flight.clone())
    }

    /// Waits for what the server was to push because of this job no longer.
    pub(super) fn forget_acknowledged(&mut self, is: impl Fn(&Job) -> bool) {
        self.flying
            .retain(|(_, flight)| !(flight.is_answered() && is(&flight.job)));
    }

    /// Notes what came of the message that was published: its acknowledgement says no more of it.
    pub(super) fn settle_published(&mut self) {
        for (_, flight) in &mut self.flying {
            if flight.reply_kind == ReplyKind::PushSession
                && matches!(flight.job, Job::Send(_) | Job::Errand(_))
            {
                flight.half = Half::Pushed;
            }
        }
    }

    /// Puts back a request that was answered and is not over.
    pub(super) fn put_back(&mut self, id: RequestId, flight: Flight) {
        self.flying.push((
            id,
            Flight {
                half: Half::Acknowledged,
                ..flight
            },
        ));
    }

    pub(super) fn land(&mut self, id: RequestId) -> Option<Flight> {
        let at = self.flying.iter().position(|(flying, _)| *flying == id)?;
        Some(self.flying.remove(at).1)
    }

    pub(super) fn get_mut(&mut self, id: RequestId) -> Option<&mut Flight> {
        let flying = self.flying.iter_mut().find(|(flying, _)| *flying == id);
        flying.map(|(_, flight)| flight)
    }

    pub(super) fn any(&self, is: impl Fn(&Job) -> bool) -> bool {
        self.find(is).is_some()
    }

    pub(super) fn find(&self, is: impl Fn(&Job) -> bool) -> Option<RequestId> {
        self.flying
            .iter()
            .find(|(_, flight)| is(&flight.job))
            .map(|(id, _)| *id)
    }

    pub(super) fn first_past_deadline(&self, now: Moment) -> Option<(RequestId, bool)> {
        self.flying
            .iter()
            .find(|(_, flight)| flight.deadline <= now)
            .map(|(id, flight)| (*id, flight.is_answered()))
    }

    pub(super) fn next_deadline(&self) -> Option<Moment> {
        let deadlines = self.flying.iter().map(|(_, flight)| flight.deadline);
        deadlines.min()
    }

    /// Empties the list. Returns those that are yet to be answered.
    pub(super) fn drain(&mut self) -> Vec<RequestId> {
        self.flying.retain(|(_, flight)| !flight.is_answered());
        self.flying.drain(..).map(|(id, _)| id).collect()
    }
}
