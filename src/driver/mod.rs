//! The only code that talks to the browser: requests, timers, storage, the page's life, files.
//!
//! It carries out what the core asks for, in order, and hands back what happened. It decides
//! nothing.

mod attention;
mod clipboard;
mod clock;
mod engine;
mod fetch;
mod files;
mod flight;
mod halt;
mod later;
mod live;
mod page;
mod records;
mod save;
mod settings;
mod sound;
mod tabs;
mod upload;
mod xhr;

use std::rc::Rc;

use parlour_config::Config;

use crate::store::Store;

use engine::Engine;
use page::PageListeners;

pub(crate) use clipboard::copy;
pub use fetch::Network;
pub use halt::halt;
pub use later::install_later;
pub(crate) use save::save;
pub use settings::settings;

/// One visitor's chat, run in this page.
///
/// Dropping it stops everything it began: requests, timers, listeners.
pub struct Driver {
    engine: Rc<Engine>,
    _page: PageListeners,
}

impl Driver {
    /// Takes up the chat where this browser's storage left it, and connects it with the store.
    ///
    /// `live_key` names the mark that tells the loader that there is a chat to resume. Requests go by `network`.
    #[must_use]
    pub fn start(config: &Config, live_key: &str, network: Network, store: Store) -> Self {
        let engine = Engine::new(config, live_key, network, store);
        store.connect(Rc::new(Rc::clone(&engine)));
        let page = PageListeners::new(&engine);
        engine.start();
        Self {
            engine,
            _page: page,
        }
    }

    /// Tells whether the panel was open when this tab was left in the middle of a chat.
    #[must_use]
    pub fn was_panel_open(&self) -> bool {
        self.engine.is_panel_open()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        self.engine.stop();
    }
}

impl std::fmt::Debug for Driver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}
