//! Pages that are other documents than most, and pages that change what they are.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use thirtyfour::By;

use super::{chats_on, complains_of_nothing, is_back};
use crate::pages::{hosts, talks};

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    tests.add("a_page_of_xml", all, &[], a_page_of_xml);
    tests.add("changed_pages", all, &[], changed_pages);
    let name = "a_document_that_is_written_anew";
    tests.add(name, all, &[], a_document_that_is_written_anew);
    tests.add("away_and_back", all, &[], away_and_back);
    tests.add("the_tags_to_copy", all, &[], the_tags_to_copy);
    // WebKit's driver cannot click in a frame of another origin.
    let two = &[Engine::Chromium, Engine::Firefox];
    tests.add("a_sandboxed_frame", two, &[], a_sandboxed_frame);
}

async fn a_page_of_xml(stage: &mut Stage) -> Result<()> {
    let page = Page {
        doctype: "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!DOCTYPE html>".into(),
        root: "xmlns=\"http://www.w3.org/1999/xhtml\"".into(),
        is_xml: true,
        ..Page::default()
    };
    chats_on(stage, &page).await?;
    let kind = stage
        .browser
        .run("return document.contentType", &[])
        .await?;
    ensure!(kind == "application/xhtml+xml", "it is {kind}");
    Ok(())
}

/// What pages do with their documents while a chat goes on. Scripts are not run again.
const CHANGES: [(&str, &str); 7] = [
    (
        "a route of its own",
        "history.pushState({}, '', '/boots'); document.querySelector('main').innerHTML = '<h1>Boots</h1>';",
    ),
    (
        "the body's children are thrown out, but for the tag",
        "const tag = document.querySelector('script[data-config]');
         document.body.replaceChildren(document.createElement('main'), tag);",
    ),
    (
        "another body, which has the tag as a parser leaves it",
        "const body = document.createElement('body');
         body.innerHTML = '<h1>Tents</h1>' + document.querySelector('script[data-config]').outerHTML;
         document.body.replaceWith(body);",
    ),
    (
        "a morph that keeps what has a counterpart",
        "const next = new DOMParser().parseFromString(document.documentElement.outerHTML, 'text/html');
         const kept = document.documentElement;
         for (const child of [...kept.children])
             if (!['HEAD', 'BODY'].includes(child.tagName)) child.remove();
         document.body.replaceChildren(...next.body.childNodes);",
    ),
    (
        "all of the document's children are others",
        "const next = new DOMParser().parseFromString(
             '<head><title>Lanterns</title></head><body><h1>Lanterns</h1>' +
             document.querySelector('script[data-config]').outerHTML + '</body>', 'text/html');
         document.documentElement.replaceChildren(...next.documentElement.childNodes);",
    ),
    (
        "another root",
        "const next = new DOMParser().parseFromString(document.documentElement.outerHTML, 'text/html');
         document.replaceChild(document.adoptNode(next.documentElement), document.documentElement);",
    ),
    (
        "a transition",
        "const change = () => document.querySelector('h1').replaceWith(document.createElement('h2'));
         if (document.startViewTransition) {
             const {ready, finished} = document.startViewTransition(change);
             // A browser that is too busy to draw it skips the transition, and says so by `ready`.
             ready.catch(() => {});
             await finished;
         } else change();",
    ),
];

async fn changed_pages(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    talks(stage).await?;
    let widget = stage.widget();
    for (number, (name, change)) in CHANGES.iter().enumerate() {
        stage.step(name);
        stage.browser.run_async(change, &[]).await?;
        is_back(stage).await?;
        let words = format!("On page {number}");
        widget.says(&words).await?;
        widget
            .until("the words to be sent", |seen| seen.mine(&words, "sent"))
            .await?;
        ensure!(hosts(stage).await? == 1, "there is not one widget");
    }
    complains_of_nothing(stage).await
}

/// Replaces the whole document, which takes all listeners away.
const REWRITE: &str = "
document.open();
for (const type of ['error', 'unhandledrejection'])
    addEventListener(type, ({ message, reason }) => window.complaints.push(String(message || reason)));
document.write('<!doctype html><html lang=en><title>Thanks</title><body><h1>Thanks</h1>' + arguments[0] + '</body></html>');
document.close();
";

async fn a_document_that_is_written_anew(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    talks(stage).await?;
    let tag = "return document.querySelector('script[data-config]').outerHTML";
    let tag = stage.browser.run(tag, &[]).await?;
    stage.step("the page writes its document anew, with the tag: the chat is back, and goes on");
    stage
        .browser
        .run(REWRITE, std::slice::from_ref(&tag))
        .await?;
    is_back(stage).await?;
    let widget = stage.widget();
    widget.says("On the new page").await?;
    widget
        .until("the words", |seen| seen.mine("On the new page", "sent"))
        .await?;
    widget.click_part("close").await?;
    widget
        .until("the launcher", |seen| !seen.open && seen.launcher.shown)
        .await?;
    ensure!(hosts(stage).await? == 1, "there is not one widget");
    stage.step("without the tag: the widget is gone, and asks the server for nothing more");
    stage.browser.run(REWRITE, &["".into()]).await?;
    until("the widget to be gone", async || {
        Ok((hosts(stage).await? == 0).then_some(()))
    })
    .await?;
    let count = "
        await new Promise((done) => setTimeout(done, 500));
        performance.clearResourceTimings();
        await new Promise((done) => setTimeout(done, 2000));
        return performance.getEntriesByType('resource').filter(({name}) => name.startsWith(given[0])).length;";
    let server = [stage.emulator.url().into()];
    let more = stage.browser.run_async(count, &server).await?;
    ensure!(more == 0, "{more} requests came after it");
    stage.step("with the tag once more: the chat is back");
    stage.browser.run(REWRITE, &[tag]).await?;
    widget.click_part("launcher").await?;
    is_back(stage).await?;
    complains_of_nothing(stage).await
}

async fn away_and_back(stage: &mut Stage) -> Result<()> {
    // Browsers keep no page that must not be stored.
    let page = Page {
        headers: vec![("cache-control", "max-age=60")],
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    talks(stage).await?;
    stage.step("the chat goes on on another page of the site");
    stage.visit().await?;
    is_back(stage).await?;
    let widget = stage.widget();
    widget.says("On the next page").await?;
    widget
        .until("the words", |seen| seen.mine("On the next page", "sent"))
        .await?;
    stage.step("the browser's button leads back: the chat is as it was left, and can go on");
    stage.browser.driver()?.back().await?;
    widget
        .until("the words from the other page", |seen| {
            seen.open && seen.mine("On the next page", "sent")
        })
        .await?;
    widget.says("Back again").await?;
    widget
        .until("the words", |seen| seen.mine("Back again", "sent"))
        .await?;
    ensure!(hosts(stage).await? == 1, "there is not one widget");
    complains_of_nothing(stage).await
}

async fn a_sandboxed_frame(stage: &mut Stage) -> Result<()> {
    stage.step("the page stands in a frame that may run scripts, and nothing else");
    let config = stage.tenant(|_| {})?;
    let inner = stage.site.page(&Page::default(), &config);
    let outer = Page {
        body: format!(
            "<iframe sandbox=\"allow-scripts\" width=\"900\" height=\"800\" src=\"{inner}\"></iframe>"
        ),
        tags: 0,
        ..Page::default()
    };
    stage.visit_as(&outer, |_| {}).await?;
    let driver = stage.browser.driver()?;
    let frame = until("the frame", async || {
        Ok(driver.find(By::Css("iframe")).await.ok())
    })
    .await?;
    frame.enter_frame().await?;
    talks(stage).await?;
    stage.step("nothing can be stored there");
    let denied = "try { return !localStorage } catch { return true }";
    let denied = stage.browser.run(denied, &[]).await?;
    ensure!(denied == true, "the frame has a storage");
    Ok(())
}

/// The tags of `embed.html`: of the newest package, of its major version, and of this package alone.
async fn the_tags_to_copy(stage: &mut Stage) -> Result<()> {
    let lines = stage.site.package_file("embed.html")?;
    let lines = lines.replace("&lt;", "<").replace("&amp;", "&");
    let lines = lines.replace("https://assets.example/larkmoor", stage.site.assets());
    let tags: Vec<_> = lines
        .split("<pre>")
        .filter_map(|block| Some(block.split_once("</pre>")?.0))
        .filter(|tag| tag.starts_with("<script async") && !tag.contains("element.js"))
        .collect();
    let [newest, of_version, pinned] = tags[..] else {
        anyhow::bail!("{lines}");
    };
    let config = stage.site.configuration(&stage.tenant(|_| {})?);
    let page = |tag: &str| {
        let tag = tag.replacen("<script", &format!("<script data-config=\"{config}\""), 1);
        Page {
            body: format!("<main><h1>Larkmoor</h1></main>{tag}"),
            tags: 0,
            ..Page::default()
        }
    };
    stage.step("the newest package");
    ensure!(newest.contains("/widget.js"), "{newest}");
    stage.visit_as(&page(newest), |_| {}).await?;
    talks(stage).await?;
    stage.step("the major version finds the chat once the visitor comes to the launcher");
    ensure!(of_version.contains("/v") && !of_version.contains("integrity"));
    let widget = stage.visit_as(&page(of_version), |_| {}).await?;
    widget.click_part("launcher").await?;
    is_back(stage).await?;
    let wasm = |path: &String| path.starts_with("/v") && path.ends_with(".wasm");
    ensure!(
        stage.site.fetched().iter().any(wasm),
        "nothing of its folder"
    );
    stage.step("this package and no other, which the browser checks");
    ensure!(pinned.contains("integrity=\"sha384-") && pinned.contains("crossorigin"));
    stage.visit_as(&page(pinned), |_| {}).await?;
    is_back(stage).await?;
    complains_of_nothing(stage).await?;
    stage.step("another file under that address does not run");
    let digest = pinned.split("sha384-").nth(1).context("no digest")?;
    let wrong = pinned.replace(&digest[..8], "AAAAAAAA");
    let widget = stage.visit_as(&page(&wrong), |_| {}).await?;
    until("the script to be refused", async || {
        let state = stage
            .browser
            .run("return document.readyState === 'complete'", &[])
            .await?;
        Ok((state == true).then_some(()))
    })
    .await?;
    ensure!(widget.look().await?.is_none(), "the script has run");
    Ok(())
}
