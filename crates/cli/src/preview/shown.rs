//! What the preview shows.

use std::collections::BTreeMap;

use anyhow::{Error, Result};
use parlour_config::{Dialect, Scheme};
use parlour_packager::{Assets, ModuleFiles, Release, ReleaseFolder, Tenant, assemble};
use serde_json::{Value, json};

use crate::tenant::Source;

/// A tenant packaged in each of its schemes.
#[derive(Debug, Default)]
pub(crate) struct Made {
    tenant: String,
    /// Languages, the first one English unless the tenant has fixed another.
    locales: Vec<String>,
    schemes: Vec<&'static str>,
    /// What deserves a look.
    warnings: Vec<String>,
    /// By path, without a slash before it: scheme, file.
    files: BTreeMap<String, Vec<u8>>,
}

/// What browsers are shown, and when it has changed.
#[derive(Debug, Default)]
pub(crate) struct Shown {
    made: Made,
    /// Why the file as it is now cannot be packaged.
    refused: Option<String>,
    /// Counts the changes.
    version: u64,
}

impl Shown {
    /// Shows something else.
    pub(crate) fn replace(&mut self, made: Made) {
        self.made = made;
        self.refused = None;
        self.version += 1;
    }

    /// Tells that the file cannot be packaged.
    pub(crate) fn refuse(&mut self, reason: &Error) {
        self.refused = Some(format!("{reason:#}"));
        self.version += 1;
    }

    /// Lists what there is to say about the file.
    pub(crate) fn notes(&self) -> Vec<String> {
        let warnings = self.made.warnings.iter();
        match &self.refused {
            Some(reason) => vec![format!("error: {reason}")],
            None => warnings.map(|words| format!("warning: {words}")).collect(),
        }
    }

    /// Describes it all for the preview's script.
    pub(crate) fn state(&self) -> Value {
        let locales = self.made.locales.iter();
        json!({
            "version": self.version,
            "tenant": self.made.tenant,
            "notes": self.notes(),
            "locales": locales.collect::<Vec<_>>(),
            "schemes": self.made.schemes,
        })
    }

    /// Finds a file of a package.
    pub(crate) fn file(&self, path: &str) -> Option<&[u8]> {
        self.made.files.get(path).map(Vec::as_slice)
    }

    /// Makes a site's page with the chat: `path` is scheme, language and `open` or `closed`.
    pub(crate) fn page(&self, path: &str) -> Option<String> {
        let mut words = path.split('/');
        let (scheme, locale, state) = (words.next()?, words.next()?, words.next()?);
        let is_known = self.made.schemes.contains(&scheme)
            && self.made.locales.iter().any(|known| known == locale)
            && words.next().is_none();
        let open = match state {
            "open" => " data-open",
            "closed" => "",
            _ => return None,
        };
        let direction = if is_right_to_left(locale) {
            "rtl"
        } else {
            "ltr"
        };
        is_known.then(|| {
            format!(
                "<!doctype html>\n<html lang=\"{locale}\" dir=\"{direction}\" class=\"site {scheme}\">\n\
                 <meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
                 <title>{scheme}, {locale}</title>\n<link rel=\"stylesheet\" href=\"/preview.css\">\n\
                 <script async src=\"/{scheme}/widget.js\"{open}></script>\n"
            )
        })
    }
}

/// Packages a tenant's file again and again.
#[derive(Debug)]
pub(crate) struct Maker<'a> {
    folder: &'a ReleaseFolder,
    release: Release,
    server_url: &'a str,
    /// The module that was used last: compressing it takes a second.
    module: Option<(Dialect, ModuleFiles)>,
}

impl<'a> Maker<'a> {
    /// Reads the release.
    pub(crate) fn new(folder: &'a ReleaseFolder, server_url: &'a str) -> Result<Self> {
        Ok(Self {
            folder,
            release: folder.release()?,
            server_url,
            module: None,
        })
    }

    /// Packages the file in each scheme that visitors may see.
    pub(crate) fn make(&mut self, source: &Source) -> Result<Made> {
        let tenant = source.tenant(&self.release.known, Some(self.server_url))?;
        let module = self.module(tenant.config.server.dialect)?.clone();
        let mut made = Made {
            tenant: tenant.config.tenant.clone(),
            locales: locales(&tenant),
            warnings: tenant.warnings.clone(),
            ..Made::default()
        };
        let assets = Assets::example(&made.tenant);
        for (scheme, name) in schemes(tenant.config.theme.scheme) {
            let tenant = in_scheme(&tenant, *scheme, name)?;
            let package = assemble(&self.release, &tenant, &module, &assets)?;
            let files = package.files.into_iter();
            made.files
                .extend(files.map(|file| (format!("{name}/{}", file.name), file.raw)));
            made.schemes.push(name);
        }
        Ok(made)
    }

    fn module(&mut self, dialect: Dialect) -> Result<&ModuleFiles> {
        let kept = self.module.take().filter(|(kept, _)| *kept == dialect);
        let module = match kept {
            Some((_, module)) => module,
            None => ModuleFiles::of(self.folder.module(dialect)?)?,
        };
        Ok(&self.module.insert((dialect, module)).1)
    }
}

/// Returns the schemes that visitors of a tenant may see.
fn schemes(scheme: Scheme) -> &'static [(Scheme, &'static str)] {
    const BOTH: [(Scheme, &str); 2] = [(Scheme::Light, "light"), (Scheme::Dark, "dark")];
    match scheme {
        Scheme::Auto => &BOTH,
        Scheme::Light => &BOTH[..1],
        Scheme::Dark => &BOTH[1..],
    }
}

/// Fixes a tenant's scheme: a frame cannot pretend that the visitor's system prefers another.
fn in_scheme(tenant: &Tenant, scheme: Scheme, name: &str) -> Result<Tenant> {
    let mut fixed = tenant.clone();
    fixed.config.theme.scheme = scheme;
    let mut json: Value = serde_json::from_str(&fixed.json)?;
    json["theme"]["scheme"] = name.into();
    fixed.json = json.to_string();
    Ok(fixed)
}

/// Returns the languages of a tenant.
fn locales(tenant: &Tenant) -> Vec<String> {
    if let Some(fixed) = &tenant.config.locale {
        return vec![fixed.clone()];
    }
    let own = tenant.config.texts.keys();
    let others = own.filter(|locale| *locale != "en").cloned();
    ["en".to_owned()].into_iter().chain(others).collect()
}

/// Returns whether a site in this language is written from right to left.
fn is_right_to_left(locale: &str) -> bool {
    let language = locale.split('-').next().unwrap_or_default();
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(&language)
}
