//! The accept loop. It is our own because a fault must be able to cut a connection without a reply.

use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::task::TaskTracker;
use tracing::warn;

use super::connection::{self, House};

/// How long requests may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(5);

/// Tells with every request where it came from.
#[derive(Debug, Clone, Copy)]
pub(super) struct Peer(pub(super) IpAddr);

/// Tells the address that a request came from. Behind a proxy that is the proxy's: what a header says anybody may write.
pub(super) fn peer<B>(request: &hyper::Request<B>) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0)
}

/// Serves until the house is to stop, then lets running requests finish.
pub(super) async fn serve(listener: TcpListener, house: House) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = house.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, from)) => {
                connections.spawn(connection::serve(stream, from.ip(), house.clone()));
            }
            Err(error) => wait_out(&error).await,
        }
    }
    drop(listener);
    connections.close();
    if tokio::time::timeout(GRACE, connections.wait())
        .await
        .is_err()
    {
        warn!("some requests did not finish in time");
    }
}

/// Waits a moment when the system has no more room for connections.
async fn wait_out(error: &io::Error) {
    warn!(%error, "cannot accept a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
}
