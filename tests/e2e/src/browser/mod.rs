//! A browser of one test: started with its driver, ended with everything they started.

mod aim;
mod engine;

use std::collections::HashSet;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::ChildStdout;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::{Value, json};
use thirtyfour::{Capabilities, WebDriver, WebElement};

use crate::guard::Guarded;
use crate::wait::until;

pub use engine::{Engine, Installed};

const DROP: &str = include_str!("../drop.js");

/// A browser with an empty profile.
#[derive(Debug)]
pub struct Browser {
    // Dropped in this order: the session before its driver, the driver before its screen.
    driver: Option<WebDriver>,
    _program: Guarded,
    _screen: Option<Guarded>,
    engine: Engine,
    downloads: PathBuf,
}

impl Browser {
    /// Starts one; its profile, downloads and logs go into `folder`.
    ///
    /// # Errors
    ///
    /// When driver or browser do not start.
    pub async fn start(engine: Engine, installed: &Installed, folder: &Path) -> Result<Self> {
        let downloads = folder.join("downloads");
        fs::create_dir_all(&downloads)?;
        let log = folder.join("driver.log");
        let port = free_port()?;
        let mut recipe = engine.recipe(installed, port, folder)?;
        let screen = match engine {
            // Has no headless mode.
            Engine::Webkit => {
                let (screen, display) = screen(&log)?;
                recipe.variables.push(("DISPLAY", display.into()));
                Some(screen)
            }
            Engine::Chromium | Engine::Firefox => None,
        };
        let (mut program, stdout) = Guarded::start(
            &installed.driver,
            &recipe.arguments,
            &recipe.variables,
            &log,
        )?;
        drain(stdout);
        let url = format!("http://127.0.0.1:{port}");
        let what = format!("{}'s driver to start; see {}", engine.name(), log.display());
        until(&what, async || {
            if program.has_ended() {
                bail!("it ended at once");
            }
            let status = reqwest::get(format!("{url}/status")).await?;
            Ok(status.status().is_success().then_some(()))
        })
        .await?;
        let Value::Object(capabilities) = recipe.capabilities else {
            bail!("capabilities are an object");
        };
        let driver = WebDriver::builder(url, Capabilities::from(capabilities))
            .request_timeout(Duration::from_secs(60))
            .await
            .with_context(|| format!("{} does not start; see {}", engine.name(), log.display()))?;
        Ok(Self {
            driver: Some(driver),
            _program: program,
            _screen: screen,
            engine,
            downloads,
        })
    }

    /// Tells which engine it has.
    #[must_use]
    pub fn engine(&self) -> Engine {
        self.engine
    }

    /// Gives access to all of WebDriver.
    ///
    /// # Errors
    ///
    /// When the browser has been closed.
    pub fn driver(&self) -> Result<&WebDriver> {
        self.driver.as_ref().context("the browser is closed")
    }

    /// Opens a page.
    ///
    /// # Errors
    ///
    /// As WebDriver; so with everything that follows.
    pub async fn open(&self, url: &str) -> Result<()> {
        Ok(self.driver()?.goto(url).await?)
    }

    /// Reloads the page.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn reload(&self) -> Result<()> {
        Ok(self.driver()?.refresh().await?)
    }

    /// Tells the address of the page.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn address(&self) -> Result<String> {
        Ok(self.driver()?.current_url().await?.to_string())
    }

    /// Counts windows and tabs.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn windows(&self) -> Result<usize> {
        Ok(self.driver()?.windows().await?.len())
    }

    /// Runs the body of a function in the page and returns its result.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`], and when the script throws.
    pub async fn run(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let result = self.driver()?.execute(script, arguments.to_vec()).await?;
        Ok(result.json().clone())
    }

    /// Runs the body of an async function in the page and returns what it resolves to.
    ///
    /// # Errors
    ///
    /// As [`Browser::run`].
    pub async fn run_async(&self, script: &str, arguments: &[Value]) -> Result<Value> {
        let whole = format!(
            "const done = arguments[arguments.length - 1];\
             (async (...given) => {{ {script} }})(...arguments).then(\
             (value) => done({{value}}), (error) => done({{error: String(error)}}));"
        );
        let result = self
            .driver()?
            .execute_async(&whole, arguments.to_vec())
            .await?;
        let mut result = result.json().clone();
        if let Some(error) = result["error"].as_str() {
            bail!("the page threw {error}");
        }
        Ok(result["value"].take())
    }

    /// Runs the body of a function in the page that returns an element, or nothing.
    ///
    /// # Errors
    ///
    /// As [`Browser::run`].
    pub async fn find(&self, script: &str, arguments: &[Value]) -> Result<Option<WebElement>> {
        let result = self.driver()?.execute(script, arguments.to_vec()).await?;
        if result.json().is_null() {
            return Ok(None);
        }
        Ok(Some(result.element()?))
    }

    /// Waits until nothing on the page moves any more.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn stands_still(&self) -> Result<()> {
        let script = "
            const roots = [document, ...[...document.querySelectorAll('*')]
                .map((element) => element.shadowRoot).filter(Boolean)];
            return roots.every((root) => root.getAnimations().every((animation) =>
                animation.playState !== 'running' ||
                animation.effect.getComputedTiming().endTime === Infinity));";
        until("everything to stand still", async || {
            Ok((self.run(script, &[]).await? == true).then_some(()))
        })
        .await
    }

    /// Has pages believe in a colour scheme, `light` or `dark`, and in a visitor who wants nothing
    /// to move. Chromium only; so with the three that follow.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn prefers(&self, scheme: &str) -> Result<()> {
        self.prefers_with(scheme, "none").await
    }

    /// Has pages believe that the visitor's system sets all colours itself, on light, until
    /// [`Browser::prefers`] is called.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn forces_colours(&self) -> Result<()> {
        self.prefers_with("light", "active").await
    }

    async fn prefers_with(&self, scheme: &str, forced_colours: &str) -> Result<()> {
        let features = json!({"features": [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
            {"name": "forced-colors", "value": forced_colours},
        ]});
        self.tell("Emulation.setEmulatedMedia", features).await
    }

    /// Has pages believe that they are on a phone, or in a window again.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn is_phone(&self, phone: bool) -> Result<()> {
        if phone {
            return self.is_phone_of(390, 844).await;
        }
        self.has_touch_screen(false).await?;
        self.tell("Emulation.clearDeviceMetricsOverride", json!({}))
            .await
    }

    /// Has pages believe that they are on a phone whose screen has this width and height now.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn is_phone_of(&self, width: u32, height: u32) -> Result<()> {
        self.has_touch_screen(true).await?;
        let metrics =
            json!({"width": width, "height": height, "deviceScaleFactor": 2, "mobile": true});
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
            .await
    }

    /// Has pages believe that somebody has zoomed in, in a window of 1280 × 1024 pixels.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn is_zoomed(&self, times: u32) -> Result<()> {
        let metrics = json!({"width": 1280 / times, "height": 1024 / times,
            "deviceScaleFactor": times, "mobile": false});
        self.tell("Emulation.setDeviceMetricsOverride", metrics)
            .await
    }

    async fn has_touch_screen(&self, touch: bool) -> Result<()> {
        let enabled = json!({"enabled": touch});
        self.tell("Emulation.setTouchEmulationEnabled", enabled)
            .await
    }

    /// Shows pages as they are printed, or as on a screen again. Chromium only.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn prints(&self, print: bool) -> Result<()> {
        let media = json!({"media": if print { "print" } else { "" }});
        self.tell("Emulation.setEmulatedMedia", media).await
    }

    /// Scrolls with the middle of an element under the pointer: by so many pixels downwards, with a
    /// finger (`touch`) or a wheel (`mouse`). Chromium only.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn scrolls(&self, element: &WebElement, pixels: i32, by: &str) -> Result<()> {
        let middle = "
            const {left, top, width, height} = arguments[0].getBoundingClientRect();
            return [left + width / 2, top + height / 2];";
        let middle = self.run(middle, &[element.to_json()?]).await?;
        let (x, y) = (middle[0].as_f64(), middle[1].as_f64());
        let (x, y) = (x.unwrap_or_default(), y.unwrap_or_default());
        if by == "mouse" {
            let wheel =
                json!({"type": "mouseWheel", "x": x, "y": y, "deltaX": 0, "deltaY": pixels});
            self.tell("Input.dispatchMouseEvent", wheel).await?;
        } else {
            // A finger moves the other way, and the first pixels are not yet a scrolling.
            for step in 0..=10 {
                let at = y - f64::from(pixels * step) / 10.0;
                let kind = if step == 0 { "touchStart" } else { "touchMove" };
                let touch = json!({"type": kind, "touchPoints": [{"x": x, "y": at}]});
                self.tell("Input.dispatchTouchEvent", touch).await?;
                self.settles().await?;
            }
            let end = json!({"type": "touchEnd", "touchPoints": []});
            self.tell("Input.dispatchTouchEvent", end).await?;
        }
        // What scrolls smoothly is on its way.
        for _ in 0..10 {
            self.settles().await?;
        }
        Ok(())
    }

    /// Limits how many bytes a second can be sent; nothing lifts the limit.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn sends_at_most(&self, bytes: Option<u32>) -> Result<()> {
        self.tell("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": false,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": bytes.map_or(-1, i64::from),
        });
        self.tell("Network.emulateNetworkConditions", conditions)
            .await
    }

    /// Takes the network away from the browser, or gives it back.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn goes_offline(&self, offline: bool) -> Result<()> {
        self.tell("Network.enable", json!({})).await?;
        let conditions = json!({
            "offline": offline,
            "latency": 0,
            "downloadThroughput": -1,
            "uploadThroughput": -1,
        });
        self.tell("Network.emulateNetworkConditions", conditions)
            .await
    }

    /// Drags a file onto the middle of an element and lets it go there. Chromium is given a real one;
    /// elsewhere, where no driver can do that, the page gets the events that a browser sends.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`], and, elsewhere, when the browser would open it.
    pub async fn drops(&self, file: &Path, element: &WebElement) -> Result<()> {
        if self.engine != Engine::Chromium {
            let name = file.file_name().map(|name| name.to_string_lossy());
            let given = [element.to_json()?, json!(name), json!(fs::read(file)?)];
            let outcome = self.run_async(DROP, &given).await?;
            ensure!(outcome != "opened", "the page leaves it to the browser");
            return Ok(());
        }
        let place = element.rect().await?;
        let data = json!({"items": [], "files": [file], "dragOperationsMask": 1});
        for kind in ["dragEnter", "dragOver", "dragOver", "drop"] {
            let event = json!({
                "type": kind,
                "x": place.x + place.width / 2.0,
                "y": place.y + place.height / 2.0,
                "data": data,
            });
            self.tell("Input.dispatchDragEvent", event).await?;
            // What takes it may only be there by the next frame.
            self.settles().await?;
        }
        Ok(())
    }

    async fn tell(&self, method: &str, parameters: Value) -> Result<()> {
        self.driver()?.cdp().send_raw(method, parameters).await?;
        Ok(())
    }

    /// Presses keys one after the other, wherever the focus is.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn press(&self, keys: &str) -> Result<()> {
        let chain = self
            .driver()?
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO));
        Ok(chain.send_keys(keys).perform().await?)
    }

    /// Presses a key while Shift is held.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn press_with_shift(&self, key: char) -> Result<()> {
        self.press_with('\u{e008}', key).await
    }

    /// Presses a key while Control is held: `a` selects all, `x` cuts, `v` pastes.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn press_with_control(&self, key: char) -> Result<()> {
        self.press_with('\u{e009}', key).await
    }

    async fn press_with(&self, modifier: char, key: char) -> Result<()> {
        let chain = self
            .driver()?
            .action_chain_with_delay(Some(Duration::ZERO), Some(Duration::ZERO));
        let chain = chain
            .key_down(modifier)
            .key_down(key)
            .key_up(key)
            .key_up(modifier);
        Ok(chain.perform().await?)
    }

    /// Waits until a file of this name has been downloaded whole, and returns its bytes.
    ///
    /// # Errors
    ///
    /// When none arrives; tells what is there instead.
    pub async fn downloaded(&self, name: &str, bytes: usize) -> Result<Vec<u8>> {
        until(&format!("the download of {name}"), async || {
            if let Ok(found) = fs::read(self.downloads.join(name))
                && found.len() == bytes
            {
                return Ok(Some(found));
            }
            let names: Vec<_> = fs::read_dir(&self.downloads)?
                .flatten()
                .map(|entry| entry.file_name())
                .collect();
            bail!("there are {names:?}")
        })
        .await
    }

    /// Waits for a download whose name and contents end so, and returns both.
    ///
    /// # Errors
    ///
    /// When none arrives; tells what is there instead.
    pub async fn downloaded_text(&self, name_end: &str, end: &str) -> Result<(String, String)> {
        until(&format!("a download of {name_end}"), async || {
            let files = fs::read_dir(&self.downloads)?.flatten();
            let names = files.map(|file| file.file_name().to_string_lossy().into_owned());
            let names: Vec<String> = names.collect();
            let name = names.iter().find(|name| name.ends_with(name_end));
            let text = name.and_then(|name| fs::read_to_string(self.downloads.join(name)).ok());
            match (name, text.filter(|text| text.ends_with(end))) {
                (Some(name), Some(text)) => Ok(Some((name.clone(), text))),
                _ => bail!("there are {names:?}"),
            }
        })
        .await
    }

    /// Saves a picture of what can be seen.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`], or when the file cannot be written.
    pub async fn picture(&self, file: &Path) -> Result<()> {
        let png = self.driver()?.screenshot_as_png().await?;
        fs::write(file, png).with_context(|| format!("cannot write {}", file.display()))
    }

    /// Returns what the page wrote to the console, where the engine tells (Chromium).
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn console(&self) -> Result<Vec<String>> {
        if self.engine != Engine::Chromium {
            return Ok(Vec::new());
        }
        let entries = self.driver()?.browser_log().await?;
        Ok(entries
            .into_iter()
            .map(|entry| format!("{:?}: {}", entry.level, entry.message))
            .collect())
    }

    /// Ends it politely; dropping it ends it anyhow.
    pub async fn close(mut self) {
        if let Some(driver) = self.driver.take() {
            // What does not end by itself is ended with its driver.
            let _ = driver.quit().await;
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(driver) = self.driver.take() {
            // Its own clean-up would block for a browser that is about to be ended by force.
            let _ = driver.leak();
        }
    }
}

/// Starts a virtual screen and returns it with its name.
fn screen(log: &Path) -> Result<(Guarded, String)> {
    let arguments = [
        "-displayfd",
        "1",
        "-screen",
        "0",
        "1280x1024x24",
        "-nolisten",
        "tcp",
    ];
    let (screen, stdout) = Guarded::start(Path::new("Xvfb"), &arguments.map(Into::into), &[], log)?;
    let mut reader = BufReader::new(stdout);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let number = line.trim();
    if number.is_empty() {
        bail!("Xvfb does not start; see {}", log.display());
    }
    Ok((screen, format!(":{number}")))
}

/// Reads what nobody wants: a driver would stop at a full pipe.
fn drain(mut stdout: ChildStdout) {
    thread::spawn(move || {
        let mut room = [0; 4096];
        while stdout.read(&mut room).is_ok_and(|read| read > 0) {}
    });
}

/// Finds a port that is free, and that no other test of this process has been given.
fn free_port() -> Result<u16> {
    static GIVEN: Mutex<Option<HashSet<u16>>> = Mutex::new(None);
    let mut given = GIVEN.lock().unwrap_or_else(PoisonError::into_inner);
    let given = given.get_or_insert_default();
    loop {
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        if given.insert(port) {
            return Ok(port);
        }
    }
}
