//! A tenant's file as it was named on the command line.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context as _, Result, anyhow};
use parlour_config::build::Known;
use parlour_packager::{Instead, Tenant};

/// A tenant's file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Source {
    name: String,
    text: String,
    folder: PathBuf,
    /// When what may be pictures of the file was changed last.
    pictures: Vec<Option<SystemTime>>,
}

/// What a tenant's file turned out to be.
#[derive(Debug)]
pub(crate) enum Found {
    /// It can be packaged.
    Good(Box<Tenant>),
    /// It has mistakes, which have been told.
    Mistaken,
}

impl Source {
    /// Reads the file.
    pub(crate) fn read(file: &Path) -> Result<Self> {
        let name = file.display().to_string();
        let bytes = fs::read(file)
            .with_context(|| format!("cannot read {name}: expected a tenant's TOML file"))?;
        let text = text(bytes).map_err(|wrong| anyhow!("{name} {wrong}"))?;
        let folder = file.parent().unwrap_or(Path::new("")).to_owned();
        let pictures = quoted_pictures(&text)
            .map(|picture| fs::metadata(folder.join(picture)).ok()?.modified().ok())
            .collect();
        Ok(Self {
            name,
            text,
            folder,
            pictures,
        })
    }

    /// Returns the name on the command line.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Reads what the file says. The error lists every mistake.
    pub(crate) fn tenant(&self, known: &Known, server_url: Option<&str>) -> Result<Tenant> {
        let instead = Instead {
            server_url,
            dialect: None,
        };
        parlour_packager::read_in(&self.folder, &self.text, &self.name, known.clone(), instead)
    }

    /// Checks the file, and tells every mistake and warning.
    pub(crate) fn check(&self, known: &Known, server_url: Option<&str>) -> Found {
        match self.tenant(known, server_url) {
            Ok(tenant) => {
                for warning in &tenant.warnings {
                    eprintln!("warning: {warning}");
                }
                Found::Good(Box::new(tenant))
            }
            Err(error) => {
                eprintln!("error: {error:#}");
                Found::Mistaken
            }
        }
    }
}

/// Returns a file's bytes as text, or says what keeps them from being UTF-8.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    const SAVE: &str = "save it as UTF-8 in your editor";
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err(format!("is no text in UTF-8, but in UTF-16: {SAVE}"));
    }
    String::from_utf8(bytes).map_err(|error| {
        let good = &error.as_bytes()[..error.utf8_error().valid_up_to()];
        let line = 1 + good.iter().filter(|byte| **byte == b'\n').count();
        format!("is no text in UTF-8 from line {line} on: {SAVE}")
    })
}

/// Lists what stands in quotes and is called like a picture, be the file right or wrong.
fn quoted_pictures(text: &str) -> impl Iterator<Item = &str> {
    const ENDINGS: [&str; 5] = [".svg", ".png", ".webp", ".jpg", ".jpeg"];
    text.split(['"', '\'', '\n'])
        .filter(|piece| ENDINGS.iter().any(|ending| piece.ends_with(ending)))
}
