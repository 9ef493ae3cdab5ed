//! The journal on disk: an SQLite database in write-ahead mode, written by one thread.
//!
//! Many requests share one commit (group commit): a request queues its changes and waits until the commit that holds them
//! is done. A request that changed nothing waits for what it may have read. So nothing is ever shown or acknowledged that
//! a killed process could lose.

use std::path::Path;
use std::sync::mpsc::{self, TryRecvError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use rusqlite::Connection;
use thiserror::Error;
use tokio::sync::watch;
use tracing::{error, info};

use crate::model::Change;

/// 2 knows services, too; what 1 has written is read as it is.
const VERSION: i64 = 2;
const RETRY_AFTER: Duration = Duration::from_millis(500);
/// How often a database that cannot be written is tried once the emulator ends: a full disk must not keep it alive.
const LAST_TRIES: u32 = 5;
/// How long a request waits for a database that cannot be written (a full disk) before it is answered with an error.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why a database cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has it open.
    #[error("the database is in use: is another emulator running on the same --data folder?")]
    InUse,
    /// It was made by a newer emulator.
    #[error(
        "the database has version {0}, this emulator knows version {VERSION}: choose another --data folder"
    )]
    Version(i64),
    /// A line of the journal cannot be read.
    #[error("entry {entry} of the journal is damaged ({message}): choose another --data folder")]
    Damaged {
        /// Which.
        entry: i64,
        /// What the reader said.
        message: String,
    },
    /// SQLite says no.
    #[error("the database cannot be used: {0}")]
    Database(#[from] rusqlite::Error),
}

/// The error that what a request changed could not be made durable in time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the database cannot be written")]
pub(super) struct NotDurable;

/// A queue of changes for the disk.
#[derive(Debug)]
pub(super) struct Store {
    queue: Option<mpsc::Sender<Batch>>,
    queued: u64,
    committed: watch::Receiver<u64>,
}

#[derive(Debug)]
struct Batch {
    number: u64,
    changes: Vec<Change>,
}

/// A commit to wait for.
#[derive(Debug, Clone)]
pub(super) struct Commit {
    number: u64,
    committed: watch::Receiver<u64>,
}

/// The thread that writes.
#[derive(Debug)]
pub(super) struct Writer(Option<JoinHandle<()>>);

impl Store {
    /// Opens the database in `folder` and reads the journal.
    pub(super) fn open(folder: &Path) -> Result<(Self, Writer, Vec<Change>), StoreError> {
        let mut database = Connection::open(folder.join("chats.sqlite3"))?;
        prepare(&database).map_err(|error| match error {
            StoreError::Database(rusqlite::Error::SqliteFailure(cause, _))
                if cause.code == rusqlite::ErrorCode::DatabaseBusy =>
            {
                StoreError::InUse
            }
            other => other,
        })?;
        let journal = read(&database)?;
        let (queue, batches) = mpsc::channel();
        let (done, committed) = watch::channel(0);
        let thread = thread::spawn(move || write_all(&mut database, &batches, &done));
        let store = Self {
            queue: Some(queue),
            queued: 0,
            committed,
        };
        Ok((store, Writer(Some(thread)), journal))
    }

    /// Keeps nothing.
    pub(super) fn in_memory() -> (Self, Writer) {
        let (_, committed) = watch::channel(0);
        (
            Self {
                queue: None,
                queued: 0,
                committed,
            },
            Writer(None),
        )
    }

    /// Queues changes, to be called in the order in which they happened.
    pub(super) fn queue(&mut self, changes: Vec<Change>) -> Commit {
        if let Some(queue) = &self.queue
            && !changes.is_empty()
        {
            self.queued += 1;
            // This cannot fail: the thread ends only after this sender was dropped.
            let _ = queue.send(Batch {
                number: self.queued,
                changes,
            });
        }
        Commit {
            number: self.queued,
            committed: self.committed.clone(),
        }
    }

    /// Takes no more changes: what is queued is still written.
    pub(super) fn close(&mut self) {
        self.queue = None;
    }
}

impl Commit {
    /// Waits until everything up to here is on disk.
    pub(super) async fn durable(mut self) -> Result<(), NotDurable> {
        let wait = self
            .committed
            .wait_for(|committed| *committed >= self.number);
        match tokio::time::timeout(PATIENCE, wait).await {
            Ok(Ok(_)) => Ok(()),
            // In memory the channel is closed from the start, but the number is 0: the first arm is taken.
            Ok(Err(_)) | Err(_) => Err(NotDurable),
        }
    }
}

impl Writer {
    /// Waits until everything queued before [`Store::close`] is written, or has proved that it cannot be.
    pub(super) fn finish(mut self) {
        if let Some(thread) = self.0.take()
            && thread.join().is_err()
        {
            error!("the thread that writes the database has panicked");
        }
    }
}

fn prepare(database: &Connection) -> Result<(), StoreError> {
    database.busy_timeout(Duration::from_millis(200))?;
    // One process at a time: two emulators on one folder would not know of each other's chats.
    database.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    database.pragma_update(None, "journal_mode", "WAL")?;
    // Every commit reaches the disk before it is acknowledged, so that even a power cut loses nothing.
    database.pragma_update(None, "synchronous", "FULL")?;
    let version: i64 = database.pragma_query_value(None, "user_version", |row| row.get(0))?;
    match version {
        0 => {
            let script = format!(
                "BEGIN IMMEDIATE;
                 CREATE TABLE journal (entry INTEGER PRIMARY KEY, change TEXT NOT NULL);
                 PRAGMA user_version = {VERSION};
                 COMMIT;"
            );
            database.execute_batch(&script)?;
        }
        1 => {
            let script = format!("BEGIN IMMEDIATE; PRAGMA user_version = {VERSION}; COMMIT;");
            database.execute_batch(&script)?;
        }
        // Takes the lock now rather than at the first change.
        VERSION => database.execute_batch("BEGIN IMMEDIATE; COMMIT;")?,
        other => return Err(StoreError::Version(other)),
    }
    Ok(())
}

fn read(database: &Connection) -> Result<Vec<Change>, StoreError> {
    let mut statement = database.prepare("SELECT entry, change FROM journal ORDER BY entry")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
    rows.map(|row| {
        let (entry, text) = row?;
        serde_json::from_str(&text).map_err(|error| StoreError::Damaged {
            entry,
            message: error.to_string(),
        })
    })
    .collect()
}

fn write_all(
    database: &mut Connection,
    batches: &mpsc::Receiver<Batch>,
    done: &watch::Sender<u64>,
) {
    while let Ok(first) = batches.recv() {
        let mut group = vec![first];
        gather(batches, &mut group);
        let mut failed = false;
        let mut last_tries = LAST_TRIES;
        while let Err(error) = write(database, &group) {
            if gather(batches, &mut group) == TryRecvError::Disconnected {
                last_tries = last_tries.saturating_sub(1);
            }
            if last_tries == 0 {
                let batches = group.len();
                error!(%error, batches, "cannot write the database; what was not acknowledged is lost");
                return;
            }
            error!(%error, "cannot write the database; trying again");
            failed = true;
            thread::sleep(RETRY_AFTER);
        }
        if failed {
            info!("the database can be written again");
        }
        done.send_replace(group.last().map_or(0, |batch| batch.number));
    }
}

/// Takes all that is waiting, and tells why there is no more: not yet, or never again.
fn gather(batches: &mpsc::Receiver<Batch>, group: &mut Vec<Batch>) -> TryRecvError {
    loop {
        match batches.try_recv() {
            Ok(batch) => group.push(batch),
            Err(reason) => return reason,
        }
    }
}

fn write(database: &mut Connection, group: &[Batch]) -> Result<(), rusqlite::Error> {
    let transaction = database.transaction()?;
    {
        let mut insert = transaction.prepare_cached("INSERT INTO journal (change) VALUES (?1)")?;
        for change in group.iter().flat_map(|batch| &batch.changes) {
            let text = serde_json::to_string(change)
                .map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))?;
            insert.execute([text])?;
        }
    }
    transaction.commit()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NewChat, Options, World};

    #[tokio::test]
    async fn queued_changes_come_back_in_order() {
        let folder = crate::server::uploads::temp_folder("store").unwrap();
        let mut world = World::new(1, Options::default());
        let (mut store, writer, journal) = Store::open(folder.path()).unwrap();
        assert!(journal.is_empty());
        let mut written = Vec::new();
        for nth in 0..50 {
            world.start_chat(NewChat::default(), nth);
            let changes = world.take_changes();
            written.extend(changes.clone());
            store.queue(changes).durable().await.unwrap();
        }
        assert!(matches!(Store::open(folder.path()), Err(StoreError::InUse)));
        store.close();
        writer.finish();
        let (_, _, journal) = Store::open(folder.path()).unwrap();
        assert_eq!(journal, written);
    }

    #[test]
    fn a_newer_database_is_refused() {
        let folder = crate::server::uploads::temp_folder("store").unwrap();
        let database = Connection::open(folder.path().join("chats.sqlite3")).unwrap();
        let newer = VERSION + 1;
        database.pragma_update(None, "user_version", newer).unwrap();
        drop(database);
        assert!(matches!(
            Store::open(folder.path()),
            Err(StoreError::Version(version)) if version == newer
        ));
    }

    #[test]
    fn a_database_of_the_first_version_is_read_and_then_marked_as_newer() {
        let folder = crate::server::uploads::temp_folder("store").unwrap();
        let database = Connection::open(folder.path().join("chats.sqlite3")).unwrap();
        let started = r#"{"chat":"0001","what":{"Started":{"by":{"service":"s","nickname":"N","first_name":null,"last_name":null,"subject":null,"email":null,"user_data":{"a":"b"}},"user_id":"U","alias":"1","at_ms":5}}}"#;
        let script = format!(
            "CREATE TABLE journal (entry INTEGER PRIMARY KEY, change TEXT NOT NULL);
             INSERT INTO journal (change) VALUES ('{started}');
             PRAGMA user_version = 1;"
        );
        database.execute_batch(&script).unwrap();
        drop(database);
        for _ in 0..2 {
            let (mut store, writer, journal) = Store::open(folder.path()).unwrap();
            let world = World::replay(1, Options::default(), journal);
            let chat = world.chats().next().unwrap();
            assert_eq!(chat.started().user_data["a"], "b");
            assert_eq!(chat.started().dialect, crate::model::Dialect::GmsV2);
            store.close();
            writer.finish();
        }
        let database = Connection::open(folder.path().join("chats.sqlite3")).unwrap();
        let version: i64 = database
            .pragma_query_value(None, "user_version", |row| row.get(0))
            .unwrap();
        assert_eq!(version, VERSION);
    }

    #[test]
    fn the_error_of_a_damaged_entry_says_what_is_wrong() {
        let folder = crate::server::uploads::temp_folder("store").unwrap();
        let database = Connection::open(folder.path().join("chats.sqlite3")).unwrap();
        prepare(&database).unwrap();
        for (entry, wrong) in [
            (r#"{"chat":"1","what":{"Exploded":{}}}"#, "Exploded"),
            (r#"{"service":"1"}"#, "neither a chat nor a service"),
        ] {
            database.execute("DELETE FROM journal", []).unwrap();
            database
                .execute("INSERT INTO journal (change) VALUES (?1)", [entry])
                .unwrap();
            let error = read(&database).unwrap_err().to_string();
            assert!(error.contains(wrong), "{error}");
        }
    }

    /// A store whose database is locked by somebody else.
    struct Blocked {
        store: Store,
        writer: Writer,
        obstacle: Connection,
        _folder: crate::server::uploads::TempFolder,
    }

    fn blocked() -> Blocked {
        let folder = crate::server::uploads::temp_folder("store").unwrap();
        let file = folder.path().join("chats.sqlite3");
        prepare(&Connection::open(&file).unwrap()).unwrap();
        // Opened anew without the exclusive mode, so that somebody else can stand in the way.
        let mut database = Connection::open(&file).unwrap();
        let obstacle = Connection::open(&file).unwrap();
        obstacle.execute_batch("BEGIN IMMEDIATE").unwrap();
        let (queue, batches) = mpsc::channel();
        let (done, committed) = watch::channel(0);
        let thread = thread::spawn(move || {
            database.busy_timeout(Duration::ZERO).unwrap();
            write_all(&mut database, &batches, &done);
        });
        Blocked {
            store: Store {
                queue: Some(queue),
                queued: 0,
                committed,
            },
            writer: Writer(Some(thread)),
            obstacle,
            _folder: folder,
        }
    }

    fn some_changes() -> Vec<Change> {
        let mut world = World::new(1, Options::default());
        world.start_chat(NewChat::default(), 0);
        world.take_changes()
    }

    #[tokio::test]
    async fn a_database_that_cannot_be_written_for_a_while_loses_nothing() {
        let mut blocked = blocked();
        let changes = some_changes();
        let mut durable = Box::pin(blocked.store.queue(changes.clone()).durable());
        let early = tokio::time::timeout(RETRY_AFTER, &mut durable).await;
        assert!(
            early.is_err(),
            "nothing is acknowledged before it is written"
        );
        blocked.obstacle.execute_batch("COMMIT").unwrap();
        durable.await.unwrap();
        blocked.store.close();
        blocked.writer.finish();
        assert_eq!(read(&blocked.obstacle).unwrap(), changes);
    }

    #[tokio::test]
    async fn a_database_that_can_never_be_written_does_not_hold_up_the_end() {
        let mut blocked = blocked();
        let durable = blocked.store.queue(some_changes()).durable();
        blocked.store.close();
        let started = std::time::Instant::now();
        let thread = blocked.writer.0.as_ref().unwrap();
        while !thread.is_finished() {
            assert!(started.elapsed() < PATIENCE, "it never gives up");
            thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(durable.await, Err(NotDurable));
        blocked.writer.finish();
    }

    #[tokio::test]
    async fn keeping_nothing_is_done_at_once() {
        let (mut store, writer) = Store::in_memory();
        let mut world = World::new(1, Options::default());
        world.start_chat(NewChat::default(), 0);
        store.queue(world.take_changes()).durable().await.unwrap();
        writer.finish();
    }
}
