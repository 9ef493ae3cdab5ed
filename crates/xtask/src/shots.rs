//! Screenshots of every state of the widget.

use std::env;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::e2e;
use crate::process::run;
use crate::workspace::Workspace;

/// Drives Chromium through every state and saves `STATE-{light,dark,phone,rtl}.png` in `folder`.
/// The harness of the end-to-end tests does the work.
pub(crate) fn take(workspace: &Workspace, folder: &Path) -> Result<()> {
    let variables = e2e::prepare(workspace)?;
    // Absolute, because the command runs in the repository and the user may be elsewhere.
    let folder = env::current_dir()
        .context("cannot find the current folder")?
        .join(folder);
    let mut command = workspace.cargo()?;
    command
        .args([
            "run",
            "--quiet",
            "--package=parlour-e2e",
            "--bin=shots",
            "--",
        ])
        .arg(&folder)
        .envs(variables);
    run("take the pictures (usually 2 min)", &mut command)
}
