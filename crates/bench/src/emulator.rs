//! The emulator under load, in a process of its own.

use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;

use crate::connection::Connection;

/// A journal that takes longer to read than this is an error.
const START_WITHIN: Duration = Duration::from_secs(20);

#[derive(Debug)]
pub(crate) struct Emulator {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) process: u32,
}

impl Emulator {
    /// Starts the emulator and waits until it is healthy.
    pub(crate) async fn start(program: &Path, data: &Folder, more: &[&str]) -> Result<Self> {
        let mut command = Command::new(program);
        command
            .args(["--host", "127.0.0.1", "--port", "0"])
            .args(["--log", "warn", "--data"])
            .arg(&data.0)
            .args(more)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut child = command
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let process = child.id().context("the emulator has ended at once")?;
        let stdout = child.stdout.take().context("no output to read from")?;
        let mut line = String::new();
        let mut stdout = BufReader::new(stdout);
        match timeout(START_WITHIN, stdout.read_line(&mut line)).await {
            Ok(read) => read?,
            Err(_) => bail!("the emulator did not start within {START_WITHIN:?}"),
        };
        let address = address(&line).with_context(|| format!("the emulator said: {line}"))?;
        let emulator = Self {
            child,
            address,
            process,
        };
        emulator.health().await?;
        Ok(emulator)
    }

    /// Returns the reply of the health check.
    pub(crate) async fn health(&self) -> Result<serde_json::Value> {
        Connection::open(self.address).await?.get("/health").await
    }

    /// Kills the emulator, as a power cut would.
    pub(crate) async fn cut(mut self) -> Result<()> {
        self.child.kill().await.context("it cannot be ended")
    }
}

/// A temporary folder of this run, removed when dropped.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new(parent: &Path, name: &str) -> Result<Self> {
        let path = parent.join(format!("emulator-bench-{}-{name}", std::process::id()));
        fs::create_dir_all(&path).with_context(|| format!("cannot make {}", path.display()))?;
        Ok(Self(path))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn address(line: &str) -> Option<SocketAddr> {
    let (_, address) = line.trim().split_once("http://")?;
    address.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_is_in_the_first_line() {
        let line = "parlour-emulator listening on http://127.0.0.1:40123\n";
        assert_eq!(address(line).unwrap().port(), 40123);
        assert_eq!(address("parlour-emulator"), None);
    }
}
