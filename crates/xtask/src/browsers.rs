//! Finds the browsers that tests run in, and the programs that drive them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use parlour_cli::find;

use crate::tools::{CHROMIUM_NAMES, FIREFOX_NAMES};
use crate::workspace::Workspace;

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Engine {
    /// Chromium with chromedriver.
    Chromium,
    /// Firefox with geckodriver.
    Firefox,
    /// WebKitGTK's small browser with WebKitWebDriver.
    Webkit,
}

/// The paths of a browser and its driver.
#[derive(Debug)]
pub(crate) struct Installed {
    /// The browser's program.
    pub(crate) browser: PathBuf,
    /// The driver's program.
    pub(crate) driver: PathBuf,
}

impl Engine {
    /// Every engine.
    pub(crate) const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Returns the name that tests know it by.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// Finds the browser and its driver. The error names the one that is missing.
    pub(crate) fn locate(self, workspace: &Workspace) -> Result<Installed> {
        let path = workspace.path()?;
        let program = |names: &[&str]| {
            names
                .iter()
                .find_map(|name| find(name, &path))
                .with_context(|| format!("none of {} is on PATH", names.join(", ")))
        };
        let (browser, driver) = match self {
            Self::Chromium => (program(CHROMIUM_NAMES)?, program(&["chromedriver"])?),
            Self::Firefox => (program(FIREFOX_NAMES)?, program(&["geckodriver"])?),
            Self::Webkit => (
                mini_browser(Path::new("/usr"))?,
                program(&["WebKitWebDriver"])?,
            ),
        };
        Ok(Installed { browser, driver })
    }
}

/// Finds WebKitGTK's browser: it is in the library's folder, not on `PATH`.
fn mini_browser(system: &Path) -> Result<PathBuf> {
    let folders = |folder: PathBuf| {
        let mut paths: Vec<_> = fs::read_dir(folder)
            .into_iter()
            .flatten()
            .flatten()
            .map(|entry| entry.path())
            .collect();
        paths.sort();
        paths
    };
    ["lib", "libexec", "lib64"]
        .into_iter()
        .flat_map(|name| folders(system.join(name)))
        // `lib/webkit2gtk-4.1/`, or `lib/x86_64-linux-gnu/webkit2gtk-4.1/`.
        .flat_map(|folder| [vec![folder.clone()], folders(folder)].concat())
        .filter(|folder| folder.to_string_lossy().contains("webkit"))
        .map(|folder| folder.join("MiniBrowser"))
        .find(|file| file.is_file())
        .context("WebKitGTK's MiniBrowser is not in the system's library folders")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn webkits_browser_is_found_in_either_layout() {
        let system = std::env::temp_dir().join(format!("xtask-webkit-{}", std::process::id()));
        for place in ["lib/webkit2gtk-4.1", "lib/some-linux-gnu/webkit2gtk-4.1"] {
            let folder = system.join(place);
            fs::create_dir_all(&folder).unwrap();
            assert!(mini_browser(&system).is_err());
            fs::write(folder.join("MiniBrowser"), "").unwrap();
            assert_eq!(mini_browser(&system).unwrap(), folder.join("MiniBrowser"));
            fs::remove_dir_all(&system).unwrap();
        }
    }
}
