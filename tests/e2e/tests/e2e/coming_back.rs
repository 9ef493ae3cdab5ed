//! What a visitor finds who comes back: after a reload, on the site's next page, and by the browser's button.

use anyhow::Result;
use parlour_e2e::{Engine, Seen, Stage, Tests, until};

pub(crate) fn add(tests: &mut Tests) {
    tests.add("unread_messages", &Engine::ALL, &[], unread_messages);
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
        let read = "return !![...document.body.children].find((element) => element.shadowRoot)
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
