//! Markup: elements of one type, built and changed in place.
//!
//! A `view!` gives each piece of markup a type of its own, and the compiler writes code to build,
//! change and drop each: measured on this widget, a kilobyte an element, twice of all that a visitor
//! may have to load. So there is one kind of element here, with Leptos' effects behind what lives.
//! Nothing is ever made from markup in a string, which pages with Trusted Types refuse.

mod list;
mod render;

use std::borrow::Cow;
use std::rc::Rc;

use leptos::prelude::*;
use web_sys::Event;

use crate::watched::Watched;

pub use render::Made;

/// Is an element to be built, or what one that exists is to become.
#[must_use]
pub struct El {
    tag: &'static str,
    attributes: Vec<(&'static str, Value)>,
    children: Vec<Child>,
}

/// What an attribute is set to, or what an event does.
enum Value {
    /// This, for good.
    Fixed(Cow<'static, str>),
    /// What the function says; without a value the attribute is not there.
    Live(Box<dyn Fn() -> Option<String>>),
    /// It is no attribute but an event.
    Run(Box<dyn Fn(Event)>),
}

/// What stands inside an element.
enum Child {
    Text(String),
    El(El),
    /// What the function says, if anything.
    Live(Box<dyn Fn() -> Option<Child>>),
    /// A line for each of some items.
    Lines(Box<dyn Fn() -> Vec<Line>>),
}

/// Is one of a list's lines: what tells it from the others, and how to make it.
struct Line {
    key: u64,
    make: Box<dyn FnOnce() -> El>,
}

/// Makes an element after a short description: tag, classes, then attributes whose values have no
/// blanks, as in `button.send type=button part=send`. `style/base.css` resets every element.
pub(super) fn el(description: &'static str) -> El {
    let mut words = description.split(' ');
    let mut names = words.next().unwrap_or_default().split('.');
    let tag = names.next().unwrap_or_default();
    let mut class = String::from("w");
    for name in names {
        class.push(' ');
        class.push_str(name);
    }
    let mut el = El {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    el.set("class", Value::Fixed(class.into()));
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        el.set(name, Value::Fixed(value.into()));
    }
    el
}

/// Makes a link that opens in a new tab, which learns nothing of this page.
pub(super) fn link(description: &'static str, href: String) -> El {
    el(description)
        .attr("href", href)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
}

impl El {
    fn set(&mut self, name: &'static str, value: Value) {
        self.attributes.push((name, value));
    }

    /// Sets an attribute.
    pub(super) fn attr(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.set(name, Value::Fixed(value.into()));
        self
    }

    /// Sets an attribute if there is a value.
    pub(super) fn attr_if(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value if `on`.
    pub(super) fn flag(self, name: &'static str, on: bool) -> Self {
        self.attr_if(name, on.then(String::new))
    }

    /// Keeps an attribute at what a function says; without a value it is not there.
    pub(super) fn live(
        mut self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.set(name, Value::Live(Box::new(value)));
        self
    }

    /// Keeps an attribute without a value there as long as a function says so.
    pub(super) fn live_flag(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.live(name, move || on().then(String::new))
    }

    /// Does something at each event of a kind.
    pub(super) fn on(mut self, event: &'static str, run: impl Fn(Event) + 'static) -> Self {
        self.set(event, Value::Run(Box::new(run)));
        self
    }

    /// Does something when the element is clicked.
    pub(super) fn click(self, run: impl Fn() + 'static) -> Self {
        self.on("click", move |_| run())
    }

    fn put(mut self, child: Child) -> Self {
        self.children.push(child);
        self
    }

    /// Puts text inside.
    pub(super) fn text(self, text: impl Into<String>) -> Self {
        self.put(Child::Text(text.into()))
    }

    /// Keeps text inside at what a function says.
    pub(super) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.put(Child::Live(Box::new(move || Some(Child::Text(text())))))
    }

    /// Puts an element inside.
    pub(super) fn child(self, child: impl Into<Self>) -> Self {
        self.put(Child::El(child.into()))
    }

    /// Puts an element inside if there is one.
    pub(super) fn child_if(self, child: Option<Self>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Keeps inside what a function says, if anything. What stays the same stays in place.
    pub(super) fn show(self, view: impl Fn() -> Option<Self> + 'static) -> Self {
        self.put(Child::Live(Box::new(move || view().map(Child::El))))
    }

    /// Keeps a line inside for each of some items; a line stays as long as its item does. `key` tells
    /// items apart.
    pub(super) fn each<T: 'static>(
        self,
        items: impl Fn() -> Vec<Rc<T>> + 'static,
        key: fn(&T) -> u64,
        line: impl Fn(&Rc<T>) -> Self + Clone + 'static,
    ) -> Self {
        let draw = move |item: Rc<T>| {
            let line = line.clone();
            Line {
                key: key(&item),
                make: Box::new(move || line(&item)),
            }
        };
        self.put(Child::Lines(Box::new(move || {
            items().into_iter().map(&draw).collect()
        })))
    }
}

impl std::fmt::Debug for El {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("El")
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}

/// Follows what a function says, and changes only when that does.
pub(super) fn derived<T: PartialEq + 'static>(say: impl Fn() -> T + 'static) -> Rc<Watched<T>> {
    let value = Rc::new(Watched::new(untrack(&say)));
    let kept = Rc::clone(&value);
    effect(move || kept.replace(say()));
    value
}

/// Runs a function soon, and whenever something changes that it has read.
pub(super) fn effect(run: impl Fn() + 'static) {
    effect_boxed(Box::new(run));
}

fn effect_boxed(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}
