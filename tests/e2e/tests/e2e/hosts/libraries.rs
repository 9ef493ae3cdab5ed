//! Pages whose libraries have changed what the language and the browser offer.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};

use super::{chats, chats_on};

pub(crate) fn add(tests: &mut Tests) {
    for (name, file) in LIBRARIES {
        tests.add(name, &Engine::ALL, &[], async move |stage: &mut Stage| {
            let source = stage.npm(file)?;
            chats_with(stage, &source).await
        });
    }
    for (name, script, proof, with_webkit) in PATCHES {
        let engines = if with_webkit { &Engine::ALL[..] } else { TWO };
        tests.add(name, engines, &[], async move |stage: &mut Stage| {
            chats_with(stage, script).await?;
            let proof = stage.browser.run(proof, &[]).await?;
            ensure!(proof == true, "the page is not patched");
            Ok(())
        });
    }
    tests.add(
        "patches_after_the_widget",
        TWO,
        &[],
        patches_after_the_widget,
    );
}

const TWO: &[Engine] = &[Engine::Chromium, Engine::Firefox];

/// Libraries of npm that extend what is built in.
const LIBRARIES: [(&str, &str); 3] = [
    ("jquery", "jquery/dist/jquery.js"),
    ("prototype_js", "prototype-js-core/prototype.js"),
    // The language's part of MooTools: npm has none of the browser's.
    ("mootools", "mootools/lib/mootools-core-1.5.2-server.js"),
];

/// What pages patch, the script that does it, what proves it, and whether WebKit's driver, which works with
/// the page's own objects, survives it.
const PATCHES: [(&str, &str, &str, bool); 5] = [
    (
        "a_patched_object_prototype",
        OBJECT,
        "return window.patched === true",
        false,
    ),
    (
        "a_patched_array_prototype",
        ARRAY,
        "return window.patched === true",
        true,
    ),
    (
        "a_patched_json",
        JSON,
        "return window.JSON.patched === true",
        false,
    ),
    (
        "a_patched_promise",
        PROMISE,
        "return window.Promise.patched === true",
        false,
    ),
    (
        "patched_requests_and_events",
        EVENTS,
        "return window.asked > 0 && window.listened > 0",
        true,
    ),
];

/// Names that libraries and sites give to every object.
const OBJECT: &str = "
for (const name of ['extend', 'each', 'forEach', 'clone', 'merge', 'keys', 'values', 'size', 'map', 'filter',
    'find', 'isEmpty', 'toJSONString', 'parseJSON', 'hasKey', 'getKey', 'on', 'open', 'once_', 'root'])
    Object.prototype[name] = function () { throw new Error(name + ' was called'); };
window.patched = 'each' in {};
";

const ARRAY: &str = "
for (const name of ['each', 'include', 'contains', 'last', 'first', 'erase', 'empty', 'clean', 'remove'])
    Array.prototype[name] = function () { throw new Error(name + ' was called'); };
Array.from = function (list) { const all = []; for (let at = 0; at < (list.length || 0); at += 1)
    all.push(list[at]); return all; };
window.patched = 'contains' in [];
";

/// As json2.js and its kin, which fail at what they do not know.
const JSON: &str = "
const { parse, stringify } = window.JSON;
window.JSON = { patched: true,
    parse(text) { if (typeof text !== 'string') throw new Error('no text'); return parse(text); },
    stringify(value) { return stringify(value); } };
";

/// A promise of the time before `finally` and `allSettled`, which settles by a timer.
const PROMISE: &str = "
const Native = window.Promise;
function Old(executor) {
    const settled = new Native(executor);
    this.then = (done, failed) => new Old((resolve, reject) => setTimeout(() =>
        settled.then(done, failed).then(resolve, reject)));
}
Old.prototype.catch = function (failed) { return this.then(undefined, failed); };
Old.resolve = (value) => new Old((resolve) => resolve(value));
Old.reject = (reason) => new Old((_, reject) => reject(reason));
Old.all = (list) => new Old((resolve, reject) => Native.all(list).then(resolve, reject));
Old.race = (list) => new Old((resolve, reject) => Native.race(list).then(resolve, reject));
Old.patched = true;
window.Promise = Old;
";

/// As monitors do.
const EVENTS: &str = "
window.asked = window.listened = 0;
const ask = window.fetch;
window.fetch = function (...words) { window.asked += 1;
    return ask.apply(this, words).then((reply) => { reply.clone().text().catch(() => {}); return reply; }); };
const { open, send } = XMLHttpRequest.prototype;
XMLHttpRequest.prototype.open = function (...words) { this.asked = words[1]; return open.apply(this, words); };
XMLHttpRequest.prototype.send = function (...words) { window.asked += 1; return send.apply(this, words); };
const { addEventListener, removeEventListener } = EventTarget.prototype;
const wrappers = new WeakMap();
const wrap = (listener) => {
    if (typeof listener !== 'function') return listener;
    if (!wrappers.has(listener)) wrappers.set(listener, function (event) { return listener.call(this, event); });
    return wrappers.get(listener);
};
EventTarget.prototype.addEventListener = function (type, listener, options) { window.listened += 1;
    return addEventListener.call(this, type, wrap(listener), options); };
EventTarget.prototype.removeEventListener = function (type, listener, options) {
    return removeEventListener.call(this, type, wrap(listener), options); };
";

async fn chats_with(stage: &Stage, script: &str) -> Result<()> {
    let script = stage.site.script("library", script);
    let page = Page {
        head: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    };
    chats_on(stage, &page).await
}

async fn patches_after_the_widget(stage: &mut Stage) -> Result<()> {
    stage.step("the page patches everything when the widget is there already");
    let widget = stage.visit().await?;
    widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    for (number, (_, script, ..)) in PATCHES.iter().enumerate() {
        let url = stage.site.script(&format!("late-{number}"), script);
        let include = "await new Promise((onload, onerror) => document.head.append(
            Object.assign(document.createElement('script'), {src: given[0], onload, onerror})))";
        stage.browser.run_async(include, &[url.into()]).await?;
    }
    chats(stage).await
}
