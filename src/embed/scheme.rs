use gloo_events::EventListener;
use parlour_config::Scheme;
use web_sys::{HtmlElement, MediaQueryList};

/// A watch that keeps `data-scheme` at `light` or `dark`, as the tenant chose or the visitor's system says.
pub(super) struct SchemeWatch {
    _listener: Option<EventListener>,
}

impl SchemeWatch {
    pub(super) fn new(element: &HtmlElement, scheme: Scheme) -> Self {
        let query = match scheme {
            Scheme::Auto => preference(),
            Scheme::Light | Scheme::Dark => None,
        };
        let dark = query
            .as_ref()
            .map_or(scheme == Scheme::Dark, MediaQueryList::matches);
        set(element, dark);
        let listener = query.map(|query| {
            let (element, list) = (element.clone(), query.clone());
            EventListener::new(&query, "change", move |_| set(&element, list.matches()))
        });
        Self {
            _listener: listener,
        }
    }
}

fn preference() -> Option<MediaQueryList> {
    web_sys::window()?
        .match_media("(prefers-color-scheme: dark)")
        .ok()?
}

fn set(element: &HtmlElement, dark: bool) {
    // Setting a well-formed attribute cannot fail.
    _ = element.set_attribute("data-scheme", if dark { "dark" } else { "light" });
}
