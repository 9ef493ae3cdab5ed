//! What is kept and sent, and when: nothing before the visitor asks for a chat, no number that the tenant has
//! masked, no request without the headers that the page gives.

use anyhow::{Result, ensure};
use parlour_config::Config;
use parlour_e2e::{Agent, Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    tests.add("before_a_chat", all, &[], before_a_chat);
    tests.add("masked_numbers", all, &[], masked_numbers);
    tests.add("headers_of_the_page", all, &[], headers_of_the_page);
    // WebKit's driver cannot click in a frame of another origin.
    let two = &[Engine::Chromium, Engine::Firefox];
    tests.add("headers_in_a_frame", two, &[], headers_in_a_frame);
}

/// Lists what the page's origin has stored, and what was requested of the chat server.
const LOOK: &str = "
    const databases = indexedDB.databases ? await indexedDB.databases() : [];
    return {
        local: Object.keys(localStorage),
        session: Object.keys(sessionStorage),
        cookies: document.cookie,
        databases: databases.map(({ name }) => name),
        caches: await caches.keys(),
        requests: performance.getEntriesByType('resource').map(({ name }) => name)
            .filter((name) => name.startsWith(given[0])),
    };";

async fn look(stage: &Stage) -> Result<Value> {
    let server = json!(stage.emulator.url());
    stage.browser.run_async(LOOK, &[server]).await
}

async fn before_a_chat(stage: &mut Stage) -> Result<()> {
    let agreement = json!({
        "name": "agreed", "kind": "consent", "required": true, "role": { "user_data": "Agreed" },
        "label": { "en": "I agree that this conversation is stored." },
        "link": { "en": "/privacy" },
    });
    let agreement = serde_json::from_value(agreement)?;
    let nothing = json!({
        "local": [], "session": [], "cookies": "", "databases": [], "caches": [], "requests": [],
    });
    let widget = stage
        .visit_as(&Page::default(), |config| {
            config.form.fields.push(agreement)
        })
        .await?;
    stage.step("the page, and the open form");
    ensure!(look(stage).await? == nothing, "{}", look(stage).await?);
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    ensure!(look(stage).await? == nothing, "{}", look(stage).await?);
    stage.step("what is filled in, without the agreement");
    stage.fill_in_form().await?;
    widget.element("[name=agreed][aria-invalid=true]").await?;
    ensure!(look(stage).await? == nothing, "{}", look(stage).await?);
    ensure!(stage.desk.count().await? == 0, "a chat has begun");
    stage.step("with the agreement the form is kept, and the chat begins");
    widget.click("[name=agreed]").await?;
    let kept = until("the form to be kept", async || {
        let seen = look(stage).await?;
        Ok((seen["session"] != json!([])).then_some(seen))
    });
    let kept = kept.await?;
    ensure!(kept["local"] == json!([]), "{kept}");
    ensure!(kept["requests"] == json!([]), "{kept}");
    widget.click_part("submit").await?;
    stage.desk.chat(1).await?;
    let seen = until("the chat to be kept", async || {
        let seen = look(stage).await?;
        Ok((seen["local"] != json!([])).then_some(seen))
    });
    let seen = seen.await?;
    ensure!(seen["cookies"] == "", "{seen}");
    ensure!(seen["databases"] == json!([]), "{seen}");
    Ok(())
}

async fn masked_numbers(stage: &mut Stage) -> Result<()> {
    let masks = |config: &mut Config| config.privacy.mask.cards = true;
    let widget = stage.visit_as(&Page::default(), masks).await?;
    let anna = stage.talk().await?;
    stage.step("a card's number in the composer");
    widget.types("It is 4111 1111 1111 1111").await?;
    let note = widget.element(".mask-note:not(:empty)").await?;
    let words = "Card and account numbers are hidden before they are sent.";
    ensure!(note.text().await? == words, "{}", note.text().await?);
    stage.step("it is sent masked, and shown so");
    widget.click_part("send").await?;
    let masked = "It is **** **** **** 1111";
    anna.until("the message", |chat| chat.times(masked) == 1)
        .await?;
    widget
        .until("the message", |seen| seen.mine(masked, "sent"))
        .await?;
    widget.element(".mask-note:not(:empty)").await?;
    stage.step("nothing else of it is kept");
    let all = "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])";
    let kept = stage.browser.run(all, &[]).await?.to_string();
    ensure!(
        kept.contains("**** 1111") && !kept.contains("4111"),
        "{kept}"
    );
    stage.browser.reload().await?;
    widget
        .until("the message after a reload", |seen| {
            seen.mine(masked, "sent") && seen.said().len() == 1
        })
        .await?;
    Ok(())
}

/// Gives a token by its number, and notes what was asked.
const AUTHORIZE: &str = "
    window.asked = [];
    window.Parlour = window.Parlour || function () { (Parlour.q = Parlour.q || []).push(arguments); };
    Parlour('authorize', async ({ renew }) => {
        asked.push(renew);
        return { 'X-Site-Token': `token-${asked.length}` };
    });
    const own = window.fetch;
    window.sent = [];
    window.fetch = (request, ...more) => {
        const token = request instanceof Request && request.headers.get('x-site-token');
        sent.push([typeof request === 'string' ? request : request.url, token || null]);
        return own(request, ...more);
    };";

/// Opens a page that gives headers.
fn page(stage: &Stage) -> Page {
    let script = stage.site.script("authorize", AUTHORIZE);
    Page {
        head: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    }
}

async fn asked(stage: &Stage) -> Result<Value> {
    stage.browser.run("return window.asked", &[]).await
}

/// Has the chat begin although the server refuses the first token, and a message although it refuses the second.
async fn chats(stage: &Stage) -> Result<Agent> {
    let refuses = |operation: &str| json!({"operation": operation, "kind": "status", "status": 401, "count": 1});
    stage.desk.fault(refuses("requestChat")).await?;
    stage.fill_in_form().await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    let rule = stage.desk.fault(refuses("send")).await?;
    stage.widget().says("Hello Anna").await?;
    anna.until("the message", |chat| chat.times("Hello Anna") == 1)
        .await?;
    ensure!(stage.desk.struck(rule).await? == 1, "nothing was refused");
    Ok(anna)
}

async fn headers_of_the_page(stage: &mut Stage) -> Result<()> {
    stage.step("every request to the chat server has the token, and no other");
    let widget = stage.visit_as(&page(stage), |_| {}).await?;
    widget.click_part("launcher").await?;
    let anna = chats(stage).await?;
    let file = stage.file("torn.txt", b"a torn tent")?;
    widget.sends_file(&file).await?;
    anna.until("the file", |chat| chat.files.len() == 1).await?;
    ensure!(asked(stage).await? == json!([false, true, true]));
    let sent = stage.browser.run("return window.sent", &[]).await?;
    for request in sent.as_array().into_iter().flatten() {
        let is_chat = request[0]
            .as_str()
            .is_some_and(|url| url.starts_with(stage.emulator.url()));
        ensure!(is_chat == request[1].is_string(), "{request}");
    }
    stage.step("after a reload it is asked for before the chat goes on");
    stage.browser.reload().await?;
    widget
        .until("the chat to be back", |seen| {
            seen.mine("Hello Anna", "sent")
        })
        .await?;
    let first = until("a request to the chat server", async || {
        let sent = stage.browser.run("return window.sent", &[]).await?;
        let of_chat = |url: &Value| url.as_str().is_some_and(|url| url.contains("/genesys/"));
        let mut sent = sent.as_array().cloned().unwrap_or_default().into_iter();
        Ok(sent.find(|request| of_chat(&request[0])))
    });
    let first = first.await?;
    ensure!(first[1] == "token-1", "{first}");
    let kept = "return JSON.stringify([{ ...localStorage }, { ...sessionStorage }])";
    let kept = stage.browser.run(kept, &[]).await?.to_string();
    ensure!(!kept.contains("token-"), "{kept}");
    Ok(())
}

async fn headers_in_a_frame(stage: &mut Stage) -> Result<()> {
    let config = stage.tenant(|_| {})?;
    let (server, shop) = (stage.emulator.url(), stage.site.shop());
    stage.site.serve_frames(&config, server, &[shop])?;
    stage.site.frame_every_page()?;
    let widget = stage.visit_as(&page(stage), |_| {}).await?;
    widget.click_part("launcher").await?;
    let frame = widget.element("[part~=frame]").await?;
    frame.enter_frame().await?;
    chats(stage).await?;
    stage.browser.driver()?.enter_default_frame().await?;
    let asked = asked(stage).await?;
    ensure!(asked == json!([false, true, true]), "{asked}");
    Ok(())
}
