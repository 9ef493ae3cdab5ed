//! Pages whose layout reaches for everything: the widget stands where it stands on a plain page.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};
use serde_json::json;

use crate::pages::talks;

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    tests.add("moved_and_scaled_pages", all, &[], moved_and_scaled_pages);
    tests.add("dialogs_and_popovers", all, &[], dialogs_and_popovers);
}

/// What pages do, and their style sheets.
const STYLES: [(&str, &str); 20] = [
    (
        "small letters",
        "html { font-size: 5px; line-height: 3; letter-spacing: 9px; }",
    ),
    (
        "a filtered root",
        "html { filter: hue-rotate(90deg); backdrop-filter: blur(1px); }",
    ),
    ("a filtered body", "body { filter: grayscale(1); }"),
    (
        "a moved root",
        "html { transform: translate(-40px, -60px) scale(0.5); }",
    ),
    (
        "a moved body",
        "body { transform: translate(-40px, -60px) rotate(3deg); }",
    ),
    (
        "a narrowed root",
        "html { translate: -50px; scale: 0.5; rotate: 2deg; offset: none; }",
    ),
    (
        "perspective",
        "html, body { perspective: 400px; transform-style: preserve-3d; }",
    ),
    ("containment of the root", "html { contain: layout paint; }"),
    (
        "containment of the body",
        "body { contain: strict; height: 50px; }",
    ),
    (
        "announced changes",
        "html, body { will-change: transform, filter, opacity; }",
    ),
    ("a zoomed root", "html { zoom: 1.5; }"),
    ("a zoomed body", "body { zoom: 0.5; }"),
    (
        "what overflows",
        "html, body { overflow: hidden; height: 60px; }",
    ),
    (
        "what is clipped",
        "html, body { overflow: clip; clip-path: inset(40%); height: 60px; }",
    ),
    (
        "a body that is skipped",
        "body { content-visibility: hidden; visibility: hidden; }",
    ),
    (
        "a root in a grid",
        "html { display: grid; place-items: center; width: 300px; padding: 70px; }",
    ),
    ("columns", "html, body { columns: 3; position: relative; }"),
    (
        "vertical writing",
        "html { writing-mode: vertical-rl; text-orientation: upright; }",
    ),
    (
        "highest indexes",
        "* { position: relative; z-index: 2147483647 !important; } \
         main { position: fixed; inset: 0; background: white; }",
    ),
    (
        "rules for popovers",
        "[popover], :popover-open { display: none !important; inset: 0 !important; \
         margin: auto !important; width: 50px !important; } * { transition: all 3s !important; }",
    ),
];

async fn moved_and_scaled_pages(stage: &mut Stage) -> Result<()> {
    stage.step("a plain page");
    stage.visit().await?;
    let plain = places(stage).await?;
    let mut wrong = Vec::new();
    for (number, (name, style)) in STYLES.iter().enumerate() {
        stage.step(name);
        let link = stage.site.style(&format!("layout-{number}"), style);
        let page = Page {
            head: format!("<link rel=\"stylesheet\" href=\"{link}\"/>"),
            ..Page::default()
        };
        stage.visit_as(&page, |_| {}).await?;
        match places(stage).await.context(*name) {
            Ok(places) if are_close(&places, &plain) => {}
            Ok(places) => wrong.push(format!("{name}: {places:?}")),
            Err(error) => wrong.push(format!("{error:#}")),
        }
    }
    ensure!(wrong.is_empty(), "not at\n{plain:?}\n{}", wrong.join("\n"));
    Ok(())
}

/// Left, top, width and height of launcher, panel and its button.
type Places = [[f64; 4]; 3];

/// Compares to a pixel, because engines round what lies between two.
fn are_close(one: &Places, other: &Places) -> bool {
    let pairs = one.iter().flatten().zip(other.iter().flatten());
    pairs
        .into_iter()
        .all(|(one, other)| (one - other).abs() <= 1.0)
}

/// Opens the panel, and returns where its parts stand.
async fn places(stage: &Stage) -> Result<Places> {
    let widget = stage.widget();
    widget
        .until("the launcher", |seen| seen.launcher.shown && !seen.open)
        .await?;
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    stage.browser.stands_still().await?;
    let launcher = widget.measure("[part~=launcher]").await?;
    let panel = widget.measure("[part~=panel]").await?;
    let submit = widget.measure("[part~=submit]").await?;
    Ok([launcher, panel, submit])
}

async fn dialogs_and_popovers(stage: &mut Stage) -> Result<()> {
    stage.step("a dialog over all of the page that is not modal");
    let page = Page {
        body: "<dialog style=\"position:fixed;inset:0;width:100%;height:100%;max-width:none;\
               z-index:2147483647\" open=\"\"><p>Welcome</p></dialog>\
               <div id=\"menu\" popover=\"\">Menu</div>\
               <div id=\"banner\" popover=\"manual\">Sale</div><input id=\"inside\"/>"
            .into(),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    talks(stage).await?;
    let widget = stage.widget();
    for id in ["banner", "menu"] {
        stage.step(&format!("a popover of the page: {id}"));
        let show = format!("document.getElementById('{id}').showPopover()");
        stage.browser.run(&show, &[]).await?;
        widget.says(&format!("beside the {id}")).await?;
        let words = format!("beside the {id}");
        widget
            .until("the words", |seen| seen.open && seen.mine(&words, "sent"))
            .await?;
    }
    stage.step("what lay over the page has gone as at any click elsewhere, and the banner stays");
    let open = "return [...document.querySelectorAll(':popover-open')].map(({id}) => id)";
    let open = stage.browser.run(open, &[]).await?;
    ensure!(open == json!(["banner", ""]), "open are {open}");
    Ok(())
}
