//! What the panel says when agents leave, chats end and nobody speaks.

use anyhow::{Result, ensure};
use parlour_config::{Config, Dialect};
use parlour_e2e::{Engine, Page, Stage, Tests};
use serde_json::json;

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "a_survey_after_the_end",
        &Engine::ALL,
        &[],
        a_survey_after_the_end,
    );
    let chromium = &[Engine::Chromium];
    tests.add("the_agent_leaves", chromium, &[], the_agent_leaves);
    tests.add("the_agent_ends_the_chat", chromium, &[], the_agent_ends);
    tests.add(
        "a_chat_that_ends_unseen",
        chromium,
        &["--drop-after", "4"],
        a_chat_that_ends_unseen,
    );
    tests.add(
        "words_against_idleness",
        chromium,
        &[],
        words_against_idleness,
    );
    tests.add("a_file_is_taken_back", chromium, &[], a_file_is_taken_back);
    tests.add("two_pages_one_chat", chromium, &[], two_pages_one_chat);
    tests.add_for(
        "words_before_the_chat",
        Dialect::GmsV1,
        chromium,
        &[],
        words_before_the_chat,
    );
}

async fn the_agent_leaves(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the agent leaves for good; the chat goes on");
    anna.leaves().await?;
    let seen = widget
        .until("to be told", |seen| {
            seen.line("system", "Anna has left the chat").is_some()
                && seen
                    .status("gone")
                    .is_some_and(|words| words.contains("You can still write"))
        })
        .await?;
    ensure!(!seen.ended, "{seen:#?}");
    widget.says("Hello?").await?;
    let ben = stage.desk.join(&anna.chat().await?.id, "Ben").await?;
    widget
        .until("somebody else", |seen| {
            seen.mine("Hello?", "sent") && seen.header.contains("Ben") && seen.status.is_empty()
        })
        .await?;
    ensure!(ben.chat().await?.times("Hello?") == 1);
    Ok(())
}

async fn the_agent_ends(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    anna.says("Goodbye").await?;
    widget.types("One last").await?;
    stage.step("the agent ends the chat");
    anna.ends().await?;
    widget
        .until("to be told", |seen| {
            seen.ended
                && seen.says("agent", "Goodbye")
                && seen.mine("One last", "failed")
                && seen.line("system", "The chat has ended.").is_some()
        })
        .await?;
    stage.step("what was being typed can still be had, in the next chat");
    widget.click("[data-action=new-chat]").await?;
    widget.click("[data-action=confirm]").await?;
    widget.until("the form", |seen| seen.form.is_some()).await?;
    widget.fill("firstName", "Zoë").await?;
    widget.fill("lastName", "Ångström").await?;
    widget.click_part("submit").await?;
    widget
        .until("the draft", |seen| seen.draft() == Some("One last"))
        .await?;
    Ok(())
}

async fn a_chat_that_ends_unseen(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    anna.says("Just a moment").await?;
    let widget = stage.widget();
    widget
        .until("the message", |seen| seen.says("agent", "Just a moment"))
        .await?;
    widget.types("Take your").await?;
    stage.step("the visitor is on another page until the server gives up");
    let page = stage.browser.address().await?;
    stage.browser.open("about:blank").await?;
    anna.until("the server to give up", |chat| chat.end.is_some())
        .await?;
    stage.step("on return the end is told, and everything can be read");
    stage.browser.open(&page).await?;
    widget
        .until("the end", |seen| {
            seen.ended
                && seen.says("agent", "Just a moment")
                && seen
                    .line("system", "The chat ended while you were away.")
                    .is_some()
        })
        .await?;
    Ok(())
}

async fn words_against_idleness(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the server warns");
    anna.warns_of_idleness(90).await?;
    widget
        .until("the warning, with the time that is left", |seen| {
            seen.idle.contains("Are you still there?")
                && seen.idle.contains("The chat closes in 1:")
        })
        .await?;
    stage.step("one word, and it is over");
    widget.says("Yes").await?;
    widget
        .until("the warning to go", |seen| {
            seen.idle.is_empty() && seen.mine("Yes", "sent")
        })
        .await?;
    Ok(())
}

async fn a_file_is_taken_back(stage: &mut Stage) -> Result<()> {
    stage.desk.set(json!({"delete_allowed": true})).await?;
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("a file is sent by mistake");
    widget
        .sends_file(&stage.file("secret.pdf", b"%PDF-1")?)
        .await?;
    widget
        .until("it to be sent", |seen| {
            seen.line("file", "secret.pdf")
                .is_some_and(|line| line.state == "available")
        })
        .await?;
    stage.step("and deleted");
    widget.click("[part~=file] [data-action=delete]").await?;
    widget
        .until("it to be gone", |seen| {
            seen.line("file", "secret.pdf")
                .is_some_and(|line| line.state == "deleted" && line.text.contains("File deleted"))
        })
        .await?;
    let chat = anna.chat().await?;
    let id = chat
        .files
        .first()
        .map(|file| file.id.clone())
        .unwrap_or_default();
    ensure!(
        anna.reads_file(&id).await.is_err(),
        "the agent can still have it"
    );
    Ok(())
}

async fn two_pages_one_chat(stage: &mut Stage) -> Result<()> {
    stage.step("a chat on one page");
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    widget.says("Hello").await?;
    widget
        .until("it to be sent", |seen| seen.mine("Hello", "sent"))
        .await?;
    stage.step("goes on on the next page of the same site");
    stage.visit().await?;
    widget
        .until("the chat", |seen| seen.open && seen.mine("Hello", "sent"))
        .await?;
    anna.says("Hello Zoë").await?;
    widget
        .until("the answer", |seen| seen.says("agent", "Hello Zoë"))
        .await?;
    ensure!(stage.desk.count().await? == 1, "a second chat began");
    Ok(())
}

/// A service that makes its chat only once an agent is available, within 5 s.
async fn words_before_the_chat(stage: &mut Stage) -> Result<()> {
    stage.step("no chat yet");
    stage
        .visit_as(&Page::default(), |config| {
            "request-chat-poll".clone_into(&mut config.server.service);
        })
        .await?;
    stage.ask_for_chat().await?;
    let widget = stage.widget();
    stage.step("what is written meanwhile goes to the agent when there is one");
    widget.says("Is anybody there?").await?;
    let seen = widget
        .until("to be told that one waits", |seen| {
            seen.status("waiting").is_some() && seen.says("me", "Is anybody there?")
        })
        .await?;
    ensure!(seen.status.len() == 1, "waiting is no trouble: {seen:#?}");
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    widget
        .until("Anna", |seen| {
            seen.header.contains("You are talking to Anna")
                && seen.mine("Is anybody there?", "sent")
                && seen.status.is_empty()
        })
        .await?;
    let chat = anna.chat().await?;
    ensure!(chat.times("Is anybody there?") == 1, "{chat:#?}");
    ensure!(chat.subject.as_deref() == Some("A torn tent"), "{chat:#?}");
    Ok(())
}

async fn a_survey_after_the_end(stage: &mut Stage) -> Result<()> {
    let asks = |config: &mut Config| {
        config.survey.url = Some("https://ask.example/?chat={chat}&lang={locale}".into());
    };
    let widget = stage.visit_as(&Page::default(), asks).await?;
    let anna = stage.talk().await?;
    ensure!(
        !widget.has("[data-action=survey]").await?,
        "the survey comes before the end"
    );
    anna.ends().await?;
    let link = widget.element("[data-action=survey]").await?;
    let href = link.attr("href").await?.unwrap_or_default();
    let chat = stage.desk.chat(1).await?;
    ensure!(
        href == format!("https://ask.example/?chat={chat}&lang=en"),
        "the link leads to {href}"
    );
    let rel = link.attr("rel").await?;
    ensure!(rel.as_deref() == Some("noopener noreferrer"), "{rel:?}");
    ensure!(stage.browser.windows().await? == 1, "it opened by itself");
    Ok(())
}
