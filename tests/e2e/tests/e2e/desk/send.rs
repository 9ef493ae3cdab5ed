//! What an agent can send beside words, and what a visitor sends.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::Stage;
use serde_json::Value;

use super::{Desks, VISITOR};
use crate::keys::{ENTER, F8, F9};

pub(super) async fn supervisor(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let (anna, browser) = (desks.anna, desks.anna.browser());
    stage.step("keys let a supervisor join");
    browser.press(&F8.to_string()).await?;
    anna.until("the menu, its first item focused", |seen| {
        seen.focus == "Let a supervisor join …"
    })
    .await?;
    browser.press(&ENTER.to_string()).await?;
    anna.answer("Let a supervisor join", &[("nickname", "Vera")], "Let join")
        .await?;
    desks
        .both("the supervisor", |seen| {
            seen.notes("Vera joined as supervisor")
        })
        .await?;
    stage.step("one can speak as either");
    anna.speaks_as("as Vera (supervisor)").await?;
    anna.types(&format!("May I help?{ENTER}")).await?;
    let told = desks
        .visitor
        .until("the supervisor's words", |told| {
            told.says("Vera", "May I help?")
        })
        .await?;
    let words = told.last("Message", "Vera").context("no words")?;
    ensure!(words["from"]["type"] == "Supervisor", "{words}");
    anna.speaks_as("as Anna").await?;
    anna.types(&format!("We are two now.{ENTER}")).await?;
    desks
        .visitor
        .until("one's own words", |told| {
            told.says("Anna", "We are two now.")
        })
        .await?;
    desks.in_step().await
}

pub(super) async fn page(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("a page is pushed");
    let page = "https://larkmoor.example/tents?size=3#care";
    desks.anna.choose("Insert", "Page to open …").await?;
    desks
        .anna
        .answer("Page to open", &[("url", page)], "Send")
        .await?;
    desks
        .visitor
        .until("the page", |told| {
            told.last("PushUrl", "Anna")
                .is_some_and(|event| event["text"] == page)
        })
        .await?;
    let shown = format!("Page to open {page}");
    desks
        .both("the page", |seen| seen.says("ours", "Anna", &shown))
        .await
}

/// Drops a file on the chat. Arguments: its name, its text.
const DROP: &str = "
    const data = new DataTransfer();
    data.items.add(new File([arguments[1]], arguments[0]));
    const pane = document.querySelector('#conversation .log');
    const event = (kind) =>
        new DragEvent(kind, {dataTransfer: data, bubbles: true, cancelable: true});
    pane.dispatchEvent(event('dragover'));
    pane.dispatchEvent(event('drop'));";

pub(super) async fn files(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let content: Vec<u8> = (0..100_000_u32).map(|at| (at % 251) as u8).collect();
    stage.step("a file that was picked reaches the visitor as it was");
    let guide = stage.file("repair guide.pdf", &content)?;
    desks.anna.picks(&guide).await?;
    let told = desks
        .visitor
        .until("the file", |told| {
            told.last("FileUploaded", "Anna").is_some()
        })
        .await?;
    let event = told.last("FileUploaded", "Anna").context("no file")?;
    ensure!(
        event["userData"]["file-name"] == "repair guide.pdf",
        "{event}"
    );
    let id = event["userData"]["file-id"].as_str().context("no id")?;
    ensure!(desks.visitor.gets_file(id).await? == content, "it changed");
    stage.step("so does one that was dropped");
    let drop = ["prices.csv", "tent;90"].map(Into::into);
    desks.anna.browser().run(DROP, &drop).await?;
    desks
        .visitor
        .until("the other file", |told| {
            told.last("FileUploaded", "Anna")
                .is_some_and(|event| event["userData"]["file-name"] == "prices.csv")
        })
        .await?;
    desks
        .both("both files", |seen| {
            ["repair guide.pdf 100 kB", "prices.csv 7 B"]
                .iter()
                .all(|file| seen.says("ours", "Anna", file))
                && seen.problems.is_empty()
        })
        .await
}

pub(super) async fn file_of_the_visitor(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    let (anna, browser) = (desks.anna, desks.anna.browser());
    stage.step("a visitor's file is saved, not opened");
    let content = b"<!doctype html><script>document.title = 'owned'</script>";
    desks.visitor.sends_file("sizes.csv", content).await?;
    desks
        .both("the file", |seen| {
            seen.says("theirs", VISITOR, &format!("sizes.csv {} B", content.len()))
        })
        .await?;
    let here = browser.address().await?;
    anna.click(".entries .theirs a[download]").await?;
    let saved = browser.downloaded("sizes.csv", content.len()).await?;
    ensure!(saved == content, "it arrived changed");
    ensure!(browser.address().await? == here, "the page was left");
    ensure!(browser.windows().await? == 1, "a window was opened");
    Ok(())
}

pub(super) async fn notices(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("a notice, and a word to the visitor's program");
    desks.anna.choose("More", "Notice …").await?;
    desks
        .anna
        .answer("Notice", &[("text", "We close at six.")], "Send")
        .await?;
    desks.anna.choose("More", "Custom notice …").await?;
    let fields = [("text", "survey"), ("purpose", "ask-for-opinion")];
    desks.anna.answer("Custom notice", &fields, "Send").await?;
    desks
        .visitor
        .until("both", |told| {
            told.last("Notice", "Anna")
                .is_some_and(|event| event["text"] == "We close at six.")
                && told.last("CustomNotice", "Anna").is_some_and(|event| {
                    event["text"] == "survey"
                        && event["eventAttributes"]["purpose"] == "ask-for-opinion"
                })
        })
        .await?;
    desks
        .both("both", |seen| {
            seen.notes("Anna: We close at six.") && seen.notes("Anna sent a custom notice: survey")
        })
        .await
}

pub(super) async fn rich_message(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("a rich message from a template, by keys from the message on");
    let browser = desks.anna.browser();
    browser.press(&F9.to_string()).await?;
    desks.anna.choose("Insert", "Quick replies …").await?;
    // WebKit's driver types no "\n".
    let items = format!("Repair it{ENTER}Replace it");
    let fields = [("items", items.as_str())];
    desks.anna.answer("Quick replies", &fields, "Send").await?;
    let told = desks
        .visitor
        .until("the question", |told| told.says("Anna", "Did that help?"))
        .await?;
    let event = told.last("Message", "Anna").context("no message")?;
    let rich = &event["eventAttributes"]["structured-content"]["genesys-chat"];
    // As the vendor's client reads it: JSON text within JSON.
    let rich: Value = serde_json::from_str(rich["content"].as_str().context("no text")?)?;
    ensure!(rich["contentType"] == "quick-replies", "{event}");
    ensure!(rich["content"][1]["text"] == "Replace it", "{event}");
    desks
        .both("the question with its replies", |seen| {
            seen.says(
                "ours",
                "Anna",
                "Did that help? Quick replies Repair it Replace it",
            )
        })
        .await
}

pub(super) async fn idle_alert(stage: &Stage, desks: &Desks<'_>) -> Result<()> {
    stage.step("the visitor is warned that the chat will close");
    desks.anna.choose("More", "Idle alert …").await?;
    desks
        .anna
        .answer("Idle alert", &[("secs", "90")], "Warn")
        .await?;
    let told = desks
        .visitor
        .until("the warning", |told| {
            told.messages
                .iter()
                .any(|event| event["type"] == "IdleAlert")
        })
        .await?;
    ensure!(!told.chat_ended);
    let words = "Idle alert: the chat closes in 90 s unless somebody speaks";
    desks.both("the warning", |seen| seen.notes(words)).await?;
    stage.step("the chat's data tell when, until the visitor speaks");
    if desks.anna.look().await?.details.is_empty() {
        // Where there is little room they are shown on demand.
        desks.anna.press("Details").await?;
    }
    desks
        .anna
        .until("the time", |seen| seen.details.contains("Idle close"))
        .await?;
    desks.visitor.says("I am still here.").await?;
    desks
        .anna
        .until("no such time", |seen| !seen.details.contains("Idle close"))
        .await?;
    desks.in_step().await
}
