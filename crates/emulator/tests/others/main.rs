//! The program together with others: interpreters that run the samples, nginx, the project's own commands. What is not
//! installed is reported as skipped, which cargo's own harness cannot do.
#![cfg(feature = "server")]
#![allow(
    clippy::expect_used,
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test may fail"
)]

mod desk;
#[path = "../program/emulator.rs"]
#[allow(dead_code, reason = "shared with the other tests of the program")]
mod emulator;
mod examples;
#[path = "../program/http.rs"]
#[allow(dead_code, reason = "shared with the other tests of the program")]
mod http;
mod nginx;
mod probe;

use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::process::{Command, ExitCode, Stdio};

use libtest_mimic::{Arguments, Trial};

/// The tests, and the programs that they miss.
#[derive(Default)]
struct Tests {
    trials: Vec<Trial>,
    /// Names by what they miss.
    skipped: BTreeMap<String, Vec<String>>,
}

impl Tests {
    /// Adds a test; `missing` says what it would need.
    fn add(&mut self, name: String, missing: Option<&str>, body: impl FnOnce() + Send + 'static) {
        if let Some(missing) = missing {
            let names = self.skipped.entry(missing.to_owned()).or_default();
            names.push(name.clone());
        }
        let trial = Trial::test(name, move || {
            body();
            Ok(())
        });
        self.trials.push(trial.with_ignored_flag(missing.is_some()));
    }
}

/// Tells whether a program is there and content with these arguments.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    status.is_ok_and(|status| status.success())
}

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let mut tests = Tests::default();
    desk::add(&mut tests);
    examples::add(&mut tests);
    nginx::add(&mut tests);
    probe::add(&mut tests);
    if !arguments.list {
        for (missing, names) in &tests.skipped {
            // Cargo's format has no room for a reason.
            let _ = writeln!(io::stdout(), "SKIPPED, {missing}: {}", names.join(", "));
        }
    }
    libtest_mimic::run(&arguments, tests.trials).exit_code()
}
