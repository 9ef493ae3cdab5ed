//! The preview, as a browser asks for it.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::scene::{Scene, TENANT};

/// A running preview, ended with the test.
struct Preview {
    child: Child,
    address: String,
}

#[expect(clippy::unwrap_used, reason = "a test may stop at once")]
impl Preview {
    fn start(scene: &Scene, flags: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_parlour"))
            .args([
                "preview",
                "acme.toml",
                "--port",
                "0",
                "--release",
                "release",
            ])
            .args(flags)
            .current_dir(&scene.0)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        let output = child.stdout.take().unwrap();
        BufReader::new(output).read_line(&mut line).unwrap();
        let address = line.split('/').nth(2).unwrap().to_owned();
        Self { child, address }
    }

    /// Asks for a path; returns status and body.
    fn get(&self, path: &str) -> (u16, String) {
        self.ask("GET", path)
    }

    fn ask(&self, method: &str, path: &str) -> (u16, String) {
        self.send(method, path, "")
    }

    fn send(&self, method: &str, path: &str, body: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let request = format!("{method} {path} HTTP/1.0\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(request.as_bytes()).unwrap();
        let mut reply = Vec::new();
        stream.read_to_end(&mut reply).unwrap();
        let reply = String::from_utf8_lossy(&reply).into_owned();
        let (head, body) = reply.split_once("\r\n\r\n").unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, body.to_owned())
    }

    fn state(&self) -> Value {
        serde_json::from_str(&self.get("/state.json").1).unwrap()
    }

    /// Waits until the state is as wanted.
    fn wait(&self, wanted: impl Fn(&Value) -> bool) -> Value {
        let late = Instant::now() + Duration::from_secs(30);
        loop {
            let state = self.state();
            if wanted(&state) {
                return state;
            }
            assert!(Instant::now() < late, "it stays {state}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn every_scheme_and_language_has_a_page_with_the_chat() {
    let scene = Scene::new("preview-pages");
    let arabic = TENANT.to_owned() + "[texts.ar]\n\"launcher.label\" = \"?\"\n";
    fs::write(scene.join("acme.toml"), arabic).unwrap();
    let preview = Preview::start(&scene, &[]);
    let state = preview.state();
    assert_eq!(state["locales"], serde_json::json!(["en", "ar"]));
    assert_eq!(state["schemes"], serde_json::json!(["light", "dark"]));
    for path in ["/", "/preview.js", "/preview.css"] {
        assert_eq!(preview.get(path).0, 200, "{path}");
    }
    let (status, page) = preview.get("/site/dark/ar/open");
    assert_eq!(status, 200);
    assert!(page.contains("lang=\"ar\" dir=\"rtl\""), "{page}");
    assert!(page.contains("src=\"/dark/widget.js\" data-open"), "{page}");
    let (_, closed) = preview.get("/site/light/en/closed");
    assert!(!closed.contains("data-open"), "{closed}");
    for path in [
        "/site/dark/xx/open",
        "/site/dark/en/else",
        "/site/dark/en",
        "/dark/none.js",
        "/../acme.toml",
    ] {
        assert_eq!(preview.get(path).0, 404, "{path}");
    }

    // Each scheme has a loader of its own, and its configuration beside it.
    for scheme in ["light", "dark"] {
        let (status, loader) = preview.get(&format!("/{scheme}/widget.js"));
        assert_eq!(status, 200);
        let config = loader
            .split('"')
            .find(|word| word.starts_with("config-"))
            .unwrap();
        let (_, config) = preview.get(&format!("/{scheme}/{config}"));
        let config: Value = serde_json::from_str(&config).unwrap();
        assert_eq!(config["theme"]["scheme"], scheme);
        // No chat begins with the file's own server.
        assert_eq!(config["server"].get("url"), None);
    }
    assert_eq!(preview.ask("POST", "/genesys/2/chat/sales").0, 404);
}

#[test]
fn every_state_of_a_chat_has_a_page_and_is_played() {
    let scene = Scene::new("preview-states");
    // Of another dialect, where no chat could begin in a frame: on no page, never open, and kept for all frames.
    let file = TENANT.replace("[server]", "[server]\ndialect = \"gms-v1\"")
        + "[rules]\nshow_on = [\"/shop/*\"]\n[hours]\nzone = \"UTC\"\nclosed = \"hide\"\nmonday = [\"10:00-10:01\"]\n";
    fs::write(scene.join("acme.toml"), file).unwrap();
    let preview = Preview::start(&scene, &[]);
    let state = preview.state();
    assert_eq!(state["notes"], serde_json::json!([]));
    let about = state["aboutChats"].as_str().unwrap();
    assert!(about.contains("gms-v1"), "{about}");
    let states = state["states"].as_array().unwrap();
    let names = states.iter().map(|state| state["name"].as_str().unwrap());
    let names: Vec<_> = names.collect();
    let all = [
        "outside-hours",
        "waiting",
        "talking",
        "on-hold",
        "transferred",
        "lost",
        "ended",
        "refused",
    ];
    assert_eq!(names, all);
    let (_, outside) = preview.get("/site/light/en/outside-hours");
    assert!(outside.contains("/outside/light/widget.js"), "{outside}");
    for name in names.into_iter().skip(1) {
        let (status, page) = preview.get(&format!("/site/light/en/{name}"));
        assert_eq!(status, 200, "{name}");
        assert!(
            page.contains("src=\"/chat/light/widget.js\" data-open"),
            "{page}"
        );
        assert!(
            page.contains(&format!("data-api=\"AcmeChat\" data-state=\"{name}\"")),
            "{page}"
        );
        let form = format!("firstName=Ada&userData%5B_preview%5D={name}");
        let (status, reply) = preview.send("POST", "/genesys/2/chat/sales", &form);
        let reply: Value = serde_json::from_str(&reply).unwrap();
        let expected = if name == "refused" { 2 } else { 0 };
        assert_eq!(
            (status, reply["statusCode"].as_u64()),
            (200, Some(expected)),
            "{name}"
        );
        let Some(chat) = reply["chatId"].as_str() else {
            continue;
        };
        let (status, reply) = preview.send(
            "POST",
            &format!("/genesys/2/chat/sales/{chat}/refresh"),
            "transcriptPosition=1",
        );
        assert_eq!(status, 200, "{name}: {reply}");
    }
    assert_eq!(preview.get("/chat.js").0, 200);

    // The frames' own settings: the server here, nothing kept, and nothing that hides the chat.
    let (_, loader) = preview.get("/chat/dark/widget.js");
    let mut words = loader.split('"');
    let config = words.find(|word| word.starts_with("config-")).unwrap();
    let config = preview.get(&format!("/chat/dark/{config}")).1;
    let config: Value = serde_json::from_str(&config).unwrap();
    assert_eq!(config["server"]["dialect"], "gms-v2");
    assert_eq!(config["server"]["url"], "");
    assert_eq!(config["privacy"]["chat"], "memory");
    assert_eq!(config["features"]["files"], false);
    assert_eq!(config["theme"]["scheme"], "dark");
    assert!(!loader.contains("early-"), "{loader}");
}

#[test]
fn the_preview_follows_the_file_and_keeps_what_was_good() {
    let scene = Scene::new("preview-follows");
    let preview = Preview::start(&scene, &["--server-url", "http://127.0.0.1:9"]);
    let first = preview.state()["version"].as_u64().unwrap();
    let changed = TENANT.replace("Chat with Acme", "Ask us");
    fs::write(scene.join("acme.toml"), changed).unwrap();
    let second = preview.wait(|state| state["version"].as_u64().unwrap() > first);
    assert_eq!(second["notes"], serde_json::json!([]));
    let (_, loader) = preview.get("/light/widget.js");
    assert!(loader.contains("Ask us"), "{loader}");

    fs::write(
        scene.join("acme.toml"),
        TENANT.replace("service = ", "servise = "),
    )
    .unwrap();
    let broken = preview.wait(|state| state["notes"] != second["notes"]);
    let notes = broken["notes"].to_string();
    assert!(notes.contains("acme.toml:5:1: server.servise"), "{notes}");
    let (_, loader) = preview.get("/light/widget.js");
    assert!(loader.contains("Ask us"), "{loader}");

    fs::write(scene.join("acme.toml"), TENANT).unwrap();
    preview.wait(|state| state["notes"] == second["notes"]);
    let (_, loader) = preview.get("/light/widget.js");
    assert!(loader.contains("Chat with Acme"), "{loader}");
}

#[test]
fn neither_the_pages_path_nor_the_hour_hides_the_form() {
    let scene = Scene::new("preview-rules");
    let hours = "[hours]\nzone = \"UTC\"\nclosed = \"hide\"\nmonday = [\"10:00-10:01\"]\n";
    let rules = "[rules]\nshow_on = [\"/shop/*\"]\nopen_after_s = 1\n";
    let message = "[message]\nurl = \"https://acme.example/messages\"\n";
    let file = [TENANT, rules, hours, message].concat();
    fs::write(scene.join("acme.toml"), file).unwrap();
    let preview = Preview::start(&scene, &[]);
    // The script that would apply them.
    let early = |folder: &str| {
        let (_, loader) = preview.get(&format!("/{folder}/widget.js"));
        let name = loader.split('"').find(|word| word.starts_with("early-"));
        name.map(|name| preview.get(&format!("/{folder}/{name}")).1)
    };
    let form = early("light").unwrap();
    assert!(
        !form.contains("\"rules\"") && !form.contains("\"hours\""),
        "{form}"
    );
    let outside = early("outside/light").unwrap();
    assert!(outside.contains("\"hours\""), "{outside}");
    // Nobody gets a message.
    let name = outside.split('"').find(|word| word.starts_with("message-"));
    let (_, message) = preview.get(&format!("/outside/light/{}", name.unwrap()));
    assert!(!message.contains("acme.example"), "{message}");

    fs::write(scene.join("acme.toml"), TENANT).unwrap();
    let is_without = |state: &Value| !state["states"].to_string().contains("outside-hours");
    preview.wait(is_without);
    assert_eq!(preview.get("/site/light/en/outside-hours").0, 404);
}

#[test]
fn the_preview_shows_pictures_and_follows_them() {
    let scene = Scene::new("preview-pictures");
    let svg = |d: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"{d}\"/></svg>"
        )
    };
    fs::write(scene.join("logo.svg"), svg("M0 0h2v2z")).unwrap();
    let file = format!("theme.logo = \"logo.svg\"\nlauncher.image = \"logo.svg\"\n{TENANT}");
    fs::write(scene.join("acme.toml"), file).unwrap();
    let preview = Preview::start(&scene, &[]);
    let first = preview.state()["version"].as_u64().unwrap();
    let config = |preview: &Preview| {
        let (_, loader) = preview.get("/light/widget.js");
        let name = loader.split('"').find(|word| word.starts_with("config-"));
        preview.get(&format!("/light/{}", name.unwrap())).1
    };
    let text = config(&preview);
    let name = text.split('"').find(|word| word.starts_with("picture-"));
    let (status, shown) = preview.get(&format!("/light/{}", name.unwrap()));
    assert_eq!((status, shown), (200, svg("M0 0h2v2z")));

    fs::write(scene.join("logo.svg"), svg("M0 0h4v4z")).unwrap();
    preview.wait(|state| state["version"].as_u64().unwrap() > first);
    assert!(config(&preview).contains("M0 0l4 0 0 4z"));
}

#[test]
fn a_tenant_of_one_scheme_and_language_is_shown_in_these_only() {
    let scene = Scene::new("preview-one");
    let one = format!("locale = \"en\"\n{TENANT}[theme]\nscheme = \"dark\"\n");
    fs::write(scene.join("acme.toml"), one).unwrap();
    let state = Preview::start(&scene, &[]).state();
    assert_eq!(state["locales"], serde_json::json!(["en"]));
    assert_eq!(state["schemes"], serde_json::json!(["dark"]));
}

#[test]
fn files_that_are_asked_for_at_once_do_not_wait_for_each_other() {
    let scene = Scene::new("preview-at-once");
    let preview = Preview::start(&scene, &[]);
    // Browsers open connections ahead, and say nothing on them for a while.
    let idle: Vec<_> = (0..20)
        .map(|_| TcpStream::connect(&preview.address).unwrap())
        .collect();
    thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| assert_eq!(preview.get("/light/widget.js").0, 200));
        }
    });
    // What is no request for a file is answered, too.
    assert_eq!(preview.ask("NONSENSE", "/").0, 404);
    drop(idle);
    assert_eq!(preview.get("/").0, 200);
}
