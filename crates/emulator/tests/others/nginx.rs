//! The configuration of `docs/deploy/nginx`, in the real nginx: as it is committed, but for port, folders, upstreams, and
//! a clock that runs thirty times faster.

use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread;

use serde_json::{Value, json};

use crate::emulator::{Emulator, Folder, Visitor, form, nothing, wait_for};
use crate::http::{Reply, connect, multipart, request, write_head};
use crate::{Tests, answers};

/// So many times shorter are all time-outs.
const FASTER: u64 = 30;

/// Adds the tests.
pub(crate) fn add(tests: &mut Tests) {
    let missing = program().is_none().then_some("nginx is not installed");
    let all: [(&str, fn()); 11] = [
        ("files_have_types_and_ages", files_have_types_and_ages),
        ("the_smallest_form_is_sent", the_smallest_form_is_sent),
        ("every_dialect_gets_through", every_dialect_gets_through),
        ("files_get_through", files_get_through),
        ("nothing_else_gets_through", nothing_else_gets_through),
        ("a_held_request_is_not_cut", a_held_request_is_not_cut),
        ("a_long_poll_gets_through", a_long_poll_gets_through),
        ("replies_are_not_held_back", replies_are_not_held_back),
        (
            "the_server_sees_who_asks_and_no_more",
            the_server_sees_who_asks_and_no_more,
        ),
        ("nothing_is_sent_twice", nothing_is_sent_twice),
        ("logs_hold_no_ids", logs_hold_no_ids),
    ];
    for (name, body) in all {
        tests.add(format!("nginx::{name}"), missing, body);
    }
}

const HASHED: &str = "/chat/chat-0123456789abcdef";

fn files_have_types_and_ages() {
    let nginx = Nginx::before(&unused());
    let for_ever = "public, max-age=31536000, immutable";
    for (path, kind, age) in [
        (
            "/chat/widget.js",
            "text/javascript; charset=utf-8",
            "public, max-age=300",
        ),
        (
            "/chat/element.js",
            "text/javascript; charset=utf-8",
            "public, max-age=300",
        ),
        (
            &format!("{HASHED}.js"),
            "text/javascript; charset=utf-8",
            for_ever,
        ),
        (&format!("{HASHED}.wasm"), "application/wasm", for_ever),
        (
            "/chat/config-0123456789abcdef.json",
            "application/json",
            for_ever,
        ),
        // One package and no other.
        (
            "/chat/widget-0123456789abcdef.js",
            "text/javascript; charset=utf-8",
            for_ever,
        ),
        // A tenant's pictures.
        (
            "/chat/picture-0123456789abcdef.svg",
            "image/svg+xml",
            for_ever,
        ),
        ("/chat/picture-0123456789abcdef.png", "image/png", for_ever),
        (
            "/chat/picture-0123456789abcdef.webp",
            "image/webp",
            for_ever,
        ),
        ("/chat/picture-0123456789abcdef.jpg", "image/jpeg", for_ever),
        // A major version.
        (
            "/chat/v1/widget.js",
            "text/javascript; charset=utf-8",
            "public, max-age=300",
        ),
        (
            "/chat/v1/chat-0123456789abcdef.wasm",
            "application/wasm",
            for_ever,
        ),
        (
            "/chat/v1/frame.html",
            "text/html; charset=utf-8",
            "no-cache",
        ),
        ("/chat/manifest.json", "application/json", "no-cache"),
        ("/chat/frame.html", "text/html; charset=utf-8", "no-cache"),
        (
            "/chat/THIRD-PARTY.txt",
            "text/plain; charset=utf-8",
            "no-cache",
        ),
    ] {
        for coding in ["", "gzip", "br"] {
            let accept = [("Accept-Encoding", coding)];
            let reply = request(nginx.address, "GET", path, &accept, b"").unwrap();
            assert_eq!(reply.status, 200, "{path}");
            assert_eq!(reply.header("content-type"), Some(kind), "{path} {coding}");
            assert_eq!(reply.header("cache-control"), Some(age), "{path} {coding}");
            assert_eq!(reply.header("access-control-allow-origin"), Some("*"));
            assert_eq!(
                reply.header("cross-origin-resource-policy"),
                Some("cross-origin")
            );
            assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        }
    }
    let missing = nginx.get("/chat/chat-fedcba9876543210.wasm");
    assert_eq!(missing.status, 404);
    assert_eq!(missing.header("cache-control"), None, "a file may come yet");
    // The packed forms have no address of their own; what else lies there is not for visitors.
    for path in [
        "/chat/embed.html",
        "/chat/v1/embed.html",
        "/chat/v1/",
        "/chat/widget.js.br",
        "/chat/widget.js.gz",
        "/chat/notes.md",
        "/chat/",
    ] {
        assert_eq!(nginx.get(path).status, 404, "{path}");
    }
}

fn the_smallest_form_is_sent() {
    let nginx = Nginx::before(&unused());
    for (accepted, coding, body) in [
        ("", None, "raw"),
        ("gzip, deflate, br, zstd", Some("br"), "packed with br"),
        ("gzip, deflate", Some("gzip"), "packed with gz"),
        ("br;q=0, gzip;q=0.5", Some("gzip"), "packed with gz"),
        ("gzip;q=1.0,br;q=0.1", Some("br"), "packed with br"),
        ("br;q=0.000", None, "raw"),
        ("brotli, x-gzip", None, "raw"),
        ("identity", None, "raw"),
    ] {
        let accept = [("Accept-Encoding", accepted)];
        let path = format!("{HASHED}.wasm");
        let reply = request(nginx.address, "GET", &path, &accept, b"").unwrap();
        assert_eq!(reply.header("content-encoding"), coding, "{accepted}");
        assert_eq!(reply.text(), body, "{accepted}");
        assert_eq!(reply.header("vary"), Some("Accept-Encoding"), "{accepted}");
    }
    // A file without packed forms is sent as it is.
    let accept = [("Accept-Encoding", "br, gzip")];
    let reply = request(nginx.address, "GET", "/chat/manifest.json", &accept, b"").unwrap();
    assert_eq!(
        (reply.header("content-encoding"), reply.text().as_str()),
        (None, "{}")
    );
}

fn every_dialect_gets_through() {
    let emulator = Emulator::start();
    let nginx = Nginx::before(&emulator.address);

    let reply = form(
        nginx.address,
        "/genesys/2/chat/support",
        &[("nickname", "Maria")],
    );
    let maria = Visitor::of(nginx.address, &reply.unwrap().json());
    maria.say("over version 2");
    assert_eq!(maria.texts(), ["over version 2"]);
    let reply = maria.raw("refresh", &[]).unwrap();
    assert_eq!(reply.header("cache-control"), Some("no-store"));

    let call = |path: &str, fields: &[(&str, &str)]| {
        let reply = form(nginx.address, path, fields).unwrap();
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    };
    let service = call("/genesys/1/service/request-chat", &[]);
    let service = format!("/genesys/1/service/{}", service["_id"].as_str().unwrap());
    call(
        &format!("{service}/ixn/chat"),
        &[("subject", "Help"), ("userDisplayName", "Vasya")],
    );
    call(
        &format!("{service}/ixn/chat/send"),
        &[("message", "over version 1")],
    );
    let refreshed = call(
        &format!("{service}/ixn/chat/refresh"),
        &[("transcriptPosition", "1")],
    );
    assert_eq!(refreshed["transcriptToShow"][0][2], "over version 1");

    let json = |method: &str, path: &str, body: &Value| {
        let kind = [("Content-Type", "application/json"), ("apikey", "any")];
        let body = body.to_string();
        let body = if method == "GET" { "" } else { &body };
        let reply = request(nginx.address, method, path, &kind, body.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    };
    let body = json!({"operationName": "RequestChat", "nickname": "Chris", "subject": "Help"});
    let chat = json("POST", "/api/v2/chats", &body);
    let id = chat["id"].as_str().unwrap();
    let body = json!({"operationName": "SendMessage", "text": "over GWS"});
    json("POST", &format!("/api/v2/chats/{id}"), &body);
    for path in [
        format!("/api/v2/chats/{id}"),
        format!("/api/v2/me/chat/{id}"),
    ] {
        let reply = json("GET", &format!("{path}/messages?index=2"), &nothing());
        assert_eq!(reply["messages"][0]["text"], "over GWS");
    }
    let list = emulator.desk("GET", "/chats", &nothing());
    assert_eq!(list["chats"].as_array().unwrap().len(), 3);

    // A page of another origin that was allowed by the server is allowed through nginx, too.
    let ask = [
        ("Origin", "https://shop.example"),
        ("Access-Control-Request-Method", "POST"),
        ("Access-Control-Request-Headers", "apikey,content-type"),
    ];
    let preflight = request(nginx.address, "OPTIONS", "/api/v2/chats", &ask, b"").unwrap();
    assert_eq!(
        preflight.header("access-control-allow-origin"),
        Some("https://shop.example")
    );
}

fn files_get_through() {
    let emulator = Emulator::start();
    let nginx = Nginx::before(&emulator.address);
    let reply = form(
        nginx.address,
        "/genesys/2/chat/support",
        &[("nickname", "Maria")],
    );
    let maria = Visitor::of(nginx.address, &reply.unwrap().json());
    // Larger than any other request may be, and than any buffer of nginx'.
    let contents: Vec<u8> = (0..1_900_000_u32).map(|nth| nth.to_le_bytes()[1]).collect();
    let uploaded = maria.upload("parcel.png", &contents).unwrap().json();
    let file = uploaded["userData"]["file-id"].as_str().expect("an id");
    let reply = maria.raw(&format!("file/{file}/download"), &[]).unwrap();
    assert_eq!(reply.status, 200);
    assert!(
        reply.body == contents,
        "{} bytes came back",
        reply.body.len()
    );
    assert!(reply.header("content-disposition").is_some());

    // One that the server refuses is refused by the server: it says how large a file may be.
    let reply = maria
        .upload("parcel.png", &vec![0; 3 * 1024 * 1024])
        .unwrap();
    assert_eq!(reply.json()["errors"][0]["code"], 202);
    // No other request is as large.
    let long = "x".repeat(2 * 1024 * 1024);
    let fields = [("secureKey", maria.key.as_str()), ("message", &long)];
    let (kind, body) = multipart(&fields, b"");
    let kind = [("Content-Type", kind.as_str())];
    let reply = request(nginx.address, "POST", &maria.path("send"), &kind, &body);
    assert_eq!(reply.unwrap().status, 413);
}

fn nothing_else_gets_through() {
    let (upstream, seen) = upstream(|_, stream| answer(stream, ""));
    let nginx = Nginx::before(&upstream);
    for path in [
        "/desk/",
        "/desk/api/chats",
        "/health",
        "/genesys/",
        "/genesys/1/storage",
        "/genesys/2/admin",
        "/api/v2/me",
        "/api/v2/users",
        // Written so that one of the two could read it as a chat's.
        "/genesys/2/chat/../../../desk/api/chats",
        "/genesys/2/chat/%2e%2e/%2e%2e/%2e%2e/desk/api/chats",
        "/desk/api/chats/..%2f..%2f..%2fgenesys/2/chat/support",
        "/desk/api/../../genesys/2/chat/support",
        "/genesys/1/storage/..%2f..%2f2/chat/support",
        "//desk/api/chats",
        "/genesys/2/chat/%252e%252e/x",
    ] {
        for method in ["GET", "POST"] {
            let status = request(nginx.address, method, path, &[], b"")
                .unwrap()
                .status;
            assert!(
                [400, 404, 405].contains(&status),
                "{method} {path}: {status}"
            );
        }
    }
    assert!(seen.try_recv().is_err(), "the server was asked");
    // What looks like such a path in a query is a visitor's text.
    let path = "/genesys/1/service/request-chat?note=a%2fb..%25";
    assert_eq!(nginx.get(path).status, 200);
    assert!(
        seen.recv()
            .unwrap()
            .starts_with(&format!("GET {path} HTTP/1.1\r\n"))
    );
}

fn a_held_request_is_not_cut() {
    let emulator = Emulator::start();
    let nginx = Nginx::before(&emulator.address);
    let reply = form(
        nginx.address,
        "/genesys/2/chat/support",
        &[("nickname", "Maria")],
    );
    let maria = Visitor::of(nginx.address, &reply.unwrap().json());
    // The longest poll takes a minute; and it is the configuration that decides: two are too long for it.
    for (seconds, status) in [(60, 200), (120, 504)] {
        let span = format!("{}ms", seconds * 1000 / FASTER);
        let fault = json!({"operation": "refresh", "kind": "delay", "for": span, "count": 1});
        emulator.fault(&fault);
        assert_eq!(
            maria.raw("refresh", &[]).unwrap().status,
            status,
            "{seconds} s"
        );
    }
}

/// CometD, its minute of silence included.
fn a_long_poll_gets_through() {
    let silence = (60 / FASTER).to_string();
    let flags = [
        "--data",
        ":memory:",
        "--no-agent",
        "--longest-poll",
        &silence,
    ];
    let emulator = Emulator::with(&flags);
    let nginx = Nginx::before(&emulator.address);
    let post = |message: &Value| {
        let kind = [("Content-Type", "application/json"), ("gms_user", "maria")];
        let body = json!([message]).to_string();
        let path = "/genesys/cometd/";
        let reply = request(nginx.address, "POST", path, &kind, body.as_bytes()).unwrap();
        assert_eq!(reply.status, 200, "{}", reply.text());
        reply
    };
    let shaken = post(
        &json!({"channel": "/meta/handshake", "id": "1", "version": "1.0",
        "supportedConnectionTypes": ["long-polling"]}),
    );
    let cookie = shaken.header("set-cookie").unwrap().to_lowercase();
    assert!(
        cookie.contains("bayeux_browser=") && cookie.contains("secure"),
        "{cookie}"
    );
    let client = shaken.json()[0]["clientId"].clone();
    let connect = |id: &str| {
        let poll = json!({"channel": "/meta/connect", "id": id, "clientId": client,
            "connectionType": "long-polling"});
        post(&poll).json()
    };
    // The first is answered at once, the second by silence, the third by news.
    for id in ["2", "3"] {
        assert_eq!(connect(id)[0]["successful"], true);
    }
    let request_chat = json!({"channel": "/service/chatV2/support", "id": "4", "clientId": client,
        "data": {"operation": "requestChat", "nickname": "Maria"}});
    let published = post(&request_chat).json();
    let pushed = [published, connect("5")];
    let mut messages = pushed.iter().flat_map(|reply| reply.as_array().unwrap());
    assert!(
        messages.any(|message| message["data"]["chatId"].is_string()),
        "{pushed:?}"
    );
}

fn replies_are_not_held_back() {
    let (go_on, wait) = mpsc::channel();
    let wait = Mutex::new(wait);
    let (upstream, _seen) = upstream(move |_, stream| {
        let mut put = |text: &str| stream.write_all(text.as_bytes()).unwrap();
        put("HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\nfirst\n");
        // Each word only after the one before was read at the other end.
        for word in ["second\n", "third\n"] {
            let _ = wait.lock().unwrap().recv();
            put(word);
        }
    });
    let nginx = Nginx::before(&upstream);
    let mut stream = connect(nginx.address).unwrap();
    write_head(&mut stream, "GET", "/genesys/cometd", &[], 0).unwrap();
    let mut text = String::new();
    let mut reader = BufReader::new(stream);
    for word in ["first", "second", "third"] {
        while !text.contains(word) {
            assert!(reader.read_line(&mut text).unwrap() > 0, "{text}");
        }
        go_on.send(()).unwrap();
    }
}

fn the_server_sees_who_asks_and_no_more() {
    let cookie = "Set-Cookie: BAYEUX_BROWSER=x; Path=/genesys\r\nCache-Control: max-age=60\r\n";
    let (upstream, seen) = upstream(move |_, stream| answer(stream, cookie));
    let nginx = Nginx::before(&upstream);
    let claims = [
        ("X-Forwarded-For", "198.51.100.7"),
        ("X-Real-IP", "198.51.100.7"),
        ("Authorization", "Basic c2hvcDpzZWNyZXQ="),
        ("Cookie", "BAYEUX_BROWSER=x"),
        ("gms_user", "maria"),
        ("Connection", "close"),
    ];
    for _ in 0..2 {
        let reply = request(nginx.address, "POST", "/genesys/cometd/", &claims, b"[]").unwrap();
        assert_eq!(reply.header("cache-control"), Some("no-store"));
        let cookie = reply.header("set-cookie").unwrap().to_lowercase();
        for part in [
            "bayeux_browser=x",
            "path=/genesys",
            "secure",
            "httponly",
            "samesite=lax",
        ] {
            assert!(cookie.split("; ").any(|found| found == part), "{cookie}");
        }
    }
    let (first, second) = (seen.recv().unwrap(), seen.recv().unwrap());
    let head = first.to_lowercase();
    assert!(
        head.starts_with("post /genesys/cometd/ http/1.1\r\n"),
        "{head}"
    );
    for line in [
        "x-forwarded-for: 127.0.0.1",
        "x-real-ip: 127.0.0.1",
        "x-forwarded-proto: http",
        &format!("host: {}", nginx.address),
        "cookie: bayeux_browser=x",
        "gms_user: maria",
    ] {
        assert!(head.contains(&format!("{line}\r\n")), "{line}: {head}");
    }
    for part in ["198.51.100.7", "authorization", "connection: close"] {
        assert!(!head.contains(part), "{part}: {head}");
    }
    assert!(
        second.starts_with("again "),
        "one connection serves both: {second}"
    );
}

fn nothing_is_sent_twice() {
    // A server that dies of every request, behind a name with two addresses.
    let (upstream, seen) = upstream(|_, stream| {
        let _ = stream.shutdown(std::net::Shutdown::Both);
    });
    let nginx = Nginx::with_servers(&[upstream, upstream]);
    for (method, path) in [
        ("POST", "/genesys/2/chat/s/c/send"),
        ("GET", "/api/v2/chats/c"),
    ] {
        let reply = request(nginx.address, method, path, &[], b"").unwrap();
        assert_eq!(reply.status, 502, "{path}");
        assert!(seen.recv().unwrap().contains(path));
        assert!(seen.try_recv().is_err(), "{method} was sent twice");
    }
}

fn logs_hold_no_ids() {
    let emulator = Emulator::start();
    let nginx = Nginx::before(&emulator.address);
    let body = json!({"operationName": "RequestChat", "nickname": "Chris", "subject": "Help"});
    let body = body.to_string();
    let reply = request(nginx.address, "POST", "/api/v2/chats", &[], body.as_bytes()).unwrap();
    let id = reply.json()["id"].as_str().unwrap().to_owned();
    nginx.get(&format!("/api/v2/chats/{id}/messages?index=1"));
    nginx.get(&format!("/genesys/1/service/{id}/status?message=secret"));
    nginx.get("/genesys/cometd/connect");
    let log = nginx.folder.path().join("logs/chat.log");
    let log = wait_for("four lines in the log", || {
        let text = fs::read_to_string(&log).ok()?;
        (text.lines().count() == 4).then_some(text)
    });
    assert!(!log.contains(&id) && !log.contains("secret"), "{log}");
    for what in [
        "POST /api/v2 200 ",
        "GET /api/v2 200 ",
        "GET /genesys/1/service 404 ",
        "GET /genesys/cometd/connect ",
    ] {
        assert!(log.contains(what), "{what}: {log}");
    }
}

/// The real nginx with the committed configuration; ends with the test.
struct Nginx {
    child: Child,
    address: SocketAddr,
    folder: Folder,
}

impl Nginx {
    /// Starts it before this server.
    fn before(server: &SocketAddr) -> Self {
        Self::with_servers(&[*server])
    }

    fn with_servers(servers: &[SocketAddr]) -> Self {
        // Somebody else may take the port in between.
        (0..5)
            .find_map(|_| Self::try_start(servers))
            .expect("nginx on a free port")
    }

    fn try_start(servers: &[SocketAddr]) -> Option<Self> {
        let folder = Folder::new();
        let address = unused();
        configure(&folder, address, servers);
        package(&folder.path().join("site/chat"));
        let mut command = Command::new(program().unwrap());
        command.arg("-p").arg(folder.path());
        command.args(["-c", "nginx.conf", "-e", "stderr"]);
        let child = command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stderr(fs::File::create(folder.path().join("logs/error.log")).unwrap())
            .spawn()
            .unwrap();
        let mut nginx = Self {
            child,
            address,
            folder,
        };
        let up = wait_for("nginx", || {
            if nginx.child.try_wait().unwrap().is_some() {
                return Some(false);
            }
            TcpStream::connect(address).ok().map(|_| true)
        });
        let errors = fs::read_to_string(nginx.folder.path().join("logs/error.log")).unwrap();
        assert!(up || errors.contains("Address already in use"), "{errors}");
        up.then_some(nginx)
    }

    fn get(&self, path: &str) -> Reply {
        request(self.address, "GET", path, &[], b"").unwrap()
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // Asked to end, not killed: its workers would live on.
        let pid = self.child.id().to_string();
        let _ = Command::new("kill").args(["-TERM", &pid]).status();
        let _ = self.child.wait();
    }
}

/// Finds nginx: Debian keeps it where only root looks.
fn program() -> Option<&'static str> {
    ["nginx", "/usr/sbin/nginx"]
        .into_iter()
        .find(|program| answers(program, &["-v"]))
}

/// Copies the configuration and fills in what is a site's own.
fn configure(folder: &Folder, address: SocketAddr, servers: &[SocketAddr]) {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/deploy/nginx");
    let to = folder.path();
    for name in ["chat", "logs", "site/chat", "temporary"] {
        fs::create_dir_all(to.join(name)).unwrap();
    }
    let read = |name: &str| fs::read_to_string(source.join(name)).unwrap();
    folder.file("chat.conf", &read("chat.conf"));
    folder.file("chat/asset.conf", &read("chat/asset.conf"));
    let logs = format!("{}/logs/", to.display());
    let proxy = read("chat/proxy.conf");
    assert!(proxy.contains("access_log /var/log/nginx/"));
    folder.file("chat/proxy.conf", &proxy.replace("/var/log/nginx/", &logs));
    folder.file("chat/timeouts.conf", &faster(&read("chat/timeouts.conf")));

    let servers: Vec<String> = servers
        .iter()
        .map(|server| format!("server {server};"))
        .collect();
    let example = read("chat/servers.conf");
    assert_eq!(example.matches("server 127.0.0.1:8888;").count(), 2);
    let own = example.replace("server 127.0.0.1:8888;", &servers.join(" "));
    folder.file("chat/servers.conf", &own);
    let site = format!("listen {address};\nroot {}/site;\n", to.display());
    folder.file("chat/site.conf", &site);
    // What is set here must not get into the way: many sites have it.
    let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|name| format!("{name}_temp_path temporary/{name};\n"))
        .concat();
    let main = format!(
        "daemon off; worker_processes 1; pid nginx.pid; error_log stderr;\nevents {{}}\n\
         http {{\ngzip on; gzip_min_length 1; gzip_types *; proxy_buffering on;\naccess_log off;\n\
         {temporary}include chat.conf;\n}}\n"
    );
    folder.file("nginx.conf", &main);
}

/// Divides all times of a configuration.
fn faster(text: &str) -> String {
    let shorter = |line: &str| {
        let Some((name, time)) = line.split_once(' ').filter(|_| !line.starts_with('#')) else {
            return line.to_owned();
        };
        let seconds: u64 = time.trim_end_matches("s;").parse().expect("seconds");
        format!("{name} {}ms;", seconds * 1000 / FASTER)
    };
    text.lines().map(|line| shorter(line) + "\n").collect()
}

/// Makes a folder that looks like a package, with that of its major version.
fn package(folder: &Path) {
    package_files(folder);
    fs::create_dir(folder.join("v1")).unwrap();
    package_files(&folder.join("v1"));
}

fn package_files(folder: &Path) {
    let put = |name: &str, text: &str| fs::write(folder.join(name), text).unwrap();
    for name in [
        "widget.js",
        "element.js",
        "widget-0123456789abcdef.js",
        "picture-0123456789abcdef.svg",
        "picture-0123456789abcdef.png",
        "picture-0123456789abcdef.webp",
        "picture-0123456789abcdef.jpg",
        "chat-0123456789abcdef.js",
        "chat-0123456789abcdef.wasm",
        "config-0123456789abcdef.json",
        "THIRD-PARTY.txt",
        "frame.html",
        "embed.html",
    ] {
        put(name, "raw");
        put(&format!("{name}.br"), "packed with br");
        put(&format!("{name}.gz"), "packed with gz");
    }
    put("manifest.json", "{}");
    put("notes.md", "left lying about");
}

/// Tells an address that was free a moment ago.
fn unused() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap()
}

/// Starts a server that is no emulator: `reply` answers each request, whose head is told; `again ` stands before those that
/// came on a connection used before.
fn upstream(
    reply: impl Fn(&str, &mut TcpStream) + Send + Sync + 'static,
) -> (SocketAddr, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let (tell, told) = mpsc::channel();
    thread::spawn(move || {
        for stream in listener.incoming() {
            serve(stream.unwrap(), &reply, &tell);
        }
    });
    (address, told)
}

fn serve(mut stream: TcpStream, reply: &impl Fn(&str, &mut TcpStream), tell: &Sender<String>) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut before = "";
    loop {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            if reader.read_line(&mut head).unwrap_or(0) == 0 {
                return;
            }
        }
        let length = head.lines().find_map(|line| {
            line.to_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).unwrap();
        let _ = tell.send(format!("{before}{head}"));
        before = "again ";
        reply(&head, &mut stream);
    }
}

fn answer(stream: &mut TcpStream, headers: &str) {
    let reply = format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\n[]");
    stream.write_all(reply.as_bytes()).unwrap();
}
