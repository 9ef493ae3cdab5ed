//! The desk page: every part of it is there, under a strict policy, and for nobody else's pages.

use std::collections::BTreeSet;

use crate::emulator::Emulator;
use crate::http::Reply;

/// Finds the names of all parts, from the page on.
fn parts(emulator: &Emulator, home: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut open = vec![String::new()];
    while let Some(name) = open.pop() {
        let text = good(emulator, &format!("{home}{name}")).text();
        let quoted = |before: &'static str| {
            let rest = text.split(before).skip(1);
            rest.filter_map(|rest| rest.split('"').next().map(str::to_owned))
                .collect::<Vec<_>>()
        };
        let named = if name.is_empty() {
            [quoted("href=\""), quoted("src=\"")].concat()
        } else {
            quoted("from \"./")
        };
        open.extend(named.iter().filter(|part| !found.contains(*part)).cloned());
        found.extend(named);
    }
    found
}

fn good(emulator: &Emulator, path: &str) -> Reply {
    let reply = emulator.get(path);
    assert_eq!(reply.status, 200, "{path}");
    reply
}

#[test]
fn every_part_that_the_page_names_is_there_with_its_type() {
    let emulator = Emulator::start();
    let page = good(&emulator, "/desk/");
    assert_eq!(page.header("content-type"), Some("text/html;charset=UTF-8"));
    let parts = parts(&emulator, "/desk/");
    assert!(parts.len() > 10, "{parts:?}");
    for part in parts {
        let reply = good(&emulator, &format!("/desk/{part}"));
        let expected = match part.rsplit_once('.').unwrap().1 {
            "js" => "text/javascript;charset=UTF-8",
            "css" => "text/css;charset=UTF-8",
            "svg" => "image/svg+xml",
            other => panic!("{other}"),
        };
        assert_eq!(reply.header("content-type"), Some(expected), "{part}");
    }
    let redirect = emulator.get("/desk");
    assert_eq!(
        (redirect.status, redirect.header("location")),
        (308, Some("/desk/"))
    );
    assert_eq!(emulator.get("/desk/nowhere.js").status, 404);
}

#[test]
fn only_compiled_in_scripts_run_and_nobody_frames_the_page() {
    let emulator = Emulator::start();
    for path in ["/desk/", "/desk/main.js", "/desk/icon.svg"] {
        let reply = good(&emulator, path);
        let policy = reply.header("content-security-policy").unwrap();
        for part in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
        ] {
            assert!(
                policy.split(';').any(|given| given.trim() == part),
                "{part}"
            );
        }
        assert!(!policy.contains("unsafe") && !policy.contains("data:"));
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("no-store"));
    }
    // The policy would stop it in the browser; nobody should have to find out there.
    for part in parts(&emulator, "/desk/") {
        let text = good(&emulator, &format!("/desk/{part}")).text();
        for word in [
            "innerHTML",
            "outerHTML",
            "insertAdjacentHTML",
            "document.write",
            "eval(",
            "new Function",
        ] {
            assert!(!text.contains(word), "{part}: {word}");
        }
    }
    let page = good(&emulator, "/desk/").text();
    for inline in ["<style", " style=", " onclick=", " onload=", "<script>"] {
        assert!(!page.contains(inline), "{inline}");
    }
}

#[test]
fn page_stream_and_api_are_for_no_other_page() {
    let emulator = Emulator::start();
    let port = emulator.address.port();
    let own = format!("http://127.0.0.1:{port}");
    let foreign_host = format!("desk.example:{port}");
    for path in [
        "/desk",
        "/desk/",
        "/desk/main.js",
        "/desk/api/chats",
        "/desk/api/changes",
    ] {
        let ask = |headers: &[(&str, &str)]| {
            let reply = emulator.request("GET", path, headers, b"").unwrap();
            assert!(reply.header("access-control-allow-origin").is_none());
            reply.status
        };
        assert_eq!(ask(&[("Origin", "https://shop.example")]), 403, "{path}");
        assert_eq!(ask(&[("Origin", "null")]), 403, "{path}");
        assert_eq!(ask(&[("Host", &foreign_host)]), 403, "{path}");
        let script = [
            ("Sec-Fetch-Site", "cross-site"),
            ("Sec-Fetch-Mode", "no-cors"),
            ("Sec-Fetch-Dest", "script"),
        ];
        assert_eq!(ask(&script), 403, "{path}");
        assert_ne!(
            ask(&[("Origin", &own), ("Sec-Fetch-Site", "same-origin")]),
            403,
            "{path}"
        );
    }
}

#[test]
fn the_index_leads_to_the_desk() {
    let emulator = Emulator::start();
    assert!(emulator.get("/").text().contains("href=\"/desk/\""));
}
