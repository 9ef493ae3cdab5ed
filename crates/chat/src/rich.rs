//! Rich messages: what there is to choose from, to look at and to open beside a message's text.
//!
//! They come as JSON by `contentType` (the vendor's GWCRM page, and protocols that bots share). Read tolerantly: what
//! is not understood is left out, and where nothing is left the plain text stands for it.

use crate::dialect::json::{self, Object, Value};

/// How many items, and how many buttons of one item, are read.
const MOST: usize = 50;
/// The longest text of an item, in characters.
const LONGEST: usize = 2_000;

/// A rich message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rich {
    /// How its items are shown.
    pub layout: Layout,
    /// What it holds, in order; at least one.
    pub items: Vec<RichItem>,
}

/// The layouts of rich messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Answers to the question that the text is. They are of no use once it is answered.
    Replies,
    /// Cards side by side.
    Cards,
    /// Rows.
    List,
    /// Rows of which one may be chosen.
    Selection,
    /// Files and pictures that are somewhere on the web.
    Attachments,
}

/// An item of a rich message. It has a title, a text, a picture or a button at least.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RichItem {
    /// What it is called.
    pub title: Option<String>,
    /// What it says.
    pub text: Option<String>,
    /// A picture elsewhere on the web.
    pub picture: Option<Picture>,
    /// What the item itself does when it is chosen.
    pub action: Option<RichAction>,
    /// Its buttons, each with what stands on it.
    pub buttons: Vec<(String, RichAction)>,
}

/// A picture elsewhere on the web. Nothing of it is loaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// Its address as sent, not checked.
    pub address: String,
    /// What it shows, in words.
    pub words: Option<String>,
}

/// What happens when something is chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RichAction {
    /// The visitor says this.
    Say(String),
    /// A page opens, at an address as sent, not checked.
    Open(String),
}

impl Rich {
    /// Reads a rich message. Returns `None` where there is nothing that could be shown.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let rich = json::parse_object(text)?;
        let layout = layout(&json::text(&rich, "contentType")?)?;
        let items = match layout {
            Layout::Replies => replies(json::list(&rich, "content")),
            _ => items(layout, &rich),
        };
        (!items.is_empty()).then_some(Self { layout, items })
    }

    /// Tells whether a text says nothing but what the items say: then it only stands for them where they cannot be
    /// shown.
    #[must_use]
    pub fn repeats(&self, text: &str) -> bool {
        // The text of replies is their question, whatever it says.
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        self.layout != Layout::Replies
            && lines.all(|line| self.items.iter().any(|item| item.says(line)))
    }
}

impl RichItem {
    /// Lists what can be chosen here: the item itself, and its buttons.
    pub fn actions(&self) -> impl Iterator<Item = &RichAction> {
        let buttons = self.buttons.iter().map(|(_, action)| action);
        self.action.iter().chain(buttons)
    }

    fn says(&self, line: &str) -> bool {
        let own = self.title.iter().chain(&self.text);
        let pictures = self.picture.iter();
        let pictures = pictures.filter_map(|picture| picture.words.as_ref());
        let buttons = self.buttons.iter().map(|(label, _)| label);
        own.chain(pictures)
            .chain(buttons)
            .any(|words| words.lines().any(|said| said.trim() == line))
    }

    fn is_empty(&self) -> bool {
        self.title.is_none()
            && self.text.is_none()
            && self.picture.is_none()
            && self.buttons.is_empty()
    }
}

fn layout(content_type: &str) -> Option<Layout> {
    let name: String = content_type
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_lowercase())
        .collect();
    Some(match name.as_str() {
        "quickreplies" | "quickreply" | "buttons" => Layout::Replies,
        "generic" | "carousel" | "card" | "cards" => Layout::Cards,
        "list" | "listvertical" | "simplelist" => Layout::List,
        "singleselectionlist" | "selectablelist" | "listpicker" => Layout::Selection,
        "attachments" | "attachment" | "image" | "images" | "video" | "videos" => {
            Layout::Attachments
        }
        _ => return None,
    })
}

fn replies(content: &[Value]) -> Vec<RichItem> {
    let buttons = content.iter().filter_map(button).take(MOST);
    let to_item = |(label, action)| RichItem {
        title: Some(label),
        action: Some(action),
        ..RichItem::default()
    };
    buttons.map(to_item).collect()
}

fn items(layout: Layout, rich: &Object) -> Vec<RichItem> {
    let content = json::list(rich, "content").iter();
    let objects = content.filter_map(Value::as_object);
    let nested = objects.flat_map(|object| {
        // A carousel may be the one item, with its cards within.
        let within = ["items", "elements", "cards"].map(|key| json::list(object, key));
        let within = within.into_iter().flatten().filter_map(Value::as_object);
        let within: Vec<_> = within.collect();
        if within.is_empty() {
            vec![object]
        } else {
            within
        }
    });
    let items = nested.map(|object| item(layout, object));
    items.filter(|item| !item.is_empty()).take(MOST).collect()
}

fn item(layout: Layout, object: &Object) -> RichItem {
    let mut item = RichItem {
        title: first(object, &["title", "name"]),
        text: first(object, &["description", "subtitle"]),
        picture: ["image", "imageUrl", "image_url", "picture"]
            .iter()
            .find_map(|key| picture(object.get(*key)?)),
        ..RichItem::default()
    };
    let own = first(object, &["text"]);
    if item.title.is_none() {
        item.title.clone_from(&own);
    } else if item.text.is_none() && own != item.title && layout == Layout::Cards {
        item.text.clone_from(&own);
    }
    let parts = ["components", "actions", "buttons"].map(|key| json::list(object, key));
    for part in parts.into_iter().flatten() {
        add_part(&mut item, part);
    }
    match layout {
        Layout::Attachments => attach(&mut item, object),
        Layout::Selection => {
            item.action = action(object).or(own.or(item.title.clone()).map(RichAction::Say));
        }
        Layout::List | Layout::Cards if object.contains_key("action") => {
            item.action = action(object);
        }
        _ => {}
    }
    item
}

/// Adds one component of an item to it.
fn add_part(item: &mut RichItem, part: &Value) {
    let Some(object) = part.as_object() else {
        return;
    };
    let kind = json::text(object, "type").unwrap_or_default();
    let words = || first(object, &["text", "title", "value"]);
    let is = |name: &str| kind.eq_ignore_ascii_case(name);
    if is("image") || is("picture") {
        item.picture = item.picture.take().or_else(|| picture(part));
    } else if is("title") {
        item.title = item.title.take().or_else(words);
    } else if is("text") || is("description") || is("subtitle") {
        item.text = match (item.text.take(), words()) {
            (Some(before), Some(more)) => Some([&before, "\n", &more].concat()),
            (before, more) => before.or(more),
        };
    } else if item.buttons.len() < MOST {
        item.buttons.extend(button(part));
    }
}

/// Makes an attachment of an item: what opens is where it is.
fn attach(item: &mut RichItem, object: &Object) {
    let address = address(object).or(item.picture.take().map(|picture| picture.address));
    if item.title.is_none() {
        item.title = first(object, &["fileName", "filename", "alt"]);
    }
    let is_picture = ["type", "mediaType", "mime", "contentType"]
        .iter()
        .filter_map(|key| json::text(object, key))
        .any(|kind| kind.to_ascii_lowercase().contains("image"));
    match address {
        Some(address) if is_picture => {
            let words = item.title.take().or(item.text.take());
            item.picture = Some(Picture { address, words });
        }
        Some(address) => {
            item.title.get_or_insert_with(|| address.clone());
            item.action = Some(RichAction::Open(address));
        }
        None => {}
    }
}

fn picture(value: &Value) -> Option<Picture> {
    match value {
        Value::String(address) if !address.trim().is_empty() => Some(Picture {
            address: address.trim().into(),
            words: None,
        }),
        Value::Object(object) => Some(Picture {
            address: address(object)?,
            words: first(object, &["alt", "altText", "title", "text"]),
        }),
        _ => None,
    }
}

/// Reads something to choose, and what stands on it.
fn button(value: &Value) -> Option<(String, RichAction)> {
    let object = value.as_object()?;
    let label = first(object, &["title", "label", "text"])?;
    Some((label, action(object)?))
}

/// Reads what happens when something is chosen. Nothing does where an action is not known.
fn action(object: &Object) -> Option<RichAction> {
    let named = ["action", "type"].map(|key| json::text(object, key));
    let [action, kind] = named.map(|name| name.map(|name| name.to_ascii_lowercase()));
    let opens = |name: &str| matches!(name, "link" | "url" | "openurl" | "open-url" | "web_url");
    match (action.as_deref(), kind.as_deref()) {
        (Some(name), _) | (None, Some(name)) if opens(name) => {
            address(object).map(RichAction::Open)
        }
        (Some("message" | "reply" | "postback") | None, _) => {
            first(object, &["text", "title", "label"]).map(RichAction::Say)
        }
        _ => None,
    }
}

fn address(object: &Object) -> Option<String> {
    first(object, &["url", "link", "href", "src", "image", "value"])
}

/// Returns the first text that is not blank.
fn first(object: &Object, keys: &[&str]) -> Option<String> {
    keys.iter().find_map(|key| {
        let text = json::text(object, key)?;
        let text = text.trim();
        (!text.is_empty()).then(|| text.chars().take(LONGEST).collect())
    })
}
