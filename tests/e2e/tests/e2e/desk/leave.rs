//! How agents go, and what outlives them and the server.

use anyhow::{Result, ensure};
use parlour_e2e::Stage;

use super::Desks;
use super::talk::reason;
use crate::keys::ENTER;

pub(super) async fn transfer(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("the chat goes to a colleague by name");
    desks.anna.press("Transfer …").await?;
    desks
        .anna
        .answer("Transfer the chat", &[("to", "Ben")], "Transfer")
        .await?;
    desks
        .ben
        .until("the chat to be one's own", |seen| {
            matches!(seen.mine.as_slice(), [row] if row.open)
                && seen.others.is_empty()
                && seen.draft.as_deref() == Some("")
        })
        .await?;
    desks
        .anna
        .until("the chat to be with Ben", |seen| {
            matches!(seen.others.as_slice(), [row] if row.tags == ["tents", "Ben"])
                && seen.mine.is_empty()
                && seen.notes("Anna handed the chat over")
                && seen.notes("Ben joined")
        })
        .await?;
    desks
        .visitor
        .until("both to be told apart", |told| {
            told.last("ParticipantLeft", "Anna")
                .is_some_and(|event| reason(event) == "TRANSFER")
                && told.last("ParticipantJoined", "Ben").is_some()
        })
        .await?;
    desks.ben.types(&format!("Hello, I am Ben.{ENTER}")).await?;
    desks
        .anna
        .until("Ben's words", |seen| {
            seen.says("ours", "Ben", "Hello, I am Ben.")
        })
        .await?;
    desks.in_step().await
}

pub(super) async fn while_away(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("without the server both desks say so");
    desks
        .both("to be told", |seen| {
            seen.connection == "Reconnecting …" && !seen.entries.is_empty()
        })
        .await?;
    stage.step("what cannot be sent is in the box again");
    desks
        .ben
        .types(&format!("Which tent is it?{ENTER}"))
        .await?;
    desks
        .ben
        .until("to be told", |seen| {
            seen.draft.as_deref() == Some("Which tent is it?")
                && seen
                    .problems
                    .iter()
                    .any(|words| words.contains("does not answer"))
        })
        .await?;
    Ok(())
}

pub(super) async fn back_again(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("with the server back both go on by themselves");
    desks
        .both("the line to be back", |seen| seen.connection == "Live")
        .await?;
    desks.ben.types(&ENTER.to_string()).await?;
    desks
        .both("what was in the box", |seen| {
            seen.entries
                .iter()
                .filter(|entry| entry.text == "Which tent is it?")
                .count()
                == 1
        })
        .await?;
    desks
        .visitor
        .until("the question, once", |told| {
            told.says("Ben", "Which tent is it?")
        })
        .await?;
    desks.in_step().await
}

pub(super) async fn leave(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("an agent leaves, and the chat waits again, whatever supervisor is there");
    desks.ben.choose("More", "Leave").await?;
    desks
        .both("the chat to wait", |seen| {
            seen.waiting.len() == 1
                && seen.title == "(1) Desk"
                && seen.notes("Ben left")
                && seen
                    .bar
                    .starts_with("Zoë Ångström is waiting for an agent.")
        })
        .await?;
    let told = desks
        .visitor
        .until("Ben's leaving", |told| {
            told.last("ParticipantLeft", "Ben").is_some()
        })
        .await?;
    ensure!(!told.chat_ended, "the chat ended");
    Ok(())
}

pub(super) async fn end(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("the chat is accepted once more, and ended");
    desks.anna.press("Accept").await?;
    desks
        .anna
        .until("the chat to be one's own", |seen| {
            seen.mine.len() == 1 && seen.draft.is_some()
        })
        .await?;
    desks.anna.press("End …").await?;
    desks
        .anna
        .answer("End this chat?", &[], "End the chat")
        .await?;
    desks
        .both("the end", |seen| {
            matches!(seen.ended.as_slice(), [row] if row.tags == ["tents", "ended here"])
                && seen.bar == "This chat has ended."
                && seen.draft.is_none()
                && seen.actions.is_empty()
        })
        .await?;
    desks
        .visitor
        .until("the end", |told| told.chat_ended)
        .await?;
    desks.in_step().await?;
    stage.step("it can be read after a reload, under the same name");
    desks.ben.browser().reload().await?;
    desks
        .ben
        .until("the chat", |seen| {
            seen.dialog.is_empty()
                && seen.connection == "Live"
                && seen.bar == "This chat has ended."
                && seen.says("ours", "Ben", "Hello, I am Ben.")
        })
        .await?;
    desks.in_step().await
}
