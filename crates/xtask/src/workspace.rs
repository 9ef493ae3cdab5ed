//! The folders of the project: the repository, cargo's target folder, the tools.

use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

/// The folders of the project.
#[derive(Debug, Clone)]
pub(crate) struct Workspace {
    root: PathBuf,
    target: PathBuf,
    tools: PathBuf,
}

impl Workspace {
    /// Finds the repository that this program was built from, its target folder and the folder of
    /// tools.
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

    /// Returns the repository's top folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Returns cargo's target folder, which holds everything that is generated.
    pub(crate) fn target(&self) -> &Path {
        &self.target
    }

    /// Returns the root folder for `cargo install`.
    pub(crate) fn tools(&self) -> &Path {
        &self.tools
    }

    /// Returns the folder of npm packages.
    pub(crate) fn npm(&self) -> PathBuf {
        self.tools.join("npm")
    }

    /// Returns the path of an npm package's program.
    pub(crate) fn npm_program(&self, name: &str) -> PathBuf {
        self.npm().join("node_modules/.bin").join(name)
    }

    /// Returns `PATH` with our tools before the machine's.
    pub(crate) fn path(&self) -> Result<OsString> {
        let machine = env::var_os("PATH").unwrap_or_default();
        let ours = [self.tools.join("bin"), self.npm().join("node_modules/.bin")];
        env::join_paths(ours.into_iter().chain(env::split_paths(&machine)))
            .context("the folder of tools has a character that PATH cannot hold")
    }

    /// Returns a command that runs in the repository and finds our tools first.
    pub(crate) fn command(&self, program: impl Into<OsString>) -> Result<Command> {
        let mut command = Command::new(program.into());
        command.current_dir(&self.root).env("PATH", self.path()?);
        // Variables of `cargo run` about this program must not reach its children.
        for name in [
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PKG_NAME",
        ] {
            command.env_remove(name);
        }
        Ok(command)
    }

    /// Returns a command for the cargo that runs this program, or the one on `PATH`.
    pub(crate) fn cargo(&self) -> Result<Command> {
        self.command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
    }
}

/// Returns the folder of tools: `$PARLOUR_TOOLS`, or else a folder in the user's cache.
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
        .context("neither HOME nor LOCALAPPDATA is set: set PARLOUR_TOOLS to a folder for tools")?;
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
    let metadata: Metadata = serde_json::from_slice(&output.stdout)
        .context("cannot read the output of `cargo metadata`")?;
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
