//! The files of a package: named by content, compressed.

use anyhow::Result;
use serde::Serialize;

use crate::compress;
use crate::hash;

/// What a file is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The script a page includes, under a stable name.
    Loader,
    /// The script that runs before anything is painted.
    Early,
    /// The same script under the name of its contents, for pages that want this and no other.
    Pinned,
    /// The chat as an element: a script that a page may include instead, under a stable name.
    Element,
    /// The script that mounts the widget.
    Mount,
    /// The form for leaving a message.
    Message,
    /// The page's API.
    Api,
    /// The script that tells of the page.
    Context,
    /// The words of a language other than English, or the script that brings them.
    Words,
    /// What takes the widget's place where the module cannot run in the page.
    Fallback,
    /// The page of the frame.
    FramePage,
    /// The script in the frame.
    Framed,
    /// The JavaScript around the module.
    Glue,
    /// The module, with its styles and English texts.
    Module,
    /// The part of the module that is fetched when a chat has begun.
    Extras,
    /// The tenant's configuration.
    Config,
    /// A picture of the tenant's.
    Picture,
    /// Third parties' licences, for people.
    Licences,
    /// The lines to copy into a page, for whoever puts the widget on it.
    Embed,
    /// The types of the page's API, for editors and TypeScript.
    Types,
    /// The sizes of the other files, for people.
    Sizes,
}

/// The moments at which a visitor's browser fetches files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fetched {
    /// On every page that has the tag.
    WithThePage,
    /// When a visitor may be about to chat.
    ToChat,
    /// When a chat has begun.
    InAChat,
    /// When the part of the panel with it is shown.
    ToShow,
    /// When the page or the visitor speaks another language than English.
    ForALanguage,
}

impl Role {
    /// Returns when a visitor's browser fetches the file on a page without a frame: never, if it is for people.
    #[must_use]
    pub fn fetched(self) -> Option<Fetched> {
        match self {
            Self::Loader | Self::Early => Some(Fetched::WithThePage),
            Self::Mount | Self::Context | Self::Glue | Self::Module | Self::Config => {
                Some(Fetched::ToChat)
            }
            Self::Extras => Some(Fetched::InAChat),
            Self::Picture | Self::Message => Some(Fetched::ToShow),
            Self::Words => Some(Fetched::ForALanguage),
            // The element, the API and what is pinned come where the page uses them, and what a frame needs besides
            // where there is one.
            Self::Pinned
            | Self::Element
            | Self::Api
            | Self::Fallback
            | Self::FramePage
            | Self::Framed => None,
            Self::Licences | Self::Embed | Self::Types | Self::Sizes => None,
        }
    }

    /// Returns whether the file is to be hosted. The others are for whoever has the package.
    #[must_use]
    pub fn is_hosted(self) -> bool {
        !matches!(self, Self::Embed | Self::Types | Self::Sizes)
    }

    /// Returns whether the file is made of the tenant's own.
    #[must_use]
    pub fn is_of_tenant(self) -> bool {
        matches!(
            self,
            Self::Loader
                | Self::Early
                | Self::Pinned
                | Self::Element
                | Self::Mount
                | Self::Message
                | Self::Fallback
                | Self::Context
                | Self::Words
                | Self::FramePage
                | Self::Framed
                | Self::Config
                | Self::Picture
                | Self::Embed
                | Self::Types
        )
    }
}

/// One file and its compressed forms.
#[derive(Debug, Clone)]
pub struct Artefact {
    /// What it is for.
    pub role: Role,
    /// Its name beside the loader.
    pub name: String,
    /// The file as it is.
    pub raw: Vec<u8>,
    /// Compressed with gzip.
    pub gzip: Vec<u8>,
    /// Compressed with brotli.
    pub brotli: Vec<u8>,
}

impl Artefact {
    /// Compresses a file.
    ///
    /// # Errors
    ///
    /// Fails if an encoder does.
    pub fn new(role: Role, name: String, raw: Vec<u8>) -> Result<Self> {
        let (gzip, brotli) = (compress::gzip(&raw)?, compress::brotli(&raw)?);
        Ok(Self {
            role,
            name,
            raw,
            gzip,
            brotli,
        })
    }

    /// Compresses a file and names it after the hash of its final bytes: it may be cached for ever.
    ///
    /// # Errors
    ///
    /// Fails if an encoder does.
    pub fn hashed(role: Role, stem: &str, ending: &str, raw: Vec<u8>) -> Result<Self> {
        let name = format!("{stem}-{}.{ending}", hash::short(&raw));
        Self::new(role, name, raw)
    }

    /// Returns the file's name and content.
    pub(crate) fn content(&self) -> (&str, &[u8]) {
        (&self.name, &self.raw)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_final_bytes() {
        let one = Artefact::hashed(Role::Glue, "chat", "js", b"one".to_vec()).unwrap();
        let two = Artefact::hashed(Role::Glue, "chat", "js", b"two".to_vec()).unwrap();
        assert_ne!(one.name, two.name);
        assert!(
            one.name.starts_with("chat-") && one.name.ends_with(".js"),
            "{}",
            one.name
        );
    }
}
