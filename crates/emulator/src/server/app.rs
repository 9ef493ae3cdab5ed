//! The state that all requests share.

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{SystemTime, UNIX_EPOCH};

use tokio::sync::Notify;
use tracing::{debug, info};

use super::feed::Feed;
use super::hang_up::HangUp;
use super::polls::{Poll, Polls};
use super::store::{Commit, NotDurable, Store};
use super::uploads::Uploads;
use crate::agents::Director;
use crate::cometd::{self, Answer, Broker};
use crate::faults::Faults;
use crate::model::{Change, ChatChange, EventKind, JournalEntry, World};
use crate::wire;

/// The state that all requests share.
///
/// Locks are taken in the order of the fields, held briefly, and never over an await.
#[derive(Debug)]
pub(super) struct App {
    director: Mutex<Director>,
    world: Mutex<State>,
    faults: Mutex<Faults>,
    pub(super) uploads: Uploads,
    /// Wakes the agents.
    pub(super) changed: Notify,
    /// Wakes the desks. It is told while the world is locked, so that what it names can be seen.
    pub(super) feed: Feed,
    pub(super) hang_up: HangUp,
    pub(super) client: Option<PathBuf>,
}

#[derive(Debug)]
struct State {
    world: World,
    store: Store,
    broker: Broker,
    polls: Polls,
}

impl App {
    pub(super) fn new(
        world: World,
        store: Store,
        broker: Broker,
        director: Director,
        faults: Faults,
        uploads: Uploads,
        client: Option<PathBuf>,
    ) -> Self {
        Self {
            director: Mutex::new(director),
            world: Mutex::new(State {
                world,
                store,
                broker,
                polls: Polls::default(),
            }),
            faults: Mutex::new(faults),
            uploads,
            changed: Notify::new(),
            feed: Feed::new(),
            hang_up: HangUp::default(),
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
        let (result, commit) = self.act(|kept, now_ms| act(&mut kept.world, now_ms));
        commit.durable().await?;
        Ok(result)
    }

    /// Reads the world as it is in memory.
    pub(super) fn peek<T>(&self, read: impl FnOnce(&World) -> T) -> T {
        read(&lock(&self.world).world)
    }

    /// Reads the push sessions as they are, and the world.
    pub(super) fn peek_broker<T>(&self, read: impl FnOnce(&Broker, &World) -> T) -> T {
        let kept = lock(&self.world);
        read(&kept.broker, &kept.world)
    }

    /// Takes in a request that may have to wait for news.
    pub(super) fn receive(&self, request: &wire::Request, address: Option<IpAddr>) -> Poll<'_> {
        let (reply, commit) = self.act(|kept, now_ms| {
            let world = &mut kept.world;
            match kept.broker.receive_from(world, request, address, now_ms) {
                Answer::Now(response) => Ok(response),
                // Registered while the world is locked: `settle` below may answer it already.
                Answer::Held(held) => Err((held, kept.polls.wait(held))),
            }
        });
        match reply {
            Ok(response) => Poll::answered(response, commit),
            Err((held, reply)) => Poll::held(reply, move || self.abandon(held)),
        }
    }

    /// Notes that nobody waits for a held reply any more.
    fn abandon(&self, poll: cometd::Ticket) {
        self.act(|kept, now_ms| {
            kept.polls.forget(poll);
            kept.broker.abandoned(&mut kept.world, poll, now_ms);
        });
    }

    /// Answers every request that is held, and holds none from now on.
    pub(super) fn end_polls(&self) {
        self.act(|kept, now_ms| kept.broker.close(&mut kept.world, now_ms));
    }

    /// Lets time pass and agents act; tells when to do so again (Unix ms).
    pub(super) fn tick(&self) -> Option<i64> {
        let mut director = lock(&self.director);
        let mut kept = lock(&self.world);
        let now_ms = now_ms();
        kept.world.tick(now_ms);
        let mut blobs = self.uploads.clone();
        let agents = director.tick(&mut kept.world, &mut blobs, now_ms);
        kept.settle(&self.feed, now_ms);
        let deadlines = [agents, kept.world.next_deadline_ms()];
        deadlines
            .into_iter()
            .chain([kept.broker.next_deadline_ms()])
            .flatten()
            .min()
    }

    pub(super) fn director(&self) -> MutexGuard<'_, Director> {
        lock(&self.director)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Faults> {
        lock(&self.faults)
    }

    /// Writes the last changes and takes no more.
    pub(super) fn close(&self) {
        let mut kept = lock(&self.world);
        let changes = kept.world.take_changes();
        kept.store.queue(changes);
        kept.store.close();
    }

    fn act<T>(&self, act: impl FnOnce(&mut State, i64) -> T) -> (T, Commit) {
        let mut kept = lock(&self.world);
        let now_ms = now_ms();
        let before = kept.broker.next_deadline_ms();
        let result = act(&mut kept, now_ms);
        let (commit, changed) = kept.settle(&self.feed, now_ms);
        let after = kept.broker.next_deadline_ms();
        let sooner = after.is_some_and(|after| before.is_none_or(|before| after < before));
        if changed || sooner {
            self.changed.notify_one();
        }
        (result, commit)
    }
}

impl State {
    /// Delivers the news to whoever waits for it, desks included, and queues the changes for the disk; returns
    /// whether there were any.
    fn settle(&mut self, feed: &Feed, now_ms: i64) -> (Commit, bool) {
        let due = self.broker.due(&mut self.world, now_ms);
        let changes = self.world.take_changes();
        log(&changes);
        feed.note(&changes);
        let changed = !changes.is_empty();
        let commit = self.store.queue(changes);
        for (poll, response) in due {
            self.polls.answer(poll, response, commit.clone());
        }
        (commit, changed)
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
        let JournalEntry::Chat { chat, what } = step else {
            continue;
        };
        match what {
            ChatChange::Started { .. } => info!(%chat, "chat started"),
            ChatChange::Ended { end } => info!(%chat, reason = ?end.reason, "chat ended"),
            ChatChange::Happened { event } => match &event.kind {
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
