//! Packages a tenant's files from the repository's source.

use std::env;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use parlour_packager::{Artefact, Instead, check_traces, loader};

use crate::setup;
use crate::source;
use crate::widget::{self, Flavour, Script};
use crate::workspace::Workspace;

/// What is packaged.
#[derive(Debug, Clone)]
pub(crate) struct Order<'a> {
    /// The tenant, a file name of `tenants/` without its ending.
    pub(crate) tenant: &'a str,
    /// What replaces what the tenant's file says.
    pub(crate) instead: Instead<'a>,
    /// How the module is compiled.
    pub(crate) flavour: Flavour,
}

/// Builds, assembles and compresses everything that one tenant's site hosts.
pub(crate) fn assemble(workspace: &Workspace, order: &Order<'_>) -> Result<Vec<Artefact>> {
    // First: a mistake in the tenant's file should not cost a build.
    let tenant = source::tenant(workspace, order.tenant, order.instead)?;
    let module = widget::build(workspace, order.flavour, tenant.config.server.dialect)?;
    let files = parlour_packager::assemble(&source::release(workspace)?, &tenant, module)?;
    check_traces(&files, &traces(workspace)?)?;
    Ok(files)
}

/// Writes the loader and the default tenant's configuration under plain names, beside what trunk
/// has built. Without a server's address the chat talks to the page's origin: trunk's proxy.
pub(crate) fn write_for_development(workspace: &Workspace, folder: &Path) -> Result<()> {
    let mut build = source::loader_values(workspace)?;
    let page = Instead {
        server_url: Some(""),
        dialect: None,
    };
    let tenant = source::tenant(workspace, "default", page)?;
    build.apply_tenant(&tenant);
    let script = widget::bundle_loader(workspace, Script::Readable)?;
    fs::write(folder.join("loader.js"), loader::fill(&script, &build)?)
        .with_context(|| format!("cannot write to {}", folder.display()))?;
    fs::write(folder.join(&build.config), tenant.json)?;
    Ok(())
}

/// Lists what must not be in a file that visitors download: who made the product and where.
fn traces(workspace: &Workspace) -> Result<Vec<String>> {
    let mut traces = vec!["parlour".to_owned()];
    let homes = [env::var_os("HOME"), env::var_os("USERPROFILE")]
        .into_iter()
        .flatten();
    let folders = homes.map(Into::into).chain(widget::cargo_home()).chain([
        workspace.root().to_path_buf(),
        setup::sysroot(workspace)?.into(),
    ]);
    // A folder as short as `/` or `/root` may stand for something else.
    let folders = folders.map(|folder| folder.to_string_lossy().into_owned());
    traces.extend(folders.filter(|folder| folder.matches(['/', '\\']).count() > 1));
    Ok(traces)
}
