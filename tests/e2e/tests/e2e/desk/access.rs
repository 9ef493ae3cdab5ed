//! Accessibility of the desk: axe in every state that an agent works in, light and dark.

use anyhow::{Result, ensure};
use parlour_e2e::{Caller, DeskPage, Stage};

use super::{VISITOR, sit_down};
use crate::access::{Look, wrong_in};

pub(super) async fn axe_finds_nothing(stage: &mut Stage) -> Result<()> {
    let axe = stage.npm("axe-core/axe.min.js")?;
    let server = stage.emulator.url().to_owned();
    let mut wrong = Vec::new();
    let mut look = async |state: &str| -> Result<()> {
        stage.step(state);
        wrong.extend(wrong_in(stage, &axe, state, Look::SCHEMES).await?);
        Ok(())
    };

    let desk = DeskPage::open(&stage.browser, &server).await?;
    desk.until("a question", |seen| !seen.dialog.is_empty())
        .await?;
    look("who sits here").await?;
    let desk = sit_down(stage, &stage.browser, &server, "Anna").await?;
    desk.until("an empty desk", |seen| !seen.empty.is_empty())
        .await?;
    look("nobody is there").await?;

    let visitor = Caller::begin(&server, VISITOR, "A torn tent").await?;
    visitor.says("Is anybody there?").await?;
    let row = format!("#chat-{}", visitor.chat());
    desk.until("the visitor", |seen| seen.waiting.len() == 1)
        .await?;
    look("a visitor waits").await?;
    desk.click(&row).await?;
    desk.until("the chat", |seen| seen.bar.contains("waiting"))
        .await?;
    look("a waiting chat is open").await?;

    desk.press("Accept").await?;
    desk.until("the message box", |seen| seen.draft.is_some())
        .await?;
    busy(stage, desk, &visitor).await?;
    look("everything a chat can hold").await?;
    for menu in ["More", "Insert"] {
        desk.press(menu).await?;
        look(&format!("the menu {menu}")).await?;
        desk.press(menu).await?;
    }
    stage.browser.is_phone(true).await?;
    look("the chat on a phone").await?;
    desk.press("Details").await?;
    desk.until("the chat's data", |seen| {
        seen.details.contains("A torn tent")
    })
    .await?;
    look("the chat's data on a phone").await?;
    desk.press("Details").await?;
    stage.browser.is_phone(false).await?;
    for (opener, question) in [
        ("Transfer …", "Transfer the chat"),
        ("End …", "End this chat?"),
    ] {
        desk.press(opener).await?;
        desk.until(question, |seen| seen.dialog.contains(question))
            .await?;
        look(question).await?;
        desk.press("Cancel").await?;
        desk.until("the question to go", |seen| seen.dialog.is_empty())
            .await?;
    }
    desk.press("Shortcuts").await?;
    look("the shortcuts").await?;
    desk.press("Close").await?;

    desk.press("Hold").await?;
    desk.until("the hold", |seen| seen.bar.contains("on hold"))
        .await?;
    look("on hold").await?;
    desk.press("Return").await?;
    desk.until("the message box", |seen| seen.draft.is_some())
        .await?;
    desk.press("End …").await?;
    desk.answer("End this chat?", &[], "End the chat").await?;
    desk.until("the end", |seen| seen.ended.len() == 1).await?;
    look("an ended chat").await?;
    ensure!(wrong.is_empty(), "axe finds\n{}", wrong.join("\n"));
    Ok(())
}

/// Fills the log with one of each kind, and has the visitor typing.
async fn busy(stage: &Stage, desk: DeskPage<'_>, visitor: &Caller) -> Result<()> {
    stage.step("a busy chat");
    let anna = stage.desk.join(visitor.chat(), "Vera").await?;
    anna.says("I am with you, too.").await?;
    anna.offers("https://larkmoor.example/tents?size=3#care")
        .await?;
    anna.sends_file("guide.pdf", b"%PDF-", "How to mend it")
        .await?;
    anna.warns_of_idleness(3_600).await?;
    desk.choose("Insert", "Card …").await?;
    desk.answer("Card", &[], "Send").await?;
    desk.choose("More", "Custom notice …").await?;
    desk.answer("Custom notice", &[("text", "survey")], "Send")
        .await?;
    visitor.sends_file("torn tent.pdf", b"%PDF-").await?;
    visitor.types("It is the zip").await?;
    desk.until("all of it", |seen| {
        seen.preview == "It is the zip"
            && seen
                .entries
                .iter()
                .any(|entry| entry.text.contains("Book it"))
            && seen
                .entries
                .iter()
                .any(|entry| entry.text.contains("torn tent.pdf"))
            && seen.notes("Anna sent a custom notice: survey")
    })
    .await?;
    Ok(())
}
