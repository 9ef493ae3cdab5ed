//! Accessibility: axe in every state and look, and a chat without a mouse.

use anyhow::{Result, bail, ensure};
use parlour_e2e::{Browser, Engine, Stage, Tests, tour};
use serde_json::Value;

use crate::keys::{ENTER, ESCAPE, TAB};

pub(crate) fn add(tests: &mut Tests) {
    tests.add(
        "axe_finds_nothing",
        &[Engine::Chromium],
        &[],
        axe_finds_nothing,
    );
    tests.add(
        "axe_finds_nothing_right_to_left",
        &[Engine::Chromium],
        &[],
        axe_finds_nothing_right_to_left,
    );
    tests.add("keyboard_only", &Engine::ALL, &[], keyboard_only);
}

/// The ways in which each state is looked at.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Look {
    Light,
    Dark,
    /// The system sets the colours.
    ForcedColours,
    Phone,
    /// A window that is zoomed in this many times.
    Zoomed(u32),
}

impl Look {
    pub(crate) const SCHEMES: &[Self] = &[Self::Light, Self::Dark];

    pub(crate) const ALL: &[Self] = &[
        Self::Light,
        Self::Dark,
        Self::ForcedColours,
        Self::Phone,
        Self::Zoomed(2),
        Self::Zoomed(4),
    ];

    async fn begin(self, browser: &Browser) -> Result<()> {
        match self {
            Self::Light => browser.prefers("light").await,
            Self::Dark => browser.prefers("dark").await,
            Self::ForcedColours => browser.forces_colours().await,
            Self::Phone => browser.is_phone(true).await,
            Self::Zoomed(times) => browser.is_zoomed(times).await,
        }
    }

    async fn end(self, browser: &Browser) -> Result<()> {
        match self {
            Self::Light | Self::Dark => Ok(()),
            Self::ForcedColours => browser.prefers("light").await,
            Self::Phone | Self::Zoomed(_) => browser.is_phone(false).await,
        }
    }
}

/// Argument: nothing. Returns what is wrong, one line each. The size of what can be touched is not among what axe looks
/// at by itself.
const AXE: &str = "
    const rules = {'target-size': {enabled: true}};
    const {violations} = await axe.run(document, {resultTypes: ['violations'], rules});
    return violations.flatMap(({id, impact, nodes}) => nodes.map((node) =>
        `${id} (${impact}): ${node.target.flat().join(' ')}: ${node.failureSummary}`));";

async fn axe_finds_nothing(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    nothing_is_wrong(stage).await
}

async fn axe_finds_nothing_right_to_left(stage: &mut Stage) -> Result<()> {
    stage.visit_in("ar").await?;
    nothing_is_wrong(stage).await?;
    stage.widget().element("[dir=rtl] [part~=panel]").await?;
    Ok(())
}

async fn nothing_is_wrong(stage: &mut Stage) -> Result<()> {
    let axe = stage.npm("axe-core/axe.min.js")?;
    let mut wrong = Vec::new();
    tour(stage, async |stage: &Stage, state| {
        wrong.extend(wrong_in(stage, &axe, state, Look::ALL).await?);
        Ok(())
    })
    .await?;
    ensure!(wrong.is_empty(), "axe finds\n{}", wrong.join("\n"));
    Ok(())
}

/// Lists what axe, whose source is given, finds wrong with the page as it is, in each of these looks.
pub(crate) async fn wrong_in(
    stage: &Stage,
    axe: &str,
    state: &str,
    looks: &[Look],
) -> Result<Vec<String>> {
    let mut wrong = Vec::new();
    for look in looks {
        look.begin(&stage.browser).await?;
        stage.browser.stands_still().await?;
        stage.browser.run(axe, &[]).await?;
        let found: Value = stage.browser.run_async(AXE, &[]).await?;
        let found: Vec<String> = serde_json::from_value(found)?;
        let place = |line| format!("{state}, {look:?}: {line}");
        wrong.extend(found.into_iter().map(place));
        look.end(&stage.browser).await?;
    }
    Ok(wrong)
}

async fn keyboard_only(stage: &mut Stage) -> Result<()> {
    let widget = stage.visit().await?;
    widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    stage.step("Tab reaches the launcher, Enter opens the form");
    tab_to(stage, "launcher", async || press(stage, TAB).await).await?;
    press(stage, ENTER).await?;
    widget
        .until("the form, its first field focused", |seen| {
            seen.open && seen.focus == "firstName"
        })
        .await?;

    stage.step("the form is filled in by typing and Tab");
    for (field, text) in [
        ("firstName", "Zoë"),
        ("lastName", "Ångström"),
        ("email", ""),
        ("subject", "A torn tent"),
    ] {
        widget
            .until(&format!("the focus on {field}"), |seen| seen.focus == field)
            .await?;
        stage.browser.press(text).await?;
        press(stage, TAB).await?;
    }
    widget
        .until("the focus on the button", |seen| seen.focus == "submit")
        .await?;
    press(stage, ENTER).await?;

    stage.step("the composer has the focus, Enter sends");
    widget
        .until("the composer", |seen| seen.focus == "input")
        .await?;
    let anna = stage.desk.join(&stage.desk.chat(1).await?, "Anna").await?;
    stage.browser.press("Hello").await?;
    press(stage, ENTER).await?;
    widget
        .until("the message to be sent", |seen| {
            seen.mine("Hello", "sent") && seen.focus == "input"
        })
        .await?;

    stage.step("Escape closes the panel and gives the focus back to the launcher");
    press(stage, ESCAPE).await?;
    widget
        .until("it to be closed", |seen| {
            !seen.open && !seen.launcher.expanded && seen.focus == "launcher"
        })
        .await?;
    anna.says("Hello Zoë").await?;
    widget
        .until("the unread message to be told", |seen| {
            seen.launcher.badge == "1" && seen.launcher.name.contains("1 unread message")
        })
        .await?;

    stage.step("Enter opens it again, where one was");
    press(stage, ENTER).await?;
    widget
        .until("the composer", |seen| {
            seen.open && seen.focus == "input" && seen.launcher.badge.is_empty()
        })
        .await?;

    stage.step("the menu by keys, Escape closes only it");
    // Backwards: forwards leads out of the page, where headless Firefox does not come back from.
    tab_to(stage, "menu", async || {
        stage.browser.press_with_shift(TAB).await
    })
    .await?;
    press(stage, ENTER).await?;
    widget
        .until("the first item", |seen| seen.focus == "sound")
        .await?;
    press(stage, ESCAPE).await?;
    widget
        .until("the menu's button", |seen| {
            seen.open && seen.focus == "menu"
        })
        .await?;
    press(stage, ENTER).await?;
    widget
        .until("the first item", |seen| seen.focus == "sound")
        .await?;
    // What stands in between depends on the browser.
    stage.browser.press(LAST).await?;
    widget
        .until("the last item", |seen| seen.focus == "end")
        .await?;
    stage.browser.press(ARROW_UP).await?;
    widget
        .until("the item before", |seen| seen.focus == "rename")
        .await?;
    stage.browser.press(ARROW_DOWN).await?;
    widget
        .until("the last item", |seen| seen.focus == "end")
        .await?;
    press(stage, ENTER).await?;

    stage.step("the question has the focus and keeps it");
    widget
        .until("the question, its harmless answer focused", |seen| {
            seen.dialog.contains("End this chat?") && seen.focus == "cancel"
        })
        .await?;
    press(stage, TAB).await?;
    widget
        .until("the other answer", |seen| seen.focus == "confirm")
        .await?;
    press(stage, ENTER).await?;
    widget
        .until("the end, with the way on focused", |seen| {
            seen.ended && seen.focus == "new-chat"
        })
        .await?;
    Ok(())
}

const ARROW_UP: &str = "\u{e013}";
const ARROW_DOWN: &str = "\u{e015}";
/// The key that is labelled `End`.
const LAST: &str = "\u{e010}";

async fn press(stage: &Stage, key: char) -> Result<()> {
    stage.browser.press(&key.to_string()).await
}

/// Goes on until a part has the focus.
pub(crate) async fn tab_to(
    stage: &Stage,
    part: &str,
    step: impl AsyncFn() -> Result<()>,
) -> Result<()> {
    let mut way = Vec::new();
    while way.len() < 20 {
        step().await?;
        let focus = stage.widget().look().await?.map(|seen| seen.focus);
        if focus.as_deref() == Some(part) {
            return Ok(());
        }
        way.push(focus.unwrap_or_default());
    }
    bail!("Tab does not reach {part}: it went {way:?}")
}
