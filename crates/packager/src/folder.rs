//! A release in a folder: what `cargo xtask release` writes, and people without Rust package from.

use std::collections::BTreeMap;
use std::fs;
use std::path::{self, Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use parlour_config::Dialect;
use parlour_config::build::{Known, Tokens};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::hash;
use crate::release::{Module, Release};
use crate::scripts::Scripts;

/// The folder of the parts in a release's folder.
const PARTS: &str = "parts";
/// The list of the parts, among them.
const INDEX: &str = "release.json";
/// The version of this form.
const FORMAT: u32 = 1;

const TEXTS: &str = "texts.json";
const LOCALES: &str = "locales.json";
const TOKENS: &str = "tokens.json";
const TYPES: &str = "types.d.ts";
const LICENCES: &str = "THIRD-PARTY.txt";

#[derive(Debug, Serialize, Deserialize)]
struct Index {
    format: u32,
    version: String,
    /// The `integrity` of each part by its name.
    parts: BTreeMap<String, String>,
}

/// The folder of a release. What is read from it has been checked against its list of digests.
#[derive(Debug)]
pub struct ReleaseFolder {
    root: PathBuf,
    index: Index,
}

impl ReleaseFolder {
    /// Opens the folder that [`ReleaseFolder::write`] has filled.
    ///
    /// # Errors
    ///
    /// Says what is missing there, or cannot be read by this version.
    pub fn open(root: &Path) -> Result<Self> {
        let file = root.join(PARTS).join(INDEX);
        if !file.is_file() {
            bail!(
                "{} is no release: there is no {}",
                root.display(),
                file.display()
            );
        }
        let index: Index = from_json(&read(&file)?, &file)?;
        if index.format != FORMAT {
            bail!(
                "{} is a release of form {}, and this program reads form {FORMAT}: use the program of that release",
                root.display(),
                index.format
            );
        }
        Ok(Self {
            root: root.to_owned(),
            index,
        })
    }

    /// Writes a release, with a module for each dialect, and nothing that is for people.
    ///
    /// # Errors
    ///
    /// Names the file that cannot be written.
    pub fn write(root: &Path, release: &Release, modules: &[(Dialect, Module)]) -> Result<()> {
        let tokens = &release.known.tokens;
        let schemes = BTreeMap::from([("dark", &tokens.dark), ("light", &tokens.light)]);
        let mut parts = vec![
            (TEXTS.to_owned(), to_json(&release.known.texts)?),
            (LOCALES.to_owned(), to_json(&release.known.locales)?),
            (TOKENS.to_owned(), to_json(&schemes)?),
            (TYPES.to_owned(), release.types.clone().into_bytes()),
            (LICENCES.to_owned(), release.licences.clone().into_bytes()),
        ];
        for (script, text) in release.scripts.iter() {
            parts.push((script.file_name().to_owned(), text.into()));
        }
        for (dialect, module) in modules {
            let names = part_names(*dialect);
            let bytes = [&module.glue, &module.wasm, &module.extras];
            parts.extend(names.into_iter().zip(bytes.map(Clone::clone)));
        }
        let digests = parts
            .iter()
            .map(|(name, bytes)| (name.clone(), hash::integrity(bytes)));
        let index = Index {
            format: FORMAT,
            version: release.version.clone(),
            parts: digests.collect(),
        };
        // Last: a folder without it is no release.
        parts.push((INDEX.to_owned(), to_json(&index)?));
        for (name, bytes) in parts {
            let file = root.join(PARTS).join(name);
            let folder = file.parent().unwrap_or(root);
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make {}", folder.display()))?;
            fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }

    /// Returns the version of the product.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.index.version
    }

    /// Tells whether files that are written to `folder` might take the place of the release's own: it is the release's
    /// folder, or that of its parts, or in there.
    #[must_use]
    pub fn has_as_its_own(&self, folder: &Path) -> bool {
        let Ok(root) = self.root.canonicalize() else {
            return false;
        };
        let Ok(folder) = path::absolute(folder) else {
            return false;
        };
        // What does not exist yet will be made in the nearest folder that does.
        let existing = folder.ancestors().find_map(|it| it.canonicalize().ok());
        existing.is_some_and(|it| it.starts_with(root.join(PARTS)))
            || folder.canonicalize().is_ok_and(|it| it == root)
    }

    /// Reads what is the same in all packages.
    ///
    /// # Errors
    ///
    /// Names the part that is missing or has changed.
    pub fn release(&self) -> Result<Release> {
        Ok(Release {
            version: self.index.version.clone(),
            scripts: Scripts::read(|script| self.text(script.file_name()))?,
            known: self.known()?,
            types: self.text(TYPES)?,
            licences: self.text(LICENCES)?,
        })
    }

    /// Reads the texts and design tokens that a tenant's file may refer to.
    ///
    /// # Errors
    ///
    /// Names the part that is missing or has changed.
    pub fn known(&self) -> Result<Known> {
        let mut schemes: BTreeMap<String, BTreeMap<String, String>> = self.json(TOKENS)?;
        let mut scheme = |name| schemes.remove(name).unwrap_or_default();
        Ok(Known {
            texts: self.json(TEXTS)?,
            locales: self.json(LOCALES)?,
            tokens: Tokens {
                light: scheme("light"),
                dark: scheme("dark"),
            },
        })
    }

    /// Reads the module for the servers of a dialect.
    ///
    /// # Errors
    ///
    /// Names the part that is missing or has changed.
    pub fn module(&self, dialect: Dialect) -> Result<Module> {
        let [glue, wasm, extras] = part_names(dialect);
        if !self.index.parts.contains_key(&wasm) {
            bail!(
                "the release in {} has no module for {} servers",
                self.root.display(),
                dialect.name()
            );
        }
        Ok(Module {
            glue: self.part(&glue)?,
            wasm: self.part(&wasm)?,
            extras: self.part(&extras)?,
        })
    }

    fn part(&self, name: &str) -> Result<Vec<u8>> {
        let file = self.root.join(PARTS).join(name);
        let Some(digest) = self.index.parts.get(name) else {
            bail!(
                "{} is broken: it does not list {name}",
                self.root.join(PARTS).join(INDEX).display()
            );
        };
        let bytes = read(&file)?;
        if hash::integrity(&bytes) != *digest {
            bail!(
                "{} is not as it was released: copy the whole release again",
                file.display()
            );
        }
        Ok(bytes)
    }

    fn text(&self, name: &str) -> Result<String> {
        String::from_utf8(self.part(name)?)
            .with_context(|| format!("{} is no text", self.root.join(PARTS).join(name).display()))
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T> {
        from_json(&self.part(name)?, &self.root.join(PARTS).join(name))
    }
}

/// Returns the names of a dialect's parts: glue, module, extras.
fn part_names(dialect: Dialect) -> [String; 3] {
    ["glue.js", "module.wasm", "extras.wasm"].map(|name| format!("{}/{name}", dialect.name()))
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| {
        format!(
            "cannot read {}, a part of the release: copy the whole release again",
            file.display()
        )
    })
}

fn from_json<T: DeserializeOwned>(bytes: &[u8], file: &Path) -> Result<T> {
    serde_json::from_slice(bytes).with_context(|| {
        format!(
            "{} is not as this version writes it: copy the whole release again",
            file.display()
        )
    })
}

fn to_json(value: &impl Serialize) -> Result<Vec<u8>> {
    let mut text = serde_json::to_vec_pretty(value)?;
    text.push(b'\n');
    Ok(text)
}
