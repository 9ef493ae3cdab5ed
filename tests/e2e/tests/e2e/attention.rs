//! What a visitor learns who looks elsewhere: at the page, with the panel closed, or at another tab.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::json;

pub(crate) fn add(tests: &mut Tests) {
    tests.add("a_closed_panel", &Engine::ALL, &[], a_closed_panel);
    tests.add("a_hidden_tab", &[Engine::Chromium], &[], a_hidden_tab);
}

/// Reads what a screen reader is told outside of the panel.
const SPOKEN: &str = "return [...document.querySelectorAll('*')].find((one) => one.shadowRoot)
    .shadowRoot.querySelector('[aria-live=polite]').textContent";

async fn a_closed_panel(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the visitor closes the panel: a chat goes on");
    widget.click_part("launcher").await?;
    widget
        .until("the panel to close", |seen| !seen.open)
        .await?;
    widget.element("[part~=badge][data-state=ongoing]").await?;
    ensure!(
        !widget.has("[part~=preview]").await?,
        "nothing has come meanwhile"
    );

    stage.step("the agent's words stand beside the launcher and are spoken");
    anna.says("Your parcel is on its way").await?;
    let preview = widget.element("[part~=preview]").await?;
    until("the words", async || {
        let read = "return arguments[0].textContent";
        let words = stage.browser.run(read, &[preview.to_json()?]).await?;
        let words = words.as_str().unwrap_or_default();
        Ok(words
            .contains("Anna: Your parcel is on its way")
            .then_some(()))
    })
    .await?;
    let spoken = stage.browser.run(SPOKEN, &[]).await?;
    ensure!(spoken == "Anna: Your parcel is on its way", "{spoken}");

    stage.step("a click on them leads into the chat");
    widget.click("[part~=preview] button").await?;
    widget
        .until("the chat", |seen| {
            seen.open && seen.says("agent", "Your parcel is on its way")
        })
        .await?;
    let spoken = stage.browser.run(SPOKEN, &[]).await?;
    ensure!(spoken == "", "{spoken}: the transcript speaks by itself");
    Ok(())
}

/// Counts the notes that the page is made to play.
const LISTEN: &str = "
window.notes = 0;
const create = BaseAudioContext.prototype.createOscillator;
BaseAudioContext.prototype.createOscillator = function () {
    notes++;
    return create.call(this);
};
document.title = 'Larkmoor';
";

async fn a_hidden_tab(stage: &mut Stage) -> Result<()> {
    let script = stage.site.script("listen", LISTEN);
    let page = Page {
        body: format!("<h1>Larkmoor</h1><script src=\"{script}\"></script>"),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let notes = stage.browser.run("return window.notes", &[]).await?;
    ensure!(notes == json!(0), "{notes} notes while the visitor looks");

    stage.step("the visitor looks at another tab");
    let driver = stage.browser.driver()?;
    let shop = driver.window().await?;
    stage.browser.run("window.open('about:blank')", &[]).await?;
    let windows = driver.windows().await?;
    let other = windows.into_iter().find(|window| *window != shop);
    driver
        .switch_to_window(other.context("another tab")?)
        .await?;
    until("the shop to be hidden", async || {
        let hidden = stage
            .browser
            .run("return opener.document.hidden", &[])
            .await?;
        Ok((hidden == true).then_some(()))
    })
    .await?;

    stage.step("the title says what the agent says, with a sound");
    anna.says("Are you still there?").await?;
    until("the title", async || {
        let title = stage
            .browser
            .run("return opener.document.title", &[])
            .await?;
        Ok((title == "(1) Anna: Are you still there?").then_some(()))
    })
    .await?;
    let notes = stage.browser.run("return opener.notes", &[]).await?;
    ensure!(notes == json!(2), "{notes} notes");

    stage.step("the visitor returns");
    driver.close_window().await?;
    driver.switch_to_window(shop).await?;
    until("the page's own title", async || {
        let title = stage.browser.run("return document.title", &[]).await?;
        Ok((title == "Larkmoor").then_some(()))
    })
    .await
}
