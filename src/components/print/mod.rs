//! The conversation on paper.

use gloo_events::EventListener;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, Node, ShadowRoot};

use super::effect::effect;
use super::extras::Extras;
use super::focus::element;
use super::transcript::{Lines, OnPaper, Question};
use crate::context::context;
use crate::i18n::{Text, use_i18n};
use crate::page_sheet::PageSheet;
use crate::store::Store;

/// The attribute of the host element while the conversation is printed.
const MARK: &str = "data-print";

/// What takes the page off the paper, whatever its own styles say: important rules of a layer win over others.
const PAGE_SHEET: &str = "@media print{@layer{\
    :root{all:initial!important;display:block!important}\
    :root::before,:root::after{content:none!important}\
    :root>:not([data-print]){display:none!important}}}";

/// The whole conversation as it is printed in place of the page. On the screen it is not to be seen.
#[component]
pub(super) fn Print() -> impl IntoView {
    let store = context::<Store>();
    let i18n = use_i18n();
    let is_printing = context::<Extras>().is_printing;
    provide_context(OnPaper);
    let node = AnyNodeRef::new();
    let printing = StoredValue::new_local(None::<Printing>);
    effect(move || {
        if node.get().is_none() {
            return;
        }
        // All of it is in place by the next frame.
        request_animation_frame(move || {
            let Some(element) = element::<Element>(node) else {
                return;
            };
            printing.set_value(Some(Printing::begin(&element, is_printing)));
            // A page in a sandbox may not print.
            _ = window().print();
        });
    });
    view! { class = "w",
        <div class="print" node_ref=node>
            <h1 class="print-title">{i18n.text(Text::PANEL_TITLE)}</h1>
            <p class="print-day">{i18n.date(store.today().get_untracked())}</p>
            <Question/>
            <Lines/>
        </div>
    }
}

/// A page that is ready to be printed. Dropping it puts everything back.
struct Printing {
    host: Option<HtmlElement>,
    _sheet: Option<PageSheet>,
    _over: EventListener,
}

impl Printing {
    fn begin(view: &Element, is_printing: RwSignal<bool>) -> Self {
        let root: Node = view.get_root_node();
        let host = root.dyn_into::<ShadowRoot>().map(|root| root.host()).ok();
        let host = host.and_then(|host| host.dyn_into::<HtmlElement>().ok());
        if let Some(host) = &host {
            _ = host.set_attribute(MARK, "");
            // What stands above the page is not laid out over several sheets.
            _ = host.hide_popover();
        }
        // Phones tell only by this event that they have what they print.
        let over = EventListener::once(&window(), "afterprint", move |_| {
            _ = is_printing.try_set(false);
        });
        Self {
            host,
            _sheet: PageSheet::adopt(PAGE_SHEET),
            _over: over,
        }
    }
}

impl Drop for Printing {
    fn drop(&mut self) {
        if let Some(host) = &self.host {
            _ = host.remove_attribute(MARK);
            _ = host.show_popover();
        }
    }
}
