//! Files, both ways.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Stage};

pub(super) async fn from_agent(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a file from the agent is saved, not opened");
    let here = stage.browser.address().await?;
    let content = b"<!doctype html><script>document.title = 'owned'</script>";
    ben.sends_file("repair guide.html", content, "How to mend it")
        .await?;
    let widget = stage.widget();
    widget
        .until("the file", |seen| {
            seen.line("file", "repair guide.html").is_some_and(|line| {
                line.from == "agent" && line.state == "available" && line.text.contains("mend it")
            })
        })
        .await?;
    widget.click("[data-action=download]").await?;
    let saved = stage
        .browser
        .downloaded("repair guide.html", content.len())
        .await?;
    ensure!(saved == content, "it arrived changed");
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}

/// Notes a file's progress when it is shown, however short that is.
const WATCH_PROGRESS: &str = "
    const root = [...document.body.children].find((element) => element.shadowRoot).shadowRoot;
    new MutationObserver(() => {
        const file = root.querySelector('[part~=progress]')?.closest('[part~=file]');
        if (file) window.progressShown = {state: file.dataset.state, words: file.innerText};
    }).observe(root, {subtree: true, childList: true, attributes: true});";

pub(super) async fn from_visitor(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("a file goes to the agent, with its progress shown");
    stage.browser.run(WATCH_PROGRESS, &[]).await?;
    let content: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    let picture = stage.file("torn tent.jpg", &content)?;
    widget.picks(&picture).await?;
    widget
        .until("the file to be sent", |seen| {
            seen.progress.is_none()
                && seen
                    .line("file", "torn tent.jpg")
                    .is_some_and(|line| line.from == "me" && line.state == "available")
        })
        .await?;
    let shown = stage
        .browser
        .run("return window.progressShown", &[])
        .await?;
    ensure!(
        shown["state"] == "uploading"
            && shown["words"]
                .as_str()
                .is_some_and(|words| words.contains("Sending")),
        "what was shown meanwhile: {shown}"
    );
    stage.step("the agent gets the file as it was");
    let chat = ben.chat().await?;
    let file = chat
        .files
        .iter()
        .find(|file| file.name == "torn tent.jpg")
        .with_context(|| format!("the server has {:?}", chat.files))?;
    ensure!(
        ben.reads_file(&file.id).await? == content,
        "it arrived changed"
    );

    stage.step("files that are dropped or pasted go, too");
    let here = stage.browser.address().await?;
    widget
        .drops(&stage.file("lantern.pdf", b"%PDF-lantern")?)
        .await?;
    let taken = widget.pastes_file("boots.csv", "boot;80").await?;
    ensure!(taken, "what is pasted is not taken");
    for (name, bytes) in [
        ("lantern.pdf", &b"%PDF-lantern"[..]),
        ("boots.csv", b"boot;80"),
    ] {
        widget
            .until(name, |seen| {
                seen.line("file", name)
                    .is_some_and(|line| line.from == "me" && line.state == "available")
            })
            .await?;
        let chat = ben.chat().await?;
        let mut files = chat.files.iter().filter(|file| file.name == name);
        let file = files
            .next()
            .with_context(|| format!("{name} is not there"))?;
        ensure!(files.next().is_none(), "{name} is there twice");
        ensure!(ben.reads_file(&file.id).await? == bytes, "{name} changed");
    }
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}

pub(super) async fn refused(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    let before = ben.chat().await?.files.len();
    let cases = [
        (
            "secrets.exy",
            10,
            "This type of file cannot be sent. Types: bmp, csv,",
        ),
        ("plan.pdf", 500_000, "A file may have at most"),
    ];
    for (name, bytes, words) in cases {
        stage.step(&format!("{name} is refused in words"));
        widget.picks(&stage.file(name, &vec![7; bytes])?).await?;
        widget
            .until("the refusal", |seen| {
                seen.line("file", name)
                    .is_some_and(|line| line.state == "failed" && line.text.contains(words))
            })
            .await?;
        stage.step(&format!("{name} can be removed"));
        widget
            .click("[part~=file][data-state=failed] [data-action=discard]")
            .await?;
        widget
            .until("it to be gone", |seen| seen.line("file", name).is_none())
            .await?;
    }
    ensure!(
        ben.chat().await?.files.len() == before,
        "it was sent all the same"
    );
    Ok(())
}
