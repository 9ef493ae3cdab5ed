//! The requests of the probe. Each API is asked for a chat that does not exist, which disturbs nobody.

use std::thread;

use anyhow::{Result, anyhow};
use parlour_config::{Reads, Server};
use serde_json::{Value, json};

use super::curl::{Curl, Request};
use super::reply::Outcome;
use super::signs;

const FORM: &str = "application/x-www-form-urlencoded; charset=UTF-8";
const JSON: &str = "application/json;charset=UTF-8";

/// The id of the chat that does not exist.
const NO_CHAT: &str = "0";

/// The outcome of each API's request.
#[derive(Debug, Clone)]
pub(crate) struct Outcomes {
    /// A refresh in GMS Chat API Version 2.
    pub(crate) v2: Outcome,
    /// A refresh in GMS Chat API Version 1.
    pub(crate) v1: Outcome,
    /// A CometD handshake.
    pub(crate) cometd: Outcome,
    /// `GetChat` of GWS.
    pub(crate) gws: Outcome,
    /// A POST to a path that no API has. A reply like this one is no sign of an API.
    pub(crate) no_api: Outcome,
}

impl Outcomes {
    /// Returns why the server cannot be reached, each reason once, or nothing if there was a reply.
    pub(crate) fn unreachable(&self) -> Option<String> {
        let mut reasons: Vec<(i32, &str)> = Vec::new();
        for outcome in [&self.v2, &self.v1, &self.cometd, &self.gws, &self.no_api] {
            match outcome {
                Outcome::Reply(_) => return None,
                Outcome::Failure(failure) => {
                    // Compared by code, because the message contains the time it took.
                    if reasons.iter().all(|(code, _)| *code != failure.code) {
                        reasons.push((failure.code, &failure.message));
                    }
                }
            }
        }
        let messages: Vec<&str> = reasons.into_iter().map(|(_, message)| message).collect();
        Some(messages.join("; "))
    }
}

/// Sends all requests at the same time, with the tenant's headers.
pub(crate) fn probe_all(curl: &Curl, server: &Server) -> Result<Outcomes> {
    thread::scope(|scope| {
        let ask = |request: Request<'_>| curl.send(&request);
        let v2 = scope.spawn(move || ask(v2(server)));
        let v1 = scope.spawn(move || ask(v1(server)));
        let cometd = scope.spawn(move || shake_hands(curl, server));
        let gws = scope.spawn(move || ask(gws(server)));
        let no_api = ask(no_api(server));
        let joined = |thread: thread::ScopedJoinHandle<'_, Result<Outcome>>| {
            thread
                .join()
                .map_err(|_| anyhow!("a request's thread panicked"))?
        };
        Ok(Outcomes {
            v2: joined(v2)?,
            v1: joined(v1)?,
            cometd: joined(cometd)?,
            gws: joined(gws)?,
            no_api: no_api?,
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

/// Asks in a service that does not exist: a request in the tenant's would create an instance of it.
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

fn no_api(server: &Server) -> Request<'_> {
    post(server, "/genesys/0/nothing", FORM, String::new())
}

/// Opens a Bayeux session and closes it again. Returns the outcome of the handshake.
fn shake_hands(curl: &Curl, server: &Server) -> Result<Outcome> {
    let hello = json!([{
        "channel": "/meta/handshake",
        "id": "1",
        "version": "1.0",
        "minimumVersion": "1.0",
        "supportedConnectionTypes": ["long-polling"],
    }]);
    let outcome = curl.send(&bayeux(server, &hello))?;
    let reply = outcome.reply();
    if let Some(client) = reply.and_then(signs::client_id) {
        let goodbye = json!([{"channel": "/meta/disconnect", "id": "2", "clientId": client}]);
        // If this fails, the server drops the session after some seconds.
        curl.send(&bayeux(server, &goodbye))?;
    }
    Ok(outcome)
}

fn bayeux<'a>(server: &'a Server, messages: &Value) -> Request<'a> {
    let mut request = post(server, "/genesys/cometd/", JSON, messages.to_string());
    let is_user = |(name, _): &(&str, &str)| name.eq_ignore_ascii_case("gms_user");
    if !request.headers.iter().any(is_user) {
        // Version 1 wants one on every request. No visitor has a chat under this name.
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
    use super::super::reply::Failure;
    use super::*;

    fn failure(code: i32, message: &str) -> Outcome {
        Outcome::Failure(Failure {
            code,
            message: message.into(),
        })
    }

    #[test]
    fn a_service_is_one_segment() {
        assert_eq!(segment("Größe 1+1"), "Gr%C3%B6%C3%9Fe%201%2B1");
    }

    #[test]
    fn each_reason_for_failure_is_told_once() {
        let mut outcomes = Outcomes {
            v2: failure(7, "after 1 ms"),
            v1: failure(7, "after 2 ms"),
            cometd: failure(28, "too late"),
            gws: failure(7, "after 3 ms"),
            no_api: failure(7, "after 4 ms"),
        };
        assert_eq!(
            outcomes.unreachable().as_deref(),
            Some("after 1 ms; too late")
        );
        outcomes.gws = Outcome::Reply(super::super::reply::Reply::new(404, "", "", b""));
        assert_eq!(outcomes.unreachable(), None);
    }
}
