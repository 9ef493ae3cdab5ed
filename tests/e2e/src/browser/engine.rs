//! How each browser is started and driven.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

/// A browser engine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    /// Chromium with chromedriver.
    Chromium,
    /// Firefox with geckodriver.
    Firefox,
    /// WebKitGTK's small browser with WebKitWebDriver.
    Webkit,
}

/// The places of a browser and its driver.
#[derive(Debug, Clone)]
pub struct Installed {
    /// The browser's program.
    pub browser: PathBuf,
    /// The driver's program.
    pub driver: PathBuf,
}

/// How a driver is started, and what is asked of it.
pub(super) struct Recipe {
    pub(super) arguments: Vec<OsString>,
    pub(super) variables: Vec<(&'static str, OsString)>,
    pub(super) capabilities: Value,
}

impl Engine {
    /// Every engine.
    pub const ALL: [Self; 3] = [Self::Chromium, Self::Firefox, Self::Webkit];

    /// Names it in lower case.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
            Self::Webkit => "webkit",
        }
    }

    /// Names it as people do.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Chromium => "Chromium",
            Self::Firefox => "Firefox",
            Self::Webkit => "WebKit",
        }
    }

    /// Says how its driver is started with a profile of its own in `folder`, where downloads go to
    /// `folder/downloads`.
    pub(super) fn recipe(self, installed: &Installed, port: u16, folder: &Path) -> Result<Recipe> {
        let downloads = folder.join("downloads");
        let browser = &installed.browser;
        Ok(match self {
            Self::Chromium => Recipe {
                arguments: vec![format!("--port={port}").into()],
                variables: vec![],
                capabilities: json!({
                    "browserName": "chrome",
                    "goog:loggingPrefs": {"browser": "ALL"},
                    "goog:chromeOptions": {
                        "binary": browser,
                        "args": [
                            "--headless",
                            "--no-sandbox",
                            "--disable-gpu",
                            "--disable-quic",
                            "--no-first-run",
                            "--disable-background-networking",
                            "--disable-component-update",
                            "--disable-sync",
                            "--lang=en-US",
                            "--window-size=1100,960",
                            format!("--user-data-dir={}", folder.join("profile").display()),
                        ],
                        "prefs": {
                            "download.default_directory": downloads,
                            "download.prompt_for_download": false,
                        },
                    },
                }),
            },
            Self::Firefox => Recipe {
                arguments: vec![
                    "--port".into(),
                    port.to_string().into(),
                    "--profile-root".into(),
                    folder.into(),
                ],
                variables: vec![("MOZ_HEADLESS", "1".into())],
                capabilities: json!({
                    "browserName": "firefox",
                    "moz:firefoxOptions": {
                        "binary": browser,
                        "args": ["-headless", "--width=1100", "--height=960"],
                        "prefs": {
                            "browser.download.folderList": 2,
                            "browser.download.dir": downloads,
                            "browser.download.useDownloadDir": true,
                            "browser.download.alwaysOpenPanel": false,
                            "browser.helperApps.neverAsk.saveToDisk": "application/octet-stream",
                            "intl.accept_languages": "en-US",
                        },
                    },
                }),
            },
            Self::Webkit => Recipe {
                arguments: vec![format!("--port={port}").into()],
                variables: webkit_home(folder, &downloads)?,
                capabilities: json!({
                    "browserName": "MiniBrowser",
                    "webkitgtk:browserOptions": {"binary": browser, "args": ["--automation"]},
                }),
            },
        })
    }
}

/// Gives WebKit's browser a home of its own, whose folder for downloads is ours: it asks GLib.
fn webkit_home(folder: &Path, downloads: &Path) -> Result<Vec<(&'static str, OsString)>> {
    let home = folder.join("home");
    let config = home.join(".config");
    fs::create_dir_all(&config).with_context(|| format!("cannot make {}", config.display()))?;
    let dirs = format!("XDG_DOWNLOAD_DIR=\"{}\"\n", downloads.display());
    fs::write(config.join("user-dirs.dirs"), dirs)?;
    Ok(vec![
        ("XDG_CONFIG_HOME", config.into()),
        ("XDG_DATA_HOME", home.join("data").into()),
        ("XDG_CACHE_HOME", home.join("cache").into()),
        ("HOME", home.into()),
        ("LANG", "en_US.UTF-8".into()),
        ("LANGUAGE", "en_US".into()),
    ])
}
