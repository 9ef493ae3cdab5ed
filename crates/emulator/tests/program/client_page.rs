//! The visitor's pages: an index, the widget's page, and a small one of the emulator's own when there is none.

use std::fs;

use crate::emulator::{Emulator, Folder};

#[test]
fn without_a_build_there_is_a_small_page_that_says_how_to_get_one() {
    let emulator = Emulator::start();
    for path in ["/client/", "/"] {
        let reply = emulator.get(path);
        assert_eq!(reply.status, 200);
        let kind = reply.header("content-type").unwrap();
        assert!(kind.starts_with("text/html"), "{path}");
    }
    let page = emulator.get("/client/");
    assert!(page.text().contains("cargo xtask demo"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none'; script-src 'self';"));
    for part in ["client.css", "client.js", "api.js", "icon.svg"] {
        assert_eq!(emulator.get(&format!("/client/{part}")).status, 200);
    }
    let redirect = emulator.get("/client");
    assert_eq!(redirect.header("location"), Some("/client/"));
}

#[test]
fn a_folder_is_served_with_its_types_and_nothing_beside_it() {
    let folder = Folder::new();
    let site = folder.path().join("site");
    fs::create_dir(&site).unwrap();
    fs::write(site.join("index.html"), "<h1>Shop</h1>").unwrap();
    fs::write(site.join("w.wasm"), b"\0asm").unwrap();
    folder.file("secret.txt", "secret");
    let site = site.display().to_string();
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--client", &site]);
    assert_eq!(emulator.get("/client/").text(), "<h1>Shop</h1>");
    assert_eq!(emulator.get("/client").header("location"), Some("/client/"));
    assert_eq!(emulator.get("/client/client.js").status, 404);
    assert_eq!(
        emulator.get("/client/w.wasm").header("content-type"),
        Some("application/wasm")
    );
    for path in [
        "/client/../secret.txt",
        "/client/%2e%2e/secret.txt",
        "/client/none",
    ] {
        let reply = emulator.get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(!reply.text().contains("secret"));
    }
}
