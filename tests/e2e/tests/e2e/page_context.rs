//! What the contact centre is told of the page, where the tenant's file asks for it. The sample's package that does.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};

use crate::closed::CLOCK;

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add(
        "what_is_told_of_the_page",
        chromium,
        &[],
        what_is_told_of_the_page,
    );
}

/// A Monday afternoon in Dubai.
const OPEN: &str = "2026-06-08T10:00:00Z";

/// Shows another path of the page, as routers do.
const GO: &str = "history.pushState(null, '', arguments[0]); document.title = arguments[1];";

async fn what_is_told_of_the_page(stage: &mut Stage) -> Result<()> {
    let site = stage.sample_site("noor")?;
    let before = Page {
        tags: 0,
        ..Page::default()
    };
    let clock = site.script("clock", &CLOCK.replace("INSTANT", OPEN));
    let page = Page {
        head: format!("<script src=\"{clock}\"></script>"),
        ..Page::default()
    };
    let before = site.page(&before, "{}");
    let page = site.page(&page, &stage.tenant(|_| {})?);
    let go =
        async |path: &str, title: &str| stage.browser.run(GO, &[path.into(), title.into()]).await;

    stage.step("a page leads to another, which shows a lamp: the visitor asks for a chat there");
    stage
        .browser
        .open(&format!("{before}?token=secret&utm_source=mail#top"))
        .await?;
    let next = format!("{page}?token=secret");
    stage
        .browser
        .run("location.assign(arguments[0])", &[next.into()])
        .await?;
    until("the next page", async || {
        let there =
            "return document.readyState === 'complete' && location.href.startsWith(arguments[0])";
        let there = stage.browser.run(there, &[page.as_str().into()]).await?;
        Ok((there == true).then_some(()))
    })
    .await?;
    let shop = site.shop();
    go(
        "/lamps/brass?token=secret&utm_source=ad#order-7",
        "A brass lamp",
    )
    .await?;
    let anna = stage.talk().await?;
    let data = anna.chat().await?.user_data;
    for (name, value) in [
        ("PageUrl", format!("{shop}/lamps/brass?utm_source=ad")),
        ("PageTitle", "A brass lamp".into()),
        ("Referrer", format!("{before}?utm_source=mail")),
        ("Shop", "Larkmoor".into()),
    ] {
        ensure!(data[name] == value, "{name} is not {value}: {data}");
    }
    ensure!(!data.to_string().contains("secret"), "it is told {data}");

    stage.step("the page shows another path during the chat: the agent is told");
    go("/help?token=secret#top", "Help").await?;
    let chat = anna
        .until("the other page", |chat| {
            chat.user_data["PageUrl"] == format!("{shop}/help")
        })
        .await?;
    ensure!(chat.user_data["PageTitle"] == "Help", "{}", chat.user_data);
    ensure!(
        chat.user_data["Referrer"] == data["Referrer"],
        "{}",
        chat.user_data
    );

    stage.step("the page has nothing to complain about");
    let complaints = stage.complaints().await?;
    ensure!(complaints.is_empty(), "it complains of {complaints:?}");
    Ok(())
}
