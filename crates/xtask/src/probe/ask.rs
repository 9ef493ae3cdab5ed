//! The requests: each API is asked for a chat that is not there, which nobody notices.

use std::thread;

use anyhow::{Result, anyhow};
use parlour_config::{Reads, Server};
use serde_json::{Value, json};

use super::curl::{Curl, Request};
use super::reply::Answer;
use super::signs;

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const JSON: &str = "application/json;charset=UTF-8";

/// The chat that is asked for.
const NO_CHAT: &str = "0";

/// What the server answers to each API's request.
#[derive(Debug, Clone)]
pub(crate) struct Answers {
    /// A refresh in GMS Chat API Version 2.
    pub(crate) v2: Answer,
    /// A refresh in GMS Chat API Version 1.
    pub(crate) v1: Answer,
    /// A handshake of CometD's.
    pub(crate) cometd: Answer,
    /// GetChat of GWS.
    pub(crate) gws: Answer,
    /// A post where no API has anything: what says the same has said nothing.
    pub(crate) nowhere: Answer,
}

impl Answers {
    /// Says why nobody can be reached there, each reason once; none if somebody answered.
    pub(crate) fn unreachable(&self) -> Option<String> {
        let mut reasons: Vec<(i32, &str)> = Vec::new();
        for answer in [&self.v2, &self.v1, &self.cometd, &self.gws, &self.nowhere] {
            match answer {
                Answer::Reply(_) => return None,
                Answer::Silence(silence) => {
                    // The words hold how long it took.
                    if reasons.iter().all(|(code, _)| *code != silence.code) {
                        reasons.push((silence.code, &silence.words));
                    }
                }
            }
        }
        let words: Vec<&str> = reasons.into_iter().map(|(_, words)| words).collect();
        Some(words.join("; "))
    }
}

/// Asks for everything at once, with the tenant's headers.
pub(crate) fn everything(curl: &Curl, server: &Server) -> Result<Answers> {
    thread::scope(|scope| {
        let ask = |request: Request<'_>| curl.send(&request);
        let v2 = scope.spawn(move || ask(v2(server)));
        let v1 = scope.spawn(move || ask(v1(server)));
        let cometd = scope.spawn(move || shake_hands(curl, server));
        let gws = scope.spawn(move || ask(gws(server)));
        let nowhere = ask(nowhere(server));
        let joined = |thread: thread::ScopedJoinHandle<'_, Result<Answer>>| {
            thread
                .join()
                .map_err(|_| anyhow!("whoever asked the server died"))?
        };
        Ok(Answers {
            v2: joined(v2)?,
            v1: joined(v1)?,
            cometd: joined(cometd)?,
            gws: joined(gws)?,
            nowhere: nowhere?,
        })
    })
}

fn v2(server: &Server) -> Request<'_> {
    let path = format!(
        "/genesys/2/chat/{}/{NO_CHAT}/refresh",
        segment(&server.service)
    );
    let keys = "userId=0&secureKey=0&alias=0&transcriptPosition=0";
    post(server, &path, FORM, keys.to_owned())
}

/// Asks in a service that is not there. Asking by the tenant's would create one.
fn v1(server: &Server) -> Request<'_> {
    let path = format!("/genesys/1/service/{NO_CHAT}/ixn/chat/refresh");
    post(server, &path, FORM, "transcriptPosition=0".to_owned())
}

fn gws(server: &Server) -> Request<'_> {
    let chat = match server.reads {
        Reads::Chats => "chats",
        Reads::MeChat => "me/chat",
    };
    Request {
        url: format!("{}{}/v2/{chat}/{NO_CHAT}", server.url, server.base),
        headers: headers(server),
        body: None,
    }
}

fn nowhere(server: &Server) -> Request<'_> {
    post(server, "/genesys/0/nothing", FORM, String::new())
}

/// Opens a push session and closes it again; the answer is the handshake's.
fn shake_hands(curl: &Curl, server: &Server) -> Result<Answer> {
    let hello = json!([{
        "channel": "/meta/handshake",
        "id": "1",
        "version": "1.0",
        "minimumVersion": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }]);
    let answer = curl.send(&bayeux(server, &hello))?;
    let reply = answer.reply();
    if let Some(client) = reply.and_then(signs::client) {
        let goodbye = json!([{"channel": "/meta/disconnect", "id": "2", "clientId": client}]);
        // A session that is left alone is forgotten after some seconds, too.
        curl.send(&bayeux(server, &goodbye))?;
    }
    Ok(answer)
}

fn bayeux<'a>(server: &'a Server, messages: &Value) -> Request<'a> {
    let mut request = post(server, "/genesys/cometd/", JSON, messages.to_string());
    let is_user = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("gms_user");
    if !request.headers.iter().any(is_user) {
        // Version 1 has one on every request; nobody has a chat by this name.
        request.headers.push(("gms_user", "parlour-probe"));
    }
    request
}

fn post<'a>(server: &'a Server, path: &str, kind: &'static str, body: String) -> Request<'a> {
    Request {
        url: format!("{}{path}", server.url),
        headers: headers(server),
        body: Some((kind, body)),
    }
}

fn headers(server: &Server) -> Vec<(&str, &str)> {
    let headers = server.headers.iter();
    headers.map(|(name, value)| (&**name, &**value)).collect()
}

/// Encodes a name as one segment of a path.
fn segment(name: &str) -> String {
    let mut segment = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

#[cfg(test)]
mod tests {
    use super::super::reply::Silence;
    use super::*;

    fn silence(code: i32, words: &str) -> Answer {
        Answer::Silence(Silence {
            code,
            words: words.into(),
        })
    }

    #[test]
    fn a_service_is_one_segment() {
        assert_eq!(segment("Größe 1+1"), "Gr%C3%B6%C3%9Fe%201%2B1");
    }

    #[test]
    fn why_nobody_is_reached_is_told_once() {
        let mut answers = Answers {
            v2: silence(7, "after 1 ms"),
            v1: silence(7, "after 2 ms"),
            cometd: silence(28, "too late"),
            gws: silence(7, "after 3 ms"),
            nowhere: silence(7, "after 4 ms"),
        };
        assert_eq!(
            answers.unreachable().as_deref(),
            Some("after 1 ms; too late")
        );
        answers.gws = Answer::Reply(super::super::reply::Reply::new(404, "", "", b""));
        assert_eq!(answers.unreachable(), None);
    }
}
