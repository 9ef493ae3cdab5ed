//! How chats end, and what comes after.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Server, Stage, Step};
use serde_json::json;

use super::talk;

pub(super) async fn by_visitor(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("ending is asked about, and can be called off");
    let question = async || {
        widget.click_part("menu").await?;
        widget.click_part("end").await?;
        widget
            .until("to be asked", |seen| seen.dialog.contains("End this chat?"))
            .await
    };
    question().await?;
    widget.click("[data-action=cancel]").await?;
    widget
        .until("the chat to go on", |seen| {
            seen.dialog.is_empty() && seen.composer.is_some()
        })
        .await?;
    ensure!(ben.chat().await?.end.is_none(), "it was ended all the same");

    stage.step("the visitor ends the chat, and can still read it");
    let before = widget.look().await?.context("no widget")?;
    question().await?;
    widget.click("[data-action=confirm]").await?;
    let seen = widget
        .until("the end", |seen| {
            seen.ended && seen.line("system", "You ended the chat.").is_some()
        })
        .await?;
    ensure!(seen.composer.is_none(), "one can go on writing: {seen:#?}");
    ensure!(
        seen.said() == before.said(),
        "the transcript changed: {seen:#?}"
    );
    ben.until("the end at the desk", |chat| {
        chat.end
            .as_ref()
            .is_some_and(|end| end.reason == "disconnected")
    })
    .await?;

    stage.step("it can be read after a reload, too");
    stage.browser.reload().await?;
    widget
        .until("the ended chat", |seen| {
            seen.ended && seen.said() == before.said()
        })
        .await?;
    Ok(())
}

pub(super) async fn new_chat(stage: &Stage) -> Result<Agent> {
    let widget = stage.widget();
    stage.step(
        "a new chat is asked about, begins with the form, and with nothing left of the old one",
    );
    widget.click("[data-action=new-chat]").await?;
    widget.click("[data-action=confirm]").await?;
    widget
        .until("the form", |seen| {
            seen.form.is_some() && seen.lines.is_empty()
        })
        .await?;
    let kept = stage
        .browser
        .run("return {...localStorage, ...sessionStorage}", &[])
        .await?;
    ensure!(kept == json!({}), "the browser still holds {kept}");
    widget.fill("firstName", "Zoë").await?;
    widget.fill("lastName", "Ångström").await?;
    widget.click_part("submit").await?;
    let carl = stage.desk.join(&stage.desk.chat(2).await?, "Carl").await?;
    carl.says("Hello again.").await?;
    let seen = widget
        .until("the new chat", |seen| seen.says("agent", "Hello again."))
        .await?;
    ensure!(seen.said().len() == 1, "{seen:#?}");
    Ok(carl)
}

pub(super) async fn by_agent(stage: &Stage, carl: &Agent, server: &Server) -> Result<()> {
    let widget = stage.widget();
    stage.step("the agent's last words");
    carl.says("Goodbye.").await?;
    widget
        .until("the last words", |seen| seen.says("agent", "Goodbye."))
        .await?;
    // A receipt that meets the end is refused like one of a chat that nobody knows any more.
    if server.lack(Step::ReadReceipts).is_none() {
        talk::read_receipts(stage, carl).await?;
    }
    stage.step("the agent ends the chat");
    carl.ends().await?;
    let seen = widget
        .until("to be told", |seen| {
            seen.ended
                && seen.says("agent", "Goodbye.")
                && seen.line("system", "The chat has ended.").is_some()
        })
        .await?;
    ensure!(seen.composer.is_none(), "one can go on writing: {seen:#?}");
    Ok(())
}
