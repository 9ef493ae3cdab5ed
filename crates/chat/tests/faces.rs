//! What stands for somebody who has no picture.

use std::collections::BTreeSet;

use parlour_chat::{FACE_COLOURS, Face};

#[test]
fn initials_are_letters_as_readers_of_the_script_see_them() {
    for (name, expected) in [
        ("Anna", Some("A")),
        ("anna schmidt", Some("as")),
        ("Anna Maria Schmidt", Some("AS")),
        ("  Zoë   Ångström ", Some("ZÅ")),
        ("E\u{301}mile Zola", Some("E\u{301}Z")),
        ("Анна Каренина", Some("АК")),
        ("Ελένη Παππά", Some("ΕΠ")),
        ("ßeta", Some("ß")),
        // Without capitals there is one.
        ("王小明", Some("王")),
        ("山田 太郎", Some("山")),
        ("김 민수", Some("김")),
        ("محمد علي", Some("م")),
        ("דוד לוי", Some("ד")),
        ("क्षितिज शर्मा", Some("क्षि")),
        ("Anna 王", Some("A")),
        ("Agent 42", Some("A")),
        ("42", Some("4")),
        // What stands around the words counts for nothing.
        ("Anna (Support)", Some("A")),
        ("\u{1f31f} Anna", Some("A")),
        (
            "\u{1f469}\u{200d}\u{1f4bb}",
            Some("\u{1f469}\u{200d}\u{1f4bb}"),
        ),
        (
            "\u{1f1ea}\u{1f1fa}\u{1f1e9}\u{1f1ea}",
            Some("\u{1f1ea}\u{1f1fa}"),
        ),
        ("", None),
        ("  ", None),
        ("…", Some("…")),
        ("--", None),
    ] {
        assert_eq!(Face::of(name).initials.as_deref(), expected, "{name:?}");
    }
}

#[test]
fn piled_up_marks_are_left_out() {
    let piled = ["Z", &"\u{351}".repeat(500), "algo"].concat();
    assert_eq!(Face::of(&piled).initials.as_deref(), Some("Z"));
}

#[test]
fn a_name_keeps_its_colour_and_names_differ() {
    assert_eq!(Face::of("Anna").colour, Face::of(" Anna ").colour);
    let names = [
        "Anna", "Ben", "Cem", "Dora", "Emil", "Fay", "Gus", "Hana", "Ida", "Jo",
    ];
    let colours: BTreeSet<u32> = names.iter().map(|name| Face::of(name).colour).collect();
    assert!(colours.len() >= 4, "{colours:?}");
    assert!(colours.iter().all(|colour| *colour < FACE_COLOURS));
}
