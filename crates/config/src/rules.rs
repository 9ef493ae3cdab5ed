//! The rules that hold at run time too: what would harm the visitor or the server if a file came
//! from somewhere else than our own build. Each gives a key and words.

use crate::{Config, ConfigError, Dialect};

/// Returns the first rule that the configuration breaks.
pub(crate) fn first_violation(config: &Config) -> Option<ConfigError> {
    let mut first = None;
    let mut tell = |path: &str, message: &str| {
        first.get_or_insert_with(|| ConfigError::at(path, message));
    };
    check(config, &mut tell);
    if let Some(name) = wrong_header(config) {
        tell(
            &["server.headers.", name].concat(),
            "expected a header that browsers take",
        );
    }
    let names_nobody = config.form.fields.is_empty();
    if names_nobody && !matches!(config.server.dialect, Dialect::GmsV1 | Dialect::GmsV1Cometd) {
        tell("form.fields", "expected the visitor's name, found nothing");
    }
    if config.pace.retry_max_ms < config.pace.retry_min_ms {
        tell("pace.retry_max_ms", "expected at least retry_min_ms");
    }
    first
}

/// Tells every rule that the build shares: key path, then what is wrong.
pub(crate) fn check(config: &Config, tell: &mut dyn FnMut(&str, &str)) {
    if config.tenant.is_empty() {
        tell("tenant", "expected a name, found nothing");
    }
    if config.server.service.is_empty() {
        tell("server.service", "expected a name, found nothing");
    }
    let url = config.server.url.as_str();
    if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
        tell(
            "server.url",
            "expected a URL that begins with https:// or http://",
        );
    } else if url.ends_with('/') {
        tell("server.url", "expected no slash at the end");
    } else if url.contains(['?', '#']) {
        tell("server.url", "expected a URL without query or fragment");
    }
}

/// Finds a header at which every request would throw, by its name or by its value.
fn wrong_header(config: &Config) -> Option<&str> {
    let in_name = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    let headers = config.server.headers.iter();
    let mut wrong = headers.filter(|(name, value)| {
        name.is_empty() || !name.bytes().all(in_name) || !value.bytes().all(is_printable)
    });
    wrong.next().map(|(name, _)| name.as_str())
}

fn is_printable(byte: u8) -> bool {
    (b' '..=b'~').contains(&byte)
}
