//! Starts the program, talks to it as a visitor and as a desk, kills it.

use std::fs;
use std::io::{self, BufRead, BufReader, Read};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use parlour_emulator::wire::encode;
use serde_json::{Value, json};

use crate::http::{PATIENCE, Reply, request};

pub(crate) const BINARY: &str = env!("CARGO_BIN_EXE_parlour-emulator");

/// A folder of this test's own, gone with it.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("parlour-emulator-test-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }

    /// Writes a file and tells its path.
    pub(crate) fn file(&self, name: &str, text: &str) -> String {
        let path = self.0.join(name);
        fs::write(&path, text).unwrap();
        path.display().to_string()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[derive(Debug)]
pub(crate) struct Emulator {
    child: Child,
    pub(crate) address: SocketAddr,
    log: Option<JoinHandle<String>>,
    // Where it keeps uploads that are to be forgotten: killed, it cannot tidy up by itself.
    _temporary: Folder,
}

impl Emulator {
    /// Starts without agents and without a disk.
    pub(crate) fn start() -> Self {
        Self::with(&["--data", ":memory:", "--no-agent"])
    }

    /// Starts without agents on a folder.
    pub(crate) fn on(folder: &Folder) -> Self {
        Self::with(&["--data", &folder.path().display().to_string(), "--no-agent"])
    }

    /// Starts with these flags, on any free port, and waits until it says where.
    pub(crate) fn with(flags: &[&str]) -> Self {
        let temporary = Folder::new();
        let mut command = Command::new(BINARY);
        command.env("TMPDIR", temporary.path());
        command.args(["--port", "0", "--log", "debug"]).args(flags);
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program");
        let mut line = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut line).unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let log = thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let Some((_, address)) = line.trim().split_once("listening on http://") else {
            let _ = child.wait();
            panic!("it did not start: {line}{}", log.join().unwrap());
        };
        Self {
            address: address.parse().unwrap(),
            child,
            log: Some(log),
            _temporary: temporary,
        }
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as `kill -9` does.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end (SIGTERM).
    pub(crate) fn terminate(&self) {
        let pid = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &pid])
                .status()
                .unwrap()
                .success()
        );
    }

    /// Ends it cleanly; how it ended, and what it logged.
    pub(crate) fn stop(mut self) -> (ExitStatus, String) {
        self.terminate();
        let status = self.child.wait().unwrap();
        (status, self.log.take().unwrap().join().unwrap())
    }

    pub(crate) fn request(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> io::Result<Reply> {
        request(self.address, method, path, headers, body)
    }

    pub(crate) fn get(&self, path: &str) -> Reply {
        self.request("GET", path, &[], b"").unwrap()
    }

    /// Sends JSON.
    pub(crate) fn json(&self, method: &str, path: &str, body: &Value) -> Reply {
        let kind = [("Content-Type", "application/json;charset=UTF-8")];
        let body = body.to_string();
        self.request(method, path, &kind, body.as_bytes()).unwrap()
    }

    /// Calls the control API; the reply must be good.
    pub(crate) fn desk(&self, method: &str, path: &str, body: &Value) -> Value {
        let reply = self.raw_desk(method, path, body);
        assert_eq!(reply.status, 200, "{path}: {}", reply.text());
        reply.json()
    }

    pub(crate) fn raw_desk(&self, method: &str, path: &str, body: &Value) -> Reply {
        let body = if body.is_null() {
            String::new()
        } else {
            body.to_string()
        };
        let path = format!("/desk/api{path}");
        self.request(
            method,
            &path,
            &[("Content-Type", "application/json")],
            body.as_bytes(),
        )
        .unwrap()
    }

    /// Adds a fault rule.
    pub(crate) fn fault(&self, rule: &Value) {
        self.desk("POST", "/faults", rule);
    }

    /// Starts a chat.
    pub(crate) fn visitor(&self, nickname: &str) -> Visitor {
        let reply = self
            .form("/genesys/2/chat/support/", &[("nickname", nickname)])
            .unwrap()
            .json();
        Visitor::of(self.address, &reply)
    }

    pub(crate) fn form(&self, path: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
        form(self.address, path, fields)
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A visitor's program that keeps its first keys.
#[derive(Debug, Clone)]
pub(crate) struct Visitor {
    pub(crate) address: SocketAddr,
    pub(crate) chat: String,
    pub(crate) key: String,
    pub(crate) user: String,
    pub(crate) alias: String,
}

impl Visitor {
    pub(crate) fn of(address: SocketAddr, reply: &Value) -> Self {
        let text = |field: &str| {
            reply[field]
                .as_str()
                .unwrap_or_else(|| panic!("{reply}"))
                .to_owned()
        };
        Self {
            address,
            chat: text("chatId"),
            key: text("secureKey"),
            user: text("userId"),
            alias: text("alias"),
        }
    }

    pub(crate) fn path(&self, operation: &str) -> String {
        format!("/genesys/2/chat/support/{}/{operation}", self.chat)
    }

    pub(crate) fn raw(&self, operation: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
        let mut all = vec![
            ("userId", self.user.as_str()),
            ("secureKey", &self.key),
            ("alias", &self.alias),
        ];
        all.extend(fields);
        form(self.address, &self.path(operation), &all)
    }

    /// Calls an operation that must go well.
    pub(crate) fn call(&self, operation: &str, fields: &[(&str, &str)]) -> Value {
        let reply = self.raw(operation, fields).unwrap().json();
        assert_eq!(reply["statusCode"], 0, "{operation}: {reply}");
        reply
    }

    pub(crate) fn say(&self, text: &str) -> Value {
        self.call("send", &[("message", text)])
    }

    /// Lists the transcript.
    pub(crate) fn events(&self) -> Vec<Value> {
        self.call("refresh", &[])["messages"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// Lists the texts of all messages.
    pub(crate) fn texts(&self) -> Vec<String> {
        let messages = self
            .events()
            .into_iter()
            .filter(|event| event["type"] == "Message");
        messages
            .map(|event| event["text"].as_str().unwrap().to_owned())
            .collect()
    }

    pub(crate) fn types(&self) -> Vec<String> {
        self.events()
            .iter()
            .map(|event| event["type"].as_str().unwrap().to_owned())
            .collect()
    }

    /// Uploads a file, the keys first.
    pub(crate) fn upload(&self, name: &str, contents: &[u8]) -> io::Result<Reply> {
        let file = format!("@{name}");
        let fields = [
            ("secureKey", self.key.as_str()),
            ("userId", &self.user),
            ("file", &file),
        ];
        let (kind, body) = crate::http::multipart(&fields, contents);
        request(
            self.address,
            "POST",
            &self.path("file"),
            &[("Content-Type", &kind)],
            &body,
        )
    }

    /// Takes the visitor to the same chat on another server process.
    pub(crate) fn at(&self, emulator: &Emulator) -> Self {
        Self {
            address: emulator.address,
            ..self.clone()
        }
    }
}

pub(crate) fn form(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> io::Result<Reply> {
    let pairs: Vec<String> = fields
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
        .collect();
    let kind = (
        "Content-Type",
        "application/x-www-form-urlencoded; charset=UTF-8",
    );
    request(address, "POST", path, &[kind], pairs.join("&").as_bytes())
}

/// Looks again and again until there is something to see.
pub(crate) fn wait_for<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(started.elapsed() < PATIENCE, "waited in vain for {what}");
        thread::sleep(std::time::Duration::from_millis(10));
    }
}

/// Means no body.
pub(crate) fn nothing() -> Value {
    json!(null)
}
