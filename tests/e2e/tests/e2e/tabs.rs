//! One visitor with the site open in three tabs.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Engine, Page, Seen, Stage, Tests, until};
use serde_json::json;
use thirtyfour::WindowHandle;

pub(crate) fn add(tests: &mut Tests) {
    tests.add("three_tabs", &Engine::ALL, &[], three_tabs);
    tests.add("tabs_that_end", &Engine::ALL, &[], tabs_that_end);
    tests.add(
        "tabs_without_locks_and_channels",
        &Engine::ALL,
        &[],
        tabs_without_locks_and_channels,
    );
}

/// Counts how often a page asks for news, where the other tabs see it, too.
const COUNT: &str = "
window.tab = Math.random().toString(36);
const fetch_ = window.fetch;
window.fetch = function (...words) {
    if (String(words[0]?.url ?? words[0]).endsWith('/refresh')) {
        const key = 'polls of ' + window.tab;
        localStorage.setItem(key, 1 + Number(localStorage.getItem(key)));
        localStorage.setItem('asked at', Date.now());
    }
    return fetch_.apply(this, words);
};
window.addEventListener('pagehide', () => localStorage.setItem('gone at', Date.now()));";

/// An old browser, or a site without https.
const LACKS: &str = "
Object.defineProperty(Navigator.prototype, 'locks', {get: () => undefined});
delete window.BroadcastChannel;";

/// The tabs of one browser.
struct Tabs<'a> {
    stage: &'a Stage,
    handles: Vec<WindowHandle>,
}

impl<'a> Tabs<'a> {
    /// Opens the site in so many tabs.
    async fn open(stage: &'a Stage, count: usize, scripts: &[&str]) -> Result<Self> {
        let source = scripts.concat();
        let script = stage.site.script("tabs", &source);
        let page = Page {
            head: format!("<script src=\"{script}\"></script>"),
            ..Page::default()
        };
        let driver = stage.browser.driver()?;
        let mut handles = vec![driver.window().await?];
        for number in 0..count {
            if number > 0 {
                handles.push(driver.new_tab().await?);
            }
            driver.switch_to_window(handles[number].clone()).await?;
            stage.visit_as(&page, |_| {}).await?;
        }
        Ok(Self { stage, handles })
    }

    async fn go_to(&self, number: usize) -> Result<()> {
        let handle = self.handles.get(number).context("no such tab")?.clone();
        Ok(self
            .stage
            .browser
            .driver()?
            .switch_to_window(handle)
            .await?)
    }

    /// Waits until each tab looks as `test` wants it.
    async fn all_until(&self, what: &str, test: impl Fn(&Seen) -> bool) -> Result<()> {
        for number in 0..self.handles.len() {
            self.go_to(number).await?;
            let what = format!("{what} in tab {number}");
            self.stage.widget().until(&what, &test).await?;
        }
        Ok(())
    }

    /// Tells how often each tab has asked for news. Looks from the tab that is shown.
    async fn polls(&self, names: &[String]) -> Result<Vec<u64>> {
        let script =
            "return arguments[0].map((tab) => Number(localStorage.getItem('polls of ' + tab)))";
        let polls = self.stage.browser.run(script, &[json!(names)]).await?;
        Ok(serde_json::from_value(polls)?)
    }

    /// Waits until the tabs that ask for news are so many, in a few looks in a row. Returns them.
    async fn polling(&self, wanted: usize) -> Result<Vec<usize>> {
        let mut names = Vec::new();
        for number in 0..self.handles.len() {
            self.go_to(number).await?;
            let name = self.stage.browser.run("return window.tab", &[]).await?;
            names.push(name.as_str().context("no name")?.to_owned());
        }
        let mut before = self.polls(&names).await?;
        let mut last = Vec::new();
        until(&format!("{wanted} tabs to ask for news"), async || {
            let now = self.polls(&names).await?;
            let grown = |number: &usize| now.get(*number) > before.get(*number);
            let asking: Vec<usize> = (0..names.len()).filter(grown).collect();
            // Each has had the time to ask a few times.
            let enough = now.iter().sum::<u64>() >= before.iter().sum::<u64>() + 10;
            if !enough {
                return Ok(None);
            }
            let settled = asking.len() == wanted && asking == last;
            before.clone_from(&now);
            last.clone_from(&asking);
            Ok(settled.then_some(asking))
        })
        .await
    }

    async fn close(&mut self, number: usize) -> Result<()> {
        self.go_to(number).await?;
        self.stage.browser.driver()?.close_window().await?;
        self.handles.remove(number);
        Ok(())
    }
}

/// Says something in each tab; it appears once in all of them and once at the desk.
async fn each_says(tabs: &Tabs<'_>, anna: &Agent, words: &str) -> Result<()> {
    for number in 0..tabs.handles.len() {
        tabs.go_to(number).await?;
        let words = format!("{words} {number}");
        tabs.stage.widget().says(&words).await?;
        tabs.all_until("it to be sent", |seen| seen.mine(&words, "sent"))
            .await?;
        ensure!(anna.chat().await?.times(&words) == 1, "{words} came twice");
    }
    Ok(())
}

async fn opened(stage: &Stage) -> Result<()> {
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    Ok(())
}

async fn three_tabs(stage: &mut Stage) -> Result<()> {
    stage.step("three tabs, two of them with the form open");
    let mut tabs = Tabs::open(stage, 3, &[COUNT]).await?;
    for number in [1, 2] {
        tabs.go_to(number).await?;
        opened(stage).await?;
    }
    stage.step("a chat begun in the first turns up in the others");
    tabs.go_to(0).await?;
    let anna = stage.talk().await?;
    tabs.all_until("the chat", |seen| {
        seen.form.is_none() && seen.line("system", "Anna joined the chat").is_some()
    })
    .await?;
    ensure!(stage.desk.count().await? == 1, "a second chat began");

    stage.step("what anybody says is in all tabs, once");
    anna.says("Hello Zoë").await?;
    tabs.all_until("the agent's words", |seen| seen.says("agent", "Hello Zoë"))
        .await?;
    each_says(&tabs, &anna, "Hello from tab").await?;

    stage.step("the tab that leads is closed while it sends");
    let leader = tabs.polling(1).await?[0];
    tabs.go_to(leader).await?;
    let slow = stage
        .desk
        .fault(json!({"operation": "send", "kind": "delay", "for": "2s", "count": 1}))
        .await?;
    stage.widget().says("Wait for me").await?;
    until("it to leave", async || {
        Ok((stage.desk.struck(slow).await? > 0).then_some(()))
    })
    .await?;
    tabs.close(leader).await?;
    tabs.go_to(0).await?;
    let waited = until("the next tab to ask for news", async || {
        // What a closing tab has stored may take a moment to be seen by the others.
        let script = "
            const gone = localStorage.getItem('gone at');
            return gone === null ? -1 : localStorage.getItem('asked at') - gone";
        let waited = stage.browser.run(script, &[]).await?.as_i64();
        Ok(waited.filter(|waited| *waited >= 0))
    })
    .await?;
    ensure!(waited < 2_000, "nobody led for {waited} ms");
    tabs.all_until("it to be sent", |seen| seen.mine("Wait for me", "sent"))
        .await?;
    each_says(&tabs, &anna, "Hello again").await?;
    ensure!(
        anna.chat().await?.times("Wait for me") == 1,
        "it came twice"
    );
    ensure!(tabs.polling(1).await?.len() == 1);

    stage.step("a tab that is loaded anew is as it was");
    tabs.go_to(0).await?;
    stage.widget().types("Half a").await?;
    stage.browser.reload().await?;
    stage
        .widget()
        .until("the chat to be back", |seen| {
            seen.open && seen.mine("Wait for me", "sent") && seen.draft() == Some("Half a")
        })
        .await?;
    Ok(())
}

async fn tabs_that_end(stage: &mut Stage) -> Result<()> {
    stage.step("a chat in two tabs");
    let tabs = Tabs::open(stage, 2, &[COUNT]).await?;
    tabs.go_to(1).await?;
    opened(stage).await?;
    tabs.go_to(0).await?;
    stage.talk().await?;
    tabs.all_until("the chat", |seen| seen.composer.is_some())
        .await?;
    stage.step("the visitor ends it in the second");
    let widget = stage.widget();
    widget.click_part("menu").await?;
    widget.click_part("end").await?;
    widget.click("[data-action=confirm]").await?;
    widget
        .until("the end", |seen| {
            seen.ended && seen.line("system", "You ended the chat.").is_some()
        })
        .await?;
    tabs.go_to(0).await?;
    widget
        .until("the end", |seen| {
            seen.ended
                && seen
                    .line("system", "You ended the chat in another tab or window.")
                    .is_some()
        })
        .await?;
    Ok(())
}

async fn tabs_without_locks_and_channels(stage: &mut Stage) -> Result<()> {
    stage.step("a chat in a browser that has neither locks nor channels");
    let tabs = Tabs::open(stage, 1, &[COUNT, LACKS]).await?;
    let anna = stage.talk().await?;
    stage.step("goes on in two more tabs, each of which asks for itself");
    let first = tabs.handles[0].clone();
    let driver = stage.browser.driver()?;
    let script = stage.site.script("tabs", &[COUNT, LACKS].concat());
    let page = Page {
        head: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    };
    let mut handles = vec![first];
    for _ in 0..2 {
        // WebKit's WebDriver leaves a new tab in the background, where no transition goes on; a window is shown.
        let tab = driver.new_window().await?;
        driver.switch_to_window(tab.clone()).await?;
        stage.visit_as(&page, |_| {}).await?;
        handles.push(tab);
    }
    let tabs = Tabs { stage, handles };
    for number in 1..3 {
        // The chat is there by itself; the panel was never opened in this tab.
        tabs.go_to(number).await?;
        let widget = stage.widget();
        widget.click_part("launcher").await?;
        widget
            .until("the chat", |seen| seen.open && seen.composer.is_some())
            .await?;
    }
    each_says(&tabs, &anna, "Hello from tab").await?;
    tabs.polling(3).await?;
    Ok(())
}
