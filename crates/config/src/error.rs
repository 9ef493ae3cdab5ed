use std::error::Error;
use std::fmt;

/// Says what is wrong with a run-time configuration, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// Names the key, for example `server.url`; empty if the text is no JSON of the right shape.
    pub path: String,
    /// Counts lines from 1; 0 if the place is a key.
    pub line: usize,
    /// Counts bytes of the line from 1; 0 if the place is a key.
    pub column: usize,
    /// Says what is wrong and what was expected, for the integrator.
    pub message: String,
}

impl ConfigError {
    pub(crate) fn from_json(error: &serde_json::Error) -> Self {
        // serde_json ends its words with the place: it is kept in fields of its own.
        let mut message = error.to_string();
        if let Some(place) = message.rfind(" at line ") {
            message.truncate(place);
        }
        Self {
            path: String::new(),
            line: error.line(),
            column: error.column(),
            message,
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
        if self.path.is_empty() {
            write!(
                f,
                "line {}, column {}: {}",
                self.line, self.column, self.message
            )
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

impl Error for ConfigError {}
