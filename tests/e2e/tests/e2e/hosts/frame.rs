//! Frame mode: pages whose policy forbids WebAssembly.

use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use parlour_e2e::{Agent, Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

use super::is_back;
use super::policies::policy;
use crate::keys::{ENTER, ESCAPE, TAB};

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    // WebKit's driver cannot click in a frame of another origin.
    let two = &[Engine::Chromium, Engine::Firefox];
    tests.add("a_frame_by_itself", two, &[], a_frame_by_itself);
    tests.add("a_frame_by_the_keyboard", all, &[], a_frame_by_the_keyboard);
    tests.add("a_frame_and_the_focus", two, &[], a_frame_and_the_focus);
    tests.add("a_frame_s_secrets", two, &[], a_frame_s_secrets);
    tests.add("a_frame_for_other_pages", all, &[], a_frame_for_other_pages);
    tests.add(
        "a_frame_on_an_isolated_page",
        all,
        &[],
        a_frame_on_an_isolated_page,
    );
    tests.add(
        "a_frame_that_may_not_be_framed",
        all,
        &[],
        a_frame_that_may_not_be_framed,
    );
    tests.add("a_frame_and_strangers", two, &[], a_frame_and_strangers);
    tests.add("a_frame_that_is_removed", two, &[], a_frame_that_is_removed);
    tests.add("a_frame_on_every_page", two, &[], a_frame_on_every_page);
    let chromium = &[Engine::Chromium];
    tests.add("a_frame_on_a_phone", chromium, &[], a_frame_on_a_phone);
    tests.add(
        "a_conversation_of_a_frame",
        chromium,
        &[],
        a_conversation_of_a_frame,
    );
}

/// The documented policy of a page in frame mode.
const POLICY: &str = "default-src 'none'; img-src data:; script-src 'self' ASSETS; connect-src ASSETS; frame-src ASSETS; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// Opens a page under that policy whose frame serves pages of `origins`.
async fn visit(stage: &Stage, page: Page, origins: &[&str]) -> Result<()> {
    let config = stage.tenant(|_| {})?;
    let server = stage.emulator.url();
    stage.site.serve_frames(&config, server, origins)?;
    let page = Page {
        policy: Some(policy(stage, POLICY)),
        ..page
    };
    stage.visit_as(&page, |_| {}).await.map(drop)
}

async fn visit_own(stage: &Stage) -> Result<()> {
    visit(stage, Page::default(), &[stage.site.shop()]).await
}

/// Goes on in the frame, once it can be seen.
async fn enter(stage: &Stage) -> Result<()> {
    let frame = stage.widget().element("[part~=frame]").await?;
    Ok(frame.enter_frame().await?)
}

/// Goes on in the page.
async fn leave(stage: &Stage) -> Result<()> {
    Ok(stage.browser.driver()?.enter_default_frame().await?)
}

/// Opens the frame by the launcher and chats there: form, and a word each way.
async fn talks(stage: &Stage) -> Result<Agent> {
    stage.step("the visitor opens the frame and fills in the form");
    stage.widget().click_part("launcher").await?;
    enter(stage).await?;
    stage.fill_in_form().await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    stage.step("a word each way");
    anna.says("Hello Zoë").await?;
    let widget = stage.widget();
    widget.says("Hello Anna").await?;
    is_back(stage).await?;
    anna.until("the visitor's words", |chat| chat.times("Hello Anna") == 1)
        .await?;
    Ok(anna)
}

async fn a_frame_by_itself(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    talks(stage).await?;
    leave(stage).await?;
    stage.step("a reload: the frame is open again, with the chat");
    stage.browser.reload().await?;
    enter(stage).await?;
    is_back(stage).await?;
    stage.step("what the page's policy forbids later is no matter of the frame's");
    leave(stage).await?;
    let violation = "dispatchEvent(new SecurityPolicyViolationEvent('securitypolicyviolation', {
        blockedURI: document.querySelector('script[data-config]').src.replace(/[^/]*$/, ''),
        documentURI: location.href, effectiveDirective: 'frame-src', violatedDirective: 'frame-src',
        originalPolicy: '', disposition: 'enforce', statusCode: 200 }));
        complaints.pop();";
    stage.browser.run(violation, &[]).await?;
    stage.widget().element("[part~=frame]").await?;
    stage.step("what the page offers to open it with closes it, too");
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    is_hidden(stage).await?;
    widget.click_part("launcher").await?;
    enter(stage).await?;
    is_back(stage).await?;
    leave(stage).await?;
    complains_of_nothing_else(stage).await
}

async fn a_conversation_of_a_frame(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    talks(stage).await?;
    stage.step("the visitor copies the conversation, and saves it");
    let widget = stage.widget();
    widget.click_part("menu").await?;
    widget.click("[part~=save]").await?;
    widget.click("[data-action=copy]").await?;
    widget
        .until("to be told", |seen| {
            seen.dialog.contains("The conversation is copied.")
        })
        .await?;
    widget.click("[data-action=save-html]").await?;
    let (name, html) = stage.browser.downloaded_text(".html", "</html>\n").await?;
    ensure!(name.starts_with("Chat with us 20"), "{name}");
    for words in ["Hello Zoë", "Hello Anna", "<bdi>Anna</bdi>"] {
        ensure!(html.contains(words), "{words} is not in {html}");
    }
    leave(stage).await?;
    complains_of_nothing_else(stage).await
}

async fn a_frame_on_every_page(stage: &mut Stage) -> Result<()> {
    stage.step("a page without a policy, whose tenant wants a frame all the same");
    let config = stage.tenant(|_| {})?;
    let (server, shop) = (stage.emulator.url(), stage.site.shop());
    stage.site.serve_frames(&config, server, &[shop])?;
    stage.site.frame_every_page()?;
    stage.visit().await?;
    talks(stage).await?;
    leave(stage).await?;
    ensure!(
        !stage.widget().has("[part~=panel]").await?,
        "the panel is in the page"
    );
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}

async fn a_frame_by_the_keyboard(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    stage.step(
        "the visitor opens the frame, clicks into its first field and goes on by the keyboard",
    );
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    let [left, top, ..] = widget.measure("[part~=frame]").await?;
    enter(stage).await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    stage.browser.stands_still().await?;
    let [x, y, width, height] = widget.measure("[name=firstName]").await?;
    leave(stage).await?;
    let pointer = stage.browser.driver()?.action_chain();
    let [x, y] = [left + x + width / 2.0, top + y + height / 2.0].map(|place| place as i64);
    pointer.move_to(x, y).click().perform().await?;
    stage
        .browser
        .press(&["Zoë", &TAB.to_string(), "Ångström", &ENTER.to_string()].concat())
        .await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    stage.step("a word each way");
    anna.says("Hello Zoë").await?;
    enter(stage).await?;
    widget
        .until("the agent's words", |seen| {
            seen.focus == "input" && seen.says("agent", "Hello Zoë")
        })
        .await?;
    leave(stage).await?;
    stage.browser.press(&format!("Hello Anna{ENTER}")).await?;
    enter(stage).await?;
    is_back(stage).await?;
    leave(stage).await?;
    stage.step("Escape leads back to the page's launcher");
    stage.browser.press(&ESCAPE.to_string()).await?;
    is_closed_with_the_focus(stage).await?;
    complains_of_nothing_else(stage).await
}

/// Checks that the page complains of nothing but the attempt to run WebAssembly, which browsers report.
async fn complains_of_nothing_else(stage: &Stage) -> Result<()> {
    let mut complaints = stage.complaints().await?;
    complaints.retain(|words| !words.starts_with("script-src wasm-eval"));
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}

/// Waits until the frame cannot be seen.
async fn is_hidden(stage: &Stage) -> Result<()> {
    let script = "
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        const frame = host.shadowRoot.querySelector('iframe');
        return !frame.checkVisibility({visibilityProperty: true});";
    until("the frame to be hidden", async || {
        let hidden = stage.browser.run(script, &[]).await? == true;
        Ok(hidden.then_some(()))
    })
    .await
}

async fn a_frame_and_the_focus(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    let anna = talks(stage).await?;
    let widget = stage.widget();
    stage.step("Escape in the frame closes it, and the launcher has the focus");
    widget.types("I was just").await?;
    stage.browser.press(&ESCAPE.to_string()).await?;
    leave(stage).await?;
    is_closed_with_the_focus(stage).await?;
    stage.step("the launcher's badge counts what comes meanwhile");
    anna.says("Are you there?").await?;
    let seen = widget
        .until("the badge", |seen| seen.launcher.badge == "1")
        .await?;
    ensure!(
        seen.launcher.name.ends_with("(1)"),
        "a screen reader hears {}",
        seen.launcher.name
    );
    stage.step("opened by the keyboard, it has the focus in the composer");
    stage.browser.press(&ENTER.to_string()).await?;
    enter(stage).await?;
    widget
        .until("the composer", |seen| {
            seen.focus == "input" && seen.draft() == Some("I was just")
        })
        .await?;
    stage.step("its own button closes it, too");
    widget.click_part("close").await?;
    leave(stage).await?;
    is_closed_with_the_focus(stage).await?;
    let seen = widget.look().await?;
    ensure!(
        seen.is_some_and(|seen| seen.launcher.badge.is_empty()),
        "the badge stays"
    );
    complains_of_nothing_else(stage).await
}

async fn is_closed_with_the_focus(stage: &Stage) -> Result<()> {
    is_hidden(stage).await?;
    let closed = stage.widget().until("the focus on the launcher", |seen| {
        !seen.launcher.expanded && seen.focus == "launcher"
    });
    closed.await.map(drop)
}

async fn a_frame_s_secrets(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    talks(stage).await?;
    leave(stage).await?;
    stage.step("the page has nothing of the chat but a mark that there is one");
    let stored =
        "return [localStorage, sessionStorage].flatMap((storage) => Object.entries(storage))";
    let stored = stage.browser.run(stored, &[]).await?;
    let mark = json!([[format!("chat-live:{}/", stage.site.assets()), ""]]);
    ensure!(stored == mark, "the page has {stored}");
    stage.step("and cannot reach into the frame");
    let reach = "
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        const frame = host.shadowRoot.querySelector('iframe');
        if (frame.contentDocument) return 'its document';
        try { return Object.keys(frame.contentWindow.localStorage).join(); } catch { return ''; }";
    let reached = stage.browser.run(reach, &[]).await?;
    ensure!(reached == "", "the page reaches {reached}");
    Ok(())
}

async fn a_frame_for_other_pages(stage: &mut Stage) -> Result<()> {
    stage.step("the frame is for the pages of another origin");
    visit(stage, Page::default(), &["https://elsewhere.example"]).await?;
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    stage.step("the launcher says that there is no chat, and names the other ways of contact");
    widget
        .until("the message", |seen| seen.note.contains("cannot run here"))
        .await?;
    widget.element("a[href^='mailto:help@larkmoor']").await?;
    widget.element("a[href^='tel:']").await?;
    ensure!(!widget.has("iframe").await?, "the frame is still there");
    complains_of_nothing_else(stage).await
}

/// Opens the chat where the browser forbids its frame, and waits for the words and the other ways of contact. Returns how
/// long that took.
async fn is_told(stage: &Stage) -> Result<Duration> {
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    let since = Instant::now();
    widget
        .until("the message", |seen| seen.note.contains("cannot run here"))
        .await?;
    let took = since.elapsed();
    widget.element("a[href^='tel:']").await?;
    ensure!(!widget.has("iframe").await?, "the frame is still there");
    Ok(took)
}

/// Less than the loader waits for a host that does not answer.
const SOON: Duration = Duration::from_secs(10);

async fn a_frame_on_an_isolated_page(stage: &mut Stage) -> Result<()> {
    let isolated = || Page {
        headers: vec![
            ("cross-origin-embedder-policy", "require-corp"),
            ("cross-origin-opener-policy", "same-origin"),
        ],
        tag: "async=\"\" crossorigin=\"\"".into(),
        ..Page::default()
    };
    let shop = &[stage.site.shop()];
    stage.step("a host that says nothing of other origins: the visitor is told");
    visit(stage, isolated(), shop).await?;
    let took = is_told(stage).await?;
    // The other engines do not say that there will be no frame.
    let is_soon = stage.browser.engine() != Engine::Chromium || took < SOON;
    ensure!(is_soon, "it took {took:?}");
    stage.step("with the documented headers the frame is there");
    for (name, value) in [
        ("cross-origin-embedder-policy", "require-corp"),
        ("cross-origin-resource-policy", "cross-origin"),
    ] {
        stage.site.send_with_assets(name, value);
    }
    visit(stage, isolated(), shop).await?;
    stage.widget().click_part("launcher").await?;
    enter(stage).await?;
    stage
        .widget()
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    leave(stage).await?;
    complains_of_nothing_else(stage).await
}

async fn a_frame_that_may_not_be_framed(stage: &mut Stage) -> Result<()> {
    stage.step("the host of the files forbids every frame: the visitor is told soon");
    stage.site.send_with_assets("x-frame-options", "DENY");
    visit_own(stage).await?;
    let took = is_told(stage).await?;
    ensure!(took < SOON, "it took {took:?}");
    Ok(())
}

/// Sends the frame everything but the one message that it waits for, and collects what comes back.
const STRANGE: &str = "
const host = [...document.documentElement.children].find((element) => element.shadowRoot);
const frame = host.shadowRoot.querySelector('iframe');
window.answers = [];
const {port1, port2} = new MessageChannel();
port1.onmessage = ({data}) => window.answers.push(data);
const connect = {type: 'connect', locale: '', page: 'en', open: true};
for (const data of [null, 7, 'connect', {}, [], {type: 'call', id: 1, command: 'close', args: []},
    {type: 'close'}, connect]) frame.contentWindow.postMessage(data, '*');
frame.contentWindow.postMessage(connect, '*', [port2]);
for (const data of [null, 7, 'closed', {type: 'event', name: 'closed'}, {type: 'stopped'}])
    window.postMessage(data, '*');
";

/// A window beside the frame, which takes itself for the page.
const BESIDE: &str = "
const other = document.createElement('iframe');
document.body.append(other);
const host = [...document.documentElement.children].find((element) => element.shadowRoot);
const frame = host.shadowRoot.querySelector('iframe');
const {port1, port2} = new other.contentWindow.MessageChannel();
port1.onmessage = ({data}) => window.answers.push(data);
other.contentWindow.postMessage.call(frame.contentWindow,
    {type: 'connect', locale: '', page: 'en', open: true}, '*', [port2]);
";

async fn a_frame_and_strangers(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    let anna = talks(stage).await?;
    leave(stage).await?;
    stage.step("messages of other shapes, and of other windows, do nothing");
    stage.browser.run(STRANGE, &[]).await?;
    stage.browser.run(BESIDE, &[]).await?;
    anna.says("Still here?").await?;
    enter(stage).await?;
    let widget = stage.widget();
    widget
        .until("the words", |seen| {
            seen.open && seen.says("agent", "Still here?")
        })
        .await?;
    widget.says("Of course").await?;
    anna.until("the answer", |chat| chat.times("Of course") == 1)
        .await?;
    leave(stage).await?;
    let answers = stage.browser.run("return window.answers", &[]).await?;
    ensure!(answers == json!([]), "a stranger is told {answers}");
    complains_of_nothing_else(stage).await
}

async fn a_frame_that_is_removed(stage: &mut Stage) -> Result<()> {
    visit_own(stage).await?;
    let anna = talks(stage).await?;
    leave(stage).await?;
    stage.step("the page throws the widget out: it comes back, with the chat");
    let remove = "[...document.documentElement.children].find((e) => e.shadowRoot).remove()";
    stage.browser.run(remove, &[]).await?;
    enter(stage).await?;
    is_back(stage).await?;
    stage.widget().says("Here again").await?;
    anna.until("the words", |chat| chat.times("Here again") == 1)
        .await?;
    leave(stage).await?;
    stage.step("it can be closed and opened");
    stage.widget().click_part("launcher").await?;
    is_hidden(stage).await?;
    stage.widget().click_part("launcher").await?;
    enter(stage).await?;
    is_back(stage).await?;
    leave(stage).await?;
    complains_of_nothing_else(stage).await
}

async fn a_frame_on_a_phone(stage: &mut Stage) -> Result<()> {
    stage.browser.is_phone(true).await?;
    let page = Page {
        body: ["<main>", &"<p>Boots.</p>".repeat(200), "</main>"].concat(),
        ..Page::default()
    };
    visit(stage, page, &[stage.site.shop()]).await?;
    stage.widget().click_part("launcher").await?;
    stage.step("the frame covers the window, and the page behind it does not scroll");
    let window = "return [innerWidth, innerHeight]";
    let window: [f64; 2] = serde_json::from_value(stage.browser.run(window, &[]).await?)?;
    let [left, top, width, height] = stage.widget().measure("[part~=frame]").await?;
    ensure!(
        [left, top, width, height] == [0.0, 0.0, window[0], window[1]],
        "it stands at {left}, {top}, {width} × {height} of {window:?}"
    );
    let overflow = "return getComputedStyle(document.documentElement).overflowY";
    let overflow = async || -> Result<Value> { stage.browser.run(overflow, &[]).await };
    ensure!(overflow().await? == "hidden");
    stage.step("the panel in it covers the frame");
    enter(stage).await?;
    let widget = stage.widget();
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    stage.browser.stands_still().await?;
    let [.., width, height] = widget.measure("[part~=panel]").await?;
    ensure!(
        [width, height] == window,
        "the panel is {width} × {height} of {window:?}"
    );
    stage.step("closed, the page scrolls again");
    widget.click_part("close").await?;
    leave(stage).await?;
    is_hidden(stage).await?;
    ensure!(overflow().await? != "hidden");
    complains_of_nothing_else(stage).await
}
