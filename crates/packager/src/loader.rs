//! The values of one build that the loader contains: file names, texts, the launcher's appearance.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use parlour_config::build::Tokens;
use parlour_config::{Config, Corner, Icon, Scheme};
use serde::{Deserialize, Serialize};

use crate::style;
use crate::tenant::Tenant;

/// The values that packaging puts into the loader. Those of development are `public/loader/values.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Build {
    /// The file name of the module's glue, relative to the loader.
    pub glue: String,
    /// The file name of the module.
    pub wasm: String,
    /// The file name of the configuration.
    pub config: String,
    /// The language that the tenant has fixed, or an empty string.
    locale: String,
    /// The loader's texts by language.
    texts: BTreeMap<String, BTreeMap<String, String>>,
    launcher: Launcher,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Launcher {
    /// The icon as SVG path data, or an empty string.
    icon: String,
    /// CSS declarations of its position.
    place: String,
    /// CSS declarations of its tokens.
    light: String,
    /// CSS declarations of the tokens that differ in the dark scheme, if the scheme is the visitor's choice.
    dark: String,
}

/// The name in the loader that stands for the values of a package.
const PLACE: &str = "__BUILD__";

/// The loader's texts, apart from the launcher's label, with the keys by which a tenant may replace
/// them.
const TEXT_KEYS: [(&str, &str); 5] = [
    ("loading", "loader.loading"),
    ("failed", "loader.failed"),
    ("unsupported", "loader.unsupported"),
    ("stopped", "loader.stopped"),
    ("again", "loader.again"),
];

impl Build {
    /// Reads the values for development.
    pub fn from_json(json: &str) -> Result<Self> {
        serde_json::from_str(json).context("the loader's values are no JSON as expected")
    }

    /// Returns the loader's English texts by their text keys.
    pub fn own_texts(&self) -> BTreeMap<String, String> {
        let english = self.texts.get("en");
        TEXT_KEYS
            .iter()
            .filter_map(|(short, key)| Some(((*key).into(), english?.get(*short)?.clone())))
            .collect()
    }

    /// Sets the tenant's texts, corner, icon and colours.
    pub fn apply_tenant(&mut self, tenant: &Tenant) {
        let Tenant { config, known, .. } = tenant;
        self.locale = config.locale.clone().unwrap_or_default();
        self.collect_texts(config, &known.texts);
        let (vertical, horizontal) = edges(config.launcher.corner);
        let offset = config.launcher.offset;
        let light = colours(config, &known.tokens, false);
        let dark = colours(config, &known.tokens, true);
        let (light, dark) = match config.theme.scheme {
            Scheme::Light => (light, String::new()),
            Scheme::Dark => (dark, String::new()),
            Scheme::Auto if light == dark => (light, String::new()),
            Scheme::Auto => (light, dark),
        };
        self.launcher = Launcher {
            icon: icon(config.launcher.icon).into(),
            // As in `src/components/launcher.css`: outside of the safe area inset.
            place: format!(
                "{vertical}:calc({}px + env(safe-area-inset-{vertical},0px));{horizontal}:{}px",
                offset.y, offset.x
            ),
            light,
            dark,
        };
    }

    /// Collects the texts in English and in every language of the tenant.
    fn collect_texts(&mut self, config: &Config, known: &BTreeMap<String, String>) {
        let label = ("label", config.launcher.label.as_str());
        let english = self.texts.entry("en".into()).or_default();
        if let Some(words) = known.get(label.1) {
            english.insert(label.0.into(), words.clone());
        }
        for (locale, texts) in &config.texts {
            for (short, key) in TEXT_KEYS.into_iter().chain([label]) {
                if let Some(words) = texts.get(key) {
                    let own = self.texts.entry(locale.clone()).or_default();
                    own.insert(short.into(), words.clone());
                }
            }
        }
    }
}

/// Puts `build` in its place in the bundled loader.
pub fn fill(loader: &str, build: &Build) -> Result<String> {
    match loader.match_indices(PLACE).count() {
        1 => Ok(loader.replace(PLACE, &serde_json::to_string(build)?)),
        count => bail!("the loader must name `{PLACE}` once, and has it {count} times"),
    }
}

/// Returns the two edges that a corner's offset is measured from.
fn edges(corner: Corner) -> (&'static str, &'static str) {
    match corner {
        Corner::BottomRight => ("bottom", "right"),
        Corner::BottomLeft => ("bottom", "left"),
        Corner::TopRight => ("top", "right"),
        Corner::TopLeft => ("top", "left"),
    }
}

/// Returns the same path data as `src/components/icon.rs`.
fn icon(icon: Icon) -> &'static str {
    match icon {
        Icon::Chat => "M4 5h16v11H9l-5 4z",
        Icon::Question => "M9 9a3 3 0 1 1 4.5 2.6c-.9.5-1.5 1.2-1.5 2.4M12 18h.01",
        Icon::None => "",
    }
}

/// The tokens of the launcher in `src/components/launcher.css`.
const TOKENS: [&str; 6] = [
    "accent",
    "on-accent",
    "launcher-size",
    "launcher-shadow",
    "text-size",
    "font",
];

/// Returns declarations of the launcher's tokens in one scheme: the tenant's values, or the widget's.
fn colours(config: &Config, own: &Tokens, dark: bool) -> String {
    let theme = &config.theme;
    let (chosen, base) = if dark {
        (&theme.dark, &own.dark)
    } else {
        (&theme.light, &own.light)
    };
    let lookup = |name: &str| {
        let named = theme.font.clone().filter(|_| name == "font");
        let chosen = chosen.get(name).or_else(|| theme.tokens.get(name));
        let words = chosen.or_else(|| base.get(name).or_else(|| own.light.get(name)));
        named.or_else(|| words.cloned())
    };
    // The launcher has text only if it has no icon.
    let names = if config.launcher.icon == Icon::None {
        &TOKENS[..]
    } else {
        &TOKENS[..4]
    };
    let declarations: Vec<_> = names
        .iter()
        .filter_map(|name| {
            Some(format!(
                "--{name}:{}",
                style::resolve(&lookup(name)?, &lookup)
            ))
        })
        .collect();
    declarations.join(";")
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlour_config::build::Known;

    const VALUES: &str = include_str!("../../../public/loader/values.json");

    fn tenant(toml: &str) -> Tenant {
        let mut known = Known {
            texts: Build::from_json(VALUES).unwrap().own_texts(),
            ..Known::default()
        };
        known.tokens.light = [
            ("accent", "var(--blue)"),
            ("on-accent", "#fff"),
            ("blue", "#1f5bd8"),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
        known.tokens.dark = [("blue".to_owned(), "#8ab4ff".to_owned())].into();
        let file = format!("tenant = \"acme\"\n{toml}\n[server]\nservice = \"sales\"\n");
        let config = parlour_config::build::read(file, &Known::default())
            .unwrap()
            .config;
        Tenant {
            config,
            json: String::new(),
            known,
            source: String::new(),
            warnings: Vec::new(),
        }
    }

    fn build_with_theme(toml: &str) -> Build {
        let mut build = Build::from_json(VALUES).unwrap();
        build.apply_tenant(&tenant(toml));
        build
    }

    #[test]
    fn the_values_stand_in_their_place() {
        let mut build = build_with_theme("");
        build.glue = "chat-0123.js".into();
        let filled = fill("(()=>{const b=__BUILD__;})()", &build).unwrap();
        assert!(
            filled.starts_with("(()=>{const b={\"glue\":\"chat-0123.js\","),
            "{filled}"
        );
        assert!(fill("no place", &build).is_err());
        assert!(fill("__BUILD__ __BUILD__", &build).is_err());
    }

    #[test]
    fn colours_follow_the_scheme_and_the_tenant() {
        let auto = build_with_theme("").launcher;
        assert_eq!(auto.light, "--accent:#1f5bd8;--on-accent:#fff");
        assert_eq!(auto.dark, "--accent:#8ab4ff;--on-accent:#fff");
        let dark = build_with_theme("[theme]\nscheme = \"dark\"\n").launcher;
        assert_eq!(
            (dark.light.as_str(), dark.dark.as_str()),
            (auto.dark.as_str(), "")
        );
        let own = build_with_theme("[theme.light]\naccent = \"#123456\"\n").launcher;
        assert_eq!(own.light, "--accent:#123456;--on-accent:#fff");
    }

    #[test]
    fn letters_come_where_there_is_no_icon() {
        let launcher = |icon: &str| {
            build_with_theme(&format!(
                "[theme]\nfont = \"Inter, sans-serif\"\n[launcher]\nicon = \"{icon}\"\n"
            ))
            .launcher
        };
        assert!(
            launcher("none")
                .light
                .ends_with(";--font:Inter, sans-serif")
        );
        assert!(!launcher("chat").light.contains("--font"));
    }

    #[test]
    fn corner_offset_and_icon_are_the_tenants() {
        let launcher = build_with_theme(
            "[launcher]\ncorner = \"top_left\"\nicon = \"question\"\noffset = { x = 8, y = 16 }\n",
        )
        .launcher;
        assert_eq!(
            launcher.place,
            "top:calc(16px + env(safe-area-inset-top,0px));left:8px"
        );
        assert_eq!(launcher.icon, icon(Icon::Question));
    }

    #[test]
    fn the_icons_are_those_of_the_widget() {
        const WIDGET: &str = include_str!("../../../src/components/icon.rs");
        for path in [Icon::Chat, Icon::Question].map(icon) {
            assert!(WIDGET.contains(&format!("{path:?}")), "{path}");
        }
    }

    #[test]
    fn words_are_the_tenants_in_each_language_and_ours_else() {
        let build = build_with_theme(
            "locale = \"de\"\n[texts.de]\n\"launcher.label\" = \"Fragen?\"\n\
             [texts.en]\n\"loader.again\" = \"Retry\"\n",
        );
        assert_eq!(build.locale, "de");
        assert_eq!(build.texts["de"]["label"], "Fragen?");
        assert_eq!(build.texts["en"]["again"], "Retry");
        assert_eq!(build.texts["en"]["label"], "Chat with us");
    }
}
