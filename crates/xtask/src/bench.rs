//! Measures programs under load, as they are shipped.

use std::env;
use std::ffi::OsString;
use std::fs;

use anyhow::{Context as _, Result};

use crate::child::tied;
use crate::demo::build_emulator;
use crate::process::run;
use crate::workspace::Workspace;

/// Builds the emulator and whoever loads it, and runs the latter with `flags`. Tells whether it could measure.
pub(crate) fn emulator(workspace: &Workspace, flags: &[OsString]) -> Result<bool> {
    let program = build_emulator(workspace)?;
    // Apart from it, so that the two do not share features: the emulator is the one that `demo` builds, too.
    let mut command = workspace.cargo()?;
    command.args(["build", "--release", "--package=emulator-bench"]);
    let label = "compile the bench (usually 30 s the first time)";
    run(label, &mut command)?;
    let name = format!("emulator-bench{}", env::consts::EXE_SUFFIX);
    let bench = workspace.target().join("release").join(name);
    // On the disk that the project is on: the system's folder for temporary files may be memory.
    let folder = workspace.target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = tied(bench)?;
    command.arg("--program").arg(program);
    command.arg("--folder").arg(folder).args(flags);
    let status = command.status().context("cannot start the bench")?;
    Ok(status.success())
}
