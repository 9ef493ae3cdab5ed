//! Host pages that listen to everything, and what they see of the panel.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::json;

use crate::keys::{ESCAPE, TAB};

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add(
        "single_key_shortcuts",
        &Engine::ALL,
        &[],
        single_key_shortcuts,
    );
    tests.add(
        "a_page_that_prevents_everything",
        &Engine::ALL,
        &[],
        a_page_that_prevents_everything,
    );
    tests.add(
        "a_scrolling_of_the_page_s_own",
        chromium,
        &[],
        a_scrolling_of_its_own,
    );
    tests.add(
        "a_dialog_that_calls_the_focus_back",
        &Engine::ALL,
        &[],
        a_dialog_that_calls_the_focus_back,
    );
    tests.add(
        "a_modal_dialog_of_the_page",
        &Engine::ALL,
        &[],
        a_modal_dialog_of_the_page,
    );
    tests.add("a_drag_of_the_page_s_own", chromium, &[], a_drag_of_its_own);
}

fn page_with(stage: &Stage, name: &str, script: &str, body: &str) -> Page {
    let script = stage.site.script(name, script);
    Page {
        body: format!("<main>{body}</main><script src=\"{script}\"></script>"),
        ..Page::default()
    }
}

/// Notes what the page sees of the widget, and has two keys lead into its search.
const SHORTCUTS: &str = "
window.seen = [];
const note = (event) => event.target.shadowRoot && window.seen.push(event.type);
for (const type of ['keyup', 'keypress', 'beforeinput', 'input', 'focusin', 'focusout', 'click'])
    document.addEventListener(type, note);
document.addEventListener('keydown', (event) => {
    note(event);
    if (!['s', '/'].includes(event.key) || event.target.matches('input')) return;
    event.preventDefault();
    document.querySelector('#search').focus();
});
";

async fn single_key_shortcuts(stage: &mut Stage) -> Result<()> {
    stage.step("a page where the letter s and the slash lead into its search");
    let page = page_with(stage, "shortcuts", SHORTCUTS, "<input id=\"search\">");
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    // The painted launcher is the page's to see, until the widget stands in its place.
    stage.browser.run("window.seen = []", &[]).await?;
    stage.step("both can be written");
    widget.says("yes/no is all it says").await?;
    anna.until("all of it", |chat| chat.times("yes/no is all it says") == 1)
        .await?;
    stage.step("Tab and Escape do what they do");
    widget.types("s").await?;
    stage.browser.press(&TAB.to_string()).await?;
    widget
        .until("the focus on the next button", |seen| {
            seen.focus == "send" && seen.draft() == Some("s")
        })
        .await?;
    stage.browser.press(&ESCAPE.to_string()).await?;
    widget
        .until("the panel to close", |seen| {
            !seen.open && seen.focus == "launcher"
        })
        .await?;
    let seen = stage.browser.run("return window.seen", &[]).await?;
    ensure!(seen == json!([]), "the page sees {seen}");

    stage.step("on the page they lead where they did");
    let leave = "document.activeElement.shadowRoot.activeElement.blur()";
    stage.browser.run(leave, &[]).await?;
    stage.browser.press("s").await?;
    focus_on(stage, "search").await
}

async fn focus_on(stage: &Stage, id: &str) -> Result<()> {
    until(&format!("the focus on {id}"), async || {
        let active = stage
            .browser
            .run("return document.activeElement.id", &[])
            .await?;
        Ok((active == id).then_some(()))
    })
    .await
}

/// Prevents what can be prevented, and lets nothing pass.
const PREVENT: &str = "
const types = `click dblclick contextmenu submit pointerdown mousedown mousewheel wheel touchstart
    touchmove touchend selectstart dragstart dragenter dragover drop paste copy cut keydown keypress
    keyup beforeinput textInput DOMMouseScroll MozMousePixelScroll`.split(/\\s+/);
for (const type of types) {
    document.addEventListener(type, (event) => {
        event.preventDefault();
        event.stopImmediatePropagation();
    }, {passive: false});
}
";

async fn a_page_that_prevents_everything(stage: &mut Stage) -> Result<()> {
    stage.step("a page that prevents what browsers do");
    let page = page_with(stage, "prevent", PREVENT, "<h1>Larkmoor</h1>");
    stage.visit_as(&page, |_| {}).await?;
    stage.step("the form can be filled in and sent off");
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("one can write");
    widget.says("Hello Anna").await?;
    anna.until("it", |chat| chat.times("Hello Anna") == 1)
        .await?;
    stage.step("a file can be dropped");
    widget.drops(&stage.file("receipt.pdf", b"%PDF-1")?).await?;
    widget.element("[part~=tray]").await?;
    widget.click_part("send").await?;
    anna.until("the file", |chat| chat.files.len() == 1).await?;
    stage.step("and downloaded");
    anna.sends_file("guide.txt", b"Mend it.", "").await?;
    widget
        .click("[part~=file][data-from=agent] [data-action=download]")
        .await?;
    stage.browser.downloaded("guide.txt", 8).await?;
    Ok(())
}

async fn a_scrolling_of_its_own(stage: &mut Stage) -> Result<()> {
    stage.step("a page with a smooth scrolling of its own");
    stage.browser.is_phone_of(844, 600).await?;
    let page = page_with(stage, "prevent", PREVENT, "<h1>Larkmoor</h1>");
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    for line in 0..12 {
        anna.says(&format!("{line}\n\n\n\nand so on")).await?;
    }
    widget
        .until("all of it", |seen| seen.line("message", "11").is_some())
        .await?;
    let transcript = widget.element("[part~=transcript]").await?;
    let top = async || -> Result<f64> {
        let script = "return arguments[0].scrollTop";
        let top = stage.browser.run(script, &[transcript.to_json()?]).await?;
        Ok(top.as_f64().unwrap_or_default())
    };
    for by in ["mouse", "touch"] {
        stage.step(&format!("the transcript is scrolled: {by}"));
        let before = top().await?;
        stage.browser.scrolls(&transcript, -200, by).await?;
        let after = top().await?;
        ensure!(after < before - 100.0, "it went from {before} to {after}");
    }
    Ok(())
}

/// A dialog as libraries make them: what is not in it does not keep the focus.
const CALL_BACK: &str = "
const inside = document.querySelector('#inside');
document.addEventListener('focusin', (event) => event.target !== inside && inside.focus());
inside.focus();
";

async fn a_dialog_that_calls_the_focus_back(stage: &mut Stage) -> Result<()> {
    stage.step("a page whose dialog calls the focus back");
    let page = page_with(stage, "call-back", CALL_BACK, "<input id=\"inside\">");
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("the composer keeps focus and text");
    widget.types("Hello Anna").await?;
    widget
        .until("the words", |seen| {
            seen.focus == "input" && seen.draft() == Some("Hello Anna")
        })
        .await?;
    widget.click_part("send").await?;
    anna.until("them", |chat| chat.times("Hello Anna") == 1)
        .await?;
    let stray = "return document.querySelector('#inside').value";
    let stray = stage.browser.run(stray, &[]).await?;
    ensure!(stray == "", "the page has got {stray}");
    Ok(())
}

async fn a_modal_dialog_of_the_page(stage: &mut Stage) -> Result<()> {
    let page = Page {
        body: "<dialog><input id=\"inside\"></dialog>".into(),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    widget.types("I was just").await?;
    stage.step("the page opens a dialog of the browser's: it has the focus, the chat goes on");
    let open = "document.querySelector('dialog').showModal()";
    stage.browser.run(open, &[]).await?;
    focus_on(stage, "inside").await?;
    anna.says("Hello Zoë").await?;
    widget
        .until("the words", |seen| {
            seen.open && seen.says("agent", "Hello Zoë") && seen.draft() == Some("I was just")
        })
        .await?;
    focus_on(stage, "inside").await?;
    stage.step("it closes: the composer is there again");
    let close = "document.querySelector('dialog').close()";
    stage.browser.run(close, &[]).await?;
    widget.says(" saying").await?;
    anna.until("it", |chat| chat.times("I was just saying") == 1)
        .await?;
    Ok(())
}

/// A handle that is dragged by the pointer's events at the document.
const DRAG: &str = "
window.dragged = '';
document.querySelector('#handle').addEventListener('pointerdown', () => (dragged = 'begun'));
document.addEventListener('pointermove', () => dragged && (dragged += '.'));
document.addEventListener('pointerup', () => (dragged += ' ended'));
";

async fn a_drag_of_its_own(stage: &mut Stage) -> Result<()> {
    let page = page_with(stage, "drag", DRAG, "<button id=\"handle\">=</button>");
    let widget = stage.visit_as(&page, |_| {}).await?;
    widget.click_part("launcher").await?;
    let panel = widget.element("[part~=panel]").await?;
    stage.browser.stands_still().await?;
    stage.step("something of the page is dragged over the panel and let go there");
    let handle = stage
        .browser
        .find("return document.querySelector('#handle')", &[]);
    let Some(handle) = handle.await? else {
        anyhow::bail!("the page has no handle");
    };
    let chain = stage.browser.driver()?.action_chain();
    let chain = chain.click_and_hold_element(&handle);
    chain
        .move_to_element_center(&panel)
        .release()
        .perform()
        .await?;
    let dragged = stage.browser.run("return window.dragged", &[]).await?;
    let dragged = dragged.as_str().unwrap_or_default();
    ensure!(
        dragged.starts_with("begun.") && dragged.ends_with(" ended"),
        "the page saw {dragged}"
    );
    Ok(())
}
