//! Makes a tenant's package of a release, and writes it to a folder.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use parlour_config::Frame;
use serde::Serialize;

use crate::artefact::{Artefact, Role};
use crate::embed::{self, Assets};
use crate::hash;
use crate::manifest;
use crate::picture::Picture;
use crate::release::{Module, Release, extras_name};
use crate::scripts::{
    self, ContextValues, Digests, EarlyValues, ElementValues, FRAME_PAGE, FallbackValues, FileRef,
    FramedFiles, FramedValues, LoaderFiles, LoaderValues, MessageValues, MountFiles, MountValues,
    Script, Scripts, WordsValues, words_files,
};
use crate::size::Report;
use crate::tenant::Tenant;
use crate::traces;
use crate::version::{self, version_folder};

/// The files of one tenant's site.
#[derive(Debug)]
pub struct Package {
    /// The version of the release that it is made of.
    pub version: String,
    /// The tenant's name.
    pub tenant: String,
    /// The files, the loader first.
    pub files: Vec<Artefact>,
}

impl Package {
    /// Lists the files' names and contents.
    pub fn contents(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.files.iter().map(Artefact::content)
    }

    /// Returns the other tenant whose package a folder has, and which this one would take the place of.
    #[must_use]
    pub fn other_tenant(&self, folder: &Path) -> Option<String> {
        let manifest = manifest_of(folder)?;
        let tenant = manifest["tenant"].as_str()?;
        (tenant != self.tenant).then(|| tenant.to_owned())
    }

    /// Writes the files, their compressed forms and the manifest, and what is hosted once more into the folder of the
    /// major version. Files of earlier packages stay: pages that are open still refer to them. In a folder with a package
    /// of a later major version only that of this one is written.
    ///
    /// # Errors
    ///
    /// Names the file or folder that cannot be written.
    pub fn write(&self, folder: &Path) -> Result<Written> {
        if folder.exists() && !folder.is_dir() {
            bail!(
                "{} is a file: expected a folder to write the package to",
                folder.display()
            );
        }
        let later = later_version(folder, &self.version);
        let hosted: Vec<_> = self.files.iter().filter(|it| it.role.is_hosted()).collect();
        let own = folder.join(version_folder(&self.version));
        self.write_files(&own, &hosted)?;
        if let Some(later) = later {
            return Ok(Written::BesideLater(later));
        }
        self.write_files(folder, &self.files.iter().collect::<Vec<_>>())?;
        Ok(Written::Everything)
    }

    /// Writes some of the files into a folder, with their compressed forms and a manifest.
    fn write_files(&self, folder: &Path, files: &[&Artefact]) -> Result<()> {
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let put = |name: &str, bytes: &[u8]| {
            let file = folder.join(name);
            fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
        };
        // The loader last: whoever fetches it in between must find what it names.
        for file in files.iter().rev() {
            if file.role.is_hosted() {
                put(&format!("{}.br", file.name), &file.brotli)?;
                put(&format!("{}.gz", file.name), &file.gzip)?;
            }
            put(&file.name, &file.raw)?;
        }
        let manifest = manifest::text(&self.version, &self.tenant, files)?;
        put("manifest.json", manifest.as_bytes())
    }
}

/// What a package was written as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// As the newest in its folder.
    Everything,
    /// Only as its own major version, beside a package of a later one, whose version this is.
    BesideLater(String),
}

impl Written {
    /// Says in a sentence what of a package of `version` was written to a folder.
    #[must_use]
    pub fn describe(&self, version: &str, folder: &Path) -> String {
        match self {
            Self::Everything => format!("Written to {}.", folder.display()),
            Self::BesideLater(later) => format!(
                "Written to {}: {} itself has a package of {later}, which stays.",
                folder.join(version_folder(version)).display(),
                folder.display()
            ),
        }
    }
}

/// Returns the version of the package that a folder has, if its major is later than that of `own`.
fn later_version(folder: &Path, own: &str) -> Option<String> {
    let manifest = manifest_of(folder)?;
    let version = manifest["version"].as_str()?;
    (version::major(version)? > version::major(own)?).then(|| version.to_owned())
}

/// Reads the manifest of the package that a folder has.
fn manifest_of(folder: &Path) -> Option<serde_json::Value> {
    let text = fs::read_to_string(folder.join("manifest.json")).ok()?;
    serde_json::from_str(&text).ok()
}

/// The files of a module, which all tenants share whose servers speak its dialect: compressed once for all of them.
#[derive(Debug, Clone)]
pub struct ModuleFiles {
    glue: Artefact,
    wasm: Artefact,
    extras: Artefact,
}

impl ModuleFiles {
    /// Names and compresses the files.
    ///
    /// # Errors
    ///
    /// Fails if an encoder does.
    pub fn of(module: Module) -> Result<Self> {
        let extras = extras_name(&module.extras);
        Ok(Self {
            glue: Artefact::hashed(Role::Glue, "chat", "js", module.glue)?,
            wasm: Artefact::hashed(Role::Module, "chat", "wasm", module.wasm)?,
            extras: Artefact::new(Role::Extras, extras, module.extras)?,
        })
    }
}

/// Assembles and compresses everything that one tenant's site hosts. `module` speaks the dialect of the tenant's server.
///
/// # Errors
///
/// Fails if the release's loader has no place for the tenant's values, or if a file names the product.
pub fn assemble(
    release: &Release,
    tenant: &Tenant,
    module: &ModuleFiles,
    assets: &Assets,
) -> Result<Package> {
    let ModuleFiles { glue, wasm, extras } = module.clone();
    let config = Artefact::hashed(
        Role::Config,
        "config",
        "json",
        configuration(tenant)?.into_bytes(),
    )?;
    let scripts = &release.scripts;
    let api = script_file(Script::Api, scripts.text(Script::Api).to_owned())?;
    let fallback = fill(scripts, Script::Fallback, &FallbackValues::new(tenant))?;
    let context = fill_if_any(scripts, Script::Context, ContextValues::new(tenant))?;
    let mut languages = Vec::new();
    let mut references = BTreeMap::new();
    for (locale, words) in words_files(tenant)? {
        let file = Artefact::hashed(Role::Words, locale, "json", words.into_bytes())?;
        references.insert(locale.to_owned(), checked(&file));
        languages.push(file);
    }
    let words = fill_if_any(scripts, Script::Words, WordsValues::new(tenant, references))?;
    let mount = MountValues::new(
        tenant,
        &release.version,
        Digests {
            glue: Some(hash::integrity(&glue.raw)),
            wasm: Some(hash::integrity(&wasm.raw)),
            config: Some(hash::integrity(&config.raw)),
        },
        MountFiles {
            api: checked(&api),
            fallback: checked(&fallback),
            context: context.as_ref().map(checked),
            words: words.as_ref().map(checked),
        },
    );
    let mount = fill(scripts, Script::Mount, &mount)?;
    let message = fill_if_any(scripts, Script::Message, MessageValues::new(tenant))?;
    let early = EarlyValues::new(tenant, message.as_ref().map(checked));
    let early = fill_if_any(scripts, Script::Early, early)?;
    let loader = LoaderValues::new(
        tenant,
        LoaderFiles {
            mount: checked(&mount),
            glue: FileRef::named(&glue.name),
            wasm: FileRef::named(&wasm.name),
            config: FileRef::named(&config.name),
            early: early.as_ref().map(checked),
        },
        assets.loader(),
    );
    let loader = scripts.fill(Script::Loader, &loader)?;

    let text = |role, name: &str, text: String| Artefact::new(role, name.into(), text.into_bytes());
    let loader = text(Role::Loader, "widget.js", loader)?;
    let pinned = Artefact::hashed(Role::Pinned, "widget", "js", loader.raw.clone())?;
    let element = scripts.fill(Script::Element, &ElementValues::new(tenant))?;
    let mut files = vec![
        loader,
        text(Role::Element, "element.js", element)?,
        text(Role::Licences, "THIRD-PARTY.txt", release.licences.clone())?,
        text(
            Role::Types,
            "types.d.ts",
            scripts::types(&release.types, tenant),
        )?,
        // A further file is one more line here.
        text(
            Role::Embed,
            "embed.html",
            embed::page(&tenant.config, assets, &release.version, &pinned),
        )?,
        pinned,
    ];
    if tenant.config.embed.frame != Frame::Never {
        let values = FramedValues::new(
            tenant,
            FramedFiles {
                glue: checked(&glue),
                wasm: checked(&wasm),
                config: checked(&config),
                api: checked(&api),
                words: words.as_ref().map(checked),
            },
        );
        let framed = fill(scripts, Script::Framed, &values)?;
        let page = scripts::frame_page(tenant, &checked(&framed));
        files.extend([text(Role::FramePage, FRAME_PAGE, page)?, framed]);
    }
    files.extend(early.into_iter().chain(message).chain(context));
    files.extend(words.into_iter().chain(languages));
    files.extend([mount, glue, wasm, extras, config, api, fallback]);
    for Picture { name, bytes } in &tenant.pictures {
        files.push(Artefact::new(Role::Picture, name.clone(), bytes.clone())?);
    }
    let sizes = Report::of(&files).page(&tenant.config.tenant, &release.version);
    files.push(text(Role::Sizes, "SIZE.md", sizes)?);
    traces::check_name(&files, &tenant.source)?;
    Ok(Package {
        version: release.version.clone(),
        tenant: tenant.config.tenant.clone(),
        files,
    })
}

/// Returns the run-time configuration without the words that come in files of their own.
fn configuration(tenant: &Tenant) -> Result<String> {
    let mut config: serde_json::Value = serde_json::from_str(&tenant.json)?;
    if let Some(texts) = config["texts"].as_object_mut() {
        texts.retain(|locale, _| locale == "en");
    }
    Ok(serde_json::to_string(&config)?)
}

/// Makes a file of a script with values of the tenant's.
fn fill(scripts: &Scripts, which: Script, values: &impl Serialize) -> Result<Artefact> {
    script_file(which, scripts.fill(which, values)?)
}

/// Makes a file of a script, if the tenant has values for it.
fn fill_if_any(
    scripts: &Scripts,
    which: Script,
    values: Option<impl Serialize>,
) -> Result<Option<Artefact>> {
    let file = values.map(|values| fill(scripts, which, &values));
    file.transpose()
}

/// Makes a file of a script, named after its contents.
fn script_file(which: Script, text: String) -> Result<Artefact> {
    let stem = which.file_name().trim_end_matches(".js");
    Artefact::hashed(role_of(which), stem, "js", text.into_bytes())
}

/// Returns what a script is for in a package.
fn role_of(script: Script) -> Role {
    match script {
        Script::Loader => Role::Loader,
        Script::Early => Role::Early,
        Script::Mount => Role::Mount,
        Script::Message => Role::Message,
        Script::Api => Role::Api,
        Script::Context => Role::Context,
        Script::Fallback => Role::Fallback,
        Script::Framed => Role::Framed,
        Script::Words => Role::Words,
        Script::Element => Role::Element,
    }
}

/// Names a file and the digest that it must have.
fn checked(file: &Artefact) -> FileRef {
    FileRef::checked(&file.name, hash::integrity(&file.raw))
}
