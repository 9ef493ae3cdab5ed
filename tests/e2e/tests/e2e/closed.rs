//! What a site owner rules without code: where the launcher stands, and what there is when nobody answers. The
//! sample's package, whose chat runs in a frame on every page.

use anyhow::{Result, ensure};
use parlour_config::Dialect;
use parlour_e2e::{Engine, Page, Site, Stage, Tests, until};
use serde_json::{Value, json};

use crate::access::{Look, wrong_in};
use crate::keys::{ENTER, ESCAPE};

pub(crate) fn add(tests: &mut Tests) {
    let all = &Engine::ALL;
    tests.add("a_message_when_closed", all, &[], a_message_when_closed);
    tests.add(
        "a_launcher_hidden_on_a_path",
        all,
        &[],
        a_launcher_hidden_on_a_path,
    );
    let chromium = &[Engine::Chromium];
    tests.add(
        "axe_on_the_form_for_messages",
        chromium,
        &[],
        axe_on_the_form_for_messages,
    );
}

/// A Saturday: the bank is closed.
const CLOSED: &str = "2026-06-06T10:00:00Z";
/// A Friday morning.
const OPEN: &str = "2026-06-05T07:00:00Z";

/// Sets the page's clock.
pub(crate) const CLOCK: &str = "
    const ahead = Date.parse('INSTANT') - Date.now();
    const Real = Date;
    window.Date = class extends Real {
        constructor(...values) { super(...(values.length ? values : [Real.now() + ahead])); }
        static now() { return Real.now() + ahead; }
    };";

/// Opens a page of the sample's at an instant.
async fn visit(stage: &Stage, site: &Site, instant: &str) -> Result<()> {
    let clock = site.script("clock", &CLOCK.replace("INSTANT", instant));
    let page = Page {
        head: format!("<script src=\"{clock}\"></script>"),
        ..Page::default()
    };
    // The frame has a configuration of its own.
    stage.browser.open(&site.page(&page, "{}")).await
}

async fn a_message_when_closed(stage: &mut Stage) -> Result<()> {
    let site = stage.sample_site("meridian")?;
    visit(stage, &site, CLOSED).await?;
    let widget = stage.widget();
    stage.step("the launcher opens a form for messages, and nothing of a chat is fetched");
    widget.click_part("launcher").await?;
    widget.element(".leave[open]").await?;
    let fetched = site.fetched();
    ensure!(
        !fetched
            .iter()
            .any(|path| path.starts_with("/chat-") || path.ends_with("frame.html")),
        "it fetches {fetched:?}"
    );
    stage.step("an incomplete message is not sent");
    widget.click(".leave [type=submit]").await?;
    until("the focus on what is missing", async || {
        Ok((focus(stage).await? == "name").then_some(()))
    })
    .await?;
    stage.browser.press(&format!("Zoë{ENTER}")).await?;
    until("the focus on what is missing next", async || {
        Ok((focus(stage).await? == "email").then_some(()))
    })
    .await?;
    for (name, words) in [
        ("email", "zoe@mail.example"),
        ("message", "Please call me back."),
    ] {
        widget
            .element(&format!(".leave [name={name}]"))
            .await?
            .send_keys(words)
            .await?;
    }
    stage.step("the site does not take it: nothing is lost");
    widget.click(".leave [type=submit]").await?;
    widget.element(".leave[data-state=failed] .alert").await?;
    ensure!(site.messages().is_empty(), "it was taken");
    stage.step("the site takes it at the second try");
    site.take_messages();
    widget.click(".leave [type=submit]").await?;
    widget.element(".leave[data-state=sent]").await?;
    let messages = site.messages();
    let [message] = messages.as_slice() else {
        anyhow::bail!("the site has {messages:?}");
    };
    let mut message: Value = serde_json::from_str(message)?;
    let id = message["id"].take();
    ensure!(
        id.as_str().is_some_and(|id| id.len() == 32),
        "its id is {id}"
    );
    let page = message["page"].take();
    ensure!(
        page.as_str()
            .is_some_and(|page| page.starts_with(site.shop())),
        "it comes from {page}"
    );
    ensure!(
        message
            == json!({ "id": null, "page": null, "name": "Zoë", "email": "zoe@mail.example",
                "message": "Please call me back.", "website": "", "locale": "en" }),
        "the message is {message}"
    );
    stage.step("Escape leads back to the launcher");
    stage.browser.press(&ESCAPE.to_string()).await?;
    until("the panel to close", async || {
        Ok((!widget.has(".leave[open]").await? && focus(stage).await? == "launcher").then_some(()))
    })
    .await?;
    complains_of_nothing(stage).await
}

async fn a_launcher_hidden_on_a_path(stage: &mut Stage) -> Result<()> {
    let site = stage.sample_site("meridian")?;
    // The sample's module speaks the dialect of its own file.
    let config = stage.tenant(|config| config.server.dialect = Dialect::Gws)?;
    site.serve_frames(&config, stage.emulator.url(), &[site.shop()])?;
    visit(stage, &site, OPEN).await?;
    let widget = stage.widget();
    stage.step("the page goes to a path where the launcher is hidden, and back");
    is_seen(stage, "launcher", true).await?;
    go(stage, "/banking/transfer").await?;
    is_seen(stage, "launcher", false).await?;
    go(stage, "/").await?;
    is_seen(stage, "launcher", true).await?;
    stage.step("it is open: the launcher opens the chat's frame, and on the path it stays hidden");
    widget.click_part("launcher").await?;
    is_seen(stage, "frame", true).await?;
    widget.click_part("launcher").await?;
    go(stage, "/login").await?;
    is_seen(stage, "launcher", false).await?;
    complains_of_nothing(stage).await
}

/// axe on the form as it comes, with mistakes, and when a message could not be sent.
async fn axe_on_the_form_for_messages(stage: &mut Stage) -> Result<()> {
    let axe = stage.npm("axe-core/axe.min.js")?;
    let mut wrong = Vec::new();
    let site = stage.sample_site("meridian")?;
    visit(stage, &site, CLOSED).await?;
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    widget.element(".leave[open]").await?;
    stage.step("axe on the form");
    wrong.extend(wrong_in(stage, &axe, &stage.last_step(), Look::ALL).await?);
    stage.step("axe on its mistakes");
    widget.click(".leave [type=submit]").await?;
    widget.element(".leave [aria-invalid]").await?;
    wrong.extend(wrong_in(stage, &axe, &stage.last_step(), Look::ALL).await?);
    stage.step("axe on a message that is not sent");
    for (name, words) in [
        ("name", "Zoë"),
        ("email", "zoe@mail.example"),
        ("message", "Hello"),
    ] {
        widget
            .element(&format!(".leave [name={name}]"))
            .await?
            .send_keys(words)
            .await?;
    }
    widget.click(".leave [type=submit]").await?;
    widget.element(".leave[data-state=failed] .alert").await?;
    wrong.extend(wrong_in(stage, &axe, &stage.last_step(), Look::ALL).await?);
    stage.step("axe on one that is");
    site.take_messages();
    widget.click(".leave [type=submit]").await?;
    widget.element(".leave[data-state=sent]").await?;
    wrong.extend(wrong_in(stage, &axe, &stage.last_step(), Look::ALL).await?);
    ensure!(wrong.is_empty(), "axe finds\n{}", wrong.join("\n"));
    Ok(())
}

/// Changes the path as a router does.
async fn go(stage: &Stage, path: &str) -> Result<()> {
    let script = "history.pushState(null, '', arguments[0]); document.title = arguments[0];";
    stage.browser.run(script, &[path.into()]).await.map(drop)
}

/// Waits until a part of the widget is, or is not, to be seen.
async fn is_seen(stage: &Stage, part: &str, wish: bool) -> Result<()> {
    let script = "
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        const part = host && host.shadowRoot.querySelector(`[part~=${arguments[0]}]`);
        return Boolean(part && part.checkVisibility({visibilityProperty: true}));";
    let what = format!("{part}: seen {wish}");
    until(&what, async || {
        let seen = stage.browser.run(script, &[part.into()]).await? == true;
        Ok((seen == wish).then_some(()))
    })
    .await
}

/// Tells the name, or else the part, of what has the focus in the widget.
async fn focus(stage: &Stage) -> Result<String> {
    let script = "
        const host = [...document.documentElement.children].find((element) => element.shadowRoot);
        const focused = host.shadowRoot.activeElement;
        return focused ? focused.getAttribute('name') || focused.getAttribute('part') || '' : '';";
    let focused = stage.browser.run(script, &[]).await?;
    Ok(focused.as_str().unwrap_or_default().to_owned())
}

async fn complains_of_nothing(stage: &Stage) -> Result<()> {
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}
