//! The command line: what is printed, and what is said of every mistake.

use std::process::{Command, Output};

use crate::emulator::{BINARY, Emulator, Folder};

fn run(flags: &[&str]) -> Output {
    Command::new(BINARY)
        .args(["--port", "0"])
        .args(flags)
        .output()
        .unwrap()
}

fn error(flags: &[&str]) -> String {
    let output = run(flags);
    assert!(!output.status.success(), "{flags:?} was accepted");
    assert!(output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    for flag in ["--scenario", "--faults"] {
        let error = error(&["--data", ":memory:", flag, "no/such.toml"]);
        assert!(
            error.contains(flag) && error.contains("no/such.toml"),
            "{error}"
        );
    }
    let error = error(&["--data", ":memory:", "--client", "no/such"]);
    assert!(
        error.contains("--client") && error.contains("no/such"),
        "{error}"
    );
}

#[test]
fn every_mistake_in_a_scenario_is_reported_with_its_place() {
    let folder = Folder::new();
    let file = folder.file(
        "bad.toml",
        "[people.mia]\nrole = \"boss\"\n\n[[step]]\nafter = \"soon\"\ndo = \"join\"\nas = \"mia\"\n\n\
         [[step]]\ndo = \"shout\"\n\n[[on]]\nwhen = \"visitor says\"\nstep = [{ do = \"say\", as = \"tom\" }]\n",
    );
    let error = error(&["--data", ":memory:", "--scenario", &file]);
    for (place, expected) in [
        (
            ":2:8: people.mia.role: ",
            "expected one of \"agent\", \"supervisor\", \"bot\", \"system\", found \"boss\"",
        ),
        (":5:9: step[0].after: ", "expected a time span such as"),
        (":10:6: step[1].do: ", "expected one of \"join\""),
        (
            ":14:28: on[0].step[0].as: ",
            "nobody called \"tom\": [people] has mia",
        ),
        (":14:9: on[0].step[0].text: ", "missing, expected a string"),
    ] {
        let line = error.lines().find(|line| line.contains(place));
        assert!(
            line.is_some_and(|line| line.contains(expected)),
            "{place}{expected} in\n{error}"
        );
    }
}

#[test]
fn broken_syntax_in_a_fault_file_is_reported_with_its_place() {
    let folder = Folder::new();
    let file = folder.file("faults.toml", "[[fault]]\nkind = \n");
    let error = error(&["--data", ":memory:", "--faults", &file]);
    assert!(error.contains("faults.toml:2:"), "{error}");
}

#[test]
fn a_folder_that_cannot_be_used_is_reported() {
    let folder = Folder::new();
    let file = folder.file("file", "");
    assert!(error(&["--data", &file]).contains("--data"));
    std::fs::write(
        folder.path().join("chats.sqlite3"),
        "this is no database at all, not even nearly",
    )
    .unwrap();
    let error = error(&["--data", &folder.path().display().to_string()]);
    assert!(
        error.contains("--data") && error.contains("not a database"),
        "{error}"
    );
}

#[test]
fn a_port_in_use_is_reported() {
    let first = Emulator::start();
    let port = first.address.port().to_string();
    let output = Command::new(BINARY)
        .args(["--port", &port, "--data", ":memory:"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains("--port") && error.contains(&port), "{error}");
}

#[test]
fn the_port_may_come_from_the_environment() {
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = free.local_addr().unwrap().port();
    // Taken, so the program must fail on just this port.
    let output = Command::new(BINARY)
        .env("PORT", port.to_string())
        .args(["--data", ":memory:"])
        .output()
        .unwrap();
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(&port.to_string()), "{error}");
}

#[test]
fn only_the_services_named_exist() {
    let emulator = Emulator::with(&[
        "--data",
        ":memory:",
        "--no-agent",
        "--services",
        "sales,support",
    ]);
    let start = |service: &str| {
        emulator
            .form(&format!("/genesys/2/chat/{service}"), &[("nickname", "M")])
            .unwrap()
            .status
    };
    assert_eq!(
        [start("sales"), start("support"), start("other")],
        [200, 200, 404]
    );
}

#[test]
fn a_seed_makes_everything_repeatable() {
    let keys = || {
        let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--seed", "42"]);
        let visitor = emulator.visitor("Maria");
        (visitor.chat, visitor.key, visitor.user, visitor.alias)
    };
    assert_eq!(keys(), keys());
}

#[test]
fn a_short_time_out_drops_a_silent_visitor() {
    let emulator = Emulator::with(&["--data", ":memory:", "--no-agent", "--drop-after", "1"]);
    let visitor = emulator.visitor("Maria");
    let path = format!("/chats/{}", visitor.chat);
    crate::emulator::wait_for("the visitor to be dropped", || {
        let chat = emulator.desk("GET", &path, &crate::emulator::nothing());
        (chat["end"]["reason"] == "dropped").then_some(())
    });
}

#[test]
fn a_service_needs_a_name() {
    for services in ["", "sales,", ",sales"] {
        let error = error(&["--data", ":memory:", "--services", services]);
        assert!(
            error.contains("--services") && error.contains("value"),
            "{error}"
        );
    }
}
