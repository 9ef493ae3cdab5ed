//! Host pages that bite.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::json;

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add("a_strict_policy", &Engine::ALL, &[], a_strict_policy);
    tests.add("hostile_styles", &Engine::ALL, &[], hostile_styles);
    tests.add("the_script_twice", chromium, &[], the_script_twice);
    tests.add(
        "the_host_is_removed",
        &Engine::ALL,
        &[],
        the_host_is_removed,
    );
    tests.add(
        "the_body_is_swapped",
        &Engine::ALL,
        &[],
        the_body_is_swapped,
    );
    tests.add("patched_prototypes", chromium, &[], patched_prototypes);
    tests.add("a_zoomed_body", &Engine::ALL, &[], a_zoomed_body);
    tests.add("quirks_mode", &Engine::ALL, &[], quirks_mode);
    tests.add("right_to_left", &Engine::ALL, &[], right_to_left);
}

/// A word each way, and nothing that anybody complains about.
pub(crate) async fn talks(stage: &Stage) -> Result<()> {
    let anna = stage.talk().await?;
    let widget = stage.widget();
    anna.says("Hello Zoë").await?;
    widget.says("Hello Anna").await?;
    widget
        .until("a word each way", |seen| {
            seen.says("agent", "Hello Zoë") && seen.mine("Hello Anna", "sent")
        })
        .await?;
    ensure!(anna.chat().await?.times("Hello Anna") == 1);
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}

async fn a_strict_policy(stage: &mut Stage) -> Result<()> {
    stage.step("a page that allows as little as it can");
    let (assets, server) = (stage.site.assets(), stage.emulator.url());
    let page = Page {
        policy: Some(format!(
            "default-src 'none'; base-uri 'none'; form-action 'none'; \
             script-src 'self' {assets} 'wasm-unsafe-eval'; style-src 'self'; img-src data:; \
             connect-src {assets} {server}; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        )),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    talks(stage).await?;

    stage.step("files go both ways under it, too");
    let widget = stage.widget();
    let anna = stage.desk.join(&stage.desk.chat(1).await?, "Ben").await?;
    widget
        .sends_file(&stage.file("receipt.pdf", b"%PDF-")?)
        .await?;
    anna.until("the visitor's file", |chat| chat.files.len() == 1)
        .await?;
    anna.sends_file("guide.txt", b"Mend it.", "").await?;
    widget
        .until("the agent's file", |seen| {
            seen.line("file", "guide.txt").is_some()
        })
        .await?;
    widget
        .click("[part~=file][data-from=agent] [data-action=download]")
        .await?;
    stage.browser.downloaded("guide.txt", 8).await?;
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}

/// Everything a careless or hostile style sheet does to elements it does not know.
const HOSTILE: &str = "
html { font-size: 40px !important; letter-spacing: 1em; line-height: 4; direction: rtl; }
* { all: unset !important; display: block !important; position: static !important;
    float: left !important; width: 10px !important; height: 10px !important;
    opacity: 0.01 !important; visibility: hidden !important; font-size: 60px !important;
    color: red !important; background: red !important; transform: rotate(45deg) !important;
    pointer-events: none !important; clip-path: inset(50%) !important; z-index: -1 !important; }
div, body > * { display: none !important; content-visibility: hidden !important; }
html, body { visibility: visible !important; opacity: 1 !important; transform: none !important;
    clip-path: none !important; width: auto !important; height: auto !important; float: none !important;
    overflow: hidden !important; }
* { --accent: red; --on-accent: red; --surface: red; --text: red; --radius: 99px; }
";

async fn hostile_styles(stage: &mut Stage) -> Result<()> {
    stage.step("a plain page");
    stage.visit().await?;
    let looks = async || -> Result<serde_json::Value> {
        let widget = stage.widget();
        widget
            .until("the launcher", |seen| seen.launcher.shown && !seen.open)
            .await?;
        let launcher = widget.measure("[part~=launcher]").await?;
        widget.click_part("launcher").await?;
        widget
            .until("the form", |seen| seen.open && seen.form.is_some())
            .await?;
        stage.browser.stands_still().await?;
        Ok(json!({
            "launcher": launcher,
            "panel": widget.measure("[part~=panel]").await?,
            "submit": widget.measure("[part~=submit]").await?,
            "input": widget.measure("[name=firstName]").await?,
            "colours": stage.browser.run(COLOURS, &[]).await?,
        }))
    };
    let plain = looks().await?;
    stage.step("a page whose styles reach for everything");
    let styles = stage.site.style("hostile", HOSTILE);
    let page = Page {
        head: format!("<link rel=\"stylesheet\" href=\"{styles}\">"),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let hostile = looks().await?;
    ensure!(plain == hostile, "it was\n{plain:#}\nand is\n{hostile:#}");
    Ok(())
}

const COLOURS: &str = "
    const root = [...document.documentElement.children].find((element) => element.shadowRoot).shadowRoot;
    return ['launcher', 'panel', 'header', 'submit'].map((part) => {
        const {color, backgroundColor, fontSize, opacity, visibility, direction} =
            getComputedStyle(root.querySelector(`[part~=${part}]`));
        return {part, color, backgroundColor, fontSize, opacity, visibility, direction};
    });";

async fn the_script_twice(stage: &mut Stage) -> Result<()> {
    stage.step("the tag stands twice on the page");
    let page = Page {
        tags: 2,
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    talks(stage).await?;
    ensure!(hosts(stage).await? == 1, "there are two widgets");
    let console = stage.browser.console().await?.join("\n");
    ensure!(
        console.contains("already on this page"),
        "nobody is told: {console}"
    );
    Ok(())
}

pub(crate) async fn hosts(stage: &Stage) -> Result<u64> {
    stage
        .browser
        .run(
            "return [...document.querySelectorAll('*')].filter((e) => e.shadowRoot).length",
            &[],
        )
        .await?
        .as_u64()
        .context("not a number")
}

async fn the_host_is_removed(stage: &mut Stage) -> Result<()> {
    stage.step("a chat");
    stage.visit().await?;
    talks(stage).await?;
    let polls = stage
        .desk
        .fault(json!({"operation": "refresh", "kind": "delay", "for": "1ms"}))
        .await?;
    until("a poll", async || {
        Ok((stage.desk.struck(polls).await? > 0).then_some(()))
    })
    .await?;

    stage.step("the page removes the widget's element, which comes back, with the chat");
    let remove = "[...document.documentElement.children].find((e) => e.shadowRoot).remove();";
    stage.browser.run(remove, &[]).await?;
    stage
        .widget()
        .until("the chat to be back", |seen| {
            seen.open && seen.says("agent", "Hello Zoë")
        })
        .await?;
    ensure!(hosts(stage).await? == 1, "there is not one widget");

    stage.step("the page removes its tag as well: nothing goes on behind its back");
    let take = "window.tag = document.querySelector('script[data-config]'); tag.remove();";
    stage.browser.run(&[take, remove].concat(), &[]).await?;
    until("the widget to be gone", async || {
        Ok((hosts(stage).await? == 0).then_some(()))
    })
    .await?;
    // Thirty questions to the desk take several times as long as the pause between two polls.
    let mut last = stage.desk.struck(polls).await?;
    until("the polls to end", async || {
        for _ in 0..30 {
            stage.desk.count().await?;
        }
        let now = stage.desk.struck(polls).await?;
        let ended = now == last;
        last = now;
        Ok(ended.then_some(()))
    })
    .await?;

    stage.step("the page includes the script again: the chat is back");
    stage
        .browser
        .run(
            "const tag = document.createElement('script');
             tag.src = window.tag.src; tag.dataset.config = window.tag.dataset.config;
             tag.async = true;
             document.body.append(tag);",
            &[],
        )
        .await?;
    let widget = stage.widget();
    widget
        .until("the chat to be back", |seen| {
            seen.open && seen.says("agent", "Hello Zoë") && seen.says("me", "Hello Anna")
        })
        .await?;
    widget.says("I am back").await?;
    widget
        .until("it to be sent", |seen| seen.mine("I am back", "sent"))
        .await?;
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}

async fn the_body_is_swapped(stage: &mut Stage) -> Result<()> {
    stage.step("a chat on a page of a single-page application");
    stage.visit().await?;
    talks(stage).await?;
    stage.widget().types("I was just").await?;
    stage.step("the application puts another body in the place of this one");
    stage
        .browser
        .run(
            "const body = document.createElement('body');
             body.append(document.createElement('h1'));
             document.body.replaceWith(body);",
            &[],
        )
        .await?;
    let widget = stage.widget();
    widget
        .until("the chat to be there", |seen| {
            seen.open && seen.says("agent", "Hello Zoë") && seen.draft() == Some("I was just")
        })
        .await?;
    stage.step("the visitor goes on writing");
    stage.browser.press(" saying").await?;
    widget
        .until("the words", |seen| {
            seen.focus == "input" && seen.draft() == Some("I was just saying")
        })
        .await?;
    widget.click_part("send").await?;
    widget
        .until("it to be sent", |seen| {
            seen.mine("I was just saying", "sent")
        })
        .await?;
    ensure!(hosts(stage).await? == 1);
    Ok(())
}

async fn a_zoomed_body(stage: &mut Stage) -> Result<()> {
    stage.step("a page with buttons that make its words larger");
    let widget = stage.visit().await?;
    let enlarge = "document.body.style.zoom = '1.6'";
    stage.browser.run(enlarge, &[]).await?;
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    stage.browser.stands_still().await?;
    stage.step("all of the panel is in the window");
    let window = stage.browser.run("return [innerWidth, innerHeight]", &[]);
    let [wide, high]: [f64; 2] = serde_json::from_value(window.await?)?;
    let [left, top, width, height] = widget.measure("[part~=panel]").await?;
    ensure!(
        left >= 0.0 && top >= 0.0 && left + width <= wide && top + height <= high,
        "it is at {left}, {top}, {width} × {height} of {wide} × {high}"
    );
    Ok(())
}

/// What old libraries and eager monitors do to the page.
const PATCHES: &str = "
Array.prototype.toJSON = function () { return 'patched'; };
Array.prototype.each = function () {};
Object.prototype.extend = function () {};
Element.prototype.remove = function () { this.parentNode.removeChild(this); };
const fetch_ = window.fetch;
window.fetch = function (...words) { window.asked = (window.asked ?? 0) + 1;
    return fetch_.apply(this, words); };
const open_ = XMLHttpRequest.prototype.open;
XMLHttpRequest.prototype.open = function (...words) { return open_.apply(this, words); };
const listen_ = EventTarget.prototype.addEventListener;
EventTarget.prototype.addEventListener = function (...words) { return listen_.apply(this, words); };
window.name = 'patched'; window.status = 'patched'; window.event = undefined;
document.addEventListener('keydown', (event) => event.stopPropagation());
document.addEventListener('click', () => {});
";

async fn patched_prototypes(stage: &mut Stage) -> Result<()> {
    stage.step("a page whose libraries have patched everything");
    let script = stage.site.script("patches", PATCHES);
    let page = Page {
        head: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    talks(stage).await?;
    let asked = stage.browser.run("return window.asked", &[]).await?;
    ensure!(asked.as_u64() > Some(0), "the patches were not there");
    stage.step("and after a reload");
    stage.browser.reload().await?;
    stage
        .widget()
        .until("the chat to be back", |seen| {
            seen.open && seen.says("agent", "Hello Zoë") && seen.mine("Hello Anna", "sent")
        })
        .await?;
    Ok(())
}

async fn quirks_mode(stage: &mut Stage) -> Result<()> {
    stage.step("a page of the nineties");
    let page = Page {
        doctype: String::new(),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let mode = stage.browser.run("return document.compatMode", &[]).await?;
    ensure!(mode == "BackCompat", "it is in {mode}");
    talks(stage).await
}

async fn right_to_left(stage: &mut Stage) -> Result<()> {
    stage.step("a page that reads from right to left");
    stage.visit_in("ar").await?;
    talks(stage).await?;
    let widget = stage.widget();
    stage.step("the widget reads from right to left, too");
    let [panel, _, width, _] = widget.measure("[part~=panel]").await?;
    let [close, ..] = widget.measure("[part~=close]").await?;
    ensure!(
        close < panel + width / 2.0,
        "the close button is on the right"
    );
    let [mine, ..] = widget.measure("[part~=message][data-from=me]").await?;
    ensure!(
        mine < panel + width / 2.0,
        "one's own messages are on the right"
    );
    widget.says("مرحبا Anna 123").await?;
    widget
        .until("it to be sent", |seen| seen.mine("مرحبا Anna 123", "sent"))
        .await?;
    Ok(())
}
