//! What a chat does not need at once, and how it is missed when it cannot be loaded.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Stage, Tests, until};

/// Returns what the place of the idle warning says.
const WARNING: &str = "
    const host = [...document.querySelectorAll('html > div')].find((div) => div.shadowRoot);
    return host.shadowRoot.querySelector('.idle-place').textContent;
";

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "extras_that_come_late",
        &Engine::ALL,
        &[],
        extras_that_come_late,
    );
    tests.add(
        "extras_are_not_fetched_before_a_chat",
        &[Engine::Chromium],
        &[],
        extras_are_not_fetched_before_a_chat,
    );
    tests.add(
        "extras_that_never_come",
        &[Engine::Chromium],
        &[],
        extras_that_never_come,
    );
}

async fn extras_that_come_late(stage: &mut Stage) -> Result<()> {
    stage.step("something else stands in the place of the extras");
    stage.site.withhold_extras()?;
    let widget = stage.visit().await?;
    let anna = stage.talk().await?;
    let seen = widget
        .until("to be told that something is missing", |seen| {
            seen.status("incomplete")
                .is_some_and(|words| words.contains("could not be loaded"))
        })
        .await?;
    ensure!(!seen.ended, "{seen:#?}");
    stage.step("one can talk all the same");
    anna.says("Can you hear me?").await?;
    widget.says("I can").await?;
    widget
        .until("both to be heard", |seen| {
            seen.says("agent", "Can you hear me?") && seen.mine("I can", "sent")
        })
        .await?;
    stage.step("they are there, and a click fetches them");
    stage.site.give_extras_back()?;
    widget.click("[data-action=load]").await?;
    widget
        .until("nothing to be missing", |seen| seen.status.is_empty())
        .await?;
    widget.click_part("menu").await?;
    widget.click_part("end").await?;
    widget
        .until("to be asked", |seen| seen.dialog.contains("End this chat?"))
        .await?;
    widget.click("[data-action=confirm]").await?;
    widget.until("the end", |seen| seen.ended).await?;
    Ok(())
}

async fn extras_that_never_come(stage: &mut Stage) -> Result<()> {
    stage.site.withhold_extras()?;
    let widget = stage.visit().await?;
    let anna = stage.talk().await?;
    widget
        .until("to be told that something is missing", |seen| {
            seen.status("incomplete").is_some()
        })
        .await?;
    stage.step("one is warned all the same before the chat closes");
    anna.warns_of_idleness(60).await?;
    until("the warning", async || {
        let said = stage.browser.run(WARNING, &[]).await?;
        let said = said.as_str().unwrap_or_default();
        Ok(said.contains("about to close").then_some(()))
    })
    .await?;
    stage.step("and can begin another one after its end");
    anna.ends().await?;
    widget
        .until("no promise that cannot be kept", |seen| {
            let missing = seen.status("incomplete");
            missing.is_some_and(|words| !words.contains("write"))
        })
        .await?;
    widget.click("[data-action=new-chat]").await?;
    widget.until("the form", |seen| seen.form.is_some()).await?;
    Ok(())
}

async fn extras_are_not_fetched_before_a_chat(stage: &mut Stage) -> Result<()> {
    let has_extras = || {
        let fetched = stage.site.fetched();
        fetched.iter().any(|path| path.starts_with("/extras-"))
    };
    let widget = stage.visit().await?;
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    ensure!(!has_extras(), "{:?}", stage.site.fetched());
    widget.click_part("close").await?;
    stage.talk().await?;
    widget.click_part("menu").await?;
    ensure!(has_extras(), "{:?}", stage.site.fetched());
    Ok(())
}
