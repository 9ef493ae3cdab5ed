//! A server that has only some of the APIs.

use std::collections::HashSet;

use crate::emulator::Emulator;
use crate::http::Reply;

const COMETD: [&str; 3] = [
    "/genesys/cometd",
    "/genesys/cometd/",
    "/genesys/cometd/connect",
];
const CHAT_V2: [&str; 3] = [
    "/genesys/2/chat/support",
    "/genesys/2/chat/support/0001/refresh",
    "/genesys/2/chat/support/0001/file/limits",
];
const FILES: [&str; 2] = ["/genesys/2/chat-ntf", "/genesys/2/chat-ntf/"];
const SERVICES_V1: [&str; 2] = [
    "/genesys/1/service/request-chat",
    "/genesys/1/service/1/ixn/chat",
];
const GWS: [&str; 2] = ["/api/v2/chats", "/api/v2/me/chat/1"];

/// The parts of each API.
const APIS: [(&str, &[&[&str]]); 5] = [
    ("gms-v2", &[&CHAT_V2]),
    ("gms-v2-cometd", &[&COMETD, &FILES]),
    ("gms-v1", &[&SERVICES_V1]),
    ("gms-v1-cometd", &[&SERVICES_V1, &COMETD]),
    ("gws", &[&GWS]),
];

fn server(dialects: &[&str]) -> Emulator {
    let mut flags = vec!["--data", ":memory:", "--no-agent"];
    flags.extend(dialects.iter().flat_map(|name| ["--dialect", name]));
    Emulator::with(&flags)
}

/// Recognises what answers where there is no such API. No dialect has a page for an answer.
fn is_absent(reply: &Reply) -> bool {
    let page = reply.header("content-type") == Some("text/html;charset=UTF-8");
    reply.status == 404 && page && reply.text().contains("HTTP ERROR 404")
}

#[test]
fn only_the_apis_that_were_asked_for_are_there() {
    let mut wishes = vec![
        vec![],
        vec!["gms-v1", "gms-v2"],
        vec!["gms-v2", "gms-v2-cometd", "gms-v1-cometd"],
    ];
    wishes.extend(APIS.map(|(name, _)| vec![name]));
    for wish in wishes {
        let emulator = server(&wish);
        let asked = APIS.iter();
        let asked = asked.filter(|(name, _)| wish.is_empty() || wish.contains(name));
        let served: HashSet<&str> = asked.flat_map(|(_, groups)| groups.concat()).collect();
        let all = APIS.iter().flat_map(|(_, groups)| groups.concat());
        for path in all.collect::<HashSet<_>>() {
            for method in ["POST", "GET", "DELETE"] {
                let origin = [("Origin", "https://shop.example")];
                let reply = emulator.request(method, path, &origin, b"").unwrap();
                let (text, is_there) = (reply.text(), served.contains(path));
                assert_eq!(is_absent(&reply), !is_there, "{wish:?}: {path}: {text}");
                // A page can tell a wrong server from one that is away.
                assert!(reply.header("access-control-allow-origin").is_some());
            }
        }
        // What is none of a real server's is always there.
        for path in ["/health", "/desk/", "/desk/api/chats", "/"] {
            assert_eq!(emulator.get(path).status, 200, "{wish:?}: {path}");
        }
    }
}

#[test]
fn a_chat_that_is_pushed_has_its_files_and_nothing_of_the_polled_one() {
    let emulator = server(&["gms-v2-cometd"]);
    let hello = serde_json::json!([{"channel": "/meta/handshake", "id": "1"}]);
    let reply = emulator.json("POST", "/genesys/cometd", &hello);
    assert_eq!(reply.status, 200);
    let client = reply.json()[0]["clientId"].clone();
    let data = serde_json::json!({"operation": "requestChat", "nickname": "Maria"});
    let start = serde_json::json!([
        {"channel": "/service/chatV2/support", "clientId": client, "id": "2", "data": data}
    ]);
    let reply = emulator.json("POST", "/genesys/cometd", &start).json();
    let chat = reply[0]["data"]["chatId"].as_str().unwrap().to_owned();
    let key = reply[0]["data"]["secureKey"].as_str().unwrap().to_owned();
    let fields = [("operation", "fileGetLimits"), ("secureKey", key.as_str())];
    let limits = emulator.form("/genesys/2/chat-ntf", &fields).unwrap();
    assert_eq!(limits.json()["statusCode"], 0);
    let path = format!("/genesys/2/chat/support/{chat}/refresh");
    assert!(is_absent(&emulator.form(&path, &fields).unwrap()));
}

#[test]
fn a_server_that_pushes_version_1_only_knows_no_channels_of_version_2() {
    for (wish, known) in [("gms-v1-cometd", false), ("gms-v2-cometd", true)] {
        let emulator = server(&[wish]);
        let hello = serde_json::json!([{"channel": "/meta/handshake", "id": "1"}]);
        let client = emulator.json("POST", "/genesys/cometd", &hello).json()[0]["clientId"].clone();
        let data = serde_json::json!({"operation": "requestChat", "nickname": "Maria"});
        let start = serde_json::json!([
            {"channel": "/service/chatV2/support", "clientId": client, "id": "2", "data": data}
        ]);
        let replies = emulator.json("POST", "/genesys/cometd", &start).json();
        let taken = replies.as_array().unwrap().last().unwrap()["successful"].clone();
        assert_eq!(taken, known, "{wish}: {replies}");
        let chats = emulator.desk("GET", "/chats", &serde_json::json!(null));
        assert_eq!(chats["chats"].as_array().unwrap().len(), usize::from(known));
    }
}

#[test]
fn the_pages_name_only_what_is_there() {
    let emulator = server(&["gms-v1"]);
    let index = emulator.get("/").text();
    assert!(index.contains("/genesys/1/service/"), "{index}");
    assert!(
        !index.contains("/genesys/2/") && !index.contains("/api/v2/"),
        "{index}"
    );
    // The small visitor's page speaks GWS.
    let page = emulator.get("/client/");
    assert_eq!(page.status, 404);
    assert!(page.text().contains("--dialect"), "{}", page.text());
    assert_eq!(server(&["gws"]).get("/client/").status, 200);
}
