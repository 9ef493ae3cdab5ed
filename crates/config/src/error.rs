use std::error::Error;
use std::fmt;

use parlour_json::{ParseError, digits};

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

impl ConfigError {
    /// Says it in one line: where, and what.
    #[must_use]
    pub fn in_a_line(&self) -> String {
        let (line, column) = (digits(self.line as u64), digits(self.column as u64));
        let words = if self.line > 0 {
            ["line ", &line, ", column ", &column, ": ", &self.message]
        } else if self.path.is_empty() {
            ["", "", "", "", "", &self.message]
        } else {
            ["", "", "", &self.path, ": ", &self.message]
        };
        words.concat()
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_a_line())
    }
}

impl Error for ConfigError {}
