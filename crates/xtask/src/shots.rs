//! Takes a picture of every state of the widget, for people to look at.

use std::env;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::e2e;
use crate::process::run;
use crate::workspace::Workspace;

/// Drives Chromium through every state and saves `STATE-{light,dark,phone,rtl}.png` in `folder`.
/// The end-to-end tests know the way: they do the work.
pub(crate) fn take(workspace: &Workspace, folder: &Path) -> Result<()> {
    let variables = e2e::prepare(workspace)?;
    // The command runs in the repository, the user may be elsewhere.
    let folder = env::current_dir().context("where are we?")?.join(folder);
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
