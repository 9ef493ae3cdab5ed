//! Makes what the end-to-end tests drive, and tells them where it is.

use std::env;
use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use anyhow::{Context as _, Result};
use parlour_config::Dialect;

use crate::browsers::Engine;
use crate::package::{self, Order};
use crate::process::run;
use crate::setup::{self, Need};
use crate::size;
use crate::tenant::Instead;
use crate::widget::Flavour;
use crate::workspace::Workspace;

/// Packages the default tenant, as a site would host it, for every kind of server. Fails if one is over
/// its budget, once all are made.
pub(crate) fn package(workspace: &Workspace) -> Result<()> {
    let flavour = Flavour::choose(workspace, false);
    let mut weighed = Ok(());
    for dialect in Dialect::ALL {
        let sizes = package_for(workspace, dialect, flavour)
            .with_context(|| ["cannot package for ", dialect.name()].concat())?;
        eprint!("{}:\n{}", dialect.name(), sizes.table());
        // The other flavour is not what anybody would host: made only where the compiler's sources are
        // out of reach.
        if flavour == Flavour::Small {
            weighed = weighed.and(sizes.assert_within_budget().context(dialect.name()));
        }
    }
    weighed
}

fn package_for(workspace: &Workspace, dialect: Dialect, flavour: Flavour) -> Result<size::Report> {
    let order = Order {
        tenant: "default",
        instead: Instead {
            server_url: None,
            dialect: Some(dialect),
        },
        flavour,
    };
    let files = package::assemble(workspace, &order)?;
    let folder = packages_folder(workspace).join(dialect.name());
    // Tests look for the one file of each kind.
    let _ = fs::remove_dir_all(&folder);
    package::write(&files, &folder)?;
    Ok(size::Report::of(&files))
}

/// Builds the emulator as the tests of its own do.
pub(crate) fn emulator(workspace: &Workspace) -> Result<()> {
    let mut command = workspace.cargo()?;
    command.args(["build", "--package=parlour-emulator", "--all-features"]);
    run(
        "compile the emulator (usually 1 min the first time)",
        &mut command,
    )
}

/// Makes everything for a run by hand: set-up, package, emulator. Browsers other than Chromium are
/// used if they are there.
pub(crate) fn prepare(workspace: &Workspace) -> Result<Vec<(String, OsString)>> {
    setup::ensure(workspace, Need::PACKAGE)?;
    setup::ensure(workspace, &[Need::Chromium])?;
    package(workspace)?;
    emulator(workspace)?;
    Ok(variables(workspace, &Engine::ALL))
}

/// Lists the variables that tell the tests where everything is; engines that are not installed are
/// left out.
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

/// Has a folder for each dialect.
fn packages_folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join("e2e/packages")
}
