//! A request's body on its way: who lets it trickle, or never ends it, does not keep a connection for ever, and what no handler
//! wants is read all the same.

use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use futures_util::TryStreamExt;
use hyper::body::{Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

use super::exchange::Exchange;

/// So much has to come in each span of patience, or the end: about what the slowest phone still sends.
const PROGRESS_BYTES: usize = 16 * 1024;
/// So much is read that nobody wants: as much as of a form. Behind a reply to more than that the connection is closed.
const MOST_UNWANTED_BYTES: u64 = 4 * 1024 * 1024;

/// Is a body that must make progress.
#[derive(Debug)]
pub(super) struct Arriving {
    /// None once it has ended, well or not.
    body: Option<Incoming>,
    patience: Duration,
    /// Runs since the last progress, once it had to be waited for.
    waiting: Option<Pin<Box<Sleep>>>,
    /// What came since then.
    brought: usize,
    exchange: Arc<Exchange>,
    leftover: Slot,
}

/// Holds a body that was dropped before its end.
type Slot = Arc<Mutex<Option<Incoming>>>;

/// Is what a handler will leave of a body.
#[derive(Debug)]
pub(super) struct Leftover {
    slot: Slot,
    patience: Duration,
    exchange: Arc<Exchange>,
}

/// Says why a body was not received.
#[derive(Debug, Error)]
pub(super) enum NotArrived {
    #[error("the body came too slowly")]
    TooSlow,
    #[error(transparent)]
    Broken(#[from] hyper::Error),
}

impl Arriving {
    /// Takes the body of a request; the exchange hears when it is there, and when it is late.
    pub(super) fn new(body: Incoming, patience: Duration, exchange: Arc<Exchange>) -> Self {
        if body.is_end_stream() {
            exchange.request_is_whole();
        }
        Self {
            body: Some(body),
            patience,
            waiting: None,
            brought: 0,
            exchange,
            leftover: Slot::default(),
        }
    }

    /// Gives what will be left of it when it is dropped.
    pub(super) fn leftover(&self) -> Leftover {
        Leftover {
            slot: Arc::clone(&self.leftover),
            patience: self.patience,
            exchange: Arc::clone(&self.exchange),
        }
    }

    fn note_progress(&mut self, size: usize) {
        self.brought = self.brought.saturating_add(size);
        if self.brought >= PROGRESS_BYTES {
            self.brought = 0;
            self.waiting = None;
        }
    }

    fn poll_slow(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let patience = self.patience;
        let waiting = self
            .waiting
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        waiting.as_mut().poll(context)
    }
}

impl Leftover {
    /// Reads to the end what no handler has read, unless that is much: the sender may hear nothing before all of it is sent,
    /// and the connection rests only behind a whole request.
    pub(super) async fn read_off(self) {
        let Some(body) = take(&self.slot) else {
            return;
        };
        let mut room = MOST_UNWANTED_BYTES;
        if body.size_hint().lower() > room {
            return;
        }
        let body = Body::new(Arriving::new(body, self.patience, self.exchange));
        let mut chunks = body.into_data_stream();
        while let Ok(Some(chunk)) = chunks.try_next().await {
            match room.checked_sub(chunk.len() as u64) {
                Some(less) => room = less,
                None => return,
            }
        }
    }
}

impl HttpBody for Arriving {
    type Data = Bytes;
    type Error = NotArrived;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NotArrived>>> {
        let Some(body) = &mut self.body else {
            return Poll::Ready(None);
        };
        let frame = match Pin::new(body).poll_frame(context) {
            Poll::Ready(frame) => frame.map(|frame| frame.map_err(NotArrived::from)),
            Poll::Pending => {
                ready!(self.poll_slow(context));
                self.exchange.request_is_late();
                Some(Err(NotArrived::TooSlow))
            }
        };
        match &frame {
            Some(Ok(frame)) => self.note_progress(frame.data_ref().map_or(0, Bytes::len)),
            Some(Err(_)) => self.body = None,
            None => {
                self.exchange.request_is_whole();
                self.body = None;
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        let body = self.body.as_ref();
        body.map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}

impl Drop for Arriving {
    fn drop(&mut self) {
        let mut slot = self.leftover.lock().unwrap_or_else(PoisonError::into_inner);
        *slot = self.body.take();
    }
}

fn take(slot: &Slot) -> Option<Incoming> {
    let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
    slot.take()
}
