//! The packages as they are on the disk: nothing in them names the product.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};
use parlour_config::Dialect;
use parlour_e2e::{Setting, Tests};

/// What visitors, and the owners of sites, must not find.
const NAME: &[u8] = b"parlour";

pub(crate) fn add(tests: &mut Tests) {
    for dialect in Dialect::ALL {
        let name = format!("no_file_of_a_package_names_the_product_{}", dialect.name());
        tests.add_without_browser(name, move |setting| names_nobody(setting, dialect));
    }
}

/// Searches every file, in upper and lower case, the module as well as the texts beside it.
fn names_nobody(setting: &Setting, dialect: Dialect) -> Result<()> {
    let mut kinds = Vec::new();
    for entry in fs::read_dir(setting.package(dialect)?)? {
        let path = entry?.path();
        let bytes = fs::read(&path)?.to_ascii_lowercase();
        let found = bytes.windows(NAME.len()).position(|word| word == NAME);
        if let Some(at) = found {
            let around = &bytes[at.saturating_sub(30)..bytes.len().min(at + 40)];
            let around = String::from_utf8_lossy(around).into_owned();
            ensure!(false, "{} has the name: …{around}…", path.display());
        }
        kinds.push(kind(&path)?);
    }
    for wanted in ["wasm", "js", "json", "html", "md", "txt"] {
        let is_there = kinds.iter().any(|kind| kind == wanted);
        ensure!(is_there, "no file of the kind {wanted} was searched");
    }
    Ok(())
}

fn kind(path: &Path) -> Result<String> {
    let ending = path.extension().and_then(|ending| ending.to_str());
    Ok(ending.context("a file without an ending")?.to_owned())
}
