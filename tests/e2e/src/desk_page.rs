//! The desk page as a person who plays the agent sees and uses it.

use std::path::Path;

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::json;
use thirtyfour::WebElement;

use crate::browser::Browser;
use crate::wait::until;

const LOOK: &str = include_str!("look_at_desk.js");

/// Finds a visible element. Arguments: a selector; what it says, or nothing if that does not matter.
/// Where something is asked, only what is in the question can be reached.
const FIND: &str = "
    const within = document.querySelector('dialog[open]') ?? document;
    const says = (element) => element.innerText.replace(/\\s+/g, ' ').trim();
    return [...within.querySelectorAll(arguments[0])].find((element) =>
        (element.type === 'file' || element.checkVisibility({visibilityProperty: true})) &&
        (arguments[1] === null || says(element) === arguments[1])) ?? null;";

/// The desk page that a browser shows.
#[derive(Debug, Clone, Copy)]
pub struct DeskPage<'a> {
    browser: &'a Browser,
}

/// Everything that can be seen of the desk page at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct SeenDesk {
    /// The page's title.
    pub title: String,
    /// What is said of the line to the server.
    pub connection: String,
    /// The question that is asked, whole.
    pub dialog: String,
    /// Who waits.
    pub waiting: Vec<Row>,
    /// The chats of whoever sits here.
    pub mine: Vec<Row>,
    /// The chats that are with others.
    pub others: Vec<Row>,
    /// The chats that are over.
    pub ended: Vec<Row>,
    /// What is said where there is nothing to show.
    pub empty: String,
    /// What is said above the chat that is open.
    pub head: String,
    /// What happened in it.
    pub entries: Vec<Entry>,
    /// Who is typing, in the page's words.
    pub typing: String,
    /// What the visitor has typed so far.
    pub preview: String,
    /// What stands in the place of the message box, with its buttons.
    pub bar: String,
    /// The buttons above the chat.
    pub actions: Vec<String>,
    /// What is in the message box, if there is one.
    #[serde(rename = "box")]
    pub draft: Option<String>,
    /// The chat's data.
    pub details: String,
    /// What went wrong just now.
    pub problems: Vec<String>,
    /// What has the focus: its id, or its words.
    pub focus: String,
}

/// A chat in the list.
#[derive(Debug, Clone, Deserialize)]
pub struct Row {
    /// Its id.
    pub chat: String,
    /// The visitor's name.
    pub name: String,
    /// What was said last.
    pub said: String,
    /// Whether the visitor is typing.
    pub typing: bool,
    /// How much of the visitor's words nobody has looked at here.
    pub unread: u32,
    /// What else is told of it.
    pub tags: Vec<String>,
    /// Whether it is the one that is open.
    pub open: bool,
}

/// An event of the chat that is open.
#[derive(Debug, Clone, Deserialize)]
pub struct Entry {
    /// `entry` for what somebody said or sent, `note`, or `day`.
    pub kind: String,
    /// `ours` or `theirs`, or nothing.
    pub side: String,
    /// Who, where that stands above it.
    pub who: String,
    /// Its words.
    pub text: String,
}

impl SeenDesk {
    /// Tells whether something was said or sent by this side, with exactly these words, once.
    #[must_use]
    pub fn says(&self, side: &str, who: &str, text: &str) -> bool {
        let same = |entry: &&Entry| entry.side == side && entry.who == who && entry.text == text;
        self.entries.iter().filter(same).count() == 1
    }

    /// Tells whether a line between the messages has exactly these words.
    #[must_use]
    pub fn notes(&self, text: &str) -> bool {
        self.entries
            .iter()
            .any(|entry| entry.kind == "note" && entry.text == text)
    }

    /// Lists the words of everything that happened.
    #[must_use]
    pub fn log(&self) -> Vec<(&str, &str)> {
        self.entries
            .iter()
            .map(|entry| (entry.who.as_str(), entry.text.as_str()))
            .collect()
    }
}

impl<'a> DeskPage<'a> {
    /// Opens the desk of a server.
    ///
    /// # Errors
    ///
    /// As WebDriver; so with everything that follows.
    pub async fn open(browser: &'a Browser, server: &str) -> Result<Self> {
        browser.open(&format!("{server}/desk/")).await?;
        Ok(Self { browser })
    }

    /// Gives access to its browser.
    #[must_use]
    pub fn browser(self) -> &'a Browser {
        self.browser
    }

    /// Sees what an agent sees.
    ///
    /// # Errors
    ///
    /// As [`DeskPage::open`].
    pub async fn look(self) -> Result<SeenDesk> {
        let seen = self.browser.run(LOOK, &[]).await?;
        serde_json::from_value(seen).context("the desk is not what the tests think it is")
    }

    /// Waits until the page looks as `test` wants it.
    ///
    /// # Errors
    ///
    /// When it does not; tells what was seen last.
    pub async fn until(self, what: &str, test: impl Fn(&SeenDesk) -> bool) -> Result<SeenDesk> {
        let mut last = None;
        let found = until(what, async || {
            let seen = self.look().await?;
            let fits = test(&seen);
            last = Some(seen.clone());
            Ok(fits.then_some(seen))
        })
        .await;
        found.with_context(|| format!("the agent sees {last:#?}"))
    }

    /// Clicks on the element that a selector finds.
    ///
    /// # Errors
    ///
    /// As [`Browser::click`].
    pub async fn click(self, selector: &str) -> Result<()> {
        self.browser
            .click(selector, async || self.find(selector, None).await)
            .await
    }

    /// Clicks on the button that says this.
    ///
    /// # Errors
    ///
    /// As [`Browser::click`].
    pub async fn press(self, words: &str) -> Result<()> {
        self.browser
            .click(words, async || self.find("button", Some(words)).await)
            .await
    }

    /// Chooses from a menu: its button, then the item.
    ///
    /// # Errors
    ///
    /// As [`Browser::click`].
    pub async fn choose(self, menu: &str, item: &str) -> Result<()> {
        self.press(menu).await?;
        self.press(item).await
    }

    /// Fills in what is asked, field by field, and sends it off with Enter or its button.
    ///
    /// # Errors
    ///
    /// When the question or a field does not come.
    pub async fn answer(self, question: &str, fields: &[(&str, &str)], ok: &str) -> Result<()> {
        self.until(question, |seen| seen.dialog.contains(question))
            .await?;
        for (name, value) in fields {
            let control = self.element(&format!("dialog [name={name}]")).await?;
            control.clear().await?;
            control.send_keys(*value).await?;
        }
        self.press(ok).await?;
        self.until("the question to go", |seen| seen.dialog.is_empty())
            .await?;
        Ok(())
    }

    /// Speaks as another one of those whom one may speak for.
    ///
    /// # Errors
    ///
    /// When there is no such choice.
    pub async fn speaks_as(self, choice: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll('#speak-as:not([hidden]) option')]
            .find((option) => option.text === arguments[0]) ?? null;";
        let option = until(&format!("the choice {choice}"), async || {
            self.browser.find(script, &[json!(choice)]).await
        })
        .await?;
        Ok(option.click().await?)
    }

    /// Types into the message box, after what is there.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn types(self, text: &str) -> Result<()> {
        let message = self.element("#say").await?;
        self.browser.settles().await?;
        message.send_keys(text).await?;
        Ok(())
    }

    /// Picks a file to send, as in the browser's dialog.
    ///
    /// # Errors
    ///
    /// When there is nothing to pick it with.
    pub async fn picks(self, file: &Path) -> Result<()> {
        let path = file.to_str().context("a path is no UTF-8")?;
        let picker = self.element("#pick-files").await?;
        picker.send_keys(path).await?;
        Ok(())
    }

    /// Waits for a visible element, or what files are picked with.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn element(self, selector: &str) -> Result<WebElement> {
        until(&format!("an element {selector}"), async || {
            self.find(selector, None).await
        })
        .await
    }

    async fn find(self, selector: &str, words: Option<&str>) -> Result<Option<WebElement>> {
        self.browser
            .find(FIND, &[json!(selector), json!(words)])
            .await
    }
}
