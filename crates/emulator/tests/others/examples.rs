//! The samples of `examples/`, each as a reader would run it: what they print, and what the desk has seen of them.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;

use crate::emulator::{Emulator, Folder, nothing, wait_for};
use crate::{Tests, answers};

/// What a sample says: nothing in it survives careless encoding, neither in a form nor in JSON.
const TEXT: &str = r#"Is 1+1=2 & "größer" than 50%, \o/ 🎉?"#;
const ANSWER: &str = "That is a good question. Let me find out.";

#[derive(Debug, Clone, Copy)]
struct Language {
    name: &'static str,
    /// What its samples need: programs that must be content with these arguments.
    needs: &'static [(&'static str, &'static [&'static str])],
    /// What runs a file; none: it runs by itself.
    interpreter: Option<&'static str>,
    /// How the file of a dialect is named.
    file: fn(&str) -> String,
}

const LANGUAGES: [Language; 5] = [
    Language {
        name: "shell",
        needs: &[
            ("bash", &["--version"]),
            ("curl", &["--version"]),
            ("jq", &["--version"]),
        ],
        interpreter: None,
        file: |dialect| format!("shell/{dialect}.sh"),
    },
    Language {
        name: "python",
        needs: &[(
            "python3",
            &["-c", "import sys; sys.exit(sys.version_info < (3, 8))"],
        )],
        interpreter: Some("python3"),
        file: |dialect| format!("python/{}.py", dialect.replace('-', "_")),
    },
    Language {
        name: "javascript",
        needs: &[(
            "node",
            &["-e", "process.exit(+(typeof fetch == 'undefined'))"],
        )],
        interpreter: Some("node"),
        file: |dialect| format!("javascript/{dialect}.mjs"),
    },
    Language {
        name: "php",
        needs: &[("php", &["-r", "exit((int) (PHP_VERSION_ID < 80000));"])],
        interpreter: Some("php"),
        file: |dialect| format!("php/{dialect}.php"),
    },
    Language {
        name: "rust",
        needs: &[],
        interpreter: None,
        file: |dialect| built(dialect).display().to_string(),
    },
];

const DIALECTS: [&str; 3] = ["gms-v2", "gms-v1", "gws"];

/// Adds the tests of every language.
pub(crate) fn add(tests: &mut Tests) {
    for language in LANGUAGES {
        let missing = language
            .needs
            .iter()
            .find(|(program, arguments)| !answers(program, arguments))
            .map(|(program, _)| format!("{program} is not installed, or too old"));
        for dialect in DIALECTS {
            let mut test = |what: &str, body: fn(Sample)| {
                let name = format!("examples::{}::{dialect}::{what}", language.name);
                let sample = Sample { language, dialect };
                tests.add(name, missing.as_deref(), move || body(sample));
            };
            test("is_answered", is_answered);
            test("gives_up_and_leaves", gives_up_and_leaves);
            test("tells_what_went_wrong", tells_what_went_wrong);
            if dialect == "gms-v1" {
                test("waits_for_an_agent", waits_for_an_agent);
            }
        }
    }
}

fn is_answered(sample: Sample) {
    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "20"]);
    let run = sample.run(url(&emulator), &[]);
    assert!(run.success, "{}", run.errors);
    assert_eq!(run.errors, "");
    let wanted = [
        "* system has joined",
        "* Agent Emulator has joined",
        &format!("Maria: {TEXT}"),
        &format!("Agent Emulator: {ANSWER}"),
        "* the chat has ended",
    ];
    let mut lines = run.output.lines();
    for line in wanted {
        assert!(
            lines.any(|found| found == line),
            "`{line}` is missing or too early:\n{}",
            run.output
        );
    }
    assert_eq!(lines.next(), None, "nothing comes after the end");

    let chat = only_chat(&emulator);
    assert_eq!(chat["dialect"], sample.dialect);
    assert_eq!(
        messages(&chat),
        [("Maria", TEXT), ("Agent Emulator", ANSWER)],
        "{chat}"
    );
    assert_eq!(chat["end"]["reason"], "disconnected");
    keeps_ids_to_itself(&run, &chat);
}

/// Nobody is there: it says so, and does not leave the chat ringing.
fn gives_up_and_leaves(sample: Sample) {
    let emulator = Emulator::start();
    let run = sample.run(url(&emulator), &[("CHAT_PATIENCE_SECONDS", "1")]);
    assert!(!run.success);
    assert_eq!(run.errors, "error: nobody answered within 1 s\n");
    assert_eq!(run.output.lines().last(), Some("* the chat has ended"));
    let chat = only_chat(&emulator);
    assert_eq!(chat["end"]["reason"], "disconnected");
    assert_eq!(messages(&chat), []);
    keeps_ids_to_itself(&run, &chat);
}

fn tells_what_went_wrong(sample: Sample) {
    let nowhere = "http://127.0.0.1:1";
    let run = sample.run(nowhere.to_owned(), &[]);
    assert!(!run.success);
    let told = run.errors.trim_end();
    assert!(
        told.starts_with("error: ") && told.ends_with(": no answer from http://127.0.0.1:1"),
        "{told}"
    );

    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "20"]);
    let run = sample.run(
        url(&emulator),
        &[("CHAT_HEADERS", "apikey: x\nAuthorization: Basic secret")],
    );
    assert_eq!(
        (run.success, run.errors.as_str()),
        (false, "error: Authorization is not a visitor's header\n")
    );
    assert_eq!(emulator.get("/health").json()["chats"], 0);

    let fault = serde_json::json!({"operation": "send", "kind": "status_code_2"});
    emulator.fault(&fault);
    let run = sample.run(url(&emulator), &[]);
    assert!(!run.success);
    let refused = match sample.dialect {
        "gms-v1" => "error: send: HTTP 400",
        "gws" => "error: SendMessage: refused:",
        _ => "error: send: refused: ",
    };
    assert!(run.errors.starts_with(refused), "{}", run.errors);
    assert_eq!(run.errors.lines().count(), 1, "{}", run.errors);
    let chat = only_chat(&emulator);
    assert_eq!(chat["end"]["reason"], "disconnected");
    keeps_ids_to_itself(&run, &chat);
}

fn waits_for_an_agent(sample: Sample) {
    let emulator = Emulator::with(&["--data", ":memory:", "--pace", "5"]);
    let run = sample.run(url(&emulator), &[("CHAT_SERVICE", "request-chat-poll")]);
    assert!(run.success, "{}", run.errors);
    assert_eq!(messages(&only_chat(&emulator)).len(), 2);
    assert_eq!(only_chat(&emulator)["service"], "request-chat-poll");
}

#[derive(Debug, Clone, Copy)]
struct Sample {
    language: Language,
    dialect: &'static str,
}

/// The output of a sample.
#[derive(Debug)]
struct Run {
    success: bool,
    output: String,
    errors: String,
}

impl Sample {
    fn run(self, url: String, settings: &[(&str, &str)]) -> Run {
        let file = folder().join((self.language.file)(self.dialect));
        let mut command = match self.language.interpreter {
            Some(interpreter) => {
                let mut command = Command::new(interpreter);
                command.arg(file);
                command
            }
            None => Command::new(file),
        };
        // Neither settings of whoever runs the tests nor a proxy may come between.
        for (name, _) in env::vars_os() {
            if name.to_string_lossy().starts_with("CHAT_") {
                command.env_remove(name);
            }
        }
        command
            .arg(TEXT)
            .env("NO_PROXY", "127.0.0.1")
            .env("no_proxy", "127.0.0.1")
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("CHAT_URL", url)
            .env("CHAT_POLL_SECONDS", "0.1")
            .env("CHAT_PATIENCE_SECONDS", "15")
            .envs(settings.iter().copied());
        finish(command)
    }
}

/// Runs a program to its end, or to that of our patience.
fn finish(mut command: Command) -> Run {
    struct Running(Child);
    impl Drop for Running {
        fn drop(&mut self) {
            let _ = self.0.kill();
            let _ = self.0.wait();
        }
    }
    let folder = Folder::new();
    let file = |name: &str| std::fs::File::create(folder.path().join(name)).unwrap();
    let read = |name: &str| std::fs::read_to_string(folder.path().join(name)).unwrap();
    command
        .stdin(Stdio::null())
        .stdout(file("output"))
        .stderr(file("errors"));
    let mut child = Running(command.spawn().expect("the sample"));
    let status = wait_for("the sample's end", || child.0.try_wait().unwrap());
    Run {
        success: status.success(),
        output: read("output"),
        errors: read("errors"),
    }
}

fn url(emulator: &Emulator) -> String {
    format!("http://{}", emulator.address)
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples")
}

/// Builds the samples in Rust, once, and tells where one of them is.
fn built(dialect: &str) -> PathBuf {
    static BUILT: OnceLock<Vec<PathBuf>> = OnceLock::new();
    let programs = BUILT.get_or_init(|| {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        let output = Command::new(cargo)
            .args(["build", "--quiet", "--package", "chat-samples", "--bins"])
            .arg("--message-format=json-render-diagnostics")
            .current_dir(folder())
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo");
        assert!(output.status.success(), "the samples in Rust do not build");
        let messages = String::from_utf8(output.stdout).unwrap();
        let messages = messages.lines().map(serde_json::from_str::<Value>);
        messages
            .filter_map(|message| Some(message.unwrap()["executable"].as_str()?.into()))
            .collect()
    });
    let program = programs
        .iter()
        .find(|program| program.file_stem().is_some_and(|stem| stem == dialect));
    program.expect("a sample of each dialect").clone()
}

fn only_chat(emulator: &Emulator) -> Value {
    let list = emulator.desk("GET", "/chats", &nothing());
    let chats = list["chats"].as_array().unwrap();
    assert_eq!(chats.len(), 1, "{list}");
    let id = chats[0]["id"].as_str().unwrap();
    emulator.desk("GET", &format!("/chats/{id}"), &nothing())
}

/// Lists who said what, without the system.
fn messages(chat: &Value) -> Vec<(&str, &str)> {
    let events = chat["events"].as_array().unwrap().iter();
    events
        .filter(|event| event["type"] == "message" && event["from"]["role"] != "external")
        .map(|event| {
            let name = event["from"]["nickname"].as_str().unwrap();
            (name, event["text"].as_str().unwrap())
        })
        .collect()
}

/// In GWS, whoever has the chat's id is the visitor.
fn keeps_ids_to_itself(run: &Run, chat: &Value) {
    let id = chat["id"].as_str().unwrap();
    assert!(!run.output.contains(id) && !run.errors.contains(id));
}
