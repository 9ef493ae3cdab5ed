//! Takes a picture of every state of the widget: `shots DIR`. Run by `cargo xtask shots`.

use std::env;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use parlour_config::{Dialect, Table};
use parlour_e2e::{Engine, Page, Setting, Stage, guard, tour};

/// What stands behind the widget: enough of a shop to judge the widget's look by.
const SHOP: &str = "
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { margin: 0; background: light-dark(#f4f2ec, #16181c); color: light-dark(#222, #ddd); }
main { max-width: 44rem; margin: 3rem auto; padding: 0 1.5rem; }
";

/// States in which the direction of the text shows.
const MIRRORED: &[&str] = &[
    "launcher",
    "form-errors",
    "talking",
    "link",
    "file",
    "attached",
    "failed",
    "ended",
];

/// Enough Arabic to see the widget mirrored; the rest is English, as with any incomplete locale.
const ARABIC: &[(&str, &str)] = &[
    ("launcher.label", "تحدث معنا"),
    ("panel.title", "تحدث معنا"),
    (
        "form.intro",
        "أخبرنا من أنت وعن سؤالك، وسيرد عليك أحدنا بعد قليل.",
    ),
    ("form.firstName.label", "الاسم الأول"),
    ("form.lastName.label", "اسم العائلة"),
    ("form.email.label", "البريد الإلكتروني"),
    ("form.subject.label", "عن ماذا تسأل؟"),
    ("form.optional", "اختياري"),
    ("form.submit", "ابدأ المحادثة"),
    ("form.error.required", "يرجى ملء هذا الحقل."),
    (
        "form.error.email",
        "يرجى إدخال بريد إلكتروني مثل name@example.com.",
    ),
    ("composer.placeholder", "اكتب رسالة…"),
    ("composer.preview", "يرى الموظف ما تكتبه قبل إرساله."),
    ("status.with", "أنت تتحدث مع {name}"),
    ("event.joined", "انضم {name} إلى المحادثة"),
    ("event.left", "غادر {name} المحادثة"),
    ("event.hold", "وضع {name} المحادثة قيد الانتظار وسيعود"),
    ("event.transfer", "{name} يحولك إلى زميل"),
    ("link.offer", "{name} يقترح هذه الصفحة"),
    ("link.open", "افتح الصفحة"),
    ("message.failed", "لم تُرسل."),
    ("message.retry", "حاول مجددا"),
    ("message.edit", "تعديل"),
    ("message.discard", "تجاهل"),
    ("refusal.other", "رفضت خدمة المحادثة ذلك."),
    ("transcript.today", "اليوم"),
    ("ended.server", "انتهت المحادثة."),
    ("ended.thanks", "يمكنك قراءتها هنا حتى تبدأ محادثة جديدة."),
    ("ended.new", "محادثة جديدة"),
];

fn arabic() -> Table<String> {
    let mut texts = Table::default();
    for (key, words) in ARABIC {
        texts.insert(key, (*words).to_owned());
    }
    texts
}

fn main() -> ExitCode {
    if let Some(code) = guard::serve_if_asked() {
        return code;
    }
    let Some(folder) = env::args_os().nth(1).map(PathBuf::from) else {
        let _ = writeln!(io::stderr(), "usage: shots DIR");
        return ExitCode::FAILURE;
    };
    match take_all(&folder) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn take_all(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let setting = Setting::find()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        walk(&setting, folder, "en").await?;
        walk(&setting, folder, "ar").await?;
        elsewhere(&setting, folder).await
    })
}

/// Walks through all states on a page of this language.
async fn walk(setting: &Setting, folder: &Path, language: &str) -> Result<()> {
    let mirrored = language == "ar";
    let work = setting.out.join(format!("shots-{language}"));
    let mut stage = Stage::set(setting, Engine::Chromium, Dialect::GmsV2, &work, &[]).await?;
    stage
        .visit_as(&shop(&stage, language), |config| {
            config.locale = Some(language.into());
            if mirrored {
                config.texts.insert("ar", arabic());
            }
        })
        .await?;
    let walked = tour(&mut stage, async |stage: &Stage, state| {
        if !mirrored {
            take(stage, folder, state).await
        } else if MIRRORED.contains(&state) {
            show(stage, "light").await?;
            picture(stage, folder, &format!("{state}-rtl")).await
        } else {
            Ok(())
        }
    })
    .await;
    if walked.is_err() {
        stage.keep_traces().await;
    }
    let step = stage.last_step();
    stage.strike().await;
    walked.with_context(|| format!("at the state \"{step}\"; see {}", work.display()))?;
    fs::remove_dir_all(work)?;
    Ok(())
}

/// Takes what looks different with a server that has a chat wait for its agent, and takes no files.
async fn elsewhere(setting: &Setting, folder: &Path) -> Result<()> {
    let work = setting.out.join("shots-gms-v1");
    // So slow that nobody comes while pictures are taken.
    let flags = ["--pace", "0.001"];
    let stage = Stage::set(setting, Engine::Chromium, Dialect::GmsV1, &work, &flags).await?;
    let taken = queued(&stage, folder).await;
    if taken.is_err() {
        stage.keep_traces().await;
    }
    stage.strike().await;
    taken.with_context(|| format!("with gms-v1; see {}", work.display()))?;
    fs::remove_dir_all(work)?;
    Ok(())
}

async fn queued(stage: &Stage, folder: &Path) -> Result<()> {
    stage
        .visit_as(&shop(stage, "en"), |config| {
            "request-chat-poll".clone_into(&mut config.server.service);
        })
        .await?;
    stage.ask_for_chat().await?;
    let widget = stage.widget();
    widget
        .says("My tent is torn, right beside the zip.")
        .await?;
    widget.says("Can it be mended?").await?;
    widget
        .until("to wait, with words that wait, too", |seen| {
            seen.status("waiting").is_some() && seen.mine("Can it be mended?", "sending")
        })
        .await?;
    take(stage, folder, "queued").await
}

/// Puts the widget before something to judge it by.
fn shop(stage: &Stage, language: &str) -> Page {
    let style = stage.site.style("shop", SHOP);
    Page {
        head: format!("<link rel=\"stylesheet\" href=\"{style}\">"),
        lang: language.into(),
        ..Page::default()
    }
}

/// Takes one state in light, dark and on a phone.
async fn take(stage: &Stage, folder: &Path, state: &str) -> Result<()> {
    for scheme in ["dark", "light"] {
        show(stage, scheme).await?;
        picture(stage, folder, &format!("{state}-{scheme}")).await?;
    }
    stage.browser.is_phone(true).await?;
    picture(stage, folder, &format!("{state}-phone")).await?;
    stage.browser.is_phone(false).await
}

/// Waits until the widget has taken up a colour scheme.
async fn show(stage: &Stage, scheme: &str) -> Result<()> {
    stage.browser.prefers(scheme).await?;
    let script = "
        const root = [...document.documentElement.children].find((element) => element.shadowRoot).shadowRoot;
        const element = root.querySelector('[data-scheme]');
        return !element || element.dataset.scheme === arguments[0];";
    parlour_e2e::until(&format!("the {scheme} scheme"), async || {
        let shown = stage.browser.run(script, &[scheme.into()]).await?;
        Ok((shown == true).then_some(()))
    })
    .await
}

async fn picture(stage: &Stage, folder: &Path, name: &str) -> Result<()> {
    stage.browser.stands_still().await?;
    stage
        .browser
        .picture(&folder.join(format!("{name}.png")))
        .await
}
