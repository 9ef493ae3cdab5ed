use gloo_events::EventListener;
use web_sys::{HtmlElement, VisualViewport};

/// A watch that keeps, as custom properties, the part of the window that a software keyboard leaves free:
/// `--view-top` and `--view-height`.
pub(super) struct ViewportWatch {
    _listeners: Vec<EventListener>,
}

impl ViewportWatch {
    pub(super) fn new(element: &HtmlElement) -> Self {
        let viewport = web_sys::window().and_then(|window| window.visual_viewport());
        let Some(viewport) = viewport else {
            return Self {
                _listeners: Vec::new(),
            };
        };
        set(element, &viewport);
        let listen = |event| {
            let (element, view) = (element.clone(), viewport.clone());
            EventListener::new(&viewport, event, move |_| set(&element, &view))
        };
        Self {
            _listeners: vec![listen("resize"), listen("scroll")],
        }
    }
}

fn set(element: &HtmlElement, viewport: &VisualViewport) {
    // Someone who has zoomed in wants to look closer, not a smaller panel.
    if viewport.scale() > 1.01 {
        return;
    }
    let values = [
        ("--view-top", viewport.offset_top()),
        ("--view-height", viewport.height()),
    ];
    for (name, value) in values {
        // Setting a custom property to a length cannot fail.
        _ = element
            .style()
            .set_property(name, &format!("{}px", value.round() as i64));
    }
}
