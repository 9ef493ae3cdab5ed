//! Whole packages, made of stand-ins for what has to be compiled.

mod common;

use common::{Folder, TENANT, contents, module, release};
use parlour_packager::{
    Assets, Instead, ModuleFiles, Package, Role, Written, assemble, read, read_in,
};

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
    let (in_version, names): (Vec<&str>, Vec<&str>) =
        names.iter().partition(|name| name.starts_with("v1/"));
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
        "widget-",
    ] {
        let of = names.iter().filter(|name| name.starts_with(stem)).count();
        // Each has two packed forms beside it; glue and module have the same stem.
        assert_eq!(of, if stem == "chat-" { 6 } else { 3 }, "{stem}: {names:?}");
    }
    // What is hosted lies in the folder of the major version as well, in the same bytes.
    let for_people = ["SIZE.md", "embed.html", "types.d.ts"];
    let hosted = names.len() - for_people.len();
    assert_eq!(in_version.len(), hosted, "{in_version:?}");
    let bytes = |name: &str| &files.iter().find(|(other, _)| other == name).unwrap().1;
    for name in in_version {
        assert_eq!(bytes(name), bytes(name.trim_start_matches("v1/")), "{name}");
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
fn what_few_tenants_ask_for_is_in_files_that_only_they_have() {
    let names = |file: &str| {
        let package = package(file);
        let names = package.files.iter().map(|file| file.name.clone());
        names.collect::<Vec<_>>()
    };
    let has = |names: &[String], stem: &str| names.iter().any(|name| name.starts_with(stem));
    let usual = names(TENANT);
    assert!(
        !has(&usual, "early-") && !has(&usual, "message-"),
        "{usual:?}"
    );
    let hidden = names(&format!("{TENANT}\n[rules]\nhide_on = [\"/login\"]\n"));
    assert!(
        has(&hidden, "early-") && !has(&hidden, "message-"),
        "{hidden:?}"
    );
    let file = format!("{TENANT}\n[message]\nurl = \"/messages\"\n");
    let package = package(&file);
    let text = |role: Role| {
        let file = package.files.iter().find(|file| file.role == role).unwrap();
        (
            file.name.clone(),
            String::from_utf8(file.raw.clone()).unwrap(),
        )
    };
    // Each names the next, with its digest.
    let (early, early_text) = text(Role::Early);
    let (message, message_text) = text(Role::Message);
    let named = |name: &str| format!("[\"{name}\",\"sha384-");
    assert!(text(Role::Loader).1.contains(&named(&early)));
    assert!(early_text.contains(&named(&message)), "{early_text}");
    assert!(
        message_text.contains("\"url\":\"/messages\""),
        "{message_text}"
    );
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

#[test]
fn two_major_versions_lie_beside_each_other() {
    let folder = Folder::new("majors");
    let out = folder.join("out");
    let first = package(TENANT);
    let mut second = package(&TENANT.replace("Parlour", "Salon"));
    second.version = "2.0.0".into();
    assert_eq!(first.write(&out).unwrap(), Written::Everything);
    let loader = |name: &str| std::fs::read_to_string(out.join(name)).unwrap();
    let of_first = loader("widget.js");
    assert_eq!(second.write(&out).unwrap(), Written::Everything);
    let of_second = loader("widget.js");
    assert_ne!(of_first, of_second);
    assert_eq!(loader("v1/widget.js"), of_first);
    assert_eq!(loader("v2/widget.js"), of_second);

    // A later package of the first leaves the newest alone.
    let mut mended = package(&TENANT.replace("Parlour", "Lounge"));
    mended.version = "1.3.0".into();
    let written = mended.write(&out).unwrap();
    assert_eq!(written, Written::BesideLater("2.0.0".into()));
    let said = written.describe(&mended.version, &out);
    assert!(said.contains("v1: ") && said.contains("2.0.0"), "{said}");
    assert_eq!(loader("widget.js"), of_second);
    assert!(loader("v1/widget.js").contains("Lounge"));
    assert!(loader("v1/manifest.json").contains("\"version\": \"1.3.0\""));
    assert!(loader("manifest.json").contains("\"version\": \"2.0.0\""));
}

#[test]
fn the_pinned_loader_is_the_loader_under_the_name_of_its_contents() {
    let package = package(TENANT);
    let file = |role: Role| package.files.iter().find(|it| it.role == role).unwrap();
    let (loader, pinned) = (file(Role::Loader), file(Role::Pinned));
    assert_eq!(loader.raw, pinned.raw);
    let page = String::from_utf8(file(Role::Embed).raw.clone()).unwrap();
    let integrity = parlour_packager::hash::integrity(&loader.raw);
    for words in [&*pinned.name, &integrity, "/v1/widget.js"] {
        assert!(page.contains(words), "{words}: {page}");
    }
}
