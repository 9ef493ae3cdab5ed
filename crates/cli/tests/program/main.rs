//! The program itself, with a release of stand-ins for what has to be compiled.

mod preview;
mod scene;

use std::fs;

use parlour_packager::{Assets, Instead, ModuleFiles, assemble, read, read_in};

use scene::{Scene, TENANT, contents, module, release, run};

#[test]
fn the_program_writes_the_bytes_that_a_build_from_source_writes() {
    let scene = Scene::new("bytes");
    let url = "https://cdn.example/acme";
    let done = scene.run(&["package", "acme.toml", "--out", "site", "--assets-url", url]);
    assert_eq!(done.status, Some(0), "{}", done.errors);
    assert!(
        done.output.contains("\nWritten to site.\n"),
        "{}",
        done.output
    );

    let release = release();
    let tenant = read(
        TENANT,
        "acme.toml",
        release.known.clone(),
        Instead::default(),
    )
    .unwrap();
    let module = ModuleFiles::of(module(tenant.config.server.dialect)).unwrap();
    let assets = Assets::at(url).unwrap();
    let package = assemble(&release, &tenant, &module, &assets).unwrap();
    package.write(&scene.join("built")).unwrap();
    assert_eq!(
        contents(&scene.join("site")),
        contents(&scene.join("built"))
    );
}

#[test]
fn pictures_are_looked_for_beside_the_tenants_file() {
    let scene = Scene::new("pictures");
    let folder = scene.join("tenants");
    fs::create_dir_all(&folder).unwrap();
    let file = format!("theme.logo = \"logo.svg\"\n{TENANT}");
    fs::write(folder.join("acme.toml"), &file).unwrap();
    let checked = scene.run(&["check", "tenants/acme.toml"]);
    assert_eq!(checked.status, Some(1));
    let said = "acme.toml:1:14: theme.logo: there is no file \"logo.svg\"";
    assert!(checked.errors.contains(said), "{}", checked.errors);

    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 8 8\"/>";
    fs::write(folder.join("logo.svg"), svg).unwrap();
    let done = scene.run(&["package", "tenants/acme.toml", "--out", "site"]);
    assert_eq!(done.status, Some(0), "{}", done.errors);
    let release = release();
    let known = release.known.clone();
    let tenant = read_in(&folder, &file, "acme.toml", known, Instead::default()).unwrap();
    let module = ModuleFiles::of(module(tenant.config.server.dialect)).unwrap();
    let package = assemble(&release, &tenant, &module, &Assets::example("acme")).unwrap();
    package.write(&scene.join("built")).unwrap();
    let site = contents(&scene.join("site"));
    assert_eq!(site, contents(&scene.join("built")));
    assert!(site.keys().any(|name| name.starts_with("picture-")));
}

#[test]
fn the_release_is_looked_for_beside_the_program() {
    let scene = Scene::new("beside");
    let alone = scene.run_alone(&["check", "acme.toml"]);
    assert_eq!(alone.status, Some(2));
    assert!(
        alone.errors.contains("not in the folder of its release"),
        "{}",
        alone.errors
    );
    assert!(alone.errors.contains("--release"), "{}", alone.errors);

    let program = scene.put_program();
    let beside = run(&program, &scene.0, &["check", "acme.toml"]);
    assert_eq!(beside.status, Some(0), "{}", beside.errors);
}

#[test]
fn check_tells_every_mistake_of_every_file_and_writes_nothing() {
    let scene = Scene::new("check");
    let before = fs::read_dir(&scene.0).unwrap().count();
    let good = scene.run(&["check", "acme.toml"]);
    assert_eq!((good.status, good.errors.as_str()), (Some(0), ""));
    assert!(
        good.output.contains("acme.toml: no mistakes"),
        "{}",
        good.output
    );

    let bad = TENANT.replace("service = ", "servise = ") + "[theme.light]\naccent = 5\n";
    fs::write(scene.join("bad.toml"), bad).unwrap();
    fs::write(scene.join("worse.toml"), "tenant = ").unwrap();
    let checked = scene.run(&["check", "bad.toml", "acme.toml", "worse.toml"]);
    assert_eq!(checked.status, Some(1));
    for words in [
        "bad.toml:5:1: server.servise: unknown key, did you mean \"service\"?",
        "theme.light.accent",
        "worse.toml:1:",
    ] {
        assert!(
            checked.errors.contains(words),
            "{words}: {}",
            checked.errors
        );
    }
    assert!(
        checked.output.contains("acme.toml: no mistakes"),
        "{}",
        checked.output
    );
    // Only the two files of this test are new.
    assert_eq!(fs::read_dir(&scene.0).unwrap().count(), before + 2);
}

#[test]
fn a_warning_is_told_and_stops_nothing() {
    let scene = Scene::new("warning");
    // A language of which most words are missing.
    let partial = TENANT.to_owned() + "[texts.de]\n\"launcher.label\" = \"Fragen?\"\n";
    fs::write(scene.join("partial.toml"), partial).unwrap();
    let checked = scene.run(&["check", "partial.toml"]);
    assert_eq!(checked.status, Some(0), "{}", checked.errors);
    assert!(
        checked.errors.contains("warning: partial.toml:"),
        "{}",
        checked.errors
    );
    assert!(
        checked.output.contains("no mistakes, 1 warning;"),
        "{}",
        checked.output
    );
}

#[test]
fn a_package_in_the_place_of_another_tenants_is_warned_of() {
    let scene = Scene::new("place");
    let other = TENANT.replace("\"acme\"", "\"beta\"");
    fs::write(scene.join("beta.toml"), other).unwrap();
    let package = |file: &str| scene.run(&["package", file, "--out", "site"]);
    // Nothing is said of a first package, and of the next one of the same tenant.
    for _ in 0..2 {
        let done = package("acme.toml");
        assert_eq!((done.status, done.errors.as_str()), (Some(0), ""));
    }
    let done = package("beta.toml");
    assert_eq!(done.status, Some(0), "{}", done.errors);
    let said =
        "warning: site had the package of acme: pages with its tag have the chat of beta now";
    assert!(done.errors.contains(said), "{}", done.errors);
}

#[test]
fn the_texts_of_a_new_language_are_lines_for_the_file() {
    let scene = Scene::new("texts");
    let file = TENANT.to_owned()
        + "[[form.fields]]\nname = \"nick\"\nrole = \"nickname\"\nrequired = true\nlabel.en = \"Name\"\n";
    fs::write(scene.join("acme.toml"), &file).unwrap();
    let printed = scene.run(&["texts", "acme.toml", "--locale", "de"]);
    assert_eq!(printed.status, Some(0), "{}", printed.errors);
    assert!(
        printed.output.starts_with("[texts.de]\n"),
        "{}",
        printed.output
    );
    for line in [
        "\n\"launcher.label\" = \"Chat with Acme\"\n",
        "\n# form.fields[0].label.de = \"Name\"\n",
    ] {
        assert!(printed.output.contains(line), "{}", printed.output);
    }

    // Put behind the file they are a language of which nothing is missing but what belongs elsewhere.
    fs::write(scene.join("acme.toml"), file.clone() + &printed.output).unwrap();
    let checked = scene.run(&["check", "acme.toml"]);
    assert_eq!(checked.status, Some(0), "{}", checked.errors);
    assert!(
        checked.errors.contains("no words for 1 of"),
        "{}",
        checked.errors
    );
    let file = file.replace("label.en", "label.de = \"Name\"\nlabel.en");
    fs::write(scene.join("acme.toml"), file + &printed.output).unwrap();
    let checked = scene.run(&["check", "acme.toml"]);
    assert_eq!((checked.status, checked.errors.as_str()), (Some(0), ""));
    let nothing = scene.run(&["texts", "acme.toml", "--locale", "de"]);
    assert_eq!(nothing.output, "# [texts.de] lacks nothing.\n");

    let wrong = scene.run(&["texts", "acme.toml", "--locale", "German"]);
    assert_eq!(wrong.status, Some(2));
    assert!(
        wrong.errors.contains("--locale: expected a locale like en"),
        "{}",
        wrong.errors
    );
}

#[test]
fn mistakes_leave_the_folder_as_it_was() {
    let scene = Scene::new("mistakes");
    fs::write(
        scene.join("bad.toml"),
        TENANT.replace("service = ", "servise = "),
    )
    .unwrap();
    let done = scene.run(&["package", "bad.toml", "--out", "site"]);
    assert_eq!(done.status, Some(1));
    assert!(
        done.errors.contains("bad.toml:5:1: server.servise"),
        "{}",
        done.errors
    );
    assert!(!scene.join("site").exists());
}

#[test]
fn a_package_is_not_written_over_the_release() {
    let scene = Scene::new("over");
    let before = contents(&scene.join("release/parts"));
    for out in ["release", "release/parts", "release/parts/new/folder"] {
        let done = scene.run(&["package", "acme.toml", "--out", out]);
        assert_eq!(done.status, Some(2), "{out}: {}", done.errors);
        let said = format!("--out: {out} is a folder of the release");
        assert!(done.errors.contains(&said), "{}", done.errors);
    }
    assert_eq!(contents(&scene.join("release/parts")), before);
    assert!(!scene.join("release/widget.js").exists());

    // A folder of its own may stand in the release.
    let done = scene.run(&["package", "acme.toml", "--out", "release/site/acme"]);
    assert_eq!(done.status, Some(0), "{}", done.errors);
}

#[test]
fn what_is_not_there_is_named_with_what_was_expected() {
    let scene = Scene::new("not-there");
    fs::write(scene.join("file"), "").unwrap();
    fs::write(scene.join("binary.toml"), b"\xff\xfe").unwrap();
    let latin = b"tenant = \"acme\"\n[contact]\nemail = \"zo\xeb@mail.example\"\n";
    fs::write(scene.join("latin.toml"), latin).unwrap();
    let site = ["--out", "site"];
    for (arguments, expected) in [
        (
            ["package", "none.toml", "--out", "site"],
            "cannot read none.toml: expected a tenant's TOML file",
        ),
        (
            ["package", "binary.toml", "--out", "site"],
            "binary.toml is no text in UTF-8, but in UTF-16: save it as UTF-8 in your editor",
        ),
        (
            ["package", "latin.toml", "--out", "site"],
            "latin.toml is no text in UTF-8 from line 3 on: save it as UTF-8 in your editor",
        ),
        (
            ["package", "acme.toml", "--out", "file"],
            "file is a file: expected a folder",
        ),
        (
            ["package", "acme.toml", "--out", "file/in/it"],
            "cannot make file/in/it",
        ),
    ] {
        let done = scene.run(&arguments);
        assert_eq!(done.status, Some(2), "{arguments:?}: {}", done.errors);
        assert!(
            done.errors.contains(expected),
            "{arguments:?}: {}",
            done.errors
        );
        // One line of plain words.
        assert!(done.errors.starts_with("error: ") && !done.errors.contains("panicked"));
    }
    let done = scene.run_alone(&[
        "package",
        "acme.toml",
        site[0],
        site[1],
        "--release",
        "nowhere",
    ]);
    assert_eq!(done.status, Some(2));
    assert!(
        done.errors.contains("nowhere is no release"),
        "{}",
        done.errors
    );

    let bad = [
        "package",
        "acme.toml",
        site[0],
        site[1],
        "--assets-url",
        "cdn.example",
    ];
    let done = scene.run(&bad);
    assert_eq!(done.status, Some(2));
    assert!(
        done.errors
            .contains("--assets-url: `cdn.example` is no address"),
        "{}",
        done.errors
    );

    fs::remove_file(scene.join("release/parts/gms-v2/glue.js")).unwrap();
    let done = scene.run(&["package", "acme.toml", site[0], site[1]]);
    assert_eq!(done.status, Some(2));
    assert!(
        done.errors.contains("glue.js, a part of the release"),
        "{}",
        done.errors
    );
    assert!(!scene.join("site").exists());
}

#[test]
fn a_release_of_another_version_is_refused() {
    let scene = Scene::new("version");
    let index = scene.join("release/parts/release.json");
    let own = format!("\"version\": \"{}\"", env!("CARGO_PKG_VERSION"));
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, text.replace(&own, "\"version\": \"99.0.0\"")).unwrap();
    let done = scene.run(&["check", "acme.toml"]);
    assert_eq!(done.status, Some(2));
    assert!(done.errors.contains("of version 99.0.0"), "{}", done.errors);
}

#[test]
fn a_probe_without_an_address_says_what_to_pass() {
    let scene = Scene::new("probe");
    let here = TENANT.replace("http://127.0.0.1:8888", "");
    fs::write(scene.join("here.toml"), here).unwrap();
    let asked = scene.run(&["probe", "here.toml"]);
    assert_eq!(asked.status, Some(2));
    assert!(asked.errors.contains("--server-url"), "{}", asked.errors);
}

#[test]
fn the_commands_of_the_manual_work_as_they_stand_there() {
    let scene = Scene::new("manual");
    let folder = scene.join("release");
    let program = scene.put_program();
    fs::create_dir(folder.join("tenants")).unwrap();
    let default = include_str!("../../../../tenants/default.toml");
    fs::write(folder.join("tenants/default.toml"), default).unwrap();
    let manual = include_str!("../../../../docs/tenants.md");
    let mut typed = 0;
    for block in manual.split("```sh\n").skip(1) {
        for line in block.split("```").next().unwrap().lines() {
            let words: Vec<_> = line.split_whitespace().collect();
            match &words[..] {
                ["cp", from, to] => {
                    fs::copy(folder.join(from), folder.join(to)).unwrap();
                }
                ["./parlour", "probe", arguments @ ..] => {
                    // Nobody listens there, but the command gets as far as asking.
                    let nowhere = ["--server-url", "http://127.0.0.1:9"];
                    let asked = run(
                        &program,
                        &folder,
                        &[&["probe"], arguments, &nowhere].concat(),
                    );
                    assert_eq!(asked.status, Some(2), "{line}: {}", asked.errors);
                    let asking = ["http://127.0.0.1:9: curl", "the probe needs curl"];
                    assert!(
                        asking.iter().any(|words| asked.errors.contains(words)),
                        "{}",
                        asked.errors
                    );
                }
                // It would not end by itself: it ends for want of a release.
                ["./parlour", "preview", arguments @ ..] => {
                    let nowhere = ["--release", "nowhere"];
                    let words = [&["preview"], arguments, &nowhere].concat();
                    let ended = run(&program, &folder, &words);
                    assert!(
                        ended.errors.contains("nowhere is no release"),
                        "{line}: {}",
                        ended.errors
                    );
                }
                ["./parlour", arguments @ ..] => {
                    let done = run(&program, &folder, arguments);
                    assert_eq!(done.status, Some(0), "{line}: {}", done.errors);
                }
                _ => panic!("an unknown command: {line}"),
            }
            typed += 1;
        }
    }
    assert_eq!(typed, 6);
    let embed = fs::read_to_string(folder.join("site/acme/embed.html")).unwrap();
    assert!(
        embed.contains("https://assets.example/acme/widget.js"),
        "{embed}"
    );
}
