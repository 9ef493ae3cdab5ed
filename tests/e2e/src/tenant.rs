//! The tenant that the tests are about: everything on, and in a hurry.

use anyhow::{Result, anyhow};
use parlour_config::build::{self, Known};
use parlour_config::{Config, Credentials, Dialect};

/// What a person would write, but for the pace: about twenty times the usual one. Only what bounds
/// how long a slow machine may take for a request keeps its distance.
const FILE: &str = r#"
tenant = "e2e"

[server]
service = "customer-support"

[server.user_data]
Shop = "Larkmoor"

[[form.fields]]
name = "firstName"
role = "first_name"
required = true
max_length = 60
autocomplete = "given-name"

[[form.fields]]
name = "lastName"
role = "last_name"
required = true
max_length = 60
autocomplete = "family-name"

[[form.fields]]
name = "email"
kind = "email"
role = "email"
max_length = 120
autocomplete = "email"

[[form.fields]]
name = "subject"
role = "subject"
max_length = 200
label.en = "How can we help?"

[texts.en]
"launcher.label" = "Chat with Larkmoor"

[features]
files = true
typing_preview = true

[pace]
active_ms = 150
quiet_ms = 250
hidden_ms = 750
retry_min_ms = 50
retry_max_ms = 1000
request_timeout_ms = 5000
upload_timeout_ms = 20000
resend_window_ms = 5000
typing_silence_ms = 1500
preview_every_ms = 500
"#;

/// Writes the run-time configuration of a tenant whose chats are on `server`, which speaks `dialect`,
/// changed as one likes.
///
/// # Errors
///
/// When the tenant's file has mistakes.
pub(crate) fn tenant(
    server: &str,
    dialect: Dialect,
    change: impl FnOnce(&mut Config),
) -> Result<String> {
    let mut tenant = build::read(FILE, &Known::default())
        .map_err(|mistakes| anyhow!("{}", mistakes.in_file("the tests' tenant")))?;
    let own = &mut tenant.config.server;
    server.clone_into(&mut own.url);
    own.dialect = dialect;
    match dialect {
        Dialect::Gws => own.headers.insert("apikey", "larkmoor".to_owned()),
        dialect if dialect.is_pushed() => own.credentials = Credentials::Include,
        _ => {}
    }
    change(&mut tenant.config);
    let json = tenant.to_json()?;
    Config::from_json(&json)?;
    Ok(json)
}
