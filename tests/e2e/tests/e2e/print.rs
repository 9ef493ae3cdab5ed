//! What comes out of the printer: the page, or the conversation where the visitor asks for it.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add("a_printed_page", chromium, &[], a_printed_page);
    tests.add(
        "a_printed_conversation",
        &Engine::ALL,
        &[],
        a_printed_conversation,
    );
}

async fn a_printed_page(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    stage.talk().await?;
    let widget = stage.widget();
    stage.step("the page is printed without the chat");
    stage.browser.prints(true).await?;
    widget
        .until("nothing", |seen| !seen.open && !seen.launcher.shown)
        .await?;
    stage.browser.prints(false).await?;
    widget
        .until("the chat again", |seen| seen.open && seen.launcher.shown)
        .await?;
    Ok(())
}

/// A page that is hard to take off the paper: dark, of the window's size, with important rules, text
/// directly in its body and before it.
const HEAD: &str = "<style>
    html, body { background: #123 !important; height: 100vh !important; overflow: hidden !important; }
    body { display: flex !important; color: #eee; padding: 40px; columns: 2; }
    body::before { content: 'Sale' !important; }
    main, body > div { display: block !important; }
</style>";

/// Has the page note that it is printed, without the browser's dialog.
const NOTE: &str = "window.printed = 0; window.print = () => printed++;";

/// Everything that must be as it was once the conversation has been printed.
const PAGE: &str = "
const marks = [...document.querySelectorAll('html, html *')].map((element) => [element.localName,
    ...[...element.attributes].map(({name, value}) => name + '=' + value)]);
return [marks, document.adoptedStyleSheets.length];";

/// How everything is laid out for the printer.
const PAPER: &str = "
const {body} = document;
const host = [...document.documentElement.children].find((element) => element.shadowRoot);
const paper = host.shadowRoot.querySelector('.print');
const {top, left, width, height} = paper.getBoundingClientRect();
const lines = [...paper.querySelectorAll('.bubble')];
const look = (element, part) => getComputedStyle(element, part);
return {
    page: [...body.querySelectorAll('main, main *')].some((element) => element.checkVisibility()),
    body: look(body).display,
    // Nothing above, beside and below it.
    around: [top, left, host.getBoundingClientRect().height - height]
        .filter((space) => Math.abs(space) > 1),
    fills: Math.abs(width - innerWidth) < 20,
    background: [look(document.documentElement), look(lines[0])]
        .map((style) => style.backgroundColor),
    colour: look(lines[0]).color,
    // Every line lies within.
    lines: lines.filter((line) => line.getBoundingClientRect().bottom <= height + 1).length,
    longer: height > innerHeight,
    names: paper.innerText.includes('Anna') && paper.innerText.includes('You'),
    times: /\\d:\\d\\d/.test(paper.innerText),
    year: paper.innerText.includes(String(new Date().getFullYear())),
    buttons: [...paper.querySelectorAll('button, a.button')].some((one) => one.checkVisibility()),
};";

/// Lines that the agent says: more than a window holds.
const LINES: usize = 30;

async fn a_printed_conversation(stage: &mut Stage) -> Result<()> {
    let script = stage.site.script("note", NOTE);
    let page = Page {
        head: format!("{HEAD}<script src=\"{script}\"></script>"),
        body: "Bare words<main><h1>Larkmoor</h1></main><div>Footer</div>".into(),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    widget.says("Hello").await?;
    for line in 1..LINES {
        anna.says(&format!("Line {line}\n\nand so on")).await?;
    }
    let last = format!("Line {}", LINES - 1);
    widget
        .until("all of it", |seen| seen.line("message", &last).is_some())
        .await?;
    let before = stage.browser.run(PAGE, &[]).await?;

    stage.step("the visitor prints the conversation from the menu");
    widget.click_part("menu").await?;
    widget.click("[part~=print]").await?;
    is_printed(stage, 1).await?;
    is_on_paper(stage, LINES).await?;
    is_over(stage, &before).await?;

    stage.step("the chat goes on, ends, and can be printed still");
    widget.says("Thank you").await?;
    anna.ends().await?;
    widget.until("the end", |seen| seen.ended).await?;
    widget.click("[data-action=print]").await?;
    is_printed(stage, 2).await?;
    is_on_paper(stage, LINES + 1).await?;
    is_over(stage, &before).await?;

    if stage.browser.engine() == Engine::Chromium {
        stage.step("so it is where the panel covers the window");
        stage.browser.is_phone(true).await?;
        widget.element("[part~=panel][aria-modal=true]").await?;
        let before = stage.browser.run(PAGE, &[]).await?;
        widget.click("[data-action=print]").await?;
        is_printed(stage, 3).await?;
        is_on_paper(stage, LINES + 1).await?;
        is_over(stage, &before).await?;
    }
    Ok(())
}

async fn is_printed(stage: &Stage, times: u32) -> Result<()> {
    until("the printing", async || {
        let printed = stage.browser.run("return window.printed", &[]).await?;
        Ok((printed == json!(times)).then_some(()))
    })
    .await
}

async fn is_on_paper(stage: &Stage, lines: usize) -> Result<()> {
    // Only Chromium can be shown as it prints.
    if stage.browser.engine() != Engine::Chromium {
        return Ok(());
    }
    stage.browser.prints(true).await?;
    let paper = stage.browser.run(PAPER, &[]).await?;
    let white = "rgba(0, 0, 0, 0)";
    let wanted = json!({
        "page": false,
        "body": "none",
        "around": [],
        "fills": true,
        "background": [white, white],
        "colour": "rgb(0, 0, 0)",
        // And what was asked in the form.
        "lines": lines + 1,
        "longer": true,
        "names": true,
        "times": true,
        "year": true,
        "buttons": false,
    });
    ensure!(paper == wanted, "{paper:#}");
    stage.browser.prints(false).await
}

/// The browser tells that it has what it prints: the page is as it was.
async fn is_over(stage: &Stage, before: &Value) -> Result<()> {
    let over = "dispatchEvent(new Event('afterprint'))";
    stage.browser.run(over, &[]).await?;
    until("the page to be as it was", async || {
        let after = stage.browser.run(PAGE, &[]).await?;
        Ok((after == *before).then_some(()))
    })
    .await?;
    ensure!(!stage.widget().has(".print").await?, "it is kept");
    Ok(())
}
