//! The tenants that come with the project, and the schema that editors check them by.
//!
//! `PARLOUR_BLESS=1 cargo test -p parlour-config` writes the generated files anew.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use common::{GOOD, read, widget};
use parlour_config::build;
use serde_json::{Value, json};

fn tenants() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tenants")
}

/// Says what an independent validator thinks of a value; an error if it refuses the schema itself.
fn accepts(value: &Value) -> Result<bool, String> {
    accepted_by(build::schema(), value)
}

fn accepted_by(schema: Value, value: &Value) -> Result<bool, String> {
    let mut compiler = boon::Compiler::new();
    let mut schemas = boon::Schemas::new();
    let name = "tenant.schema.json";
    compiler
        .add_resource(name, schema)
        .map_err(|e| e.to_string())?;
    let index = compiler
        .compile(name, &mut schemas)
        .map_err(|e| e.to_string())?;
    Ok(schemas.validate(value, index).is_ok())
}

#[test]
fn every_tenant_of_the_project_is_without_mistakes() {
    let mut count = 0;
    for entry in fs::read_dir(tenants()).unwrap() {
        let path = entry.unwrap().path();
        if path
            .extension()
            .is_some_and(|extension| extension == "toml")
        {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let tenant = build::read(fs::read(&path).unwrap(), &widget());
            let tenant = tenant.unwrap_or_else(|mistakes| panic!("{}", mistakes.in_file(&name)));
            assert_eq!(tenant.warnings, [], "{name}");
            count += 1;
        }
    }
    assert!(count > 2, "there are the demo and two samples");
}

#[test]
fn editors_take_the_projects_tenants() {
    for name in ["default", "meridian", "noor"] {
        let file = fs::read_to_string(tenants().join(format!("{name}.toml"))).unwrap();
        let table: toml::Table = file.parse().unwrap();
        let value = serde_json::to_value(table).unwrap();
        let schema = build::schema_for(&widget());
        assert_eq!(accepted_by(schema, &value), Ok(true), "{name}");
    }
}

#[test]
fn the_samples_have_words_for_everything_in_their_languages() {
    // A language without words for something is warned of, and no tenant is: those that are meant are there.
    for (name, languages) in [
        ("meridian", &["de", "en", "fr"][..]),
        ("noor", &["ar", "en"]),
    ] {
        let file = fs::read_to_string(tenants().join(format!("{name}.toml"))).unwrap();
        let config = read(&file).unwrap().config;
        let keys: Vec<&str> = config.texts.keys().map(String::as_str).collect();
        assert_eq!(keys, languages, "{name}");
    }
}

#[test]
fn the_demo_tenant_lets_a_visitor_try_what_the_widget_can_do() {
    let file = fs::read_to_string(tenants().join("default.toml")).unwrap();
    let config = read(&file).unwrap().config;
    assert_eq!(config.server.url, "http://127.0.0.1:8888");
    assert_eq!(config.server.service, "customer-support");
    assert_eq!(config.api_name(), "Parlour");
    assert!(config.features.files && config.features.typing_preview);
    let email = config
        .form
        .fields
        .iter()
        .find(|field| field.name == "email")
        .unwrap();
    assert!(!email.required);
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let file = fs::read_to_string(tenants().join("default.toml")).unwrap();
    for file in [file.as_str(), GOOD] {
        let json = read(file).unwrap().to_json().unwrap();
        assert_eq!(
            accepts(&serde_json::from_str(&json).unwrap()),
            Ok(true),
            "{json}"
        );
    }
}

#[test]
fn the_schema_refuses_what_the_reader_refuses() {
    let good = json!({"tenant": "acme", "server": {"service": "sales"}});
    assert_eq!(accepts(&good), Ok(true));
    for (pointer, key, wrong) in [
        ("", "banana", json!(1)),
        ("", "tenant", json!(1)),
        ("", "locale", json!(null)),
        ("", "pace", json!({"active_ms": 49})),
        ("", "pace", json!({"active_ms": 3_600_001})),
        ("", "launcher", json!({"icon": "smile"})),
        ("", "form", json!({"fields": [{"name": "a"}]})),
        (
            "",
            "form",
            json!({"fields": [{"name": "a", "role": {"user_data": "A", "x": 1}}]}),
        ),
        ("/server", "dialect", json!("gms")),
        ("/server", "headers", json!({"X": 1})),
    ] {
        let mut changed = good.clone();
        changed.pointer_mut(pointer).unwrap()[key] = wrong;
        assert_eq!(accepts(&changed), Ok(false), "{changed}");
    }
}

#[test]
fn editors_complete_what_the_widget_brings() {
    let schema = build::schema_for(&widget());
    let at = |pointer: &str| schema.pointer(pointer).and_then(Value::as_str);
    let texts = "/properties/texts/additionalProperties/properties";
    assert_eq!(
        at(&format!("{texts}/composer.send/description")),
        Some("Send")
    );
    assert_eq!(
        at(&format!("{texts}/loader.again/description")),
        Some("Try again")
    );
    let theme = "/$defs/Theme/properties";
    assert_eq!(
        at(&format!("{theme}/dark/properties/accent/description")),
        Some("Fills the launcher, the main buttons and the button that sends. Usually #8fb2ff")
    );
    assert_eq!(
        at(&format!("{theme}/tokens/properties/field-line/description")),
        Some("The frames of fields. Usually #868fa3, in the dark scheme #737e92")
    );
    let roles = schema
        .pointer("/$defs/Role/oneOf")
        .and_then(Value::as_array);
    let roles = roles
        .unwrap()
        .iter()
        .filter_map(|role| role["const"].as_str());
    let roles: Vec<_> = roles.collect();
    assert_eq!(
        roles,
        ["first_name", "last_name", "nickname", "email", "subject"]
    );
}

#[test]
fn the_editors_schema_refuses_unknown_tokens_and_takes_a_tenants_own_texts() {
    let schema = || build::schema_for(&widget());
    let file = |theme: Value, texts: Value| json!({"tenant": "a", "server": {"service": "s"}, "theme": theme, "texts": texts});
    for (file, taken) in [
        (file(json!({"tokens": {"accent": "red"}}), json!({})), true),
        (file(json!({"dark": {"acent": "red"}}), json!({})), false),
        (
            file(
                json!({}),
                json!({"pl": {"unread.few": "x", "form.order.label": "y"}}),
            ),
            true,
        ),
        (file(json!({}), json!({"pl": {"composer.send": 1}})), false),
    ] {
        assert_eq!(accepted_by(schema(), &file), Ok(taken), "{file}");
    }
}

#[test]
fn the_schema_file_is_the_one_the_types_make() {
    let path = tenants().join("tenant.schema.json");
    let made = format!("{:#}\n", build::schema_for(&widget()));
    if std::env::var_os("PARLOUR_BLESS").is_some() {
        fs::write(&path, &made).unwrap();
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        kept == made,
        "tenants/tenant.schema.json is old: PARLOUR_BLESS=1 writes it anew"
    );
}
