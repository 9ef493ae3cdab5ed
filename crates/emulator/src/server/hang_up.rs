//! Closing all connections that are open.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::watch;
use tracing::warn;

/// A signal for every open connection to close after the request that it is busy with.
#[derive(Debug, Default)]
pub(super) struct HangUp(Mutex<watch::Sender<()>>);

/// A connection's part. It is dropped once the connection takes no more requests.
#[derive(Debug)]
pub(super) struct Subscription(watch::Receiver<()>);

impl HangUp {
    /// Adds a connection.
    pub(super) fn subscribe(&self) -> Subscription {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Subscription(open.subscribe())
    }

    /// Closes every connection that is open now; returns when none of them takes another request.
    pub(super) async fn call(&self) {
        const PATIENCE: Duration = Duration::from_secs(2);
        let open = {
            let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *open)
        };
        let _ = open.send(());
        if tokio::time::timeout(PATIENCE, open.closed()).await.is_err() {
            warn!("some connections are still open");
        }
    }
}

impl Subscription {
    /// Waits until the connection is to close.
    pub(super) async fn called(&mut self) {
        // An error means that `HangUp` was dropped: the connection is to close, too.
        let _ = self.0.changed().await;
    }
}
