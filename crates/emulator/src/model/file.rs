//! Files: what is known about them, and where their contents are kept.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{FileId, ParticipantId};

/// A description of a file that somebody wants to share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct NewFile {
    /// Its name as the sender gave it. Never used as a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type, as the sender gave it.
    pub content_type: Option<String>,
    /// What else the sender says about it (`file-description` and others).
    pub user_data: BTreeMap<String, String>,
}

/// A description of a file that was shared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileMeta {
    /// Its id, unique on the server.
    pub id: FileId,
    /// Its name as the sender gave it. Never used as a path.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Media type, as the sender gave it.
    pub content_type: Option<String>,
    /// What else the sender said about it.
    pub user_data: BTreeMap<String, String>,
    /// Who shared it.
    pub sender: ParticipantId,
    /// Whether it was taken back.
    pub deleted: bool,
    /// How often the visitor has fetched it.
    pub downloads: u32,
}

/// Why an upload is refused (codes 201 to 203 of protocol section 1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum UploadError {
    /// The visitor has sent as many files as allowed.
    #[error("too many files")]
    TooMany {
        /// How many are allowed.
        max: u32,
    },
    /// This file, or all together, would be too large.
    #[error("too large")]
    TooLarge {
        /// Bytes allowed.
        max: u64,
    },
    /// The name's extension is not on the list.
    #[error("type of file not allowed")]
    Type,
    /// No agent is there yet, and the server wants one.
    #[error("an agent must accept the chat before a file can be sent")]
    NoAgent,
    /// The chat is unknown or has ended.
    #[error("no such chat")]
    NoChat,
}

/// Why a download is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DownloadError {
    /// There is no such file in this chat, or it was taken back.
    #[error("no such file")]
    NoFile,
    /// The file was fetched as often as allowed.
    #[error("too many downloads")]
    TooOften,
}

/// Why a deletion is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DeleteError {
    /// There is no such file in this chat, or it was taken back already.
    #[error("no such file")]
    NoFile,
    /// It is not this participant's to take back.
    #[error("only the sender may delete a file")]
    NotYours,
    /// The server does not let visitors delete.
    #[error("deleting files is switched off")]
    SwitchedOff,
}

/// A store for the contents of files.
pub trait Blobs {
    /// Keeps `contents` under `id`.
    ///
    /// # Errors
    /// When they cannot be kept; the file must not be announced then.
    fn put(&mut self, id: &FileId, contents: &[u8]) -> std::io::Result<()>;
}

/// A store in memory, for tests and simulations.
#[derive(Debug, Clone, Default)]
pub struct MemoryBlobs(HashMap<FileId, Vec<u8>>);

impl MemoryBlobs {
    /// Forgets the contents of `id`.
    pub fn remove(&mut self, id: &FileId) {
        self.0.remove(id);
    }

    /// Reads the contents of `id`.
    pub fn contents(&self, id: &FileId) -> Option<&[u8]> {
        self.0.get(id).map(Vec::as_slice)
    }
}

impl Blobs for MemoryBlobs {
    fn put(&mut self, id: &FileId, contents: &[u8]) -> std::io::Result<()> {
        self.0.insert(id.clone(), contents.to_vec());
        Ok(())
    }
}

/// Returns the extension of a file's name in lower case, if it has one.
pub(super) fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    (!stem.is_empty() && !extension.is_empty()).then(|| extension.to_lowercase())
}
