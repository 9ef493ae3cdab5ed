#[cfg(feature = "build")]
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::{
    Attention, Contact, Features, Form, Launcher, Pace, Privacy, Server, Survey, Table, Theme,
};
#[cfg(feature = "build")]
use crate::{Context, Embed, Hours, Message, Rules};

/// One tenant's configuration: everything that differs between two sites that use the same widget.
///
/// Unknown keys are ignored at run time, so that a newer file does not break an older module; at
/// build time they are mistakes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
pub struct Config {
    /// Names the tenant. Snapshots, storage keys and file names carry it: lower-case letters,
    /// digits and hyphens.
    pub tenant: String,
    /// The chat server's address, and how to talk to it.
    pub server: Server,
    /// The questions to the visitor before the chat begins.
    #[serde(default)]
    pub form: Form,
    /// Changes the look.
    #[serde(default)]
    pub theme: Theme,
    /// Replaces words of the widget: locale, then text key, then the words.
    #[serde(default)]
    pub texts: Table<Table<String>>,
    /// Fixes the language, for example `de` or `pt-BR`. Absent: the page's language, then the
    /// browser's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locale: Option<String>,
    /// Lists the languages that visitors are spoken to beside English, in the widget's own words: `["de", "pt-BR"]`, or
    /// `["all"]`. Those under `texts` need not be named.
    // For the package only: the words are files of their own.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub locales: Vec<String>,
    /// Switches abilities on and off.
    #[serde(default)]
    pub features: Features,
    /// Chooses how a visitor who looks elsewhere learns that something is new.
    #[serde(default)]
    pub attention: Attention,
    /// Sets how often the server is asked and how long is waited for it.
    #[serde(default)]
    pub pace: Pace,
    /// The limits of what is kept in the visitor's browser, and of what leaves it.
    #[serde(default)]
    pub privacy: Privacy,
    /// Places and labels the button that opens the chat.
    #[serde(default)]
    pub launcher: Launcher,
    /// Other ways to get in touch, where the chat cannot run or cannot be reached.
    #[serde(default, skip_serializing_if = "Contact::is_empty")]
    pub contact: Contact,
    /// Links to questions about the chat that is over.
    #[serde(default, skip_serializing_if = "Survey::is_empty")]
    pub survey: Survey,
    /// What the contact centre is told of the page.
    // For a script only, as well.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub context: Context,
    /// Fits the widget into pages: the names of its API and its element, the frame, and sub-domains.
    // For the loader only: it stays out of the run-time JSON.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub embed: Embed,
    /// Says on which pages the launcher stands, and when the panel opens by itself.
    // For the loader only, too.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub rules: Rules,
    /// Gives the hours at which somebody answers, and says what a visitor finds outside of them.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub hours: Option<Hours>,
    /// Takes messages where there is no chat to be had.
    #[cfg(feature = "build")]
    #[serde(default, skip_serializing)]
    pub message: Option<Message>,
}

#[cfg(feature = "build")]
impl Config {
    /// Lists the languages of the package beside plain English, in the order of their tags: those that the file asks for, out of
    /// those that the widget has words in, and those that the file itself has words in.
    pub fn languages<'a>(
        &'a self,
        widgets: impl IntoIterator<Item = &'a str>,
    ) -> BTreeSet<&'a str> {
        let asked = |tag: &str| self.locales.iter().any(|one| one == "all" || one == tag);
        let fixed = self.locale.as_deref();
        let of_widget = |tag: &&str| asked(tag) || fixed.is_some_and(|fixed| is_part(tag, fixed));
        let own = self.texts.keys().map(String::as_str);
        let all = own.chain(widgets.into_iter().filter(of_widget));
        all.filter(|tag| *tag != "en").collect()
    }

    /// Returns the name of the global function by which a page's scripts talk to the widget: the
    /// file's `embed.api_name`, or one made of the tenant's name.
    #[must_use]
    pub fn api_name(&self) -> String {
        let own = self.embed.api_name.clone();
        own.unwrap_or_else(|| derived_api_name(&self.tenant))
    }
}

/// Tells whether a language tag is what another shortens to, or the same: `zh-Hant` and `zh` are that of `zh-Hant-TW`.
#[cfg(feature = "build")]
pub(crate) fn is_part(tag: &str, of: &str) -> bool {
    of.strip_prefix(tag)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

/// Makes `AcmeShopChat` of `acme-shop`. A JavaScript name cannot begin with a digit: `4ever` gives
/// `Chat4ever`.
#[cfg(feature = "build")]
fn derived_api_name(tenant: &str) -> String {
    let words = tenant.split('-').map(|word| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    });
    let name: String = words.collect();
    if name.starts_with(|first: char| first.is_ascii_digit()) {
        format!("Chat{name}")
    } else {
        name + "Chat"
    }
}
