//! What packages are made of, read from the repository.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result, bail};
use parlour_config::build::{Known, Tokens};
use parlour_packager::{Instead, Release, Tenant, scripts::Scripts};

use crate::licences;
use crate::widget::{self, Style};
use crate::workspace::Workspace;

/// Collects what is the same in all packages.
pub(crate) fn release(workspace: &Workspace) -> Result<Release> {
    Ok(Release {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        scripts: scripts(workspace, Style::Small)?,
        known: known(workspace)?,
        types: read(workspace, "public/types.d.ts")?,
        licences: licences::text(workspace)?,
    })
}

/// Reads `tenants/NAME.toml`, replaces the settings that `instead` has, and reports every mistake.
pub(crate) fn tenant(workspace: &Workspace, name: &str, instead: Instead<'_>) -> Result<Tenant> {
    if !is_name(name) {
        bail!("a tenant's name is made of letters, digits, hyphens and underscores, not `{name}`");
    }
    let shown = format!("tenants/{name}.toml");
    let file = workspace.root().join(&shown);
    let text = fs::read_to_string(&file).with_context(|| {
        format!(
            "cannot read {shown}: there are {}",
            tenants(workspace).join(", ")
        )
    })?;
    let folder = workspace.root().join("tenants");
    parlour_packager::read_in(&folder, &text, &shown, known(workspace)?, instead)
}

/// Prints what deserves a look in a tenant's file.
pub(crate) fn print_warnings(tenant: &Tenant) {
    for warning in &tenant.warnings {
        eprintln!("  warning: {warning}");
    }
}

/// Lists the names of all tenants.
pub(crate) fn tenants(workspace: &Workspace) -> Vec<String> {
    let entries = fs::read_dir(workspace.root().join("tenants"))
        .into_iter()
        .flatten()
        .flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| {
            let name = entry.file_name();
            name.to_str()?.strip_suffix(".toml").map(str::to_owned)
        })
        .collect();
    names.sort();
    names
}

/// Bundles the scripts of `public/loader`, as templates.
pub(crate) fn scripts(workspace: &Workspace, style: Style) -> Result<Scripts> {
    Scripts::read(|script| widget::bundle(workspace, script, style))
}

/// Reads the texts and design tokens that a tenant's file may refer to.
fn known(workspace: &Workspace) -> Result<Known> {
    let file = "public/locales/en.json";
    let texts = serde_json::from_str(&read(workspace, file)?)
        .with_context(|| format!("{file} has no texts"))?;
    let tokens = Tokens::from_sheet(&read(workspace, "style/tokens.css")?);
    Ok(Known {
        texts,
        locales: locales(workspace)?,
        tokens,
    })
}

/// Reads the widget's words in other languages than English.
fn locales(workspace: &Workspace) -> Result<BTreeMap<String, BTreeMap<String, String>>> {
    let folder = workspace.root().join("public/locales");
    let entries =
        fs::read_dir(&folder).with_context(|| format!("cannot list {}", folder.display()))?;
    let mut locales = BTreeMap::new();
    for entry in entries {
        let name = entry?.file_name();
        let Some(tag) = name.to_str().and_then(|name| name.strip_suffix(".json")) else {
            continue;
        };
        if tag != "en" {
            let file = format!("public/locales/{tag}.json");
            let texts = serde_json::from_str(&read(workspace, &file)?)
                .with_context(|| format!("{file} has no texts"))?;
            locales.insert(tag.to_owned(), texts);
        }
    }
    Ok(locales)
}

fn read(workspace: &Workspace, file: &str) -> Result<String> {
    fs::read_to_string(workspace.root().join(file)).with_context(|| format!("cannot read {file}"))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_lead_out_of_the_folder() {
        assert!(is_name("acme-2_x"));
        for name in ["", "../x", "a/b", "a.b", "a b"] {
            assert!(!is_name(name), "{name}");
        }
    }
}
