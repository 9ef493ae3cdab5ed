//! Child processes that never outlive this one.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a program may take to end after it was asked to.
const STOP_TIMEOUT: Duration = Duration::from_secs(5);

/// A running program. Dropping it asks it to end, and kills it if it does not.
#[derive(Debug)]
pub(crate) struct Companion {
    child: Child,
    name: &'static str,
}

impl Companion {
    /// Starts a program through `cargo xtask tied` (see [`exec_tied`]) and returns it with the
    /// first line that it writes, its sign that it is ready. Later lines are printed.
    pub(crate) fn start(
        name: &'static str,
        mut command: Command,
        timeout: Duration,
    ) -> Result<(Self, String)> {
        command.stdin(Stdio::null()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {name}"))?;
        let stdout = child
            .stdout
            .take()
            .context("no standard output to read from")?;
        let mut companion = Self { child, name };
        match first_line(stdout, timeout) {
            Ok(line) => Ok((companion, line)),
            Err(RecvTimeoutError::Timeout) => {
                bail!("{name} was not ready within {timeout:?}")
            }
            // The output closes shortly before the process ends.
            Err(RecvTimeoutError::Disconnected) => match companion.ended_within(STOP_TIMEOUT) {
                Some(status) => bail!("{name} ended at once ({status})"),
                None => bail!("{name} closed its output before it was ready"),
            },
        }
    }

    /// Returns the exit status if the program has ended.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Kills the program, as a power cut would.
    pub(crate) fn cut(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn ended_within(&mut self, timeout: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + timeout;
        loop {
            let status = self.ended();
            if status.is_some() || Instant::now() > end {
                return status;
            }
            thread::sleep(Duration::from_millis(20));
        }
    }

    fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        ask_to_end(&self.child);
        if self.ended_within(STOP_TIMEOUT).is_some() {
            return;
        }
        eprintln!("{} does not end and is killed.", self.name);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits for the first line; a thread prints later ones.
fn first_line(stdout: ChildStdout, timeout: Duration) -> Result<String, RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        if let Some(line) = lines.next() {
            // The receiver is gone if the line came too late.
            let _ = sender.send(line);
        }
        drop(sender);
        for line in lines {
            println!("{line}");
        }
    });
    receiver.recv_timeout(timeout)
}

#[cfg(unix)]
fn ask_to_end(child: &Child) {
    use rustix::process::{Pid, Signal, kill_process};
    if let Some(pid) = i32::try_from(child.id()).ok().and_then(Pid::from_raw) {
        // It may have ended just now.
        let _ = kill_process(pid, Signal::TERM);
    }
}

#[cfg(not(unix))]
fn ask_to_end(_: &Child) {
    // There is no graceful way; `stop` kills it after the timeout.
}

/// Makes a command that ties `program` to this process: on Linux it ends even if this process is
/// killed.
pub(crate) fn tied(program: impl Into<OsString>) -> Result<Command> {
    let mut command =
        Command::new(std::env::current_exe().context("cannot find the path of this program")?);
    command.args(["tied", "--"]).arg(program.into());
    Ok(command)
}

/// Replaces this process by a program that the system ends with our parent. Returns only on error.
#[cfg(unix)]
pub(crate) fn exec_tied(words: &[OsString]) -> Result<()> {
    use std::os::unix::process::CommandExt as _;
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Signal, getppid, set_parent_process_death_signal};
        let parent = getppid();
        set_parent_process_death_signal(Some(Signal::TERM))?;
        if getppid() != parent {
            bail!("our parent has ended already");
        }
    }
    let Some((program, arguments)) = words.split_first() else {
        bail!("nothing to run")
    };
    let error = Command::new(program).args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", program.to_string_lossy()))
}

/// Runs a program and exits with its status.
#[cfg(not(unix))]
pub(crate) fn exec_tied(words: &[OsString]) -> Result<()> {
    let Some((program, arguments)) = words.split_first() else {
        bail!("nothing to run")
    };
    let status = Command::new(program).args(arguments).status()?;
    std::process::exit(status.code().unwrap_or(1));
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    fn start(script: &str) -> Result<(Companion, String)> {
        Companion::start("a program", shell(script), Duration::from_secs(20))
    }

    #[test]
    fn the_first_line_tells_that_it_is_ready() {
        let (mut companion, line) = start("echo ready; exec sleep 60").unwrap();
        assert_eq!(line, "ready");
        assert!(companion.ended().is_none());
    }

    #[test]
    fn a_program_that_ends_at_once_is_reported() {
        let words = start("exit 3").unwrap_err().to_string();
        assert!(
            words.contains("a program ended at once") && words.contains('3'),
            "{words}"
        );
    }

    #[test]
    fn dropping_it_asks_first() {
        let (companion, note) = start(
            "file=$(mktemp); trap 'echo asked > $file; exit 0' TERM; echo $file; \
             while :; do sleep 0.05; done",
        )
        .unwrap();
        drop(companion);
        assert_eq!(std::fs::read_to_string(&note).unwrap(), "asked\n");
        std::fs::remove_file(note).unwrap();
    }

    #[test]
    fn a_power_cut_does_not_ask() {
        let (companion, note) = start(
            "file=$(mktemp); trap 'echo asked > $file; exit 0' TERM; echo $file; \
             while :; do sleep 0.05; done",
        )
        .unwrap();
        companion.cut();
        assert_eq!(std::fs::read_to_string(&note).unwrap(), "");
        std::fs::remove_file(note).unwrap();
    }
}
