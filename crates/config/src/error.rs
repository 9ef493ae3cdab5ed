use std::error::Error;
use std::fmt;

use parlour_json::ParseError;

/// Says what is wrong with a run-time configuration, and where.
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
    pub(crate) fn from_json(error: ParseError) -> Self {
        Self {
            path: String::new(),
            line: error.line,
            column: error.column,
            message: ["expected ", error.expected].concat(),
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

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}, column {}: ", self.line, self.column)?;
        } else if !self.path.is_empty() {
            write!(f, "{}: ", self.path)?;
        }
        f.write_str(&self.message)
    }
}

impl Error for ConfigError {}
