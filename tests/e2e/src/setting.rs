//! What the tests need and do not make themselves: the package, the emulator, the browsers.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};
use parlour_config::Dialect;

use crate::browser::{Engine, Installed};

/// The places of everything that the tests use.
#[derive(Debug, Clone)]
pub struct Setting {
    /// Has the files of `cargo xtask package` for every dialect, each in a folder of its name.
    pub packages: PathBuf,
    /// The emulator's program.
    pub emulator: PathBuf,
    /// The folder of npm packages (axe-core, old libraries of pages).
    pub npm: PathBuf,
    /// Where logs, downloads and pictures of failures go.
    pub out: PathBuf,
    browsers: BTreeMap<Engine, Installed>,
}

impl Setting {
    /// Reads the variables that `cargo xtask` sets; without them has `cargo xtask` make what they
    /// name, which may take minutes.
    ///
    /// # Errors
    ///
    /// When something that no test can do without is not there.
    pub fn find() -> Result<Self> {
        if env::var_os("PARLOUR_PACKAGES").is_some() {
            return Self::read(|name| env::var_os(name));
        }
        let made = make()?;
        Self::read(|name| made.get(name).map(OsString::from))
    }

    fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self> {
        let path = |name: &str| {
            variable(name)
                .filter(|value| !value.is_empty())
                .map(PathBuf::from)
        };
        let there = |name: &str| -> Result<PathBuf> {
            let path = path(name).with_context(|| format!("{name} is not set"))?;
            if !path.exists() {
                bail!("{name}: there is no {}", path.display());
            }
            Ok(path)
        };
        let browsers = Engine::ALL
            .into_iter()
            .filter_map(|engine| {
                let stem = format!("PARLOUR_{}", engine.name().to_uppercase());
                let browser = path(&stem)?;
                let driver = path(&format!("{stem}_DRIVER"))?;
                Some((engine, Installed { browser, driver }))
            })
            .collect();
        let out = path("PARLOUR_E2E_OUT").context("PARLOUR_E2E_OUT is not set")?;
        fs::create_dir_all(&out).with_context(|| format!("cannot make {}", out.display()))?;
        Ok(Self {
            packages: there("PARLOUR_PACKAGES")?,
            emulator: there("PARLOUR_EMULATOR")?,
            npm: there("PARLOUR_NPM")?,
            out,
            browsers,
        })
    }

    /// Finds the files for servers of a dialect.
    ///
    /// # Errors
    ///
    /// When none were made.
    pub fn package(&self, dialect: Dialect) -> Result<PathBuf> {
        self.folder(dialect.name())
    }

    /// Finds the files of a sample tenant, whose own file does not name the product: `meridian` or `noor`.
    ///
    /// # Errors
    ///
    /// When none were made.
    pub fn sample(&self, tenant: &str) -> Result<PathBuf> {
        self.folder(tenant)
    }

    fn folder(&self, name: &str) -> Result<PathBuf> {
        let folder = self.packages.join(name);
        if !folder.exists() {
            bail!("there is no {}", folder.display());
        }
        Ok(folder)
    }

    /// Finds a browser, if it is installed.
    #[must_use]
    pub fn browser(&self, engine: Engine) -> Option<&Installed> {
        self.browsers.get(&engine)
    }
}

/// Has `cargo xtask` build the package and the emulator, and returns the variables it prints.
fn make() -> Result<BTreeMap<String, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .nth(2)
        .context("there is no repository above the tests")?;
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["xtask", "e2e-setting"])
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .context("cannot run `cargo xtask`")?;
    if !output.status.success() {
        bail!("`cargo xtask e2e-setting` failed ({})", output.status);
    }
    let lines = String::from_utf8(output.stdout).context("a path is no UTF-8")?;
    Ok(lines
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect())
}
