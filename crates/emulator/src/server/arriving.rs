//! A request's body on its way: who lets it trickle, or never ends it, does not keep a connection for ever.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Bytes, HttpBody};
use hyper::body::{Frame, Incoming, SizeHint};
use thiserror::Error;
use tokio::time::{Sleep, sleep};

use super::exchange::Exchange;

/// So much has to come in each span of patience, or the end: about what the slowest phone still sends.
const PROGRESS_BYTES: usize = 16 * 1024;

/// Is a body that must make progress.
#[derive(Debug)]
pub(super) struct Arriving {
    body: Incoming,
    patience: Duration,
    /// Runs since the last progress, once it had to be waited for.
    waiting: Option<Pin<Box<Sleep>>>,
    /// What came since then.
    brought: usize,
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
            body,
            patience,
            waiting: None,
            brought: 0,
            exchange,
        }
    }

    fn note_progress(&mut self, size: usize) {
        self.brought = self.brought.saturating_add(size);
        if self.brought >= PROGRESS_BYTES {
            self.brought = 0;
            self.waiting = None;
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
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(frame) => {
                match &frame {
                    None => self.exchange.request_is_whole(),
                    Some(Ok(frame)) => self.note_progress(frame.data_ref().map_or(0, Bytes::len)),
                    Some(Err(_)) => {}
                }
                Poll::Ready(frame.map(|frame| frame.map_err(NotArrived::from)))
            }
            Poll::Pending => {
                let patience = self.patience;
                let waiting = self
                    .waiting
                    .get_or_insert_with(|| Box::pin(sleep(patience)));
                match waiting.as_mut().poll(context) {
                    Poll::Pending => Poll::Pending,
                    Poll::Ready(()) => {
                        self.exchange.request_is_late();
                        Poll::Ready(Some(Err(NotArrived::TooSlow)))
                    }
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
