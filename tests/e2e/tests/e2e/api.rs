//! The page's API: a chat that the page's scripts lead, and every example of `docs/api.md`.

use anyhow::{Context as _, Result, bail, ensure};
use parlour_config::Dialect;
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

use crate::pages::hosts;

const DOCUMENTATION: &str = include_str!("../../../../docs/api.md");

/// The name of the packages' function, and the same in attributes and events.
const NAME: &str = "Parlour";
const ATTRIBUTE: &str = "parlour";

/// Notes every event, among listeners that throw.
const LISTEN: &str = "
    window.heard = [];
    window.thrown = 0;
    const fail = () => {
        window.thrown += 1;
        throw new Error('on purpose');
    };
    const [attribute, names] = [given[0], given[1]];
    for (const name of names) {
        document.addEventListener(`${attribute}:${name}`, fail);
        document.addEventListener(`${attribute}:${name}`, ({ detail }) => {
            if (name !== 'analytics') heard.push({ name, detail });
        });
        await window[given[2]]('on', name, fail);
    }
";

const EVENTS: [&str; 14] = [
    "ready",
    "opened",
    "closed",
    "chatStarted",
    "agentJoined",
    "agentLeft",
    "message",
    "typing",
    "fileReceived",
    "unreadChanged",
    "connectionChanged",
    "chatEnded",
    "error",
    "analytics",
];

pub(crate) fn add(tests: &mut Tests) {
    tests.add("the_page_s_api", &Engine::ALL, &[], the_page_s_api);
    tests.add("examples_of_the_api", &Engine::ALL, &[], examples);
    tests.add("the_chat_as_an_element", &Engine::ALL, &[], as_an_element);
    tests.add_for(
        "what_a_server_cannot",
        Dialect::Gws,
        &[Engine::Chromium],
        &[],
        what_a_server_cannot,
    );
}

/// Makes a call in the page. Fails as it rejects.
async fn call(stage: &Stage, words: Value) -> Result<Value> {
    let script = format!("return window.{NAME}(...given.slice(0, -1))");
    let words = words.as_array().context("words")?;
    let answer = stage.browser.run_async(&script, words).await;
    answer.with_context(|| format!("{words:?}"))
}

/// Makes a call that must be rejected. Returns the message.
async fn refusal(stage: &Stage, words: Value) -> Result<String> {
    match call(stage, words.clone()).await {
        Ok(value) => bail!("{words} was done: {value}"),
        Err(error) => Ok(format!("{error:#}")),
    }
}

async fn listen(stage: &Stage) -> Result<()> {
    let arguments = [json!(ATTRIBUTE), json!(EVENTS), json!(NAME)];
    stage.browser.run_async(LISTEN, &arguments).await?;
    Ok(())
}

/// Waits for an event, and returns its detail. What came before it is forgotten.
async fn hear(stage: &Stage, name: &str, test: impl Fn(&Value) -> bool) -> Result<Value> {
    let found = until(name, async || {
        let heard = stage.browser.run("return window.heard", &[]).await?;
        let heard = heard.as_array().cloned().unwrap_or_default();
        let at = heard
            .iter()
            .position(|event| event["name"] == name && test(&event["detail"]));
        Ok(at.map(|at| (at, heard[at]["detail"].clone())))
    })
    .await;
    let (at, detail) = match found {
        Ok(found) => found,
        Err(error) => {
            let heard = stage.browser.run("return window.heard", &[]).await?;
            return Err(error.context(format!("heard: {heard}")));
        }
    };
    let forget = "window.heard.splice(0, arguments[0] + 1)";
    stage.browser.run(forget, &[json!(at)]).await?;
    Ok(detail)
}

async fn the_page_s_api(stage: &mut Stage) -> Result<()> {
    let page = Page {
        tag: "async=\"\" data-prefill-email=\"zoe@shop.example\"".into(),
        ..Page::default()
    };
    let widget = stage.visit_as(&page, |_| {}).await?;
    listen(stage).await?;
    stage.step("what is said before the chat is loaded counts in it");
    call(stage, json!(["prefill", {"firstName": "Zoë"}])).await?;
    call(stage, json!(["setUserData", {"plan": "gold"}])).await?;
    let seen = widget.look().await?;
    ensure!(seen.is_some_and(|seen| !seen.mounted), "loaded too early");
    call(stage, json!(["open"])).await?;
    hear(stage, "opened", |_| true).await?;
    let seen = widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    let value = |name: &str| seen.field(name).map(|field| field.value.clone());
    ensure!(value("firstName").as_deref() == Some("Zoë"), "{seen:#?}");
    ensure!(
        value("email").as_deref() == Some("zoe@shop.example"),
        "{seen:#?}"
    );
    stage.step("a chat without the form needs its answers");
    let words = refusal(stage, json!(["startChat"])).await?;
    ensure!(words.contains("lastName"), "{words}");
    let words = refusal(stage, json!(["sendMessage", "too early"])).await?;
    ensure!(words.contains("there is no chat"), "{words}");
    stage.step("a chat begins");
    let answers = json!({"lastName": "Ångström", "userData": {"order": 17}});
    call(stage, json!(["startChat", answers])).await?;
    hear(stage, "chatStarted", |_| true).await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    let joined = hear(stage, "agentJoined", |_| true).await?;
    ensure!(
        joined == json!({"name": "Anna", "kind": "agent", "isBack": false}),
        "{joined}"
    );
    let data = stage.desk.read(&chat).await?.user_data;
    for (name, value) in [("plan", "gold"), ("order", "17"), ("Shop", "Larkmoor")] {
        ensure!(data[name] == value, "{data}");
    }
    stage.step("messages go both ways");
    widget.types("I was about to").await?;
    call(stage, json!(["sendMessage", "Hello from the page"])).await?;
    hear(stage, "message", |said| {
        said["from"]["kind"] == "visitor" && said["text"] == "Hello from the page"
    })
    .await?;
    widget
        .until("the message beside the draft", |seen| {
            seen.mine("Hello from the page", "sent") && seen.draft() == Some("I was about to")
        })
        .await?;
    call(stage, json!(["close"])).await?;
    anna.says("Hello from the desk").await?;
    let said = hear(stage, "message", |said| said["from"]["kind"] == "agent").await?;
    ensure!(
        said == json!({
            "from": {"name": "Anna", "kind": "agent"},
            "type": "text",
            "text": "Hello from the desk"
        }),
        "{said}"
    );
    hear(stage, "unreadChanged", |unread| unread["count"] == 1).await?;
    stage.step("a reload tells nothing anew");
    stage.browser.reload().await?;
    listen(stage).await?;
    call(stage, json!(["open"])).await?;
    widget
        .until("the chat again", |seen| {
            seen.says("agent", "Hello from the desk")
        })
        .await?;
    call(stage, json!(["getTranscript"])).await?;
    let heard = stage.browser.run("return window.heard", &[]).await?;
    for old in ["chatStarted", "agentJoined", "message"] {
        let told = heard.as_array().into_iter().flatten();
        ensure!(told.clone().all(|event| event["name"] != old), "{heard}");
    }
    stage.step("hold and transfer");
    anna.holds().await?;
    let left = hear(stage, "agentLeft", |_| true).await?;
    ensure!(
        left == json!({"reason": "HOLD", "name": "Anna", "kind": "agent"}),
        "{left}"
    );
    anna.returns().await?;
    hear(stage, "agentJoined", |joined| joined["isBack"] == true).await?;
    anna.begins_transfer().await?;
    hear(stage, "agentLeft", |left| left["reason"] == "TRANSFER").await?;
    let ben = stage.desk.join(&chat, "Ben").await?;
    hear(stage, "agentJoined", |joined| joined["name"] == "Ben").await?;
    ben.leaves().await?;
    hear(stage, "agentLeft", |left| left["reason"] == "LEFT").await?;
    let lines = call(stage, json!(["getTranscript"])).await?;
    let said = |line: &&Value| line["type"] == "message";
    let count = lines
        .as_array()
        .map(|lines| lines.iter().filter(said).count());
    ensure!(count == Some(2), "{lines}");
    stage.step("what support gets to see has the requests, and nothing of what was said, by whom and where");
    let diagnostics = call(stage, json!(["getDiagnostics"])).await?;
    let steps = diagnostics["steps"].as_array().into_iter().flatten();
    let answered = steps.filter(|step| step["step"] == "request" && step["status"] == 200);
    ensure!(answered.count() > 2, "{diagnostics}");
    let words = diagnostics.to_string();
    for secret in ["Hello", "Anna", "Zoë", "Lovelace", chat.as_str()] {
        ensure!(!words.contains(secret), "{secret} is in {words}");
    }
    stage.step("the end");
    call(stage, json!(["endChat"])).await?;
    hear(stage, "chatEnded", |end| end["reason"] == "byVisitor").await?;
    let state = call(stage, json!(["getState"])).await?;
    ensure!(state["phase"] == "ended", "{state}");
    call(stage, json!(["destroy"])).await?;
    let thrown = stage.browser.run("return window.thrown", &[]).await?;
    let complaints = stage.complaints().await?;
    // Firefox reports fewer of them.
    let most = usize::try_from(thrown.as_u64().unwrap_or_default())?;
    ensure!(
        complaints.len() <= most,
        "{most} by the page, all: {complaints:?}"
    );
    Ok(())
}

async fn examples(stage: &mut Stage) -> Result<()> {
    stage.site.text("chat-token", "t-1");
    stage.visit().await?;
    let mut count = 0;
    for block in DOCUMENTATION.split("\n```js\n").skip(1) {
        let (code, _) = block.split_once("\n```").context("an open block")?;
        stage.step(code);
        stage.browser.run_async(code, &[]).await?;
        count += 1;
    }
    ensure!(count > 20, "only {count} examples");
    let complaints = stage.complaints().await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    stage.step("what they have done is seen at the desk");
    let chat = stage.desk.chat(1).await?;
    let data = stage.desk.read(&chat).await?.user_data;
    for (name, value) in [("plan", "gold"), ("cartItems", "3"), ("order", "2026-117")] {
        ensure!(data[name] == value, "{data}");
    }
    Ok(())
}

/// The element of the documentation, on a page without the tag.
async fn as_an_element(stage: &mut Stage) -> Result<()> {
    stage.site.configure_package(&stage.tenant(|_| {})?)?;
    let (_, section) = DOCUMENTATION
        .split_once("## The element")
        .context("no section")?;
    let (_, html) = section.split_once("```html\n").context("no example")?;
    let (html, _) = html.split_once("```").context("an open block")?;
    let (assets, server) = (stage.site.assets(), stage.emulator.url());
    let element = html
        .replace("https://assets.example/acme", assets)
        .replace("<script", "<script nonce=\"bG9vcw\"");
    // What it fetches needs no nonce, and it assigns nothing that Trusted Types refuse.
    let policy = format!(
        "default-src 'none'; img-src data:; script-src 'nonce-bG9vcw' 'strict-dynamic' 'wasm-unsafe-eval'; \
         connect-src {assets} {server}; require-trusted-types-for 'script'; trusted-types 'none'"
    );
    let page = Page {
        body: format!("<main><h1>Larkmoor</h1>{element}</main>"),
        tags: 0,
        policy: Some(policy),
        nonce: Some("bG9vcw".into()),
        ..Page::default()
    };
    stage.step("the element opens the panel, and the form has its answer");
    let widget = stage.visit_as(&page, |_| {}).await?;
    let seen = widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    let email = seen.field("email").map(|field| field.value.clone());
    ensure!(email.as_deref() == Some("ada@shop.example"), "{seen:#?}");
    let isolated = "return document.activeElement === document.body";
    ensure!(
        stage.browser.run(isolated, &[]).await? == true,
        "the focus has moved"
    );
    stage.step("it tells of the chat");
    let listen = "
        window.heard = [];
        const element = document.querySelector('parlour-chat');
        for (const name of ['chatStarted', 'agentJoined', 'message', 'closed'])
            element.addEventListener(name, ({ detail }) => heard.push({ name, detail }));
    ";
    stage.browser.run(listen, &[]).await?;
    stage.fill_in_form().await?;
    hear(stage, "chatStarted", |_| true).await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;
    hear(stage, "agentJoined", |joined| joined["name"] == "Anna").await?;
    anna.says("Hello").await?;
    hear(stage, "message", |said| said["text"] == "Hello").await?;
    stage.step("its attribute closes the panel");
    stage
        .browser
        .run("document.querySelector('parlour-chat').open = false", &[])
        .await?;
    hear(stage, "closed", |_| true).await?;
    widget.until("the launcher", |seen| !seen.open).await?;
    stage.step("without the element there is no chat; with it, the chat goes on");
    stage
        .browser
        .run(
            "window.kept = document.querySelector('parlour-chat'); kept.remove()",
            &[],
        )
        .await?;
    until("the widget to go", async || {
        Ok((hosts(stage).await? == 0).then_some(()))
    })
    .await?;
    stage
        .browser
        .run("kept.open = true; document.body.append(kept)", &[])
        .await?;
    widget
        .until("the chat again", |seen| {
            seen.open && seen.says("agent", "Hello")
        })
        .await?;
    let complaints = stage.complaints().await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    Ok(())
}

/// Makes a call that must be rejected in the page. Returns the error's code and its message.
const REFUSED: &str = "
    const words = given[1] === 'sendFile' ? [given[1], new File(['x'], 'x.txt')] : given.slice(1, -1);
    try {
        await window[given[0]](...words);
    } catch (error) {
        return { code: error.code, message: error.message };
    }
    return {};
";

/// GWS knows messages and little else: every other command says so, and the chat goes on.
async fn what_a_server_cannot(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let answers = json!({"firstName": "Zoë", "lastName": "Ångström"});
    call(stage, json!(["startChat", answers])).await?;
    let state = call(stage, json!(["getState"])).await?;
    for (command, argument) in [
        ("sendFile", json!(null)),
        ("pushUrl", json!("https://shop.example/")),
        ("customNotice", json!({"message": "hello"})),
        ("setNickname", json!("Mia")),
    ] {
        stage.step(command);
        ensure!(state["can"][command] == false, "{state}");
        let given = [json!(NAME), json!(command), argument];
        let refused = stage.browser.run_async(REFUSED, &given).await?;
        ensure!(refused["code"] == "notOffered", "{command}: {refused}");
        let message = refused["message"].as_str().unwrap_or_default();
        ensure!(
            message.starts_with(&format!("{command}: ")),
            "{command}: {refused}"
        );
    }
    stage.step("what it does not take now is kept for the next chat");
    let kept = call(stage, json!(["setUserData", {"plan": "gold"}])).await?;
    ensure!(kept["isSent"] == false, "{kept}");
    call(stage, json!(["sendMessage", "Still here"])).await?;
    let complaints = stage.complaints().await?;
    ensure!(complaints.is_empty(), "{complaints:?}");
    Ok(())
}
