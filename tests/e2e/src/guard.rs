//! Programs that never outlive the tests: not after a failure, a panic, or a kill of the tests.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::thread;

use anyhow::{Context as _, Result};

/// The argument that turns this program into a guard.
const FLAG: &str = "--guard";

/// A program with everything it started, ended as by a power cut when dropped.
///
/// Between us and the program stands a guard: this very program, started anew (see
/// [`serve_if_asked`]). It ends the program's whole process group as soon as its standard input
/// ends, which happens whichever way we do.
#[derive(Debug)]
pub struct Guarded {
    guard: Child,
    leash: Option<ChildStdin>,
}

impl Guarded {
    /// Starts a program. What it writes to its standard output can be read from the second
    /// value; what it complains of goes to the file `log`.
    ///
    /// # Errors
    ///
    /// When a file or process cannot be made.
    pub fn start(
        program: &Path,
        arguments: &[OsString],
        variables: &[(&str, OsString)],
        log: &Path,
    ) -> Result<(Self, ChildStdout)> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(log)
            .with_context(|| format!("cannot write {}", log.display()))?;
        let mut command = Command::new(env::current_exe().context("where is this program?")?);
        command.arg(FLAG).arg(program).args(arguments);
        command.envs(variables.iter().map(|(name, value)| (name, value)));
        let mut guard = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let leash = guard.stdin.take();
        let stdout = guard.stdout.take().context("no standard output")?;
        Ok((Self { guard, leash }, stdout))
    }

    /// Tells whether the program has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.guard.try_wait().is_ok_and(|status| status.is_some())
    }

    /// Ends the program and everything it started, as `kill -9` does.
    pub fn kill(&mut self) {
        self.leash = None;
        // It may have ended by itself.
        let _ = self.guard.wait();
    }
}

impl Drop for Guarded {
    fn drop(&mut self) {
        self.kill();
    }
}

/// Does a guard's work if this program was started as one; every `main` begins with it.
#[must_use]
pub fn serve_if_asked() -> Option<ExitCode> {
    let mut arguments = env::args_os().skip(1);
    if arguments.next()? != FLAG {
        return None;
    }
    Some(match serve(&arguments.collect::<Vec<_>>()) {
        Ok(code) => code,
        Err(error) => {
            // Into the program's log; there is nowhere else.
            let _ = writeln!(io::stderr(), "cannot start it: {error}");
            ExitCode::FAILURE
        }
    })
}

fn serve(words: &[OsString]) -> io::Result<ExitCode> {
    let Some((program, arguments)) = words.split_first() else {
        return Err(io::Error::other("no program is named"));
    };
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null());
    #[cfg(unix)]
    {
        use std::os::unix::process::CommandExt as _;
        command.process_group(0);
    }
    let mut child = command.spawn()?;
    let group = child.id();
    thread::spawn(move || {
        let mut rest = Vec::new();
        // Nothing is ever written: it ends when the tests do, or let go.
        let _ = io::stdin().read_to_end(&mut rest);
        end_group(group);
    });
    let status = child.wait()?;
    end_group(group);
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}

#[cfg(unix)]
fn end_group(group: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(group).ok().and_then(Pid::from_raw) {
        // All of it may have ended already.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

#[cfg(not(unix))]
fn end_group(process: u32) {
    let _ = Command::new("taskkill")
        .args(["/T", "/F", "/PID", &process.to_string()])
        .status();
}
