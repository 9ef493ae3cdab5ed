//! One stretch of requests and replies on a connection, and what its two ends tell each other: the handlers on the one, whoever
//! drives the connection on the other.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE};
use axum::http::{HeaderValue, Method, StatusCode, Version};
use axum::response::Response;
use hyper::Request;
use hyper::body::{Frame, Incoming, SizeHint};
use hyper::service::Service;
use thiserror::Error;
use tower::ServiceExt;

use super::arriving::Arriving;
use super::serve::Peer;

/// Marks a response that must never be sent: its connection is cut instead.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cut;

/// Is a request that is being answered.
pub(super) type Answer = Pin<Box<dyn Future<Output = Response> + Send>>;

/// Is what is known of a stretch, from both ends.
#[derive(Debug)]
pub(super) struct Exchange {
    /// Whether a request has been answered: hyper has the whole reply.
    answered: AtomicBool,
    /// Whether a request is being answered.
    busy: AtomicBool,
    /// Whether all of the latest request has been read.
    whole: AtomicBool,
    /// Whether it came too slowly.
    late: AtomicBool,
    /// Whether its sender can wait for the reply without anything else being done on the line.
    may_wait: AtomicBool,
    /// Whether the connection is over once it is answered.
    is_last: AtomicBool,
    /// Whether its handler expects to wait for long.
    waits: AtomicBool,
    /// Whether what was written has not been taken yet.
    blocked: Arc<AtomicBool>,
    /// Whether anything of a request has come.
    brought: Arc<AtomicBool>,
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held(Option<Answer>);

/// Lets a handler say that its reply will take a while.
#[derive(Debug, Clone)]
pub(super) struct Patience(Arc<Exchange>);

/// Says why a stretch ends without a reply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Interrupted {
    #[error("cut on purpose")]
    Cut,
    #[error("put aside until there is a reply")]
    Held,
}

impl Exchange {
    /// Begins a stretch on a line that tells by `blocked` whether the other side takes what is written, and by `brought`
    /// whether it has sent anything.
    pub(super) fn new(blocked: Arc<AtomicBool>, brought: Arc<AtomicBool>) -> Arc<Self> {
        Arc::new(Self {
            answered: AtomicBool::new(false),
            busy: AtomicBool::new(false),
            whole: AtomicBool::new(false),
            late: AtomicBool::new(false),
            may_wait: AtomicBool::new(false),
            is_last: AtomicBool::new(false),
            waits: AtomicBool::new(false),
            blocked,
            brought,
            held: Mutex::default(),
        })
    }

    /// Notes that all of the latest request was read.
    pub(super) fn request_is_whole(&self) {
        set(&self.whole, true);
    }

    /// Notes that the latest request came too slowly to be waited for.
    pub(super) fn request_is_late(&self) {
        set(&self.late, true);
    }

    /// Tells whether everything that was asked is answered and everything that was said has left.
    pub(super) fn is_at_rest(&self) -> bool {
        is(&self.answered) && !is(&self.busy) && is(&self.whole) && !is(&self.blocked)
    }

    /// Tells whether nothing has come yet, not even of a request.
    pub(super) fn is_silent(&self) -> bool {
        !is(&self.brought)
    }

    /// Tells whether no request has come yet.
    pub(super) fn is_untouched(&self) -> bool {
        !is(&self.answered) && !is(&self.busy)
    }

    /// Tells whether the connection is over once the latest request is answered.
    pub(super) fn is_last(&self) -> bool {
        is(&self.is_last)
    }

    /// Takes the request that was put aside.
    pub(super) fn take_held(&self) -> Option<Answer> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.0.take()
    }

    fn hold(&self, answer: Answer) {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.0 = Some(answer);
    }

    /// Notes what kind of request has come.
    fn begin<B>(&self, request: &Request<B>) {
        // Whatever else it says of the connection, hyper has to see to it.
        let wishes = || request.headers().get_all(CONNECTION).iter();
        let only = |wish: &[u8]| wishes().all(|said| said.as_bytes().eq_ignore_ascii_case(wish));
        let current = request.version() == Version::HTTP_11;
        let closes = only(b"close") && (!current || wishes().next().is_some());
        let stays = only(b"keep-alive") && current;
        set(&self.is_last, closes);
        set(
            &self.may_wait,
            (closes || stays) && request.method() != Method::HEAD,
        );
        for past in [&self.whole, &self.late, &self.waits] {
            set(past, false);
        }
        set(&self.busy, true);
    }

    fn can_be_held(&self) -> bool {
        is(&self.waits) && is(&self.may_wait) && is(&self.whole) && !is(&self.blocked)
    }
}

impl std::fmt::Debug for Held {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Held").field(&self.0.is_some()).finish()
    }
}

impl Patience {
    /// Tells that the reply will take a while: until then nothing is kept of the connection but the socket.
    pub(super) fn expect_to_wait(&self) {
        set(&self.0.waits, true);
    }
}

/// Hands the requests of a stretch to the router.
#[derive(Debug)]
pub(super) struct Front {
    pub(super) exchange: Arc<Exchange>,
    pub(super) router: Router,
    pub(super) from: IpAddr,
    pub(super) slow_after: Duration,
    /// The reply to the first request, if it is known already.
    pub(super) ready: Mutex<Option<Response>>,
}

impl Front {
    fn answer(&self, request: Request<Incoming>) -> Answer {
        let ready = {
            let mut ready = self.ready.lock().unwrap_or_else(PoisonError::into_inner);
            ready.take()
        };
        if let Some(response) = ready {
            self.exchange.request_is_whole();
            return Box::pin(std::future::ready(response));
        }
        let exchange = Arc::clone(&self.exchange);
        let (head, body) = request.into_parts();
        let body = Arriving::new(body, self.slow_after, exchange);
        let leftover = body.leftover();
        let mut request = Request::from_parts(head, Body::new(body));
        let extensions = request.extensions_mut();
        extensions.insert(Peer(self.from));
        extensions.insert(Patience(Arc::clone(&self.exchange)));
        let answered = self.router.clone().oneshot(request);
        Box::pin(async move {
            let Ok(response) = answered.await;
            leftover.read_off().await;
            response
        })
    }
}

impl Service<Request<Incoming>> for Front {
    type Response = Response<Leaving>;
    type Error = Interrupted;
    type Future = Answering;

    fn call(&self, request: Request<Incoming>) -> Answering {
        self.exchange.begin(&request);
        Answering {
            answer: Some(self.answer(request)),
            exchange: Arc::clone(&self.exchange),
        }
    }
}

/// Waits for the reply to a request, or for its being put aside.
pub(super) struct Answering {
    answer: Option<Answer>,
    exchange: Arc<Exchange>,
}

impl Future for Answering {
    type Output = Result<Response<Leaving>, Interrupted>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let Some(mut answer) = self.answer.take() else {
            return Poll::Ready(Err(Interrupted::Held));
        };
        match answer.as_mut().poll(context) {
            Poll::Ready(response) if response.extensions().get::<Cut>().is_some() => {
                Poll::Ready(Err(Interrupted::Cut))
            }
            Poll::Ready(mut response) => {
                if is(&self.exchange.late) {
                    tell_late(&mut response);
                }
                let busy = Busy(Arc::clone(&self.exchange));
                Poll::Ready(Ok(response.map(|body| Leaving { body, _busy: busy })))
            }
            Poll::Pending if self.exchange.can_be_held() => {
                self.exchange.hold(answer);
                Poll::Ready(Err(Interrupted::Held))
            }
            Poll::Pending => {
                self.answer = Some(answer);
                Poll::Pending
            }
        }
    }
}

/// Whatever the handler made of half a request: the sender hears what was wrong with it, and who may read that stays.
fn tell_late(response: &mut Response) {
    *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
    *response.body_mut() = Body::from("the request did not arrive in time\n");
    let headers = response.headers_mut();
    headers.remove(CONTENT_LENGTH);
    let kind = HeaderValue::from_static("text/plain;charset=UTF-8");
    headers.insert(CONTENT_TYPE, kind);
    headers.insert(CONNECTION, HeaderValue::from_static("close"));
}

/// Is a reply's body; when hyper drops it, it has taken over all of the reply. Whether that has left, the line tells.
#[derive(Debug)]
pub(super) struct Leaving {
    body: Body,
    _busy: Busy,
}

#[derive(Debug)]
struct Busy(Arc<Exchange>);

impl Drop for Busy {
    fn drop(&mut self) {
        set(&self.0.answered, true);
        set(&self.0.busy, false);
    }
}

impl HttpBody for Leaving {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

// One task reads and writes all of it; that others may is asked by the compiler only.
fn is(flag: &AtomicBool) -> bool {
    flag.load(Ordering::Relaxed)
}

fn set(flag: &AtomicBool, value: bool) {
    flag.store(value, Ordering::Relaxed);
}
