//! The accept loop, and each connection's life.
//!
//! It is not [`axum::serve`] because a fault rule must be able to cut a connection, and slow clients are given up.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use thiserror::Error;
use tokio::net::{TcpListener, TcpStream};
use tokio_io_timeout::TimeoutStream;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;
use tracing::{debug, warn};

use super::app::App;

/// How long requests may take to finish once the server stops.
const GRACE: Duration = Duration::from_secs(5);
/// The longest request line with its headers, in bytes.
const MAX_HEAD: usize = 64 * 1024;

/// The address that a request came from, an extension of every request.
#[derive(Debug, Clone, Copy)]
struct Peer(IpAddr);

/// The mark of a response that must never be sent: its connection is cut instead.
#[derive(Debug, Clone, Copy, Error)]
#[error("cut by a fault rule")]
pub(super) struct Cut;

/// What all connections share.
#[derive(Debug, Clone)]
pub(super) struct Server {
    pub(super) app: Arc<App>,
    pub(super) router: Router,
    /// Cancelled when the server is to stop.
    pub(super) stop: CancellationToken,
    /// How long a client may neither send the rest of a request nor take any of a reply.
    pub(super) slow_after: Duration,
}

/// Returns the address that a request came from. Behind a proxy that is the proxy's: anybody may write a header.
pub(super) fn peer<B>(request: &Request<B>) -> Option<IpAddr> {
    request.extensions().get::<Peer>().map(|peer| peer.0)
}

/// Serves until the server is to stop, then lets running requests finish.
pub(super) async fn serve(listener: TcpListener, server: Server) {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = server.stop.cancelled() => break,
        };
        match accepted {
            Ok((stream, from)) => {
                connections.spawn(serve_connection(stream, from.ip(), server.clone()));
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

async fn serve_connection(stream: TcpStream, from: IpAddr, server: Server) {
    let Server {
        app,
        router,
        stop,
        slow_after,
    } = server;
    // Without Nagle's algorithm: it would delay small replies.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(slow_after));

    // Subscribed before the rules are read: a rule that comes in between is not missed.
    let mut hang_up = app.hang_up.subscribe();
    let may_cut = app.faults().may_cut();
    let service = service_fn(|request| answer(&router, from, request));
    let mut connection = pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(slow_after)
            .max_buf_size(MAX_HEAD)
            .keep_alive(!may_cut)
            .serve_connection(TokioIo::new(Box::pin(stream)), service)
    );
    let closes = async {
        tokio::select! {
            () = hang_up.called(), if !may_cut => {}
            () = stop.cancelled() => {}
        }
    };
    let ended = tokio::select! {
        // First the connection: a request that has arrived is answered before it closes.
        biased;
        ended = connection.as_mut() => ended,
        () = closes => {
            connection.as_mut().graceful_shutdown();
            drop(hang_up);
            connection.await
        }
    };
    if let Err(error) = ended {
        debug!(%error, "a connection ended early");
    }
}

/// Has the router answer a request.
async fn answer(
    router: &Router,
    from: IpAddr,
    request: Request<Incoming>,
) -> Result<Response, Cut> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(from));
    let response: Result<Response, Infallible> = router.clone().oneshot(request).await;
    let Ok(response) = response;
    match response.extensions().get::<Cut>() {
        Some(cut) => Err(*cut),
        None => Ok(response),
    }
}

/// Waits a moment when the system has no more room for connections.
async fn wait_out(error: &io::Error) {
    warn!(%error, "cannot accept a connection");
    tokio::time::sleep(Duration::from_millis(50)).await;
}
