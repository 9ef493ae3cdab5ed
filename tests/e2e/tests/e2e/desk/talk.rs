//! What is said, and seen before it is said; and a hold.

use anyhow::Result;
use parlour_e2e::Stage;

use super::{Desks, VISITOR};
use crate::keys::{ENTER, F4};

pub(super) async fn words(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let browser = desks.anna.browser();
    stage.step("the visitor sees the agent typing");
    browser.press("Hello Zoë, I am Anna.").await?;
    desks
        .visitor
        .until("Anna typing", |told| {
            told.last("TypingStarted", "Anna").is_some()
        })
        .await?;
    stage.step("Shift and Enter begin a line, Enter sends");
    browser.press_with_shift(ENTER).await?;
    browser.press(&format!("What can I do?{ENTER}")).await?;
    desks
        .visitor
        .until("the greeting", |told| {
            told.says("Anna", "Hello Zoë, I am Anna.\nWhat can I do?")
        })
        .await?;
    desks
        .anna
        .until("one's own words, the box empty again", |seen| {
            seen.says("ours", "Anna", "Hello Zoë, I am Anna. What can I do?")
                && seen.draft.as_deref() == Some("")
        })
        .await?;
    stage.step("the visitor answers; what looks like markup is text");
    let answer = "My tent is <b>torn</b><img src=x onerror=alert(1)>";
    desks.visitor.says(answer).await?;
    desks
        .anna
        .until("the answer, read at once", |seen| {
            seen.says("theirs", VISITOR, answer)
                && matches!(seen.mine.as_slice(), [row] if row.said == answer && row.unread == 0)
        })
        .await?;
    Ok(())
}

pub(super) async fn a_second_look(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("another desk counts what nobody read there, until it looks");
    desks
        .ben
        .until(
            "two unread messages",
            |seen| matches!(seen.others.as_slice(), [row] if row.unread == 2),
        )
        .await?;
    desks
        .ben
        .click(&format!("#chat-{}", desks.visitor.chat()))
        .await?;
    desks
        .ben
        .until("the chat of a colleague", |seen| {
            seen.bar.starts_with("Anna is talking to Zoë Ångström.")
                && seen.draft.is_none()
                && matches!(seen.others.as_slice(), [row] if row.open && row.unread == 0)
        })
        .await?;
    desks.in_step().await
}

pub(super) async fn typing(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("both desks see what the visitor types, as it comes");
    for so_far in ["It is", "It is the zip", "It is the window"] {
        desks.visitor.types(so_far).await?;
        desks
            .both("what is typed so far", |seen| {
                seen.typing == "Zoë Ångström is typing …"
                    && seen.preview == so_far
                    && [&seen.mine, &seen.others]
                        .into_iter()
                        .flatten()
                        .all(|row| row.typing)
            })
            .await?;
    }
    stage.step("it goes when the visitor stops, and when it is said");
    desks.visitor.stops_typing().await?;
    desks
        .both("no more typing", |seen| {
            !seen.typing.contains("is typing")
                && [&seen.mine, &seen.others]
                    .into_iter()
                    .flatten()
                    .all(|row| !row.typing)
        })
        .await?;
    desks.visitor.types("It is the window.").await?;
    desks.visitor.says("It is the window.").await?;
    desks
        .both("the message in the place of its preview", |seen| {
            seen.typing.is_empty()
                && seen.preview.is_empty()
                && seen
                    .entries
                    .iter()
                    .filter(|entry| entry.text == "It is the window.")
                    .count()
                    == 1
        })
        .await
}

pub(super) async fn hold(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let browser = desks.anna.browser();
    stage.step("a key puts the chat on hold");
    browser.press(&F4.to_string()).await?;
    desks
        .anna
        .until("the hold", |seen| {
            seen.bar == "You put this chat on hold. Return"
                && seen.draft.is_none()
                && matches!(seen.mine.as_slice(), [row] if row.tags == ["tents", "on hold"])
        })
        .await?;
    desks
        .ben
        .until("the hold of a colleague", |seen| {
            seen.bar.starts_with("Zoë Ångström is on hold.")
                && matches!(seen.others.as_slice(), [row] if row.tags.contains(&"on hold".into()))
        })
        .await?;
    desks
        .visitor
        .until("the hold", |told| {
            told.last("ParticipantLeft", "Anna")
                .is_some_and(|event| reason(event) == "HOLD")
        })
        .await?;
    stage.step("what the visitor says meanwhile is seen");
    desks.visitor.says("I am waiting.").await?;
    desks
        .both("the words", |seen| {
            seen.notes("Anna put the chat on hold")
                && seen
                    .entries
                    .iter()
                    .any(|entry| entry.side == "theirs" && entry.text == "I am waiting.")
        })
        .await?;
    stage.step("the same key comes back");
    browser.press(&F4.to_string()).await?;
    desks
        .anna
        .until("the message box", |seen| {
            seen.draft.as_deref() == Some("")
                && matches!(seen.mine.as_slice(), [row] if row.tags == ["tents"])
        })
        .await?;
    desks
        .visitor
        .until("Anna's return", |told| {
            let events = told.messages.iter();
            let joined = |event: &&serde_json::Value| {
                event["type"] == "ParticipantJoined" && event["from"]["nickname"] == "Anna"
            };
            events.filter(joined).count() == 2
        })
        .await?;
    desks.in_step().await
}

/// Tells why somebody left.
pub(super) fn reason(event: &serde_json::Value) -> &serde_json::Value {
    &event["eventAttributes"]["general-properties"]["reason-for-leave"]
}
