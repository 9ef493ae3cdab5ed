//! The chat core: everything that can be right or wrong about a chat, with no clock, no
//! randomness of its own, no web, no async and no words in any language.
//!
//! # The law of the run loop
//!
//! ```text
//! session.handle(input, now);          // one mutation …
//! while let Some(output) = session.poll() { carry_out(output) }   // … then drain, in order
//! ```
//!
//! * Outputs are carried out **in order**: an [`Output::Store`] that stands before an
//!   [`Output::Request`] must have reached the storage before the request leaves. That is what makes
//!   "nothing typed is lost" true. A store that fails is reported with [`Input::StorageFailed`]; the
//!   chat goes on in memory.
//! * Every [`Output::Request`] is answered by exactly one [`Input::Reply`] or [`Input::Failed`] with
//!   its id, unless an [`Output::Abort`] named it first. Late answers are harmless.
//! * [`Output::Wake`] replaces the wake-up before it. When it is due, hand in [`Input::Tick`].
//! * [`Now`] carries two clocks that must not be mixed: a [`Moment`] only ever grows and is for
//!   waiting; a [`WallTime`] may jump and is for showing.
//!
//! The core never sees the contents of a file: an upload is a [`FileHandle`] that the driver resolves.

#![forbid(unsafe_code)]
#![cfg_attr(
    not(all(
        feature = "gms-v1",
        feature = "gms-v1-cometd",
        feature = "gms-v2-cometd",
        feature = "gws"
    )),
    allow(
        dead_code,
        reason = "a build for one dialect leaves the others' helpers alone"
    )
)]

mod answers;
mod blank;
mod conversation;
pub mod dialect;
mod draft;
mod emoji;
mod faces;
mod files;
mod fold;
mod io;
mod links;
mod markdown;
mod mask;
mod model;
mod outbox;
mod pace;
mod records;
mod rich;
mod runs;
mod session;
mod settings;
mod state;
mod time;
mod timeline;
mod typing;

pub use answers::is_telephone;
pub use conversation::{Conversation, Line, Wording};
pub use emoji::is_few_emoji;
pub use faces::{FACE_COLOURS, Face};
pub use files::{is_page_instead, text_wins};
pub use fold::fold;
pub use io::{
    Body, Expect, Failure, FormAnswers, Header, Input, Keep, Network, Output, Record, RecordName,
    Request, RequestId, Response, TabMessage, Visibility,
};
pub use io::{CarriedCommand, ChatCommand, Command, Panel};
pub use links::{TextPiece, split_at_links};
pub use markdown::{Block, ListItem, Span, markdown};
pub use mask::Mask;
pub use model::{
    Author, EndReason, EventIndex, FileHandle, FileId, FileLimits, LeaveReason, NewFile,
    Participant, ParticipantId, ParticipantKind, ReadFrom, Refusal, RefusalReason, RefusedFile,
    ServerCode, TabRole,
};
pub use rich::{Layout, Picture, Rich, RichAction, RichItem};
pub use runs::short_runs;
pub use session::{Session, TAB_SYNC, TabSync};
pub use settings::{DialectKind, FeatureSet, GwsPaths, GwsReads, PaceSettings, Settings};
pub use state::{Agents, Connection, IdleWarning, Offers, Phase, State, Storage};
pub use time::{Moment, Now, WallTime};
pub use timeline::{
    Change, Entry, EntryId, FileEntry, FileState, Group, Item, MessageState, Timeline,
};
