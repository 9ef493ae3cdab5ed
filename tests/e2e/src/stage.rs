//! Everything one test needs, set up and taken down: server, desk, site, browser.

use std::cell::RefCell;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use parlour_config::{Config, Dialect};

use crate::browser::{Browser, Engine, Installed};
use crate::desk::{Agent, Desk};
use crate::emulator::Emulator;
use crate::setting::Setting;
use crate::site::{Page, Site};
use crate::tenant::tenant;
use crate::widget::Widget;

/// The place where a test plays.
#[derive(Debug)]
pub struct Stage {
    /// The chat server.
    pub emulator: Emulator,
    /// The agents' side of it.
    pub desk: Desk,
    /// The owner's site.
    pub site: Site,
    /// The visitor's browser.
    pub browser: Browser,
    installed: Installed,
    dialect: Dialect,
    folder: PathBuf,
    setting: Setting,
    step: RefCell<String>,
}

impl Stage {
    /// Sets one up whose logs and downloads go into `folder`, and whose widget speaks `dialect`.
    /// Nobody answers but whom the test lets answer.
    ///
    /// # Errors
    ///
    /// When something does not start.
    pub async fn set(
        setting: &Setting,
        engine: Engine,
        dialect: Dialect,
        folder: &Path,
        flags: &[&str],
    ) -> Result<Self> {
        let _ = fs::remove_dir_all(folder);
        fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        let flags = [&["--no-agent", "--log", "debug"], flags].concat();
        let emulator = Emulator::start(&setting.emulator, folder, &flags)?;
        let desk = Desk::new(emulator.url())?;
        let site = Site::start(&setting.package(dialect)?)?;
        let installed = setting
            .browser(engine)
            .with_context(|| format!("{} is not installed", engine.name()))?;
        let browser = Browser::start(engine, installed, folder).await?;
        Ok(Self {
            emulator,
            desk,
            site,
            browser,
            installed: installed.clone(),
            dialect,
            folder: folder.to_owned(),
            setting: setting.clone(),
            step: RefCell::default(),
        })
    }

    /// Starts another browser of the same engine, for somebody else.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub async fn second_browser(&self) -> Result<Browser> {
        let folder = self.folder.join("second");
        fs::create_dir_all(&folder)?;
        Browser::start(self.browser.engine(), &self.installed, &folder).await
    }

    /// Serves pages with the widget of a sample tenant.
    ///
    /// # Errors
    ///
    /// When its package was not made, or no port can be had.
    pub fn sample_site(&self, tenant: &str) -> Result<Site> {
        Site::start(&self.setting.sample(tenant)?)
    }

    /// Says what comes next, for the message of what goes wrong there.
    pub fn step(&self, words: &str) {
        words.clone_into(&mut self.step.borrow_mut());
    }

    /// Tells what was being done last.
    #[must_use]
    pub fn last_step(&self) -> String {
        self.step.borrow().clone()
    }

    /// Looks at the page's first widget.
    #[must_use]
    pub fn widget(&self) -> Widget<'_> {
        Widget::first(&self.browser)
    }

    /// Opens a plain page with the widget of the tests' tenant.
    ///
    /// # Errors
    ///
    /// When the page cannot be opened.
    pub async fn visit(&self) -> Result<Widget<'_>> {
        self.visit_as(&Page::default(), |_| {}).await
    }

    /// Opens a page in another language, whose words the package has.
    ///
    /// # Errors
    ///
    /// When the page cannot be opened.
    pub async fn visit_in(&self, lang: &str) -> Result<Widget<'_>> {
        let page = Page {
            lang: lang.into(),
            ..Page::default()
        };
        self.visit_as(&page, |_| {}).await
    }

    /// Opens a page with the widget of the tests' tenant, changed as one likes.
    ///
    /// # Errors
    ///
    /// When the page cannot be opened.
    pub async fn visit_as(
        &self,
        page: &Page,
        change: impl FnOnce(&mut Config),
    ) -> Result<Widget<'_>> {
        let config = self.tenant(change)?;
        self.browser.open(&self.site.page(page, &config)).await?;
        Ok(self.widget())
    }

    /// Writes the configuration of the tests' tenant, changed as one likes.
    ///
    /// # Errors
    ///
    /// When it has mistakes.
    pub fn tenant(&self, change: impl FnOnce(&mut Config)) -> Result<String> {
        tenant(self.emulator.url(), self.dialect, change)
    }

    /// Opens the panel, fills in the form and sends it off.
    ///
    /// # Errors
    ///
    /// When the form does not come.
    pub async fn ask_for_chat(&self) -> Result<()> {
        self.widget().click_part("launcher").await?;
        self.fill_in_form().await
    }

    /// Fills in the form of the open panel and sends it off.
    ///
    /// # Errors
    ///
    /// When the form does not come.
    pub async fn fill_in_form(&self) -> Result<()> {
        let widget = self.widget();
        widget
            .until("the form", |seen| seen.open && seen.form.is_some())
            .await?;
        widget.fill("firstName", "Zoë").await?;
        widget.fill("lastName", "Ångström").await?;
        widget.fill("subject", "A torn tent").await?;
        widget.click_part("submit").await
    }

    /// Has the visitor of the page that is open ask for a chat, and `Anna` join it.
    ///
    /// # Errors
    ///
    /// When one of the two does not work.
    pub async fn talk(&self) -> Result<Agent> {
        self.ask_for_chat().await?;
        let chat = self.desk.chat(self.desk.count().await?.max(1)).await?;
        let agent = self.desk.join(&chat, "Anna").await?;
        self.widget()
            .until("Anna to join", |seen| {
                // In whatever language the page has.
                seen.lines
                    .iter()
                    .any(|line| line.state == "joined" && line.text.contains("Anna"))
            })
            .await?;
        Ok(agent)
    }

    /// Lists what went wrong in the page that nobody caught, and what its policy forbade.
    ///
    /// # Errors
    ///
    /// As WebDriver.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let all = self.browser.run("return window.complaints", &[]).await?;
        Ok(serde_json::from_value(all)?)
    }

    /// Writes a file for the visitor to pick.
    ///
    /// # Errors
    ///
    /// When it cannot be written.
    pub fn file(&self, name: &str, content: &[u8]) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, content)?;
        Ok(path)
    }

    /// Reads a file of an npm package.
    ///
    /// # Errors
    ///
    /// When it is not installed.
    pub fn npm(&self, path: &str) -> Result<String> {
        let file = self.setting.npm.join(path);
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))
    }

    /// Keeps what tells why a test failed: a picture, what the visitor saw, the console.
    pub async fn keep_traces(&self) {
        // Each may fail because of what is being told.
        let _ = self.browser.picture(&self.folder.join("failure.png")).await;
        if let Ok(seen) = self.widget().look().await {
            let _ = fs::write(self.folder.join("seen.txt"), format!("{seen:#?}"));
        }
        if let Ok(lines) = self.browser.console().await {
            let _ = fs::write(self.folder.join("console.txt"), lines.join("\n"));
        }
    }

    /// Takes everything down.
    pub async fn strike(self) {
        self.browser.close().await;
    }
}
