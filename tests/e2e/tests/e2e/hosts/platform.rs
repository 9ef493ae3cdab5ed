//! Pages where the browser offers less than elsewhere, or has something in between.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};

use super::{chats, chats_on, complains_of_nothing, is_back};
use crate::pages::talks;

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    for (name, script) in STORAGES {
        tests.add(name, all, &[], async move |stage: &mut Stage| {
            without_storage(stage, script).await
        });
    }
    tests.add(
        "a_worker_that_keeps_everything",
        &[Engine::Chromium, Engine::Webkit],
        &[],
        a_worker_that_keeps_everything,
    );
    tests.add(
        "a_page_isolated_from_others",
        all,
        &[],
        a_page_isolated_from_others,
    );
}

const STORAGES: [(&str, &str); 2] = [("a_denied_storage", DENIED), ("a_full_storage", FULL)];

const DENIED: &str = "
for (const name of ['localStorage', 'sessionStorage', 'indexedDB', 'caches', 'cookieStore'])
    Object.defineProperty(window, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
Object.defineProperty(Document.prototype, 'cookie', {
    get() { throw new DOMException('denied', 'SecurityError'); },
    set() { throw new DOMException('denied', 'SecurityError'); } });
Object.defineProperty(Navigator.prototype, 'cookieEnabled', { get: () => false });
";

/// Fills what there is, to the last byte.
const FULL: &str = "
for (const storage of [localStorage, sessionStorage]) {
    let filled = 0;
    for (let size = 1 << 20; size >= 1; size >>= 1) {
        try { for (;;) storage.setItem('page-' + (filled += 1), 'x'.repeat(size)); } catch { /* full */ }
    }
}
";

async fn without_storage(stage: &Stage, script: &str) -> Result<()> {
    let script = stage.site.script("storage", script);
    let page = Page {
        head: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    };
    stage.step("the page opens");
    stage.visit_as(&page, |_| {}).await?;
    stage.step("form and a word each way");
    talks(stage).await?;
    stage.step("the panel is closed and opened again");
    let widget = stage.widget();
    widget.click_part("close").await?;
    widget
        .until("the launcher", |seen| !seen.open && seen.launcher.shown)
        .await?;
    widget.click_part("launcher").await?;
    is_back(stage).await?;
    complains_of_nothing(stage).await
}

/// Answers from its cache whatever it has answered before, for ever.
const WORKER: &str = "
addEventListener('install', () => skipWaiting());
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('fetch', (event) => {
    if (event.request.method !== 'GET') return;
    event.respondWith((async () => {
        const cache = await caches.open('everything');
        const kept = await cache.match(event.request);
        if (kept) return kept;
        const reply = await fetch(event.request);
        await cache.put(event.request, reply.clone());
        return reply;
    })());
});
";

async fn a_worker_that_keeps_everything(stage: &mut Stage) -> Result<()> {
    let worker = stage.site.script("worker", WORKER);
    stage.step("the page's worker begins");
    stage.visit().await?;
    let begin = "
        await navigator.serviceWorker.register(given[0]);
        await navigator.serviceWorker.ready;
        while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 20));";
    stage.browser.run_async(begin, &[worker.into()]).await?;
    stage.browser.reload().await?;
    stage.step("a chat by way of the worker");
    chats(stage).await?;
    stage.step(
        "the host of the files has others now: the chat goes on with those that the worker has",
    );
    stage.site.take_assets_away();
    stage.browser.reload().await?;
    is_back(stage).await?;
    complains_of_nothing(stage).await?;
    stage.step("the page gives its worker up, and the files are back: the chat is there");
    stage.site.give_assets_back();
    let end = "
        for (const worker of await navigator.serviceWorker.getRegistrations()) await worker.unregister();
        await caches.delete('everything');";
    stage.browser.run_async(end, &[]).await?;
    stage.browser.reload().await?;
    is_back(stage).await
}

async fn a_page_isolated_from_others(stage: &mut Stage) -> Result<()> {
    let isolated = |tag: &str| Page {
        headers: vec![("cross-origin-embedder-policy", "require-corp")],
        tag: tag.to_owned(),
        ..Page::default()
    };
    stage.step(
        "a tag without `crossorigin`, of a host that says nothing of other origins: no launcher",
    );
    stage.visit_as(&isolated("async=\"\""), |_| {}).await?;
    ensure!(
        stage.widget().look().await?.is_none(),
        "there is a launcher"
    );
    stage.step("a tag with `crossorigin` needs no more of the host than its CORS header");
    chats_on(stage, &isolated("async=\"\" crossorigin=\"\"")).await?;
    stage.step("a host that lets other origins have its files needs nothing of the tag");
    let name = "cross-origin-resource-policy";
    stage.site.send_with_assets(name, "cross-origin");
    stage.visit_as(&isolated("async=\"\""), |_| {}).await?;
    is_back(stage).await
}
