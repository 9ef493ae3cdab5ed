//! The panel where it covers the window, and on touch screens.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use parlour_config::Corner;
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

use crate::keys::TAB;

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add("a_covered_page", chromium, &[], a_covered_page);
    tests.add(
        "a_covered_page_from_every_corner",
        chromium,
        &[],
        a_covered_page_from_every_corner,
    );
    tests.add(
        "a_covered_page_at_400_percent",
        chromium,
        &[],
        a_covered_page_at_400_percent,
    );
    // Firefox without a screen makes no window so narrow.
    let narrow = &[Engine::Chromium, Engine::Webkit];
    tests.add("a_narrow_window", narrow, &[], a_narrow_window);
    tests.add(
        "a_covered_page_that_removes_the_widget",
        chromium,
        &[],
        a_covered_page_that_removes_the_widget,
    );
    tests.add(
        "a_covered_page_that_swaps_its_body",
        chromium,
        &[],
        a_covered_page_that_swaps_its_body,
    );
    tests.add(
        "a_phone_that_is_turned",
        chromium,
        &[],
        a_phone_that_is_turned,
    );
}

/// A page that can be scrolled, and that scrolls smoothly when it can.
fn long_page() -> Page {
    Page {
        head: "<style>html { scroll-behavior: smooth; } main { height: 4000px; }</style>".into(),
        body: "<main><button id=\"buy\">Buy</button></main><footer inert><a href=\"#\">Terms</a></footer>"
            .into(),
        ..Page::default()
    }
}

/// Everything that must be as it was once the page is no longer covered.
const PAGE: &str = "
const {documentElement: root, body} = document;
const marks = [root, ...document.querySelectorAll('body, body *')].map((element) =>
    [element.localName, ...[...element.attributes].map(({name, value}) =>
        name + '=' + value.slice(0, 40))]);
return {
    marks,
    top: scrollY,
    sheets: document.adoptedStyleSheets.length,
    overflow: getComputedStyle(root).overflow,
};";

async fn page(stage: &Stage) -> Result<Value> {
    stage.browser.run(PAGE, &[]).await
}

async fn top(stage: &Stage) -> Result<f64> {
    let top = stage.browser.run("return scrollY", &[]).await?;
    Ok(top.as_f64().unwrap_or_default())
}

/// Tells whether an element of the page can have the focus.
async fn is_reachable(stage: &Stage, selector: &str) -> Result<bool> {
    let script = "
        const element = document.querySelector(arguments[0]);
        const before = document.activeElement;
        element.focus({preventScroll: true});
        const reached = document.activeElement === element;
        if (reached) before.focus({preventScroll: true});
        return reached;";
    Ok(stage.browser.run(script, &[json!(selector)]).await? == true)
}

/// Opens the form on a page that is scrolled down, and returns what the page was like before.
async fn cover(stage: &Stage) -> Result<Value> {
    let widget = stage.visit_as(&long_page(), |_| {}).await?;
    widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    let scroll = "scrollTo({top: 700, behavior: 'instant'})";
    stage.browser.run(scroll, &[]).await?;
    let before = page(stage).await?;
    ensure!(before["top"] == 700, "the page cannot be scrolled");
    let main = stage
        .browser
        .find("return document.querySelector('main')", &[]);
    if let Some(main) = main.await? {
        for by in ["touch", "mouse"] {
            stage.browser.scrolls(&main, 300, by).await?;
            ensure!(top(stage).await? > 750.0, "{by} does not scroll the page");
            stage.browser.scrolls(&main, -300, by).await?;
        }
    }
    stage.browser.run(scroll, &[]).await?;
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    stage.browser.stands_still().await?;
    Ok(before)
}

async fn close(stage: &Stage) -> Result<()> {
    let widget = stage.widget();
    widget.click_part("close").await?;
    widget
        .until("the launcher, with the focus", |seen| {
            !seen.open && seen.launcher.shown && seen.focus == "launcher"
        })
        .await?;
    Ok(())
}

/// The page can neither be reached nor scrolled.
async fn is_out_of_reach(stage: &Stage) -> Result<()> {
    let widget = stage.widget();
    ensure!(
        widget.has("[part~=panel][aria-modal=true]").await?,
        "the panel is not modal"
    );
    stage.step("Tab leads to nothing on the page");
    for _ in 0..12 {
        stage.browser.press(&TAB.to_string()).await?;
        let script = "
            const {activeElement: active} = document;
            return active === document.body || !!active.shadowRoot;";
        let inside = stage.browser.run(script, &[]).await?;
        ensure!(inside == true, "the focus is on the page");
    }
    ensure!(!is_reachable(stage, "#buy").await?, "the page is reachable");
    stage.step("what the page adds meanwhile is out of reach, too");
    let add = "
        const late = document.createElement('button');
        late.id = 'late';
        document.body.append(late);";
    stage.browser.run(add, &[]).await?;
    ensure!(!is_reachable(stage, "#late").await?, "it is reachable");
    let remove = "document.querySelector('#late').remove()";
    stage.browser.run(remove, &[]).await?;
    for part in ["header", "submit", "form"] {
        for by in ["touch", "mouse"] {
            stage.step(&format!(
                "scrolling at the {part} ({by}) does not scroll the page"
            ));
            let element = widget.element(&format!("[part~={part}]")).await?;
            for pixels in [300, -300] {
                stage.browser.scrolls(&element, pixels, by).await?;
                let top = top(stage).await?;
                ensure!((top - 700.0).abs() < 0.5, "the page is at {top}");
            }
        }
    }
    Ok(())
}

async fn is_put_back(stage: &Stage, before: &Value) -> Result<()> {
    until("the page to be as it was", async || {
        let after = page(stage).await?;
        ensure!(after == *before, "it was\n{before:#}\nand is\n{after:#}");
        Ok(Some(()))
    })
    .await?;
    ensure!(is_reachable(stage, "#buy").await?, "it is out of reach");
    Ok(())
}

async fn a_covered_page(stage: &mut Stage) -> Result<()> {
    stage.step("a phone");
    stage.browser.is_phone(true).await?;
    let before = cover(stage).await?;
    is_out_of_reach(stage).await?;
    stage.step("the panel closes: the page is as it was");
    close(stage).await?;
    is_put_back(stage, &before).await?;
    stage.step("a chat: the same again");
    stage.talk().await?;
    let widget = stage.widget();
    widget.says("Hello").await?;
    widget
        .until("it to be sent", |seen| seen.mine("Hello", "sent"))
        .await?;
    ensure!(!is_reachable(stage, "#buy").await?, "the page is reachable");
    let transcript = widget.element("[part~=transcript]").await?;
    stage.browser.scrolls(&transcript, 300, "touch").await?;
    let top = top(stage).await?;
    ensure!((top - 700.0).abs() < 0.5, "the page is at {top}");
    close(stage).await?;
    is_put_back(stage, &before).await
}

async fn a_covered_page_at_400_percent(stage: &mut Stage) -> Result<()> {
    stage.step("a window at 400 percent");
    stage.browser.is_zoomed(4).await?;
    let before = cover(stage).await?;
    is_out_of_reach(stage).await?;
    close(stage).await?;
    is_put_back(stage, &before).await
}

async fn a_narrow_window(stage: &mut Stage) -> Result<()> {
    stage.step("a narrow window");
    stage
        .browser
        .driver()?
        .set_window_rect(0, 0, 470, 800)
        .await?;
    let widget = stage.visit_as(&long_page(), |_| {}).await?;
    widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    let scroll = "scrollTo({top: 700, behavior: 'instant'})";
    stage.browser.run(scroll, &[]).await?;
    let before = page(stage).await?;
    widget.click_part("launcher").await?;
    widget.element("[part~=panel][aria-modal=true]").await?;
    ensure!(!is_reachable(stage, "#buy").await?, "the page is reachable");
    let covered = page(stage).await?;
    ensure!(covered["overflow"] == "hidden", "the page can be scrolled");
    close(stage).await?;
    is_put_back(stage, &before).await
}

/// The panel covers the window wherever the launcher is, on pages written in both directions.
async fn a_covered_page_from_every_corner(stage: &mut Stage) -> Result<()> {
    stage.browser.is_phone(true).await?;
    for corner in [
        Corner::BottomRight,
        Corner::BottomLeft,
        Corner::TopRight,
        Corner::TopLeft,
    ] {
        for direction in ["ltr", "rtl"] {
            stage.step(&format!("{corner:?}, {direction}"));
            let page = Page {
                head: format!("<script>document.documentElement.dir = '{direction}'</script>"),
                ..Page::default()
            };
            let widget = stage
                .visit_as(&page, |config| {
                    config.launcher.corner = corner;
                    if direction == "rtl" {
                        let words = BTreeMap::from([("form.submit".into(), "ابدأ".into())]);
                        config.locale = Some("ar".into());
                        config.texts.insert("ar", words.into());
                    }
                })
                .await?;
            widget.click_part("launcher").await?;
            widget.element("[part~=panel][aria-modal=true]").await?;
            stage.browser.stands_still().await?;
            let script = "
                const host = [...document.documentElement.children].find((e) => e.shadowRoot);
                const panel = host.shadowRoot.querySelector('[part~=panel]').getBoundingClientRect();
                return [panel.left, panel.top, innerWidth - panel.right, innerHeight - panel.bottom]
                    .map(Math.round);";
            let gaps = stage.browser.run(script, &[]).await?;
            ensure!(gaps == json!([0, 0, 0, 0]), "the panel leaves {gaps} free");
        }
    }
    Ok(())
}

async fn a_covered_page_that_removes_the_widget(stage: &mut Stage) -> Result<()> {
    stage.browser.is_phone(true).await?;
    let mut before = cover(stage).await?;
    stage.step("the page removes the widget, and its tag");
    let remove = "[...document.documentElement.children].find((e) => e.shadowRoot).remove();
        document.querySelector('script[src$=\"widget.js\"]').remove()";
    stage.browser.run(remove, &[]).await?;
    // The widget's own element is the last.
    before["marks"].as_array_mut().map(Vec::pop);
    is_put_back(stage, &before).await
}

async fn a_covered_page_that_swaps_its_body(stage: &mut Stage) -> Result<()> {
    stage.browser.is_phone(true).await?;
    cover(stage).await?;
    stage.step("an application puts another body in the place of this one");
    let swap = "
        const body = document.createElement('body');
        const buy = document.createElement('button');
        buy.id = 'buy';
        body.append(buy);
        document.body.replaceWith(body);";
    stage.browser.run(swap, &[]).await?;
    let widget = stage.widget();
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    until("the page to be out of reach", async || {
        Ok((!is_reachable(stage, "#buy").await?).then_some(()))
    })
    .await?;
    close(stage).await?;
    ensure!(is_reachable(stage, "#buy").await?, "it is out of reach");
    Ok(())
}

async fn a_phone_that_is_turned(stage: &mut Stage) -> Result<()> {
    stage.browser.is_phone(true).await?;
    let before = cover(stage).await?;
    let widget = stage.widget();
    widget.fill("firstName", "Zo").await?;
    stage.step("held sideways, the panel is beside the page and has all of the height");
    stage.browser.is_phone_of(844, 390).await?;
    widget
        .until("what was typed", |seen| {
            seen.focus == "firstName"
                && seen
                    .field("firstName")
                    .is_some_and(|field| field.value == "Zo")
        })
        .await?;
    until("the page to be reachable", async || {
        Ok(is_reachable(stage, "#buy").await?.then_some(()))
    })
    .await?;
    stage.browser.stands_still().await?;
    let [_, y, width, height] = widget.measure("[part~=panel]").await?;
    ensure!(
        y == 0.0 && height == 390.0 && width < 480.0,
        "it is {width} × {height} at {y}"
    );
    let seen = widget.look().await?;
    ensure!(
        seen.is_some_and(|seen| !seen.launcher.shown),
        "the launcher covers a part of it"
    );
    stage.step("no field is so small that the browser zooms in");
    let sizes =
        "return arguments[0].getRootNode().querySelectorAll('input, textarea, select').values()
        .map((field) => parseFloat(getComputedStyle(field).fontSize)).toArray()";
    let form = widget.element("[part~=form]").await?;
    let sizes = stage.browser.run(sizes, &[form.to_json()?]).await?;
    let small = |size: &Value| size.as_f64().is_none_or(|size| size < 16.0);
    ensure!(
        sizes
            .as_array()
            .is_some_and(|sizes| !sizes.iter().any(small)),
        "they are {sizes}"
    );
    stage.step("and upright again");
    widget.element("[name=firstName]").await?.focus().await?;
    stage.browser.is_phone(true).await?;
    widget
        .until("the focus where it was", |seen| seen.focus == "firstName")
        .await?;
    until("the page to be out of reach", async || {
        Ok((!is_reachable(stage, "#buy").await?).then_some(()))
    })
    .await?;
    close(stage).await?;
    is_put_back(stage, &before).await
}
