//! The packages as they are on the disk: nothing in them names the product.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use parlour_config::Dialect;
use parlour_e2e::Tests;

/// What visitors, and the owners of sites, must not find.
const NAME: &[u8] = b"parlour";

pub(crate) fn add(tests: &mut Tests) {
    tests.add_without_browser("no_file_of_a_package_names_the_product".into(), |setting| {
        for tenant in ["meridian", "noor"] {
            names_nobody(
                &setting.sample(tenant)?,
                &["wasm", "js", "json", "html", "md", "ts", "txt"],
                |_| true,
            )?;
        }
        Ok(())
    });
    for dialect in Dialect::ALL {
        let name = format!("no_module_names_the_product_{}", dialect.name());
        // The default tenant's own file asks for the name: it stands in what is made of that.
        let is_shared = |name: &str| {
            ["chat-", "extras-", "api-", "THIRD"]
                .iter()
                .any(|stem| name.starts_with(stem))
        };
        tests.add_without_browser(name, move |setting| {
            names_nobody(
                &setting.package(dialect)?,
                &["wasm", "js", "txt"],
                is_shared,
            )
        });
    }
}

/// Searches the files that are `searched`, in upper and lower case, the module as well as the texts beside it.
fn names_nobody(folder: &Path, wanted: &[&str], searched: impl Fn(&str) -> bool) -> Result<()> {
    let mut kinds = Vec::new();
    let mut files = Vec::new();
    // The folder of the major version, too.
    let folders = fs::read_dir(folder)?.flatten().map(|entry| entry.path());
    let folders = folders.filter(|path| path.is_dir());
    for folder in folders.chain([folder.to_owned()]) {
        for entry in fs::read_dir(folder)? {
            files.extend(Some(entry?.path()).filter(|path| path.is_file()));
        }
    }
    for path in files {
        let name = path.file_name().context("no name")?;
        if !searched(&name.to_string_lossy()) {
            continue;
        }
        let bytes = fs::read(&path)?.to_ascii_lowercase();
        let found = bytes.windows(NAME.len()).position(|word| word == NAME);
        if let Some(at) = found {
            let around = &bytes[at.saturating_sub(30)..bytes.len().min(at + 40)];
            let around = String::from_utf8_lossy(around).into_owned();
            ensure!(false, "{} has the name: …{around}…", path.display());
        }
        kinds.push(kind(&path)?);
    }
    for wanted in wanted {
        let is_there = kinds.iter().any(|kind| kind == wanted);
        ensure!(is_there, "no file of the kind {wanted} was searched");
    }
    Ok(())
}

fn kind(path: &Path) -> Result<String> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    Ok(ending.context("a file without an ending")?.to_owned())
}
