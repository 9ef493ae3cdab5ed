//! The widget as a visitor sees and uses it.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use thirtyfour::WebElement;

use crate::browser::Browser;
use crate::wait::until;

const SHIFT: char = '\u{e008}';
const ENTER: char = '\u{e007}';

const LOOK: &str = include_str!("look.js");

/// Finds a visible element of a widget. Arguments: which widget, a selector.
const FIND: &str = "
    const hosts = [...document.documentElement.children, ...document.body.children].filter((element) => element.shadowRoot);
    const found = hosts[arguments[0]]?.shadowRoot.querySelectorAll(arguments[1]) ?? [];
    return [...found].find((element) => element.type === 'file' || element.checkVisibility({
        opacityProperty: true, visibilityProperty: true })) ?? null;";

/// One widget of the page that a browser shows.
#[derive(Debug, Clone, Copy)]
pub struct Widget<'a> {
    browser: &'a Browser,
    number: usize,
}

/// Everything that can be seen of a widget at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Seen {
    /// The round button.
    pub launcher: Launcher,
    /// Whether the module runs; before, only the launcher is there.
    pub mounted: bool,
    /// Whether the panel can be seen.
    pub open: bool,
    /// What the panel's header says.
    pub header: String,
    /// The pre-chat form, if it can be seen.
    pub form: Option<Form>,
    /// The lines of the timeline, in order.
    pub lines: Vec<Line>,
    /// How far the first file on its way has come, from 0 to 1; -1 if that is not known.
    pub progress: Option<f64>,
    /// What is said about how things stand.
    pub status: Vec<Status>,
    /// The files that go with the next message: name and size.
    pub tray: Vec<String>,
    /// Who is typing, in the widget's words.
    pub typing: String,
    /// The composer, if it can be seen.
    pub composer: Option<Composer>,
    /// The question that is asked, with its text.
    pub dialog: String,
    /// The warning that the chat is about to close.
    pub idle: String,
    /// Whether the chat is over.
    pub ended: bool,
    /// What the loader says beside the launcher.
    pub note: String,
    /// What has the focus: its part, or what else names it.
    pub focus: String,
}

/// The launcher at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Launcher {
    /// Whether it can be seen.
    pub shown: bool,
    /// What a screen reader calls it.
    pub name: String,
    /// Whether it says that it has opened something.
    pub expanded: bool,
    /// The number on it.
    pub badge: String,
}

/// The pre-chat form at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Form {
    /// `ready` or `sending`.
    pub state: String,
    /// Its fields.
    pub fields: Vec<Field>,
    /// What is said about the form as a whole.
    pub alert: String,
}

/// A field of the form.
#[derive(Debug, Clone, Deserialize)]
pub struct Field {
    /// Its name.
    pub name: String,
    /// Its label.
    pub label: String,
    /// What is in it.
    pub value: String,
    /// Whether it is said to be wrong.
    pub invalid: bool,
    /// What a screen reader reads after it: help and error.
    pub description: String,
}

/// A line of the timeline.
#[derive(Debug, Clone, Deserialize, PartialEq, Eq)]
pub struct Line {
    /// `message`, `system`, `file` or `link`.
    pub kind: String,
    /// `me` or `agent`, or nothing.
    pub from: String,
    /// Its state, such as `sent`.
    pub state: String,
    /// Its words.
    pub text: String,
    /// Its words with what stands around them: name, time, what went wrong.
    pub whole: String,
}

/// A line about how the chat stands.
#[derive(Debug, Clone, Deserialize)]
pub struct Status {
    /// Which.
    pub state: String,
    /// In words.
    pub text: String,
}

/// The composer at one moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Composer {
    /// What is in it.
    pub text: String,
    /// How much room is left, if that is said.
    pub room: String,
    /// Whether one can send now.
    pub sendable: bool,
    /// What is said about files.
    pub limits: String,
}

impl Seen {
    /// Finds a line by its kind and words.
    #[must_use]
    pub fn line(&self, kind: &str, text: &str) -> Option<&Line> {
        self.lines
            .iter()
            .find(|line| line.kind == kind && line.text.contains(text))
    }

    /// Tells whether exactly these words were said by `me` or `agent`, and stand there once.
    #[must_use]
    pub fn says(&self, from: &str, text: &str) -> bool {
        let same = |line: &&Line| line.kind == "message" && line.from == from && line.text == text;
        self.lines.iter().filter(same).count() == 1
    }

    /// Tells whether one's own message of these words stands there once, in this state.
    #[must_use]
    pub fn mine(&self, text: &str, state: &str) -> bool {
        self.says("me", text)
            && self
                .lines
                .iter()
                .any(|line| line.from == "me" && line.text == text && line.state == state)
    }

    /// Lists what was said, as (`me` or `agent`, words), in the order shown.
    #[must_use]
    pub fn said(&self) -> Vec<(&str, &str)> {
        self.lines
            .iter()
            .filter(|line| line.kind == "message")
            .map(|line| (line.from.as_str(), line.text.as_str()))
            .collect()
    }

    /// Finds what is said about a state, such as `reconnecting`.
    #[must_use]
    pub fn status(&self, state: &str) -> Option<&str> {
        self.status
            .iter()
            .find(|status| status.state == state)
            .map(|status| status.text.as_str())
    }

    /// Tells what is in the composer.
    #[must_use]
    pub fn draft(&self) -> Option<&str> {
        self.composer
            .as_ref()
            .map(|composer| composer.text.as_str())
    }

    /// Finds a field of the form.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.form
            .as_ref()?
            .fields
            .iter()
            .find(|field| field.name == name)
    }
}

impl<'a> Widget<'a> {
    /// Looks at the first widget of the page.
    #[must_use]
    pub fn first(browser: &'a Browser) -> Self {
        Self { browser, number: 0 }
    }

    /// Sees what a visitor sees; nothing if the page has no widget.
    ///
    /// # Errors
    ///
    /// As WebDriver; so with everything that follows.
    pub async fn look(self) -> Result<Option<Seen>> {
        let seen = self.browser.run(LOOK, &[json!(self.number)]).await?;
        serde_json::from_value(seen).context("the widget is not what the tests think it is")
    }

    /// Waits until the widget looks as `test` wants it.
    ///
    /// # Errors
    ///
    /// When it does not; tells what was seen last.
    pub async fn until(self, what: &str, test: impl Fn(&Seen) -> bool) -> Result<Seen> {
        let mut last = None;
        let found = until(what, async || {
            last = self.look().await?;
            Ok(last.clone().filter(&test))
        })
        .await;
        found.with_context(|| format!("the visitor sees {last:#?}"))
    }

    /// Waits for a visible element of the widget and returns it.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn element(self, selector: &str) -> Result<WebElement> {
        until(&format!("an element {selector}"), async || {
            self.find(selector).await
        })
        .await
    }

    /// Tells whether there is such an element, hidden or not, right now.
    ///
    /// # Errors
    ///
    /// As [`Widget::look`].
    pub async fn has(self, selector: &str) -> Result<bool> {
        let script = "
            const hosts = [...document.documentElement.children, ...document.body.children].filter((element) => element.shadowRoot);
            return !!hosts[arguments[0]]?.shadowRoot.querySelector(arguments[1]);";
        let found = self
            .browser
            .run(script, &[json!(self.number), json!(selector)])
            .await?;
        Ok(found == true)
    }

    /// Clicks on an element as [`Browser::click`] does.
    ///
    /// # Errors
    ///
    /// When there is none, or no click meets it.
    pub async fn click(self, selector: &str) -> Result<()> {
        self.browser
            .click(selector, async || self.find(selector).await)
            .await
    }

    /// Clicks on a part.
    ///
    /// # Errors
    ///
    /// As [`Widget::click`].
    pub async fn click_part(self, part: &str) -> Result<()> {
        self.click(&format!("[part~={part}]")).await
    }

    /// Empties a field of the form and types into it.
    ///
    /// # Errors
    ///
    /// When there is no such field.
    pub async fn fill(self, name: &str, text: &str) -> Result<()> {
        let control = self.element(&format!("[name={name}]")).await?;
        // The form may be about to give the focus to its first field.
        self.browser.settles().await?;
        control.clear().await?;
        control.send_keys(text).await?;
        Ok(())
    }

    /// Types into the composer, after what is there.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn types(self, text: &str) -> Result<()> {
        let input = self.element("[part~=input]").await?;
        self.browser.settles().await?;
        input.send_keys(text).await?;
        Ok(())
    }

    /// Presses Enter with Shift in the composer.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn presses_shift_enter(self) -> Result<()> {
        // Held until the end of what is sent.
        let keys = [SHIFT, ENTER].iter().collect::<String>();
        self.types(&keys).await
    }

    /// Puts a text into the composer at once, as pasting does.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn pastes(self, text: &str) -> Result<()> {
        let script = "
            arguments[0].value += arguments[1];
            arguments[0].dispatchEvent(new InputEvent('input', {bubbles: true}));";
        let input = self.element("[part~=input]").await?;
        self.browser
            .run(script, &[input.to_json()?, json!(text)])
            .await?;
        Ok(())
    }

    /// Pastes a file into the composer, and tells whether the widget took it.
    ///
    /// # Errors
    ///
    /// When there is no composer.
    pub async fn pastes_file(self, name: &str, content: &str) -> Result<bool> {
        let script = "
            const clipboardData = new DataTransfer();
            clipboardData.items.add(new File([arguments[2]], arguments[1]));
            const event = new ClipboardEvent('paste',
                {clipboardData, bubbles: true, cancelable: true, composed: true});
            // Firefox makes such events without what was copied.
            if (!event.clipboardData?.files.length)
                Object.defineProperty(event, 'clipboardData', {value: clipboardData});
            return !arguments[0].dispatchEvent(event);";
        let input = self.element("[part~=input]").await?;
        let given = [input.to_json()?, json!(name), json!(content)];
        Ok(self.browser.run(script, &given).await? == true)
    }

    /// Pastes a picture of some kilobytes into the composer, with a text beside it if one is given as
    /// spreadsheets copy it, and tells whether the widget took it.
    ///
    /// # Errors
    ///
    /// When there is no composer.
    pub async fn pastes_picture(self, text: Option<&str>) -> Result<bool> {
        let script = "
            const [input, text] = given;
            const canvas = Object.assign(document.createElement('canvas'), {width: 320, height: 200});
            const context = canvas.getContext('2d');
            for (let at = 0; at < 320; at += 8) {
                context.fillStyle = `hsl(${at} 70% 55%)`;
                context.fillRect(at, 0, 8, 200);
            }
            const picture = await new Promise((done) => canvas.toBlob(done, 'image/png'));
            const clipboardData = new DataTransfer();
            if (text) clipboardData.setData('text/plain', text);
            clipboardData.items.add(new File([picture], 'image.png', {type: 'image/png'}));
            const event = new ClipboardEvent('paste',
                {clipboardData, bubbles: true, cancelable: true, composed: true});
            // Firefox makes such events without what was copied.
            if (!event.clipboardData?.files.length)
                Object.defineProperty(event, 'clipboardData', {value: clipboardData});
            return !input.dispatchEvent(event);";
        let input = self.element("[part~=input]").await?;
        let given = [input.to_json()?, json!(text)];
        Ok(self.browser.run_async(script, &given).await? == true)
    }

    /// Picks a file, and sends it once it is attached.
    ///
    /// # Errors
    ///
    /// As [`Widget::picks`], or when it cannot be attached.
    pub async fn sends_file(self, file: &std::path::Path) -> Result<()> {
        self.picks(file).await?;
        self.until("the file to be attached", |seen| seen.tray.len() == 1)
            .await?;
        self.click_part("send").await
    }

    /// Drops a file on the transcript as [`Browser::drops`] does.
    ///
    /// # Errors
    ///
    /// When there is none, or the file is not taken.
    pub async fn drops(self, file: &std::path::Path) -> Result<()> {
        let transcript = self.element("[part~=transcript]").await?;
        self.browser.drops(file, &transcript).await
    }

    /// Types a message and sends it with the button.
    ///
    /// # Errors
    ///
    /// As [`Widget::types`].
    pub async fn says(self, text: &str) -> Result<()> {
        self.types(text).await?;
        self.click_part("send").await
    }

    /// Picks files, as a visitor does in the browser's dialog.
    ///
    /// # Errors
    ///
    /// When there is nothing to pick them with.
    pub async fn picks(self, file: &std::path::Path) -> Result<()> {
        let path = file.to_str().context("a path is no UTF-8")?;
        let input = self.element("input[type=file]").await?;
        input.send_keys(path).await?;
        Ok(())
    }

    /// Measures an element in CSS pixels: left, top, width, height.
    ///
    /// # Errors
    ///
    /// When there is none.
    pub async fn measure(self, selector: &str) -> Result<[f64; 4]> {
        let element = self.element(selector).await?;
        let script = "
            const {left, top, width, height} = arguments[0].getBoundingClientRect();
            return [left, top, width, height];";
        let value: Value = self.browser.run(script, &[element.to_json()?]).await?;
        Ok(serde_json::from_value(value)?)
    }

    /// Finds an element, if there is one.
    ///
    /// # Errors
    ///
    /// When the browser does not answer.
    pub async fn find(self, selector: &str) -> Result<Option<WebElement>> {
        self.browser
            .find(FIND, &[json!(self.number), json!(selector)])
            .await
    }
}
