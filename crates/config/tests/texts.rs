//! Texts: those the widget shows, in languages that exist, with blanks that are filled.

mod common;

use common::{GOOD, field, known, mistakes, mistakes_with, read};
use parlour_config::build;

#[test]
fn locales_look_like_locales() {
    for good in ["en", "pt-BR", "zh-Hant-TW", "fil", "es-419"] {
        assert!(
            read(&format!("locale = \"{good}\"\n{GOOD}")).is_ok(),
            "{good}"
        );
    }
    for bad in ["", "e", "EN", "english", "en_GB", "en-", "de-x"] {
        assert_eq!(
            mistakes(&format!("locale = \"{bad}\"\n{GOOD}")),
            format!("1:10: locale: expected a locale like en, pt-BR or zh-Hant, found \"{bad}\"")
        );
    }
}

#[test]
fn texts_are_those_the_widget_shows() {
    let file = format!(
        "{GOOD}[texts.en_GB]\n\"launcher.label\" = \"Hi\"\n[texts.en]\n\"launcher.lable\" = \"Hi\"\n\
         \"a b\" = \"x\"\n\"placeholder\" = \"x\"\n\"banana.split\" = \"x\"\n\"files.tooLarge\" = \"{{file}} is too big\"\n\
         \"composer.placeholder\" = \"{{x}}\"\n"
    );
    assert_eq!(
        mistakes_with(&file, &known()),
        "7:8: texts.en_GB: expected a locale like en, pt-BR or zh-Hant, found \"en_GB\"\n\
         10:1: texts.en.\"launcher.lable\": unknown text key, did you mean \"launcher.label\"?\n\
         11:1: texts.en.\"a b\": expected a text key: words joined by dots\n\
         12:1: texts.en.placeholder: unknown text key, did you mean \"composer.placeholder\"?\n\
         13:1: texts.en.\"banana.split\": unknown text key\n\
         14:20: texts.en.\"files.tooLarge\": nothing fills {file} in this text, expected {limit}, \
         {name}\n\
         15:26: texts.en.\"composer.placeholder\": nothing fills {x} in this text"
    );
}

#[test]
fn texts_of_other_plurals_and_of_the_tenants_own_fields_are_known() {
    let file = format!(
        "{}kind = \"select\"\noptions = [{{ value = \"New order\" }}]\n\
         [texts.pl]\n\"unread.few\" = \"{{count}} nowe\"\n[texts.en]\n\
         \"form.nick.label\" = \"Name\"\n\"form.a.label\" = \"About\"\n\
         \"form.a.options.New order\" = \"A new order\"\n",
        field("")
    );
    let read = build::read(&file, &known());
    assert!(read.is_ok(), "{read:?}");
}

#[test]
fn the_launchers_label_names_a_text() {
    assert_eq!(
        mistakes(&format!("{GOOD}[launcher]\nlabel = \"Chat with us\"\n")),
        "8:9: launcher.label: expected a text key: words joined by dots, found \"Chat with us\""
    );
    assert_eq!(
        mistakes_with(
            &format!("{GOOD}[launcher]\nlabel = \"launcher.lable\"\n"),
            &known()
        ),
        "8:9: launcher.label: unknown text key, did you mean \"launcher.label\"?"
    );
    let own = "[launcher]\nlabel = \"my.label\"\n[texts.en]\n\"my.label\" = \"Hi\"\n";
    let read = build::read(format!("{GOOD}{own}"), &known());
    assert!(read.is_ok(), "{read:?}");
}

/// Returns the warnings of a file with these fields and texts.
#[expect(clippy::panic, reason = "a helper that fails tests")]
fn warnings(fields: &str, texts: &str) -> String {
    let file = format!("{}{texts}", field(fields));
    let tenant = build::read(&file, &known()).unwrap_or_else(|mistakes| panic!("{mistakes}"));
    let warnings = tenant.warnings.iter().map(ToString::to_string);
    warnings.collect::<Vec<_>>().join("\n")
}

#[test]
fn how_many_texts_a_language_has_no_words_for_is_told_with_the_first_of_them() {
    assert_eq!(
        warnings(
            "",
            "[texts.de]\n\"launcher.label\" = \"Fragen?\"\n\"unread.one\" = \"eine neue\"\n\
             [texts.de-CH]\n\"files.tooLarge\" = \"zu gross\"\n[texts.en]\n\"form.nick.label\" = \"Hi\"\n\"form.a.label\" = \"A\"\n"
        ),
        "14:1: texts.de: has no words for 4 of 6 texts, which are shown in English: \
         composer.placeholder, files.tooLarge, form.a.label, form.nick.label\n\
         17:1: texts.de-CH: has no words for 3 of 6 texts, which are shown in English: \
         composer.placeholder, form.a.label, form.nick.label"
    );
    // The form's own words count as well; of many, the first are named.
    assert_eq!(
        warnings(
            "label = { en = \"A\", de = \"B\" }\nhelp.en = \"C\"\nkind = \"select\"\n\
             options = [{ value = \"x\", label.en = \"X\" }]\n",
            "[texts.de]\n\"launcher.open\" = \"x\"\n[texts.en]\n\"form.nick.label\" = \"Hi\"\n\
             [launcher]\nlabel = \"launcher.open\"\n"
        ),
        "18:1: texts.de: has no words for 7 of 9 texts, which are shown in English: form.a.help, \
         form.a.options.x, composer.placeholder, files.tooLarge, form.nick.label, …"
    );
}

#[test]
fn words_in_a_language_that_the_widget_does_not_speak_are_told_once() {
    assert_eq!(
        warnings(
            "label = { en = \"A\", fr = \"B\" }\nhelp = { en = \"A\", fr-CA = \"B\" }\n",
            "[texts.en]\n\"form.nick.label\" = \"Hi\"\n"
        ),
        "14:26: form.fields[1].label.fr: is not shown: there is no [texts.fr] beside it"
    );
    let fixed = |tag: &str| {
        let file = format!("locale = \"{tag}\"\n{GOOD}[texts.pt]\n\"a.b\" = \"x\"\n");
        let warnings = read(&file).map(|tenant| tenant.warnings);
        warnings.map(|all| all.iter().map(ToString::to_string).collect::<Vec<_>>())
    };
    assert_eq!(
        fixed("de"),
        Ok(vec![
            "1:10: locale: has no words: without [texts.de] the widget speaks English".to_owned()
        ])
    );
    assert_eq!(fixed("pt-BR"), Ok(vec![]));
    assert_eq!(fixed("en-GB"), Ok(vec![]));
}
