//! The benchmark of the emulator, in the build that is shipped.

use std::env;
use std::ffi::OsString;
use std::fs;

use anyhow::{Context as _, Result};

use crate::child::tied;
use crate::demo::build_emulator;
use crate::process::run;
use crate::workspace::Workspace;

/// Builds the emulator and its load generator, and runs the latter with `flags`. Returns whether it succeeded.
pub(crate) fn emulator(workspace: &Workspace, flags: &[OsString]) -> Result<bool> {
    let program = build_emulator(workspace)?;
    // Built separately, so that cargo does not unify their features: `demo` builds the same emulator.
    let mut command = workspace.cargo()?;
    command.args(["build", "--release", "--package=emulator-bench"]);
    let label = "compile the bench (usually 30 s the first time)";
    run(label, &mut command)?;
    let name = format!("emulator-bench{}", env::consts::EXE_SUFFIX);
    let bench = workspace.target().join("release").join(name);
    // On a real disk: the system's folder for temporary files may be in memory.
    let folder = workspace.target().join("bench");
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut command = tied(bench)?;
    command.arg("--program").arg(program);
    command.arg("--folder").arg(folder).args(flags);
    let status = command.status().context("cannot start the bench")?;
    Ok(status.success())
}
