//! The files that a site hosts: named by content, compressed, listed with sizes and hashes.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

use crate::compress;
use crate::hash;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The script a page includes; the only one with a stable name.
    Loader,
    /// The JavaScript around the module.
    Glue,
    /// The module, with its styles and English texts.
    Module,
    /// The part of the module that is fetched when a chat has begun.
    Extras,
    /// The tenant's configuration.
    Config,
    /// Third parties' licences, for people.
    Licences,
}

/// One file and its compressed forms.
#[derive(Debug)]
pub struct Artefact {
    /// What it is for.
    pub role: Role,
    /// Its name beside the loader.
    pub name: String,
    /// The file as it is.
    pub raw: Vec<u8>,
    /// Compressed with gzip.
    pub gzip: Vec<u8>,
    /// Compressed with brotli.
    pub brotli: Vec<u8>,
}

impl Artefact {
    /// Compresses a file.
    pub fn new(role: Role, name: String, raw: Vec<u8>) -> Result<Self> {
        let (gzip, brotli) = (compress::gzip(&raw)?, compress::brotli(&raw)?);
        Ok(Self {
            role,
            name,
            raw,
            gzip,
            brotli,
        })
    }

    /// Names a file after the hash of its final bytes: it may be cached for ever.
    pub fn hashed(role: Role, stem: &str, ending: &str, raw: Vec<u8>) -> Result<Self> {
        let name = format!("{stem}-{}.{ending}", hash::short(&raw));
        Self::new(role, name, raw)
    }
}

/// Writes the files, their compressed forms and the manifest. Files of earlier packages stay: pages
/// that are open still refer to them.
pub fn write(files: &[Artefact], folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let put = |name: &str, bytes: &[u8]| {
        let file = folder.join(name);
        fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))
    };
    // The loader last: whoever fetches it in between must find what it names.
    for file in files.iter().rev() {
        put(&format!("{}.br", file.name), &file.brotli)?;
        put(&format!("{}.gz", file.name), &file.gzip)?;
        put(&file.name, &file.raw)?;
    }
    put("manifest.json", manifest(files)?.as_bytes())
}

/// Refuses files that would reveal who built them; says which and where.
pub fn check_traces(files: &[Artefact], traces: &[String]) -> Result<()> {
    let mut found = Vec::new();
    for file in files.iter().filter(|file| file.role != Role::Licences) {
        let text = String::from_utf8_lossy(&file.raw).to_lowercase();
        for trace in traces {
            let places: Vec<_> = text.match_indices(&trace.to_lowercase()).collect();
            if let Some((first, _)) = places.first() {
                let around: String = text
                    .chars()
                    .skip(text[..*first].chars().count().saturating_sub(30))
                    .take(trace.len() + 60)
                    .map(|c| if c.is_control() { '.' } else { c })
                    .collect();
                found.push(format!(
                    "{} has `{trace}` {} times: …{around}…",
                    file.name,
                    places.len()
                ));
            }
        }
    }
    if found.is_empty() {
        return Ok(());
    }
    bail!(
        "the package would reveal who built it:\n{}",
        found.join("\n")
    )
}

fn manifest(files: &[Artefact]) -> Result<String> {
    #[derive(Serialize)]
    struct Entry<'a> {
        name: &'a str,
        role: Role,
        /// Sizes in bytes.
        raw: usize,
        gzip: usize,
        brotli: usize,
        integrity: String,
    }
    #[derive(Serialize)]
    struct Manifest<'a> {
        version: u32,
        files: Vec<Entry<'a>>,
    }
    let entries = files.iter().map(|file| Entry {
        name: &file.name,
        role: file.role,
        raw: file.raw.len(),
        gzip: file.gzip.len(),
        brotli: file.brotli.len(),
        integrity: hash::integrity(&file.raw),
    });
    let manifest = Manifest {
        version: 1,
        files: entries.collect(),
    };
    let mut text = serde_json::to_string_pretty(&manifest)?;
    text.push('\n');
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn artefact(role: Role, name: &str, raw: &[u8]) -> Artefact {
        Artefact::new(role, name.into(), raw.to_vec()).unwrap()
    }

    #[test]
    fn names_follow_the_final_bytes() {
        let one = Artefact::hashed(Role::Glue, "chat", "js", b"one".to_vec()).unwrap();
        let two = Artefact::hashed(Role::Glue, "chat", "js", b"two".to_vec()).unwrap();
        assert_ne!(one.name, two.name);
        assert!(
            one.name.starts_with("chat-") && one.name.ends_with(".js"),
            "{}",
            one.name
        );
    }

    #[test]
    fn the_manifest_lists_sizes_and_hashes_of_what_is_hosted() {
        let files = [artefact(Role::Loader, "widget.js", &[b'a'; 500])];
        let manifest: serde_json::Value = serde_json::from_str(&manifest(&files).unwrap()).unwrap();
        let entry = &manifest["files"][0];
        assert_eq!(entry["name"], "widget.js");
        assert_eq!(entry["role"], "loader");
        assert_eq!(entry["raw"], 500);
        assert_eq!(entry["brotli"], files[0].brotli.len());
        assert_eq!(entry["integrity"], hash::integrity(&files[0].raw));
    }

    #[test]
    fn a_trace_of_the_maker_is_refused_except_in_licences() {
        let traces = ["parlour".to_owned()];
        let clean = artefact(Role::Module, "chat.wasm", b"\0asm chat");
        let telling = artefact(
            Role::Module,
            "chat.wasm",
            b"\0asm \xff crates/Parlour_chat/x",
        );
        let licence = artefact(Role::Licences, "THIRD-PARTY.txt", b"parlour");
        assert!(check_traces(&[clean, licence], &traces).is_ok());
        let words = check_traces(&[telling], &traces).unwrap_err().to_string();
        assert!(words.contains("chat.wasm has `parlour` 1 times"), "{words}");
    }
}
