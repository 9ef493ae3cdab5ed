//! Servers that do not do what they should: each ends in clear words, nothing that was written is
//! lost, and there is a way on.

use anyhow::{Result, ensure};
use parlour_config::Dialect;
use parlour_e2e::{Engine, Seen, Stage, Tests, Widget};
use serde_json::{Value, json};

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add("html_instead_of_json", chromium, &[], html_instead_of_json);
    tests.add(
        "html_in_mid_chat",
        chromium,
        &[],
        async |stage: &mut Stage| trouble_in_mid_chat(stage, json!({"kind": "html"})).await,
    );
    tests.add(
        "half_replies_in_mid_chat",
        chromium,
        &[],
        async |stage: &mut Stage| trouble_in_mid_chat(stage, json!({"kind": "truncated"})).await,
    );
    tests.add(
        "status_code_1_in_mid_chat",
        chromium,
        &[],
        async |stage: &mut Stage| {
            trouble_in_mid_chat(stage, json!({"kind": "status_code_1"})).await
        },
    );
    tests.add(
        "overload_with_retry_after_in_mid_chat",
        chromium,
        &[],
        async |stage: &mut Stage| {
            let rule = json!({"kind": "status", "status": 503, "retry_after": 1});
            trouble_in_mid_chat(stage, rule).await
        },
    );
    tests.add(
        "overload_at_the_start",
        chromium,
        &[],
        overload_at_the_start,
    );
    tests.add(
        "a_reply_that_is_lost",
        chromium,
        &[],
        async |stage: &mut Stage| a_send_is_cut(stage, "cut_after").await,
    );
    tests.add(
        "a_message_that_is_lost",
        chromium,
        &[],
        async |stage: &mut Stage| a_send_is_cut(stage, "cut_before").await,
    );
    tests.add("a_send_is_refused", chromium, &[], a_send_is_refused);
    tests.add("a_chat_is_refused", chromium, &[], a_chat_is_refused);
    tests.add(
        "a_service_that_is_not_there",
        chromium,
        &["--services", "sales,press"],
        a_service_that_is_not_there,
    );
    for (spoken, flags, told) in MISFITS {
        let name = "a_server_of_another_kind";
        tests.add_for(name, *spoken, chromium, flags, async |stage: &mut Stage| {
            a_server_of_another_kind(stage, told).await
        });
    }
    tests.add(
        "no_server_at_the_start",
        chromium,
        &[],
        no_server_at_the_start,
    );
    tests.add(
        "no_server_in_mid_chat_and_a_reload",
        chromium,
        &[],
        no_server_in_mid_chat_and_a_reload,
    );
}

/// What a tenant's file says, what the server is, and what the console tells of it.
const MISFITS: &[(Dialect, &[&str], &str)] = &[
    (
        Dialect::GmsV2,
        &["--dialect", "gws"],
        "does not answer as gms-v2 does.",
    ),
    (
        Dialect::GmsV2Cometd,
        &["--dialect", "gms-v2"],
        "does not answer as gms-v2-cometd does, more likely as gms-v2.",
    ),
    (
        Dialect::GmsV1Cometd,
        &["--dialect", "gms-v1"],
        "does not answer as gms-v1-cometd does, more likely as gms-v1.",
    ),
];

/// Waits for the form to say what went wrong, with everything that was filled in still there.
async fn told_in_the_form(widget: Widget<'_>, words: &str) -> Result<Seen> {
    let seen = widget
        .until(&format!("to be told: {words}"), |seen| {
            seen.form
                .as_ref()
                .is_some_and(|form| form.alert.contains(words) && form.state == "ready")
        })
        .await?;
    let value = |name| seen.field(name).map(|field| field.value.as_str());
    ensure!(
        value("firstName") == Some("Zoë") && value("subject") == Some("A torn tent"),
        "what was filled in is gone: {seen:#?}"
    );
    Ok(seen)
}

async fn waiting(widget: Widget<'_>) -> Result<Seen> {
    widget
        .until("to wait for an agent", |seen| {
            seen.status("waiting").is_some()
        })
        .await
}

async fn html_instead_of_json(stage: &mut Stage) -> Result<()> {
    stage.step("the server answers with a page");
    stage.visit().await?;
    let rule = json!({"operation": "requestChat", "kind": "html"});
    stage.desk.fault(rule).await?;
    stage.ask_for_chat().await?;
    let widget = stage.widget();
    told_in_the_form(widget, "did not answer as it should").await?;
    stage.step("mended, it works");
    stage.desk.mend().await?;
    widget.click_part("submit").await?;
    waiting(widget).await?;
    Ok(())
}

/// A while in which every request fails by a rule: what is written meanwhile arrives once.
async fn trouble_in_mid_chat(stage: &mut Stage, rule: Value) -> Result<()> {
    stage.step("a chat");
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    anna.says("Hello").await?;
    widget
        .until("the greeting", |seen| seen.says("agent", "Hello"))
        .await?;

    stage.step("every request fails");
    let rule = stage.desk.fault(rule).await?;
    parlour_e2e::until("three failures", async || {
        Ok((stage.desk.struck(rule).await? >= 3).then_some(()))
    })
    .await?;
    widget.says("Is anybody there?").await?;
    widget
        .until("to be told", |seen| {
            seen.status("reconnecting").is_some() && seen.mine("Is anybody there?", "sending")
        })
        .await?;
    widget.types("And another").await?;

    stage.step("it works again");
    stage.desk.mend().await?;
    anna.says("I am.").await?;
    widget
        .until("the chat to go on", |seen| {
            seen.status.is_empty()
                && seen.mine("Is anybody there?", "sent")
                && seen.says("agent", "I am.")
                && seen.draft() == Some("And another")
        })
        .await?;
    widget.click_part("send").await?;
    widget
        .until("the next message to be sent", |seen| {
            seen.mine("And another", "sent")
        })
        .await?;
    let chat = anna.chat().await?;
    ensure!(chat.times("Is anybody there?") == 1, "{chat:#?}");
    ensure!(chat.times("And another") == 1, "{chat:#?}");
    Ok(())
}

/// A send whose connection breaks: whether the server has the message or not, it gets it once.
async fn a_send_is_cut(stage: &mut Stage, kind: &str) -> Result<()> {
    stage.step("a chat");
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the connection breaks while a message is sent, and another is written");
    let rule = json!({"operation": "send", "kind": kind, "count": 1});
    let rule = stage.desk.fault(rule).await?;
    widget.says("One").await?;
    widget.says("Two").await?;
    stage.step("both arrive once, in their order");
    widget
        .until("both to be sent", |seen| {
            seen.mine("One", "sent") && seen.mine("Two", "sent")
        })
        .await?;
    ensure!(stage.desk.struck(rule).await? == 1, "nothing broke");
    anna.says("Three").await?;
    let seen = widget
        .until("the answer", |seen| seen.says("agent", "Three"))
        .await?;
    let words = [("me", "One"), ("me", "Two"), ("agent", "Three")];
    ensure!(seen.said() == words, "the visitor sees {:?}", seen.said());
    let chat = anna.chat().await?;
    let kept: Vec<_> = chat.said().into_iter().map(|(_, text)| text).collect();
    ensure!(kept == ["One", "Two", "Three"], "the server has {kept:?}");
    Ok(())
}

async fn overload_at_the_start(stage: &mut Stage) -> Result<()> {
    stage.step("the server has no room");
    stage.visit().await?;
    let rule = json!({"operation": "requestChat", "kind": "status", "status": 503,
        "retry_after": 1});
    stage.desk.fault(rule).await?;
    stage.ask_for_chat().await?;
    told_in_the_form(stage.widget(), "Please try again").await?;
    stage.step("later it has");
    stage.desk.mend().await?;
    stage.widget().click_part("submit").await?;
    waiting(stage.widget()).await?;
    ensure!(stage.desk.count().await? == 1, "more than one chat");
    Ok(())
}

async fn a_send_is_refused(stage: &mut Stage) -> Result<()> {
    stage.step("a chat");
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the server refuses a message");
    let rule = json!({"operation": "send", "kind": "status_code_2", "count": 2});
    stage.desk.fault(rule).await?;
    let text = "Is this a swear word?";
    widget.says(text).await?;
    let failed = |seen: &Seen| {
        seen.mine(text, "failed")
            && seen
                .line("message", text)
                .is_some_and(|line| line.whole.contains("refused"))
    };
    widget.until("to be told", failed).await?;
    stage.step("it can be tried again, in vain");
    widget.click("[data-action=retry]").await?;
    parlour_e2e::until("the second try", async || {
        Ok((stage.desk.struck(1).await? == 2).then_some(()))
    })
    .await?;
    widget.until("to be told again", failed).await?;
    stage.step("it can be taken back, changed, and sent");
    widget.click("[data-action=edit]").await?;
    widget
        .until("it in the composer", |seen| {
            seen.draft() == Some(text) && seen.line("message", text).is_none()
        })
        .await?;
    widget.says(" No.").await?;
    let whole = "Is this a swear word? No.";
    widget
        .until("it to be sent", |seen| seen.mine(whole, "sent"))
        .await?;
    let chat = anna.chat().await?;
    ensure!(chat.times(whole) == 1 && chat.times(text) == 0, "{chat:#?}");
    Ok(())
}

async fn a_chat_is_refused(stage: &mut Stage) -> Result<()> {
    stage.step("the server refuses the chat");
    stage.visit().await?;
    let rule = json!({"operation": "requestChat", "kind": "status_code_2", "count": 1});
    stage.desk.fault(rule).await?;
    stage.ask_for_chat().await?;
    let seen = told_in_the_form(stage.widget(), "Your answers are still here").await?;
    let alert = seen.form.map(|form| form.alert).unwrap_or_default();
    ensure!(
        alert.contains("No chat can be started right now."),
        "it says {alert}"
    );
    stage.step("and takes it the next time");
    stage.widget().click_part("submit").await?;
    waiting(stage.widget()).await?;
    Ok(())
}

async fn a_service_that_is_not_there(stage: &mut Stage) -> Result<()> {
    stage.step("nobody can be reached");
    stage.visit().await?;
    stage.ask_for_chat().await?;
    told_in_the_form(stage.widget(), "contact us another way").await?;
    Ok(())
}

async fn a_server_of_another_kind(stage: &mut Stage, told: &str) -> Result<()> {
    stage.step("the visitor reads that nobody can be reached");
    stage.visit().await?;
    stage.ask_for_chat().await?;
    told_in_the_form(stage.widget(), "contact us another way").await?;
    stage.step("whoever keeps the tenant's file reads why");
    let console = stage.browser.console().await?;
    ensure!(
        console.iter().any(|line| line.contains(told)),
        "{console:#?}"
    );
    Ok(())
}

async fn no_server_at_the_start(stage: &mut Stage) -> Result<()> {
    stage.step("nobody listens");
    stage.emulator.kill();
    stage.visit().await?;
    stage.ask_for_chat().await?;
    told_in_the_form(stage.widget(), "could not reach the chat service").await?;
    stage.step("then somebody does");
    stage.emulator.restart()?;
    let widget = stage.widget();
    widget.click_part("submit").await?;
    waiting(widget).await?;
    ensure!(stage.desk.count().await? == 1, "more than one chat");
    Ok(())
}

async fn no_server_in_mid_chat_and_a_reload(stage: &mut Stage) -> Result<()> {
    stage.step("a chat");
    stage.visit().await?;
    let anna = stage.talk().await?;
    anna.says("Hello").await?;
    stage
        .widget()
        .until("the greeting", |seen| seen.says("agent", "Hello"))
        .await?;
    stage.step("the server is gone, and somebody writes");
    stage.emulator.kill();
    let widget = stage.widget();
    widget.says("Still there?").await?;
    widget.types("I will").await?;
    let waits = |seen: &Seen| {
        seen.open
            && seen.status("reconnecting").is_some()
            && seen.mine("Still there?", "sending")
            && seen.draft() == Some("I will")
    };
    widget.until("to be told", waits).await?;
    stage.step("the page is loaded anew, and nothing is lost");
    stage.browser.reload().await?;
    widget
        .until("everything to be back, marked as last known", |seen| {
            waits(seen) && seen.says("agent", "Hello") && seen.status("last-known").is_some()
        })
        .await?;
    stage.step("the server is back");
    stage.emulator.restart()?;
    let widget = stage.widget();
    widget
        .until("the message to be sent", |seen| {
            seen.mine("Still there?", "sent")
                && seen.says("agent", "Hello")
                && seen.status.is_empty()
                && seen.draft() == Some("I will")
        })
        .await?;
    anna.says("Yes").await?;
    widget
        .until("the answer", |seen| seen.says("agent", "Yes"))
        .await?;
    let chat = anna.chat().await?;
    ensure!(chat.times("Still there?") == 1, "{chat:#?}");
    Ok(())
}
