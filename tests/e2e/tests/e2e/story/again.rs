//! What the server refused, and the visitor tries again.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Server, Stage};
use serde::Deserialize;
use serde_json::json;

use super::same_words;
use crate::access::tab_to;
use crate::keys::{ENTER, TAB};

/// Notes from now on in which states a line of the transcript is shown, and what is put into the
/// transcript, which screen readers announce. Argument: words of the line.
const WATCH: &str = "
    const [words] = arguments;
    const root = [...document.documentElement.children].find((element) => element.shadowRoot).shadowRoot;
    const log = root.querySelector('[role=log]');
    const watched = {states: [], announced: []};
    let first;
    const note = () => {
        const lines = [...log.querySelectorAll('[part~=message], [part~=file]')];
        const line = lines.find((line) => line.innerText.includes(words));
        if (!line) return;
        first ??= line;
        const place = line === lines.at(-1) ? 'last' : line === first ? 'in place' : 'drawn anew';
        const state = `${line.dataset.state}, ${place}`;
        if (watched.states.at(-1) !== state) watched.states.push(state);
    };
    window.watcher?.disconnect();
    window.watcher = new MutationObserver((changes) => {
        const added = changes.flatMap(({addedNodes}) => [...addedNodes]);
        watched.announced.push(...added.map((node) => node.textContent));
        note();
    });
    window.watcher.observe(log, {subtree: true, childList: true, attributes: true});
    window.watched = watched;
    note();";

/// What [`WATCH`] has noted.
#[derive(Debug, Deserialize)]
struct Observed {
    states: Vec<String>,
    announced: Vec<String>,
}

impl Observed {
    async fn read(stage: &Stage) -> Result<Self> {
        let watched = stage.browser.run("return window.watched", &[]).await?;
        serde_json::from_value(watched).context("nothing was watched")
    }

    fn has_announced(&self, words: &str) -> bool {
        self.announced.iter().any(|added| added.contains(words))
    }
}

/// How a visitor presses a button.
#[derive(Debug, Clone, Copy)]
enum By {
    Mouse,
    Keyboard,
}

pub(super) async fn message(stage: &Stage, agent: &Agent, server: &Server) -> Result<()> {
    let widget = stage.widget();
    for (by, words, later) in [
        (By::Mouse, "Can somebody call me?", "Are you there?"),
        (By::Keyboard, "Tomorrow at ten?", "No hurry at all."),
    ] {
        stage.step(&format!("\"{words}\" is refused, and that is said"));
        refuse_once(stage, "send").await?;
        widget.says(words).await?;
        widget
            .until("to be told", |seen| {
                seen.mine(words, "failed")
                    && seen
                        .lines
                        .iter()
                        .any(|line| line.text == words && line.whole.contains("Not sent."))
            })
            .await?;
        talk_goes_on_below(stage, agent, words, later).await?;

        stage.step(&format!("\"{words}\" is tried again by {by:?}, and sent"));
        try_again(stage, by).await?;
        let seen = widget
            .until("it to be sent, where the server has it", |seen| {
                seen.mine(words, "sent") && seen.said().last() == Some(&("me", words))
            })
            .await?;
        passed_through(stage, ["failed", "sending", "sent"]).await?;
        let chat = agent.chat().await?;
        ensure!(chat.times(words) == 1, "{chat:#?}");
        same_words(&seen, &chat, server)?;
    }
    Ok(())
}

pub(super) async fn file(stage: &Stage, agent: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("all that was sent before has its place in the transcript");
    agent.says("Thanks for the picture.").await?;
    widget
        .until("what came before", |seen| {
            seen.says("agent", "Thanks for the picture.")
        })
        .await?;
    for (by, name, later) in [
        (By::Mouse, "zip.pdf", "Does it close?"),
        (By::Keyboard, "seam.pdf", "Take your time."),
    ] {
        file_is_refused(stage, name).await?;
        talk_goes_on_below(stage, agent, name, later).await?;

        stage.step(&format!("{name} is tried again by {by:?}, and sent"));
        try_again(stage, by).await?;
        widget
            .until("it to be sent, where the server has it", |seen| {
                let last = seen.lines.iter().rfind(|line| line.kind != "system");
                last.is_some_and(|line| line.text.contains(name) && line.state == "available")
            })
            .await?;
        passed_through(stage, ["failed", "uploading", "available"]).await?;
        let files = agent.chat().await?.files;
        let sent = files.iter().filter(|file| file.name == name).count();
        ensure!(sent == 1, "the server has {files:?}");
    }

    let name = "pole.pdf";
    file_is_refused(stage, name).await?;
    stage.step(&format!("{name} is tried again, and cancelled on its way"));
    let held = json!({"operation": "upload", "kind": "delay", "for": "60s"});
    stage.desk.fault(held).await?;
    try_again(stage, By::Mouse).await?;
    widget
        .until("it to be on its way", |seen| {
            seen.line("file", name)
                .is_some_and(|line| line.state == "uploading")
        })
        .await?;
    widget.click("[part~=file] [data-action=cancel]").await?;
    widget
        .until("it to be gone", |seen| seen.line("file", name).is_none())
        .await?;
    stage.desk.mend().await?;
    agent.says("Never mind.").await?;
    let seen = widget
        .until("the talk to go on", |seen| {
            seen.says("agent", "Never mind.")
        })
        .await?;
    ensure!(seen.line("file", name).is_none(), "it is back: {seen:#?}");
    let files = agent.chat().await?.files;
    ensure!(
        !files.iter().any(|file| file.name == name),
        "it was sent all the same: {files:?}"
    );
    Ok(())
}

async fn refuse_once(stage: &Stage, operation: &str) -> Result<()> {
    let rule = json!({"operation": operation, "kind": "status_code_2", "count": 1});
    stage.desk.fault(rule).await.map(drop)
}

async fn file_is_refused(stage: &Stage, name: &str) -> Result<()> {
    let widget = stage.widget();
    stage.step(&format!("{name} is refused, and that is said"));
    refuse_once(stage, "upload").await?;
    widget.sends_file(&stage.file(name, b"%PDF-")?).await?;
    widget
        .until("to be told", |seen| {
            seen.line("file", name)
                .is_some_and(|line| line.state == "failed" && line.text.contains("Try again"))
        })
        .await?;
    Ok(())
}

/// Has the agent say something, and looks where that comes and what a screen reader is given.
async fn talk_goes_on_below(stage: &Stage, agent: &Agent, failed: &str, later: &str) -> Result<()> {
    stage.step(&format!("\"{failed}\" stays where it failed"));
    stage.browser.run(WATCH, &[json!(failed)]).await?;
    agent.says(later).await?;
    let seen = stage
        .widget()
        .until("what the agent says next", |seen| seen.says("agent", later))
        .await?;
    let place = |words: &str| seen.lines.iter().position(|line| line.text.contains(words));
    ensure!(
        place(failed).is_some() && place(failed) < place(later),
        "it moved: {seen:#?}"
    );
    let watched = Observed::read(stage).await?;
    ensure!(
        watched.has_announced(later) && !watched.has_announced(failed),
        "what is announced: {watched:#?}"
    );
    Ok(())
}

/// Presses the one button that is there for trying again.
async fn try_again(stage: &Stage, by: By) -> Result<()> {
    let widget = stage.widget();
    match by {
        By::Mouse => widget.click("[data-action=retry]").await,
        By::Keyboard => {
            let input = widget.element("[part~=input]").await?.to_json()?;
            stage.browser.run("arguments[0].focus()", &[input]).await?;
            let back = async || stage.browser.press_with_shift(TAB).await;
            tab_to(stage, "retry", back).await?;
            stage.browser.press(&ENTER.to_string()).await?;
            // The button is gone; the keyboard goes on where one writes.
            widget
                .until("the focus on the composer", |seen| seen.focus == "input")
                .await?;
            Ok(())
        }
    }
}

/// Fails unless the line that is watched went through these states: the first two of them where it
/// failed and on the same element, which a screen reader does not read again.
async fn passed_through(stage: &Stage, [failed, sending, sent]: [&str; 3]) -> Result<()> {
    let Observed { states, .. } = Observed::read(stage).await?;
    let expected = [
        format!("{failed}, last"),
        format!("{failed}, in place"),
        format!("{sending}, in place"),
        format!("{sent}, last"),
    ];
    // Some servers confirm it before they tell where it stands.
    let confirmed = format!("{sent}, in place");
    ensure!(
        states
            .iter()
            .filter(|state| **state != confirmed)
            .eq(&expected),
        "it went through {states:?}"
    );
    Ok(())
}
