use leptos::ev::ErrorEvent;
use leptos::prelude::*;
use web_sys::HtmlElement;

/// A picture of the tenant's, which is decoration. Where it cannot be loaded, or the page's policy forbids it, there is
/// nothing.
///
/// It is asked for as the other files are: without cookies, and so that a page that is isolated takes it.
#[component]
pub(super) fn Picture(src: String, class: &'static str) -> impl IntoView {
    let on_error = |event: ErrorEvent| event_target::<HtmlElement>(&event).set_hidden(true);
    view! { class = "w",
        <img class=class part=class alt="" crossorigin="anonymous" on:error=on_error src=src/>
    }
}
