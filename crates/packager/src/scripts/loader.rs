//! The values in the loader.

use parlour_config::Frame;
use serde::Serialize;

use super::FileRef;
use super::launcher::Launcher;
use super::names;
use super::texts::{self, ByLocale, Texts};
use crate::tenant::Tenant;

/// The values that packaging puts into the loader, `public/loader/main.js`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoaderValues {
    /// The name of the global function.
    name: String,
    /// The name in attributes, elements and events: the global name in small letters, with hyphens.
    attribute: String,
    /// The loader's address, for where it cannot find it out: in a page that contains it.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    /// When the chat runs in a frame, unless it depends on the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    frame: Option<Frame>,
    /// The language that the tenant has fixed.
    #[serde(skip_serializing_if = "Option::is_none")]
    locale: Option<String>,
    files: LoaderFiles,
    launcher: Launcher,
    /// Whether the package has words of other languages than those of `texts`.
    #[serde(rename = "hasWords", skip_serializing_if = "std::ops::Not::not")]
    has_words: bool,
    /// The texts of the languages in which the launcher is painted without any other file.
    texts: ByLocale,
}

/// The files that the loader requests.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LoaderFiles {
    /// What mounts the widget, with its digest. It knows those of the others.
    pub mount: FileRef,
    /// The module's glue.
    pub glue: FileRef,
    /// The module.
    pub wasm: FileRef,
    /// The configuration.
    pub config: FileRef,
    /// What runs before anything is painted, if the tenant's file asks for something of the kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub early: Option<FileRef>,
}

const TEXTS: [(&str, &str); 3] = [
    ("loading", "loader.loading"),
    ("failed", "loader.failed"),
    ("again", "loader.again"),
];

impl LoaderValues {
    /// Collects the values of a tenant's loader.
    #[must_use]
    pub fn new(tenant: &Tenant, files: LoaderFiles, base: Option<String>) -> Self {
        let config = &tenant.config;
        Self {
            attribute: names::attribute(config),
            name: config.api_name(),
            base,
            frame: Some(config.embed.frame).filter(|frame| *frame != Frame::Auto),
            locale: config.locale.clone(),
            files,
            launcher: Launcher::of(tenant),
            texts: at_once(tenant),
            has_words: !tenant.languages().is_empty(),
        }
    }
}

/// Collects the texts that the loader has itself: in English, in the language that the tenant has fixed, and in those
/// in which the tenant has a label of its own.
fn at_once(tenant: &Tenant) -> ByLocale {
    let config = &tenant.config;
    let label = &config.launcher.label;
    let labelled = config
        .texts
        .iter()
        .filter(|(_, texts)| texts.contains(label));
    let labelled = labelled.map(|(locale, _)| locale.as_str());
    let all = ["en"]
        .into_iter()
        .chain(labelled)
        .chain(config.locale.as_deref());
    let all = all.map(|locale| (locale.to_owned(), words_in(tenant, locale)));
    all.filter(|(_, words)| !words.is_empty()).collect()
}

/// Collects the script's words in a language.
pub(super) fn words_in(tenant: &Tenant, locale: &str) -> Texts {
    // The label is under a key of the tenant's choice.
    let label = [("label", tenant.config.launcher.label.as_str())];
    texts::collect_as_is(tenant, locale, &[&label[..], &TEXTS].concat())
}

/// Writes the types of the page's API with the widget's own names.
#[must_use]
pub fn types(template: &str, tenant: &Tenant) -> String {
    template
        .replace("__NAME__", &tenant.config.api_name())
        .replace("__ATTRIBUTE__", &names::attribute(&tenant.config))
        .replace("__ELEMENT__", &names::element(&tenant.config))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scripts::tests::{files, tenant};

    #[test]
    fn words_are_the_tenants_in_each_language_and_ours_else() {
        let values = LoaderValues::new(
            &tenant(
                "locale = \"de\"\n[texts.de]\n\"launcher.label\" = \"Fragen?\"\n\
                 [texts.en]\n\"loader.again\" = \"Retry\"\n",
            ),
            files(),
            None,
        );
        assert_eq!(values.locale.as_deref(), Some("de"));
        assert_eq!(values.texts["de"]["label"], "Fragen?");
        assert_eq!(values.texts["en"]["again"], "Retry");
        assert_eq!(values.texts["en"]["label"], "Chat with us");
    }

    #[test]
    fn the_page_knows_the_widget_by_one_name_in_two_spellings() {
        let values =
            LoaderValues::new(&tenant("[embed]\napi_name = \"AcmeShop\"\n"), files(), None);
        assert_eq!(
            (&*values.name, &*values.attribute),
            ("AcmeShop", "acme-shop")
        );
    }
}
