//! Files where chats are pushed: `POST /genesys/2/chat-ntf`.

use parlour_emulator::cometd::Answer;
use parlour_emulator::wire::{Request, Response};
use serde_json::json;

use super::client::{Client, Line};
use crate::talk::body;

/// Posts a form, the file first.
fn ask(line: &mut Line, file: Option<(&str, &[u8])>, fields: &[(&str, &str)]) -> Response {
    let mut body = Vec::new();
    if let Some((name, bytes)) = file {
        let head = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    for (name, value) in fields {
        let part =
            format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
        body.extend_from_slice(part.as_bytes());
    }
    body.extend_from_slice(b"--b--\r\n");
    let request = Request {
        method: "POST".into(),
        path: "/genesys/2/chat-ntf".into(),
        headers: vec![(
            "Content-Type".into(),
            "multipart/form-data; boundary=b".into(),
        )],
        body,
        ..Request::default()
    };
    match line.receive(&request) {
        Answer::Now(response) => response,
        Answer::Held(_) => panic!("held"),
    }
}

fn upload(line: &mut Line, visitor: &Client) -> String {
    let fields = [
        ("operation", "fileUpload"),
        ("secureKey", visitor.key.as_str()),
        ("userData[file-description]", "invoice"),
    ];
    let reply = body(&ask(line, Some(("a.txt", b"contents")), &fields));
    assert_eq!(reply["statusCode"], 0, "{reply}");
    crate::talk::text(&reply["userData"], "file-id")
}

#[test]
fn a_file_is_sent_announced_fetched_and_taken_back() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let key = visitor.key.clone();
    let ticket = line.hold(&visitor);
    let file = upload(&mut line, &visitor);
    let replies = line.answer(ticket);
    let event = &replies[0]["data"]["messages"][0];
    assert_eq!(event["type"], "FileUploaded");
    assert_eq!(event["userData"]["file-id"], file.as_str());
    assert_eq!(event["userData"]["file-description"], "invoice");

    let with = |operation| {
        [
            ("secureKey", key.as_str()),
            ("operation", operation),
            ("fileId", file.as_str()),
        ]
    };
    let limits = body(&ask(&mut line, None, &with("fileGetLimits")));
    assert_eq!(limits["userData"]["used-upload-max-files"], "1");
    let download = ask(&mut line, None, &with("fileDownload"));
    assert_eq!(
        (download.status, download.body.as_slice()),
        (200, &b"contents"[..])
    );
    let deleted = body(&ask(&mut line, None, &with("fileDelete")));
    assert_eq!(deleted["statusCode"], 0);
    assert_eq!(ask(&mut line, None, &with("fileDownload")).status, 500);
}

#[test]
fn mistakes_are_answered_as_over_rest() {
    let mut line = Line::new();
    let visitor = line.visitor("Maria");
    let key = visitor.key.as_str();
    let too_large = vec![0; 3_000_000];
    let reply = ask(
        &mut line,
        Some(("a.txt", &too_large)),
        &[("operation", "fileUpload"), ("secureKey", key)],
    );
    assert_eq!(
        (reply.status, &body(&reply)["errors"][0]["code"]),
        (400, &json!(202))
    );
    let wrong = [
        ("operation", "fileUpload"),
        ("secureKey", "0123456789abcdef"),
    ];
    let reply = body(&ask(&mut line, Some(("a.txt", b"x")), &wrong));
    assert_eq!(
        (&reply["statusCode"], &reply["chatEnded"]),
        (&json!(2), &json!(true))
    );
    let reply = ask(
        &mut line,
        None,
        &[("operation", "fileDownload"), ("fileId", "X")],
    );
    assert_eq!(reply.status, 500);
    assert!(String::from_utf8_lossy(&reply.body).contains("referenceId"));
    for operation in ["", "fileRename"] {
        let reply = body(&ask(
            &mut line,
            None,
            &[("operation", operation), ("secureKey", key)],
        ));
        assert_eq!(
            (&reply["statusCode"], &reply["chatEnded"]),
            (&json!(2), &json!(false))
        );
    }
    let reply = body(&ask(
        &mut line,
        None,
        &[("operation", "fileUpload"), ("secureKey", key)],
    ));
    assert_eq!(reply["errors"][0]["code"], 249);
}
