//! Collects the licences of everything that is compiled into the widget.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::process::capture;
use crate::setup;
use crate::tools::WASM_TARGET;
use crate::workspace::Workspace;

/// Writes one text with the licence of every third-party crate in the widget's module, and of
/// Rust's standard library. Equal texts are printed once.
pub(crate) fn text(workspace: &Workspace) -> Result<String> {
    let mut command = workspace.cargo()?;
    command.args([
        "metadata",
        "--format-version=1",
        "--locked",
        "--filter-platform",
        WASM_TARGET,
    ]);
    let metadata: Metadata = serde_json::from_slice(&capture(&mut command)?)
        .context("`cargo metadata` answered oddly")?;
    let mut notices = Vec::new();
    for package in shipped(&metadata, "parlour")? {
        notices.push(Notice::of(package)?);
    }
    notices.push(standard_library(workspace)?);
    Ok(render(&notices))
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    resolve: Resolve,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    license: Option<String>,
    license_file: Option<PathBuf>,
    manifest_path: PathBuf,
    source: Option<String>,
    targets: Vec<Target>,
}

#[derive(Debug, Deserialize)]
struct Target {
    kind: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Resolve {
    nodes: Vec<Node>,
}

#[derive(Debug, Deserialize)]
struct Node {
    id: String,
    deps: Vec<Dependency>,
}

#[derive(Debug, Deserialize)]
struct Dependency {
    pkg: String,
    dep_kinds: Vec<DependencyKind>,
}

#[derive(Debug, Deserialize)]
struct DependencyKind {
    kind: Option<String>,
}

/// Follows normal dependencies from `root`: third parties' packages whose code ends up in the
/// module. Procedural macros and build scripts run on the builder's machine only.
fn shipped<'a>(metadata: &'a Metadata, root: &str) -> Result<Vec<&'a Package>> {
    let packages: HashMap<_, _> = metadata
        .packages
        .iter()
        .map(|package| (package.id.as_str(), package))
        .collect();
    let nodes: HashMap<_, _> = metadata
        .resolve
        .nodes
        .iter()
        .map(|node| (node.id.as_str(), node))
        .collect();
    let Some(start) = metadata
        .packages
        .iter()
        .find(|package| package.name == root && package.source.is_none())
    else {
        bail!("no package `{root}` in the workspace");
    };
    let mut seen = BTreeSet::from([start.id.as_str()]);
    let mut queue = vec![start.id.as_str()];
    let mut found = Vec::new();
    while let Some(id) = queue.pop() {
        let (Some(package), Some(node)) = (packages.get(id), nodes.get(id)) else {
            bail!("cargo knows nothing about {id}");
        };
        if package
            .targets
            .iter()
            .any(|target| target.kind.iter().any(|kind| kind == "proc-macro"))
        {
            continue;
        }
        if package.source.is_some() {
            found.push(*package);
        }
        for dependency in &node.deps {
            let normal = dependency.dep_kinds.iter().any(|kind| kind.kind.is_none());
            if normal && seen.insert(&dependency.pkg) {
                queue.push(&dependency.pkg);
            }
        }
    }
    found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    Ok(found)
}

/// One package's terms.
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

fn render(notices: &[Notice]) -> String {
    let mut page =
        String::from("Third-party software in this widget, and the terms it comes under.\n\n");
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

    fn metadata() -> Metadata {
        let package = |id: &str, source: Option<&str>, kind: &str| {
            serde_json::json!({
                "id": id, "name": id, "version": "1.0.0", "license": "MIT", "license_file": null,
                "manifest_path": format!("/x/{id}/Cargo.toml"), "source": source,
                "targets": [{ "kind": [kind] }],
            })
        };
        let edge = |to: &str, kind: Option<&str>| serde_json::json!({ "pkg": to, "dep_kinds": [{ "kind": kind }] });
        serde_json::from_value(serde_json::json!({
            "packages": [
                package("app", None, "bin"), package("core", None, "lib"),
                package("used", Some("registry"), "lib"), package("deep", Some("registry"), "lib"),
                package("macros", Some("registry"), "proc-macro"),
                package("quoting", Some("registry"), "lib"),
                package("tester", Some("registry"), "lib"),
            ],
            "resolve": { "nodes": [
                { "id": "app", "deps": [
                    edge("core", None), edge("macros", None), edge("tester", Some("dev")),
                ] },
                { "id": "core", "deps": [edge("used", None)] },
                { "id": "used", "deps": [edge("deep", None)] },
                { "id": "deep", "deps": [edge("used", None)] },
                { "id": "macros", "deps": [edge("quoting", None)] },
                { "id": "quoting", "deps": [] }, { "id": "tester", "deps": [] },
            ] },
        }))
        .unwrap()
    }

    #[test]
    fn only_what_visitors_download_is_listed() {
        let metadata = metadata();
        let names: Vec<_> = shipped(&metadata, "app")
            .unwrap()
            .iter()
            .map(|package| &package.name)
            .collect();
        assert_eq!(names, ["deep", "used"]);
        assert!(shipped(&metadata, "other").is_err());
    }

    #[test]
    fn a_text_that_many_share_is_printed_once() {
        let notice = |title: &str| Notice {
            title: title.into(),
            licence: "MIT".into(),
            texts: vec!["Permission is hereby granted".into()],
        };
        let page = render(&[notice("a 1"), notice("b 2")]);
        assert_eq!(page.matches("Permission").count(), 1);
        assert!(page.contains("a 1, b 2"), "{page}");
        assert!(page.contains("b 2: MIT"), "{page}");
    }
}
