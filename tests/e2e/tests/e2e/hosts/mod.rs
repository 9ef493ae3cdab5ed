//! Host pages of every kind, each with a whole chat on it.

mod documents;
mod frame;
mod layout;
mod libraries;
mod platform;
mod policies;

use anyhow::{Result, ensure};
use parlour_e2e::{Page, Stage, Tests};

use crate::pages::talks;

pub(crate) fn add(tests: &mut Tests) {
    policies::add(tests);
    frame::add(tests);
    layout::add(tests);
    libraries::add(tests);
    documents::add(tests);
    platform::add(tests);
}

/// Opens a page and has its visitor chat there as on any other: form, a word each way, a reload, the panel
/// closed and opened. The page must have nothing to complain about.
async fn chats_on(stage: &Stage, page: &Page) -> Result<()> {
    stage.step("the page opens");
    stage.visit_as(page, |_| {}).await?;
    chats(stage).await
}

/// Has the visitor of the page that is open chat there as on any other.
async fn chats(stage: &Stage) -> Result<()> {
    stage.step("form and a word each way");
    talks(stage).await?;
    stage.step("a reload");
    stage.browser.reload().await?;
    is_back(stage).await?;
    stage.step("the panel is closed and opened again");
    let widget = stage.widget();
    widget.click_part("close").await?;
    widget
        .until("the launcher", |seen| !seen.open && seen.launcher.shown)
        .await?;
    widget.click_part("launcher").await?;
    is_back(stage).await?;
    complains_of_nothing(stage).await
}

/// Waits for the open panel with what was said.
async fn is_back(stage: &Stage) -> Result<()> {
    let seen = stage.widget().until("the chat to be back", |seen| {
        seen.open && seen.says("agent", "Hello Zoë") && seen.mine("Hello Anna", "sent")
    });
    seen.await.map(drop)
}

async fn complains_of_nothing(stage: &Stage) -> Result<()> {
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}
