//! Words that owners of other chat widgets know for what is called otherwise here: Chatwoot, Crisp, Genesys Widgets,
//! Intercom, LiveChat, Tawk, Zendesk.

use super::schema::Shape;
use super::suggest::plain;

/// Words of others, without case and joints, and what they mean here.
type Synonyms = &'static [(&'static [&'static str], &'static [&'static str])];

/// Words for keys, and what they may mean: keys of the table at hand, paths of keys, `texts.…` and
/// `tokens.…`.
#[rustfmt::skip]
const WORDS: Synonyms = &[
    // The server.
    (&[
        "host", "hostname", "endpoint", "baseurl", "apibase", "apiurl", "apihost", "dataurl", "serverurl",
        "address", "domain", "uri", "origin", "backend", "cometurl", "gmsurl",
    ], &["url", "server.url"]),
    (&[
        "queue", "department", "departments", "departmentid", "skill", "route", "group", "team", "virtualqueue",
        "entrypoint", "inbox", "servicename", "chatservice",
    ], &["server.service"]),
    (&["api", "protocol", "apiversion", "version", "transport", "cometd", "websocket", "push"], &["server.dialect"]),
    (&["cookies", "withcredentials", "xhrfields"], &["server.credentials"]),
    (&[
        "apikey", "contactcenterid", "customheaders", "httpheaders", "requestheaders", "enablecustomheader",
    ], &["server.headers"]),
    (&[
        "userdata", "customdata", "metadata", "customattributes", "attachdata", "attributes", "tags",
        "interactiondata",
    ], &["server.user_data"]),
    // Who it is.
    (&["id", "key", "fieldname", "inputname"], &["name", "tenant"]),
    (&[
        "name", "company", "customer", "account", "client", "slug", "site", "brandname", "tenantid",
        "tenantname",
    ], &["tenant"]),
    // The form.
    (&[
        "prechatform", "prechat", "prechatfields", "prechatsurvey", "forminputs", "inputs", "questions",
        "registrationform",
    ], &["form.fields"]),
    (&["type", "inputtype", "fieldtype", "control"], &["kind", "server.dialect"]),
    (&["mandatory", "isrequired", "obligatory"], &["required"]),
    (&["caption", "text", "displayname"], &["label"]),
    (&["values", "choices", "items"], &["options"]),
    (&["regex", "regexp", "validation", "validate", "regexpattern"], &["pattern"]),
    (&["default", "defaultvalue", "initial", "prefill"], &["value"]),
    (&["hint", "description", "tooltip", "helptext"], &["help"]),
    (&["href", "url", "policyurl", "termsurl", "privacyurl"], &["link"]),
    (&["maps", "mapping", "mapto", "target", "attribute"], &["role"]),
    (&["length", "limit", "maxchars"], &["max_length"]),
    (&["gdpr", "consent", "privacypolicy", "dataprotection"], &["form.fields"]),
    // The look.
    (&[
        "color", "colour", "primarycolor", "primarycolour", "primary", "brandcolor", "brand", "widgetcolor",
        "actioncolor", "themecolor", "maincolor", "buttoncolor", "launchercolor", "bubblecolor", "accentcolor",
        "accentcolour",
    ], &["tokens.accent"]),
    (&["buttontextcolor", "launchertextcolor", "launchertext", "onprimary", "accenttext"], &["tokens.on-accent"]),
    (&["textcolor", "textcolour", "foreground", "foregroundcolor", "ink"], &["tokens.on-surface"]),
    (&["backgroundcolor", "backgroundcolour", "background", "bg", "bgcolor", "panel"], &["tokens.surface"]),
    (&["headercolor", "headerbackground", "headerbg", "titlebar", "banner"], &["tokens.header"]),
    (&["headertext", "headertextcolor"], &["tokens.on-header"]),
    (&["visitorbubble", "usermessage", "ownbubble", "visitormessage", "outgoing"], &["tokens.mine"]),
    (&["agentbubble", "agentmessage", "operatormessage", "incoming"], &["tokens.bubble"]),
    (&["bordercolor", "border", "divider"], &["tokens.line"]),
    (&["error", "errorcolor"], &["tokens.danger-text"]),
    (&["fontsize", "textsize"], &["tokens.text-size"]),
    (&["width", "widgetwidth", "panelwidth"], &["tokens.panel-width"]),
    (&["height", "widgetheight", "panelheight"], &["tokens.panel-height"]),
    (&["launchersize", "buttonsize", "bubblesize", "iconsize"], &["tokens.launcher-size"]),
    (&["borderradius", "cornerradius", "rounded", "roundness"], &["theme.radius"]),
    (&["fontfamily", "typeface"], &["theme.font"]),
    (&["darkmode", "colorscheme", "colourscheme", "mode", "thememode", "appearance", "themes"], &["theme.scheme"]),
    (&[
        "css", "customcss", "stylesheet", "styles", "style", "colors", "colours", "palette", "variables",
    ], &["theme.tokens"]),
    // The launcher.
    (&["position", "alignment", "align", "placement", "side", "location", "widgetposition"], &["launcher.corner"]),
    (&["horizontal", "horizontalpadding", "left", "right", "offsetx", "sidespacing"], &["x", "launcher.offset"]),
    (&["vertical", "verticalpadding", "bottom", "top", "offsety", "bottomspacing"], &["y", "launcher.offset"]),
    (&["padding", "margin", "spacing", "distance"], &["launcher.offset"]),
    (&["chatbutton", "widgetbutton", "trigger"], &["launcher"]),
    (&["image", "picture", "bubbleicon"], &["launcher.icon"]),
    // The words.
    (&[
        "title", "welcometitle", "heading", "windowtitle", "chattitle", "widgettitle", "headertitle",
    ], &["texts.panel.title"]),
    (&[
        "launchertitle", "launcherlabel", "buttontext", "buttonlabel", "chatlabel", "bubbletext",
    ], &["texts.launcher.label"]),
    (&[
        "welcometagline", "tagline", "greeting", "greetingmessage", "welcomemessage", "welcome", "intro",
        "subtitle", "introduction", "pretext",
    ], &["texts.form.intro"]),
    (&["placeholder", "inputplaceholder", "messageplaceholder"], &["texts.composer.placeholder"]),
    (&["submit", "submitlabel", "startbutton", "startchat"], &["texts.form.submit"]),
    (&["agentname", "operatorname", "botname"], &["texts.name.agent"]),
    (&["thankyou", "thanks", "farewell", "goodbye", "endmessage"], &["texts.ended.thanks"]),
    (&[
        "i18n", "translations", "translation", "strings", "messages", "labels", "locales", "localization",
        "l10n", "copy",
    ], &["texts"]),
    (&["lang", "language", "languageoverride", "defaultlanguage", "languagecode"], &["locale"]),
    // What it does.
    (&[
        "attachments", "fileupload", "uploads", "uploadsenabled", "upload", "attachmentsenabled", "filesharing",
    ], &["features.files"]),
    (&["typingindicator", "istyping"], &["features.typing"]),
    (&["livepreview", "sneakpeek", "messagesneakpeek", "keystrokes"], &["features.typing_preview"]),
    (&["seen", "readstatus"], &["features.read_receipts"]),
    (&["sounds", "soundenabled", "playsound", "audio", "mute", "notificationsound"], &["attention.sound"]),
    (&["desktopnotifications", "browsernotifications", "webpush", "pushnotifications"], &["attention.notifications"]),
    (&["poll", "polling", "pollinterval", "interval", "refreshrate"], &["pace.active_ms", "pace.quiet_ms"]),
    (&["ajaxtimeout", "timeout", "requesttimeout"], &["pace.request_timeout_ms"]),
    (&["storage", "persist", "persistence", "localstorage", "session", "remember"], &["privacy.chat"]),
    (&["csat", "postchatsurvey", "feedback", "rating", "satisfaction", "surveyurl"], &["survey.url"]),
    (&["masking", "redact", "redaction", "maskcards", "hidecards", "sensitivedata", "pci", "dlp"], &["privacy.mask"]),
    // The page.
    (&["pagecontext", "visitorcontext", "pageinfo"], &["context"]),
    (&["pageurl", "currenturl", "currentpage"], &["context.url"]),
    (&["pagetitle", "documenttitle"], &["context.title"]),
    (&["referer", "previouspage"], &["context.referrer"]),
    (&["utm", "querystring", "queryparameters", "urlparameters"], &["context.keep_query"]),
    (&["iframe", "sandbox", "isolation"], &["embed.frame"]),
    (&[
        "allowedhosts", "alloweddomains", "whitelist", "whitelisteddomains", "allowlist", "domains", "origins",
        "cors", "trusteddomains", "frameancestors", "parentorigins",
    ], &["embed.allowed_origins"]),
    (&[
        "hideonpages", "excludepaths", "excludedpaths", "exclude", "hideon", "hidepaths", "blacklist", "disabledon",
        "excludeurls", "hideonurls",
    ], &["rules.hide_on"]),
    (&[
        "showonpages", "includepaths", "includedpaths", "include", "showon", "paths", "pages", "showonurls",
        "enabledon", "includeurls",
    ], &["rules.show_on"]),
    (&[
        "openafter", "autoopen", "openon", "opendelay", "delay", "autoopendelay", "proactive", "invite", "popup",
        "opentimeout", "openafterseconds",
    ], &["rules.open_after_s"]),
    (&["exitintent", "onexit", "openonexitintent", "exit"], &["rules.open_on_exit"]),
    (&["once", "frequency", "showonce", "cooldown"], &["rules.open_once"]),
    (&["businesshours", "officehours", "workinghours", "openinghours", "operatinghours", "schedule", "availability"], &["hours"]),
    (&["timezone", "tz", "tzid", "timezoneid"], &["zone", "hours.zone"]),
    (&["holiday", "holidaylist", "exceptions", "closeddays", "specialdays", "closures"], &["holidays", "hours.holidays"]),
    (&["offline", "outofoffice", "whenclosed", "outside", "afterhours"], &["closed", "hours.closed"]),
    (&[
        "leaveamessage", "leavemessage", "offlinemessage", "ticketform", "contactusform", "mailbox",
    ], &["message"]),
    (&["action", "posturl", "webhook", "webhookurl", "submiturl"], &["url", "message.url"]),
    (&["displayrules", "triggers", "targeting", "conditions", "visibility"], &["rules"]),
    (&["subdomains", "crossdomain", "crosssubdomain", "sharedcookie"], &["embed.cookie_domain"]),
    (&["globalname", "namespace", "function", "apifunction", "jsname", "global"], &["embed.api_name"]),
    (&["mail", "emailaddress", "supportemail", "contactemail"], &["contact.email"]),
    (&["tel", "telephone", "phonenumber", "hotline", "contactphone"], &["contact.phone"]),
    (&["website", "contactform", "contactpage", "contacturl", "fallbackurl", "offlineform"], &["contact.url"]),
];

/// Words that stand for one of the choices of a key.
#[rustfmt::skip]
const CHOICES: Synonyms = &[
    (&["left", "l"], &["bottom_left"]),
    (&["right", "r", "default"], &["bottom_right"]),
    (&["system", "default", "automatic", "browser", "inherit"], &["auto"]),
    (&["phone", "telephone", "mobile"], &["tel"]),
    (&["string", "input", "number", "singleline"], &["text"]),
    (&["dropdown", "choice", "list", "radio", "combobox"], &["select"]),
    (&["boolean", "bool", "check", "tick"], &["checkbox"]),
    (&["multiline", "longtext"], &["textarea"]),
    (&["mail", "emailaddress"], &["email"]),
    (&["agreement", "gdpr", "terms", "privacy"], &["consent"]),
    (&["name", "fullname", "displayname", "customername"], &["nickname"]),
    (&["givenname", "forename"], &["first_name"]),
    (&["surname", "familyname"], &["last_name"]),
    (&["topic", "reason", "enquiry"], &["subject"]),
    (&["bubble", "speech", "message", "comment"], &["chat"]),
    (&["help", "faq", "support"], &["question"]),
    (&["text", "label", "hidden", "off"], &["none"]),
    (&["local", "localstorage", "persistent", "browser"], &["site"]),
    (&["tab", "sessionstorage"], &["session"]),
    (&["none", "off", "never", "no"], &["memory", "omit", "never"]),
    (&["iframe", "yes", "on"], &["always", "include"]),
    (&["sameorigin"], &["omit"]),
    (&["gms", "genesys", "v2", "2", "gms2", "digitalchannels"], &["gms-v2"]),
    (&["v1", "1", "gms1"], &["gms-v1"]),
    (&["cometd", "bayeux"], &["gms-v2-cometd"]),
    (&["htcc", "webservices"], &["gws"]),
];

/// Says what an unknown key may mean in a table, which stands at a path.
pub(super) fn key(root: Shape<'_>, table: Shape<'_>, path: &str, word: &str) -> Option<String> {
    let meant = meant(WORDS, word);
    let in_table = |target: &&'static str| target.strip_prefix(path)?.strip_prefix('.');
    let mut here = meant
        .iter()
        .map(|target| in_table(target).unwrap_or(target));
    if let Some(key) = here.find(|key| table.key(key).is_some()) {
        return Some(format!("did you mean \"{key}\"?"));
    }
    let elsewhere: Vec<String> = meant
        .iter()
        .filter_map(|target| {
            if let Some(key) = text_of(target) {
                root.key("texts")?;
                return Some(format!("the text \"{key}\" in [texts.en]"));
            }
            if let Some(token) = target.strip_prefix("tokens.") {
                root.key("theme")?.key("tokens")?;
                return Some(format!("the token {token} in [theme.tokens]"));
            }
            target
                .split('.')
                .try_fold(root, |shape, key| shape.key(key))?;
            let is_path = target.contains('.') || root.key(target).is_some();
            is_path.then(|| (*target).to_owned())
        })
        .collect();
    (!elsewhere.is_empty()).then(|| format!("did you mean {}?", elsewhere.join(" or ")))
}

/// Returns the token that a word may mean.
pub(super) fn token(word: &str) -> Option<&'static str> {
    meant(WORDS, word)
        .iter()
        .find_map(|target| target.strip_prefix("tokens."))
}

/// Returns the text key that a word may mean.
pub(super) fn text(word: &str) -> Option<&'static str> {
    meant(WORDS, word).iter().find_map(|target| text_of(target))
}

/// Returns the choice that a word may mean, of those there are.
pub(super) fn choice<'a>(word: &str, choices: &[&'a str]) -> Option<&'a str> {
    let word = plain(word);
    let rows = CHOICES
        .iter()
        .filter(|(words, _)| words.contains(&word.as_str()));
    let mut meant = rows.flat_map(|(_, meant)| meant.iter());
    meant.find_map(|meant| choices.iter().find(|choice| *choice == meant).copied())
}

fn text_of(target: &'static str) -> Option<&'static str> {
    target.strip_prefix("texts.")
}

fn meant(table: Synonyms, word: &str) -> &'static [&'static str] {
    let word = plain(word);
    let row = table
        .iter()
        .find(|(words, _)| words.contains(&word.as_str()));
    row.map_or(&[], |(_, meant)| meant)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};
    use std::fs;
    use std::path::Path;

    use super::*;
    use crate::build::{Tokens, keys};

    fn read(file: &str) -> String {
        fs::read_to_string(
            Path::new(env!("CARGO_MANIFEST_DIR"))
                .join("../..")
                .join(file),
        )
        .unwrap()
    }

    #[test]
    fn every_word_leads_to_something_that_is_there() {
        let texts = read("public/locales/en.json");
        let texts: BTreeMap<String, String> = serde_json::from_str(&texts).unwrap();
        let tokens = Tokens::from_sheet(&read("style/tokens.css"));
        let tokens: BTreeSet<&str> = tokens.names().collect();
        let keys: Vec<String> = keys().iter().map(|key| key.replace("[]", "")).collect();
        let is_key = |target: &str| {
            keys.iter()
                .any(|key| key == target || key.rsplit('.').next() == Some(target))
        };
        let mut seen = BTreeSet::new();
        for (words, meant) in WORDS {
            for word in *words {
                assert_eq!(*word, plain(word), "is compared without case and joints");
                assert!(seen.insert(word), "{word} stands there twice");
            }
            for target in *meant {
                let there = match (text_of(target), target.strip_prefix("tokens.")) {
                    (Some(key), _) => texts.contains_key(key),
                    (_, Some(token)) => tokens.contains(token),
                    _ => is_key(target),
                };
                assert!(there, "there is no {target}");
            }
        }
    }
}
