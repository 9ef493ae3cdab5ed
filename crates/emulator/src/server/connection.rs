//! A connection's life: it rests, it talks, it waits for a reply.
//!
//! Hyper keeps two buffers of 8 kB for as long as it has a connection, most of the time for nothing: a visitor's program
//! asks every few seconds, and a long poll waits for a minute. So hyper has a connection only while there is something to
//! read or to write; in between there is a socket and a small task. A request that is put aside (its handler expects to
//! wait) is answered as if it had just come: hyper reads a request line of ours and writes the reply that is there.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::response::Response;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::app::App;
use super::exchange::{Answer, Exchange, Front};
use super::line::Line;

/// How long a connection may rest. Browsers give up theirs later, so that it is we who count them.
const REST: Duration = Duration::from_secs(75);
/// How many bytes a request line with its headers may be: each connection may take so much before anything is known of it.
const MOST_HEAD: usize = 64 * 1024;
/// Is read by hyper in place of the request that it has seen before.
const AGAIN: &[u8] = b"GET / HTTP/1.1\r\nHost: again\r\n\r\n";
/// The same where the client wants the connection closed then.
const FOR_THE_LAST_TIME: &[u8] = b"GET / HTTP/1.1\r\nHost: again\r\nConnection: close\r\n\r\n";
/// Answers somebody whose request line never ends.
const TOO_SLOW: &[u8] =
    b"HTTP/1.1 408 Request Timeout\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";

/// Is what all connections share.
#[derive(Debug, Clone)]
pub(super) struct House {
    pub(super) app: Arc<App>,
    pub(super) router: Router,
    /// Told when the server ends.
    pub(super) stop: CancellationToken,
    /// How long a client may take for nothing.
    pub(super) slow_after: Duration,
}

/// Tells what comes after a stretch of talk.
enum Next {
    Rest(Line),
    /// It was for nothing: the rest goes on.
    RestOn(Line),
    /// Puts the last before what is still to be read once there is a reply.
    Wait(Line, Answer, &'static [u8]),
    Over,
}

/// Tells when a connection is to take no more requests.
#[derive(Debug)]
struct Closing {
    /// This connection's part of what is taken away when all have to close; given back once it has heard.
    open: Option<Arc<CancellationToken>>,
    /// Told when the server ends; none once it has heard. It may hear of that long after it was told to close.
    stop: Option<CancellationToken>,
}

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, from: IpAddr, house: House) {
    // Small replies must not wait for each other.
    let _ = stream.set_nodelay(true);
    // Before the rules are read: a rule that comes in between is not missed.
    let open = house.app.open_connection();
    let mut closing = Closing {
        open: Some(open),
        stop: Some(house.stop.clone()),
    };
    if house.app.faults().may_cut() {
        closing.hear();
    }
    let mut line = Line::new(stream, house.slow_after);
    let mut ready = None;
    let mut until = Instant::now() + REST;
    loop {
        if !line.has_unread() && !rest(&line, until, &closing).await {
            return;
        }
        // Boxed, like all that is needed only for a while: a task is as large as its largest moment.
        let talk = Box::pin(talk(line, from, &house, ready.take(), &mut closing));
        match talk.await {
            Next::Rest(rested) => {
                line = rested;
                until = Instant::now() + REST;
            }
            Next::RestOn(_) if closing.is_called() => return,
            Next::RestOn(resting) => line = resting,
            Next::Wait(waiting, answer, again) => {
                match wait(&waiting, answer, &mut closing).await {
                    None => return,
                    Some(response) => {
                        line = waiting;
                        line.put_back(Bytes::from_static(again));
                        ready = Some(response);
                    }
                }
            }
            Next::Over => return,
        }
    }
}

/// Waits for a request; false: none will be taken any more.
async fn rest(line: &Line, until: Instant, closing: &Closing) -> bool {
    tokio::select! {
        // Who sends nothing but blank lines stirs all the time; but a request that is there is answered.
        biased;
        () = sleep_until(until) => false,
        () = line.stirs() => true,
        () = closing.called() => false,
    }
}

/// Waits for the reply to a request that was put aside; `None`: the one who asked has gone.
async fn wait(line: &Line, mut answer: Answer, closing: &mut Closing) -> Option<Response> {
    loop {
        tokio::select! {
            biased;
            response = &mut answer => return Some(response),
            () = line.gone() => return None,
            () = closing.called() => closing.hear(),
        }
    }
}

/// Reads requests and writes replies for as long as there is something to read or to write.
async fn talk(
    line: Line,
    from: IpAddr,
    house: &House,
    ready: Option<Response>,
    closing: &mut Closing,
) -> Next {
    let exchange = Exchange::new(line.blocked(), line.brought());
    let front = Front {
        exchange: Arc::clone(&exchange),
        router: house.router.clone(),
        from,
        slow_after: house.slow_after,
        ready: Mutex::new(ready),
    };
    let mut serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(house.slow_after)
        .max_buf_size(MOST_HEAD)
        // Who has said all may close their half, as `nc` does: the reply is for them all the same.
        .half_close(true)
        .keep_alive(!closing.was_heard())
        .serve_connection(TokioIo::new(line), front);
    let (mut rests, mut silent) = (false, false);
    let mut closes = closing.was_heard();
    let ended = loop {
        let driven = std::future::poll_fn(|context| {
            match serving.poll_without_shutdown(context) {
                Poll::Pending if exchange.is_silent() => {
                    silent = true;
                    Poll::Ready(Ok(()))
                }
                Poll::Pending if !closes && !rests && exchange.is_at_rest() => {
                    // At rest it is over at once. If hyper sees something that we do not, it closes when that is done.
                    rests = true;
                    Pin::new(&mut serving).graceful_shutdown();
                    match serving.poll_without_shutdown(context) {
                        Poll::Pending => {
                            rests = false;
                            closes = true;
                            Poll::Pending
                        }
                        ended @ Poll::Ready(_) => ended,
                    }
                }
                polled => polled,
            }
        });
        tokio::select! {
            biased;
            ended = driven => break ended,
            () = closing.called() => {
                closes = true;
                Pin::new(&mut serving).graceful_shutdown();
                closing.hear();
            }
        }
    };
    let parts = serving.into_parts();
    let mut line = parts.io.into_inner();
    line.put_back(parts.read_buf);
    match ended {
        Ok(()) if rests => Next::Rest(line),
        Ok(()) if silent => Next::RestOn(line),
        Ok(()) => Next::Over,
        Err(error) => match exchange.take_held() {
            Some(answer) if exchange.is_last() => Next::Wait(line, answer, FOR_THE_LAST_TIME),
            Some(answer) => Next::Wait(line, answer, AGAIN),
            None => {
                debug!(%error, "a connection ended early");
                if error.is_timeout() && exchange.is_untouched() {
                    line.shout(TOO_SLOW);
                }
                Next::Over
            }
        },
    }
}

impl Closing {
    /// Waits for word that was not heard yet. Told already that it closes, a connection has one request to answer all the
    /// same, unless the server ends.
    async fn called(&self) {
        tokio::select! {
            () = cancelled(self.open.as_deref()) => {}
            () = cancelled(self.stop.as_ref()) => {}
        }
    }

    fn is_called(&self) -> bool {
        let mut tokens = self.open.as_deref().into_iter().chain(&self.stop);
        tokens.any(CancellationToken::is_cancelled)
    }

    /// Notes that it was heard.
    fn hear(&mut self) {
        self.open = None;
        self.stop.take_if(|stop| stop.is_cancelled());
    }

    fn was_heard(&self) -> bool {
        self.open.is_none()
    }
}

/// Waits until somebody says so; for ever where there is nobody.
async fn cancelled(token: Option<&CancellationToken>) {
    match token {
        None => std::future::pending().await,
        Some(token) => token.cancelled().await,
    }
}
