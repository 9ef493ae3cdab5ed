//! A tenant's TOML file, read and converted for the package.

use anyhow::{Context as _, Result, bail};
use parlour_config::build::{self, Known};
use parlour_config::{Config, Dialect};

/// Settings that replace those of a tenant's file.
#[derive(Debug, Clone, Copy, Default)]
pub struct Instead<'a> {
    /// The chat server's address.
    pub server_url: Option<&'a str>,
    /// The API that the server speaks.
    pub dialect: Option<Dialect>,
}

/// A tenant whose file is valid, with the texts and tokens that it refers to.
#[derive(Debug)]
pub struct Tenant {
    /// The file's settings, with defaults for those that are left out.
    pub config: Config,
    /// The run-time JSON.
    pub json: String,
    /// The widget's own texts and tokens.
    pub known: Known,
}

/// Reads a tenant's file, which people know as `shown`, replaces the settings that `instead` has, and reports every
/// mistake.
///
/// # Errors
///
/// Returns all mistakes of the file, or what the widget would refuse.
pub fn read(text: &str, shown: &str, known: Known, instead: Instead<'_>) -> Result<Tenant> {
    let mut tenant = match build::read_for(text, &known, instead.dialect) {
        Ok(tenant) => tenant,
        Err(mistakes) => bail!("{shown} has mistakes:\n{}", mistakes.in_file(shown)),
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
