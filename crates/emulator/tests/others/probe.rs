//! `cargo xtask probe`, which asks a server with curl what it speaks: the real command, for tenants of every dialect.

use std::env;
use std::fs;
use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock, mpsc};
use std::thread;

use serde_json::Value;

use crate::emulator::{Emulator, Folder, nothing};
use crate::{Tests, answers};

const DIALECTS: [&str; 5] = ["gms-v2", "gms-v2-cometd", "gms-v1", "gms-v1-cometd", "gws"];
/// What a key begins with that no output, and no argument of a program, may hold.
const MARK: &str = "probe-5e1f09";

/// Adds the tests.
pub(crate) fn add(tests: &mut Tests) {
    let has_curl = answers("curl", &["--version"]);
    let missing = (!has_curl).then_some("curl is not installed");
    for dialect in DIALECTS {
        let name = format!("probe::{dialect}_is_recognised");
        tests.add(name, missing, move || is_recognised(dialect));
    }
    let others: [(&str, fn()); 5] = [
        ("several_may_do", several_may_do),
        (
            "an_unknown_service_is_reported",
            an_unknown_service_is_reported,
        ),
        (
            "headers_go_along_and_stay_unseen",
            headers_go_along_and_stay_unseen,
        ),
        (
            "an_unreachable_server_is_reported_once",
            an_unreachable_server_is_reported_once,
        ),
        ("redirects_are_not_followed", redirects_are_not_followed),
    ];
    for (name, body) in others {
        tests.add(format!("probe::{name}"), missing, body);
    }
}

/// A server of one kind is told from the others, whatever the tenant's file says.
fn is_recognised(dialect: &'static str) {
    let emulator = server(&[dialect]);
    let alone = DIALECTS.map(|other| match other == dialect {
        true => "answers",
        false => "does not",
    });
    let (wanted, likely) = match dialect {
        // Version 1 answers both ways there, and CometD does not tell whom it is for.
        "gms-v1-cometd" => (
            ["does not", "cannot tell", "answers", "answers", "does not"],
            "gms-v1",
        ),
        _ => (alone, dialect),
    };
    for (own, verdict) in DIALECTS.into_iter().zip(wanted) {
        let run = Tenant::of(own).probe(&emulator.address);
        let verdicts = DIALECTS.map(|dialect| run.verdict(dialect));
        assert_eq!(verdicts, wanted, "{own}: {}", run.text);
        let (status, says) = match verdict {
            "answers" => (0, format!("says {own}, and that answers.\n")),
            _ => (1, format!("says {own}; likely right: {likely}.\n")),
        };
        assert_eq!(run.status, Some(status), "{own}: {}", run.text);
        let says = format!("The tenant's file {says}");
        assert!(run.text.contains(&says), "{}", run.text);
    }
    is_untouched(&emulator);
}

fn several_may_do() {
    let emulator = server(&["gms-v2", "gms-v1", "gms-v1-cometd"]);
    for (own, right) in [("gms-v2", true), ("gms-v1-cometd", true), ("gws", false)] {
        let run = Tenant::of(own).probe(&emulator.address);
        assert_eq!(run.status, Some(i32::from(!right)), "{}", run.text);
        let verdicts = DIALECTS.map(|dialect| run.verdict(dialect));
        let wanted = ["answers", "answers", "answers", "answers", "does not"];
        assert_eq!(verdicts, wanted, "{}", run.text);
        let both = match own {
            "gms-v1-cometd" => "Both gms-v1 and gms-v1-cometd may do: gms-v1 is preferred",
            _ => "Both gms-v2 and gms-v2-cometd may do: gms-v2 is preferred",
        };
        assert!(run.text.contains(both), "{}", run.text);
    }
    is_untouched(&emulator);
}

fn an_unknown_service_is_reported() {
    let flags = ["--data", ":memory:", "--no-agent", "--services", "sales"];
    let emulator = Emulator::with(&flags);
    let run = Tenant::of("gms-v2").probe(&emulator.address);
    assert_eq!(run.status, Some(0), "{}", run.text);
    assert!(run.text.contains("error 306"), "{}", run.text);
    assert!(
        run.text.contains("knows no service `support`"),
        "{}",
        run.text
    );
}

fn headers_go_along_and_stay_unseen() {
    let exposed = Arc::new(AtomicBool::new(false));
    let listener = Listener::start({
        let exposed = Arc::clone(&exposed);
        move || {
            exposed.fetch_or(arguments_of_all().contains(MARK), Ordering::SeqCst);
            "HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n".to_owned()
        }
    });
    let key = format!("{MARK}-\"x\" \\n %7e");
    let tenant = Tenant::with("gws", &format!("server.headers = {{ apikey = '{key}' }}"));
    let run = tenant.probe(&listener.address);
    assert_eq!(run.status, Some(1), "{}", run.text);
    let verdicts = DIALECTS.map(|dialect| run.verdict(dialect));
    assert_eq!(verdicts, ["cannot tell"; 5], "all are refused alike");
    assert!(!run.text.contains(MARK), "{}", run.text);
    assert!(
        !exposed.load(Ordering::SeqCst),
        "everybody can read arguments"
    );
    let mut seen = listener.requests();
    seen.sort();
    let lines: Vec<&str> = seen.iter().filter_map(|head| head.lines().next()).collect();
    assert_eq!(
        lines,
        [
            "GET /api/v2/chats/0 HTTP/1.1",
            "POST /genesys/0/nothing HTTP/1.1",
            "POST /genesys/1/service/0/ixn/chat/refresh HTTP/1.1",
            "POST /genesys/2/chat/support/0/refresh HTTP/1.1",
            "POST /genesys/cometd/ HTTP/1.1",
        ]
    );
    for head in seen {
        let header = format!("\r\napikey: {key}\r\n");
        assert!(head.contains(&header), "{head}");
    }
}

fn an_unreachable_server_is_reported_once() {
    let run = Tenant::of("gms-v2").run(&["--server-url", "http://127.0.0.1:1/"]);
    assert_eq!(run.status, Some(1), "{}", run.text);
    assert_eq!(run.text.matches("curl: (7)").count(), 1, "{}", run.text);
    assert_eq!(run.text.lines().count(), 1, "{}", run.text);

    let run = Tenant::of("gms-v2").run(&["--server-url", ""]);
    assert_eq!(run.status, Some(2), "{}", run.text);
    assert!(run.text.contains("origin of the page"), "{}", run.text);
    let run = Tenant::of("gms-v2").run(&["--server-url", "https://maria:secret@chat.example"]);
    assert_eq!(run.status, Some(2), "{}", run.text);
}

fn redirects_are_not_followed() {
    let elsewhere = Listener::start(|| "HTTP/1.1 200 Yes\r\nContent-Length: 0\r\n\r\n".into());
    let to = elsewhere.address;
    let listener = Listener::start(move || {
        format!("HTTP/1.1 302 No\r\nLocation: http://{to}/in?k=1\r\nContent-Length: 0\r\n\r\n")
    });
    let run = Tenant::of("gms-v2").probe(&listener.address);
    assert_eq!(run.status, Some(1), "{}", run.text);
    let evidence = format!("HTTP 302, redirects to http://{to}/in\n");
    assert!(run.text.contains(&evidence), "{}", run.text);
    assert_eq!(elsewhere.requests(), Vec::<String>::new());
}

fn server(dialects: &[&str]) -> Emulator {
    let mut flags = vec!["--data", ":memory:", "--no-agent"];
    flags.extend(dialects.iter().flat_map(|name| ["--dialect", name]));
    Emulator::with(&flags)
}

/// Nobody was rung, and nothing is left open.
fn is_untouched(emulator: &Emulator) {
    let health = emulator.get("/health").json();
    assert_eq!(
        (&health["chats"], &health["push_sessions"]),
        (&0.into(), &0.into())
    );
    let chats = emulator.desk("GET", "/chats", &nothing());
    assert_eq!(chats["chats"], Value::Array(Vec::new()));
}

/// The output of the command, standard and error, and how it ended.
struct Run {
    status: Option<i32>,
    text: String,
}

impl Run {
    /// Finds the row of a dialect and its second column.
    fn verdict(&self, dialect: &str) -> &str {
        let row = format!("  {dialect:13}  ");
        let row = self.text.lines().find_map(|line| line.strip_prefix(&row));
        let row = row.unwrap_or_else(|| panic!("no row of {dialect}: {}", self.text));
        row.split("  ").next().unwrap()
    }
}

/// A repository with one tenant, otherwise ours.
struct Tenant(Folder);

impl Tenant {
    fn of(dialect: &str) -> Self {
        Self::with(dialect, "")
    }

    fn with(dialect: &str, more: &str) -> Self {
        let folder = Folder::new();
        let root = folder.path();
        let file = format!(
            "tenant = \"acme\"\nserver.dialect = \"{dialect}\"\nserver.service = \"support\"\n{more}\n"
        );
        fs::create_dir(root.join("tenants")).unwrap();
        fs::write(root.join("tenants/acme.toml"), file).unwrap();
        fs::write(root.join("Cargo.toml"), "[workspace]\n").unwrap();
        for name in ["public", "style"] {
            copy(&repository().join(name), &root.join(name));
        }
        Self(folder)
    }

    fn probe(&self, server: &SocketAddr) -> Run {
        self.run(&["--server-url", &format!("http://{server}")])
    }

    fn run(&self, arguments: &[&str]) -> Run {
        let output = Command::new(built())
            .args(["probe", "--tenant", "acme"])
            .args(arguments)
            .env("CARGO_MANIFEST_DIR", self.0.path().join("crates/xtask"))
            // No proxy may come between.
            .env("NO_PROXY", "*")
            .env("no_proxy", "*")
            .stdin(Stdio::null())
            .output()
            .expect("the command");
        let mut text = String::from_utf8(output.stdout).unwrap();
        // Warnings about the tenant's file aside.
        let errors = String::from_utf8(output.stderr).unwrap();
        let errors = errors.lines().filter(|line| !line.starts_with("  "));
        text.extend(errors.flat_map(|line| [line, "\n"]));
        Run {
            status: output.status.code(),
            text,
        }
    }
}

fn copy(from: &Path, to: &Path) {
    if !from.is_dir() {
        fs::copy(from, to).unwrap();
        return;
    }
    fs::create_dir(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        copy(&entry.path(), &to.join(entry.file_name()));
    }
}

fn repository() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    folder.canonicalize().unwrap()
}

/// Builds the project's own commands, once, and tells where they are.
fn built() -> &'static Path {
    static BUILT: OnceLock<PathBuf> = OnceLock::new();
    BUILT.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--quiet", "--package", "xtask"])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(repository())
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo");
        assert!(
            output.status.success(),
            "the project's commands do not build"
        );
        let messages = String::from_utf8(output.stdout).unwrap();
        let messages = messages.lines().map(serde_json::from_str::<Value>);
        let mut programs =
            messages.filter_map(|message| Some(message.unwrap()["executable"].as_str()?.into()));
        programs.next().expect("a program")
    })
}

/// A server that answers every request the same way and keeps its head, until the tests end.
struct Listener {
    address: SocketAddr,
    heads: mpsc::Receiver<String>,
}

impl Listener {
    fn start(answer: impl Fn() -> String + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, heads) = mpsc::channel();
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let _ = sender.send(head(&stream));
                let _ = stream.write_all(answer().as_bytes());
            }
        });
        Self { address, heads }
    }

    /// Returns what has been asked so far.
    fn requests(&self) -> Vec<String> {
        self.heads.try_iter().collect()
    }
}

/// Reads a request; returns its first line and headers.
fn head(stream: &TcpStream) -> String {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") && reader.read_line(&mut head).unwrap() > 0 {}
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        let is_length = name.eq_ignore_ascii_case("content-length");
        is_length.then(|| value.trim().parse::<u64>().unwrap())
    });
    let mut body = Vec::new();
    reader
        .take(length.unwrap_or(0))
        .read_to_end(&mut body)
        .unwrap();
    head
}

/// Lists the arguments of every program that runs, where the system shows them.
fn arguments_of_all() -> String {
    let mut all = String::new();
    for entry in fs::read_dir("/proc").into_iter().flatten().flatten() {
        if let Ok(arguments) = fs::read(entry.path().join("cmdline")) {
            all.push_str(&String::from_utf8_lossy(&arguments));
        }
    }
    all
}
