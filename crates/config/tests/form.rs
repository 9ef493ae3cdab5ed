//! The form: fields that fit their kind, and a name for the server.

mod common;

use common::{GOOD, field, known, mistakes, mistakes_with, read};
use parlour_config::build;

#[test]
fn the_form_gives_the_server_a_name() {
    let message = "the server needs the visitor's name: make a field with the role nickname \
                   required, or those with the roles first_name and last_name, or add a hidden \
                   one with a value";
    for (form, place) in [
        ("[form]\nfields = []\n", "8:10"),
        (
            "[[form.fields]]\nname = \"n\"\nrole = \"nickname\"\n",
            "7:1",
        ),
        // Visitors may empty it.
        (
            "[[form.fields]]\nname = \"n\"\nrole = \"nickname\"\nvalue = \"Guest\"\n",
            "7:1",
        ),
        (
            "[[form.fields]]\nname = \"n\"\nrole = \"first_name\"\nrequired = true\n",
            "7:1",
        ),
    ] {
        assert_eq!(
            mistakes(&format!("{GOOD}{form}")),
            format!("{place}: form.fields: {message}"),
            "{form}"
        );
    }
    let hidden = "[[form.fields]]\nname = \"n\"\nkind = \"hidden\"\nrole = \"nickname\"\nvalue = \"Guest\"\n";
    assert!(read(&format!("{GOOD}{hidden}")).is_ok());
}

#[test]
fn not_every_server_needs_every_name() {
    let first = "[[form.fields]]\nname = \"first\"\nrole = \"first_name\"\nrequired = true\n";
    let email = "[[form.fields]]\nname = \"email\"\nkind = \"email\"\nrole = \"email\"\n";
    for (dialect, field, fits) in [
        ("gms-v2", first, false),
        ("gms-v2-cometd", first, false),
        ("gws", first, true),
        ("gws", email, false),
        ("gms-v1", email, true),
        ("gms-v1-cometd", email, true),
    ] {
        let file = format!("{GOOD}{field}")
            .replace("[server]", &format!("[server]\ndialect = \"{dialect}\""));
        assert_eq!(read(&file).is_ok(), fits, "{dialect}: {field}");
    }
}

#[test]
fn names_and_roles_are_taken_once() {
    let file = field(
        "[[form.fields]]\nname = \"nick\"\nrole = \"nickname\"\n\
         [[form.fields]]\nname = \"2nd\"\nrole.user_data = \"A\"\n",
    );
    assert_eq!(
        mistakes(&file),
        "15:8: form.fields[2].name: is the name of form.fields[0] too\n\
         16:8: form.fields[2].role: is the role of form.fields[0] too\n\
         18:8: form.fields[3].name: expected a letter, then letters, digits, _ or -\n\
         19:1: form.fields[3].role: is the role of form.fields[1] too"
    );
}

#[test]
fn what_a_kind_cannot_use_is_reported() {
    assert_eq!(
        mistakes(&field(
            "kind = \"checkbox\"\nmax_length = 5\npattern = \"x\"\noptions = [{ value = \"x\" }]\n\
             autocomplete = \"on\"\nplaceholder.en = \"x\"\n"
        )),
        [
            "15:1: form.fields[1].max_length",
            "16:1: form.fields[1].pattern"
        ]
        .into_iter()
        .chain([
            "17:1: form.fields[1].options",
            "18:1: form.fields[1].autocomplete"
        ])
        .chain(["19:1: form.fields[1].placeholder"])
        .map(|place| format!("{place}: has no meaning for the kind \"checkbox\""))
        .collect::<Vec<_>>()
        .join("\n")
    );
    assert_eq!(
        mistakes(&field(
            "kind = \"hidden\"\nlabel.en = \"x\"\nhelp.en = \"x\"\nlink.en = \"https://x.example\"\n"
        )),
        "15:1: form.fields[1].label: has no meaning for the kind \"hidden\"\n\
         16:1: form.fields[1].help: has no meaning for the kind \"hidden\"\n\
         17:1: form.fields[1].link: has no meaning for the kind \"hidden\""
    );
}

#[test]
fn a_select_offers_different_choices_and_begins_with_one_of_them() {
    assert_eq!(
        mistakes(&field("kind = \"select\"\n")),
        "11:1: form.fields[1].options: expected at least one choice for the kind \"select\""
    );
    assert_eq!(
        mistakes(&field(
            "kind = \"select\"\nvalue = \"c\"\noptions = [{ value = \"a\" }, { value = \"a\" }]\n"
        )),
        "15:9: form.fields[1].value: expected the value of one of the options\n\
         16:39: form.fields[1].options[1].value: is the value of form.fields[1].options[0] too"
    );
}

#[test]
fn a_pattern_is_one_that_browsers_take() {
    assert!(read(&field("pattern = \"[\\\\p{L}\\\\d]{3,}\"\n")).is_ok());
    assert_eq!(
        mistakes(&field("pattern = \"[0-9]+|x\"\nvalue = \"12x\"\n")),
        "14:11: form.fields[1].pattern: refuses the field's own value \"12x\""
    );
}

#[test]
fn the_character_that_spoils_a_pattern_is_named_with_its_cure() {
    // With the `v` flag browsers refuse each of these; some take modifiers such as `(?i:`.
    for (pattern, told) in [
        (
            r"\d{3",
            r"3, {: begins no count: write {3}, or \{ for the character",
        ),
        (
            "x{,3}",
            r"2, {: begins no count: write {0,3}, or \{ for the character",
        ),
        (
            "é{a}",
            r"2, {: begins no count: write a count such as {3} or {0,3}, or \{ for the character",
        ),
        (r"\-", r"1, \-: is no escape: write - without the backslash"),
        (
            r"a\",
            r"2, \: stands before nothing: write \\ for the character",
        ),
        (
            "[a-",
            r"1, [: is not closed: write a ] behind what it is to hold, or \[ for the character",
        ),
        (
            "[(]",
            r"2, (: means something in a class: write \( for the character",
        ),
        (
            r"[\w-.]+",
            r"4, -: joins no two characters: write \- for the character",
        ),
        (
            "[a-z-]",
            r"5, -: joins no two characters: write \- for the character",
        ),
        (
            "[!!]",
            r"2, !: is doubled in a class: write \! for the character",
        ),
        ("a]", r"2, ]: closes nothing: write \] for the character"),
        ("(a))", r"4, ): closes no group: write \) for the character"),
        (
            "(a",
            r"1, (: is not closed: write a ) behind what it is to hold, or \( for the character",
        ),
        (
            "a|*",
            r"3, *: has nothing before it that can be repeated: write \* for the character",
        ),
        (
            r"\b+",
            r"3, +: has nothing before it that can be repeated: write \+ for the character",
        ),
        (
            "(?=a)?",
            r"6, ?: has nothing before it that can be repeated: write \? for the character",
        ),
        (
            "(?i:x)",
            "1, (?: begins a group that not all browsers know: write (?: instead",
        ),
        (
            r"\p{Foo}",
            r"1, \p{Foo}: names no property: write one such as \p{L}",
        ),
        (
            r"\u12",
            r"1, \u: is no character: write it by its number, such as \u{20AC}",
        ),
    ] {
        assert_eq!(
            mistakes(&field(&format!("pattern = '{pattern}'\n"))),
            format!(
                "14:11: form.fields[1].pattern: browsers would ignore this pattern: character {told}"
            ),
            "{pattern}"
        );
    }
    // What belongs to no single character is refused as well.
    for pattern in ["a{3,1}", r"\k<a>", "[--a]", "(?<a>x)(?<a>y)"] {
        let told = mistakes(&field(&format!("pattern = '{pattern}'\n")));
        assert!(
            told.contains("browsers would ignore this pattern"),
            "{pattern}: {told}"
        );
    }
}

#[test]
fn patterns_that_browsers_take_are_taken() {
    for pattern in [
        r"[A-Za-z0-9._%+]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}",
        r"\+?[0-9 \(\)\/\-]{6,}",
        "[.,!?]*",
        r"[\p{L}--[a-z]]+",
        r"[\w&&\d]{3,5}?",
        r"\p{RGI_Emoji}|[\q{ab|c}]",
        "(?<year>[0-9]{4})-[0-9]{2}",
        r"(?!0)\d{5}|(?<=x)y",
        r"\u{1F600}|\x41|\cA|\0",
        "[^^]+",
    ] {
        let read = read(&field(&format!("pattern = '{pattern}'\n")));
        assert!(read.is_ok(), "{pattern}: {:?}", read.err());
    }
}

#[test]
fn a_value_fits_its_field() {
    assert_eq!(
        mistakes(&field("max_length = 2\nvalue = \"a😀\"\n")),
        "15:9: form.fields[1].value: is longer (3) than max_length (2)"
    );
    assert_eq!(
        mistakes(&field("kind = \"hidden\"\nrequired = true\n")),
        "11:1: form.fields[1].value: a hidden field that is required needs a value: visitors \
         cannot give one"
    );
    assert_eq!(
        mistakes(&field("").replace("role.user_data = \"A\"", "role = \"email\"")),
        "11:1: form.fields[1].kind: expected \"email\" or \"hidden\" for the role email"
    );
    assert_eq!(
        mistakes(&field("autocomplete = \"emial\"\n")),
        "14:16: form.fields[1].autocomplete: expected on, off or a field name of HTML's \
         autocomplete, did you mean \"email\"?"
    );
}

#[test]
fn words_of_a_field_are_words_in_some_language() {
    assert_eq!(
        mistakes(&field(
            "kind = \"consent\"\nlabel = {}\nhelp.en = \" \"\nhelp.english = \"x\"\n\
             link.en = \"privacy.html\"\nlink.de = \"javascript:x\"\nlink.fr = \"/fr/vie-privee\"\n"
        )),
        "15:9: form.fields[1].label: expected words for at least one locale: { en = \"…\" }\n\
         16:11: form.fields[1].help.en: expected words, found nothing\n\
         17:6: form.fields[1].help.english: expected a locale like en, pt-BR or zh-Hant, found \
         \"english\"\n\
         18:11: form.fields[1].link.en: expected a URL that begins with https:// or http://, or a \
         path of the site that begins with one slash\n\
         19:11: form.fields[1].link.de: expected a URL that begins with https:// or http://, or a \
         path of the site that begins with one slash"
    );
}

#[test]
fn a_field_that_nobody_could_read_aloud_is_reported() {
    assert_eq!(
        mistakes_with(&field(""), &known()),
        "7:1: form.fields[0].label: missing: add label.en or the text \"form.nick.label\"\n\
         11:1: form.fields[1].label: missing: add label.en or the text \"form.a.label\""
    );
    let labelled = format!(
        "{}label.en = \"A\"\n[texts.en]\n\"form.nick.label\" = \"Your name\"\n",
        field("")
    );
    assert!(build::read(labelled, &known()).is_ok());
}
