//! The composer's text. The session owns it: the composer shows it, and tells what the visitor types.

/// The text, and who does not know of its latest change yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    text: String,
    is_unsaved: bool,
    is_unshown: bool,
}

impl Draft {
    /// Takes over what the visitor typed: the composer has it.
    pub(crate) fn type_in(&mut self, text: String) {
        self.is_unsaved |= text != self.text;
        self.text = text;
    }

    /// Changes the text otherwise: the composer must show it.
    pub(crate) fn set(&mut self, text: String) {
        self.type_in(text);
        self.is_unshown = true;
    }

    /// Puts a text after what is there, on a line of its own.
    pub(crate) fn append(&mut self, text: &str) {
        let before = core::mem::take(&mut self.text);
        let separator = if before.is_empty() { "" } else { "\n" };
        self.set([&before, separator, text].concat());
        self.is_unsaved = true;
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Returns the text if the composer is yet to show it.
    pub(crate) fn take_unshown(&mut self) -> Option<String> {
        core::mem::take(&mut self.is_unshown).then(|| self.text.clone())
    }

    /// Tells whether it changed since the last call.
    pub(crate) fn take_unsaved(&mut self) -> bool {
        core::mem::take(&mut self.is_unsaved)
    }
}
