//! The story.
use anyhow::Result;
use parlour_e2e::{Engine, Stage, Tests};

pub(crate) fn add(tests: &mut Tests) {
    tests.add("form_talk_end", &[Engine::Chromium], &[], form_talk_end);
}

async fn form_talk_end(stage: &mut Stage) -> Result<()> {
    stage.step("the visitor opens the page");
    stage.visit().await?;
    stage.step("the visitor asks for a chat");
    let agent = stage.talk().await?;
    stage.step("both speak");
    agent.says("Hello Zoë").await?;
    let widget = stage.widget();
    widget
        .until("the greeting", |seen| seen.says("agent", "Hello Zoë"))
        .await?;
    widget.says("My tent is torn.").await?;
    widget
        .until("sent", |seen| seen.mine("My tent is torn.", "sent"))
        .await?;
    Ok(())
}
