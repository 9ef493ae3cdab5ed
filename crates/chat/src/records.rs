//! What survives a reload: versioned, tolerant of older forms, bound to one scope.

use serde::{Deserialize, Serialize};

use crate::dialect::Keys;
use crate::io::{Keep, Record, RecordName};
use crate::model::{EndReason, Refusal};
use crate::time::WallTime;
use crate::timeline::Item;

/// The form written today. Newer ones are left alone.
const VERSION: u32 = 1;

pub(crate) const SESSION: &str = "session";
pub(crate) const DRAFT: &str = "draft";
pub(crate) const ENDED: &str = "ended";
pub(crate) const OUTBOX: &str = "outbox/";

/// Around every record.
#[derive(Serialize, Deserialize)]
struct Envelope<T> {
    #[serde(default)]
    v: u32,
    #[serde(default)]
    scope: String,
    data: T,
}

/// The chat that is going on.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SessionRecord {
    pub(crate) keys: Keys,
    /// How far the transcript was read: what stands before is no news after a reload.
    pub(crate) read: u64,
    /// The last event the visitor has seen.
    pub(crate) seen: u64,
    /// Texts that were sent again and may turn up late.
    pub(crate) ghosts: Vec<String>,
}

/// A message on its way, or a file (whose contents do not survive).
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct OutboxRecord {
    /// The tab it was typed in.
    pub(crate) owner: String,
    /// Its place in the visitor's order.
    pub(crate) order: u64,
    pub(crate) text: String,
    pub(crate) at: WallTime,
    /// The position before its send.
    pub(crate) from: u64,
    pub(crate) stage: StageRecord,
    /// Why it failed.
    pub(crate) refusal: Option<Refusal>,
    /// Set for a file.
    pub(crate) file: Option<FileRecord>,
}

/// How far a message got.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum StageRecord {
    #[default]
    Queued,
    Left,
    Taken,
    Failed,
}

/// A file that was to be uploaded.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct FileRecord {
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// A chat that is over, for the tab that shows it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct EndedRecord {
    pub(crate) reason: EndReason,
    pub(crate) entries: Vec<(WallTime, Item)>,
    #[serde(default)]
    pub(crate) draft: String,
}

/// Writes a record's value.
pub(crate) fn write<T: Serialize>(scope: &str, data: &T) -> String {
    let envelope = Envelope {
        v: VERSION,
        scope: scope.into(),
        data,
    };
    // Plain data with text keys always becomes JSON; if it ever did not, an empty value is skipped
    // at the next restore.
    serde_json::to_string(&envelope).unwrap_or_default()
}

/// Reads a record's value; `None` if it is of another scope, of a newer form, or broken.
pub(crate) fn read<T: for<'a> Deserialize<'a>>(scope: &str, value: &str) -> Option<T> {
    let envelope: Envelope<T> = serde_json::from_str(value).ok()?;
    (envelope.v <= VERSION && envelope.scope == scope).then_some(envelope.data)
}

/// Tells whether a record is somebody else's: of a newer form, or of another scope. Such are neither
/// read nor erased.
pub(crate) fn is_foreign(scope: &str, value: &str) -> bool {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Label {
        v: u32,
        scope: String,
    }
    serde_json::from_str::<Label>(value)
        .is_ok_and(|label| label.v > VERSION || (!label.scope.is_empty() && label.scope != scope))
}

/// Where a record of this name lives.
pub(crate) fn keep(name: &str) -> Keep {
    if name == ENDED {
        Keep::ForTab
    } else {
        Keep::ForVisitor
    }
}

/// Makes a record.
pub(crate) fn record(name: &str, value: Option<String>) -> Record {
    Record {
        name: RecordName(name.into()),
        keep: keep(name),
        value,
    }
}
