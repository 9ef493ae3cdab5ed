//! The rules that hold at run time too: what would harm the visitor or the server if a file came
//! from somewhere else than our own build. Each gives a key and words.

use crate::{Config, ConfigError};

/// Returns the first rule that the configuration breaks.
pub(crate) fn first_violation(config: &Config) -> Option<ConfigError> {
    let mut first = None;
    check(config, &mut |path, message| {
        first.get_or_insert_with(|| ConfigError::at(path, message));
    });
    first
}

/// Tells every rule that the configuration breaks: key path, then what is wrong.
pub(crate) fn check(config: &Config, tell: &mut dyn FnMut(&str, &str)) {
    if config.tenant.is_empty() {
        tell("tenant", "expected a name, found nothing");
    }
    if config.server.service.is_empty() {
        tell(
            "server.service",
            "expected the name of a service, found nothing",
        );
    }
    let url = config.server.url.as_str();
    if !(url.is_empty() || url.starts_with("https://") || url.starts_with("http://")) {
        tell(
            "server.url",
            "expected a URL that begins with http:// or https://",
        );
    }
    let pace = &config.pace;
    for (path, value) in [
        ("pace.active_ms", pace.active_ms),
        ("pace.quiet_ms", pace.quiet_ms),
        ("pace.hidden_ms", pace.hidden_ms),
        ("pace.retry_min_ms", pace.retry_min_ms),
        ("pace.preview_every_ms", pace.preview_every_ms),
    ] {
        if value < 50 {
            tell(path, "expected at least 50 milliseconds");
        }
    }
}
