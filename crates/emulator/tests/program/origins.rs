//! Pages of other origins: welcome at the chat API, nowhere else.

use crate::emulator::Emulator;

const ORIGIN: (&str, &str) = ("Origin", "https://shop.example");

#[test]
fn the_chat_api_grants_a_preflight() {
    let emulator = Emulator::start();
    for path in ["/genesys/2/chat/s/C/file", "/genesys/nowhere"] {
        let ask = ("Access-Control-Request-Headers", "content-type,x-site");
        let reply = emulator
            .request("OPTIONS", path, &[ORIGIN, ask], b"")
            .unwrap();
        assert_eq!(
            (reply.status, reply.header("access-control-allow-origin")),
            (204, Some(ORIGIN.1)),
            "{path}"
        );
        let allowed = reply.header("access-control-allow-headers").unwrap();
        for name in ["content-type", "x-requested-with", "x-site"] {
            assert!(allowed.contains(name), "{name} in {allowed}");
        }
    }
}

#[test]
fn every_reply_of_the_chat_api_can_be_read_by_the_page_that_asked() {
    let emulator = Emulator::start();
    emulator.fault(&serde_json::json!({"kind": "panic"}));
    for (path, status) in [
        ("/genesys/2/chat/s", 500),
        ("/genesys/nowhere", 404),
        ("/genesys/2/chat/s/x", 404),
    ] {
        let reply = emulator
            .request("POST", path, &[ORIGIN], b"nickname=M")
            .unwrap();
        assert_eq!(reply.status, status);
        assert_eq!(
            reply.header("access-control-allow-origin"),
            Some(ORIGIN.1),
            "{path}"
        );
        assert_eq!(
            reply.header("access-control-allow-credentials"),
            Some("true")
        );
        assert_eq!(
            reply.header("access-control-expose-headers"),
            Some("Retry-After, Content-Disposition")
        );
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
}

#[test]
fn nothing_but_the_chat_api_is_open_to_other_pages() {
    let emulator = Emulator::start();
    let private = ("Access-Control-Request-Private-Network", "true");
    for path in ["/", "/health", "/client/", "/desk/api/chats", "/nowhere"] {
        for method in ["GET", "OPTIONS"] {
            let reply = emulator
                .request(method, path, &[ORIGIN, private], b"")
                .unwrap();
            let granted = reply
                .headers
                .iter()
                .find(|(name, _)| name.to_lowercase().starts_with("access-control-"));
            assert_eq!(granted, None, "{method} {path}");
        }
    }
}

#[test]
fn a_page_of_another_origin_cannot_steer_the_desk() {
    let emulator = Emulator::start();
    let visitor = emulator.visitor("Maria");
    let path = format!("/desk/api/chats/{}/end", visitor.chat);
    // The scheme and the port are part of an origin, and a sandboxed page has none.
    let port = emulator.address.port();
    for origin in [
        ORIGIN.1,
        "null",
        "http://127.0.0.1:1",
        &format!("https://127.0.0.1:{port}"),
        &format!("http://127.0.0.1:{port}.shop.example"),
    ] {
        let reply = emulator
            .request("POST", &path, &[("Origin", origin)], b"")
            .unwrap();
        assert_eq!(reply.status, 403, "{origin}");
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("another origin"), "{error}");
    }
    assert_eq!(visitor.call("refresh", &[])["chatEnded"], false);
}

#[test]
fn a_name_that_was_made_to_point_here_does_not_open_the_desk() {
    let emulator = Emulator::start();
    let port = emulator.address.port();
    for host in [
        format!("shop.example:{port}"),
        "shop.example".to_owned(),
        format!("127.0.0.1.shop.example:{port}"),
        format!("192.0.2.1:{port}"),
        String::new(),
    ] {
        let origin = format!("http://{host}");
        let headers = [("Host", host.as_str()), ("Origin", &origin)];
        let reply = emulator
            .request("GET", "/desk/api/chats", &headers, b"")
            .unwrap();
        assert_eq!(reply.status, 403, "{host}");
        let error = reply.json()["error"].as_str().unwrap().to_owned();
        assert!(error.contains("Host"), "{error}");
    }
}

#[test]
fn the_emulators_own_pages_and_programs_reach_the_desk() {
    let emulator = Emulator::start();
    let port = emulator.address.port();
    for host in ["127.0.0.1", "127.0.0.2", "localhost", "LOCALHOST", "[::1]"] {
        let host = format!("{host}:{port}");
        let origin = format!("http://{}", host.to_lowercase());
        let headers = [("Host", host.as_str()), ("Origin", &origin)];
        for headers in [&headers[..], &headers[..1]] {
            let reply = emulator
                .request("GET", "/desk/api/chats", headers, b"")
                .unwrap();
            assert_eq!(reply.status, 200, "{host}: {}", reply.text());
        }
    }
}

#[test]
fn only_posts_are_served() {
    let emulator = Emulator::start();
    let reply = emulator.get("/genesys/2/chat/s");
    assert_eq!(
        (reply.status, reply.header("allow")),
        (405, Some("POST, OPTIONS"))
    );
}
