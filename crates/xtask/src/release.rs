//! Writes a release: what somebody without Rust packages tenants from.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use parlour_config::Dialect;
use parlour_packager::{Module, PRODUCT, Release, ReleaseFolder, check_traces};

use crate::licences;
use crate::package;
use crate::process::run;
use crate::source;
use crate::widget::{self, Flavour};
use crate::workspace::Workspace;

/// The page that a release begins with.
const README: &str = include_str!("release.md");

/// The documents of a release, below `docs`.
const DOCUMENTS: [&str; 8] = [
    "tenants.md",
    "configuration.md",
    "api.md",
    "embedding.md",
    "recipes.md",
    "servers.md",
    "versions.md",
    "deploy",
];

/// Builds every dialect and the program for this machine, and writes them with all that goes with them.
pub(crate) fn write(workspace: &Workspace, flavour: Flavour, out: &Path) -> Result<()> {
    let mut modules = Vec::new();
    for dialect in Dialect::ALL {
        let module = widget::build(workspace, flavour, dialect)
            .with_context(|| format!("cannot build for {}", dialect.name()))?;
        modules.push((dialect, module));
    }
    let release = source::release(workspace)?;
    check(workspace, &release, &modules)?;
    let program = build_program(workspace)?;
    ReleaseFolder::write(out, &release, &modules)?;
    put_documents(workspace.root(), out)?;
    put(out, "THIRD-PARTY.txt", &licences::of_program(workspace)?)?;
    let name = program.file_name().context("the program has no name")?;
    copy(&program, &out.join(name))
}

/// Refuses parts that would reveal their maker: every package would.
fn check(workspace: &Workspace, release: &Release, modules: &[(Dialect, Module)]) -> Result<()> {
    let mut traces = package::traces(workspace)?;
    traces.push(PRODUCT.to_owned());
    let modules = modules.iter().flat_map(|(dialect, module)| {
        let files = [&module.glue, &module.wasm, &module.extras];
        files.map(|bytes| (dialect.name(), &bytes[..]))
    });
    let scripts = release.scripts.iter();
    let scripts = scripts.map(|(script, text)| (script.file_name(), text.as_bytes()));
    check_traces(modules.chain(scripts), &traces)
}

/// Builds the program for this machine and returns its path.
fn build_program(workspace: &Workspace) -> Result<PathBuf> {
    // A folder of its own: other builds use other flags.
    let target = workspace.target().join("program");
    let mut command = workspace.cargo()?;
    command.args([
        "build",
        "--release",
        "--package=parlour-cli",
        "--bin=parlour",
        "--config=profile.release.strip=true",
    ]);
    let flags = widget::remaps(workspace)?;
    command
        .arg("--target-dir")
        .arg(&target)
        .arg("--config")
        .arg(format!("build.rustflags={flags:?}"))
        .env_remove("RUSTFLAGS")
        .env_remove("CARGO_ENCODED_RUSTFLAGS");
    run(
        "compile the program (usually 1 min the first time)",
        &mut command,
    )?;
    let name = format!("parlour{}", env::consts::EXE_SUFFIX);
    Ok(target.join("release").join(name))
}

/// Writes what is for people: documents, tenants' files to begin with and their schema, our licences.
fn put_documents(root: &Path, out: &Path) -> Result<()> {
    put(out, "README.md", README)?;
    for name in ["CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE", "tenants"] {
        copy(&root.join(name), &out.join(name))?;
    }
    for name in DOCUMENTS {
        let name = Path::new("docs").join(name);
        copy(&root.join(&name), &out.join(&name))?;
    }
    unlink_missing(&out.join("docs"))
}

fn put(out: &Path, name: &str, text: &str) -> Result<()> {
    let file = out.join(name);
    fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))
}

/// Copies a file, or a folder with all that is in it.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let failed = || format!("cannot copy {} to {}", from.display(), to.display());
    if !from.is_dir() {
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).with_context(failed)?;
        }
        return fs::copy(from, to).map(|_| ()).with_context(failed);
    }
    for entry in fs::read_dir(from).with_context(failed)? {
        let entry = entry.with_context(failed)?;
        copy(&entry.path(), &to.join(entry.file_name()))?;
    }
    Ok(())
}

/// Makes plain words of links, in the pages of a folder, to files that are not there.
fn unlink_missing(folder: &Path) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| format!("no {}", folder.display()))? {
        let file = entry?.path();
        if file.is_dir() {
            unlink_missing(&file)?;
        } else if file.extension().is_some_and(|ending| ending == "md") {
            let text = fs::read_to_string(&file)?;
            let is_there = |link: &str| folder.join(link).exists();
            fs::write(&file, with_links_to(&text, &is_there))?;
        }
    }
    Ok(())
}

/// Makes plain words of the links in a page to files that are not there.
fn with_links_to(page: &str, is_there: &dyn Fn(&str) -> bool) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(middle) = rest.find("](") {
        let (before, link) = (&rest[..middle], &rest[middle + 2..]);
        let Some((link, after)) = link.split_once(')') else {
            break;
        };
        let file = link.split('#').next().unwrap_or_default();
        let keep = file.is_empty() || file.contains("://") || is_there(file);
        match before.rfind('[').filter(|_| !keep) {
            Some(open) => {
                out.push_str(&before[..open]);
                out.push_str(&before[open + 1..]);
            }
            None => {
                out.push_str(before);
                out.push_str(&format!("]({link})"));
            }
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_to_what_is_not_there_become_words() {
        let is_there = |name: &str| name == "b.md";
        let page = "[a](a.md), [b](b.md#x), [c](https://c.example/) and [d](#d) [e";
        let wanted = "a, [b](b.md#x), [c](https://c.example/) and [d](#d) [e";
        assert_eq!(with_links_to(page, &is_there), wanted);
    }

    #[test]
    fn the_documents_of_a_release_are_whole() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let out = env::temp_dir().join(format!("xtask-release-{}", std::process::id()));
        fs::create_dir_all(&out).unwrap();
        put_documents(&root, &out).unwrap();
        for name in [
            "README.md",
            "LICENSE-MIT",
            "tenants/default.toml",
            "tenants/tenant.schema.json",
            "docs/tenants.md",
            "docs/deploy/nginx/chat.conf",
        ] {
            assert!(out.join(name).is_file(), "{name}");
        }
        // Every link of the first page leads somewhere.
        let linked = with_links_to(README, &|link| out.join(link).exists());
        assert_eq!(linked, README);
        let servers = fs::read_to_string(out.join("docs/servers.md")).unwrap();
        assert!(
            servers.contains("](deploy/README.md"),
            "a link that is there"
        );
        assert!(!servers.contains("](emulator.md"), "a link that is not");
        fs::remove_dir_all(&out).unwrap();
    }
}
