use crate::components::dom::{El, link};
use crate::components::links::{Link, Piece, pieces};

/// Puts a text inside, with its addresses as links, each with the host it really leads to.
pub(super) fn words(mut around: El, text: &str) -> El {
    for piece in pieces(text) {
        around = match piece {
            Piece::Words(words) => around.text(words.into()),
            Piece::Link(address) => match Link::parse(address) {
                Some(link) => around.child(anchor(address, link)),
                None => around.text(address.into()),
            },
        };
    }
    around
}

fn anchor(address: &str, target: Link) -> El {
    // As it was written, if that says where it leads; otherwise as the browser reads it.
    let honest = target.host.is_empty() || says_host(address, &target.host);
    let shown = if honest {
        address.to_owned()
    } else {
        target.href.clone()
    };
    link("a.link dir=ltr", target.href).text(shown)
}

/// Tells whether a web address names this host right after its scheme.
fn says_host(address: &str, host: &str) -> bool {
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
