//! The rules that hold at run time too: what would harm the visitor or the server if a file came
//! from somewhere else than our own build. Each gives a key and words.

use crate::{Config, ConfigError, Pace};

/// Returns the first rule that the configuration breaks.
pub(crate) fn first_violation(config: &Config) -> Option<ConfigError> {
    let mut first = None;
    let mut tell = |path: &str, message: &str| {
        first.get_or_insert_with(|| ConfigError::at(path, message));
    };
    check(config, &mut tell);
    check_pace(&config.pace, &mut tell);
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
    }
}

/// The schema has these limits; at run time there is none.
fn check_pace(pace: &Pace, tell: &mut dyn FnMut(&str, &str)) {
    for (path, value) in [
        ("pace.active_ms", pace.active_ms),
        ("pace.quiet_ms", pace.quiet_ms),
        ("pace.hidden_ms", pace.hidden_ms),
        ("pace.drop_after_ms", pace.drop_after_ms),
        ("pace.retry_min_ms", pace.retry_min_ms),
        ("pace.retry_max_ms", pace.retry_max_ms),
        ("pace.request_timeout_ms", pace.request_timeout_ms),
        ("pace.upload_timeout_ms", pace.upload_timeout_ms),
        ("pace.resend_window_ms", pace.resend_window_ms),
        ("pace.typing_silence_ms", pace.typing_silence_ms),
        ("pace.preview_every_ms", pace.preview_every_ms),
    ] {
        if value < 50 {
            tell(path, "expected at least 50 milliseconds");
        }
    }
    if pace.jitter_percent > 50 {
        tell("pace.jitter_percent", "expected at most 50 percent");
    }
    if pace.retry_max_ms < pace.retry_min_ms {
        tell("pace.retry_max_ms", "expected at least retry_min_ms");
    }
}
