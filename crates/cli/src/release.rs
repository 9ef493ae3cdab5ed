//! Where the release is.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use parlour_packager::ReleaseFolder;

/// Opens the release in a folder, or in that of this program.
pub(crate) fn open(folder: Option<&Path>) -> Result<ReleaseFolder> {
    let opened = match folder {
        Some(folder) => ReleaseFolder::open(folder),
        None => ReleaseFolder::open(&own_folder()?).context(
            "the program is not in the folder of its release: leave it there, or name the folder with --release",
        ),
    }?;
    let own = env!("CARGO_PKG_VERSION");
    if opened.version() != own {
        bail!(
            "the release is of version {}, and this program of {own}: use the program that came with the release",
            opened.version()
        );
    }
    Ok(opened)
}

/// Returns the folder of this program, behind links to it.
fn own_folder() -> Result<PathBuf> {
    let program = env::current_exe().context("cannot tell where this program is")?;
    let program = program.canonicalize().unwrap_or(program);
    let folder = program.parent().context("this program is in no folder")?;
    Ok(folder.to_owned())
}
