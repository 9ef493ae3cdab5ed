//! Other programs: named before they start, timed when they end.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

/// Runs `command` with its output on our standard error, because our standard output is for results.
/// Fails if the command does.
pub(crate) fn run(label: &str, command: &mut Command) -> Result<()> {
    eprintln!("→ {label}");
    let started = Instant::now();
    let status = command
        .stdout(std::io::stderr())
        .status()
        .with_context(|| cannot_start(command))?;
    eprintln!("  {label}: {}", seconds(started.elapsed()));
    if !status.success() {
        bail!("{label} failed ({status}): {}", shown(command));
    }
    Ok(())
}

/// Runs a slow step: prints its name before and its time after.
pub(crate) fn timed<T>(label: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
    eprintln!("→ {label}");
    let started = Instant::now();
    let result = work()?;
    eprintln!("  {label}: {}", seconds(started.elapsed()));
    Ok(result)
}

/// Runs `command` silently and returns its standard output.
pub(crate) fn capture(command: &mut Command) -> Result<Vec<u8>> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| cannot_start(command))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!(
            "{} failed ({}): {}",
            shown(command),
            output.status,
            words.trim()
        );
    }
    Ok(output.stdout)
}

/// The result of a recorded run.
#[derive(Debug)]
pub(crate) struct Recorded {
    /// The standard output.
    pub(crate) stdout: String,
    /// Whether the program succeeded.
    pub(crate) success: bool,
    /// The running time.
    pub(crate) took: Duration,
}

/// Runs `command`, prints its standard output line by line, and keeps a copy.
pub(crate) fn record(command: &mut Command) -> Result<Recorded> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| cannot_start(command))?;
    let stdout = child
        .stdout
        .take()
        .context("no standard output to read from")?;
    let mut text = String::new();
    let mut line = Vec::new();
    let mut reader = BufReader::new(stdout);
    while reader.read_until(b'\n', &mut line)? > 0 {
        let words = String::from_utf8_lossy(&line);
        print!("{words}");
        text.push_str(&words);
        line.clear();
    }
    let status = child.wait()?;
    Ok(Recorded {
        stdout: text,
        success: status.success(),
        took: started.elapsed(),
    })
}

/// Formats a duration for people: `4.2 s`, `3 min 05 s`.
pub(crate) fn seconds(took: Duration) -> String {
    if took < Duration::from_secs(100) {
        format!("{:.1} s", took.as_secs_f64())
    } else {
        let whole = took.as_secs();
        format!("{} min {:02} s", whole / 60, whole % 60)
    }
}

fn cannot_start(command: &Command) -> String {
    format!("cannot start {}", command.get_program().to_string_lossy())
}

fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy()];
    words.extend(command.get_args().map(OsStr::to_string_lossy));
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(seconds(Duration::from_millis(4240)), "4.2 s");
        assert_eq!(seconds(Duration::from_secs(185)), "3 min 05 s");
    }

    #[cfg(unix)]
    #[test]
    fn a_failure_names_the_command_and_what_it_said() {
        let error = capture(Command::new("sh").args(["-c", "echo no room >&2; exit 3"]));
        let words = error.unwrap_err().to_string();
        assert!(
            words.contains("no room") && words.contains("sh -c"),
            "{words}"
        );
    }
}
