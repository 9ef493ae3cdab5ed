//! From an empty desk to a chat with an agent.

use anyhow::Result;
use parlour_e2e::{Caller, DeskPage, Stage};

use super::{Desks, VISITOR};
use crate::keys::{ENTER, F2, F9};

pub(super) async fn nobody_is_there(stage: &Stage, desks: &[DeskPage<'_>]) -> Result<()> {
    stage.step("a desk without visitors says so");
    for desk in desks {
        desk.until("an empty desk", |seen| {
            seen.connection == "Live"
                && seen.empty.contains("No chats yet")
                && seen.title == "Desk"
                && seen.draft.is_none()
        })
        .await?;
    }
    Ok(())
}

pub(super) async fn a_visitor_comes(
    stage: &Stage,
    desks: &[DeskPage<'_>],
    server: &str,
) -> Result<Caller> {
    stage.step("a visitor's chat and first words appear at every desk");
    let visitor = Caller::begin(server, VISITOR, "A torn tent").await?;
    visitor.says("Is anybody there?").await?;
    for desk in desks {
        desk.until("the visitor in the list", |seen| {
            seen.title == "(1) Desk"
                && matches!(seen.waiting.as_slice(), [row]
                    if row.name == VISITOR
                        && row.said == "Is anybody there?"
                        && row.unread == 1
                        && row.tags == ["tents"]
                        && !row.open)
        })
        .await?;
    }
    Ok(visitor)
}

pub(super) async fn accept_by_keys(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let browser = desks.anna.browser();
    stage.step("a key opens the chat that waits");
    browser.press(&F2.to_string()).await?;
    desks
        .anna
        .until("the chat, read and not yet accepted", |seen| {
            seen.head == format!("{VISITOR} tents · A torn tent")
                && seen.says("theirs", VISITOR, "Is anybody there?")
                && seen
                    .bar
                    .starts_with("Zoë Ångström is waiting for an agent.")
                && seen.draft.is_none()
                && matches!(seen.waiting.as_slice(), [row] if row.open && row.unread == 0)
        })
        .await?;
    stage.step("keys accept it");
    browser.press(&F9.to_string()).await?;
    desks
        .anna
        .until("the button to have the focus", |seen| {
            seen.focus == "Accept"
        })
        .await?;
    browser.press(&ENTER.to_string()).await?;
    desks
        .anna
        .until("the chat to be one's own", |seen| {
            matches!(seen.mine.as_slice(), [row] if row.open)
                && seen.waiting.is_empty()
                && seen.draft.as_deref() == Some("")
                && seen.focus == "say"
                && seen.title == "Desk"
        })
        .await?;
    stage.step("the other desk sees with whom it is");
    desks
        .ben
        .until("the chat to be with Anna", |seen| {
            matches!(seen.others.as_slice(), [row] if row.tags == ["tents", "Anna"])
                && seen.waiting.is_empty()
                && seen.mine.is_empty()
                && seen.title == "Desk"
        })
        .await?;
    desks
        .visitor
        .until("Anna to have joined", |told| {
            told.last("ParticipantJoined", "Anna").is_some()
        })
        .await?;
    Ok(())
}
