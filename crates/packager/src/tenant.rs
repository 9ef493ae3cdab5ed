//! A tenant's TOML file, read and converted for the package.

use std::collections::BTreeSet;
use std::io;
use std::iter::successors;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use parlour_config::build::{self, Known, Mistake, ReadPicture};
use parlour_config::{Config, Dialect};

use crate::picture::{self, Picture};

/// Settings that replace those of a tenant's file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Instead<'a> {
    /// The chat server's address.
    pub server_url: Option<&'a str>,
    /// The API that the server speaks.
    pub dialect: Option<Dialect>,
}

/// A tenant whose file is valid, with the texts and tokens that it refers to.
#[derive(Debug, Clone)]
pub struct Tenant {
    /// The file's settings, with defaults for those that are left out. Pictures have the names that they have in the
    /// package, and the launcher's is its path data.
    pub config: Config,
    /// The pictures that the package has as files.
    pub pictures: Vec<Picture>,
    /// The run-time JSON.
    pub json: String,
    /// The widget's own texts and tokens.
    pub known: Known,
    /// The file as it is.
    pub source: String,
    /// What is allowed but deserves a look, each with its place.
    pub warnings: Vec<String>,
}

impl Tenant {
    /// Lists the languages of the package beside plain English.
    #[must_use]
    pub fn languages(&self) -> BTreeSet<&str> {
        let widgets = self.known.locales.keys().map(String::as_str);
        self.config.languages(widgets)
    }

    /// Returns the words of a text in a language: the tenant's, in the language or what its tag shortens to, else the
    /// widget's. `None` where there are none.
    #[must_use]
    pub fn words(&self, locale: &str, key: &str) -> Option<&str> {
        let tags = || successors(Some(locale), |tag| Some(tag.rsplit_once('-')?.0));
        let own = |tag| self.config.texts.get(tag)?.get(key);
        let widgets = |tag| match tag {
            "en" => self.known.texts.get(key),
            _ => self.known.locales.get(tag)?.get(key),
        };
        let words = tags().find_map(own).or_else(|| tags().find_map(widgets));
        words.map(String::as_str)
    }
}

/// Reads a tenant's file, which people know as `shown`, and replaces the settings that `instead` has. There are no
/// pictures beside it.
///
/// # Errors
///
/// Lists all mistakes of the file, each with its place, and all that deserves a look; or says what the widget would
/// refuse.
pub fn read(text: &str, shown: &str, known: Known, instead: Instead<'_>) -> Result<Tenant> {
    read_with(text, shown, known, instead, &|_| {
        Err(io::ErrorKind::NotFound.into())
    })
}

/// Reads a tenant's file as [`read`] does, with the pictures that stand in its folder.
///
/// # Errors
///
/// As [`read`] does; mistakes in the pictures are among the file's.
pub fn read_in(
    folder: &Path,
    text: &str,
    shown: &str,
    known: Known,
    instead: Instead<'_>,
) -> Result<Tenant> {
    read_with(text, shown, known, instead, &picture::in_folder(folder))
}

fn read_with(
    text: &str,
    shown: &str,
    known: Known,
    instead: Instead<'_>,
    pictures: &ReadPicture<'_>,
) -> Result<Tenant> {
    let in_file = |found: &[Mistake]| -> Vec<String> {
        let lines = found.iter().map(|mistake| format!("{shown}:{mistake}"));
        lines.collect()
    };
    let mut tenant = match build::read_with(text, &known, instead.dialect, Some(pictures)) {
        Ok(tenant) => tenant,
        Err(found) => {
            let mut lines = in_file(&found.mistakes);
            let warnings = in_file(&found.warnings).into_iter();
            lines.extend(warnings.map(|warning| format!("warning: {warning}")));
            bail!("{shown} has mistakes:\n{}", lines.join("\n"));
        }
    };
    let warnings = in_file(&tenant.warnings);
    if let Some(url) = instead.server_url {
        tenant.config.server.url = url.trim_end_matches('/').to_owned();
    }
    let pictures = picture::name(&mut tenant);
    let json = tenant
        .to_json()
        .context("the configuration cannot be written as JSON")?;
    // Checked again as the widget would, because the address may come from the command line.
    if let Err(error) = Config::from_json(&json) {
        let option = instead.server_url.map_or("", |_| "--server-url: ");
        bail!("{option}the widget would refuse this configuration: {error}");
    }
    Ok(Tenant {
        config: tenant.config,
        pictures,
        json,
        known,
        source: text.to_owned(),
        warnings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_and_warnings_are_told_together_each_with_its_place() {
        let file = "tenant = \"acme\"\n[server]\nservise = \"sales\"\n[theme.light]\naccent = 5\n";
        let read = read(file, "acme.toml", Known::default(), Instead::default());
        let words = read.unwrap_err().to_string();
        assert!(words.contains("acme.toml:3:1: server.servise"), "{words}");
        assert!(words.contains("acme.toml:5:"), "{words}");
    }

    #[test]
    fn an_address_from_outside_is_checked_like_the_files_own() {
        let file = "tenant = \"acme\"\n[server]\nservice = \"sales\"\n";
        let at = |url| {
            let instead = Instead {
                server_url: Some(url),
                dialect: None,
            };
            read(file, "acme.toml", Known::default(), instead)
        };
        let tenant = at("https://chat.example/").unwrap();
        assert_eq!(tenant.config.server.url, "https://chat.example");
        let refused = at("javascript:alert(1)").unwrap_err().to_string();
        assert!(refused.starts_with("--server-url: "), "{refused}");
    }
}
