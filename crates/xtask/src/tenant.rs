//! A tenant's TOML file, read and converted for the package.

use std::collections::BTreeMap;
use std::fs;

use anyhow::{Context as _, Result, bail};
use parlour_config::build::{self, Known};
use parlour_config::{Config, Dialect};

use crate::style;
use crate::workspace::Workspace;

/// Settings that replace those of a tenant's file.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Instead<'a> {
    /// The chat server's address.
    pub(crate) server_url: Option<&'a str>,
    /// The API that the server speaks.
    pub(crate) dialect: Option<Dialect>,
}

/// A tenant whose file is valid, with the texts and tokens that it refers to.
#[derive(Debug)]
pub(crate) struct Tenant {
    /// The file's settings, with defaults for those that are left out.
    pub(crate) config: Config,
    /// The run-time JSON.
    pub(crate) json: String,
    /// The widget's own texts and tokens.
    pub(crate) known: Known,
}

/// Reads `tenants/NAME.toml`, replaces the settings that `instead` has, and reports every mistake.
///
/// `own_texts` are the loader's texts, which a tenant may replace like the widget's.
pub(crate) fn read(
    workspace: &Workspace,
    name: &str,
    instead: Instead<'_>,
    own_texts: &BTreeMap<String, String>,
) -> Result<Tenant> {
    if !is_name(name) {
        bail!("a tenant's name is made of letters, digits, hyphens and underscores, not `{name}`");
    }
    let shown = format!("tenants/{name}.toml");
    let file = workspace.root().join(&shown);
    let text = fs::read_to_string(&file)
        .with_context(|| format!("cannot read {shown}: {}", tenants(workspace)))?;
    let mut known = Known {
        texts: texts(workspace)?,
        tokens: style::tokens(workspace)?,
    };
    known.texts.extend(own_texts.clone());
    let mut tenant = match build::read_for(&text, &known, instead.dialect) {
        Ok(tenant) => tenant,
        Err(mistakes) => bail!("{shown} has mistakes:\n{}", mistakes.in_file(&shown)),
    };
    for warning in &tenant.warnings {
        eprintln!("  warning: {shown}:{warning}");
    }
    if let Some(url) = instead.server_url {
        tenant.config.server.url = url.trim_end_matches('/').to_owned();
    }
    let json = tenant
        .to_json()
        .context("the configuration cannot be written as JSON")?;
    // Checked again as the widget would, because the address may come from the command line.
    if let Err(error) = Config::from_json(&json) {
        bail!("the widget would refuse this configuration: {error}");
    }
    Ok(Tenant {
        config: tenant.config,
        json,
        known,
    })
}

/// Reads the widget's English texts.
fn texts(workspace: &Workspace) -> Result<BTreeMap<String, String>> {
    let file = workspace.root().join("public/locales/en.json");
    let text =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} has no texts", file.display()))
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

/// Lists the tenants, for the error about one that does not exist.
fn tenants(workspace: &Workspace) -> String {
    let entries = fs::read_dir(workspace.root().join("tenants"))
        .into_iter()
        .flatten()
        .flatten();
    let mut names: Vec<_> = entries
        .filter_map(|entry| {
            entry
                .file_name()
                .to_str()?
                .strip_suffix(".toml")
                .map(str::to_owned)
        })
        .collect();
    names.sort();
    format!("there are {}", names.join(", "))
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
