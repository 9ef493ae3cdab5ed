//! The harness itself, against the emulator alone.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "the_server_survives_a_power_cut",
        &[Engine::Chromium],
        &[],
        the_server_survives_a_power_cut,
    );
}

/// A page's own script asks for a chat, as an integrator without the widget would.
const ASK: &str = "
    const reply = await fetch(given[0] + '/genesys/2/chat/customer-support', {
        method: 'POST', body: new URLSearchParams({nickname: 'Zoë', subject: 'A torn tent'})});
    return (await reply.json()).chatId;";

async fn the_server_survives_a_power_cut(stage: &mut Stage) -> Result<()> {
    stage.step("a page of another origin asks for a chat");
    stage
        .browser
        .open(&stage.site.page(
            &Page {
                tags: 0,
                ..Page::default()
            },
            "{}",
        ))
        .await?;
    let chat = stage
        .browser
        .run_async(ASK, &[stage.emulator.url().into()])
        .await?;
    ensure!(stage.desk.chat(1).await? == chat.as_str().unwrap_or_default());

    stage.step("an agent joins and speaks");
    let agent = stage
        .desk
        .join(chat.as_str().unwrap_or_default(), "Anna")
        .await?;
    agent.says("Hello").await?;

    stage.step("the server loses its power and comes back");
    let address = stage.emulator.url().to_owned();
    stage.emulator.kill();
    ensure!(agent.chat().await.is_err(), "it still answers");
    stage.emulator.restart()?;
    ensure!(stage.emulator.url() == address, "it moved");
    let chat = agent.chat().await?;
    ensure!(chat.said() == [("Anna", "Hello")], "it has {chat:#?}");
    Ok(())
}
