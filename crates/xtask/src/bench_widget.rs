//! Measures how long a visitor waits between the click on the launcher and a form to fill in.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use parlour_packager::{Artefact, Package, Role};

use crate::browsers::Engine;
use crate::e2e;
use crate::process::run;
use crate::setup::{self, Need};
use crate::site::{self, Site};
use crate::workspace::Workspace;

/// The page that each package is measured on; it measures itself.
const PAGE: &str = include_str!("bench_widget.html");

/// The JavaScript around the empty module: a launcher and a form of one field, and nothing else.
const EMPTY_GLUE: &str = include_str!("bench_widget.js");

/// Measures a package in Chromium, in turn with an empty module of the same size and, if there is
/// one, with another package. The end-to-end tests' harness drives the browser.
pub(crate) fn measure(
    workspace: &Workspace,
    package: &Package,
    against: Option<&Path>,
    runs: usize,
) -> Result<()> {
    setup::ensure(workspace, &[Need::Chromium])?;
    let folder = workspace.target().join("bench/widget");
    // It may not be there yet.
    let _ = fs::remove_dir_all(&folder);
    let mut names = vec!["empty", "this"];
    package.write(&place(&folder, "this")?)?;
    write_empty(&package.files, &place(&folder, "empty")?)?;
    if let Some(against) = against {
        copy(against, &place(&folder, "against")?)?;
        names.push("against");
    }
    let listener = site::bind(0, "--port")?;
    let url = format!("http://{}/", listener.local_addr()?);
    let _site = Site::start(listener, &folder)?;
    let mut command = workspace.cargo()?;
    command
        .args([
            "run",
            "--quiet",
            "--package=parlour-e2e",
            "--bin=widget-bench",
            "--",
        ])
        .args([&runs.to_string(), &url])
        .args(names)
        .envs(e2e::variables(workspace, &[Engine::Chromium]));
    run("measure from click to form", &mut command)
}

/// Makes a folder for a package, with the page above it, and returns the package's.
fn place(folder: &Path, name: &str) -> Result<PathBuf> {
    let page = folder.join(name);
    let package = page.join("widget");
    fs::create_dir_all(&package).with_context(|| format!("cannot make {}", package.display()))?;
    fs::write(page.join("index.html"), PAGE)?;
    Ok(package)
}

/// Writes the package with a module that does nothing. What a browser fetches is of the same size:
/// as large uncompressed as the package's own files are compressed.
fn write_empty(files: &[Artefact], folder: &Path) -> Result<()> {
    for file in files {
        let (bytes, brotli) = match file.role {
            Role::Glue => (padded_glue(file.brotli.len())?, None),
            Role::Module => (padded_module(file.brotli.len())?, None),
            _ => (file.raw.clone(), Some(&file.brotli)),
        };
        fs::write(folder.join(&file.name), bytes)?;
        if let Some(brotli) = brotli {
            fs::write(folder.join(format!("{}.br", file.name)), brotli)?;
        }
    }
    Ok(())
}

fn padded_glue(size: usize) -> Result<Vec<u8>> {
    let mut glue = EMPTY_GLUE.as_bytes().to_vec();
    if glue.len() > size {
        bail!("the empty module's glue is larger than the package's ({size} bytes)");
    }
    glue.resize(size, b'\n');
    Ok(glue)
}

/// Makes a module of one custom section, which is ignored, of so many bytes in all.
fn padded_module(size: usize) -> Result<Vec<u8>> {
    const HEADER: &[u8] = b"\0asm\x01\0\0\0";
    /// The section's kind, and its length in the longest form of LEB128.
    const FRAME: usize = 1 + 5;
    let length = size
        .checked_sub(HEADER.len() + FRAME)
        .and_then(|length| u32::try_from(length).ok())
        .filter(|length| *length > 0)
        .with_context(|| format!("no module can have {size} bytes"))?;
    let mut module = HEADER.to_vec();
    module.push(0);
    for shift in [0, 7, 14, 21, 28] {
        let more = if shift < 28 { 0x80 } else { 0 };
        module.push((length >> shift & 0x7f) as u8 | more);
    }
    // Begins with the section's name: an empty one.
    module.resize(size, 0);
    Ok(module)
}

fn copy(package: &Path, folder: &Path) -> Result<()> {
    let entries =
        fs::read_dir(package).with_context(|| format!("cannot read {}", package.display()))?;
    for entry in entries {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), folder.join(entry.file_name()))?;
        }
    }
    if !folder.join("widget.js").is_file() {
        bail!("there is no package in {}", package.display());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_module_has_the_size_asked_for_and_one_section() {
        for size in [15, 200, 100_000] {
            let module = padded_module(size).unwrap();
            assert_eq!(module.len(), size);
            let length = module[9..14]
                .iter()
                .rev()
                .fold(0, |sum, byte| sum << 7 | usize::from(byte & 0x7f));
            assert_eq!(length, size - 14);
        }
        assert!(padded_module(14).is_err());
    }

    #[test]
    fn the_empty_glue_is_filled_up_and_never_cut() {
        let glue = padded_glue(5_000).unwrap();
        assert_eq!(glue.len(), 5_000);
        assert!(glue.starts_with(EMPTY_GLUE.as_bytes()));
        assert!(padded_glue(10).is_err());
    }
}
