//! What happens when the module dies: the loader hears of it, and nothing more is done.

use std::cell::{Cell, RefCell};
use std::panic::{self, PanicHookInfo};

use js_sys::Function;
use wasm_bindgen::JsValue;

use crate::driver::halt;

thread_local! {
    static WATCHES: RefCell<Vec<(u32, Function)>> = const { RefCell::new(Vec::new()) };
    static NEXT: Cell<u32> = const { Cell::new(0) };
}

/// A watch that tells a mounted widget's loader when the module dies, for as long as it is kept.
pub(super) struct Watch(u32);

impl Watch {
    pub(super) fn new(fatal: Function) -> Self {
        let id = NEXT.replace(NEXT.get().wrapping_add(1));
        WATCHES.with_borrow_mut(|watches| watches.push((id, fatal)));
        Self(id)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        WATCHES.with_borrow_mut(|watches| watches.retain(|(id, _)| *id != self.0));
    }
}

/// Prepares the module, once: panics tell every mounted widget's loader. A build that traps at once has no
/// hook to call; its loaders see the trap itself.
pub fn start() {
    panic::set_hook(Box::new(on_panic));
}

fn on_panic(info: &PanicHookInfo<'_>) {
    halt();
    // The place only: a panic's own words may quote what a visitor wrote.
    let place = info
        .location()
        .map(|at| format!("{}:{}", at.file(), at.line()));
    let place = JsValue::from_str(&place.unwrap_or_default());
    // Already borrowed if the panic came from here: the loader then notices the trap alone.
    WATCHES.with(|watches| {
        for (_, fatal) in watches
            .try_borrow()
            .iter()
            .flat_map(|watches| watches.iter())
        {
            _ = fatal.call1(&JsValue::NULL, &place);
        }
    });
}
