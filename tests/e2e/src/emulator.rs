//! The server under test: the emulator's own program, which can lose its power.

use std::ffi::OsString;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::guard::Guarded;

/// An emulator with a data folder and, from its first start on, a port of its own.
#[derive(Debug)]
pub struct Emulator {
    program: PathBuf,
    folder: PathBuf,
    flags: Vec<String>,
    address: String,
    running: Option<Guarded>,
}

impl Emulator {
    /// Starts one that keeps its data and its log in `folder`.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(program: &Path, folder: &Path, flags: &[&str]) -> Result<Self> {
        let mut emulator = Self {
            program: program.to_owned(),
            folder: folder.to_owned(),
            flags: flags.iter().map(|&flag| flag.to_owned()).collect(),
            address: String::new(),
            running: None,
        };
        emulator.restart()?;
        Ok(emulator)
    }

    /// Tells where it serves, or served: `http://127.0.0.1:PORT`.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.address
    }

    /// Cuts its power: `kill -9`.
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Starts it again where it was, with the data it has on disk.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn restart(&mut self) -> Result<()> {
        self.kill();
        let port = self.address.rsplit(':').next().unwrap_or_default();
        let port = if port.is_empty() { "0" } else { port };
        let mut arguments: Vec<OsString> = ["--port", port, "--data"].map(OsString::from).to_vec();
        arguments.push(self.folder.join("data").into());
        arguments.extend(self.flags.iter().map(OsString::from));
        let log = self.folder.join("emulator.log");
        let (running, stdout) = Guarded::start(&self.program, &arguments, &[], &log)?;
        let mut lines = BufReader::new(stdout).lines();
        let line = match lines.next() {
            Some(line) => line.context("cannot read what the emulator says")?,
            None => bail!("the emulator ended at once; see {}", log.display()),
        };
        let address = line
            .find("http://")
            .and_then(|at| line.get(at..)?.split_whitespace().next())
            .with_context(|| format!("the emulator did not say where it is: {line}"))?;
        self.address = address.trim_end_matches('/').to_owned();
        self.running = Some(running);
        // Read on, or it would stop at a full pipe.
        thread::spawn(move || lines.for_each(drop));
        Ok(())
    }
}
