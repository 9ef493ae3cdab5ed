//! `manifest.json`: names, sizes and digests of what is hosted, for scripts.

use anyhow::Result;
use serde::Serialize;

use crate::artefact::{Artefact, Role};
use crate::hash;

/// The version of the manifest's form.
const FORMAT: u32 = 2;

#[derive(Serialize)]
struct Manifest<'a> {
    format: u32,
    /// The version of the release.
    version: &'a str,
    tenant: &'a str,
    files: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    name: &'a str,
    role: Role,
    /// Sizes in bytes.
    raw: usize,
    gzip: usize,
    brotli: usize,
    /// The value of an `integrity` attribute.
    integrity: String,
}

/// Writes the manifest of a tenant's package of this version of the product as JSON.
pub(crate) fn text(version: &str, tenant: &str, files: &[&Artefact]) -> Result<String> {
    let hosted = files.iter().filter(|file| file.role.is_hosted());
    let entries = hosted.map(|file| Entry {
        name: &file.name,
        role: file.role,
        raw: file.raw.len(),
        gzip: file.gzip.len(),
        brotli: file.brotli.len(),
        integrity: hash::integrity(&file.raw),
    });
    let manifest = Manifest {
        format: FORMAT,
        version,
        tenant,
        files: entries.collect(),
    };
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_hashes_of_what_is_hosted_are_listed() {
        let file = |role, name: &str| Artefact::new(role, name.into(), vec![b'a'; 500]).unwrap();
        let files = [
            file(Role::Loader, "widget.js"),
            file(Role::Embed, "embed.html"),
        ];
        let manifest = text("1.2.3", "acme", &files.each_ref()).unwrap();
        let manifest: serde_json::Value = serde_json::from_str(&manifest).unwrap();
        assert_eq!(manifest["version"], "1.2.3");
        assert_eq!(manifest["tenant"], "acme");
        assert_eq!(manifest["files"].as_array().unwrap().len(), 1);
        let entry = &manifest["files"][0];
        assert_eq!(entry["name"], "widget.js");
        assert_eq!(entry["role"], "loader");
        assert_eq!(entry["raw"], 500);
        assert_eq!(entry["brotli"], files[0].brotli.len());
        assert_eq!(entry["integrity"], hash::integrity(&files[0].raw));
    }
}
