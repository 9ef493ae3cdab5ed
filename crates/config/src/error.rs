use std::error::Error;
use std::fmt;

/// An error in a run-time configuration, and its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Names the key, for example `server.url`; empty if the text is no JSON, or no JSON object.
    pub path: String,
    /// Counts lines from 1, if the text is no JSON; 0 otherwise.
    pub line: usize,
    /// Counts bytes of that line.
    pub column: usize,
    /// Says what is wrong and what was expected, for the integrator.
    pub message: String,
}

impl ConfigError {
    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        let (line, column) = (error.line(), error.column());
        Self {
            path: String::new(),
            line,
            column,
            // Not the words of serde_json, which would be code that every visitor loads.
            message: "expected JSON".into(),
        }
    }

    pub(crate) fn at(path: &str, message: &str) -> Self {
        Self {
            path: path.into(),
            line: 0,
            column: 0,
            message: message.into(),
        }
    }
}

impl ConfigError {
    /// Says it in one line: where, and what.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        let Self {
            path,
            line,
            column,
            message,
        } = self;
        if *line > 0 {
            format!("line {line}, column {column}: {message}")
        } else if path.is_empty() {
            message.clone()
        } else {
            format!("{path}: {message}")
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_a_line())
    }
}

impl Error for ConfigError {}
