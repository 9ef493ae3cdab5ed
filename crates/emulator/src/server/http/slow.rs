//! Request bodies that arrive too slowly, and those that no handler reads.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, BodyDataStream, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::HeaderValue;
use axum::http::header::CONNECTION;
use axum::middleware::Next;
use axum::response::Response;
use futures_util::{TryStreamExt, stream};
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};

use super::reply;

/// How much of a body must arrive within the time that a client is given: what the slowest phone still sends.
const PROGRESS_BYTES: usize = 16 * 1024;
/// How much of a body that no handler reads is read off, as many clients hear nothing before they have sent all of it.
const MAX_UNREAD_BYTES: u64 = 4 * 1024 * 1024;

/// A request's body on its way.
#[derive(Debug)]
struct Arriving {
    body: BodyDataStream,
    patience: Duration,
    /// How long the next [`PROGRESS_BYTES`], or the end, may still be waited for.
    patience_left: Duration,
    /// The bytes that have arrived of them.
    arrived: usize,
    is_late: bool,
}

/// Why a body was not received.
#[derive(Debug, Error)]
enum BodyError {
    #[error("the body came too slowly")]
    TooSlow,
    #[error(transparent)]
    Broken(#[from] axum::Error),
}

/// Answers 408 to a request whose body makes no progress for as long as `patience`, whatever the handler made of it.
pub(super) async fn limit(
    State(patience): State<Duration>,
    request: Request,
    next: Next,
) -> Response {
    let (head, body) = request.into_parts();
    let is_large = body.size_hint().lower() > MAX_UNREAD_BYTES;
    let arriving = Arc::new(Mutex::new(Arriving {
        body: body.into_data_stream(),
        patience,
        patience_left: patience,
        arrived: 0,
        is_late: false,
    }));
    let chunks = stream::try_unfold(Arc::clone(&arriving), async |arriving| {
        let chunk = arriving.lock().await.next().await?;
        Ok::<_, BodyError>(chunk.map(|chunk| (chunk, arriving)))
    });
    let request = Request::from_parts(head, Body::from_stream(chunks));
    let response = next.run(request).await;
    let mut arriving = arriving.lock().await;
    if !is_large {
        arriving.read_off().await;
    }
    if !arriving.is_late {
        return response;
    }
    let mut late = reply::text(408, "the request did not arrive in time\n");
    let close = HeaderValue::from_static("close");
    late.headers_mut().insert(CONNECTION, close);
    late
}

impl Arriving {
    /// Waits for the next part of the body.
    async fn next(&mut self) -> Result<Option<Bytes>, BodyError> {
        let since = Instant::now();
        let Ok(chunk) = timeout(self.patience_left, self.body.try_next()).await else {
            self.is_late = true;
            return Err(BodyError::TooSlow);
        };
        let chunk = chunk?;
        self.arrived += chunk.as_ref().map_or(0, Bytes::len);
        if self.arrived >= PROGRESS_BYTES {
            self.arrived = 0;
            self.patience_left = self.patience;
        } else {
            self.patience_left = self.patience_left.saturating_sub(since.elapsed());
        }
        Ok(chunk)
    }

    /// Reads what no handler has read.
    async fn read_off(&mut self) {
        let mut left = MAX_UNREAD_BYTES;
        while !self.is_late
            && let Ok(Some(chunk)) = self.next().await
            && let Some(less) = left.checked_sub(chunk.len() as u64)
        {
            left = less;
        }
    }
}
