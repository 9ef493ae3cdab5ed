use leptos::prelude::*;
use parlour_chat::{TextPiece, short_runs, split_at_links};

use crate::components::links::Link;

/// A text with its addresses as links, each with the host it really leads to.
#[component]
pub(in crate::components) fn Words(text: String) -> impl IntoView {
    split_at_links(&text)
        .into_iter()
        .flat_map(|piece| match piece {
            TextPiece::Words(words) => in_short_runs(words),
            TextPiece::Link { written, address } => match Link::parse(&address) {
                Some(link) => {
                    vec![view! { <Anchor written=written.to_owned() address link/> }.into_any()]
                }
                None => in_short_runs(written),
            },
        })
        .collect::<Vec<_>>()
}

/// Puts a text into nodes that are quick to break into lines.
pub(super) fn in_short_runs(text: &str) -> Vec<AnyView> {
    let runs = short_runs(text).into_iter();
    runs.map(|run| run.to_owned().into_any()).collect()
}

/// A link in a text. It shows the address as it was written if that says where it leads; otherwise
/// as the browser reads it.
#[component]
fn Anchor(written: String, address: String, link: Link) -> impl IntoView {
    let honest = link.host.is_empty() || names_host(&address, &link.host);
    let shown = if honest { written } else { link.href.clone() };
    view! { class = "w",
        <a class="link" dir="ltr" href=link.href target="_blank" rel="noopener noreferrer">
            {in_short_runs(&shown)}
        </a>
    }
}

/// Tells whether a web address names this host right after its scheme.
pub(super) fn names_host(address: &str, host: &str) -> bool {
    let after_scheme = address.split_once(':');
    let Some(rest) = after_scheme.and_then(|(_, rest)| rest.strip_prefix("//")) else {
        return false;
    };
    let written = rest
        .get(..host.len())
        .is_some_and(|head| head.eq_ignore_ascii_case(host));
    let after = rest.get(host.len()..).unwrap_or_default();
    written && (after.is_empty() || after.starts_with(['/', '?', '#', ':']))
}
