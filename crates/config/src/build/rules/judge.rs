//! Where the rules report what they find.

use crate::build::known::Known;
use crate::build::mistake::Mistake;
use crate::build::place::{Places, line_column, touches};

/// The mistakes that the rules find, each with its place in the file.
pub(in crate::build) struct Judge<'a> {
    pub(in crate::build) known: &'a Known,
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
    pub(in crate::build) fn new(
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
    pub(in crate::build) fn mistake(&mut self, path: &str, message: impl Into<String>) {
        if !self.is_spoiled(path) {
            self.at(self.places.value(path), path, message.into());
        }
    }

    /// Reports a mistake in the spelling of a key.
    pub(in crate::build) fn key_mistake(&mut self, path: &str, message: impl Into<String>) {
        if !self.is_spoiled(path) {
            self.at(self.places.key(path), path, message.into());
        }
    }

    /// Reports something that is allowed but deserves a look.
    pub(in crate::build) fn warning(&mut self, path: &str, message: impl Into<String>) {
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
    pub(in crate::build) fn at(&mut self, offset: usize, path: &str, message: String) {
        self.mistakes.push(Report {
            offset,
            path: path.into(),
            message,
        });
    }

    /// Tells whether the file sets a key.
    pub(in crate::build) fn is_set(&self, path: &str) -> bool {
        self.places.has(path)
    }

    /// Tells whether a value stands in for a wrong one, or holds or lies in one: a mistake found in
    /// it says nothing about the file.
    pub(in crate::build) fn is_spoiled(&self, path: &str) -> bool {
        self.spoiled.iter().any(|spoiled| touches(spoiled, path)) || self.is_unreadable(path)
    }

    /// Tells whether a value is or lies in what could not be read.
    pub(in crate::build) fn is_unreadable(&self, path: &str) -> bool {
        self.unreadable
            .iter()
            .any(|unreadable| touches(unreadable, path))
    }

    /// Returns mistakes and warnings in the order of the file.
    pub(in crate::build) fn verdict(self, source: &str) -> (Vec<Mistake>, Vec<Mistake>) {
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
