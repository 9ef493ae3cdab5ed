//! One world of chats, shared by all dialects: chats, participants, one event log per chat, file metadata, issued keys.
//!
//! Every change that must outlive the process goes through [`Change`]: it is applied and added to the journal in one
//! place, so that [`World::replay`] rebuilds the same world. What a restart may forget (signs of life) is not in the journal.
//!
//! Positions and participants follow no dialect's rules: each dialect translates them.

mod change;
mod chat;
mod desk;
mod event;
mod file;
mod id;
mod lifecycle;
mod numbering;
mod options;
mod recent;
mod service;
mod timers;
mod visitor;
mod world;

pub use change::Change;
#[cfg(feature = "server")]
pub(crate) use change::{ChatChange, JournalEntry};
pub use chat::{Chat, Dialect, End, EndReason, NewChat, Participant};
pub use desk::{DeskError, SendFileError};
pub use event::{Event, EventKind, LeaveReason, Role, Sender};
pub use file::{Blobs, DeleteError, DownloadError, FileMeta, MemoryBlobs, NewFile, UploadError};
pub use id::{ChatId, EventIndex, FileId, ParticipantId, ServiceId};
#[cfg(test)]
pub(crate) use numbering::every_kind;
pub(crate) use options::fits_packet;
pub use options::{FileLimits, Options, TypingPreview};
pub use recent::Version;
pub use service::{Delivery, NewService, Push, Service};
pub use world::World;
#[cfg(feature = "server")]
pub(crate) use world::could_be_file_id;
