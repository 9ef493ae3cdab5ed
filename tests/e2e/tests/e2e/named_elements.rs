//! A host page whose named elements shadow the members of the document.

use anyhow::{Result, ensure};
use parlour_e2e::{Engine, Page, Stage, Tests, until};
use serde_json::{Value, json};

pub(crate) fn add(tests: &mut Tests) {
    tests.add("named_elements", &Engine::ALL, &[], named_elements);
}

/// A script of the page: an image for every member of the document.
const IMAGES: &str = "
const { body } = document;
const names = new Set();
for (let holder = Document.prototype; holder; holder = Object.getPrototypeOf(holder)) {
    for (const name of Object.getOwnPropertyNames(holder)) names.add(name);
}
const images = [...names].map((name) => Object.assign(new Image(), { name }));
body.append(...images);
";

/// The beginning of a script that does something with a visible element of the widget. Argument 0
/// is the element's selector.
///
/// The driver finds no element on such a page, and scripts must read the document past the images.
const PART: &str = "
const hosts = Document.prototype.querySelectorAll.call(document, 'html > div');
const root = [...hosts].find((element) => element.shadowRoot)?.shadowRoot;
const found = [...root?.querySelectorAll(arguments[0]) ?? []].find((each) => each.checkVisibility());
if (!found) return null;
";

/// Waits for a visible element of the widget, and runs a script that returns something with it.
async fn with(stage: &Stage, selector: &str, script: &str, argument: &str) -> Result<Value> {
    let script = [PART, script].concat();
    until(&format!("an element {selector}"), async || {
        let given = [json!(selector), json!(argument)];
        let result = stage.browser.run(&script, &given).await?;
        Ok(Some(result).filter(|result| !result.is_null()))
    })
    .await
}

async fn click(stage: &Stage, selector: &str) -> Result<()> {
    let script = "if (found.disabled) return null; found.click(); return true;";
    with(stage, selector, script, "").await.map(drop)
}

async fn fill(stage: &Stage, selector: &str, text: &str) -> Result<()> {
    let script = "
        found.value = arguments[1];
        found.dispatchEvent(new InputEvent('input', {bubbles: true, composed: true}));
        return true;";
    with(stage, selector, script, text).await.map(drop)
}

async fn named_elements(stage: &mut Stage) -> Result<()> {
    stage.step("a page whose images have the names of all members of the document");
    let script = stage.site.script("images", IMAGES);
    let page = Page {
        body: format!("<script src=\"{script}\"></script>"),
        ..Page::default()
    };
    stage.visit_as(&page, |_| {}).await?;
    let shadowed =
        "return ['createElement', 'addEventListener', 'activeElement', 'visibilityState']
        .every((name) => document[name] instanceof HTMLImageElement)";
    let shadowed = stage.browser.run(shadowed, &[]).await?;
    ensure!(shadowed == true, "the document is not shadowed");

    stage.step("the visitor fills in the form and asks for a chat");
    click(stage, "[part~=launcher]").await?;
    fill(stage, "[name=firstName]", "Zoë").await?;
    fill(stage, "[name=lastName]", "Ångström").await?;
    fill(stage, "[name=subject]", "A torn tent").await?;
    click(stage, "[part~=submit]").await?;
    let chat = stage.desk.chat(1).await?;
    let anna = stage.desk.join(&chat, "Anna").await?;

    stage.step("a word each way");
    anna.says("Hello Zoë").await?;
    let heard = "return found.innerText.includes(arguments[1]) || null;";
    with(stage, "[part~=transcript]", heard, "Hello Zoë").await?;
    fill(stage, "[part~=input]", "Hello Anna").await?;
    click(stage, "[part~=send]").await?;
    anna.until("the visitor's words", |chat| chat.times("Hello Anna") == 1)
        .await?;
    let complaints = stage.complaints().await?;
    ensure!(
        complaints.is_empty(),
        "the page complains of {complaints:?}"
    );
    Ok(())
}
