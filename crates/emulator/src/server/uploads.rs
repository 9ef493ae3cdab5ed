//! The contents of files, in a folder beside the database.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{error, warn};

use crate::model::{Blobs, Chat, FileId, World, could_be_file_id};

const SPOOL_PREFIX: &str = "receiving-";
const SPOOL_SUFFIX: &str = ".part";

/// Keeps each file under its id. Names that visitors give never become paths.
#[derive(Debug, Clone)]
pub(super) struct Uploads {
    folder: PathBuf,
}

/// Is a file that is being received: gone again unless it is kept.
#[derive(Debug)]
pub(super) struct Spool {
    path: PathBuf,
}

impl Uploads {
    /// Opens the folder and removes what no chat knows: half-received files, and those whose chat did not make it to the
    /// database. What does not look like either is somebody's own, and stays.
    pub(super) fn open(folder: PathBuf, world: &World) -> io::Result<Self> {
        fs::create_dir_all(&folder)?;
        let kept = world
            .chats()
            .flat_map(Chat::files)
            .filter(|file| !file.deleted);
        let kept: HashSet<&str> = kept.map(|file| file.id.as_str()).collect();
        for entry in fs::read_dir(&folder)? {
            let entry = entry?;
            let name = entry.file_name();
            let leftover = name
                .to_str()
                .is_some_and(|name| is_ours(name) && !kept.contains(name));
            if leftover && entry.file_type()?.is_file() {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(Self { folder })
    }

    /// Gives a place to receive a file.
    pub(super) fn spool(&self) -> Spool {
        static NEXT: AtomicU64 = AtomicU64::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        Spool {
            path: self
                .folder
                .join(format!("{SPOOL_PREFIX}{number}{SPOOL_SUFFIX}")),
        }
    }

    /// Keeps a received file.
    pub(super) fn keep(&self, spool: Spool, id: &FileId) -> io::Result<()> {
        fs::rename(&spool.path, self.path(id))
        // The spool's own clean-up then finds nothing.
    }

    fn write(&self, id: &FileId, contents: &[u8]) -> io::Result<()> {
        let spool = self.spool();
        let mut file = fs::File::create(spool.path())?;
        file.write_all(contents)?;
        file.sync_data()?;
        self.keep(spool, id)
    }

    /// Forgets a file.
    pub(super) fn remove(&self, id: &FileId) {
        if let Err(error) = fs::remove_file(self.path(id)) {
            warn!(%error, "cannot remove a deleted file");
        }
    }

    /// Tells where a file's contents are.
    pub(super) fn path(&self, id: &FileId) -> PathBuf {
        // Ids that the server draws are plain letters and digits; whatever else comes in through an address is not one.
        let plain: String = id
            .as_str()
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .take(64)
            .collect();
        self.folder.join(plain)
    }
}

impl Blobs for Uploads {
    fn put(&mut self, id: &FileId, contents: &[u8]) -> io::Result<()> {
        self.write(id, contents)
            .inspect_err(|error| error!(%error, "cannot keep an agent's file"))
    }
}

impl Spool {
    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Spool {
    fn drop(&mut self) {
        // Mostly there is nothing left: it was kept, or never begun.
        let _ = fs::remove_file(&self.path);
    }
}

/// Tells whether a file of this name can only have come from here.
fn is_ours(name: &str) -> bool {
    let number = name
        .strip_prefix(SPOOL_PREFIX)
        .and_then(|rest| rest.strip_suffix(SPOOL_SUFFIX));
    number.is_some_and(|number| number.parse::<u64>().is_ok()) || could_be_file_id(name)
}

/// Is a folder that goes when it is dropped.
#[derive(Debug)]
pub(super) struct Scratch(PathBuf);

/// Makes a folder for a while.
pub(super) fn scratch(purpose: &str) -> io::Result<Scratch> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("parlour-emulator-{purpose}-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    fs::create_dir_all(&path)?;
    Ok(Scratch(path))
}

impl Scratch {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
