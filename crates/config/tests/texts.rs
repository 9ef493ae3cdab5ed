//! Texts: those the widget shows, in languages that exist, with blanks that are filled.

mod common;

use std::collections::BTreeMap;

use common::{GOOD, field, known, mistakes, mistakes_with, read};
use parlour_config::build::{self, Known};

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
        "14:26: form.fields[1].label.fr: is not shown: there is neither [texts.fr] beside it, nor \"fr\" in locales"
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

/// The widget with words of its own in German and in Brazilian Portuguese.
fn spoken() -> Known {
    let words = |title: &str| BTreeMap::from([("launcher.label".to_owned(), title.to_owned())]);
    let locales = [("de", "Fragen?"), ("pt-BR", "Perguntas?")];
    Known {
        locales: locales
            .map(|(tag, title)| (tag.to_owned(), words(title)))
            .into(),
        ..known()
    }
}

#[test]
fn languages_are_those_that_there_are_words_for() {
    for good in ["[]", "[\"all\"]", "[\"de\", \"pt-BR\"]", "[\"en\"]"] {
        let file = format!("locales = {good}\n{GOOD}");
        assert!(build::read(&file, &spoken()).is_ok(), "{good}");
    }
    let own = format!("locales = [\"sw\"]\n{GOOD}[texts.sw]\n\"launcher.label\" = \"Habari\"\n");
    assert!(build::read(&own, &spoken()).is_ok());
    for (bad, message) in [
        (
            "[\"de\", \"all\"]",
            "locales[1]: expected \"all\" alone: it includes the others",
        ),
        (
            "[\"pt_br\"]",
            "locales[0]: the widget has no words of its own for \"pt_br\", did you mean \"pt-BR\"?",
        ),
        (
            "[\"pt-PT\"]",
            "locales[0]: the widget has no words of its own for \"pt-PT\", did you mean \"pt-BR\"?",
        ),
        (
            "[\"sw\"]",
            "locales[0]: the widget has no words of its own for \"sw\": bring them with [texts.sw], or choose of de, pt-BR",
        ),
    ] {
        let found = mistakes_with(&format!("locales = {bad}\n{GOOD}"), &spoken());
        assert!(found.ends_with(message), "{found}");
    }
}

#[test]
fn a_package_has_the_languages_that_its_file_names() {
    let languages = |file: &str| {
        let tenant = build::read(file, &spoken()).unwrap();
        let all = tenant.config.languages(["de", "pt-BR"]);
        all.into_iter().collect::<Vec<_>>().join(" ")
    };
    assert_eq!(languages(GOOD), "");
    assert_eq!(
        languages(&format!("locales = [\"all\"]\n{GOOD}")),
        "de pt-BR"
    );
    assert_eq!(languages(&format!("locale = \"de-AT\"\n{GOOD}")), "de");
    assert_eq!(
        languages(&format!(
            "locales = [\"de\"]\n{GOOD}[texts.fr]\n\"launcher.label\" = \"Bonjour\"\n"
        )),
        "de fr"
    );
}

#[test]
fn own_words_that_a_language_of_the_widget_lacks_are_warned_of() {
    let warnings = |more: &str| {
        let file = format!("locales = [\"all\"]\n{GOOD}{more}");
        let all = build::read(&file, &spoken()).unwrap().warnings;
        let texts: Vec<_> = all.iter().map(ToString::to_string).collect();
        texts.join("; ")
    };
    assert_eq!(warnings(""), "");
    assert_eq!(
        warnings("[texts.en]\n\"launcher.label\" = \"Hi\"\n"),
        "1:11: locales: 1 of the file's own texts are missing in 2 of these languages, de for one: launcher.label"
    );
    // What has all of the widget's words needs no more than those of its own.
    let own = |tag: &str| format!("[texts.{tag}]\n\"launcher.label\" = \"Hi\"\n");
    let everywhere = [own("en"), own("de"), own("pt-BR")].concat();
    assert!(!warnings(&everywhere).contains("locales"));
}

#[test]
fn words_of_the_form_without_english_ones_are_warned_of() {
    let texts = "[texts.he]\n\"launcher.label\" = \"\u{5e9}\"\n\"form.nick.label\" = \"\u{5e9}\"\n";
    let he = "label.he = \"\u{5d4}\"\n";
    let told = "14:1: form.fields[1].label: has no English words: where none fit a visitor, those in he are shown";
    let all = warnings(he, texts);
    assert_eq!(all.lines().filter(|line| *line == told).count(), 1, "{all}");

    let en = format!("{he}label.en = \"Order\"\n");
    assert!(!warnings(&en, texts).contains("no English words"));
    // A widget that speaks one language only needs no other.
    let fixed = format!("locale = \"he\"\n{}{texts}", field(he));
    let fixed = build::read(fixed, &known()).unwrap().warnings;
    let all: Vec<_> = fixed.iter().map(ToString::to_string).collect();
    assert!(!all.concat().contains("no English words"), "{all:?}");
}

#[test]
fn what_a_language_lacks_is_listed_with_the_english_words() {
    let file = format!(
        "{}label.en = \"Order\"\n[texts.en]\n\"form.nick.label\" = \"Name\"\n\"launcher.label\" = \"Ask Acme\"\n\
         [texts.he]\n\"files.tooLarge\" = \"{{name}}\"\n",
        field("")
    );
    let config = build::read(file, &known()).unwrap().config;
    let missing = |locale| build::MissingTexts::of(&config, &known(), locale);
    let he = missing("he").unwrap();
    let texts: Vec<_> = he
        .texts
        .iter()
        .map(|(key, words)| (&**key, &**words))
        .collect();
    assert_eq!(
        texts,
        [
            ("composer.placeholder", "Write a message"),
            ("form.nick.label", "Name"),
            // The tenant's own words.
            ("launcher.label", "Ask Acme"),
            ("unread.one", "{count} new message"),
            ("unread.other", "{count} new messages"),
        ]
    );
    let order = ("form.fields[1].label.he".to_owned(), "Order".to_owned());
    assert_eq!(he.of_form, [order]);
    // What its language has, a region has as well.
    assert_eq!(missing("he-IL").unwrap().texts, he.texts);
    assert_eq!(missing("de").unwrap().texts.len(), 6);
    assert_eq!(missing("en-GB"), Ok(build::MissingTexts::default()));
    assert_eq!(
        missing("hebrew"),
        Err("expected a locale like en, pt-BR or zh-Hant, found \"hebrew\"".to_owned())
    );
}
