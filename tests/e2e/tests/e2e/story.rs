//! The story of one chat, from the launcher to the next chat, as visitor and agents live it. The
//! same steps in every engine.

use anyhow::{Context as _, Result, ensure};
use parlour_e2e::{Agent, Chat, Engine, Seen, Stage, Tests};
use serde_json::json;

use crate::keys::ENTER;

pub(crate) fn add(tests: &mut Tests) {
    tests.add("the_story", &Engine::ALL, &[], the_story);
}

async fn the_story(stage: &mut Stage) -> Result<()> {
    stage
        .desk
        .set(json!({"upload_max_file_size": 400_000}))
        .await?;
    ask(stage).await?;
    let anna = meet(stage).await?;
    converse(stage, &anna).await?;
    hold(stage, &anna).await?;
    let ben = transfer(stage, &anna).await?;
    page_is_offered(stage, &ben).await?;
    file_from_agent(stage, &ben).await?;
    file_from_visitor(stage, &ben).await?;
    refused_files(stage, &ben).await?;
    ensure!(stage.complaints().await?.is_empty());
    reload(stage, &ben).await?;
    power_cut(stage, &ben).await?;
    rename(stage, &ben).await?;
    end(stage, &ben).await?;
    new_chat(stage).await?;
    ensure!(stage.complaints().await?.is_empty());
    Ok(())
}

async fn ask(stage: &Stage) -> Result<()> {
    stage.step("the page shows a launcher and has fetched nothing else");
    let widget = stage.visit().await?;
    let seen = widget
        .until("the launcher", |seen| seen.launcher.shown)
        .await?;
    ensure!(seen.launcher.name == "Chat with Larkmoor", "{seen:#?}");
    let fetched = stage.site.fetched();
    ensure!(
        !fetched.iter().any(|path| path.ends_with(".wasm")),
        "the page was slowed down by {fetched:?}"
    );

    stage.step("the launcher opens the form");
    widget.click_part("launcher").await?;
    widget
        .until("the form", |seen| {
            seen.open && seen.launcher.expanded && seen.form.is_some()
        })
        .await?;

    stage.step("mistakes are told at their fields, and nothing is sent");
    widget.fill("firstName", "Zoë").await?;
    widget.fill("email", "zoe at home").await?;
    widget.click_part("submit").await?;
    let seen = widget
        .until("two mistakes", |seen| {
            let wrong = |name, words| {
                seen.field(name)
                    .is_some_and(|field| field.invalid && field.description.contains(words))
            };
            wrong("lastName", "Please fill this in.") && wrong("email", "name@example.com")
        })
        .await?;
    ensure!(
        seen.field("firstName").is_some_and(|field| !field.invalid),
        "{seen:#?}"
    );
    widget
        .until("the first mistake to have the focus", |seen| {
            seen.focus == "lastName"
        })
        .await?;
    ensure!(stage.desk.count().await? == 0, "a chat was requested");

    stage.step("corrected, the form starts the chat");
    widget.fill("lastName", "Ångström").await?;
    widget.fill("email", "zoe@example.com").await?;
    widget.fill("subject", "A torn tent").await?;
    widget
        .until("the mistakes to be forgiven", |seen| {
            seen.form
                .as_ref()
                .is_some_and(|form| form.fields.iter().all(|field| !field.invalid))
        })
        .await?;
    widget.click_part("submit").await?;
    widget
        .until("to wait for an agent", |seen| {
            seen.status("waiting")
                .is_some_and(|words| words.contains("Waiting for an agent"))
                && seen.composer.is_some()
        })
        .await?;
    Ok(())
}

async fn meet(stage: &Stage) -> Result<Agent> {
    let widget = stage.widget();
    stage.step("the agent sees what was filled in, and joins");
    let id = stage.desk.chat(1).await?;
    let chat = stage.desk.read(&id).await?;
    ensure!(
        chat.nickname.as_deref() == Some("Zoë Ångström"),
        "{chat:#?}"
    );
    ensure!(chat.subject.as_deref() == Some("A torn tent"), "{chat:#?}");
    ensure!(
        chat.email.as_deref() == Some("zoe@example.com"),
        "{chat:#?}"
    );
    ensure!(chat.user_data["Shop"] == "Larkmoor", "{chat:#?}");
    ensure!(chat.service == "customer-support", "{chat:#?}");
    let anna = stage.desk.join(&id, "Anna").await?;
    widget
        .until("Anna to join", |seen| {
            seen.line("system", "Anna joined the chat").is_some()
                && seen.header.contains("You are talking to Anna")
                && seen.status.is_empty()
        })
        .await?;

    stage.step("the agent greets");
    anna.says("Hello Zoë, I am Anna.").await?;
    widget
        .until("the greeting", |seen| {
            seen.says("agent", "Hello Zoë, I am Anna.")
        })
        .await?;

    stage.step("the visitor sees the agent typing, and stopping");
    anna.types(true).await?;
    widget
        .until("the typing indicator", |seen| {
            seen.typing == "Anna is typing"
        })
        .await?;
    anna.types(false).await?;
    widget
        .until("the typing indicator to go", |seen| seen.typing.is_empty())
        .await?;
    Ok(anna)
}

async fn converse(stage: &Stage, anna: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("the agent sees what the visitor is typing");
    widget.types("My tent is to").await?;
    anna.until("the preview of what is being typed", |chat| {
        chat.visitor.typing && chat.visitor.preview.as_deref() == Some("My tent is to")
    })
    .await?;

    stage.step("Enter sends, Shift and Enter begin a line");
    widget.types("rn.").await?;
    widget.presses_shift_enter().await?;
    widget.types(&format!("Can it be mended?{ENTER}")).await?;
    let first = "My tent is torn. Can it be mended?";
    widget
        .until("the message to be sent", |seen| {
            seen.mine(first, "sent") && seen.draft() == Some("")
        })
        .await?;
    anna.until("the message at the desk, and no more typing", |chat| {
        chat.times("My tent is torn.\nCan it be mended?") == 1 && !chat.visitor.typing
    })
    .await?;

    stage.step("messages both ways keep their order");
    anna.says("Which one is it?").await?;
    widget
        .until("the question", |seen| {
            seen.says("agent", "Which one is it?")
        })
        .await?;
    widget.says("The Lark 3, année 2021").await?;
    widget.says("خيمة خضراء").await?;
    widget
        .says("https://larkmoor.example/lark-3 <b>green</b>")
        .await?;
    anna.until("all three", |chat| chat.said().len() == 6)
        .await?;
    anna.says("Thank you.").await?;
    let seen = widget
        .until("all of it", |seen| {
            seen.says("agent", "Thank you.")
                && seen
                    .lines
                    .iter()
                    .all(|line| line.from != "me" || line.state == "sent")
        })
        .await?;
    same_words(&seen, &anna.chat().await?)
}

async fn hold(stage: &Stage, anna: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("on hold");
    anna.holds().await?;
    widget
        .until("the hold", |seen| {
            seen.status("hold") == Some("On hold. Anna will be back.")
                && seen
                    .line("system", "Anna put the chat on hold and will be back")
                    .is_some()
        })
        .await?;
    stage.step("one can write while on hold");
    widget.says("I am waiting.").await?;
    widget
        .until("that it was sent", |seen| {
            seen.mine("I am waiting.", "sent")
        })
        .await?;
    stage.step("back from hold");
    anna.returns().await?;
    widget
        .until("the end of the hold", |seen| {
            seen.status("hold").is_none() && seen.header.contains("Anna")
        })
        .await?;
    Ok(())
}

async fn transfer(stage: &Stage, anna: &Agent) -> Result<Agent> {
    let widget = stage.widget();
    stage.step("a transfer begins");
    anna.begins_transfer().await?;
    let words = "Anna is transferring you to a colleague";
    widget
        .until("the transfer", |seen| {
            seen.status("transfer")
                .is_some_and(|status| status.starts_with(words))
                && seen.line("system", words).is_some()
        })
        .await?;
    stage.step("the colleague takes over");
    let ben = stage.desk.join(&anna.chat().await?.id, "Ben").await?;
    widget
        .until("Ben", |seen| {
            seen.status.is_empty() && seen.header.contains("You are talking to Ben")
        })
        .await?;
    Ok(ben)
}

async fn page_is_offered(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a page is offered, with its host, and not opened");
    let here = stage.browser.address().await?;
    let page = "https://larkmoor.example/tents?size=3#care";
    ben.offers(page).await?;
    let widget = stage.widget();
    widget
        .until("the offer", |seen| {
            seen.line("link", "Ben suggests this page")
                .is_some_and(|line| line.text.contains("larkmoor.example"))
        })
        .await?;
    let link = widget.element("[data-kind=link] a").await?;
    ensure!(link.prop("href").await?.as_deref() == Some(page));
    let rel = link.attr("rel").await?.unwrap_or_default();
    ensure!(
        rel.contains("noopener") && rel.contains("noreferrer"),
        "{rel}"
    );
    // Time for something to open by itself: until what the agent says next has arrived.
    ben.says("Have a look.").await?;
    widget
        .until("the next words", |seen| seen.says("agent", "Have a look."))
        .await?;
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}

async fn file_from_agent(stage: &Stage, ben: &Agent) -> Result<()> {
    stage.step("a file from the agent is saved, not opened");
    let here = stage.browser.address().await?;
    let content = b"<!doctype html><script>document.title = 'owned'</script>";
    ben.sends_file("repair guide.html", content, "How to mend it")
        .await?;
    let widget = stage.widget();
    widget
        .until("the file", |seen| {
            seen.line("file", "repair guide.html").is_some_and(|line| {
                line.from == "agent" && line.state == "available" && line.text.contains("mend it")
            })
        })
        .await?;
    widget.click("[data-action=download]").await?;
    let saved = stage
        .browser
        .downloaded("repair guide.html", content.len())
        .await?;
    ensure!(saved == content, "it arrived changed");
    ensure!(stage.browser.address().await? == here, "the page was left");
    ensure!(stage.browser.windows().await? == 1, "a window was opened");
    Ok(())
}

/// Notes a file's progress when it is shown, however short that is.
const WATCH_PROGRESS: &str = "
    const root = [...document.body.children].find((element) => element.shadowRoot).shadowRoot;
    new MutationObserver(() => {
        const file = root.querySelector('[part~=progress]')?.closest('[part~=file]');
        if (file) window.progressShown = {state: file.dataset.state, words: file.innerText};
    }).observe(root, {subtree: true, childList: true, attributes: true});";

async fn file_from_visitor(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("a file goes to the agent, with its progress shown");
    stage.browser.run(WATCH_PROGRESS, &[]).await?;
    let content: Vec<u8> = (0..300_000_u32).map(|at| (at % 251) as u8).collect();
    let picture = stage.file("torn tent.jpg", &content)?;
    widget.picks(&picture).await?;
    widget
        .until("the file to be sent", |seen| {
            seen.progress.is_none()
                && seen
                    .line("file", "torn tent.jpg")
                    .is_some_and(|line| line.from == "me" && line.state == "available")
        })
        .await?;
    let shown = stage
        .browser
        .run("return window.progressShown", &[])
        .await?;
    ensure!(
        shown["state"] == "uploading"
            && shown["words"]
                .as_str()
                .is_some_and(|words| words.contains("Sending")),
        "what was shown meanwhile: {shown}"
    );
    stage.step("the agent gets the file as it was");
    let chat = ben.chat().await?;
    let file = chat
        .files
        .iter()
        .find(|file| file.name == "torn tent.jpg")
        .with_context(|| format!("the server has {:?}", chat.files))?;
    ensure!(
        ben.reads_file(&file.id).await? == content,
        "it arrived changed"
    );
    Ok(())
}

async fn refused_files(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    let before = ben.chat().await?.files.len();
    let cases = [
        (
            "secrets.exy",
            10,
            "This type of file cannot be sent. Types: bmp, csv,",
        ),
        ("plan.pdf", 500_000, "A file may have at most"),
    ];
    for (name, bytes, words) in cases {
        stage.step(&format!("{name} is refused in words"));
        widget.picks(&stage.file(name, &vec![7; bytes])?).await?;
        widget
            .until("the refusal", |seen| {
                seen.line("file", name)
                    .is_some_and(|line| line.state == "failed" && line.text.contains(words))
            })
            .await?;
        stage.step(&format!("{name} can be removed"));
        widget
            .click("[part~=file][data-state=failed] [data-action=discard]")
            .await?;
        widget
            .until("it to be gone", |seen| seen.line("file", name).is_none())
            .await?;
    }
    ensure!(
        ben.chat().await?.files.len() == before,
        "it was sent all the same"
    );
    Ok(())
}

async fn reload(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("before the reload");
    widget.types("And one more").await?;
    let before = widget
        .until("the draft", |seen| seen.draft() == Some("And one more"))
        .await?;
    stage.step("after a reload panel, transcript and draft are back");
    stage.browser.reload().await?;
    let after = widget
        .until("everything to be back", |seen| {
            seen.open
                && seen.draft() == Some("And one more")
                && seen.said() == before.said()
                && seen.status.is_empty()
        })
        .await?;
    let events = |seen: &Seen| -> Vec<_> {
        seen.lines
            .iter()
            .map(|line| (line.kind.clone(), line.text.clone(), line.state.clone()))
            .collect()
    };
    ensure!(
        events(&before) == events(&after),
        "it was\n{:#?}\nand is\n{:#?}",
        events(&before),
        events(&after)
    );
    same_words(&after, &ben.chat().await?)
}

async fn power_cut(stage: &mut Stage, ben: &Agent) -> Result<()> {
    stage.step("the server is killed in mid-sentence");
    stage.emulator.kill();
    let widget = stage.widget();
    widget
        .until("to be told", |seen| {
            seen.status("reconnecting")
                .is_some_and(|words| words.contains("Nothing you write is lost"))
                && seen.draft() == Some("And one more")
        })
        .await?;
    stage.step("what is written meanwhile waits");
    widget.types(&format!(" question{ENTER}")).await?;
    widget
        .until("the message to wait", |seen| {
            seen.mine("And one more question", "sending") && seen.draft() == Some("")
        })
        .await?;
    stage.step("the server is back, and gets it once");
    stage.emulator.restart()?;
    let widget = stage.widget();
    widget
        .until("the message to be sent", |seen| {
            seen.mine("And one more question", "sent") && seen.status.is_empty()
        })
        .await?;
    ben.says("Go on.").await?;
    widget.says("How long does it take?").await?;
    let seen = widget
        .until("the chat to go on", |seen| {
            seen.says("agent", "Go on.") && seen.mine("How long does it take?", "sent")
        })
        .await?;
    let chat = ben.chat().await?;
    ensure!(chat.times("And one more question") == 1, "{chat:#?}");
    same_words(&seen, &chat)
}

async fn rename(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("the visitor changes their name");
    widget.click_part("menu").await?;
    widget.click_part("rename").await?;
    widget
        .until("to be asked", |seen| {
            seen.dialog.contains("Change your name")
        })
        .await?;
    let input = widget.element(".dialog-input").await?;
    input.clear().await?;
    input.send_keys("Zoë Å.").await?;
    widget.click("[data-action=confirm]").await?;
    widget
        .until("the question to go", |seen| seen.dialog.is_empty())
        .await?;
    ben.until("the new name at the desk", |chat| {
        chat.nickname.as_deref() == Some("Zoë Å.")
    })
    .await?;

    stage.step("the new name is what is asked about next time");
    widget.click_part("menu").await?;
    widget.click_part("rename").await?;
    let input = widget.element(".dialog-input").await?;
    ensure!(input.prop("value").await?.as_deref() == Some("Zoë Å."));
    widget.click("[data-action=cancel]").await?;
    Ok(())
}

async fn end(stage: &Stage, ben: &Agent) -> Result<()> {
    let widget = stage.widget();
    stage.step("ending is asked about, and can be called off");
    let question = async || {
        widget.click_part("menu").await?;
        widget.click_part("end").await?;
        widget
            .until("to be asked", |seen| seen.dialog.contains("End this chat?"))
            .await
    };
    question().await?;
    widget.click("[data-action=cancel]").await?;
    widget
        .until("the chat to go on", |seen| {
            seen.dialog.is_empty() && seen.composer.is_some()
        })
        .await?;
    ensure!(ben.chat().await?.end.is_none(), "it was ended all the same");

    stage.step("the visitor ends the chat, and can still read it");
    let before = widget.look().await?.context("no widget")?;
    question().await?;
    widget.click("[data-action=confirm]").await?;
    let seen = widget
        .until("the end", |seen| {
            seen.ended && seen.line("system", "You ended the chat.").is_some()
        })
        .await?;
    ensure!(seen.composer.is_none(), "one can go on writing: {seen:#?}");
    ensure!(
        seen.said() == before.said(),
        "the transcript changed: {seen:#?}"
    );
    ben.until("the end at the desk", |chat| {
        chat.end
            .as_ref()
            .is_some_and(|end| end.reason == "disconnected")
    })
    .await?;

    stage.step("it can be read after a reload, too");
    stage.browser.reload().await?;
    widget
        .until("the ended chat", |seen| {
            seen.ended && seen.said() == before.said()
        })
        .await?;
    Ok(())
}

async fn new_chat(stage: &Stage) -> Result<()> {
    let widget = stage.widget();
    stage.step("a new chat begins with the form, and with nothing left of the old one");
    widget.click("[data-action=new-chat]").await?;
    widget
        .until("the form", |seen| {
            seen.form.is_some() && seen.lines.is_empty()
        })
        .await?;
    let kept = stage
        .browser
        .run("return {...localStorage, ...sessionStorage}", &[])
        .await?;
    ensure!(kept == json!({}), "the browser still holds {kept}");
    widget.fill("firstName", "Zoë").await?;
    widget.fill("lastName", "Ångström").await?;
    widget.click_part("submit").await?;
    let carl = stage.desk.join(&stage.desk.chat(2).await?, "Carl").await?;
    carl.says("Hello again.").await?;
    let seen = widget
        .until("the new chat", |seen| seen.says("agent", "Hello again."))
        .await?;
    ensure!(seen.said().len() == 1, "{seen:#?}");
    Ok(())
}

/// Fails unless the visitor sees the very messages that the server has, in its order.
fn same_words(seen: &Seen, chat: &Chat) -> Result<()> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Vec<_> = seen.said().iter().map(|(_, text)| plain(text)).collect();
    let kept: Vec<_> = chat.said().iter().map(|(_, text)| plain(text)).collect();
    ensure!(
        shown == kept,
        "the visitor sees {shown:#?}, the server has {kept:#?}"
    );
    Ok(())
}
