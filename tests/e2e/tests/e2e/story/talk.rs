//! What visitor and agent tell each other, and who is there to be told.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Server, Stage};

use super::same_words;
use crate::keys::ENTER;

pub(super) async fn visitor_typing(stage: &Stage, anna: &Agent) -> Result<()> {
    stage.step("the agent sees the visitor typing");
    stage.widget().types("My tent").await?;
    anna.until("the visitor typing", |chat| chat.visitor.typing)
        .await?;
    Ok(())
}

pub(super) async fn typing_preview(stage: &Stage, anna: &Agent) -> Result<()> {
    stage.step("the agent sees what the visitor is typing, and the visitor knows");
    let widget = stage.widget();
    widget.types(" is to").await?;
    anna.until("the preview of what is being typed", |chat| {
        chat.visitor.typing && chat.visitor.preview.as_deref() == Some("My tent is to")
    })
    .await?;
    let note = widget.element(".composer-note").await?.text().await?;
    ensure!(note.contains("before you send it"), "it says {note}");
    Ok(())
}

pub(super) async fn messages(stage: &Stage, anna: &Agent, server: &Server) -> Result<()> {
    let widget = stage.widget();
    stage.step("Enter sends, Shift and Enter begin a line");
    let draft = widget.look().await?.context("no widget")?;
    let rest = "My tent is torn.".strip_prefix(draft.draft().unwrap_or_default());
    widget.types(rest.context("the draft changed")?).await?;
    widget.presses_shift_enter().await?;
    widget.types(&format!("Can it be mended?{ENTER}")).await?;
    let first = "My tent is torn. Can it be mended?";
    widget
        .until("the message to be sent", |seen| {
            seen.mine(first, "sent") && seen.draft() == Some("")
        })
        .await?;
    anna.until("the message at the desk, and no more typing", |chat| {
        chat.times("My tent is torn.\nCan it be mended?") == 1 && !chat.visitor.typing
    })
    .await?;

    stage.step("messages both ways keep their order");
    anna.says("Which one is it?").await?;
    widget
        .until("the question", |seen| {
            seen.says("agent", "Which one is it?")
        })
        .await?;
    let before = anna.chat().await?.said().len();
    widget.says("The Lark 3, année 2021").await?;
    widget.says("خيمة خضراء").await?;
    widget
        .says("https://larkmoor.example/lark-3 <b>green</b>")
        .await?;
    anna.until("all three", |chat| chat.said().len() == before + 3)
        .await?;
    anna.says("Thank you.").await?;
    let seen = widget
        .until("all of it", |seen| {
            seen.says("agent", "Thank you.")
                && seen
                    .lines
                    .iter()
                    .all(|line| line.from != "me" || line.state == "sent")
        })
        .await?;
    same_words(&seen, &anna.chat().await?, server)
}

pub(super) async fn read_receipts(stage: &Stage, anna: &Agent) -> Result<()> {
    stage.step("the agent's side learns that the last words were read");
    anna.until("the receipt", |chat| {
        let last = chat.events.iter().rfind(|event| event.kind == "message");
        last.is_some_and(|last| chat.visitor.read_up_to >= Some(last.index))
    })
    .await?;
    Ok(())
}

pub(super) async fn hold(stage: &Stage, anna: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("on hold");
    anna.holds().await?;
    widget
        .until("the hold", |seen| {
            seen.status("hold") == Some("On hold. Anna will be back.")
                && seen
                    .line("system", "Anna put the chat on hold and will be back")
                    .is_some()
        })
        .await?;
    stage.step("one can write while on hold");
    widget.says("I am waiting.").await?;
    widget
        .until("that it was sent", |seen| {
            seen.mine("I am waiting.", "sent")
        })
        .await?;
    stage.step("back from hold");
    anna.returns().await?;
    widget
        .until("the end of the hold", |seen| {
            seen.status("hold").is_none() && seen.header.contains("Anna")
        })
        .await?;
    Ok(())
}

pub(super) async fn transfer(stage: &Stage, anna: &Agent) -> Result<Agent> {
    let widget = stage.widget();
    stage.step("a transfer begins");
    anna.begins_transfer().await?;
    let words = "Anna is transferring you to a colleague";
    widget
        .until("the transfer", |seen| {
            seen.status("transfer")
                .is_some_and(|status| status.starts_with(words))
                && seen.line("system", words).is_some()
        })
        .await?;
    stage.step("the colleague takes over");
    let ben = stage.desk.join(&anna.chat().await?.id, "Ben").await?;
    widget
        .until("Ben", |seen| {
            seen.status.is_empty() && seen.header.contains("You are talking to Ben")
        })
        .await?;
    Ok(ben)
}

pub(super) async fn page_is_offered(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a page is offered, with its host, and not opened");
    let here = stage.browser.address().await?;
    let page = "https://larkmoor.example/tents?size=3#care";
    ben.offers(page).await?;
    let widget = stage.widget();
    widget
        .until("the offer", |seen| {
            seen.line("link", "Ben suggests this page")
                .is_some_and(|line| line.text.contains("larkmoor.example"))
        })
        .await?;
    let link = widget.element("[data-kind=link] a").await?;
    ensure!(link.prop("href").await?.as_deref() == Some(page));
    let rel = link.attr("rel").await?.unwrap_or_default();
    ensure!(
        rel.contains("noopener") && rel.contains("noreferrer"),
        "{rel}"
    );
    // Time for something to open by itself: until what the agent says next has arrived.
    ben.says("Have a look.").await?;
    widget
        .until("the next words", |seen| seen.says("agent", "Have a look."))
        .await?;
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}
