use std::cell::RefCell;

use serde_json::Value;

use crate::{ConfigError, Localized, Table};

/// A value, or the lack of one, and the path to it.
///
/// What is read from a table is read by its key, and none of that is put inline: there are some
/// fifty calls, and each is as short as can be.
#[derive(Clone, Copy)]
pub(super) struct Node<'a> {
    value: Option<&'a Value>,
    key: &'a str,
    up: Option<&'a Node<'a>>,
    wrong: &'a RefCell<Option<ConfigError>>,
}

impl<'a> Node<'a> {
    /// Begins at the top. What is wrong first is put into `wrong`.
    pub(super) fn top(value: &'a Value, wrong: &'a RefCell<Option<ConfigError>>) -> Self {
        let top = Self {
            value: Some(value),
            key: "",
            up: None,
            wrong,
        };
        top.check_table();
        top
    }

    /// Goes to what a table has under a key. JSON's null counts as nothing.
    #[inline(never)]
    pub(super) fn at<'b>(&'b self, key: &'b str) -> Node<'b> {
        let value = self
            .value
            .and_then(|value| value.get(key))
            .filter(|value| **value != Value::Null);
        Node {
            value,
            key,
            up: Some(self),
            wrong: self.wrong,
        }
    }

    pub(super) fn is_absent(&self) -> bool {
        self.value.is_none()
    }

    #[inline(never)]
    pub(super) fn table<'b>(&'b self, key: &'b str) -> Node<'b> {
        let node = self.at(key);
        node.check_table();
        node
    }

    #[inline(never)]
    pub(super) fn required_table<'b>(&'b self, key: &'b str) -> Node<'b> {
        let node = self.table(key);
        if node.is_absent() {
            node.expected("a table");
        }
        node
    }

    #[inline(never)]
    pub(super) fn text(&self, key: &str) -> Option<String> {
        let node = self.at(key);
        let text = node.value?.as_str();
        if text.is_none() {
            node.expected("a string");
        }
        text.map(String::from)
    }

    #[inline(never)]
    pub(super) fn required_text(&self, key: &str) -> String {
        let node = self.at(key);
        if node.is_absent() {
            node.expected("a string");
        }
        self.text(key).unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn flag(&self, key: &str, default: bool) -> bool {
        let node = self.at(key);
        let flag = node.value.and_then(Value::as_bool);
        if flag.is_none() && !node.is_absent() {
            node.expected("true or false");
        }
        flag.unwrap_or(default)
    }

    #[inline(never)]
    pub(super) fn number(&self, key: &str, least: u32, most: u32) -> Option<u32> {
        let node = self.at(key);
        let number = node
            .value?
            .as_u64()
            .and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| *number >= least && *number <= most);
        if number.is_none() {
            node.expected(&format!("an integer from {least} to {most}"));
        }
        number
    }

    /// Returns which of the words stands under a key; the first if none does.
    #[inline(never)]
    pub(super) fn word(&self, key: &str, words: &[&str]) -> usize {
        let node = self.at(key);
        let found = node.value.and_then(Value::as_str);
        let at = words.iter().position(|word| Some(*word) == found);
        if at.is_none() && !node.is_absent() {
            let mut what = String::from("one of");
            for word in words {
                what.push_str(if what.len() > 6 { ", " } else { " " });
                what.push_str(word);
            }
            node.expected(&what);
        }
        at.unwrap_or_default()
    }

    #[inline(never)]
    pub(super) fn texts(&self, key: &str) -> Table<String> {
        let node = self.table(key);
        let mut texts = Table::default();
        for key in node.keys() {
            texts.insert(key, node.required_text(key));
        }
        texts
    }

    #[inline(never)]
    pub(super) fn localized(&self, key: &str) -> Option<Localized> {
        (!self.at(key).is_absent()).then(|| Localized(self.texts(key)))
    }

    /// Returns the keys of a table.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.value
            .and_then(Value::as_object)
            .into_iter()
            .flat_map(|object| object.iter())
            .map(|(key, _)| key.as_str())
    }

    /// Reads each table of a list.
    pub(super) fn items<T>(&self, key: &str, read: fn(&Node<'_>) -> T) -> Vec<T> {
        let node = self.at(key);
        let items = node.value.and_then(Value::as_array);
        if items.is_none() && !node.is_absent() {
            node.expected("a list");
        }
        let mut all = Vec::new();
        for (at, value) in items.into_iter().flatten().enumerate() {
            let key = format!("[{at}]");
            let item = Node {
                value: Some(value),
                key: &key,
                up: Some(&node),
                wrong: self.wrong,
            };
            item.check_table();
            all.push(read(&item));
        }
        all
    }

    /// Notes what was expected here, unless something was wrong before.
    #[inline(never)]
    pub(super) fn expected(&self, what: &str) {
        if self.wrong.borrow().is_none() {
            let found = if self.is_absent() {
                "missing, expected "
            } else {
                "expected "
            };
            let error = ConfigError::at(&self.path(), &[found, what].concat());
            self.wrong.replace(Some(error));
        }
    }

    fn check_table(&self) {
        if self.value.is_some_and(|value| value.as_object().is_none()) {
            self.expected("a table");
        }
    }

    fn path(&self) -> String {
        let path = self.up.map(Node::path).unwrap_or_default();
        let dot = if path.is_empty() || self.key.starts_with('[') {
            ""
        } else {
            "."
        };
        [&path, dot, self.key].concat()
    }
}
