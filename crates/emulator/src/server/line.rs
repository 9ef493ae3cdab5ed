//! A connection's bytes: what was read ahead comes first, blank lines before a request are nothing, and who takes nothing for
//! too long is given up.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::Bytes;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Sleep, sleep};

/// Is a socket that outlives whoever reads and writes HTTP on it.
#[derive(Debug)]
pub(super) struct Line {
    stream: TcpStream,
    /// Is read before what the socket brings.
    unread: Bytes,
    /// How long the other side may take nothing of what is written.
    patience: Duration,
    /// Runs while it takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Whether the other side has not yet taken what was to be written last.
    blocked: Arc<AtomicBool>,
    /// Whether anything of a request was read in this stretch, or the end.
    brought: Arc<AtomicBool>,
}

impl Line {
    pub(super) fn new(stream: TcpStream, patience: Duration) -> Self {
        Self {
            stream,
            unread: Bytes::new(),
            patience,
            stalled: None,
            blocked: Arc::default(),
            brought: Arc::default(),
        }
    }

    /// Puts what begins with a request before everything that is still to be read.
    pub(super) fn put_back(&mut self, bytes: Bytes) {
        let bytes = bytes.slice(blank_lines(&bytes)..);
        // Nothing of a buffer keeps the buffer all the same.
        if bytes.is_empty() {
            return;
        }
        self.unread = if self.unread.is_empty() {
            bytes
        } else {
            Bytes::from([bytes, std::mem::take(&mut self.unread)].concat())
        };
    }

    /// Tells whether something was read that nobody has made use of yet.
    pub(super) fn has_unread(&self) -> bool {
        !self.unread.is_empty()
    }

    /// Waits until the other side sends something, or has gone.
    pub(super) async fn stirs(&self) {
        // What is wrong with it comes up when it is read.
        let _ = self.stream.readable().await;
    }

    /// Waits until the other side has gone. Who sends more before the reply is there is not watched any further.
    pub(super) async fn gone(&self) {
        if self.has_unread() || self.stream.peek(&mut [0]).await.is_ok_and(|size| size > 0) {
            std::future::pending::<()>().await;
        }
    }

    /// Writes as much as goes out at once: last words to somebody who may not listen.
    pub(super) fn shout(&self, words: &[u8]) {
        let _ = self.stream.try_write(words);
    }

    /// Is true for as long as the other side has not taken what was written.
    pub(super) fn blocked(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.blocked)
    }

    /// Begins a stretch; is true as soon as anything of a request has come in it, or the end.
    pub(super) fn brought(&self) -> Arc<AtomicBool> {
        self.brought.store(false, Ordering::Relaxed);
        Arc::clone(&self.brought)
    }

    fn note<T>(
        &mut self,
        written: Poll<io::Result<T>>,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<T>> {
        self.blocked.store(written.is_pending(), Ordering::Relaxed);
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let patience = self.patience;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn read(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.unread.is_empty() {
            return Pin::new(&mut self.stream).poll_read(context, buffer);
        }
        let size = self.unread.len().min(buffer.remaining());
        buffer.put_slice(&self.unread.split_to(size));
        if self.unread.is_empty() {
            // A part of it would keep the whole.
            self.unread = Bytes::new();
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncRead for Line {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let start = buffer.filled().len();
        loop {
            ready!(self.read(context, buffer))?;
            if self.brought.load(Ordering::Relaxed) {
                return Poll::Ready(Ok(()));
            }
            let came = &mut buffer.filled_mut()[start..];
            let (size, blank) = (came.len(), blank_lines(came));
            came.copy_within(blank.., 0);
            buffer.set_filled(start + size - blank);
            if blank < size || size == 0 {
                self.brought.store(true, Ordering::Relaxed);
                return Poll::Ready(Ok(()));
            }
        }
    }
}

impl AsyncWrite for Line {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.note(written, context)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, bytes);
        self.note(written, context)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Tells how many bytes are before the first line that says something: some clients end a body with a blank line.
fn blank_lines(bytes: &[u8]) -> usize {
    let blank = |byte: &&u8| matches!(byte, b'\r' | b'\n');
    bytes.iter().take_while(blank).count()
}
