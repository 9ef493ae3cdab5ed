//! The site's pages that the preview shows in its frames.

use serde_json::Value;

use super::script::State;

/// What a page looks like around its chat.
pub(super) struct Site<'a> {
    pub(super) scheme: &'a str,
    pub(super) locale: &'a str,
}

/// Writes a page on which a visitor has opened the panel, or not.
pub(super) fn form(site: &Site<'_>, is_open: bool) -> String {
    let open = if is_open { " data-open" } else { "" };
    let src = format!("/{}/widget.js", site.scheme);
    page(
        site,
        &format!("<script async src=\"{src}\"{open}></script>\n"),
    )
}

/// Writes a page outside of business hours, on which the visitor asks for the chat. The second script finds the function
/// that the first one makes.
pub(super) fn outside(site: &Site<'_>, api_name: &str) -> String {
    page(
        site,
        &format!(
            "<script defer src=\"/outside/{}/widget.js\"></script>\n\
             <script defer src=\"/chat.js\" data-api=\"{api_name}\"></script>\n",
            site.scheme
        ),
    )
}

/// Writes a page that begins a chat by itself.
pub(super) fn chat(site: &Site<'_>, state: State, api_name: &str, answers: &Value) -> String {
    let answers = escaped(&answers.to_string());
    page(
        site,
        &format!(
            "<script defer src=\"/chat/{}/widget.js\" data-open></script>\n\
             <script defer src=\"/chat.js\" data-api=\"{api_name}\" data-state=\"{}\" data-questions=\"{answers}\"></script>\n\
             <p class=\"said\" role=\"status\"></p>\n",
            site.scheme,
            state.name()
        ),
    )
}

fn page(site: &Site<'_>, rest: &str) -> String {
    let Site { scheme, locale } = site;
    let direction = if is_right_to_left(locale) {
        "rtl"
    } else {
        "ltr"
    };
    format!(
        "<!doctype html>\n<html lang=\"{locale}\" dir=\"{direction}\" class=\"site {scheme}\">\n\
         <meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{scheme}, {locale}</title>\n<link rel=\"stylesheet\" href=\"/preview.css\">\n{rest}"
    )
}

/// Writes a text as the value of an attribute.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// Returns whether a site in this language is written from right to left.
fn is_right_to_left(locale: &str) -> bool {
    let language = locale.split('-').next().unwrap_or_default();
    ["ar", "ckb", "dv", "fa", "he", "ps", "sd", "ug", "ur", "yi"].contains(&language)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_cannot_leave_their_attribute() {
        assert_eq!(escaped("\"><&"), "&quot;>&lt;&amp;");
    }
}
