//! What is seen where a server cannot do something: nothing of it is offered, and nothing breaks.

use anyhow::{Result, ensure};
use parlour_e2e::{Agent, Stage};

pub(super) async fn service(stage: &Stage, chat: &str) -> Result<()> {
    stage.step("the chat is with no service of the tenant's");
    let chat = stage.desk.read(chat).await?;
    ensure!(chat.service != "customer-support", "{chat:#?}");
    Ok(())
}

pub(super) async fn typing_preview(stage: &Stage, anna: &Agent) -> Result<()> {
    stage.step("nobody sees what is typed, and nobody is told so");
    let widget = stage.widget();
    widget.types(" is to").await?;
    ensure!(!widget.has(".composer-note").await?, "it is told");
    // What the agent says is read by polls in which a preview would have gone.
    until_heard(stage, anna, "Please go on.").await?;
    let chat = anna.chat().await?;
    ensure!(chat.visitor.preview.is_none(), "{chat:#?}");
    ensure!(chat.times("My tent is to") == 0, "it was said: {chat:#?}");
    Ok(())
}

pub(super) async fn read_receipts(stage: &Stage, anna: &Agent) -> Result<()> {
    stage.step("nobody is told what was read");
    let chat = anna.chat().await?;
    ensure!(chat.visitor.read_up_to.is_none(), "{chat:#?}");
    Ok(())
}

pub(super) async fn hold(stage: &Stage, anna: &Agent) -> Result<()> {
    anna.holds().await?;
    left(stage, "Anna").await?;
    let widget = stage.widget();
    stage.step("one can write while nobody is there");
    widget.says("I am waiting.").await?;
    widget
        .until("that it was sent", |seen| {
            seen.mine("I am waiting.", "sent")
        })
        .await?;
    stage.step("the agent is back");
    anna.returns().await?;
    widget
        .until("the agent's return", |seen| {
            seen.status.is_empty() && seen.header.contains("You are talking to Anna")
        })
        .await?;
    Ok(())
}

pub(super) async fn transfer(stage: &Stage, anna: &Agent) -> Result<Agent> {
    anna.begins_transfer().await?;
    left(stage, "Anna").await?;
    stage.step("a colleague takes over");
    let ben = stage.desk.join(&anna.chat().await?.id, "Ben").await?;
    stage
        .widget()
        .until("Ben", |seen| {
            seen.status.is_empty() && seen.header.contains("You are talking to Ben")
        })
        .await?;
    Ok(ben)
}

pub(super) async fn page_offered(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a page comes as a message with a link, and is not opened");
    let here = stage.browser.address().await?;
    let page = "https://larkmoor.example/tents?size=3#care";
    ben.offers(page).await?;
    until_heard(stage, ben, "Have a look.").await?;
    let widget = stage.widget();
    let seen = widget
        .until("the message", |seen| seen.says("agent", page))
        .await?;
    ensure!(seen.line("link", "").is_none(), "{seen:#?}");
    let link = widget.element(&format!("a[href='{page}']")).await?;
    let rel = link.attr("rel").await?.unwrap_or_default();
    ensure!(
        rel.contains("noopener") && rel.contains("noreferrer"),
        "{rel}"
    );
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}

pub(super) async fn file_from_agent(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a file from the agent does not come, and breaks nothing");
    ben.sends_file("repair guide.html", b"<!doctype html>", "How to mend it")
        .await?;
    until_heard(stage, ben, "Has it arrived?").await?;
    let seen = stage
        .widget()
        .until("no file", |seen| seen.line("file", "").is_none());
    seen.await?;
    Ok(())
}

pub(super) async fn file_from_visitor(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("there is nothing to send files with");
    let widget = stage.widget();
    for selector in ["[part~=attach]", "input[type=file]"] {
        ensure!(!widget.has(selector).await?, "there is {selector}");
    }
    stage.step("a file that is dropped is refused in words, and not opened");
    let here = stage.browser.address().await?;
    widget
        .drops(&stage.file("torn tent.pdf", b"%PDF-")?)
        .await?;
    let told = |seen: &parlour_e2e::Seen| {
        seen.status("refused")
            .is_some_and(|words| words.contains("Files cannot be sent here"))
    };
    widget.until("to be told", told).await?;
    // Time for something to open by itself: until what the agent says next has arrived.
    until_heard(stage, ben, "Which size is it?").await?;
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    stage.step("a file that is pasted is refused, too; a text that is pasted stays one");
    widget.types("Here are my sizes").await?;
    widget.pastes_file("sizes.csv", "tent;3").await?;
    widget.until("to be told", told).await?;
    stage.browser.press_with_control('a').await?;
    stage.browser.press_with_control('x').await?;
    widget
        .until("it to be cut", |seen| seen.draft() == Some(""))
        .await?;
    stage.browser.press_with_control('v').await?;
    until_heard(stage, ben, "Just tell me.").await?;
    let seen = widget
        .until("the text, once", |seen| {
            seen.draft() == Some("Here are my sizes")
        })
        .await?;
    ensure!(seen.line("file", "").is_none(), "{seen:#?}");
    ensure!(ben.chat().await?.files.len() == 1, "it went");
    widget.says(", in metres.").await?;
    widget
        .until("it to be sent", |seen| {
            seen.mine("Here are my sizes, in metres.", "sent")
        })
        .await?;
    Ok(())
}

pub(super) async fn file_refused(stage: &Stage) -> Result<()> {
    stage.step("nothing is said of files");
    ensure!(!stage.widget().has(".limits").await?, "it is");
    Ok(())
}

pub(super) async fn idle_warning(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("there is no warning");
    ben.warns_of_idleness(3_600).await?;
    until_heard(stage, ben, "No hurry.").await?;
    stage
        .widget()
        .until("no warning", |seen| seen.idle.is_empty())
        .await?;
    Ok(())
}

pub(super) async fn rename(stage: &Stage) -> Result<()> {
    stage.step("the menu has no name to change");
    let widget = stage.widget();
    widget.click_part("menu").await?;
    // It is there as a whole, or not at all.
    widget.element("[part~=end]").await?;
    ensure!(!widget.has("[part~=rename]").await?, "it has");
    widget.click_part("menu").await?;
    Ok(())
}

/// Waits for what can be told of an agent who is no longer there, for whatever reason.
async fn left(stage: &Stage, name: &str) -> Result<()> {
    stage.step("the agent has left, for all that is known");
    let seen = stage
        .widget()
        .until("to be told", |seen| {
            seen.line("system", &format!("{name} has left the chat"))
                .is_some()
                && seen
                    .status("gone")
                    .is_some_and(|words| words.contains("You can still write"))
        })
        .await?;
    ensure!(
        seen.status("hold").is_none() && seen.status("transfer").is_none(),
        "{seen:#?}"
    );
    ensure!(!seen.ended, "{seen:#?}");
    Ok(())
}

/// Has the agent say something, and waits until it is seen: so is everything before it, then.
async fn until_heard(stage: &Stage, agent: &Agent, words: &str) -> Result<()> {
    agent.says(words).await?;
    stage
        .widget()
        .until("what the agent says next", |seen| seen.says("agent", words))
        .await?;
    Ok(())
}
