//! Releases in folders.

mod common;

use std::fs;

use common::{Folder, TENANT, module, release};
use parlour_config::Dialect;
use parlour_packager::{
    Assets, Instead, ModuleFiles, Package, Release, ReleaseFolder, assemble, read,
};

#[expect(clippy::unwrap_used, reason = "a test may stop at once")]
fn written(test: &str) -> Folder {
    let folder = Folder::new(test);
    let modules = Dialect::ALL.map(|dialect| (dialect, module(dialect.name())));
    ReleaseFolder::write(&folder.join("release"), &release(), &modules).unwrap();
    folder
}

#[test]
fn what_is_written_makes_the_same_packages() {
    let folder = written("same-packages");
    let opened = ReleaseFolder::open(&folder.join("release")).unwrap();
    let read_again = opened.release().unwrap();
    for dialect in Dialect::ALL {
        let files = |release: &Release, module| -> Vec<(String, Vec<u8>)> {
            let instead = Instead {
                server_url: None,
                dialect: Some(dialect),
            };
            let tenant = TENANT.replace("[server]", "[server]\ncredentials = \"include\"");
            let tenant = read(&tenant, "a.toml", release.known.clone(), instead).unwrap();
            let assets = Assets::example("acme");
            let Package { files, .. } =
                assemble(release, &tenant, &ModuleFiles::of(module).unwrap(), &assets).unwrap();
            files.into_iter().map(|f| (f.name, f.raw)).collect()
        };
        let built = files(&release(), module(dialect.name()));
        assert_eq!(files(&read_again, opened.module(dialect).unwrap()), built);
    }
}

#[test]
fn the_same_release_is_written_in_the_same_bytes() {
    let [one, two] = ["bytes-one", "bytes-two"].map(written);
    for part in ["release.json", "texts.json", "tokens.json"] {
        let path = format!("release/parts/{part}");
        assert_eq!(
            fs::read(one.join(&path)).unwrap(),
            fs::read(two.join(&path)).unwrap(),
            "{part}"
        );
    }
}

#[test]
fn what_is_missing_or_changed_is_named() {
    let folder = written("broken");
    let root = folder.join("release");
    let error = ReleaseFolder::open(&folder.join("elsewhere")).unwrap_err();
    let words = format!("{error:#}");
    assert!(
        words.contains("elsewhere is no release") && words.contains("release.json"),
        "{words}"
    );

    let opened = ReleaseFolder::open(&root).unwrap();
    let module = root.join("parts/gws/module.wasm");
    fs::write(&module, b"\0asm another").unwrap();
    let words = format!("{:#}", opened.module(Dialect::Gws).unwrap_err());
    assert!(
        words.contains("module.wasm is not as it was released"),
        "{words}"
    );
    fs::remove_file(&module).unwrap();
    let words = format!("{:#}", opened.module(Dialect::Gws).unwrap_err());
    assert!(
        words.contains("cannot read") && words.contains("module.wasm"),
        "{words}"
    );
    // The others are whole.
    assert!(opened.module(Dialect::GmsV2).is_ok() && opened.release().is_ok());

    let index = root.join("parts/release.json");
    let text = fs::read_to_string(&index).unwrap();
    fs::write(&index, text.replace("\"format\": 1", "\"format\": 2")).unwrap();
    let words = format!("{:#}", ReleaseFolder::open(&root).unwrap_err());
    assert!(words.contains("of form 2"), "{words}");
    fs::write(&index, "{").unwrap();
    let words = format!("{:#}", ReleaseFolder::open(&root).unwrap_err());
    assert!(
        words.contains("release.json is not as this version writes it"),
        "{words}"
    );
}

#[test]
fn a_dialect_that_the_release_lacks_is_named() {
    let folder = Folder::new("lacks");
    let modules = [(Dialect::GmsV2, module("gms-v2"))];
    ReleaseFolder::write(&folder.join("r"), &release(), &modules).unwrap();
    let opened = ReleaseFolder::open(&folder.join("r")).unwrap();
    let words = opened.module(Dialect::Gws).unwrap_err().to_string();
    assert!(words.contains("no module for gws servers"), "{words}");
}
