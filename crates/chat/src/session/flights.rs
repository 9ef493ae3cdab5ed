//! Requests that have left and are not answered yet.

use crate::dialect::{Action, Asked, Extras};
use crate::io::RequestId;
use crate::model::{EventIndex, FileId};
use crate::time::Moment;
use crate::timeline::EntryId;

/// What a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Job {
    Start,
    Join,
    Refresh,
    Course,
    Send(EntryId),
    Errand(Errand),
    Upload(EntryId),
    Download(EntryId),
    End,
}

/// A small request that waits its turn among its like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Errand {
    pub(super) kind: ErrandKind,
    pub(super) failures: u32,
}

/// What a small request does.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Cancels the server's idle timer (`customNotice`, seen with live clients).
const STAY_AWAKE: &str = r#"{"purpose":"cancel-idle-timer"}"#;

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

    /// Whether a second try does no harm when the first one's outcome is unknown.
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

    /// Whether servers with these abilities understand it.
    pub(super) fn within(&self, rename: bool, extras: Extras) -> bool {
        match self {
            Self::Rename(_) => rename,
            Self::Notice { .. } => extras != Extras::None,
            Self::PushUrl(_) | Self::UpdateData(_) | Self::StayAwake => extras == Extras::All,
            _ => true,
        }
    }

    /// Whether the visitor asked for it and should be told that it failed.
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
    pub(super) asked: Asked,
}

impl Flight {
    /// Whether the transcript was asked for.
    pub(super) fn reads(&self) -> bool {
        self.asked == Asked::Transcript
    }
}

/// All requests that have left.
#[derive(Clone, Debug, Default)]
pub(super) struct Flights {
    /// A handful at most, and always with rising ids.
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

    pub(super) fn overdue(&self, now: Moment) -> Option<RequestId> {
        self.flying
            .iter()
            .find(|(_, flight)| flight.deadline <= now)
            .map(|(id, _)| *id)
    }

    pub(super) fn next_deadline(&self) -> Option<Moment> {
        let deadlines = self.flying.iter().map(|(_, flight)| flight.deadline);
        deadlines.min()
    }

    pub(super) fn drain(&mut self) -> Vec<RequestId> {
        self.flying.drain(..).map(|(id, _)| id).collect()
    }
}
