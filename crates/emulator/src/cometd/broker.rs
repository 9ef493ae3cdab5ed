//! The broker: which requests are answered now, which are held, and until when.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::mem;
use std::net::IpAddr;

use serde_json::Value;

use super::held::{ConnectReply, Ticket};
use super::message;
use super::session::{Delivered, Session, SessionKey};
use super::{Options, files, serves};
use crate::gms_v2;
use crate::model::{ChatId, ServiceId, Version, World};
use crate::rng::Rng;
use crate::wire::{Request, Response, allow_origin};

/// The broker's answer to a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It is answered.
    Now(Response),
    /// It is a long poll that waits for news: [`Broker::due`] will hand out its reply under this ticket.
    Held(Ticket),
}

/// The Bayeux server: pushes news to clients that hold a request open.
///
/// All calls take `now_ms`, the time as Unix milliseconds, and the world that the chats live in: the same one for as long
/// as the broker lives. Sessions are memory only. After a restart there is a new world and a new broker, clients hear that
/// they are unknown and begin anew; chats go on.
#[derive(Debug)]
pub struct Broker {
    pub(super) options: Options,
    pub(super) rng: Rng,
    pub(super) sessions: BTreeMap<SessionKey, Session>,
    pub(super) by_client: HashMap<String, SessionKey>,
    pub(super) watchers: HashMap<ChatId, BTreeSet<SessionKey>>,
    /// Sessions by the header `gms_user`.
    pub(super) users: HashMap<String, BTreeSet<SessionKey>>,
    /// What has arrived of each service's chat, whichever session it was.
    pub(super) arrived: HashMap<ServiceId, Delivered>,
    pub(super) polls: BTreeMap<Ticket, SessionKey>,
    pub(super) deadlines: BTreeSet<(i64, SessionKey)>,
    /// Sessions for which there may be news.
    maybe_news: BTreeSet<SessionKey>,
    /// Replies that wait to be handed out.
    pub(super) answered: Vec<(Ticket, Response)>,
    seen: Version,
    pub(super) keys: u64,
    pub(super) tickets: u64,
    pub(super) closing: bool,
    /// How many bytes the publishes of the request have brought so far.
    pub(super) published_bytes: usize,
}

/// What a request says about its sender.
#[derive(Debug)]
pub(super) struct Requester<'a> {
    pub(super) user: Option<&'a str>,
    pub(super) origin: Option<&'a str>,
    pub(super) address: Option<IpAddr>,
    /// Whether it came with our cookie.
    pub(super) known_browser: bool,
}

impl Broker {
    /// Creates a broker without sessions, whose clients' ids come from `seed`: take another one after a restart, or old
    /// clients might be taken for new ones.
    pub fn new(seed: u64, options: Options) -> Self {
        Self {
            options,
            // Mixed, as the world may have been given the same seed.
            rng: Rng::new(seed ^ 0x5851_f42d_4c95_7f2d),
            sessions: BTreeMap::new(),
            by_client: HashMap::new(),
            watchers: HashMap::new(),
            users: HashMap::new(),
            arrived: HashMap::new(),
            polls: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            maybe_news: BTreeSet::new(),
            answered: Vec::new(),
            seen: Version::default(),
            keys: 0,
            tickets: 0,
            closing: false,
            published_bytes: 0,
        }
    }

    /// Handles one whole request: any of `/genesys/cometd`, and the files of `/genesys/2/chat-ntf`. Call
    /// [`due`](Self::due) afterwards: it may have been news to others.
    pub fn receive(&mut self, world: &mut World, request: &Request, now_ms: i64) -> Answer {
        self.receive_from(world, request, None, now_ms)
    }

    /// Handles one request from a known address; otherwise the same as [`receive`](Self::receive).
    pub fn receive_from(
        &mut self,
        world: &mut World,
        request: &Request,
        address: Option<IpAddr>,
        now_ms: i64,
    ) -> Answer {
        let mut answer = if request.method == "OPTIONS" {
            Answer::Now(Response::empty(204))
        } else if files::serves(&request.path) {
            Answer::Now(files::respond(world, request, now_ms))
        } else if !serves(&request.path) {
            Answer::Now(gms_v2::not_found())
        } else if request.method != "POST" {
            Answer::Now(gms_v2::wrong_method())
        } else {
            self.take_in(world, request, address, now_ms)
        };
        if let Answer::Now(response) = &mut answer {
            allow_origin(request, response);
        }
        answer
    }

    /// Returns the replies to all long polls for which there is news now or whose time is over.
    pub fn due(&mut self, world: &mut World, now_ms: i64) -> Vec<(Ticket, Response)> {
        self.mark_changed(world, now_ms);
        for key in mem::take(&mut self.maybe_news) {
            self.deliver(world, key, now_ms);
        }
        while let Some(&(at_ms, key)) = self.deadlines.first()
            && at_ms <= now_ms
        {
            if !self.answer_poll(world, key, Vec::new(), None, now_ms) {
                self.forget(world, key, now_ms);
            }
        }
        mem::take(&mut self.answered)
    }

    /// Notes that the connection of a long poll has gone. The session's next connect carries what its reply would have.
    pub fn abandoned(&mut self, world: &mut World, ticket: Ticket, now_ms: i64) {
        self.answered.retain(|(answered, _)| *answered != ticket);
        let Some(key) = self.polls.remove(&ticket) else {
            return;
        };
        if let Some(session) = self.sessions.get_mut(&key) {
            session.held = None;
        }
        self.await_reconnect(world, key, now_ms);
    }

    /// Answers all long polls that are held, and holds none from now on.
    pub fn close(&mut self, world: &mut World, now_ms: i64) {
        self.closing = true;
        let keys: Vec<SessionKey> = self.polls.values().copied().collect();
        for key in keys {
            self.answer_poll(world, key, Vec::new(), None, now_ms);
        }
    }

    /// Returns the settings, to change them.
    pub fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// Returns when [`due`](Self::due) will next have something to do if nothing happens until then (Unix ms).
    pub fn next_deadline_ms(&self) -> Option<i64> {
        if !self.answered.is_empty() || !self.maybe_news.is_empty() {
            return Some(i64::MIN);
        }
        self.deadlines.first().map(|(at_ms, _)| *at_ms)
    }

    /// Returns the number of sessions.
    pub fn sessions(&self) -> usize {
        self.sessions.len()
    }

    /// Returns the number of long polls that are held.
    pub fn held(&self) -> usize {
        self.polls.len()
    }

    fn take_in(
        &mut self,
        world: &mut World,
        request: &Request,
        address: Option<IpAddr>,
        now_ms: i64,
    ) -> Answer {
        let messages = match message::read(request) {
            Ok(messages) => messages,
            Err(error) => {
                let text = error.text().into_bytes();
                let kind = "text/plain;charset=UTF-8";
                return Answer::Now(Response::with_body(error.status(), kind, text));
            }
        };
        let cookies = request.header("cookie").unwrap_or_default();
        let visit = Requester {
            user: request
                .header("gms_user")
                .map(str::trim)
                .filter(|user| !user.is_empty()),
            origin: request.header("origin"),
            address,
            known_browser: cookies.contains("BAYEUX_BROWSER="),
        };
        self.mark_changed(world, now_ms);
        if let [only] = messages.as_slice()
            && only.channel() == Some("/meta/connect")
        {
            return match self.connect(world, only, &visit, true, now_ms) {
                ConnectReply::Held(ticket) => Answer::Held(ticket),
                ConnectReply::Now { mut news, reply } => {
                    news.push(reply);
                    Answer::Now(Response::json(200, &Value::Array(news)))
                }
            };
        }
        self.published_bytes = 0;
        let mut cookie = None;
        let mut out = Vec::new();
        let mut replies = Vec::new();
        let mut publishers = BTreeSet::new();
        for message in &messages {
            replies.push(match message.channel() {
                None => Value::Object(message.failed("400::Missing channel")),
                Some("/meta/handshake") => {
                    if !visit.known_browser && cookie.is_none() {
                        cookie = Some(self.cookie());
                    }
                    self.handshake(world, message, &visit, now_ms)
                }
                Some("/meta/connect") => {
                    match self.connect(world, message, &visit, false, now_ms) {
                        ConnectReply::Held(_) => continue,
                        ConnectReply::Now { news, reply } => {
                            out.extend(news);
                            reply
                        }
                    }
                }
                Some("/meta/subscribe" | "/meta/unsubscribe") => self.subscribe(message),
                Some("/meta/disconnect") => self.disconnect(world, message, now_ms),
                Some(channel) if channel.starts_with("/meta/") => {
                    let error = format!("404:{channel}:Unknown meta channel");
                    Value::Object(message.failed(&error))
                }
                Some(channel) => {
                    publishers.extend(self.key(message));
                    self.publish(world, message, channel, &visit, now_ms)
                }
            });
        }
        for key in publishers {
            match self.sessions.get_mut(&key) {
                Some(session) if session.held.is_none() => out.append(&mut session.results),
                _ => {
                    self.maybe_news.insert(key);
                }
            }
        }
        out.extend(replies);
        let response = Response::json(200, &Value::Array(out));
        Answer::Now(match cookie {
            Some(cookie) => response.header("Set-Cookie", cookie),
            None => response,
        })
    }

    /// Answers a session's poll if it is held and there is news.
    fn deliver(&mut self, world: &mut World, key: SessionKey, now_ms: i64) {
        if self.sessions.get(&key).is_none_or(|s| s.held.is_none()) {
            return;
        }
        let news = self.collect(world, key, now_ms);
        let advice = news.is_empty().then(|| self.final_advice(key)).flatten();
        if !news.is_empty() || advice.is_some() {
            self.answer_poll(world, key, news, advice, now_ms);
        }
    }

    /// Marks the sessions for which there may be news.
    fn mark_changed(&mut self, world: &mut World, now_ms: i64) {
        let changed: Vec<ChatId> = world.changed_since(self.seen).cloned().collect();
        self.seen = world.version();
        for chat in &changed {
            self.offer_chat(world, chat, now_ms);
            let watchers = self.watchers.get(chat);
            self.maybe_news.extend(watchers.into_iter().flatten());
        }
    }
}
