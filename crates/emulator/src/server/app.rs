//! What all requests share.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tracing::{debug, info, warn};

use super::feed::Feed;
use super::store::{NotDurable, Store, Ticket};
use super::uploads::Uploads;
use crate::agents::Director;
use crate::faults::Faults;
use crate::model::{Change, EventKind, Step, What, World};

/// Holds the world, who acts in it, and how it is kept.
///
/// Locks are taken in the order of the fields, held briefly, and never over an await.
#[derive(Debug)]
pub(super) struct App {
    director: Mutex<Director>,
    world: Mutex<Kept>,
    faults: Mutex<Faults>,
    pub(super) uploads: Uploads,
    /// Wakes the agents.
    pub(super) changed: Notify,
    /// Wakes the desks. It is told while the world is locked, so that what it names can be seen.
    pub(super) feed: Feed,
    /// Holds what every open connection has a part of. Taken away, it tells them to close.
    connections: Mutex<Arc<CancellationToken>>,
    pub(super) client: Option<PathBuf>,
}

#[derive(Debug)]
struct Kept {
    world: World,
    store: Store,
}

impl App {
    pub(super) fn new(
        world: World,
        store: Store,
        director: Director,
        faults: Faults,
        uploads: Uploads,
        client: Option<PathBuf>,
    ) -> Self {
        Self {
            director: Mutex::new(director),
            world: Mutex::new(Kept { world, store }),
            faults: Mutex::new(faults),
            uploads,
            changed: Notify::new(),
            feed: Feed::new(),
            connections: Mutex::default(),
            client,
        }
    }

    /// Reads or changes the world; what came of it counts once it is on disk.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(super) async fn with_world<T>(
        &self,
        act: impl FnOnce(&mut World, i64) -> T,
    ) -> Result<T, NotDurable> {
        let (result, ticket) = self.act(act);
        ticket.durable().await?;
        Ok(result)
    }

    /// Reads the world as it is in memory.
    pub(super) fn peek<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&lock(&self.world).world)
    }

    /// Lets time pass and agents act; tells when to do so again (Unix ms).
    pub(super) fn tick(&self) -> Option<i64> {
        let mut director = lock(&self.director);
        let mut kept = lock(&self.world);
        let now_ms = now_ms();
        kept.world.tick(now_ms);
        let mut blobs = self.uploads.clone();
        let agents = director.tick(&mut kept.world, &mut blobs, now_ms);
        let changes = kept.world.take_changes();
        log(&changes);
        self.feed.note(&changes);
        kept.store.queue(changes);
        [agents, kept.world.next_deadline_ms()]
            .into_iter()
            .flatten()
            .min()
    }

    pub(super) fn director(&self) -> MutexGuard<'_, Director> {
        lock(&self.director)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Gives a new connection its part. It holds it for as long as it takes requests, and closes when it is cancelled.
    pub(super) fn open_connection(&self) -> Arc<CancellationToken> {
        Arc::clone(&lock(&self.connections))
    }

    /// Has every open connection closed after the request it is busy with, and waits until each has heard of it.
    pub(super) async fn hang_up(&self) {
        const LOOK_EVERY: Duration = Duration::from_millis(2);
        const PATIENCE: Duration = Duration::from_secs(2);
        let parted = {
            let old = std::mem::take(&mut *lock(&self.connections));
            old.cancel();
            Arc::downgrade(&old)
        };
        let all_heard = async {
            while parted.strong_count() > 0 {
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        if tokio::time::timeout(PATIENCE, all_heard).await.is_err() {
            warn!("some connections are still open");
        }
    }

    /// Writes the last changes and takes no more.
    pub(super) fn close(&self) {
        let mut kept = lock(&self.world);
        let changes = kept.world.take_changes();
        kept.store.queue(changes);
        kept.store.close();
    }

    fn act<T>(&self, act: impl FnOnce(&mut World, i64) -> T) -> (T, Ticket) {
        let mut kept = lock(&self.world);
        let result = act(&mut kept.world, now_ms());
        let changes = kept.world.take_changes();
        log(&changes);
        self.feed.note(&changes);
        if !changes.is_empty() {
            self.changed.notify_one();
        }
        let ticket = kept.store.queue(changes);
        (result, ticket)
    }
}

/// Reads the wall clock as Unix milliseconds.
pub(super) fn now_ms() -> i64 {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}

/// Tells what happens to chats: never a text, a key or a name.
fn log(changes: &[Change]) {
    for Change(step) in changes {
        let Step::Chat { chat, what } = step else {
            continue;
        };
        match what {
            What::Started { .. } => info!(%chat, "chat started"),
            What::Ended { end } => info!(%chat, reason = ?end.reason, "chat ended"),
            What::Happened { event } => match &event.kind {
                EventKind::Joined => {
                    info!(%chat, index = event.index.0, role = ?event.from.role, "joined");
                }
                EventKind::Left { .. } => {
                    info!(%chat, index = event.index.0, role = ?event.from.role, "left");
                }
                _ => debug!(%chat, index = event.index.0, role = ?event.from.role, "event"),
            },
            _ => {}
        }
    }
}

/// Takes a lock even if a request has panicked with it: changes are made one whole step at a time.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
