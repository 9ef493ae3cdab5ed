//! Whole packages, made of stand-ins for what has to be compiled.

mod common;

use common::{Folder, TENANT, contents, module, release};
use parlour_packager::{Assets, Instead, ModuleFiles, Package, Role, assemble, read, read_in};

#[expect(clippy::unwrap_used, reason = "a test may stop at once")]
fn package(tenant: &str) -> Package {
    let release = release();
    let tenant = read(
        tenant,
        "acme.toml",
        release.known.clone(),
        Instead::default(),
    )
    .unwrap();
    let assets = Assets::example(&tenant.config.tenant);
    assemble(&release, &tenant, &files("gms-v2"), &assets).unwrap()
}

#[expect(clippy::unwrap_used, reason = "a test may stop at once")]
fn files(name: &str) -> ModuleFiles {
    ModuleFiles::of(module(name)).unwrap()
}

#[test]
fn the_same_input_makes_the_same_bytes() {
    let folder = Folder::new("same");
    for name in ["one", "two"] {
        package(TENANT).write(&folder.join(name)).unwrap();
    }
    let [one, two] = ["one", "two"].map(|name| contents(&folder.join(name)));
    let names = |files: &[(String, Vec<u8>)]| -> Vec<String> {
        files.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(&one), names(&two));
    for ((name, one), (_, two)) in one.iter().zip(&two) {
        assert!(one == two, "{name} differs");
    }
}

#[test]
fn a_package_has_everything_a_site_owner_needs() {
    let folder = Folder::new("everything");
    package(TENANT).write(&folder.join("out")).unwrap();
    let files = contents(&folder.join("out"));
    let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
    let ours: Vec<_> = names.iter().filter(|name| !name.contains('-')).collect();
    assert_eq!(
        ours,
        [
            &"SIZE.md",
            &"element.js",
            &"element.js.br",
            &"element.js.gz",
            &"embed.html",
            &"frame.html",
            &"frame.html.br",
            &"frame.html.gz",
            &"manifest.json",
            &"types.d.ts",
            &"widget.js",
            &"widget.js.br",
            &"widget.js.gz"
        ]
    );
    for stem in [
        "fallback-",
        "chat-",
        "config-",
        "extras-",
        "framed-",
        "mount-",
        "THIRD-PARTY.txt",
    ] {
        let of = names.iter().filter(|name| name.starts_with(stem)).count();
        // Each has two packed forms beside it; glue and module have the same stem.
        assert_eq!(of, if stem == "chat-" { 6 } else { 3 }, "{stem}: {names:?}");
    }
    let text = |name: &str| {
        let (_, bytes) = files.iter().find(|(other, _)| other == name).unwrap();
        String::from_utf8(bytes.clone()).unwrap()
    };
    // The names that the loader and the page have are those of the files.
    let loader = text("widget.js");
    for name in names.iter().filter(|name| {
        (name.starts_with("chat-") || name.starts_with("config-")) && !name.ends_with(['r', 'z'])
    }) {
        assert!(loader.contains(*name), "{name}: {loader}");
    }
    assert!(text("embed.html").contains("http://127.0.0.1:8888"));
    assert_eq!(text("types.d.ts"), "declare namespace Parlour {}\n");
    assert!(text("SIZE.md").contains("1.2.3"));
    assert!(text("manifest.json").contains("\"version\": \"1.2.3\""));
}

#[test]
fn pictures_are_files_of_the_package_and_named_by_their_contents() {
    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 24 24\"><path d=\"M4 5h16v11z\"/></svg>";
    let folder = Folder::new("pictures");
    std::fs::create_dir_all(folder.join("p")).unwrap();
    std::fs::write(folder.join("p/logo.svg"), SVG).unwrap();
    std::fs::write(folder.join("agent.jpeg"), b"\xff\xd8\xff\xe0-").unwrap();
    let file = "tenant = \"acme\"\nserver.service = \"sales\"\ntheme.logo = \"p/logo.svg\"\n\
                theme.avatar = \"agent.jpeg\"\nlauncher.image = \"p/logo.svg\"\n";
    let release = release();
    let made = |file: &str| {
        let root = folder.join("");
        let known = release.known.clone();
        let tenant = read_in(&root, file, "acme.toml", known, Instead::default()).unwrap();
        assemble(
            &release,
            &tenant,
            &files("gms-v2"),
            &Assets::example("acme"),
        )
        .unwrap()
    };
    let package = made(file);
    let pictures = |package: &Package| -> Vec<(String, Vec<u8>)> {
        let pictures = package.files.iter().filter(|it| it.role == Role::Picture);
        pictures
            .map(|it| (it.name.clone(), it.raw.clone()))
            .collect()
    };
    let [(logo, svg), (avatar, _)] = &pictures(&package)[..] else {
        panic!("{:?}", pictures(&package));
    };
    assert!(
        logo.starts_with("picture-") && logo.ends_with(".svg"),
        "{logo}"
    );
    assert!(avatar.ends_with(".jpg"), "{avatar}");
    assert_eq!(svg, SVG.as_bytes());

    let text = |role: Role| {
        let file = package.files.iter().find(|it| it.role == role).unwrap();
        String::from_utf8(file.raw.clone()).unwrap()
    };
    let config = text(Role::Config);
    assert!(config.contains(&format!("\"avatar\":\"{avatar}\",\"logo\":\"{logo}\"")));
    // The launcher's is painted without a request.
    assert!(config.contains("\"image\":\"M4 5l16 0 0 11z\""), "{config}");
    assert!(text(Role::Loader).contains("\"icon\":\"M4 5l16 0 0 11z\""));
    assert!(text(Role::Embed).contains("img-src https://assets.example;"));
    assert!(text(Role::Sizes).contains(&format!("| {logo} | when it is shown |")));

    // The same file twice is one file of the package, and the same input makes the same names.
    let same = made(&file.replace("agent.jpeg", "p/logo.svg"));
    assert_eq!(pictures(&same), [(logo.clone(), svg.clone())]);
    package.write(&folder.join("out")).unwrap();
    assert_eq!(std::fs::read(folder.join("out").join(logo)).unwrap(), *svg);
}

#[test]
fn another_tenant_has_the_same_module_under_the_same_name() {
    let other = package("tenant = \"other\"\n[server]\nservice = \"sales\"\n");
    let names = |package: &Package| -> Vec<String> {
        let files = package.files.iter();
        let shared = files.filter(|file| !file.role.is_of_tenant() && file.role.is_hosted());
        shared.map(|file| file.name.clone()).collect()
    };
    assert_eq!(names(&other), names(&package(TENANT)));
}

#[test]
fn a_package_does_not_name_the_product_unless_the_tenant_does() {
    let release = release();
    let tenant = |text: &str| read(text, "a.toml", release.known.clone(), Instead::default());
    let plain = tenant("tenant = \"acme\"\n[server]\nservice = \"sales\"\n").unwrap();
    let assets = Assets::example("acme");
    let mut telling = module("gms-v2");
    telling.wasm.extend(b"crates/parlour/src");
    let telling = ModuleFiles::of(telling).unwrap();
    let error = assemble(&release, &plain, &telling, &assets).unwrap_err();
    assert!(
        error.to_string().contains(".wasm has `parlour` 1 times"),
        "{error}"
    );

    let named = "tenant = \"acme\"\n[server]\nservice = \"Parlour sales\"\n";
    let named = tenant(named).unwrap();
    assert!(assemble(&release, &named, &files("gms-v2"), &assets).is_ok());
    assert!(assemble(&release, &named, &telling, &assets).is_err());
}

#[test]
fn a_file_in_the_place_of_the_folder_is_named() {
    let folder = Folder::new("file");
    std::fs::write(folder.join("out"), "").unwrap();
    let error = package(TENANT).write(&folder.join("out")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("out is a file: expected a folder"),
        "{error}"
    );
}
