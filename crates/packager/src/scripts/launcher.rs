//! The look of the launcher that the loader paints, and of the frame.

use parlour_config::build::Tokens;
use parlour_config::{Config, Corner, Icon, Scheme};
use serde::Serialize;

use crate::style;
use crate::tenant::Tenant;

/// The look of the painted launcher.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Launcher {
    /// The icon as SVG path data, or an empty string.
    pub(super) icon: String,
    /// CSS declarations of its position and corners, and of how the icon is drawn.
    pub(super) place: String,
    /// CSS declarations of its tokens.
    pub(super) light: String,
    /// CSS declarations of the tokens that differ in the dark scheme, if the scheme is the visitor's choice.
    pub(super) dark: String,
}

impl Launcher {
    /// Takes the tenant's corner, icon and colours.
    pub(super) fn of(tenant: &Tenant) -> Self {
        let Tenant { config, known, .. } = tenant;
        let (vertical, horizontal) = edges(config.launcher.corner);
        let offset = config.launcher.offset;
        // The launcher has text only if it has no icon.
        let image = config.launcher.image.as_deref();
        let names = if config.launcher.icon == Icon::None && image.is_none() {
            &TOKENS[..]
        } else {
            &TOKENS[..4]
        };
        let (light, dark) = schemes(config, &known.tokens, names);
        let radius = value(
            config,
            &known.tokens,
            "launcher-radius",
            config.theme.scheme == Scheme::Dark,
        );
        Self {
            icon: image.unwrap_or(icon(config.launcher.icon)).to_owned(),
            // As in `src/components/launcher.css`: outside of the safe area inset.
            place: format!(
                "{vertical}:calc({}px + env(safe-area-inset-{vertical},0px));{horizontal}:{}px;{}border-radius:{}",
                offset.y,
                offset.x,
                match image {
                    Some(_) => "fill:currentColor;",
                    None => drawn(config.launcher.icon),
                },
                radius.unwrap_or_default(),
            ),
            light,
            dark,
        }
    }
}

/// The tokens of the frame's element: as the panel's in `src/components/panel/panel.css`.
const FRAME_TOKENS: [&str; 7] = [
    "panel-width",
    "panel-height",
    "launcher-size",
    "gap",
    "radius",
    "shadow",
    "surface",
];

/// The tokens of the form for messages: as the panel's and the form's.
const PANEL_TOKENS: [&str; 23] = [
    "panel-width",
    "panel-height",
    "launcher-size",
    "gap",
    "radius",
    "shadow",
    "font",
    "text-size",
    "surface",
    "on-surface",
    "on-surface-variant",
    "header",
    "on-header",
    "line",
    "accent",
    "on-accent",
    "accent-line",
    "field",
    "on-field",
    "field-line",
    "notice",
    "on-notice",
    "danger-text",
];

/// Returns the declarations of a panel's tokens in the light scheme, and of those that differ in the dark one. The page
/// may choose the scheme, and change a token: references to it stay.
pub(super) fn panel_schemes(tenant: &Tenant) -> (String, String) {
    let Tenant { config, known, .. } = tenant;
    let written = |name: &str, dark| written(config, &known.tokens, name, dark);
    let mut names = PANEL_TOKENS.map(str::to_owned).to_vec();
    let mut at = 0;
    while at < names.len() {
        let values = [false, true].map(|dark| written(&names[at], dark));
        for name in values
            .iter()
            .flatten()
            .flat_map(|value| style::references(value))
        {
            if !names.iter().any(|own| own == name) {
                names.push(name.to_owned());
            }
        }
        at += 1;
    }
    let declare = |dark| {
        let names = names.iter();
        let all = names.filter_map(|name| Some(format!("--{name}:{}", written(name, dark)?)));
        all.collect::<Vec<_>>()
    };
    let light = declare(false);
    let mut dark = declare(true);
    dark.retain(|own| !light.contains(own));
    (light.join(";"), dark.join(";"))
}

/// Returns CSS declarations of where a panel stands, and how large it is.
pub(super) fn panel_place(tenant: &Tenant) -> String {
    let (vertical, horizontal) = edges(tenant.config.launcher.corner);
    let offset = tenant.config.launcher.offset;
    let (x, y) = (offset.x, offset.y);
    format!(
        "inset:auto;{vertical}:calc({y}px + var(--launcher-size) + var(--gap));{horizontal}:{x}px;\
         inline-size:min(var(--panel-width),calc(100% - {x2}px));\
         block-size:min(var(--panel-height),calc(100% - {y2}px - var(--launcher-size) - var(--gap)))",
        x2 = 2 * i64::from(x),
        y2 = 2 * i64::from(y),
    )
}

/// Writes the style sheet of the frame's element, which stands where the panel would, and of the launcher's badge.
pub(super) fn frame_style(tenant: &Tenant) -> String {
    let Tenant { config, known, .. } = tenant;
    let (vertical, horizontal) = edges(config.launcher.corner);
    let offset = config.launcher.offset;
    let (light, dark) = schemes(config, &known.tokens, &FRAME_TOKENS);
    let dark = match dark.as_str() {
        "" => String::new(),
        dark => format!("@media(prefers-color-scheme:dark){{.frame{{{dark}}}}}"),
    };
    let (x, y) = (offset.x, offset.y);
    format!(
        ".frame{{{light}}}{dark}.frame{{position:fixed;border:0;\
         {vertical}:calc({y}px + var(--launcher-size) + var(--gap));{horizontal}:{x}px;\
         width:min(var(--panel-width),calc(100% - {x2}px));\
         height:min(var(--panel-height),calc(100% - {y2}px - var(--launcher-size) - var(--gap)));\
         border-radius:var(--radius);box-shadow:var(--shadow);background:var(--surface)}}\
         .frame:not(.open){{visibility:hidden}}\
         .badge{{position:absolute;top:-4px;right:-4px;min-width:22px;padding:0 6px;box-sizing:border-box;\
         border-radius:11px;background:#c1121f;color:#fff;font-size:12px;font-weight:700;line-height:22px;\
         text-align:center}}.launcher .badge{{padding:0 6px}}\
         @media(max-height:560px){{.frame{{top:0;bottom:auto;height:100%;border-radius:0}}}}\
         @media(max-width:480px){{.frame{{inset:0;width:100%;height:100%;border-radius:0}}}}\
         @media print{{.frame{{display:none}}}}",
        x2 = 2 * i64::from(x),
        y2 = 2 * i64::from(y),
    )
}

/// Returns the declarations of tokens for the light scheme, and for the dark one if the scheme is the visitor's choice.
fn schemes(config: &Config, known: &Tokens, names: &[&str]) -> (String, String) {
    let light = colours(config, known, names, false);
    let dark = colours(config, known, names, true);
    match config.theme.scheme {
        Scheme::Light => (light.join(";"), String::new()),
        Scheme::Dark => (dark.join(";"), String::new()),
        Scheme::Auto => {
            let differs = |own: &String| !light.contains(own);
            let dark: Vec<_> = dark.into_iter().filter(differs).collect();
            (light.join(";"), dark.join(";"))
        }
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

/// Returns CSS declarations of how an icon is drawn: as `.icon` in `style/base.css`. What is in it inherits them.
fn drawn(icon: Icon) -> &'static str {
    match icon {
        Icon::None => "",
        _ => {
            "fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round;"
        }
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

/// Returns declarations of tokens in one scheme: the tenant's values, or the widget's.
fn colours(config: &Config, own: &Tokens, names: &[&str], dark: bool) -> Vec<String> {
    let own = |name: &&str| Some(format!("--{name}:{}", value(config, own, name, dark)?));
    names.iter().filter_map(own).collect()
}

/// Returns the value of a token in one scheme, without references to others.
fn value(config: &Config, own: &Tokens, name: &str, dark: bool) -> Option<String> {
    let lookup = |name: &str| written(config, own, name, dark);
    Some(style::resolve(&lookup(name)?, &lookup))
}

/// Returns the value of a token in one scheme, as it is written.
fn written(config: &Config, own: &Tokens, name: &str, dark: bool) -> Option<String> {
    let theme = &config.theme;
    let (chosen, base) = if dark {
        (&theme.dark, &own.dark)
    } else {
        (&theme.light, &own.light)
    };
    // In the order of the widget's own sheets, the last first.
    let named = match name {
        "font" => theme.font.as_ref(),
        "radius" => theme.radius.as_ref(),
        _ => None,
    };
    let chosen = chosen.get(name).or_else(|| theme.tokens.get(name));
    let usual = base.get(name).or_else(|| own.light.get(name));
    chosen.or(named).or(usual).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use parlour_config::build::Known;

    fn tenant(toml: &str) -> Tenant {
        let mut known = Known::default();
        known.tokens.light = [
            ("accent", "var(--blue)"),
            ("on-accent", "#fff"),
            ("blue", "#1f5bd8"),
            ("launcher-radius", "99px"),
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
            pictures: Vec::new(),
            json: String::new(),
            known,
            source: String::new(),
            warnings: Vec::new(),
        }
    }

    fn launcher(toml: &str) -> Launcher {
        Launcher::of(&tenant(toml))
    }

    #[test]
    fn colours_follow_the_scheme_and_the_tenant() {
        let auto = launcher("");
        assert_eq!(auto.light, "--accent:#1f5bd8;--on-accent:#fff");
        // Only what differs.
        assert_eq!(auto.dark, "--accent:#8ab4ff");
        let dark = launcher("[theme]\nscheme = \"dark\"\n");
        assert_eq!(
            (dark.light.as_str(), dark.dark.as_str()),
            ("--accent:#8ab4ff;--on-accent:#fff", "")
        );
        let own = launcher("[theme.light]\naccent = \"#123456\"\n");
        assert_eq!(own.light, "--accent:#123456;--on-accent:#fff");
    }

    #[test]
    fn letters_come_where_there_is_no_icon() {
        let with_icon = |icon: &str| {
            launcher(&format!(
                "[theme]\nfont = \"Inter, sans-serif\"\n[launcher]\nicon = \"{icon}\"\n"
            ))
        };
        assert!(
            with_icon("none")
                .light
                .ends_with(";--font:Inter, sans-serif")
        );
        assert!(!with_icon("chat").light.contains("--font"));
    }

    #[test]
    fn corner_offset_and_icon_are_the_tenants() {
        let launcher = launcher(
            "[launcher]\ncorner = \"top_left\"\nicon = \"question\"\noffset = { x = 8, y = 16 }\n",
        );
        assert!(
            launcher
                .place
                .starts_with("top:calc(16px + env(safe-area-inset-top,0px));left:8px;fill:none;"),
            "{}",
            launcher.place
        );
        assert_eq!(launcher.icon, icon(Icon::Question));
    }

    #[test]
    fn corners_are_as_round_as_the_tenants_token_says() {
        let place = |toml: &str| launcher(toml).place;
        let none = "[launcher]\nicon = \"none\"\n";
        let own = place(&format!(
            "[theme.tokens]\nlauncher-radius = \"8px\"\n{none}"
        ));
        assert!(own.ends_with(";border-radius:8px"), "{own}");
        let usual = place(none);
        assert!(usual.ends_with(";border-radius:99px"), "{usual}");
    }

    #[test]
    fn a_panel_and_the_frame_are_as_round_as_the_theme_says() {
        let mut tenant = tenant("[theme]\nradius = \"4px\"\n");
        tenant
            .known
            .tokens
            .light
            .insert("radius".into(), "16px".into());
        let (light, _) = panel_schemes(&tenant);
        assert!(light.contains("--radius:4px"), "{light}");
        let frame = frame_style(&tenant);
        assert!(frame.contains("--radius:4px"), "{frame}");
        // As in the widget, the token counts before the theme's key.
        tenant.config.theme.tokens.insert("radius", "8px".into());
        let (light, _) = panel_schemes(&tenant);
        assert!(light.contains("--radius:8px"), "{light}");
    }

    #[test]
    fn a_picture_is_filled_and_takes_the_place_of_icon_and_letters() {
        let mut tenant = tenant("[launcher]\nicon = \"none\"\n");
        tenant.config.launcher.image = Some("M0 0h9v9z".into());
        let launcher = Launcher::of(&tenant);
        assert_eq!(launcher.icon, "M0 0h9v9z");
        assert!(
            launcher.place.contains(";fill:currentColor;"),
            "{}",
            launcher.place
        );
        assert!(!launcher.light.contains("--font"), "{}", launcher.light);
    }

    #[test]
    fn the_icons_are_those_of_the_widget() {
        const WIDGET: &str = include_str!("../../../../src/components/icon.rs");
        for path in [Icon::Chat, Icon::Question].map(icon) {
            assert!(WIDGET.contains(&format!("{path:?}")), "{path}");
        }
    }
}
