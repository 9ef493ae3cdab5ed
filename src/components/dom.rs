//! Elements that all have the same type.
//!
//! A `view!` gives each piece of markup a type of its own, and the compiler writes the code to
//! build, change and drop each: measured on this widget, about a kilobyte an element. Visitors wait
//! for every byte of it. So markup is written with the same framework's builder instead, its types
//! erased at once: there is one kind of element, of attribute, of handler. Leptos builds and
//! changes them in place as ever, and never from markup in a string, which pages with Trusted Types
//! refuse.

use std::rc::Rc;

use leptos::ev;
use leptos::html::custom;
use leptos::prelude::*;
use leptos::tachys::html::attribute::any_attribute::{AnyAttribute, IntoAnyAttribute};
use leptos::tachys::html::attribute::custom::custom_attribute;
use leptos::tachys::html::event::on;
use leptos::tachys::view::iterators::StaticVec;
use send_wrapper::SendWrapper;
use web_sys::Event;

use crate::watched::Watched;

/// Is an element to be built. Names are in capitals, as the browser gives them back: that is how
/// Leptos tells whether an element can stay when a view changes.
#[must_use]
pub(super) struct El {
    tag: &'static str,
    attributes: Vec<AnyAttribute>,
    children: Vec<AnyView>,
}

/// Makes an element with a class. `style/base.css` resets every element of the class `w`.
pub(super) fn el(tag: &'static str, class: &str) -> El {
    El {
        tag,
        attributes: Vec::new(),
        children: Vec::new(),
    }
    .attr("class", ["w ", class].concat())
}

pub(super) fn div(class: &str) -> El {
    el("DIV", class)
}

pub(super) fn p(class: &str) -> El {
    el("P", class)
}

pub(super) fn span(class: &str) -> El {
    el("SPAN", class)
}

/// Makes a button that submits nothing.
pub(super) fn button(class: &str) -> El {
    el("BUTTON", class).attr("type", "button")
}

/// Makes a link that opens in a new tab, which learns nothing of this page.
pub(super) fn link(class: &str, href: String) -> El {
    el("A", class)
        .attr("href", href)
        .attr("target", "_blank")
        .attr("rel", "noopener noreferrer")
}

impl El {
    /// Sets an attribute.
    pub(super) fn attr(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.attributes
            .push(custom_attribute(name, value.into()).into_any_attr());
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
        if on { self.attr(name, "") } else { self }
    }

    /// Names the element for the page's style sheets.
    pub(super) fn part(self, name: &'static str) -> Self {
        self.attr("part", name)
    }

    /// Keeps an attribute at what a function says; without a value it is not there.
    pub(super) fn live(
        self,
        name: &'static str,
        value: impl Fn() -> Option<String> + 'static,
    ) -> Self {
        self.live_boxed(name, Box::new(value))
    }

    fn live_boxed(mut self, name: &'static str, value: Box<dyn Fn() -> Option<String>>) -> Self {
        let value = SendWrapper::new(value);
        let value = move || value();
        self.attributes
            .push(custom_attribute(name, value).into_any_attr());
        self
    }

    /// Keeps an attribute without a value there as long as a function says so.
    pub(super) fn live_flag(self, name: &'static str, on: impl Fn() -> bool + 'static) -> Self {
        self.live(name, move || on().then(String::new))
    }

    /// Does something at each event of a kind.
    pub(super) fn on(self, event: &'static str, run: impl Fn(Event) + 'static) -> Self {
        self.on_boxed(event, Box::new(run))
    }

    fn on_boxed(mut self, event: &'static str, run: Box<dyn FnMut(Event)>) -> Self {
        self.attributes
            .push(on(ev::Custom::<Event>::new(event), run).into_any_attr());
        self
    }

    /// Does something when the element is clicked.
    pub(super) fn click(self, run: impl Fn() + 'static) -> Self {
        self.on("click", move |_| run())
    }

    /// Puts text inside.
    pub(super) fn text(mut self, text: impl Into<String>) -> Self {
        self.children.push(text.into().into_any());
        self
    }

    /// Keeps text inside at what a function says.
    pub(super) fn live_text(self, text: impl Fn() -> String + 'static) -> Self {
        self.show(move || Some(text().into_any()))
    }

    /// Puts something inside.
    pub(super) fn child(mut self, child: impl Into<AnyView>) -> Self {
        self.children.push(child.into());
        self
    }

    /// Puts something inside if it is there.
    pub(super) fn child_if(self, child: Option<El>) -> Self {
        match child {
            Some(child) => self.child(child),
            None => self,
        }
    }

    /// Keeps inside what a function says, if anything. What stays the same stays in place.
    pub(super) fn show<V: Into<AnyView>>(self, view: impl Fn() -> Option<V> + 'static) -> Self {
        self.show_boxed(Box::new(move || view().map(Into::into)))
    }

    /// Keeps a line inside for each of some items; a line stays as long as its item does. `key` tells
    /// items apart.
    pub(super) fn each<T: 'static>(
        mut self,
        items: impl Fn() -> Vec<Rc<T>> + 'static,
        key: fn(&T) -> u64,
        line: impl Fn(&Rc<T>) -> El + Clone + 'static,
    ) -> Self {
        let make = move |item: Rc<T>| {
            let line = line.clone();
            let key = key(&item);
            let view: Box<dyn FnOnce() -> AnyView> = Box::new(move || line(&item).into());
            Line {
                key,
                view: SendWrapper::new(view),
            }
        };
        self.children.push(lines(Box::new(move || {
            items().into_iter().map(&make).collect()
        })));
        self
    }

    fn show_boxed(mut self, view: Box<dyn Fn() -> Option<AnyView>>) -> Self {
        self.children.push(live_view(view));
        self
    }
}

impl From<El> for AnyView {
    fn from(el: El) -> Self {
        let El {
            tag,
            attributes,
            children,
        } = el;
        custom(tag)
            .child(StaticVec::from(children))
            .add_any_attr(attributes)
            .into_any()
    }
}

/// Is one of a list's lines: what tells it from the others, and how to make it.
struct Line {
    key: u64,
    view: SendWrapper<Box<dyn FnOnce() -> AnyView>>,
}

fn lines(lines: Box<dyn Fn() -> Vec<Line>>) -> AnyView {
    let lines = SendWrapper::new(lines);
    view! { class = "w",
        <For each=move || lines() key=|line| line.key children=|line| line.view.take()() />
    }
    .into_any()
}

fn live_view(view: Box<dyn Fn() -> Option<AnyView>>) -> AnyView {
    let view = SendWrapper::new(view);
    (move || view().unwrap_or_else(|| ().into_any())).into_any()
}

/// Follows what a function says, and changes only when that does.
pub(super) fn derived<T: PartialEq + 'static>(say: impl Fn() -> T + 'static) -> Rc<Watched<T>> {
    let value = Rc::new(Watched::new(untrack(&say)));
    let kept = Rc::clone(&value);
    effect(move || kept.replace(say()));
    value
}

/// Runs a function now and whenever something changes that it has read.
pub(super) fn effect(run: impl Fn() + 'static) {
    effect_boxed(Box::new(run));
}

fn effect_boxed(run: Box<dyn Fn()>) {
    Effect::new(move |_| run());
}
