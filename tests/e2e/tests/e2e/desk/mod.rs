//! The emulator's desk page, as two people see it who play agents, and a visitor who is with them.

mod access;
mod begin;
mod leave;
mod send;
mod talk;

use anyhow::{Result, ensure};
use parlour_e2e::{Browser, Caller, DeskPage, Engine, SeenDesk, Stage, Tests, until};

use crate::keys::ENTER;

/// The visitor may be silent for as long as a test takes.
const PATIENT: &[&str] = &["--drop-after", "0"];

pub(crate) fn add(tests: &mut Tests) {
    tests.add("the_desk", &Engine::ALL, PATIENT, the_desk);
    tests.add(
        "axe_finds_nothing_at_the_desk",
        &[Engine::Chromium],
        PATIENT,
        access::axe_finds_nothing,
    );
}

const VISITOR: &str = "Zoë Ångström";

/// Two desks of one server, side by side, and a visitor.
struct Desks<'a> {
    anna: DeskPage<'a>,
    ben: DeskPage<'a>,
    visitor: Caller,
}

impl Desks<'_> {
    /// Waits until both desks look as `test` wants it, none of them touched.
    async fn both(&self, what: &str, test: impl Fn(&SeenDesk) -> bool) -> Result<()> {
        self.anna.until(&format!("{what}, by Anna"), &test).await?;
        self.ben.until(&format!("{what}, by Ben"), &test).await?;
        Ok(())
    }

    /// Waits until both show that the same has happened.
    async fn in_step(&self) -> Result<()> {
        until("both desks to show the same", async || {
            let (anna, ben) = (self.anna.look().await?, self.ben.look().await?);
            ensure!(
                anna.log() == ben.log(),
                "{:#?}\n{:#?}",
                anna.log(),
                ben.log()
            );
            Ok(Some(()))
        })
        .await
    }
}

async fn the_desk(stage: &mut Stage) -> Result<()> {
    let second = stage.second_browser().await?;
    let played = play(stage, &second).await;
    second.close().await;
    played
}

async fn play(stage: &mut Stage, second: &Browser) -> Result<()> {
    let server = stage.emulator.url().to_owned();
    let anna = sit_down(stage, &stage.browser, &server, "Anna").await?;
    let ben = sit_down(stage, second, &server, "Ben").await?;
    begin::nobody_is_there(stage, &[anna, ben]).await?;
    let visitor = begin::a_visitor_comes(stage, &[anna, ben], &server).await?;
    let desks = Desks { anna, ben, visitor };
    begin::accept_by_keys(stage, &desks).await?;
    talk::words(stage, &desks).await?;
    talk::a_second_look(stage, &desks).await?;
    talk::typing(stage, &desks).await?;
    talk::hold(stage, &desks).await?;
    send::supervisor(stage, &desks).await?;
    send::page(stage, &desks).await?;
    send::files(stage, &desks).await?;
    send::file_of_the_visitor(stage, &desks).await?;
    send::notices(stage, &desks).await?;
    send::rich_message(stage, &desks).await?;
    send::idle_alert(stage, &desks).await?;
    leave::transfer(stage, &desks).await?;
    no_complaints(stage).await?;

    stage.emulator.kill();
    leave::while_away(stage, &desks).await?;
    stage.emulator.restart()?;
    leave::back_again(stage, &desks).await?;
    leave::leave(stage, &desks).await?;
    leave::end(stage, &desks).await
}

/// Opens a desk and says who sits there, by keys alone.
async fn sit_down<'a>(
    stage: &Stage,
    browser: &'a Browser,
    server: &str,
    name: &str,
) -> Result<DeskPage<'a>> {
    stage.step(&format!("{name} sits down at a desk"));
    let page = DeskPage::open(browser, server).await?;
    page.until("to be asked for a name", |seen| {
        seen.dialog.contains("Who sits at this desk?") && seen.focus == "field-name"
    })
    .await?;
    browser.press(&format!("{name}{ENTER}")).await?;
    page.until("the question to go", |seen| seen.dialog.is_empty())
        .await?;
    Ok(page)
}

/// Fails if the page wrote an error to its console, which its policy would.
async fn no_complaints(stage: &Stage) -> Result<()> {
    let console = stage.browser.console().await?;
    ensure!(console.is_empty(), "the page complains: {console:#?}");
    Ok(())
}
