//! Pages of other origins, over the program's own paths too.

use crate::emulator::Emulator;

const ORIGIN: (&str, &str) = ("Origin", "https://shop.example");

#[test]
fn every_path_grants_a_preflight() {
    let emulator = Emulator::start();
    for path in [
        "/genesys/2/chat/s/C/file",
        "/desk/api/faults",
        "/health",
        "/client/",
        "/nowhere",
    ] {
        let ask = ("Access-Control-Request-Headers", "content-type");
        let reply = emulator
            .request("OPTIONS", path, &[ORIGIN, ask], b"")
            .unwrap();
        assert_eq!(
            (reply.status, reply.header("access-control-allow-origin")),
            (204, Some(ORIGIN.1)),
            "{path}"
        );
        assert!(
            reply
                .header("access-control-allow-headers")
                .unwrap()
                .contains("content-type")
        );
    }
}

#[test]
fn every_reply_can_be_read_by_the_page_that_asked() {
    let emulator = Emulator::start();
    emulator.fault(&serde_json::json!({"kind": "panic"}));
    for (path, status) in [
        ("/genesys/2/chat/s", 500),
        ("/nowhere", 404),
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
fn only_posts_are_served() {
    let emulator = Emulator::start();
    let reply = emulator.get("/genesys/2/chat/s");
    assert_eq!(
        (reply.status, reply.header("allow")),
        (405, Some("POST, OPTIONS"))
    );
}
