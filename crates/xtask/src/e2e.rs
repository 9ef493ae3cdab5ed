//! Builds what the end-to-end tests need, and passes the paths on to them.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use parlour_config::Dialect;
use parlour_packager::{Instead, size};

use crate::browsers::Engine;
use crate::package::{self, Order};
use crate::process::run;
use crate::setup::{self, Need};
use crate::widget::Flavour;
use crate::workspace::Workspace;

/// The tenants beside the default one: their files do not name the product.
const SAMPLES: [&str; 2] = ["meridian", "noor"];

/// Packages the default tenant for every dialect, and the samples. Fails at the end if a package of the first is over its
/// budget.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    let flavour = Flavour::choose(workspace, false);
    let mut weighed = Ok(());
    for dialect in Dialect::ALL {
        let sizes = package_for(workspace, "default", Some(dialect), dialect.name(), flavour)
            .with_context(|| ["cannot package for ", dialect.name()].concat())?;
        eprint!("{}:\n{}", dialect.name(), sizes.table());
        // The stable flavour is only a fallback for machines without the compiler's sources.
        if flavour == Flavour::Small {
            weighed = weighed.and(sizes.assert_within_budget().context(dialect.name()));
        }
    }
    for sample in SAMPLES {
        package_for(workspace, sample, None, sample, flavour)
            .with_context(|| ["cannot package the sample ", sample].concat())?;
    }
    weighed
}

fn package_for(
    workspace: &Workspace,
    tenant: &str,
    dialect: Option<Dialect>,
    folder: &str,
    flavour: Flavour,
) -> Result<size::Report> {
    let order = Order {
        tenant,
        instead: Instead {
            server_url: None,
            dialect,
        },
        flavour,
        assets_url: None,
    };
    let package = package::assemble(workspace, &order)?;
    let folder = packages_folder(workspace).join(folder);
    // Tests expect one file of each kind.
    let _ = fs::remove_dir_all(&folder);
    package.write(&folder)?;
    Ok(size::Report::of(&package.files))
}

/// Builds the emulator with the features that its own tests use.
pub(crate) fn emulator(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo()?;
    command.args(["build", "--package=parlour-emulator", "--all-features"]);
    run(
        "compile the emulator (usually 1 min the first time)",
        &mut command,
    )
}

/// Prepares a run by hand: set-up, packages, emulator. Browsers other than Chromium are used if they
/// are installed.
pub(crate) fn prepare(workspace: &Workspace) -> Result<Vec<(String, OsString)>> {
    setup::ensure(workspace, Need::PACKAGE)?;
    setup::ensure(workspace, &[Need::Chromium])?;
    package(workspace)?;
    emulator(workspace)?;
    Ok(variables(workspace, &Engine::ALL))
}

/// Returns the environment variables with the paths for the tests, without those of engines that are
/// not installed.
pub(crate) fn variables(workspace: &Workspace, engines: &[Engine]) -> Vec<(String, OsString)> {
    let emulator = format!("parlour-emulator{}", env::consts::EXE_SUFFIX);
    let mut variables = vec![
        (
            "PARLOUR_PACKAGES".to_owned(),
            packages_folder(workspace).into(),
        ),
        (
            "PARLOUR_EMULATOR".to_owned(),
            workspace.target().join("debug").join(emulator).into(),
        ),
        (
            "PARLOUR_NPM".to_owned(),
            workspace.npm().join("node_modules").into(),
        ),
        (
            "PARLOUR_E2E_OUT".to_owned(),
            workspace.target().join("e2e/out").into(),
        ),
    ];
    for engine in engines {
        let Ok(installed) = engine.locate(workspace) else {
            continue;
        };
        let stem = format!("PARLOUR_{}", engine.name().to_uppercase());
        variables.push((stem.clone(), installed.browser.into()));
        variables.push((format!("{stem}_DRIVER"), installed.driver.into()));
    }
    variables
}

/// Returns the folder of the packages, one folder a dialect.
fn packages_folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("e2e/packages")
}
