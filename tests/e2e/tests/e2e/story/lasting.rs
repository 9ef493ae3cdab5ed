//! What outlives silence, the page, the server, and a name.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Seen, Server, Stage};

use super::same_words;
use crate::keys::ENTER;

pub(super) async fn idle_warning(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("the server warns that it will close the chat");
    ben.warns_of_idleness(90).await?;
    widget
        .until("the warning, with the time that is left", |seen| {
            seen.idle.contains("Are you still there?") && seen.idle.contains("closes in 1:")
        })
        .await?;
    stage.step("a click says that one is still there");
    widget.click("[data-action=stay]").await?;
    widget
        .until("the warning to go", |seen| seen.idle.is_empty())
        .await?;
    Ok(())
}

pub(super) async fn reload(stage: &Stage, ben: &Agent, server: &Server) -> Result<()> {
    let widget = stage.widget();
    stage.step("before the reload");
    widget.types("And one more").await?;
    let before = widget
        .until("the draft", |seen| seen.draft() == Some("And one more"))
        .await?;
    stage.step("after a reload panel, transcript and draft are back");
    stage.browser.reload().await?;
    let events = |seen: &Seen| -> Vec<_> {
        seen.lines
            .iter()
            .map(|line| (line.kind.clone(), line.text.clone(), line.state.clone()))
            .collect()
    };
    let lines = events(&before);
    let after = widget
        .until("everything to be back", |seen| {
            seen.open
                && seen.draft() == Some("And one more")
                && seen.status.is_empty()
                && events(seen) == lines
        })
        .await
        .with_context(|| format!("it was {lines:#?}"))?;
    let question = widget.element("[part~=question]").await?.text().await?;
    ensure!(question == "A torn tent", "{question}");
    same_words(&after, &ben.chat().await?, server)
}

pub(super) async fn power_cut(stage: &mut Stage, ben: &Agent, server: &Server) -> Result<()> {
    stage.step("the server is killed in mid-sentence");
    stage.emulator.kill();
    let widget = stage.widget();
    widget
        .until("to be told", |seen| {
            seen.status("reconnecting")
                .is_some_and(|words| words.contains("Nothing you write is lost"))
                && seen.draft() == Some("And one more")
        })
        .await?;
    stage.step("what is written meanwhile waits");
    widget.types(&format!(" question{ENTER}")).await?;
    widget
        .until("the message to wait", |seen| {
            seen.mine("And one more question", "sending") && seen.draft() == Some("")
        })
        .await?;
    stage.step("the server is back, and gets it once");
    stage.emulator.restart()?;
    let widget = stage.widget();
    widget
        .until("the message to be sent", |seen| {
            seen.mine("And one more question", "sent") && seen.status.is_empty()
        })
        .await?;
    ben.says("Go on.").await?;
    widget.says("How long does it take?").await?;
    let seen = widget
        .until("the chat to go on", |seen| {
            seen.says("agent", "Go on.") && seen.mine("How long does it take?", "sent")
        })
        .await?;
    let chat = ben.chat().await?;
    ensure!(chat.times("And one more question") == 1, "{chat:#?}");
    same_words(&seen, &chat, server)
}

pub(super) async fn rename(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("the visitor changes their name");
    widget.click_part("menu").await?;
    widget.click_part("rename").await?;
    widget
        .until("to be asked", |seen| {
            // The field selects its words when the focus comes.
            seen.dialog.contains("Change your name") && seen.focus == "input"
        })
        .await?;
    let input = widget.element(".dialog-input").await?;
    input.clear().await?;
    input.send_keys("Zoë Å.").await?;
    widget.click("[data-action=confirm]").await?;
    widget
        .until("the question to go", |seen| seen.dialog.is_empty())
        .await?;
    ben.until("the new name at the desk", |chat| {
        chat.nickname.as_deref() == Some("Zoë Å.")
    })
    .await?;

    stage.step("the new name is what is asked about next time");
    widget.click_part("menu").await?;
    widget.click_part("rename").await?;
    let input = widget.element(".dialog-input").await?;
    ensure!(input.prop("value").await?.as_deref() == Some("Zoë Å."));
    widget.click("[data-action=cancel]").await?;
    Ok(())
}
