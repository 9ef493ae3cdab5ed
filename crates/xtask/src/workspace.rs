//! Where things are: the repository, cargo's target folder, the folder of tools.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The folders that every command works in.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    tools: PathBuf,
}

impl Workspace {
    /// Finds the repository that this program was built from, asks cargo for its target folder and
    /// settles where tools live.
    pub(crate) fn locate() -> Result<Self> {
        let manifest_dir = env::var_os("CARGO_MANIFEST_DIR")
            .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
        let Some(root) = manifest_dir.ancestors().nth(2).map(Path::to_path_buf) else {
            bail!("no repository above {}", manifest_dir.display());
        };
        let target = target_folder(&root)?;
        let tools = tools_folder(|name| env::var_os(name))?;
        Ok(Self {
            root,
            target,
            tools,
        })
    }

    /// The repository's top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Cargo's target folder; everything generated goes under it.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Where `cargo install` puts programs for us.
    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// Where npm packages live.
    pub(crate) fn npm(&self) -> PathBuf {
        self.tools.join("npm")
    }

    /// A program that came with an npm package.
    pub(crate) fn npm_program(&self, name: &str) -> PathBuf {
        self.npm().join("node_modules/.bin").join(name)
    }

    /// `PATH` with our tools before the machine's.
    pub(crate) fn path(&self) -> Result<OsString> {
        let machine = env::var_os("PATH").unwrap_or_default();
        let ours = [self.tools.join("bin"), self.npm().join("node_modules/.bin")];
        env::join_paths(ours.into_iter().chain(env::split_paths(&machine)))
            .context("the folder of tools has a character that PATH cannot hold")
    }

    /// A command that runs in the repository and finds our tools first.
    pub(crate) fn command(&self, program: impl Into<OsString>) -> Result<Command> {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root).env("PATH", self.path()?);
        // What `cargo run` tells this program about itself is not meant for its children.
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_NAME",
        ] {
            command.env_remove(name);
        }
        Ok(command)
    }

    /// The cargo that runs us, or the one on `PATH`.
    pub(crate) fn cargo(&self) -> Result<Command> {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }
}

/// Settles where tools live: `$PARLOUR_TOOLS`, else a folder in the user's cache.
fn tools_folder(var: impl Fn(&str) -> Option<OsString>) -> Result<PathBuf> {
    let path = |name: &str| {
        var(name)
            .filter(|value| !value.is_empty())
            .map(PathBuf::from)
    };
    if let Some(folder) = path("PARLOUR_TOOLS") {
        return Ok(folder);
    }
    let cache = path("XDG_CACHE_HOME")
        .or_else(|| path("HOME").map(|home| home.join(".cache")))
        .or_else(|| path("LOCALAPPDATA"))
        .context("neither HOME nor LOCALAPPDATA is set: say with PARLOUR_TOOLS where tools go")?;
    Ok(cache.join("parlour/tools"))
}

fn target_folder(root: &Path) -> Result<PathBuf> {
    #[derive(Deserialize)]
    struct Metadata {
        target_directory: PathBuf,
    }
    let output = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(root)
        .output()
        .context("cannot run `cargo metadata`")?;
    if !output.status.success() {
        bail!(
            "`cargo metadata` failed: {}",
            String::from_utf8_lossy(&output.stderr).trim()
        );
    }
    let metadata: Metadata =
        serde_json::from_slice(&output.stdout).context("`cargo metadata` answered oddly")?;
    Ok(metadata.target_directory)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(vars: &[(&str, &str)]) -> Option<PathBuf> {
        let find = |name: &str| {
            vars.iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| OsString::from(value))
        };
        tools_folder(find).ok()
    }

    #[test]
    fn tools_go_where_the_user_says_else_into_the_cache() {
        assert_eq!(
            folder(&[("PARLOUR_TOOLS", "/opt/t"), ("HOME", "/home/a")]),
            Some("/opt/t".into())
        );
        assert_eq!(
            folder(&[("XDG_CACHE_HOME", "/c"), ("HOME", "/home/a")]),
            Some("/c/parlour/tools".into())
        );
        assert_eq!(
            folder(&[("PARLOUR_TOOLS", ""), ("HOME", "/home/a")]),
            Some("/home/a/.cache/parlour/tools".into())
        );
        assert_eq!(folder(&[]), None);
    }
}
