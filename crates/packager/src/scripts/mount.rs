//! The values in the script that mounts the widget.

use serde::Serialize;

use super::FileRef;
use super::texts::{self, ByLocale, Key, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into `public/loader/mount.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MountValues {
    /// The version of the release.
    version: String,
    digests: Digests,
    texts: ByLocale,
    /// The page's API.
    api: FileRef,
    /// What takes the widget's place where the module cannot run.
    fallback: FileRef,
    /// What tells of the page, if the tenant wants it.
    #[serde(skip_serializing_if = "Option::is_none")]
    context: Option<FileRef>,
    /// What brings the words of other languages, if the package has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    words: Option<FileRef>,
    /// Whether English of some region is among them.
    #[serde(rename = "hasOtherEnglish", skip_serializing_if = "std::ops::Not::not")]
    has_other_english: bool,
}

/// The scripts that are fetched when they are needed.
#[derive(Debug, Clone)]
pub struct MountFiles {
    /// The page's API.
    pub api: FileRef,
    /// What takes the widget's place where the module cannot run.
    pub fallback: FileRef,
    /// What tells of the page.
    pub context: Option<FileRef>,
    /// What brings the words of other languages.
    pub words: Option<FileRef>,
}

/// The sha384 digests of the files that the loader requests ahead; none in development.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Digests {
    /// The module's glue.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub glue: Option<String>,
    /// The module.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wasm: Option<String>,
    /// The configuration.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub config: Option<String>,
}

const TEXTS: [Key<'_>; 4] = [
    ("stopped", "loader.stopped"),
    ("copy", "support.copy"),
    ("copied", "support.copied"),
    ("uncopied", "support.notCopied"),
];

impl MountValues {
    /// Collects the values for a tenant.
    #[must_use]
    pub fn new(tenant: &Tenant, version: &str, digests: Digests, files: MountFiles) -> Self {
        let MountFiles {
            api,
            fallback,
            context,
            words,
        } = files;
        Self {
            version: version.to_owned(),
            digests,
            texts: texts::in_script(words_in(tenant, "en")),
            api,
            fallback,
            context,
            words,
            has_other_english: tenant
                .languages()
                .iter()
                .any(|locale| locale.starts_with("en-")),
        }
    }
}

/// Collects the script's words in a language.
pub(super) fn words_in(tenant: &Tenant, locale: &str) -> Texts {
    texts::collect_as_is(tenant, locale, &TEXTS)
}
