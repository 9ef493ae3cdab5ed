//! The rules beyond keys and types: what a value must look like, and what goes together.
//!
//! Each file holds the rules of one section. They only tell; nothing stops at the first mistake.

mod form;
mod launcher;
mod locale;
mod pace;
mod server;
mod texts;
mod theme;

use crate::{Config, Dialect};

use super::known::Known;
use super::mistake::Mistake;
use super::place::{Places, line_column, touches};

/// Applies every rule.
pub(super) fn judge(config: &Config, judge: &mut Judge<'_>) {
    crate::rules::check(config, &mut |path, message| judge.mistake(path, message));
    if !is_slug(&config.tenant) {
        judge.mistake(
            "tenant",
            "expected lower-case letters, digits and hyphens, 40 at most",
        );
    }
    if let Some(locale) = &config.locale {
        locale::check(locale, "locale", judge);
    }
    server::judge(&config.server, judge);
    form::judge(config, judge);
    theme::judge(&config.theme, judge);
    texts::judge(config, judge);
    pace::judge(&config.pace, judge);
    launcher::judge(config, judge);
    let shows_typing = matches!(config.server.dialect, Dialect::GmsV2 | Dialect::GmsV2Cometd);
    if config.features.typing_preview && !shows_typing {
        judge.warning(
            "features.typing_preview",
            "has no effect: only gms-v2 servers show the agent what is being typed",
        );
    }
    if config.features.typing_preview && !config.features.typing {
        judge.mistake("features.typing_preview", "needs features.typing");
    }
}

/// The mistakes that the rules find, each with its place in the file.
pub(super) struct Judge<'a> {
    pub(super) known: &'a Known,
    places: Places,
    spoiled: Vec<String>,
    unreadable: Vec<String>,
    mistakes: Vec<Report>,
    warnings: Vec<Report>,
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Report {
    offset: usize,
    path: String,
    message: String,
}

impl<'a> Judge<'a> {
    pub(super) fn new(
        known: &'a Known,
        places: Places,
        spoiled: Vec<String>,
        unreadable: Vec<String>,
    ) -> Self {
        let (mistakes, warnings) = (Vec::new(), Vec::new());
        Self {
            known,
            places,
            spoiled,
            unreadable,
            mistakes,
            warnings,
        }
    }

    /// Reports a mistake at a value; at its table if the file does not have it.
    pub(super) fn mistake(&mut self, path: &str, message: impl Into<String>) {
        if !self.is_spoiled(path) {
            self.at(self.places.value(path), path, message.into());
        }
    }

    /// Reports a mistake in the spelling of a key.
    pub(super) fn key_mistake(&mut self, path: &str, message: impl Into<String>) {
        if !self.is_spoiled(path) {
            self.at(self.places.key(path), path, message.into());
        }
    }

    /// Reports something that is allowed but deserves a look.
    pub(super) fn warning(&mut self, path: &str, message: impl Into<String>) {
        if !self.is_spoiled(path) {
            let offset = self.places.value(path);
            self.warnings.push(Report {
                offset,
                path: path.into(),
                message: message.into(),
            });
        }
    }

    /// Reports a mistake at a byte of the file.
    pub(super) fn at(&mut self, offset: usize, path: &str, message: String) {
        self.mistakes.push(Report {
            offset,
            path: path.into(),
            message,
        });
    }

    /// Tells whether the file sets a key.
    pub(super) fn is_set(&self, path: &str) -> bool {
        self.places.has(path)
    }

    /// Tells whether a value stands in for a wrong one, or holds or lies in one: a mistake found in
    /// it says nothing about the file.
    pub(super) fn is_spoiled(&self, path: &str) -> bool {
        self.spoiled.iter().any(|spoiled| touches(spoiled, path)) || self.is_unreadable(path)
    }

    /// Tells whether a value is or lies in what could not be read.
    pub(super) fn is_unreadable(&self, path: &str) -> bool {
        self.unreadable
            .iter()
            .any(|unreadable| touches(unreadable, path))
    }

    /// Returns mistakes and warnings in the order of the file.
    pub(super) fn verdict(self, source: &str) -> (Vec<Mistake>, Vec<Mistake>) {
        let sorted = |mut all: Vec<Report>| {
            all.sort();
            all.dedup();
            let place = |report: Report| {
                let (line, column) = line_column(source, report.offset);
                Mistake {
                    line,
                    column,
                    path: report.path,
                    message: report.message,
                }
            };
            all.into_iter().map(place).collect()
        };
        (sorted(self.mistakes), sorted(self.warnings))
    }
}

fn is_slug(name: &str) -> bool {
    name.len() <= 40
        && name
            .bytes()
            .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        && !name.starts_with('-')
        && !name.ends_with('-')
}
