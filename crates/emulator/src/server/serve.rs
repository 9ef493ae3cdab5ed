//! The accept loop. It is our own because a fault must be able to cut a connection without a reply.

use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::app::App;

/// How long requests may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(5);
const HEADERS_WITHIN: Duration = Duration::from_secs(60);

/// Marks a response that must never be sent: its connection is cut instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

/// Tells with every request where it came from.
#[derive(Debug, Clone, Copy)]
struct Peer(IpAddr);

/// Tells the address that a request came from. Behind a proxy that is the proxy's: what a header says anybody may write.
pub(super) fn peer<B>(request: &hyper::Request<B>) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0)
}

#[derive(Debug, Error)]
#[error("cut on purpose")]
struct CutConnection;

/// Serves until `stop`, then lets running requests finish.
pub(super) async fn serve(
    listener: TcpListener,
    router: Router,
    app: Arc<App>,
    stop: CancellationToken,
) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, from)) => {
                let app = Arc::clone(&app);
                let serving = connection(stream, from.ip(), router.clone(), app, stop.clone());
                connections.spawn(serving);
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

async fn connection(
    stream: TcpStream,
    from: IpAddr,
    router: Router,
    app: Arc<App>,
    stop: CancellationToken,
) {
    // Small replies must not wait for each other.
    let _ = stream.set_nodelay(true);
    // Before the rules are read: a rule that comes in between is not missed.
    let open = app.open_connection();
    let may_be_cut = app.faults().may_cut();
    let service = service_fn(|mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(Peer(from));
        let router = router.clone();
        async move {
            let Ok(response) = router.oneshot(request.map(Body::new)).await;
            if response.extensions().get::<Cut>().is_some() {
                Err(CutConnection)
            } else {
                Ok(response)
            }
        }
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADERS_WITHIN)
        .keep_alive(!may_be_cut)
        .serve_connection(TokioIo::new(stream), service);
    let mut serving = pin!(serving);
    let result = tokio::select! {
        result = serving.as_mut() => Some(result),
        () = open.cancelled() => None,
        () = stop.cancelled() => None,
    };
    let result = match result {
        Some(result) => result,
        None => {
            serving.as_mut().graceful_shutdown();
            drop(open);
            serving.await
        }
    };
    if let Err(error) = result {
        debug!(%error, "a connection ended early");
    }
}

/// Waits a moment when the system has no more room for connections.
async fn wait_out(error: &io::Error) {
    warn!(%error, "cannot accept a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
}
