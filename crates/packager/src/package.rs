//! Makes a tenant's package of a release.

use anyhow::Result;

use crate::artefact::{Artefact, Role};
use crate::loader;
use crate::release::{Module, Release, extras_name};
use crate::tenant::Tenant;

/// Assembles and compresses everything that one tenant's site hosts. `module` speaks the dialect of the tenant's server.
///
/// # Errors
///
/// Fails if the release's loader has no place for the tenant's values.
pub fn assemble(release: &Release, tenant: &Tenant, module: Module) -> Result<Vec<Artefact>> {
    let glue = Artefact::hashed(Role::Glue, "chat", "js", module.glue)?;
    let wasm = Artefact::hashed(Role::Module, "chat", "wasm", module.wasm)?;
    let extras = extras_name(&module.extras);
    let extras = Artefact::new(Role::Extras, extras, module.extras)?;
    let config = Artefact::hashed(
        Role::Config,
        "config",
        "json",
        tenant.json.clone().into_bytes(),
    )?;
    let mut build = release.values.clone();
    build.glue.clone_from(&glue.name);
    build.wasm.clone_from(&wasm.name);
    build.config.clone_from(&config.name);
    build.apply_tenant(tenant);
    let loader = loader::fill(&release.loader, &build)?.into_bytes();
    let loader = Artefact::new(Role::Loader, "widget.js".into(), loader)?;
    let licences = release.licences.clone().into_bytes();
    let licences = Artefact::new(Role::Licences, "THIRD-PARTY.txt".into(), licences)?;
    Ok(vec![loader, glue, wasm, extras, config, licences])
}
