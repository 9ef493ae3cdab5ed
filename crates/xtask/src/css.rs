//! Makes style sheets small. Shared with the widget's build script, so it needs nothing but std.

/// Removes comments and needless white space, and nothing else: no value is rewritten.
///
/// White space stays where it can mean something: between words, around `+` and `-`, before `:` and
/// `(`, and inside strings and `url()`.
pub(crate) fn minify(css: &str) -> String {
    let mut out = String::with_capacity(css.len());
    let mut rest = css;
    // White space that was seen and not written yet: whether it matters depends on what follows.
    let mut gap = Gap::None;
    while let Some(first) = rest.chars().next() {
        let (piece, kind) = next(rest, first);
        rest = &rest[piece.len()..];
        match kind {
            Kind::Space => gap = Gap::Space,
            Kind::Comment => gap = gap.max(Gap::Comment),
            Kind::Verbatim | Kind::Other => {
                write_gap(&mut out, gap, first);
                gap = Gap::None;
                if first == '}' && out.ends_with(';') {
                    out.pop();
                }
                out.push_str(piece);
            }
        }
    }
    out
}

/// What stood between the last thing written and the next.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Gap {
    None,
    Comment,
    Space,
}

enum Kind {
    Space,
    Comment,
    Verbatim,
    Other,
}

/// Cuts the next piece off: a run of white space, a comment, a string, an unquoted `url(…)`, an
/// escape, or one character.
fn next(rest: &str, first: char) -> (&str, Kind) {
    if first.is_ascii_whitespace() {
        let end = rest
            .find(|c: char| !c.is_ascii_whitespace())
            .unwrap_or(rest.len());
        (&rest[..end], Kind::Space)
    } else if let Some(body) = rest.strip_prefix("/*") {
        let end = body.find("*/").map_or(rest.len(), |end| end + 4);
        (&rest[..end], Kind::Comment)
    } else if first == '"' || first == '\'' {
        (until(rest, first), Kind::Verbatim)
    } else if rest
        .get(..4)
        .is_some_and(|word| word.eq_ignore_ascii_case("url("))
    {
        let inside = rest[4..].trim_start();
        if inside.starts_with(['"', '\'']) {
            (&rest[..4], Kind::Other)
        } else {
            (until(rest, ')'), Kind::Verbatim)
        }
    } else if first == '\\' {
        let escaped = rest[1..].chars().next().map_or(0, char::len_utf8);
        (&rest[..1 + escaped], Kind::Verbatim)
    } else {
        (&rest[..first.len_utf8()], Kind::Other)
    }
}

/// Cuts up to and including the next `end` that no backslash escapes.
fn until(rest: &str, end: char) -> &str {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if !escaped && c == end {
            return &rest[..at + c.len_utf8()];
        }
        escaped = !escaped && c == '\\';
    }
    rest
}

fn write_gap(out: &mut String, gap: Gap, next: char) {
    let Some(last) = out.chars().next_back() else {
        return;
    };
    let needed = match gap {
        Gap::None => false,
        // A comment separates two words without being white space (`div/**/.a` is `div.a`).
        Gap::Comment => is_word(last) && is_word(next),
        Gap::Space => {
            // `--empty: ;` must keep something after its colon.
            let empty_value = last == ':' && matches!(next, ';' | '}');
            let before = matches!(last, '{' | '}' | ';' | ',' | ':' | '(');
            let after = matches!(next, '{' | '}' | ';' | ',' | ')');
            let child = (last == '>' || next == '>') && !in_parentheses(out);
            empty_value || !(before || after || child)
        }
    };
    if needed {
        out.push(' ');
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '-' | '_' | '%' | '#' | '.')
}

/// Tells whether the end of `out` is inside parentheses that were opened since the last brace.
fn in_parentheses(out: &str) -> bool {
    let mut closed = 0_u32;
    for c in out.chars().rev() {
        match c {
            ')' => closed += 1,
            '(' if closed == 0 => return true,
            '(' => closed -= 1,
            '{' | '}' => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::minify;

    #[test]
    fn white_space_and_comments_go() {
        let css =
            "/* colours */\n.panel {\n  color : red ;\n  margin: 0  auto;\n}\n\n.a ,\n.b { }\n";
        assert_eq!(minify(css), ".panel{color :red;margin:0 auto}.a,.b{}");
    }

    #[test]
    fn strings_are_kept_as_they_are() {
        for css in [
            r#".a{content:"/* no  comment */ { ; }"}"#,
            r#".a{content:'it\'s  ;  }'}"#,
            r#".a{content:"\\"}"#,
            ".a{background:url(data:image/svg+xml;x,  y)}",
        ] {
            assert_eq!(minify(css), css);
        }
        assert_eq!(minify(r#".a { content: " ; " ; }"#), r#".a{content:" ; "}"#);
        assert_eq!(minify(r#"a{b:url( "x;  y" )}"#), r#"a{b:url("x;  y")}"#);
    }

    #[test]
    fn arithmetic_keeps_its_spaces() {
        assert_eq!(
            minify("a { width: calc( 100% - ( 2 * var(--gap) + 1px ) ) }"),
            "a{width:calc(100% - (2 * var(--gap) + 1px))}"
        );
    }

    #[test]
    fn selectors_keep_their_meaning() {
        assert_eq!(minify(".a > .b + .c ~ .d .e {}"), ".a>.b + .c ~ .d .e{}");
        assert_eq!(minify(".a :hover, .a:hover {}"), ".a :hover,.a:hover{}");
        assert_eq!(
            minify(":host( .open ) .a:not( .b > .c ) {}"),
            ":host(.open) .a:not(.b > .c){}"
        );
        assert_eq!(
            minify(".a { & > .b { c: d } &:hover { e: f } }"),
            ".a{&>.b{c:d}&:hover{e:f}}"
        );
        assert_eq!(minify(".a\\:b .c {}"), ".a\\:b .c{}");
        assert_eq!(minify("[a=\"b c\"] [d] {}"), "[a=\"b c\"] [d]{}");
    }

    #[test]
    fn conditions_keep_the_space_before_their_parenthesis() {
        assert_eq!(
            minify("@media screen and (min-width : 20px) and (width > 30px) { .a { b : c } }"),
            "@media screen and (min-width :20px) and (width > 30px){.a{b :c}}"
        );
        assert_eq!(minify("@supports not (a: b) { }"), "@supports not (a:b){}");
    }

    #[test]
    fn custom_properties_keep_even_an_empty_value() {
        assert_eq!(
            minify(":host { --a: ; --b:  1px   2px; --c: { } }"),
            ":host{--a: ;--b:1px 2px;--c:{}}"
        );
        assert_eq!(minify(":host { --a: }"), ":host{--a: }");
    }

    #[test]
    fn comments_separate_words_and_nothing_else() {
        assert_eq!(minify("a { b: 1px/* and */2px; }"), "a{b:1px 2px}");
        assert_eq!(minify("div/* of */:hover {}"), "div:hover{}");
        assert_eq!(minify("a /* x */ b {}"), "a b{}");
    }

    #[test]
    fn broken_sheets_do_no_harm() {
        for css in [
            "/* never closed",
            "a { content: \"never closed",
            "a{b:url(never",
            "}\\",
            "é{ü:ö}",
        ] {
            minify(css);
        }
        assert_eq!(minify("a{b:c"), "a{b:c");
    }

    #[test]
    fn what_is_small_already_stays() {
        let css = ".a{b:c;d:calc(1px + 2px)}@media (x:y){.e>.f{g:h}}";
        assert_eq!(minify(css), css);
        assert_eq!(
            minify(&minify("a { b : c ; }  d  >  e { }")),
            minify("a { b : c ; }  d  >  e { }")
        );
    }
}
