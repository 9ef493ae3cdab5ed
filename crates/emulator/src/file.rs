//! TOML files that people write: scenarios and fault rules.

use std::path::Path;

use parlour_config::build::{Mistakes, Notes};
use thiserror::Error;

/// The mistakes of a file, one a line: `file:line:column: key: what`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct FileError(String);

impl FileError {
    pub(crate) fn new(file: &Path, mistakes: &Mistakes) -> Self {
        let lines = mistakes.in_file(&file.display().to_string()).to_string();
        Self(lines.trim_end().to_owned())
    }
}

/// Reads a time span such as `2s` as milliseconds; adds a mistake at `path` if it is none.
pub(crate) fn read_span(path: &str, text: &str, notes: &mut Notes) -> u64 {
    parse_span(text).unwrap_or_else(|| {
        let message = format!(
            "expected a time span such as \"500ms\", \"2s\" or \"1m\", a day at most, found \"{text}\""
        );
        notes.add(path, message);
        0
    })
}

fn parse_span(text: &str) -> Option<u64> {
    let text = text.trim();
    let (number, unit_ms) = if let Some(number) = text.strip_suffix("ms") {
        (number, 1.0)
    } else if let Some(number) = text.strip_suffix('s') {
        (number, 1000.0)
    } else {
        (text.strip_suffix('m')?, 60_000.0)
    };
    let number: f64 = number.trim().parse().ok()?;
    let ms = (number * unit_ms).round();
    // The limit of a day also keeps the number far from any overflow.
    if !(0.0..=86_400_000.0).contains(&ms) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "checked to be between 0 and a day"
    )]
    Some(ms as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_time_spans() {
        assert_eq!(parse_span("500ms"), Some(500));
        assert_eq!(parse_span("1.5 s"), Some(1500));
        assert_eq!(parse_span("2m"), Some(120_000));
        for wrong in ["", "2", "s", "-1s", "2h", "NaNs", "infs", "99999m"] {
            assert_eq!(parse_span(wrong), None, "{wrong}");
        }
    }
}
