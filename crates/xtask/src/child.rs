//! A program that runs beside us, and never longer than we do.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, ChildStdout, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// How long a program has to end after it was asked to.
const PATIENCE: Duration = Duration::from_secs(5);

/// A running program; asked to end, then made to, when dropped.
#[derive(Debug)]
pub(crate) struct Companion {
    child: Child,
    name: &'static str,
}

impl Companion {
    /// Starts a program through `cargo xtask tied` (see [`exec_tied`]) and returns it with the
    /// first line that it writes, which tells that it is ready. Later lines are passed on.
    pub(crate) fn start(
        name: &'static str,
        mut command: Command,
        patience: Duration,
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
        match first_line(stdout, patience) {
            Ok(line) => Ok((companion, line)),
            Err(RecvTimeoutError::Timeout) => {
                bail!("{name} did not say within {patience:?} that it is ready")
            }
            // Its output ends a moment before it does.
            Err(RecvTimeoutError::Disconnected) => match companion.ended_within(PATIENCE) {
                Some(status) => bail!("{name} ended at once ({status})"),
                None => bail!("{name} closed its output before it said that it is ready"),
            },
        }
    }

    /// Tells how the program ended, if it did.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends the program without a word, as a power cut would.
    pub(crate) fn cut(mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn ended_within(&mut self, patience: Duration) -> Option<ExitStatus> {
        let end = Instant::now() + patience;
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
        if self.ended_within(PATIENCE).is_some() {
            return;
        }
        eprintln!("{} does not end: it is stopped by force.", self.name);
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Companion {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Waits for the first line, and passes later ones on from a thread of its own.
fn first_line(stdout: ChildStdout, patience: Duration) -> Result<String, RecvTimeoutError> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        if let Some(line) = lines.next() {
            // Nobody listens any more if it came too late.
            let _ = sender.send(line);
        }
        drop(sender);
        for line in lines {
            println!("{line}");
        }
    });
    receiver.recv_timeout(patience)
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
    // There is no polite way; `stop` uses force after its patience.
}

/// Makes a command that runs `program` tied to this process: where the system can (Linux), the
/// program ends even if we are killed without a chance to end it.
pub(crate) fn tied(program: impl Into<OsString>) -> Result<Command> {
    let mut command = Command::new(std::env::current_exe().context("where is this program?")?);
    command.args(["tied", "--"]).arg(program.into());
    Ok(command)
}

/// Becomes another program that the system ends when our parent ends. Returns only if it cannot.
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

/// Runs another program and ends as it does.
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
    fn a_program_that_ends_at_once_is_told() {
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
