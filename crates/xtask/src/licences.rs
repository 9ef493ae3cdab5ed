//! Collects the licences of everything that is compiled into the widget.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::process::capture;
use crate::setup;
use crate::tools::WASM_TARGET;
use crate::workspace::Workspace;

/// Returns one text with the licence of every third-party crate in the widget's module, and of
/// Rust's standard library. Equal texts are printed once.
pub(crate) fn text(workspace: &Workspace) -> Result<String> {
    of_package(workspace, "parlour", Some(WASM_TARGET), "widget")
}

/// Returns the same for the program `parlour`, as it is built for this machine.
pub(crate) fn of_program(workspace: &Workspace) -> Result<String> {
    of_package(workspace, "parlour-cli", None, "program")
}

/// Collects the licences of a package's dependencies for a target, or for this machine.
fn of_package(
    workspace: &Workspace,
    package: &str,
    target: Option<&str>,
    what: &str,
) -> Result<String> {
    let mut command = workspace.cargo()?;
    // Procedural macros and build scripts run on the builder's machine only.
    command.args(["tree", "--edges=normal,no-proc-macro", "--locked"]);
    command.args(["--package", package, "--prefix=none", "--format={p}"]);
    command.args(target.map(|target| format!("--target={target}")));
    let tree = String::from_utf8(capture(&mut command)?)
        .context("the output of `cargo tree` is not UTF-8")?;

    let mut command = workspace.cargo()?;
    command.args(["metadata", "--format-version=1", "--locked"]);
    command.args(target.map(|target| format!("--filter-platform={target}")));
    let metadata: Metadata = serde_json::from_slice(&capture(&mut command)?)
        .context("cannot read the output of `cargo metadata`")?;

    let mut notices = Vec::new();
    for package in shipped(&tree, &metadata)? {
        notices.push(Notice::of(package)?);
    }
    notices.push(standard_library(workspace)?);
    Ok(render(&notices, what))
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Debug, Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    manifest_path: PathBuf,
    source: Option<String>,
}

/// Finds third parties' packages among those that `cargo tree` lists, one a line:
/// `name v1.2.3`, then perhaps a place, then perhaps `(*)`.
fn shipped<'a>(tree: &str, metadata: &'a Metadata) -> Result<Vec<&'a Package>> {
    let packages: BTreeMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| ((package.name.as_str(), package.version.as_str()), package))
        .collect();
    let mut found = BTreeMap::new();
    for line in tree.lines().filter(|line| !line.is_empty()) {
        let mut words = line.split_whitespace();
        let key = words
            .next()
            .zip(words.next().and_then(|version| version.strip_prefix('v')));
        let Some((key, package)) = key.and_then(|key| packages.get_key_value(&key)) else {
            bail!("`cargo tree` lists `{line}`, which `cargo metadata` does not know");
        };
        if package.source.is_some() {
            found.insert(*key, *package);
        }
    }
    if found.is_empty() {
        bail!("`cargo tree` lists no package of a third party");
    }
    Ok(found.into_values().collect())
}

/// The licence of one package.
#[derive(Debug, PartialEq, Eq)]
struct Notice {
    title: String,
    licence: String,
    texts: Vec<String>,
}

impl Notice {
    fn of(package: &Package) -> Result<Self> {
        let folder = package.manifest_path.parent().unwrap_or(Path::new("."));
        let mut texts = licence_files(folder)?;
        if let Some(file) = &package.license_file {
            texts.push(fs::read_to_string(folder.join(file))?);
        }
        texts.sort();
        texts.dedup();
        Ok(Self {
            title: format!("{} {}", package.name, package.version),
            licence: package
                .license
                .clone()
                .unwrap_or_else(|| "see below".into()),
            texts,
        })
    }
}

/// Reads the files of a package's top folder whose names say licence, copyright or notice.
fn licence_files(folder: &Path) -> Result<Vec<String>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut texts = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().to_uppercase();
        let telling = [
            "LICENSE",
            "LICENCE",
            "COPYING",
            "COPYRIGHT",
            "NOTICE",
            "UNLICENSE",
        ];
        if telling.iter().any(|start| name.starts_with(start)) && entry.file_type()?.is_file() {
            texts.push(
                String::from_utf8_lossy(&fs::read(entry.path())?)
                    .trim()
                    .to_owned(),
            );
        }
    }
    Ok(texts)
}

fn standard_library(workspace: &Workspace) -> Result<Notice> {
    let licences = Path::new(&setup::sysroot(workspace)?).join("share/doc/rust/licenses");
    let read = |name: &str| fs::read_to_string(licences.join(name)).ok();
    Ok(Notice {
        title: "Rust's standard library".into(),
        licence: "MIT OR Apache-2.0".into(),
        texts: ["MIT.txt", "Apache-2.0.txt"]
            .iter()
            .filter_map(|name| read(name))
            .map(|text| text.trim().to_owned())
            .collect(),
    })
}

fn render(notices: &[Notice], what: &str) -> String {
    let mut page =
        format!("Third-party software in this {what}, and the terms it comes under.\n\n");
    let mut holders: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for notice in notices {
        page.push_str(&format!("{}: {}\n", notice.title, notice.licence));
        for text in &notice.texts {
            holders.entry(text).or_default().push(&notice.title);
        }
    }
    let mut blocks: Vec<_> = holders.into_iter().collect();
    blocks.sort_by(|a, b| a.1.cmp(&b.1));
    for (text, titles) in blocks {
        page.push_str(&format!(
            "\n{}\n{}\n\n{text}\n",
            "=".repeat(78),
            titles.join(", ")
        ));
    }
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn third_parties_are_listed_once_and_we_are_not() {
        let package = |name: &str, source: Option<&str>| {
            serde_json::json!({
                "name": name, "version": "1.0.0", "license": "MIT", "license_file": null,
                "manifest_path": format!("/x/{name}/Cargo.toml"), "source": source,
            })
        };
        let metadata: Metadata = serde_json::from_value(serde_json::json!({ "packages": [
            package("app", None), package("used", Some("registry")),
            package("deep", Some("registry")), package("tester", Some("registry")),
        ] }))
        .unwrap();
        let tree = "app v1.0.0 (/x/app)\nused v1.0.0\ndeep v1.0.0\nused v1.0.0 (*)\n";
        let names: Vec<_> = shipped(tree, &metadata)
            .unwrap()
            .iter()
            .map(|package| &package.name)
            .collect();
        assert_eq!(names, ["deep", "used"]);
        assert!(shipped("other v1.0.0\n", &metadata).is_err());
        assert!(shipped("app v1.0.0\n", &metadata).is_err());
    }

    #[test]
    fn a_text_that_many_share_is_printed_once() {
        let notice = |title: &str| Notice {
            title: title.into(),
            licence: "MIT".into(),
            texts: vec!["Permission is hereby granted".into()],
        };
        let page = render(&[notice("a 1"), notice("b 2")], "widget");
        assert_eq!(page.matches("Permission").count(), 1);
        assert!(page.contains("a 1, b 2"), "{page}");
        assert!(page.contains("b 2: MIT"), "{page}");
    }
}
