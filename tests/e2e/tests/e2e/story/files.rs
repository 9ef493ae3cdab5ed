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
    const root = [...document.documentElement.children].find((element) => element.shadowRoot).shadowRoot;
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
    widget.sends_file(&picture).await?;
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

    stage.step("copied cells are text, whatever picture of them comes along");
    let before = ben.chat().await?.files.len();
    let cells = widget.pastes_picture(Some("tent\t80")).await?;
    ensure!(!cells, "the text is lost");
    stage.step("a picture alone waits for its caption, a file that is dropped beside it");
    let here = stage.browser.address().await?;
    let taken = widget.pastes_picture(None).await?;
    ensure!(taken, "the picture is not taken");
    widget
        .drops(&stage.file("lantern.pdf", b"%PDF-lantern")?)
        .await?;
    widget
        .until("both, not sent", |seen| {
            seen.line("file", "image.png").is_none()
                && matches!(seen.tray.as_slice(), [picture, file]
                    if picture.contains("image.png") && file.contains("lantern.pdf"))
        })
        .await?;
    widget.element("[part~=tray] img").await?;
    ensure!(
        ben.chat().await?.files.len() == before,
        "they left before they were sent"
    );
    stage.step("they leave with the caption");
    widget.says("This is the zip.").await?;
    widget
        .until("all three in the talk", |seen| {
            let sent = |name: &str| {
                seen.line("file", name)
                    .is_some_and(|line| line.from == "me" && line.state == "available")
            };
            seen.tray.is_empty()
                && sent("image.png")
                && sent("lantern.pdf")
                && seen.mine("This is the zip.", "sent")
        })
        .await?;
    let chat = ben.chat().await?;
    ensure!(chat.times("This is the zip.") == 1, "{:?}", chat.said());
    for (name, begins) in [
        ("image.png", &b"\x89PNG"[..]),
        ("lantern.pdf", b"%PDF-lantern"),
    ] {
        let mut files = chat.files.iter().filter(|file| file.name == name);
        let file = files
            .next()
            .with_context(|| format!("{name} is not there"))?;
        ensure!(files.next().is_none(), "{name} is there twice");
        let content = ben.reads_file(&file.id).await?;
        ensure!(content.starts_with(begins), "{name} changed");
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
                seen.status("refused")
                    .is_some_and(|told| told.contains(name) && told.contains(words))
                    && seen.tray.is_empty()
            })
            .await?;
    }
    ensure!(
        ben.chat().await?.files.len() == before,
        "it was sent all the same"
    );
    Ok(())
}
