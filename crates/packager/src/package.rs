//! Makes a tenant's package of a release.

use anyhow::Result;

use crate::artefact::{Artefact, Package, Role};
use crate::embed::{self, Assets};
use crate::hash;
use crate::release::{Module, Release, extras_name};
use crate::scripts::{self, Digests, FileRef, LoaderFiles, LoaderValues, MountValues};
use crate::size::Report;
use crate::tenant::Tenant;
use crate::traces;

/// Assembles and compresses everything that one tenant's site hosts. `module` speaks the dialect of the tenant's server.
///
/// # Errors
///
/// Fails if the release's loader has no place for the tenant's values, or if a file names the product.
pub fn assemble(
    release: &Release,
    tenant: &Tenant,
    module: Module,
    assets: &Assets,
) -> Result<Package> {
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
    let mount = MountValues::new(
        tenant,
        Digests {
            glue: Some(hash::integrity(&glue.raw)),
            wasm: Some(hash::integrity(&wasm.raw)),
            config: Some(hash::integrity(&config.raw)),
        },
    );
    let mount = scripts::fill(&release.scripts.mount, &mount)?;
    let mount = Artefact::hashed(Role::Mount, "mount", "js", mount.into_bytes())?;
    let loader = LoaderValues::new(
        tenant,
        LoaderFiles {
            mount: FileRef::checked(&mount.name, hash::integrity(&mount.raw)),
            glue: FileRef::named(&glue.name),
            wasm: FileRef::named(&wasm.name),
            config: FileRef::named(&config.name),
        },
        assets.loader(),
    );
    let loader = scripts::fill(&release.scripts.loader, &loader)?;

    let text = |role, name: &str, text: String| Artefact::new(role, name.into(), text.into_bytes());
    let mut files = vec![
        text(Role::Loader, "widget.js", loader)?,
        mount,
        glue,
        wasm,
        extras,
        config,
        text(Role::Licences, "THIRD-PARTY.txt", release.licences.clone())?,
        // A further file is one more line here.
        text(
            Role::Embed,
            "embed.html",
            embed::page(&tenant.config, assets),
        )?,
    ];
    let sizes = Report::of(&files).page(&tenant.config.tenant, &release.version);
    files.push(text(Role::Sizes, "SIZE.md", sizes)?);
    traces::check_name(&files, &tenant.source)?;
    Ok(Package {
        version: release.version.clone(),
        files,
    })
}
