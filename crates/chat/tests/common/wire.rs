//! Requests and answers as text, read by rules of their own.

use super::*;

/// Names a request's operation: what follows the chat's id in its path, or `start`.
pub fn operation_of(request: &Request) -> String {
    let path = request
        .url
        .strip_prefix(SERVICE)
        .expect("the service's path");
    match path.trim_start_matches('/').split_once('/') {
        Some((_, operation)) => operation.into(),
        None => "start".into(),
    }
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
        Body::Upload { fields, .. } => fields.clone(),
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
