//! What the three samples share: settings, one HTTP call, and the conversation itself.
#![forbid(unsafe_code)]
#![expect(clippy::print_stdout, reason = "samples talk to a person")]

use std::env;
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;
use thiserror::Error;
use ureq::Agent;
use ureq::http::{Response, StatusCode};

/// The reason why something went wrong, for people. It names the operation, never the path or the body: those hold what makes the caller
/// the visitor.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ChatError {
    /// `CHAT_HEADERS` has what no visitor may have.
    #[error("Authorization is not a visitor's header")]
    Authorization,
    /// The server does not answer.
    #[error("{what}: no answer from {url}")]
    Unreachable {
        /// The operation.
        what: &'static str,
        /// The server.
        url: String,
    },
    /// The server answers that it cannot or will not.
    #[error("{what}: {status} {words}")]
    Refused {
        /// The operation.
        what: &'static str,
        /// The status of HTTP, or the reply's own.
        status: String,
        /// What the server says about it.
        words: String,
    },
    /// The server's answer is none of this operation.
    #[error("{what}: the answer has no {field}")]
    Unreadable {
        /// The operation.
        what: &'static str,
        /// What was looked for.
        field: &'static str,
    },
    /// No agent answered.
    #[error("nobody answered within {} s", .0.as_secs_f64())]
    Unanswered(Duration),
    /// Somebody else ended the chat.
    #[error("the chat ended before anybody answered")]
    EndedEarly,
}

/// Reads a setting from the environment.
pub fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}

/// Reads a time span in seconds from the environment.
pub fn seconds(name: &str, default: f64) -> Duration {
    let given = env::var(name).ok().and_then(|text| text.parse().ok());
    Duration::try_from_secs_f64(given.unwrap_or(default)).unwrap_or(Duration::MAX)
}

/// Tells how long to wait between two looks: the vendor asks for 3 to 5 s.
pub fn pace() -> Duration {
    seconds("CHAT_POLL_SECONDS", 3.0)
}

/// Tells how long to wait for an answer.
pub fn patience() -> Duration {
    seconds("CHAT_PATIENCE_SECONDS", 60.0)
}

/// Tells the visitor's name.
pub fn name() -> String {
    setting("CHAT_NAME", "Maria")
}

/// Tells what the visitor wants to say.
pub fn text() -> String {
    let first = env::args().nth(1);
    first.unwrap_or_else(|| "Where is my parcel?".to_owned())
}

/// A client of one server.
#[derive(Debug)]
pub struct Client {
    agent: Agent,
    url: String,
    headers: Vec<(String, String)>,
}

impl Client {
    /// Makes a client of the settings; `headers` go with every request where the environment has none, one a line.
    pub fn new(headers: &str) -> Result<Self, ChatError> {
        let lines = setting("CHAT_HEADERS", headers);
        let headers: Vec<(String, String)> = lines
            .lines()
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.trim().to_owned(), value.trim().to_owned()))
            .collect();
        if headers
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("authorization"))
        {
            return Err(ChatError::Authorization);
        }
        let config = Agent::config_builder()
            .timeout_global(Some(Duration::from_secs(10)))
            .http_status_as_error(false)
            .build();
        let url = setting("CHAT_URL", "http://127.0.0.1:8888");
        Ok(Self {
            agent: config.into(),
            url: url.trim_end_matches('/').to_owned(),
            headers,
        })
    }

    /// Asks for JSON.
    pub fn get(&self, what: &'static str, path: &str) -> Result<Value, ChatError> {
        let mut request = self.agent.get(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        let (status, reply) = self.read(what, request.call())?;
        good(what, status, reply)
    }

    /// Sends JSON.
    pub fn post(&self, what: &'static str, path: &str, body: &Value) -> Result<Value, ChatError> {
        let (status, reply) = self.read(what, self.to(path).send_json(body))?;
        good(what, status, reply)
    }

    /// Sends a form.
    pub fn form(
        &self,
        what: &'static str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Value, ChatError> {
        let (status, reply) = self.read(what, self.to(path).send_form(fields.iter().copied()))?;
        good(what, status, reply)
    }

    /// Sends a form to what may not be possible yet: none is HTTP 503.
    pub fn form_or_later(
        &self,
        what: &'static str,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<Option<Value>, ChatError> {
        let (status, reply) = self.read(what, self.to(path).send_form(fields.iter().copied()))?;
        if status == StatusCode::SERVICE_UNAVAILABLE {
            return Ok(None);
        }
        good(what, status, reply).map(Some)
    }

    fn to(&self, path: &str) -> ureq::RequestBuilder<ureq::typestate::WithBody> {
        let mut request = self.agent.post(format!("{}{path}", self.url));
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request
    }

    fn read(
        &self,
        what: &'static str,
        reply: Result<Response<ureq::Body>, ureq::Error>,
    ) -> Result<(StatusCode, Value), ChatError> {
        let unreachable = |_| ChatError::Unreachable {
            what,
            url: self.url.clone(),
        };
        let mut reply = reply.map_err(unreachable)?;
        let text = reply.body_mut().read_to_string().map_err(unreachable)?;
        Ok((
            reply.status(),
            serde_json::from_str(&text).unwrap_or_default(),
        ))
    }
}

/// Refuses what is not HTTP 200, and what comes as HTTP 200 and is a refusal all the same: `statusCode` 2. That 1 means
/// "try again" is for the caller.
fn good(what: &'static str, status: StatusCode, reply: Value) -> Result<Value, ChatError> {
    let own = reply["statusCode"].as_i64().unwrap_or(0);
    if status == StatusCode::OK && own <= 1 {
        return Ok(reply);
    }
    let status = if status == StatusCode::OK {
        "refused:".to_owned()
    } else {
        format!("HTTP {}", status.as_u16())
    };
    let words = reason(&reply);
    Err(ChatError::Refused {
        what,
        status,
        words,
    })
}

/// Reads a server's words out of an error, whichever server it is.
fn reason(reply: &Value) -> String {
    let errors = reply["errors"].as_array().into_iter().flatten();
    let mut words: Vec<String> = errors
        .map(|error| {
            format!(
                "{} {}",
                error["code"],
                error["advice"].as_str().unwrap_or_default()
            )
        })
        .collect();
    let others = ["statusMessage", "message"].map(|field| reply[field].as_str().map(str::to_owned));
    words.extend(others.into_iter().flatten());
    plain(&words.join("; "))
}

/// Takes a text out of a reply that must have it.
pub fn required<'a>(
    what: &'static str,
    reply: &'a Value,
    field: &'static str,
) -> Result<&'a str, ChatError> {
    reply[field]
        .as_str()
        .ok_or(ChatError::Unreadable { what, field })
}

/// Encodes a name for a path.
pub fn encode(name: &str) -> String {
    name.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

/// An event, as far as the samples care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody came.
    Joined,
    /// Somebody went.
    Left,
    /// Somebody said something.
    Message,
    /// Typing, and whatever servers invent.
    Other,
}

/// A person, as far as the samples care.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// We.
    Visitor,
    /// Whom we want to talk to.
    Agent,
    /// The system, for instance.
    Other,
}

/// One event of the transcript.
#[derive(Debug)]
pub struct Event {
    /// What happened.
    pub kind: Kind,
    /// By whom.
    pub role: Role,
    /// The name to show.
    pub name: String,
    /// What was said.
    pub text: String,
}

/// The result of a look at the server.
#[derive(Debug, Default)]
pub struct News {
    /// What was not seen before.
    pub events: Vec<Event>,
    /// Whether the chat is over.
    pub ended: bool,
}

/// A chat in one of the dialects.
pub trait Chat {
    /// Looks what is new.
    fn receive(&mut self) -> Result<News, ChatError>;
    /// Says something.
    fn say(&mut self, text: &str) -> Result<(), ChatError>;
    /// Ends the chat.
    fn end(&mut self) -> Result<(), ChatError>;
}

/// Starts a chat, talks, ends it; an error is one line and status 1.
pub fn run<C: Chat>(start: impl FnOnce() -> Result<C, ChatError>) -> ExitCode {
    match start().and_then(|mut chat| converse(&mut chat)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {}", error.to_string().trim_end());
            ExitCode::FAILURE
        }
    }
}

/// Ends the chat, however the talk went, unless somebody else did.
fn converse(chat: &mut impl Chat) -> Result<(), ChatError> {
    let mut ended = false;
    let talked = talk(chat, &mut ended);
    if ended {
        return talked;
    }
    let left = chat.end();
    if left.is_ok() {
        println!("* the chat has ended");
    }
    talked.and(left)
}

/// Shows what comes, says the text once an agent is there, and returns when it was answered.
fn talk(chat: &mut impl Chat, ended: &mut bool) -> Result<(), ChatError> {
    let (mut there, mut asked, mut heard, mut answered) = (false, false, false, false);
    let started = Instant::now();
    while started.elapsed() < patience() {
        let news = chat.receive()?;
        *ended = news.ended;
        for event in &news.events {
            let name = plain(&event.name);
            match event.kind {
                Kind::Joined => println!("* {name} has joined"),
                Kind::Left => println!("* {name} has left"),
                Kind::Message => println!("{name}: {}", plain(&event.text)),
                Kind::Other => {}
            }
            match (event.role, event.kind) {
                (Role::Agent, Kind::Message) => (there, answered) = (true, answered || heard),
                (Role::Agent, Kind::Joined) => there = true,
                (Role::Visitor, Kind::Message) => heard = true,
                _ => {}
            }
        }
        if answered {
            return Ok(());
        }
        if *ended {
            return Err(ChatError::EndedEarly);
        }
        if there && !asked {
            chat.say(&text())?;
            asked = true;
        }
        thread::sleep(pace());
    }
    Err(ChatError::Unanswered(patience()))
}

/// Takes out what would steer a terminal.
fn plain(text: &str) -> String {
    text.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_service_may_have_any_name() {
        assert_eq!(encode("sales-1_a.b~"), "sales-1_a.b~");
        assert_eq!(encode("a b/ü?"), "a%20b%2F%C3%BC%3F");
    }

    #[test]
    fn every_servers_words_are_told_without_what_steers_a_terminal() {
        let of_version_2 = json!({"errors": [{"code": 204, "advice": "too long"}, {"code": 1}]});
        assert_eq!(reason(&of_version_2), "204 too long; 1 ");
        assert_eq!(reason(&json!({"statusMessage": "no\u{1b}[2J"})), "no [2J");
        assert_eq!(reason(&json!({"message": {"_status": "waiting"}})), "");
        assert_eq!(reason(&Value::Null), "");
    }

    #[test]
    fn a_refusal_may_come_as_http_200() {
        let told = |status, reply| good("send", status, reply).map_err(|error| error.to_string());
        let (ok, bad) = (StatusCode::OK, StatusCode::BAD_REQUEST);
        assert!(told(ok, json!({"statusCode": 0})).is_ok());
        assert!(told(ok, json!({"statusCode": 1})).is_ok());
        assert!(told(ok, json!({"chatIxnState": "TRANSCRIPT"})).is_ok());
        let refused = json!({"statusCode": 2, "errors": [{"code": 249, "advice": "over"}]});
        assert_eq!(told(ok, refused), Err("send: refused: 249 over".to_owned()));
        let empty = told(bad, Value::Null);
        assert_eq!(empty, Err("send: HTTP 400 ".to_owned()));
    }
}
