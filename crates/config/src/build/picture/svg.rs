//! SVG files for other people's pages: no code, and nothing from elsewhere.

use roxmltree::{Document, Node};

/// The namespace of SVG.
pub(super) const SVG: &str = "http://www.w3.org/2000/svg";

/// What a picture may contain as data: rasters, which are inert.
const RASTERS: [&str; 4] = [
    "data:image/png",
    "data:image/jpeg",
    "data:image/webp",
    "data:image/gif",
];

/// Tells whether a file begins as markup does.
pub(super) fn begins_like_markup(bytes: &[u8]) -> bool {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let first = bytes.trim_ascii_start();
    first.starts_with(b"<svg") || first.starts_with(b"<?xml") || first.starts_with(b"<!--")
}

/// Returns a file's text.
///
/// # Errors
///
/// Says that it is none.
pub(super) fn text(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "is no text in UTF-8".to_owned())?;
    Ok(text.trim_start_matches('\u{feff}'))
}

/// Checks that a picture runs no code and loads nothing.
///
/// # Errors
///
/// Says what stands in it, and where.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let text = text(bytes)?;
    // A document type could define entities: none is taken.
    let document = Document::parse(text).map_err(|error| match error {
        roxmltree::Error::DtdDetected => {
            "has a DOCTYPE, which browsers do not need: expected none".to_owned()
        }
        error => format!("is no SVG that can be read: {error}"),
    })?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(format!(
            "is no SVG: expected <svg xmlns=\"{SVG}\"> around everything"
        ));
    }
    let has_sides = root.has_attribute("width") && root.has_attribute("height");
    if !root.has_attribute("viewBox") && !has_sides {
        return Err("has no viewBox: expected one, or width and height".into());
    }
    let found = document.descendants().find_map(|node| {
        let wrong = wrong_node(node)?;
        let line = document.text_pos_at(node.range().start).row;
        Some(format!("has {wrong} in line {line}"))
    });
    found.map_or(Ok(()), Err)
}

/// Says what is wrong with an element and its attributes.
fn wrong_node(node: Node<'_, '_>) -> Option<String> {
    if let Some(instruction) = node.pi() {
        return Some(format!("the instruction <?{}?>", instruction.target));
    }
    if !node.is_element() {
        return None;
    }
    let name = node.tag_name().name();
    if name == "script" || name == "handler" || name == "listener" {
        return Some(format!("code, <{name}>,"));
    }
    if name == "foreignObject"
        || node.tag_name().namespace() == Some("http://www.w3.org/1999/xhtml")
    {
        return Some(format!("something other than SVG, <{name}>,"));
    }
    if name == "style"
        && let Some(wrong) = node.text().and_then(wrong_style)
    {
        return Some(wrong);
    }
    node.attributes().find_map(|attribute| {
        let (name, value) = (attribute.name(), attribute.value());
        wrong_attribute(name, value).map(|wrong| format!("{wrong} ({name})"))
    })
}

fn wrong_attribute(name: &str, value: &str) -> Option<String> {
    if name.to_ascii_lowercase().starts_with("on") {
        return Some("an event handler".into());
    }
    let value = value.trim();
    match name {
        "href" | "src" => (!is_inside(value)).then(outside),
        // An animation could set what is checked here.
        "attributeName" => {
            let target = value.rsplit(':').next().unwrap_or(value);
            let sets = target.eq_ignore_ascii_case("href") || target.starts_with("on");
            sets.then(|| "an animation of an address or an event handler".into())
        }
        _ => wrong_style(value),
    }
}

/// Says what is wrong with a style sheet, a declaration, or a value.
fn wrong_style(style: &str) -> Option<String> {
    let style = style.to_ascii_lowercase();
    // A name that is spelt with escapes would not be found.
    if style.contains('\\') {
        return Some("a backslash".into());
    }
    if ["@import", "image-set(", "image(", "src("]
        .iter()
        .any(|word| style.contains(word))
    {
        return Some(outside());
    }
    let mut addresses = style.split("url(").skip(1);
    let leads_out = addresses.any(|rest| {
        let address = rest.trim_start().trim_start_matches(['"', '\'']);
        !is_inside(address)
    });
    leads_out.then(outside)
}

/// Tells whether an address is that of something in the file.
fn is_inside(address: &str) -> bool {
    let address = address.to_ascii_lowercase();
    address.starts_with('#') || RASTERS.iter().any(|raster| address.starts_with(raster))
}

fn outside() -> String {
    "a reference to something outside of the file".into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(inside: &str) -> String {
        let file = format!(
            "<svg xmlns=\"{SVG}\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 8 8\">\n{inside}</svg>"
        );
        check(file.as_bytes()).err().unwrap_or_default()
    }

    #[test]
    fn drawings_gradients_styles_and_rasters_inside_are_fine() {
        for inside in [
            "<defs><linearGradient id='a'/></defs><path fill='url(#a)' d='M0 0h4v4z'/>",
            "<style>path{fill:url( '#a' )} @media (prefers-color-scheme:dark){path{fill:#fff}}</style>",
            "<use xlink:href='#b'/><image href='data:image/png;base64,AAAA'/>",
            "<title>On the shop</title><g opacity='.5'/>",
        ] {
            assert_eq!(wrong(inside), "", "{inside}");
        }
    }

    #[test]
    fn code_and_what_leads_out_are_named_with_their_line() {
        for (inside, said) in [
            ("<script/>", "has code, <script>, in line 2"),
            (
                "<g>\n<path onclick='x()'/></g>",
                "has an event handler (onclick) in line 3",
            ),
            (
                "<g ONLOAD='x()'/>",
                "has an event handler (ONLOAD) in line 2",
            ),
            (
                "<foreignObject/>",
                "has something other than SVG, <foreignObject>, in line 2",
            ),
            (
                "<a xmlns='http://www.w3.org/1999/xhtml'/>",
                "has something other than SVG, <a>, in line 2",
            ),
            (
                "<?xml-stylesheet href='x.css'?>",
                "has the instruction <?xml-stylesheet?> in line 2",
            ),
            (
                "<animate attributeName='xlink:href'/>",
                "has an animation of an address",
            ),
            ("<style>a{b:u\\72l(x)}</style>", "has a backslash in line 2"),
        ] {
            assert!(
                wrong(inside).starts_with(said),
                "{inside}: {}",
                wrong(inside)
            );
        }
        for inside in [
            "<use xlink:href='other.svg#a'/>",
            "<a href='javascript:x()'/>",
            "<image href='data:image/svg+xml,x'/>",
            "<path fill='url(https://a.example/#b)'/>",
            "<path style='fill:url( \"x.svg#b\")'/>",
            "<style>@import 'x.css';</style>",
            "<style>a{b:image-set('x.png' 1x)}</style>",
        ] {
            let said = "has a reference to something outside of the file";
            assert!(
                wrong(inside).starts_with(said),
                "{inside}: {}",
                wrong(inside)
            );
        }
    }

    #[test]
    fn what_is_no_svg_is_told() {
        let told = |file: &str| check(file.as_bytes()).unwrap_err();
        assert!(told("<svg>").starts_with("is no SVG that can be read"));
        assert!(told("<svg viewBox='0 0 1 1'/>").starts_with("is no SVG: expected <svg xmlns="));
        assert!(told(&format!("<svg xmlns='{SVG}'/>")).starts_with("has no viewBox"));
        let entities = format!("<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='{SVG}'>&a;</svg>");
        assert!(told(&entities).starts_with("has a DOCTYPE"));
    }
}
