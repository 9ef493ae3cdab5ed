//! What a visitor finds who comes back: after a reload, on the site's next page, in a copy of the tab, and
//! by the browser's button.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Engine, Seen, Stage, Tests, until};
use serde_json::Value;

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "a_place_in_the_transcript",
        &Engine::ALL,
        &[],
        a_place_in_the_transcript,
    );
    tests.add("unread_messages", &Engine::ALL, &[], unread_messages);
}

/// Scrolls up to the middle of the transcript.
const SCROLL: &str = "
const root = [...document.documentElement.children].find((element) => element.shadowRoot).shadowRoot;
const log = root.querySelector('[part~=transcript]');
log.scrollTop = (log.scrollHeight - log.clientHeight) / 2;";

/// Says which message is the first that can be seen whole, and how far below the top; nothing while the
/// latest one is in view or there is no transcript.
const PLACE: &str = "
const root = [...document.documentElement.children].find((element) => element.shadowRoot)?.shadowRoot;
const log = root?.querySelector('[part~=transcript]');
if (!log || log.scrollHeight - log.scrollTop - log.clientHeight < 2) return null;
const {top} = log.getBoundingClientRect();
const below = (element) => Math.round(element.getBoundingClientRect().top - top);
const first = [...log.querySelectorAll('[part~=message]')].find((element) => below(element) >= 0);
return first && [first.innerText, below(first)];";

/// Lines that the agent says: more than the panel shows.
const LINES: usize = 30;

async fn a_place_in_the_transcript(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    for line in 0..LINES {
        anna.says(&format!("Line {line}\n\nand so on")).await?;
    }
    let last = format!("Line {}", LINES - 1);
    let widget = stage.widget();
    widget
        .until("all of it", |seen| seen.line("message", &last).is_some())
        .await?;
    widget.element("[part~=menu]").await?;
    stage.browser.settles().await?;
    stage.browser.run(SCROLL, &[]).await?;
    let place = stage.browser.run(PLACE, &[]).await?;
    ensure!(place.is_array(), "the transcript is too short");
    // The way back to the end, which tells that the visitor is seen to have scrolled.
    widget.element("[data-action=jump]").await?;
    let page = stage.browser.address().await?;

    stage.step("a reload");
    stage.browser.reload().await?;
    is_at(stage, &place).await?;

    stage.step("the next page of the site, while something new comes");
    stage.browser.open("about:blank").await?;
    anna.says("Are you still there?").await?;
    stage.visit().await?;
    is_at(stage, &place).await?;
    let after = |seen: &Seen| seen.says("agent", "Are you still there?");
    widget.until("what is new", after).await?;
    is_at(stage, &place).await?;

    let driver = stage.browser.driver()?;
    // WebKit lets no script open a window.
    if stage.browser.engine() != Engine::Webkit {
        stage.step("a copy of the tab");
        let first = driver.window().await?;
        stage.browser.run("window.open(location.href)", &[]).await?;
        let windows = driver.windows().await?;
        let copy = windows.into_iter().find(|window| *window != first);
        driver.switch_to_window(copy.context("the copy")?).await?;
        is_at(stage, &place).await?;
        driver.close_window().await?;
        driver.switch_to_window(first).await?;
    }

    stage.step("away, and back by the browser's button");
    stage.browser.open(&page).await?;
    is_at(stage, &place).await?;
    stage.browser.open("about:blank").await?;
    driver.back().await?;
    is_at(stage, &place).await?;

    stage.step("who was at the end is there again, and sees what is new");
    widget.click("[data-action=jump]").await?;
    widget
        .until("the focus not to be lost", |seen| {
            seen.focus == "transcript"
        })
        .await?;
    until("the end", async || {
        let place = stage.browser.run(PLACE, &[]).await?;
        Ok(place.is_null().then_some(()))
    })
    .await?;
    stage.browser.reload().await?;
    widget.until("the chat", after).await?;
    anna.says("Good").await?;
    widget
        .until("the answer", |seen| seen.says("agent", "Good"))
        .await?;
    until("the end of it", async || {
        let place = stage.browser.run(PLACE, &[]).await?;
        Ok(place.is_null().then_some(()))
    })
    .await
}

/// Waits until the panel is open at this place, and the chat is up to date there.
async fn is_at(stage: &Stage, place: &Value) -> Result<()> {
    let widget = stage.widget();
    widget.element("[part~=menu]").await?;
    widget
        .until("the whole chat", |seen| {
            seen.open && seen.line("message", "Line 0").is_some()
        })
        .await?;
    widget.element("[role=log][aria-busy=false]").await?;
    let mut last = Value::Null;
    let found = until("the place", async || {
        last = stage.browser.run(PLACE, &[]).await?;
        let near = last[0] == place[0] && (px(&last) - px(place)).abs() <= 2;
        Ok(near.then_some(()))
    })
    .await;
    found.with_context(|| format!("the place was {place} and is {last}"))?;
    widget.element("[data-action=jump]").await?;
    Ok(())
}

fn px(place: &Value) -> i64 {
    place[1].as_i64().unwrap_or(i64::MAX / 2)
}

async fn unread_messages(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    anna.says("One").await?;
    anna.says("Two").await?;
    let unread = async |number: &str| {
        let is = |seen: &Seen| !seen.open && seen.launcher.badge == number;
        widget.until(number, is).await
    };
    unread("2").await?;

    stage.step("a reload");
    stage.browser.reload().await?;
    unread("2").await?;
    stage.step("the next page, while another one comes");
    stage.browser.open("about:blank").await?;
    anna.says("Three").await?;
    stage.visit().await?;
    unread("3").await?;
    stage.step("away, and back by the browser's button");
    stage.browser.open("about:blank").await?;
    stage.browser.driver()?.back().await?;
    unread("3").await?;
    stage.step("the chat ends unseen");
    anna.ends().await?;
    until("the end", async || {
        let read =
            "return !![...document.documentElement.children].find((element) => element.shadowRoot)
            .shadowRoot.querySelector('[data-state=ended]')";
        Ok((stage.browser.run(read, &[]).await? == true).then_some(()))
    })
    .await?;
    unread("3").await?;
    stage.browser.reload().await?;
    unread("3").await?;
    stage.step("the visitor reads them");
    widget.click_part("launcher").await?;
    widget
        .until("all of it", |seen| {
            seen.ended && seen.says("agent", "Three") && seen.launcher.badge.is_empty()
        })
        .await?;
    stage.browser.reload().await?;
    widget
        .until("it to stay read", |seen| {
            seen.open && seen.ended && seen.launcher.badge.is_empty()
        })
        .await?;
    Ok(())
}
