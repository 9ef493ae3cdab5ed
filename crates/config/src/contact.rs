use serde::{Deserialize, Serialize};

/// The other ways to get in touch. They are shown where the chat cannot run or cannot be reached.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Contact {
    /// Gives an e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Gives a telephone number as people read it, best with the country's code: `+44 20 7946 0000`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Links to a page, for example one with a form: a URL, or a path of the page's site that
    /// begins with `/`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

impl Contact {
    /// Tells whether there is no other way to get in touch.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.email.is_none() && self.phone.is_none() && self.url.is_none()
    }
}
