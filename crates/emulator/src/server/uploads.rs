//! The contents of files, in a folder beside the database.

use std::collections::HashSet;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::{error, warn};

use crate::agents::Attachment;
use crate::model::{Blobs, Chat, FileId, World, could_be_file_id};

const SPOOL_PREFIX: &str = "receiving-";
const SPOOL_SUFFIX: &str = ".part";

/// The contents of files, each under its id. Names that visitors give never become paths.
#[derive(Debug, Clone)]
pub(super) struct Uploads {
    folder: PathBuf,
    ready: Arc<[Prepared]>,
}

/// A file that agents will send, on disk already: everything waits while they act.
#[derive(Debug)]
struct Prepared {
    file: Arc<Attachment>,
    spool: Spool,
}

/// A file that is being received: removed when dropped, unless it was kept.
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
        Ok(Self {
            folder,
            ready: Arc::default(),
        })
    }

    /// Writes what agents are going to send, so that nothing but a link is left to be made when they do.
    pub(super) fn prepare<'a>(
        &mut self,
        files: impl IntoIterator<Item = &'a Arc<Attachment>>,
    ) -> io::Result<()> {
        let mut ready: Vec<Prepared> = Vec::new();
        for file in files {
            if find(&ready, &file.bytes).is_none() {
                let (file, spool) = (Arc::clone(file), self.spool());
                write(spool.path(), &file.bytes)?;
                ready.push(Prepared { file, spool });
            }
        }
        self.ready = ready.into();
        Ok(())
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

    fn keep_contents(&self, id: &FileId, contents: &[u8]) -> io::Result<()> {
        // Not every file system has links.
        if let Some(ready) = find(&self.ready, contents)
            && fs::hard_link(ready.spool.path(), self.path(id)).is_ok()
        {
            return Ok(());
        }
        let spool = self.spool();
        write(spool.path(), contents)?;
        self.keep(spool, id)
    }

    /// Forgets a file.
    pub(super) fn remove(&self, id: &FileId) {
        if let Err(error) = fs::remove_file(self.path(id)) {
            warn!(%error, "cannot remove a deleted file");
        }
    }

    /// Returns where a file's contents are.
    pub(super) fn path(&self, id: &FileId) -> PathBuf {
        // Ids that the server draws are letters and digits; anything else in a path is no id.
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
        self.keep_contents(id, contents)
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
        // Mostly there is no file: it was kept, or never begun.
        let _ = fs::remove_file(&self.path);
    }
}

fn find<'a>(ready: &'a [Prepared], contents: &[u8]) -> Option<&'a Prepared> {
    ready.iter().find(|ready| ready.file.bytes == contents)
}

fn write(path: &Path, contents: &[u8]) -> io::Result<()> {
    let mut file = fs::File::create(path)?;
    file.write_all(contents)?;
    file.sync_data()
}

/// Returns whether a file of this name can only have come from here.
fn is_ours(name: &str) -> bool {
    let number = name
        .strip_prefix(SPOOL_PREFIX)
        .and_then(|rest| rest.strip_suffix(SPOOL_SUFFIX));
    number.is_some_and(|number| number.parse::<u64>().is_ok()) || could_be_file_id(name)
}

/// A folder that is removed when dropped.
#[derive(Debug)]
pub(super) struct TempFolder(PathBuf);

/// Creates a folder for a while.
pub(super) fn temp_folder(purpose: &str) -> io::Result<TempFolder> {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("parlour-emulator-{purpose}-{}-{number}", std::process::id());
    let path = std::env::temp_dir().join(name);
    fs::create_dir_all(&path)?;
    Ok(TempFolder(path))
}

impl TempFolder {
    pub(super) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TempFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Options;

    #[test]
    #[cfg(unix)]
    fn files_of_a_scenario_are_written_once_at_the_start() {
        use std::os::unix::fs::MetadataExt;

        let folder = temp_folder("uploads").unwrap();
        let inode = |path: &Path| fs::metadata(path).unwrap().ino();
        let written = || -> Vec<u64> {
            let entries = fs::read_dir(folder.path()).unwrap();
            entries.map(|entry| inode(&entry.unwrap().path())).collect()
        };
        let world = World::new(1, Options::default());
        let mut uploads = Uploads::open(folder.path().to_owned(), &world).unwrap();
        let file = |bytes: &[u8]| {
            Arc::new(Attachment {
                name: "a.txt".into(),
                content_type: "text/plain".into(),
                description: None,
                bytes: bytes.to_vec(),
            })
        };
        // The same contents twice need one place only.
        let files = [file(b"hello"), file(b"hello"), file(b"")];
        uploads.prepare(&files).unwrap();
        let ready = written();
        assert_eq!(ready.len(), 2);
        for (id, file) in ["A", "B", "C"].map(FileId::new).iter().zip(&files) {
            uploads.put(id, &file.bytes).unwrap();
            let path = uploads.path(id);
            assert_eq!(fs::read(&path).unwrap(), file.bytes);
            assert!(ready.contains(&inode(&path)));
        }
        // What nobody has prepared is kept all the same.
        let other = FileId::new("D");
        uploads.put(&other, b"other").unwrap();
        assert_eq!(fs::read(uploads.path(&other)).unwrap(), b"other");
        // What was sent stays when the emulator ends.
        drop(uploads);
        assert_eq!(written().len(), 4);
    }
}
