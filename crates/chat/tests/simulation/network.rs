//! What can become of a request between the page and the server.

use parlour_chat::{Body, DialectKind, Failure, Request, Response};
use parlour_emulator::wire;

use crate::dice::Dice;
use crate::storm::Family;

/// What becomes of one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It arrives, and so does the answer.
    Fine,
    /// It arrives; the answer comes twice.
    AnsweredTwice,
    /// It never arrives; the page is told, or is not.
    LostBefore { told: bool },
    /// It arrives; the answer does not.
    LostAfter { told: bool },
    /// It arrives; the answer is cut short.
    Truncated,
    /// A proxy answers in the server's place, before or after the server has seen it.
    Proxy { status: u16, processed: bool },
    /// The server wants patience.
    Patience { seconds: u64 },
    /// The server has no time now, and does not say until when.
    Busy,
    /// It says that it has no time now, and has processed the request all the same.
    BusyAfter,
    /// `statusCode` 1: try again.
    TryAgain,
    /// A page of HTML with a friendly status, in the server's place.
    Html,
}

impl Fate {
    /// Rolls the fate of a request. In calm weather everything goes well.
    pub fn roll(dice: &mut Dice, calm: bool, roughness: u64, dialect: DialectKind) -> Self {
        if calm || !dice.percent(roughness) {
            return Self::Fine;
        }
        match dice.within(0, 10) {
            0 => Self::AnsweredTwice,
            1 | 2 => Self::LostBefore {
                told: dice.percent(70),
            },
            3..=5 => Self::LostAfter {
                told: dice.percent(70),
            },
            6 => Self::Truncated,
            7 => {
                let status = [500, 502, 504][dice.within(0, 3) as usize];
                Self::Proxy {
                    status,
                    processed: dice.percent(50),
                }
            }
            8 => match dice.within(0, 2) {
                0 => Self::Patience {
                    seconds: dice.within(1, 100),
                },
                _ => Self::Html,
            },
            _ if dice.percent(25) => Self::BusyAfter,
            _ => Self::not_now(dialect),
        }
    }

    /// A "not now" in the words of a dialect.
    pub fn not_now(dialect: DialectKind) -> Self {
        match dialect {
            DialectKind::GmsV2 => Self::TryAgain,
            _ => Self::Busy,
        }
    }

    /// Whether it says that the request was not done.
    pub fn is_not_now(self) -> bool {
        matches!(
            self,
            Self::Patience { .. } | Self::Busy | Self::BusyAfter | Self::TryAgain
        )
    }

    /// Whether the server gets to see the request.
    pub fn is_processed(self) -> bool {
        match self {
            Self::Fine | Self::AnsweredTwice | Self::LostAfter { .. } | Self::Truncated => true,
            Self::Proxy { processed, .. } => processed,
            Self::BusyAfter => true,
            Self::LostBefore { .. } | Self::Html => false,
            Self::Patience { .. } | Self::Busy | Self::TryAgain => false,
        }
    }

    /// What the page gets, if anything.
    pub fn answer(self, real: Option<Response>) -> Option<Result<Response, Failure>> {
        let text = |status, body: &str| Response {
            status,
            body: body.into(),
            retry_after: None,
        };
        match self {
            Self::Fine | Self::AnsweredTwice => real.map(Ok),
            Self::LostBefore { told } | Self::LostAfter { told } => {
                told.then_some(Err(Failure::Unreachable))
            }
            Self::Truncated => real.map(|mut response| {
                let half = (0..=response.body.len() / 2)
                    .rev()
                    .find(|at| response.body.is_char_boundary(*at))
                    .unwrap_or(0);
                response.body.truncate(half);
                Ok(response)
            }),
            Self::Proxy { status, .. } => Some(Ok(text(status, "<html>Bad Gateway</html>"))),
            Self::Patience { seconds } => Some(Ok(Response {
                retry_after: Some(std::time::Duration::from_secs(seconds)),
                ..text(503, "")
            })),
            Self::Busy | Self::BusyAfter => Some(Ok(text(503, ""))),
            Self::TryAgain => Some(Ok(text(
                200,
                r#"{"statusCode":1,"chatEnded":false,"messages":[],"nextPosition":9999,"alias":"x","secureKey":"y"}"#,
            ))),
            Self::Html => Some(Ok(text(200, "<html>Welcome to our hotel's network</html>"))),
        }
    }
}

/// How long a request takes to the server, in milliseconds. Never longer than the server may still be
/// working in the first family.
pub fn way_there(dice: &mut Dice, calm: bool, family: Family) -> u64 {
    if calm || dice.percent(85) {
        return dice.within(5, 300);
    }
    match family {
        Family::WithinTheWindow => dice.within(300, 29_900),
        Family::BeyondTheWindow => dice.within(300, 120_000),
    }
}

/// How long an answer takes back.
pub fn way_back(dice: &mut Dice, calm: bool) -> u64 {
    if calm || dice.percent(90) {
        dice.within(5, 300)
    } else {
        dice.within(300, 12_000)
    }
}

/// Puts a request into the bytes that the server gets.
pub fn bytes(request: &Request) -> wire::Request {
    let (kind, body) = match &request.body {
        Body::Empty => (None, ""),
        Body::Form(form) => (Some("application/x-www-form-urlencoded"), form.as_str()),
        Body::Json(json) => (Some("application/json"), json.as_str()),
        Body::Upload { .. } | Body::Parts(_) => panic!("no files are sent in a storm"),
    };
    let path = request.url.strip_prefix("http://server");
    let path = path.expect("the server's URL");
    let (path, query) = match path.split_once('?') {
        Some((path, query)) => (path, Some(query.to_owned())),
        None => (path, None),
    };
    wire::Request {
        method: request.method.into(),
        path: path.into(),
        query,
        headers: kind
            .map(|kind| ("content-type".into(), kind.into()))
            .into_iter()
            .chain(request.headers.clone())
            .collect(),
        body: body.as_bytes().to_vec(),
    }
}

/// Names the operation of a request, in the words of `gms-v2`.
pub fn operation(request: &wire::Request) -> String {
    if request.path.starts_with("/api/") {
        let json = serde_json::from_slice(&request.body).unwrap_or_else(|_| serde_json::json!({}));
        let name = match json["operationName"].as_str() {
            Some("SendMessage") => "send",
            Some("RequestChat") => "requestChat",
            Some("Complete") => "disconnect",
            Some(other) => other,
            None if request.path.ends_with("/messages") => "refresh",
            None => "course",
        };
        return name.into();
    }
    if request.path.starts_with("/genesys/cometd") {
        let json: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
        let message = &json[0];
        let name = match message["data"]["operation"].as_str() {
            Some("sendMessage") => "send",
            Some("requestNotifications") => "refresh",
            Some(other) => other,
            None if message["channel"] == "/meta/disconnect" => "goodbye",
            None => "poll",
        };
        return name.into();
    }
    match request.path.rsplit('/').next() {
        Some("support" | "request-chat-poll") => "requestChat",
        Some("chat") => "join",
        Some(operation) => operation,
        None => "",
    }
    .into()
}

/// What a request says, if it is one to say something.
pub fn message_text(request: &wire::Request) -> Option<String> {
    let body = str::from_utf8(&request.body).expect("requests are text");
    if let Ok(json) = serde_json::from_str::<serde_json::Value>(body) {
        let text = json["text"]
            .as_str()
            .or(json[0]["data"]["message"].as_str());
        return text.map(Into::into);
    }
    let mut fields = body.split('&').filter_map(|field| field.split_once('='));
    let message = fields.rfind(|(name, _)| *name == "message")?.1;
    let mut text = String::new();
    let mut rest = message.chars();
    while let Some(c) = rest.next() {
        text.push(match c {
            '+' => ' ',
            '%' => {
                let hex: String = rest.by_ref().take(2).collect();
                char::from(u8::from_str_radix(&hex, 16).expect("two hexadecimal digits"))
            }
            other => other,
        });
    }
    Some(text)
}

/// What some servers do to the visitor's own words: card numbers are hidden, ends are trimmed.
pub fn mask(text: &str) -> String {
    text.trim()
        .chars()
        .map(|c| if c.is_ascii_digit() { '*' } else { c })
        .collect()
}

/// Masks the visitor's messages in a reply.
pub fn mask_reply(body: &str) -> String {
    let Ok(mut reply) = serde_json::from_str::<serde_json::Value>(body) else {
        return body.into();
    };
    if let Some(messages) = reply.as_array_mut() {
        for data in messages
            .iter_mut()
            .filter_map(|message| message.get_mut("data"))
        {
            mask_events(data);
            if let Some(message) = data.get_mut("message") {
                mask_events(message);
            }
        }
    } else {
        mask_events(&mut reply);
    }
    reply.to_string()
}

fn mask_events(reply: &mut serde_json::Value) {
    for name in ["messages", "transcriptToShow"] {
        let events = reply.get_mut(name).and_then(|events| events.as_array_mut());
        for event in events.into_iter().flatten() {
            // An object, or in `gms-v1` an array: type, name, text, time, part.
            let part = event["from"]["type"].as_str().or(event[4].as_str());
            if !matches!(part, Some("Client" | "Customer" | "CLIENT")) {
                continue;
            }
            let text = if event.is_array() {
                event.get_mut(2)
            } else {
                event.get_mut("text")
            };
            if let Some(text) = text
                && let Some(said) = text.as_str()
            {
                *text = mask(said).into();
            }
        }
    }
}
