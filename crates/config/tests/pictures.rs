//! The pictures of a tenant's file: told apart by their first bytes, small, and harmless.

mod common;

use std::io;

use common::{GOOD, mistakes};
use parlour_config::build::{self, Known, PictureKind, Pictures};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n-";
const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\">";

/// Reads a file whose pictures are the given ones.
fn read(rest: &str, files: &[(&str, &[u8])]) -> Result<Pictures, String> {
    let pictures = |name: &str| {
        let found = files.iter().find(|(own, _)| *own == name);
        found
            .map(|(_, bytes)| bytes.to_vec())
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    };
    build::read_with(
        format!("{GOOD}{rest}"),
        &Known::default(),
        None,
        Some(&pictures),
    )
    .map(|tenant| tenant.pictures)
    .map_err(|mistakes| mistakes.to_string())
}

#[track_caller]
fn assert_refused(name: &str, bytes: &[u8], expected: &str) {
    let said = read(&format!("[theme]\nlogo = \"{name}\""), &[(name, bytes)])
        .err()
        .unwrap_or_default();
    assert_eq!(said, format!("8:8: theme.logo: {expected}"));
}

#[test]
fn pictures_are_read_by_the_names_in_the_file() {
    let svg = format!("{SVG}<path d=\"M4 5h16v11z\"/></svg>");
    let file =
        "theme.logo = \"p/logo.png\"\ntheme.avatar = \"a.JPEG\"\nlauncher.image = \"b.svg\"\n";
    let files: [(&str, &[u8]); 3] = [
        ("p/logo.png", PNG),
        ("a.JPEG", b"\xff\xd8\xff\xe0"),
        ("b.svg", svg.as_bytes()),
    ];
    let file = file
        .replace("theme.", "")
        .replace("launcher.image", "[launcher]\nimage");
    let pictures = read(&format!("[theme]\n{file}"), &files).unwrap();
    let logo = pictures.logo.unwrap();
    assert_eq!((logo.kind, logo.bytes.as_slice()), (PictureKind::Png, PNG));
    assert_eq!(pictures.avatar.unwrap().kind, PictureKind::Jpeg);
    assert_eq!(pictures.outline.unwrap(), "M4 5l16 0 0 11z");
}

#[test]
fn a_name_that_leads_elsewhere_is_a_mistake() {
    for name in [
        "",
        "/logo.svg",
        "../logo.svg",
        "a/../../b.svg",
        "https://a.example/b.svg",
        "c:b.svg",
    ] {
        let said = mistakes(&format!("{GOOD}[theme]\nlogo = \"{name}\""));
        assert_eq!(
            said,
            format!(
                "8:8: theme.logo: expected the name of a picture in the folder of this file or below it, such as \
                 \"pictures/logo.svg\", found \"{name}\""
            )
        );
    }
    assert_eq!(
        mistakes(&format!("{GOOD}[theme]\navatar = \"agent.gif\"")),
        "8:10: theme.avatar: expected a picture that ends in .svg, .png, .webp, .jpg or .jpeg, found \"agent.gif\""
    );
}

#[test]
fn a_picture_that_cannot_be_used_is_a_mistake() {
    assert_eq!(
        read("[theme]\nlogo = \"none.png\"", &[]).unwrap_err(),
        "8:8: theme.logo: there is no file \"none.png\": expected a picture, its name relative to this file"
    );
    assert_refused(
        "big.png",
        &[PNG, &[0; 100_000]].concat(),
        "\"big.png\" is larger than the 100 kB that a picture may have",
    );
    assert_refused(
        "a.webp",
        PNG,
        "expected \"a.webp\" to be WebP, it begins like PNG",
    );
    assert_refused(
        "a.svg",
        b"GIF89a",
        "expected \"a.svg\" to be SVG, it begins like no picture that is known here",
    );
    let svg = format!("{SVG}\n<script>alert(1)</script></svg>");
    assert_refused(
        "a.svg",
        svg.as_bytes(),
        "\"a.svg\" has code, <script>, in line 2",
    );
}

#[test]
fn the_launchers_picture_is_a_drawing_in_one_colour() {
    assert_eq!(
        read("[launcher]\nimage = \"a.png\"", &[("a.png", PNG)]).unwrap_err(),
        "8:9: launcher.image: expected an SVG file of shapes in one colour, which is painted with the page without \
         a request, found \"a.png\""
    );
    let svg = format!("{SVG}<text>Hi</text></svg>");
    let said = read(
        "[launcher]\nimage = \"a.svg\"",
        &[("a.svg", svg.as_bytes())],
    )
    .unwrap_err();
    assert!(
        said.starts_with("8:9: launcher.image: \"a.svg\" has <text>: expected only path"),
        "{said}"
    );
}
