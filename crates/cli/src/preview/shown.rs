//! What the preview shows.

use std::collections::BTreeMap;

use anyhow::{Error, Result};
use parlour_config::{Dialect, Rules, Scheme};
use parlour_packager::{Assets, ModuleFiles, Release, ReleaseFolder, Tenant, assemble};
use serde_json::{Value, json};

use super::pages::{self, Site};
use super::posed;
use super::script::State;
use crate::tenant::Source;

/// The state of a widget outside of business hours.
const OUTSIDE: &str = "outside-hours";

/// A tenant packaged in each of its schemes: as its file says, and to be shown with a chat.
#[derive(Debug, Default)]
pub(crate) struct Made {
    tenant: String,
    /// Languages, the first one English unless the tenant has fixed another.
    locales: Vec<String>,
    schemes: Vec<&'static str>,
    /// What deserves a look.
    warnings: Vec<String>,
    /// What there is to know of the frames with a chat.
    about_chats: Option<String>,
    /// Whether there is something to show outside of business hours.
    has_hours: bool,
    /// The name of the page's function.
    api_name: String,
    /// What a frame may answer to the form's questions.
    answers: Value,
    /// By path, without a slash before it: scheme, file; for some frames `chat` or `outside` comes first.
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
        let outside = Some((OUTSIDE, "outside business hours")).filter(|_| self.made.has_hours);
        let chats = State::ALL.map(|state| (state.name(), state.title()));
        let states = outside.into_iter().chain(chats);
        let states = states.map(|(name, title)| json!({"name": name, "title": title}));
        json!({
            "version": self.version,
            "tenant": self.made.tenant,
            "notes": self.notes(),
            "aboutChats": self.made.about_chats,
            "locales": locales.collect::<Vec<_>>(),
            "schemes": self.made.schemes,
            "states": states.collect::<Vec<_>>(),
        })
    }

    /// Finds a file of a package.
    pub(crate) fn file(&self, path: &str) -> Option<&[u8]> {
        self.made.files.get(path).map(Vec::as_slice)
    }

    /// Makes a site's page with the chat: `path` is scheme, language, and `open`, `closed`, [`OUTSIDE`] or the state
    /// of a chat.
    pub(crate) fn page(&self, path: &str) -> Option<String> {
        let mut words = path.split('/');
        let (scheme, locale, state) = (words.next()?, words.next()?, words.next()?);
        let is_known = self.made.schemes.contains(&scheme)
            && self.made.locales.iter().any(|known| known == locale)
            && words.next().is_none();
        if !is_known {
            return None;
        }
        let site = Site { scheme, locale };
        match state {
            "open" => Some(pages::form(&site, true)),
            "closed" => Some(pages::form(&site, false)),
            OUTSIDE if self.made.has_hours => Some(pages::outside(&site, &self.made.api_name)),
            _ => {
                let state = State::named(state)?;
                let Made {
                    api_name, answers, ..
                } = &self.made;
                Some(pages::chat(&site, state, api_name, answers))
            }
        }
    }
}

/// Packages a tenant's file again and again.
#[derive(Debug)]
pub(crate) struct Maker<'a> {
    folder: &'a ReleaseFolder,
    release: Release,
    server_url: &'a str,
    /// The modules that were used last: compressing one takes a second.
    modules: Vec<(Dialect, ModuleFiles)>,
}

impl<'a> Maker<'a> {
    /// Reads the release.
    pub(crate) fn new(folder: &'a ReleaseFolder, server_url: &'a str) -> Result<Self> {
        Ok(Self {
            folder,
            release: folder.release()?,
            server_url,
            modules: Vec::new(),
        })
    }

    /// Packages the file in each scheme that visitors may see.
    pub(crate) fn make(&mut self, source: &Source) -> Result<Made> {
        let mut tenant = source.tenant(&self.release.known, Some(self.server_url))?;
        // Rules go by the page's path, which no frame has. What is shown outside of hours is a state of its own.
        tenant.config.rules = Rules::default();
        let hours = tenant.config.hours.take();
        let dialect = tenant.config.server.dialect;
        let module = self.module(dialect)?;
        let chat_module = self.module(posed::DIALECT)?;
        self.modules
            .retain(|(kept, _)| [dialect, posed::DIALECT].contains(kept));
        let mut made = Made {
            tenant: tenant.config.tenant.clone(),
            locales: locales(&tenant),
            warnings: tenant.warnings.clone(),
            about_chats: posed::remark(&tenant),
            has_hours: hours.is_some(),
            api_name: tenant.config.api_name(),
            answers: posed::answers(&tenant.config.form),
            ..Made::default()
        };
        let assets = Assets::example(&made.tenant);
        for (scheme, name) in schemes(tenant.config.theme.scheme) {
            let tenant = in_scheme(&tenant, *scheme, name)?;
            let chats = posed::for_chats(&tenant)?;
            let outside = hours.clone().map(|hours| posed::outside(&tenant, hours));
            let outside = outside.as_ref();
            let outside = outside.map(|tenant| (tenant, &module, format!("outside/{name}")));
            let packages = [
                (&tenant, &module, (*name).to_owned()),
                (&chats, &chat_module, format!("chat/{name}")),
            ];
            for (tenant, module, folder) in packages.into_iter().chain(outside) {
                let package = assemble(&self.release, tenant, module, &assets)?;
                let files = package.files.into_iter();
                made.files
                    .extend(files.map(|file| (format!("{folder}/{}", file.name), file.raw)));
            }
            made.schemes.push(name);
        }
        Ok(made)
    }

    fn module(&mut self, dialect: Dialect) -> Result<ModuleFiles> {
        let mut kept = self.modules.iter();
        if let Some((_, module)) = kept.find(|(kept, _)| *kept == dialect) {
            return Ok(module.clone());
        }
        let module = ModuleFiles::of(self.folder.module(dialect)?)?;
        self.modules.push((dialect, module.clone()));
        Ok(module)
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
    let others = tenant.languages();
    let all = ["en"].into_iter().chain(others);
    all.map(str::to_owned).collect()
}
