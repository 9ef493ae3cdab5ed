//! Values that records are made of.

use crate::dialect::json::Value;

/// A value that is stored as JSON.
pub(crate) trait Stored: Sized {
    /// Writes the value.
    fn write(&self) -> Value;
    /// Reads what was written, by this version or an older one; `None` if it is something else.
    fn read(json: &Value) -> Option<Self>;
}

impl Stored for String {
    fn write(&self) -> Value {
        self.as_str().into()
    }

    fn read(json: &Value) -> Option<Self> {
        json.as_str().map(Into::into)
    }
}
