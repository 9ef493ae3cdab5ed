use std::cell::Cell;

use parlour_chat::{Keep, Phase};
use parlour_config::KeepChat;

use super::records::{is_kept, put, storage};

/// The mark in the storage that there is a chat to resume: by it the loader brings the widget back on
/// the visitor's next page.
pub(super) struct LiveMark {
    key: String,
    /// Where the tenant has the chat kept.
    kept: KeepChat,
    panel_key: String,
    /// Where the mark is, once this tab has set or erased it.
    now: Cell<Option<Option<Keep>>>,
    panel_open: Cell<bool>,
}

impl LiveMark {
    pub(super) fn new(key: &str, scope: &str, kept: KeepChat) -> Self {
        let panel_key = ["panel:", scope].concat();
        let was_open = storage(Keep::ForTab).and_then(|tab| tab.get_item(&panel_key).ok()?);
        Self {
            key: key.into(),
            kept,
            panel_key,
            now: Cell::new(None),
            panel_open: Cell::new(was_open.is_some()),
        }
    }

    /// Follows the chat: while it goes on the mark is for all tabs, with a copy for this one, as its records have;
    /// while it starts, or once it has ended, only this tab's, until it is dismissed.
    pub(super) fn follow_phase(&self, phase: &Phase) {
        let keep = match phase {
            Phase::Idle | Phase::Refused(_) => None,
            Phase::Chatting | Phase::Ending => Some(Keep::ForVisitor),
            Phase::Starting | Phase::Ended(_) => Some(Keep::ForTab),
        };
        // A refusal leaves nothing to resume, but is to be seen.
        let refused = matches!(phase, Phase::Refused(_)).then_some(Keep::ForTab);
        let before = self.now.replace(Some(keep.or(refused)));
        for each in [Keep::ForVisitor, Keep::ForTab] {
            // Without storage there is nothing to resume either.
            let is_marked = keep == Some(each) || keep == Some(Keep::ForVisitor);
            let is_marked = is_marked && is_kept(self.kept, each);
            if is_marked {
                _ = put(each, &self.key, Some("1"));
            } else if each == Keep::ForTab || before.is_none_or(|before| before == Some(each)) {
                // Another tab's is left alone.
                _ = put(each, &self.key, None);
            }
        }
        self.write_panel();
    }

    /// Follows the panel.
    pub(super) fn follow_panel(&self, open: bool) {
        self.panel_open.set(open);
        self.write_panel();
    }

    /// Tells whether there is a chat and the panel is open, or was when this tab's last page was
    /// left.
    pub(super) fn is_panel_open(&self) -> bool {
        self.now.get().flatten().is_some() && self.panel_open.get()
    }

    fn write_panel(&self) {
        let is_kept_open = self.is_panel_open() && is_kept(self.kept, Keep::ForTab);
        _ = put(Keep::ForTab, &self.panel_key, is_kept_open.then_some("1"));
    }
}
