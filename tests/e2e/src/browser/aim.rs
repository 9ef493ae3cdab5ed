//! Clicks and keys that meet what they were meant for.
//!
//! A driver measures where an element is, and then presses and releases the mouse there; it gives an
//! element the focus, and then types. What moves meanwhile is missed, by people too. WebKit answers
//! its driver while a frame is late, up to 400 ms on a busy machine; what a page does with its next
//! frame (a transcript that follows its end, a focus that goes to the first field) then happens
//! between measuring and pressing, between pressing and releasing, or in mid-word. So frames are
//! waited for, not milliseconds.

use anyhow::{Result, bail};
use thirtyfour::WebElement;

use super::Browser;
use crate::wait::until;

/// Lets everything happen that is due with the next frame; pages in the background have none. The
/// first brings it, the second shows that it is over.
const FRAMES: &str = "
    const frame = () => new Promise((done) =>
        document.hidden ? setTimeout(done, 50) : requestAnimationFrame(done));
    await frame();
    await frame();";

/// Brings an element into view and returns why it cannot be clicked on yet, or nothing. Then
/// `clickMissed` is true until the element is clicked on, or the same part that has taken its place:
/// the painted launcher gives way to the widget's own when the pointer comes.
const AIM: &str = "
    const [element] = given;
    const frame = () => new Promise((done) =>
        document.hidden ? setTimeout(done, 50) : requestAnimationFrame(done));
    const place = () => {
        const {left, top, width, height} = element.getBoundingClientRect();
        return [left, top, width, height].join(' ');
    };
    element.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
    await frame();
    const before = place();
    await frame();
    if (!element.isConnected) return 'it is gone';
    if (place() !== before) return 'it moves';
    const {left, top, width, height} = element.getBoundingClientRect();
    const at = [left + width / 2, top + height / 2];
    let hit = null;
    for (let root = document; root; root = hit?.shadowRoot) {
        const inner = root.elementFromPoint(...at);
        if (!inner || inner === hit) break;
        hit = inner;
    }
    let around = hit;
    while (around && around !== element) around = around.parentNode ?? around.host;
    if (!around) return `${hit ? hit.cloneNode().outerHTML : 'nothing'} is in its place`;
    window.clickMissed = true;
    const {part} = element;
    const root = element.getRootNode();
    const isMeant = (other) => other === element ||
        (!element.isConnected && !!part?.value && other.part?.value === part.value);
    window.clickAim?.abort();
    window.clickAim = new AbortController();
    window.addEventListener('click', (event) => {
        const path = event.composedPath();
        if (path.includes(root) && path.some(isMeant)) window.clickMissed = false;
    }, {capture: true, signal: window.clickAim.signal});
    return '';";

/// Tells whether the click has missed. A new page has no such word: the click led there.
const MISSED: &str = "
    for (let frames = 0; window.clickMissed && frames < 20; frames += 1)
        await new Promise((done) => document.hidden ? setTimeout(done, 50) : requestAnimationFrame(done));
    return window.clickMissed === true;";

impl Browser {
    /// Waits until the page has done what was due with its next frame.
    ///
    /// # Errors
    ///
    /// As [`Browser::open`].
    pub async fn settles(&self) -> Result<()> {
        self.run_async(FRAMES, &[]).await.map(drop)
    }

    /// Clicks on the element that `find` finds, once it holds still and nothing is in its way.
    ///
    /// # Errors
    ///
    /// When that does not happen, or no click meets it; names it by `what`.
    pub async fn click(
        &self,
        what: &str,
        mut find: impl AsyncFnMut() -> Result<Option<WebElement>>,
    ) -> Result<()> {
        until(&format!("a click on {what}"), async || {
            // It may be drawn anew between being found and being clicked on.
            let Some(element) = find().await? else {
                return Ok(None);
            };
            let hindrance = self.run_async(AIM, &[element.to_json()?]).await?;
            if let Some(words) = hindrance.as_str().filter(|words| !words.is_empty()) {
                bail!("{words}");
            }
            element.click().await?;
            if self.run_async(MISSED, &[]).await? == true {
                bail!("the click met something else");
            }
            Ok(Some(()))
        })
        .await
    }
}
