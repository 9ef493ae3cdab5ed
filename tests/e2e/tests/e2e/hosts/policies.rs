//! Pages whose Content Security Policy allows what the documentation names, and no more.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};

use super::{chats_on, complains_of_nothing};

/// A policy of a page that includes the widget: what stands before the documented lines, and those.
struct Policy {
    name: &'static str,
    nonce: Option<&'static str>,
    /// With `ASSETS` and `SERVER` for the two origins.
    lines: &'static str,
}

/// `img-src data:` is for the pages' own icon.
const POLICIES: [Policy; 3] = [
    Policy {
        name: "a_policy_of_the_documented_sources",
        nonce: None,
        lines: "default-src 'none'; img-src data:; script-src 'self' ASSETS 'wasm-unsafe-eval'; \
                connect-src ASSETS SERVER",
    },
    Policy {
        name: "a_nonce_with_strict_dynamic",
        nonce: Some("bG9vcw"),
        lines: "default-src 'none'; img-src data:; script-src 'nonce-bG9vcw' 'strict-dynamic' 'wasm-unsafe-eval'; \
                connect-src ASSETS SERVER; base-uri 'none'",
    },
    Policy {
        name: "no_trusted_types",
        nonce: None,
        lines: "require-trusted-types-for 'script'; trusted-types 'none'",
    },
];

pub(crate) fn add(tests: &mut Tests) {
    for Policy { name, nonce, lines } in POLICIES {
        tests.add(name, &Engine::ALL, &[], async move |stage: &mut Stage| {
            let page = Page {
                policy: Some(policy(stage, lines)),
                nonce: nonce.map(str::to_owned),
                ..Page::default()
            };
            chats_on(stage, &page).await
        });
    }
    let (name, engines) = ("what_fails_without_a_source", &Engine::ALL);
    tests.add(name, engines, &[], what_fails_without_a_source);
}

/// Writes a policy for this page, assets' host and server.
pub(crate) fn policy(stage: &Stage, lines: &str) -> String {
    lines
        .replace("ASSETS", stage.site.assets())
        .replace("SERVER", stage.emulator.url())
}

async fn visit(stage: &Stage, lines: &str) -> Result<()> {
    let page = Page {
        policy: Some(policy(stage, lines)),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await.map(drop)
}

async fn what_fails_without_a_source(stage: &mut Stage) -> Result<()> {
    let widget = stage.widget();
    stage.step(
        "the assets are no source of scripts: there is no launcher, and the browser says why",
    );
    visit(stage, "script-src 'self'; connect-src ASSETS SERVER").await?;
    ensure!(widget.look().await?.is_none(), "there is a launcher");
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.iter().any(|words| words.contains("script-src")),
        "the page complains of {complaints:?}"
    );

    stage.step("the assets cannot be fetched: the launcher says that it could not load the chat");
    let lines = "script-src 'self' ASSETS 'wasm-unsafe-eval'; connect-src SERVER";
    visit(stage, lines).await?;
    widget.click_part("launcher").await?;
    widget
        .until("the message", |seen| {
            seen.note.contains("could not be loaded")
        })
        .await?;

    stage.step("the server cannot be fetched: the form says so, and keeps what was written");
    let lines = "script-src 'self' ASSETS 'wasm-unsafe-eval'; connect-src ASSETS";
    visit(stage, lines).await?;
    stage.ask_for_chat().await?;
    widget
        .until("the form's message", |seen| {
            let form = seen.form.as_ref();
            form.is_some_and(|form| !form.alert.is_empty())
                && seen
                    .field("firstName")
                    .is_some_and(|field| field.value == "Zoë")
        })
        .await?;

    stage.step("neither WebAssembly nor frames: the launcher names the other ways of contact");
    let lines =
        "default-src 'none'; img-src data:; script-src 'self' ASSETS; connect-src ASSETS SERVER";
    visit(stage, lines).await?;
    widget.click_part("launcher").await?;
    widget.element("a[href^='mailto:help@larkmoor']").await?;
    widget.element("a[href^='tel:']").await?;

    stage.step("the page itself has nothing to complain about where nothing is missing");
    let lines = "script-src 'self' ASSETS 'wasm-unsafe-eval'; connect-src ASSETS SERVER";
    visit(stage, lines).await?;
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    complains_of_nothing(stage).await
}
