//! Requests and answers as text, read by rules of their own.

use super::*;

/// Names a request's operation in the words of `gms-v2`, whatever the dialect; beside those there are
/// `join`, `status` (of a `gms-v1` service), `course` (of a `gws` chat), and `poll` (of a line, or what makes
/// one) and `goodbye` (to it).
pub fn operation_of(request: &Request) -> String {
    let path = request.url.strip_prefix(SERVER).expect("the server's URL");
    let path = path.split('?').next().expect("a path");
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let operation = match parts.as_slice() {
        ["genesys", "cometd"] => return line::operation_of(request),
        ["genesys", "2", "chat-ntf"] => return line::file_operation_of(request),
        ["genesys", "2", "chat", "support"]
        | ["genesys", "1", "service", "support"]
        | ["api", "v2", "chats"] => "start",
        ["genesys", "2", "chat", "support", _, "file", rest @ ..] if !rest.is_empty() => {
            return ["file", &rest.join("/")].join("/");
        }
        ["genesys", "2", "chat", "support", _, operation]
        | ["genesys", "1", "service", _, "ixn", "chat", operation]
        | ["genesys", "1", "service", _, operation] => operation,
        ["genesys", "1", "service", _, "ixn", "chat"] => "join",
        // The server's links lead where they like.
        ["genesys", "1", "service", ..] => "elsewhere",
        ["api", "v2", "chats", _, "messages"] => "refresh",
        ["api", "v2", "chats", _] if request.method == "GET" => "course",
        ["api", "v2", "chats", _] => match &*field(request, "operationName").expect("a name") {
            "SendMessage" => "send",
            "SendStartTypingNotification" => "startTyping",
            "SendStopTypingNotification" => "stopTyping",
            "Complete" => "disconnect",
            other => panic!("{other} is no operation of gws"),
        },
        _ => panic!("nothing is served at {path}"),
    };
    operation.into()
}

/// What shows a request to be of one chat: its key, or its chat's id where that is all there is. The
/// links of `gms-v1` may lead anywhere.
pub(super) fn identity(request: &Request) -> Option<String> {
    if let Some(key) = field(request, "secureKey") {
        return Some(key);
    }
    let path = request.url.strip_prefix(SERVER)?;
    if path.starts_with("/genesys/1/") {
        return Some("a service".into());
    }
    path.split(['/', '?']).nth(4).map(Into::into)
}

/// What a server without news answers.
pub(super) fn nothing_new(request: &Request) -> Value {
    let position = || {
        let position = field(request, "transcriptPosition")?;
        position.parse::<u64>().ok()
    };
    match operation_of(request).as_str() {
        "start" => started(),
        "refresh" => transcript(&[], position().unwrap_or(1)),
        "send" => {
            let index = position().unwrap_or(1);
            let text = field(request, "message").unwrap_or_default();
            transcript(&[visitor_says(index, &text)], index + 1)
        }
        _ => done(),
    }
}

/// A form's fields, decoded by rules of their own.
pub fn fields(request: &Request) -> Vec<(String, String)> {
    match &request.body {
        Body::Empty => Vec::new(),
        Body::Form(form) => decode_form(form),
        Body::Json(json) => {
            let mut value: Value = serde_json::from_str(json).expect("JSON");
            if let Some(message) = value.get_mut(0) {
                // What is published, or the message itself.
                value = match message["data"].take() {
                    Value::Null => message.take(),
                    data => data,
                };
            }
            let Value::Object(object) = value else {
                panic!("no JSON object: {json}")
            };
            let text = |value: Value| value.as_str().map_or(value.to_string(), ToOwned::to_owned);
            object
                .into_iter()
                .map(|(name, value)| (name, text(value)))
                .collect()
        }
        Body::Upload { fields, .. } | Body::Parts(fields) => fields.clone(),
    }
}

pub fn field(request: &Request, name: &str) -> Option<String> {
    let mut named = fields(request).into_iter().filter(|(key, _)| key == name);
    let value = named.next().map(|(_, value)| value);
    assert!(named.next().is_none(), "{name} is given twice");
    value
}

pub fn decode_form(form: &str) -> Vec<(String, String)> {
    let decode = |text: &str| {
        let mut bytes = Vec::new();
        let mut rest = text.as_bytes();
        while let Some((first, after)) = rest.split_first() {
            rest = after;
            bytes.push(match first {
                b'+' => b' ',
                b'%' => {
                    let (hex, after) = rest.split_at(2);
                    rest = after;
                    u8::from_str_radix(std::str::from_utf8(hex).unwrap(), 16).unwrap()
                }
                other => *other,
            });
        }
        String::from_utf8(bytes).expect("a form is UTF-8")
    };
    form.split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').expect("name and value");
            (decode(name), decode(value))
        })
        .collect()
}

pub fn http(status: u16, body: &str) -> Response {
    Response {
        status,
        retry_after: None,
        body: body.into(),
    }
}

pub fn retry_after(status: u16, wait: Duration) -> Response {
    Response {
        retry_after: Some(wait),
        ..http(status, "")
    }
}

/// A reply with an error code, as live servers give it.
pub fn refusal(code: i64, advice: &str) -> Value {
    json!({
        "messages": [], "chatEnded": false, "statusCode": 2, "chatId": CHAT,
        "errors": [{"code": code, "advice": advice}],
    })
}
