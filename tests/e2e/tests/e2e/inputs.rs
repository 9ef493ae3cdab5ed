//! Input that is too long, broken, or has nowhere to be kept.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests};
use serde_json::json;

use crate::keys::{BACKSPACE, ENTER};

pub(crate) fn add(tests: &mut Tests) {
    let chromium = &[Engine::Chromium];
    tests.add(
        "a_message_of_40000_characters",
        chromium,
        &[],
        a_long_message,
    );
    tests.add(
        "a_full_message_of_wide_characters",
        chromium,
        &[],
        wide_characters,
    );
    tests.add(
        "a_file_of_a_forbidden_type",
        chromium,
        &[],
        a_forbidden_file,
    );
    tests.add("too_many_files", chromium, &[], too_many_files);
    tests.add(
        "a_broken_configuration",
        chromium,
        &[],
        a_broken_configuration,
    );
    tests.add("no_configuration", chromium, &[], no_configuration);
    tests.add("denied_storage", chromium, &[], denied_storage);
    tests.add(
        "storage_cleared_by_the_page",
        &Engine::ALL,
        &[],
        cleared_storage,
    );
    tests.add("offline_for_a_while", chromium, &[], offline_for_a_while);
}

async fn a_long_message(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("40 000 characters are pasted");
    let long = "Tents and lanterns. ".repeat(2_000);
    widget.pastes(&long).await?;
    let kept = |text: Option<&str>| text.is_some_and(|text| text.len() == long.len());
    widget
        .until("to be told that it is too long", |seen| {
            seen.composer.as_ref().is_some_and(|composer| {
                composer.room == "26,000 characters too many" && !composer.sendable
            }) && kept(seen.draft())
        })
        .await?;
    stage.step("Enter does not send it either");
    widget.types(&ENTER.to_string()).await?;
    anna.says("Hello?").await?;
    let seen = widget
        .until("the agent", |seen| seen.says("agent", "Hello?"))
        .await?;
    ensure!(kept(seen.draft()) && seen.said().len() == 1, "it went");
    stage.step("shortened, it can be sent");
    let script = "
        arguments[0].value = arguments[0].value.slice(0, 14001);
        arguments[0].dispatchEvent(new InputEvent('input', {bubbles: true}));";
    let input = widget.element("[part~=input]").await?;
    stage.browser.run(script, &[input.to_json()?]).await?;
    widget
        .until("one to be too many", |seen| {
            seen.composer
                .as_ref()
                .is_some_and(|composer| composer.room == "1 character too many")
        })
        .await?;
    widget.types(&BACKSPACE.to_string()).await?;
    widget
        .until("it to fit", |seen| {
            seen.composer
                .as_ref()
                .is_some_and(|composer| composer.room == "0 characters left" && composer.sendable)
        })
        .await?;
    widget.click_part("send").await?;
    anna.until("all of it", |chat| {
        chat.said()
            .iter()
            .any(|(_, text)| text.trim() == long.get(..14_000).unwrap_or_default().trim())
    })
    .await?;
    Ok(())
}

async fn wide_characters(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("as many characters as fit, each of three bytes in UTF-8, or two units in UTF-16");
    for long in ["天".repeat(14_000), "🏕".repeat(7_000)] {
        widget.pastes(&long).await?;
        widget.click_part("send").await?;
        // The rest of it is folded away.
        let beginning: String = long.chars().take(100).collect();
        widget
            .until("it to be sent", |seen| {
                seen.lines.iter().any(|line| {
                    line.from == "me" && line.state == "sent" && line.text.starts_with(&beginning)
                })
            })
            .await?;
        ensure!(anna.chat().await?.times(&long) == 1, "it arrived changed");
    }
    Ok(())
}

async fn a_forbidden_file(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("what is allowed is said before");
    widget
        .until("the limits", |seen| {
            seen.composer.as_ref().is_some_and(|composer| {
                composer.limits.contains("2 MB") && composer.limits.contains("pdf")
            })
        })
        .await?;
    stage.step("a forbidden file is refused, what was typed stays");
    widget.types("Here is my").await?;
    widget.picks(&stage.file("run.me", b"#!/bin/sh")?).await?;
    widget
        .until("to be told", |seen| {
            seen.status("refused").is_some_and(|words| {
                words.contains("run.me") && words.contains("This type of file cannot be sent.")
            }) && seen.draft() == Some("Here is my")
        })
        .await?;
    stage.step("an allowed one goes");
    widget
        .sends_file(&stage.file("receipt.pdf", b"%PDF-")?)
        .await?;
    anna.until(
        "the file",
        |chat| matches!(chat.files.as_slice(), [file] if file.name == "receipt.pdf"),
    )
    .await?;
    Ok(())
}

async fn too_many_files(stage: &mut Stage) -> Result<()> {
    stage.desk.set(json!({"upload_max_files": 1})).await?;
    stage.visit().await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("one file may be sent");
    widget
        .sends_file(&stage.file("one.pdf", b"%PDF-1")?)
        .await?;
    widget
        .until("it to be sent", |seen| {
            seen.line("file", "one.pdf")
                .is_some_and(|line| line.state == "available")
        })
        .await?;
    stage.step("then no more, and that is said");
    widget
        .until("to be told", |seen| {
            seen.composer
                .as_ref()
                .is_some_and(|composer| composer.limits.contains("as many files"))
        })
        .await?;
    let disabled = widget
        .element("[part~=attach]")
        .await?
        .attr("aria-disabled")
        .await?;
    ensure!(disabled.as_deref() == Some("true"), "it says {disabled:?}");
    stage.step("one that is dropped or pasted all the same is refused in words");
    let here = stage.browser.address().await?;
    let two = stage.file("two.pdf", b"%PDF-2")?;
    let header = widget.element("[part~=header]").await?;
    stage.browser.drops(&two, &header).await?;
    let refused = |name: &'static str| {
        move |seen: &parlour_e2e::Seen| {
            seen.status("refused")
                .is_some_and(|words| words.contains(name) && words.contains("Only 1 file"))
        }
    };
    widget.until("to be told", refused("two.pdf")).await?;
    widget.pastes_file("three.pdf", "%PDF-3").await?;
    widget.until("to be told", refused("three.pdf")).await?;
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(anna.chat().await?.files.len() == 1);
    Ok(())
}

async fn a_broken_configuration(stage: &mut Stage) -> Result<()> {
    stage.step("the configuration is no JSON");
    let page = stage.site.page(&Page::default(), "{\"tenant\": \"e2e\", ");
    stage.browser.open(&page).await?;
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    let seen = widget
        .until("to be told", |seen| {
            seen.note.contains("The chat could not be loaded.") && seen.launcher.shown
        })
        .await?;
    ensure!(seen.note.contains("Try again"), "no way on: {seen:#?}");
    stage.step("the console says where it is broken");
    let console = stage.browser.console().await?.join("\n");
    ensure!(console.contains("line 1, column"), "it says {console}");
    stage.step("mended, the next page works");
    stage.site.reconfigure(&page, &stage.tenant(|_| {})?);
    stage.browser.reload().await?;
    stage.ask_for_chat().await?;
    stage.desk.chat(1).await?;
    Ok(())
}

async fn no_configuration(stage: &mut Stage) -> Result<()> {
    stage.step("the configuration cannot be fetched");
    let good = stage.tenant(|_| {})?;
    let page = stage.site.page(&Page::default(), &good);
    stage.site.withdraw_configuration(&page);
    stage.browser.open(&page).await?;
    let widget = stage.widget();
    widget.click_part("launcher").await?;
    widget
        .until("to be told", |seen| {
            seen.note.contains("The chat could not be loaded.")
        })
        .await?;
    stage.step("mended, it works by trying again");
    stage.site.reconfigure(&page, &good);
    widget.click(".again").await?;
    widget
        .until("the form", |seen| seen.open && seen.form.is_some())
        .await?;
    Ok(())
}

async fn cleared_storage(stage: &mut Stage) -> Result<()> {
    stage.visit().await?;
    let anna = stage.talk().await?;
    anna.says("Hello").await?;
    let widget = stage.widget();
    widget.types("I was about to").await?;
    widget
        .until("the greeting", |seen| {
            seen.says("agent", "Hello") && seen.draft() == Some("I was about to")
        })
        .await?;
    stage.step("the page clears its storage, and is loaded anew");
    stage.browser.run("localStorage.clear()", &[]).await?;
    stage.browser.reload().await?;
    widget
        .until("the chat to go on", |seen| {
            seen.open && seen.says("agent", "Hello") && seen.draft() == Some("I was about to")
        })
        .await?;
    anna.says("Still there?").await?;
    widget
        .until("the agent", |seen| seen.says("agent", "Still there?"))
        .await?;
    Ok(())
}

async fn offline_for_a_while(stage: &mut Stage) -> Result<()> {
    // A message of which nobody knows whether it left would wait for longer than any test.
    stage
        .visit_as(&Page::default(), |tenant| {
            tenant.pace.resend_window_ms = 600_000;
        })
        .await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    stage.step("what is written without a network waits");
    stage.browser.goes_offline(true).await?;
    widget.says("In a tunnel").await?;
    widget
        .until("to be told", |seen| {
            seen.status("offline").is_some() && seen.mine("In a tunnel", "sending")
        })
        .await?;
    stage.step("and leaves once there is one");
    stage.browser.goes_offline(false).await?;
    anna.until("the message", |chat| chat.times("In a tunnel") == 1)
        .await?;
    widget
        .until("all to be well", |seen| {
            seen.mine("In a tunnel", "sent") && seen.status.is_empty()
        })
        .await?;
    ensure!(anna.chat().await?.times("In a tunnel") == 1);
    Ok(())
}

async fn denied_storage(stage: &mut Stage) -> Result<()> {
    stage.step("the browser lets nothing be kept");
    let deny = stage.site.script(
        "deny",
        "for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
            Object.defineProperty(window, name, {configurable: true, get() {
                throw new DOMException('denied', 'SecurityError'); }});",
    );
    let page = Page {
        head: format!("<script src=\"{deny}\"></script>"),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let anna = stage.talk().await?;
    let widget = stage.widget();
    widget
        .until("to be told", |seen| {
            seen.status("memory")
                .is_some_and(|words| words.contains("reloading or leaving the page would lose it"))
        })
        .await?;
    stage.step("one can talk all the same");
    widget.says("Hello").await?;
    anna.says("Hello Zoë").await?;
    widget
        .until("both", |seen| {
            seen.mine("Hello", "sent") && seen.says("agent", "Hello Zoë")
        })
        .await?;
    ensure!(stage.complaints().await?.is_empty());
    Ok(())
}
