//! A walk through every state that a visitor can see the widget in.

use anyhow::Result;
use serde_json::json;

use crate::browser::Engine;
use crate::desk::Agent;
use crate::stage::Stage;
use crate::widget::Seen;

/// Brings the widget of the page that is open into each of its states, one after the other, and
/// calls `look` in each with its name.
///
/// # Errors
///
/// When a state does not come, and with what `look` returns.
pub async fn tour(
    stage: &mut Stage,
    mut look: impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    before_the_chat(stage, &mut look).await?;
    let anna = talking(stage, &mut look).await?;
    comings_and_goings(stage, &anna, &mut look).await?;
    files(stage, &anna, &mut look).await?;
    questions(stage, &anna, &mut look).await?;
    trouble(stage, &anna, &mut look).await?;
    stage.step("ended");
    anna.ends().await?;
    reaches(stage, |seen| seen.ended).await?;
    look(stage, "ended").await
}

/// Waits for the state that was named as the step.
async fn reaches(stage: &Stage, test: impl Fn(&Seen) -> bool) -> Result<Seen> {
    let step = stage.last_step();
    stage.widget().until(&step, test).await
}

async fn before_the_chat(
    stage: &Stage,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    let widget = stage.widget();
    stage.step("launcher");
    reaches(stage, |seen| seen.launcher.shown).await?;
    look(stage, "launcher").await?;

    stage.step("form");
    widget.click_part("launcher").await?;
    reaches(stage, |seen| seen.open && seen.form.is_some()).await?;
    look(stage, "form").await?;

    stage.step("form-errors");
    widget.fill("firstName", "Zoë").await?;
    widget.fill("email", "zoe at home").await?;
    widget.click_part("submit").await?;
    reaches(stage, |seen| {
        seen.field("lastName").is_some_and(|field| field.invalid)
            && seen.field("email").is_some_and(|field| field.invalid)
    })
    .await?;
    look(stage, "form-errors").await?;

    stage.step("form-refused");
    stage
        .desk
        .fault(json!({"operation": "requestChat", "kind": "html", "count": 1}))
        .await?;
    widget.fill("lastName", "Ångström").await?;
    widget.fill("email", "zoe@example.com").await?;
    widget.fill("subject", "A torn tent").await?;
    widget.click_part("submit").await?;
    reaches(stage, |seen| {
        seen.form
            .as_ref()
            .is_some_and(|form| !form.alert.is_empty() && form.state == "ready")
    })
    .await?;
    look(stage, "form-refused").await?;

    stage.step("waiting");
    widget.click_part("submit").await?;
    reaches(stage, |seen| seen.status("waiting").is_some()).await?;
    look(stage, "waiting").await
}

async fn talking(
    stage: &Stage,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<Agent> {
    let widget = stage.widget();
    stage.step("talking");
    let chat = stage.desk.chat(stage.desk.count().await?).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    anna.says("Hello Zoë, I am Anna. What can I do for you?")
        .await?;
    reaches(stage, |seen| !seen.said().is_empty()).await?;
    widget
        .says("My tent is torn, right beside the zip.")
        .await?;
    widget.says("Can it be mended?").await?;
    reaches(stage, |seen| seen.mine("Can it be mended?", "sent")).await?;
    anna.says("In most cases, yes. Which tent is it, and how long is the tear?")
        .await?;
    anna.says("You find its name on the bag. The sizes are at https://larkmoor.example/tents")
        .await?;
    reaches(stage, |seen| seen.said().len() == 5).await?;
    widget.says("The Lark 3.").await?;
    reaches(stage, |seen| seen.mine("The Lark 3.", "sent")).await?;
    look(stage, "talking").await?;

    stage.step("typing");
    anna.types(true).await?;
    reaches(stage, |seen| !seen.typing.is_empty()).await?;
    look(stage, "typing").await?;
    anna.types(false).await?;
    Ok(anna)
}

async fn comings_and_goings(
    stage: &Stage,
    anna: &Agent,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    stage.step("hold");
    anna.holds().await?;
    reaches(stage, |seen| seen.status("hold").is_some()).await?;
    look(stage, "hold").await?;
    anna.returns().await?;
    reaches(stage, |seen| seen.status.is_empty()).await?;

    stage.step("transfer");
    anna.begins_transfer().await?;
    reaches(stage, |seen| seen.status("transfer").is_some()).await?;
    look(stage, "transfer").await?;
    stage.desk.join(&anna.chat().await?.id, "Anna").await?;
    reaches(stage, |seen| seen.status.is_empty()).await?;

    stage.step("link");
    anna.offers("https://larkmoor.example/tents/lark-3?part=inner#care")
        .await?;
    reaches(stage, |seen| seen.line("link", "larkmoor").is_some()).await?;
    look(stage, "link").await?;

    stage.step("choices");
    anna.says(&"A line of a long text.\n".repeat(40)).await?;
    anna.says("\u{1f44d}").await?;
    let button = |text: &str| json!({"type": "button", "action": "message", "text": text});
    let page = json!({"type": "link", "text": "Prices", "url": "https://larkmoor.example/prices"});
    let cards = json!({"contentType": "generic", "content": [
        {"title": "Mend it", "description": "Two weeks, at our workshop.",
         "image": "https://larkmoor.example/tent.png", "components": [button("Book it"), page]},
        {"title": "Mend it yourself", "components": [button("How?")]},
    ]});
    anna.says_with("", &cards).await?;
    let sizes = json!({"contentType": "single-selection-list", "content": [
        {"title": "Small", "description": "Up to 2 cm"}, {"title": "Large"},
    ]});
    anna.says_with("How long is the tear?", &sizes).await?;
    stage.widget().element("[data-kind=list] button").await?;
    // What is typed answers as well as what is chosen.
    stage.widget().says("Small").await?;
    reaches(stage, |seen| seen.mine("Small", "sent")).await?;
    let replies = json!({"contentType": "quick-replies", "content": [button("Yes"), button("No")]});
    anna.says_with("Did that help?", &replies).await?;
    stage.widget().element("[data-kind=replies] button").await?;
    look(stage, "choices").await
}

async fn files(
    stage: &Stage,
    anna: &Agent,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    let widget = stage.widget();
    stage.step("file");
    anna.sends_file("repair guide.pdf", &vec![7; 48_000], "How to mend it")
        .await?;
    reaches(stage, |seen| {
        seen.line("file", "repair guide.pdf").is_some()
    })
    .await?;
    look(stage, "file").await?;

    stage.step("file-progress");
    let chromium = stage.browser.engine() == Engine::Chromium;
    if chromium {
        stage.browser.sends_at_most(Some(150_000)).await?;
    }
    let held = json!({"operation": "upload", "kind": "delay_reply", "for": "60s"});
    stage.desk.fault(held).await?;
    widget
        .sends_file(&stage.file("torn tent.jpg", &vec![7; 1_900_000])?)
        .await?;
    reaches(stage, |seen| {
        seen.progress.is_some_and(|done| !chromium || done >= 0.3)
    })
    .await?;
    look(stage, "file-progress").await?;
    widget.click("[part~=file] [data-action=cancel]").await?;
    reaches(stage, |seen| seen.progress.is_none()).await?;
    stage.desk.mend().await?;
    if chromium {
        stage.browser.sends_at_most(None).await?;
    }

    stage.step("file-failed");
    widget.picks(&stage.file("notes.exy", b"notes")?).await?;
    reaches(stage, |seen| {
        seen.status("refused")
            .is_some_and(|words| words.contains("notes.exy"))
    })
    .await?;
    look(stage, "file-failed").await?;

    stage.step("attached");
    widget.pastes_picture(None).await?;
    widget
        .picks(&stage.file(
            "A report of everything that is wrong with my tent, with all its measures.pdf",
            &vec![7; 480_000],
        )?)
        .await?;
    reaches(stage, |seen| seen.tray.len() == 2).await?;
    look(stage, "attached").await?;
    for left in [1, 0] {
        widget.click("[data-action=detach]").await?;
        reaches(stage, |seen| seen.tray.len() == left).await?;
    }
    Ok(())
}

async fn questions(
    stage: &Stage,
    anna: &Agent,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    let widget = stage.widget();
    for (state, part) in [("rename", "rename"), ("end", "end")] {
        stage.step("menu");
        widget.click_part("menu").await?;
        widget.element(&format!("[part~={part}]")).await?;
        if state == "rename" {
            look(stage, "menu").await?;
        }
        stage.step(state);
        widget.click_part(part).await?;
        reaches(stage, |seen| !seen.dialog.is_empty()).await?;
        look(stage, state).await?;
        widget.click("[data-action=cancel]").await?;
        reaches(stage, |seen| seen.dialog.is_empty()).await?;
    }

    stage.step("unread");
    widget.click_part("close").await?;
    reaches(stage, |seen| !seen.open).await?;
    anna.says("Are you still there?").await?;
    reaches(stage, |seen| seen.launcher.badge == "1").await?;
    look(stage, "unread").await?;
    widget.click_part("launcher").await?;
    reaches(stage, |seen| seen.open && seen.launcher.badge.is_empty()).await?;

    stage.step("idle");
    anna.warns_of_idleness(90).await?;
    reaches(stage, |seen| !seen.idle.is_empty()).await?;
    look(stage, "idle").await?;
    widget.click("[data-action=stay]").await?;
    reaches(stage, |seen| seen.idle.is_empty()).await?;
    Ok(())
}

async fn trouble(
    stage: &mut Stage,
    anna: &Agent,
    look: &mut impl AsyncFnMut(&Stage, &str) -> Result<()>,
) -> Result<()> {
    let widget = stage.widget();
    stage.step("failed");
    let refused = json!({"operation": "send", "kind": "status_code_2", "count": 1});
    stage.desk.fault(refused).await?;
    widget.says("I am looking for the bag.").await?;
    reaches(stage, |seen| {
        seen.mine("I am looking for the bag.", "failed")
    })
    .await?;
    look(stage, "failed").await?;

    stage.step("reconnecting");
    stage.emulator.kill();
    stage.widget().says("Found it.").await?;
    reaches(stage, |seen| {
        seen.status("reconnecting").is_some() && seen.mine("Found it.", "sending")
    })
    .await?;
    look(stage, "reconnecting").await?;
    stage.emulator.restart()?;
    anna.says("Well done.").await?;
    reaches(stage, |seen| {
        seen.says("agent", "Well done.") && seen.mine("Found it.", "sent") && seen.status.is_empty()
    })
    .await?;
    Ok(())
}
