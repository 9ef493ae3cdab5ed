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
use leptos::reactive::signal::ArcTrigger;
use web_sys::Event;

use crate::watched::Watched;

pub use render::Made;

/// Is an element to be built, or what one that exists is to become.
///
/// It is one pointer, and what adds to it is never put inline: a call costs a few bytes then, and
/// there are some hundreds.
#[must_use]
pub struct El(Box<Parts>);

struct Parts {
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
#[inline(never)]
pub(super) fn el(description: &'static str) -> El {
    let mut words = description.split(' ');
    let mut names = words.next().unwrap_or_default().split('.');
    let tag = names.next().unwrap_or_default();
    let mut class = String::from("w");
    for name in names {
        class.push(' ');
        class.push_str(name);
    }
    let parts = Parts {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    };
    let mut el = El(Box::new(parts)).set("class", Value::Fixed(class.into()));
    for word in words {
        let (name, value) = word.split_once('=').unwrap_or((word, ""));
        el = el.fixed(name, value);
    }
    el
}

/// Makes a link that opens in a new tab, which learns nothing of this page.
pub(super) fn link(description: &'static str, href: String) -> El {
    el(description)
        .attr("href", href)
        .fixed("target", "_blank")
        .fixed("rel", "noopener noreferrer")
}

impl El {
    #[inline(never)]
    fn set(mut self, name: &'static str, value: Value) -> Self {
        self.0.attributes.push((name, value));
        self
    }

    /// Sets an attribute to what never changes.
    #[inline(never)]
    pub(super) fn fixed(self, name: &'static str, value: &'static str) -> Self {
        self.set(name, Value::Fixed(value.into()))
    }

    /// Sets an attribute.
    #[inline(never)]
    pub(super) fn attr(self, name: &'static str, value: String) -> Self {
        self.set(name, Value::Fixed(value.into()))
    }

    /// Sets an attribute if there is a value.
    #[inline(never)]
    pub(super) fn attr_if(self, name: &'static str, value: Option<String>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Sets an attribute without a value if `on`.
    #[inline(never)]
    pub(super) fn flag(self, name: &'static str, on: bool) -> Self {
        if on { self.fixed(name, "") } else { self }
    }

    /// Keeps an attribute at what a function says; without a value it is not there.
    pub(super) fn live(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.set(name, Value::Live(Box::new(value)))
    }

    /// Keeps an attribute without a value there as long as a function says so.
    pub(super) fn live_flag(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.live(name, move || on().then(String::new))
    }

    /// Does something at each event of a kind.
    pub(super) fn on(self, event: &'static str, run: impl Fn(Event) + 'static) -> Self {
        self.set(event, Value::Run(Box::new(run)))
    }

    /// Does something when the element is clicked.
    pub(super) fn click(self, run: impl Fn() + 'static) -> Self {
        self.on("click", move |_| run())
    }

    #[inline(never)]
    fn put(mut self, child: Child) -> Self {
        self.0.children.push(child);
        self
    }

    /// Puts text inside.
    #[inline(never)]
    pub(super) fn text(self, text: String) -> Self {
        self.put(Child::Text(text))
    }

    /// Keeps text inside at what a function says.
    pub(super) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.put(Child::Live(Box::new(move || Some(Child::Text(text())))))
    }

    /// Puts an element inside.
    #[inline(never)]
    pub(super) fn child(self, child: Self) -> Self {
        self.put(Child::El(child))
    }

    /// Puts an element inside if there is one.
    #[inline(never)]
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
            .field("tag", &self.0.tag)
            .finish_non_exhaustive()
    }
}

/// Writes a truth value as attributes have it.
pub(super) fn truth(value: bool) -> String {
    if value { "true" } else { "false" }.into()
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
    // Leptos' `Effect` does the same, but asks for the thread it is on, which brings along what
    // knows of threads. The first run only waits for the next.
    let soon = ArcTrigger::new();
    let wait = soon.clone();
    let effect = RenderEffect::new(move |waited: Option<()>| match waited {
        None => wait.track(),
        Some(()) => run(),
    });
    soon.notify();
    on_cleanup(move || drop(effect));
}
