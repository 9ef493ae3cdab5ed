//! What messages hold beside words.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Stage, Tests};
use serde_json::json;

use crate::keys::{ENTER, TAB};

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "answers_to_choose_from",
        &[Engine::Chromium],
        &[],
        answers_to_choose_from,
    );
}

async fn answers_to_choose_from(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the agent's question comes with answers");
    let reply = |text: &str| json!({"type": "quick-reply", "action": "message", "text": text});
    let content = json!({
        "contentType": "quick-replies",
        "content": [reply("Yes, thank you"), reply("Not quite")],
    });
    anna.says_with("Did that help?", &content).await?;
    widget.element("[data-kind=replies] button").await?;
    widget.types("By the w").await?;

    stage.step("one of them is chosen by the keyboard, and said once");
    let first = widget.element("[data-kind=replies] button").await?;
    first.focus().await?;
    stage.browser.press(&format!("{TAB}{ENTER}")).await?;
    let seen = widget
        .until("the answer, and no more to choose from", |seen| {
            seen.mine("Not quite", "sent")
        })
        .await?;
    ensure!(seen.says("agent", "Did that help?"), "{seen:#?}");
    ensure!(seen.draft() == Some("By the w"), "what was typed stays");
    ensure!(widget.find("[data-kind=replies]").await?.is_none());
    ensure!(anna.chat().await?.times("Not quite") == 1);

    stage.step("after a reload the question is still answered");
    stage.browser.reload().await?;
    widget
        .until("the transcript", |seen| seen.mine("Not quite", "sent"))
        .await?;
    ensure!(widget.find("[data-kind=replies]").await?.is_none());
    Ok(())
}
