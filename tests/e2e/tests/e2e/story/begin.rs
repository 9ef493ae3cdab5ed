//! From the launcher to the agent's first words.

use anyhow::{Result, ensure};
use parlour_e2e::{Agent, Page, Stage};

/// Fills in the form, with mistakes first; returns the chat's id.
pub(super) async fn form(stage: &Stage) -> Result<String> {
    stage.step("the page shows a launcher and has fetched nothing else");
    let widget = stage
        .visit_as(&Page::default(), |config| {
            config.features.read_receipts = true;
        })
        .await?;
    let seen = widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    ensure!(seen.launcher.name == "Chat with us", "{seen:#?}");
    let fetched = stage.site.fetched();
    ensure!(
        !fetched.iter().any(|path| path.ends_with(".wasm")),
        "the page was slowed down by {fetched:?}"
    );

    stage.step("the launcher opens the form");
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| {
            seen.open && seen.launcher.expanded && seen.form.is_some()
        })
        .await?;

    stage.step("mistakes are told at their fields, and nothing is sent");
    widget.fill("firstName", "Zoë").await?;
    widget.fill("email", "zoe at home").await?;
    widget.click_part("submit").await?;
    let seen = widget
        .until("two mistakes", |seen| {
            let wrong = |name, words| {
                seen.field(name)
                    .is_some_and(|field| field.invalid && field.description.contains(words))
            };
            wrong("lastName", "Please fill this in.") && wrong("email", "name@example.com")
        })
        .await?;
    ensure!(
        seen.field("firstName").is_some_and(|field| !field.invalid),
        "{seen:#?}"
    );
    widget
        .until("the first mistake to have the focus", |seen| {
            seen.focus == "lastName"
        })
        .await?;
    ensure!(stage.desk.count().await? == 0, "a chat was requested");

    stage.step("corrected, the form starts the chat");
    widget.fill("lastName", "Ångström").await?;
    widget.fill("email", "zoe@example.com").await?;
    widget.fill("subject", "A torn tent").await?;
    widget
        .until("the mistakes to be forgiven", |seen| {
            seen.form
                .as_ref()
                .is_some_and(|form| form.fields.iter().all(|field| !field.invalid))
        })
        .await?;
    widget.click_part("submit").await?;

    stage.step("the agent sees what was filled in");
    let id = stage.desk.chat(1).await?;
    let chat = stage.desk.read(&id).await?;
    ensure!(
        chat.nickname.as_deref() == Some("Zoë Ångström"),
        "{chat:#?}"
    );
    ensure!(chat.subject.as_deref() == Some("A torn tent"), "{chat:#?}");
    // Where a server has no field for it, it is attached.
    let attached = chat.user_data["EmailAddress"].as_str();
    ensure!(
        chat.email.as_deref().or(attached) == Some("zoe@example.com"),
        "{chat:#?}"
    );
    ensure!(chat.user_data["Shop"] == "Larkmoor", "{chat:#?}");
    Ok(id)
}

pub(super) async fn service(stage: &Stage, chat: &str) -> Result<()> {
    stage.step("the chat is with the service that the tenant's file names");
    let chat = stage.desk.read(chat).await?;
    ensure!(chat.service == "customer-support", "{chat:#?}");
    Ok(())
}

pub(super) async fn waiting(stage: &Stage, chat: &str) -> Result<()> {
    stage.step("one sees that one waits for an agent");
    let widget = stage.widget();
    widget
        .until("to wait for an agent", |seen| {
            seen.status("waiting")
                .is_some_and(|words| words.contains("Waiting for an agent"))
                && seen.composer.is_some()
        })
        .await?;
    stage.step("what was asked in the form stands there, and a greeting");
    let question = widget.element("[part~=question]").await?.text().await?;
    ensure!(question == "A torn tent", "{question}");
    widget.element("[part~=greeting]").await?;
    stage.step("what is written before anybody is there waits at the desk");
    widget.says("Is anybody there?").await?;
    let seen = widget
        .until("that it was sent", |seen| {
            seen.mine("Is anybody there?", "sent")
        })
        .await?;
    ensure!(seen.status("waiting").is_some(), "{seen:#?}");
    let chat = stage.desk.read(chat).await?;
    ensure!(chat.times("Is anybody there?") == 1, "{chat:#?}");
    Ok(())
}

pub(super) async fn agent_joins(stage: &Stage, chat: &str) -> Result<Agent> {
    let widget = stage.widget();
    stage.step("the agent joins");
    let anna = stage.desk.join(chat, "Anna").await?;
    widget
        .until("Anna to join", |seen| {
            seen.line("system", "Anna joined the chat").is_some()
                && seen.header.contains("You are talking to Anna")
                && seen.status.is_empty()
        })
        .await?;

    stage.step("the agent greets");
    anna.says("Hello Zoë, I am Anna.").await?;
    widget
        .until("the greeting", |seen| {
            seen.says("agent", "Hello Zoë, I am Anna.")
        })
        .await?;
    Ok(anna)
}

pub(super) async fn agent_typing(stage: &Stage, anna: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("the visitor sees the agent typing, and stopping");
    anna.types(true).await?;
    widget
        .until("the typing indicator", |seen| {
            seen.typing == "Anna is typing"
        })
        .await?;
    anna.types(false).await?;
    widget
        .until("the typing indicator to go", |seen| seen.typing.is_empty())
        .await?;
    Ok(())
}
