use parlour_config::Icon as Picture;

use super::Ui;
use super::dom::{El, el, truth};
use super::icon::Icon;
use crate::i18n::{Count, Text};

/// The most that fits into the badge.
const MOST: u32 = 99;

/// Shows the button that opens and closes the panel, with the number of unread messages.
pub(super) fn launcher(ui: Ui) -> El {
    let label = ui
        .config(|config| ui.words(None, &[&config.launcher.label]))
        .unwrap_or_default();
    let face = match ui.config(|config| config.launcher.icon) {
        Picture::Chat => el("span.launcher-face").icon(Icon::CHAT),
        Picture::Question => el("span.launcher-face").icon(Icon::QUESTION),
        Picture::None => el("span.launcher-face.launcher-label").text(label.clone()),
    };
    el("button.launcher type=button part=launcher aria-haspopup=dialog")
        .live("aria-label", move || Some(name(ui, &label)))
        .live("aria-expanded", move || Some(truth(ui.store().open.get())))
        .click(move || ui.store().set_open(!ui.store().open.peek()))
        .child(face)
        .child(el("span.launcher-close").icon(Icon::DOWN))
        .show(move || badge(ui))
}

fn name(ui: Ui, label: &str) -> String {
    let unread = ui.store().unread.get();
    if ui.store().open.get() {
        ui.text(Text::LauncherClose)
    } else if unread > 0 {
        [label, ", ", &ui.count(Count::LauncherUnread, unread.into())].concat()
    } else {
        label.to_owned()
    }
}

fn badge(ui: Ui) -> Option<El> {
    let unread = ui.store().unread.get();
    (unread > 0).then(|| {
        let number = ui.texts(|texts| texts.formats().number(unread.min(MOST).into()));
        let more = if unread > MOST { "+" } else { "" };
        // Its number is part of the button's name.
        el("span.badge part=badge aria-hidden=true").text(number + more)
    })
}
