//! The hand-written scripts of `public/loader`, filled in with what a package has of its own.

mod contacts;
mod context;
mod early;
mod element;
mod fallback;
mod frame;
mod launcher;
mod loader;
mod message;
mod mount;
mod names;
mod texts;
mod words;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde::Serialize;

pub use context::ContextValues;
pub use early::EarlyValues;
pub use element::ElementValues;
pub use fallback::FallbackValues;
pub use frame::{FRAME_PAGE, FramedFiles, FramedValues, frame_page};
pub use loader::{LoaderFiles, LoaderValues, types};
pub use message::MessageValues;
pub use mount::{Digests, MountFiles, MountValues};
pub(crate) use names::{attribute as attribute_name, element as element_name};
pub use words::{WordsValues, words_files};

/// The name in a script that stands for the values of a package.
const PLACE: &str = "__BUILD__";

/// A script that is bundled from the modules of `public/loader`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Script {
    /// What a page includes: a classic script.
    Loader,
    /// What the loader imports before it paints anything, where the tenant's file asks for it.
    Early,
    /// What the loader imports first when the widget is needed.
    Mount,
    /// The form for leaving a message.
    Message,
    /// The page's API.
    Api,
    /// What tells of the page.
    Context,
    /// What takes the widget's place where the module cannot run in the page.
    Fallback,
    /// The frame's side.
    Framed,
    /// What brings the words of other languages than English.
    Words,
    /// The chat as an element: a classic script that a page may include in place of the loader.
    Element,
}

impl Script {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Loader,
        Self::Early,
        Self::Mount,
        Self::Message,
        Self::Api,
        Self::Context,
        Self::Fallback,
        Self::Framed,
        Self::Words,
        Self::Element,
    ];

    /// Returns the name of its file where names carry no hash.
    #[must_use]
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Loader => "loader.js",
            Self::Early => "early.js",
            Self::Mount => "mount.js",
            Self::Message => "message.js",
            Self::Api => "api.js",
            Self::Context => "context.js",
            Self::Fallback => "fallback.js",
            Self::Framed => "framed.js",
            Self::Words => "words.js",
            Self::Element => "element.js",
        }
    }
}

/// The bundled scripts, as templates: the values of a package are missing in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scripts(BTreeMap<Script, String>);

impl Scripts {
    /// Takes each script from `read`.
    ///
    /// # Errors
    ///
    /// Fails where `read` does.
    pub fn read(read: impl Fn(Script) -> Result<String>) -> Result<Self> {
        let texts = Script::ALL.map(|script| Ok((script, read(script)?)));
        Ok(Self(texts.into_iter().collect::<Result<_>>()?))
    }

    /// Lists the scripts with their texts.
    pub fn iter(&self) -> impl Iterator<Item = (Script, &str)> {
        self.0.iter().map(|(script, text)| (*script, text.as_str()))
    }

    /// Returns a script's text.
    #[must_use]
    pub fn text(&self, script: Script) -> &str {
        self.0.get(&script).map_or("", String::as_str)
    }

    /// Returns a script with a package's values in their place.
    ///
    /// # Errors
    ///
    /// Fails if the script is no template.
    pub fn fill(&self, script: Script, values: &impl Serialize) -> Result<String> {
        fill(self.text(script), values).with_context(|| script.file_name().to_owned())
    }
}

/// A file beside the loader, as the scripts know it: its name, and its sha384 digest where it is checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileRef(
    String,
    #[serde(skip_serializing_if = "Option::is_none")] Option<String>,
);

impl FileRef {
    /// Names a file.
    #[must_use]
    pub fn named(name: &str) -> Self {
        Self(name.to_owned(), None)
    }

    /// Names a file and the digest that it must have.
    #[must_use]
    pub fn checked(name: &str, integrity: String) -> Self {
        Self(name.to_owned(), Some(integrity))
    }
}

/// Puts `values` in their place in a script.
fn fill(script: &str, values: &impl Serialize) -> Result<String> {
    match script.match_indices(PLACE).count() {
        1 => Ok(script.replace(PLACE, &serde_json::to_string(values)?)),
        count => bail!("a script must name `{PLACE}` once, and has it {count} times"),
    }
}

#[cfg(test)]
mod tests {
    use parlour_config::build::{Known, Tokens};

    use super::*;
    use crate::tenant::{Instead, Tenant};

    /// Reads a tenant's file with the texts and tokens of the widget.
    pub(super) fn tenant(toml: &str) -> Tenant {
        let known = Known {
            tokens: Tokens::from_sheet(include_str!("../../../../style/tokens.css")),
            texts: serde_json::from_str(include_str!("../../../../public/locales/en.json"))
                .unwrap(),
            ..Known::default()
        };
        let file = format!("tenant = \"acme\"\nserver.service = \"sales\"\n{toml}");
        crate::tenant::read(&file, "acme.toml", known, Instead::default()).unwrap()
    }

    pub(super) fn files() -> LoaderFiles {
        LoaderFiles {
            mount: FileRef::named("mount.js"),
            glue: FileRef::named("chat.js"),
            wasm: FileRef::named("chat.wasm"),
            config: FileRef::named("config.json"),
            early: None,
        }
    }

    #[test]
    fn the_values_stand_in_their_place() {
        let values = [FileRef::named("a.js")];
        let filled = fill("(()=>{const b=__BUILD__;})()", &values).unwrap();
        assert_eq!(filled, "(()=>{const b=[[\"a.js\"]];})()");
        assert!(fill("no place", &values).is_err());
        assert!(fill("__BUILD__ __BUILD__", &values).is_err());
    }
}
