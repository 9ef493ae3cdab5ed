//! What can become of a request between the page and the server.

use parlour_chat::{Body, Failure, Request, Response};
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
    /// `statusCode` 1: try again.
    TryAgain,
    /// A page of HTML with a friendly status, in the server's place.
    Html,
}

impl Fate {
    /// Rolls the fate of a request. In calm weather everything goes well.
    pub fn roll(dice: &mut Dice, calm: bool, roughness: u64) -> Self {
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
                    seconds: dice.within(1, 20),
                },
                _ => Self::Html,
            },
            _ => Self::TryAgain,
        }
    }

    /// Whether the server gets to see the request.
    pub fn is_processed(self) -> bool {
        match self {
            Self::Fine | Self::AnsweredTwice | Self::LostAfter { .. } | Self::Truncated => true,
            Self::Proxy { processed, .. } => processed,
            Self::LostBefore { .. } | Self::Patience { .. } | Self::TryAgain | Self::Html => false,
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
    let Body::Form(form) = &request.body else {
        panic!("only forms are sent in a storm")
    };
    wire::Request {
        method: request.method.into(),
        path: request
            .url
            .strip_prefix("http://server")
            .expect("the server's URL")
            .into(),
        query: None,
        headers: vec![(
            "content-type".into(),
            "application/x-www-form-urlencoded".into(),
        )],
        body: form.clone().into_bytes(),
    }
}

/// Names the operation of a URL.
pub fn operation(url: &str) -> &str {
    match url.rsplit('/').next() {
        Some("support") => "requestChat",
        Some(operation) => operation,
        None => "",
    }
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
    let messages = reply
        .get_mut("messages")
        .and_then(|messages| messages.as_array_mut());
    for message in messages.into_iter().flatten() {
        if message["from"]["type"] == "Client"
            && let Some(text) = message["text"].as_str()
        {
            message["text"] = mask(text).into();
        }
    }
    reply.to_string()
}
