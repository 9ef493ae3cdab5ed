//! How elements come to be, change and go.

use std::borrow::Cow;
use std::cell::RefCell;
use std::mem;
use std::rc::Rc;

use leptos::prelude::{Render, RenderEffect, document};
use leptos::tachys::view::Mountable;
use wasm_bindgen::{JsCast, UnwrapThrowExt};
use web_sys::{Element, Node, Text};

use super::list::List;
use super::{Child, El, Value};
use crate::listener::Listener;

/// Is an element that was made, with what keeps it alive.
pub struct Made {
    pub(super) element: Element,
    tag: &'static str,
    attributes: Vec<(&'static str, Kept)>,
    children: Vec<Part>,
}

/// What keeps an attribute, or an event, alive. Dropping it lets go.
enum Kept {
    Fixed(Cow<'static, str>),
    Live(#[expect(dead_code, reason = "kept to run")] RenderEffect<()>),
    Run(#[expect(dead_code, reason = "kept to listen")] Listener),
}

/// Is what stands inside an element.
enum Part {
    Text(Text),
    El(Made),
    Live(Slot),
    Lines(List),
}

/// Is a place whose contents come and go: right before its anchor.
struct Slot {
    anchor: Node,
    contents: Rc<RefCell<Option<Part>>>,
    _effect: RenderEffect<()>,
}

impl Made {
    pub(super) fn new(el: El) -> Self {
        let el = *el.0;
        let element = create(el.tag);
        let keep = |(name, value)| (name, keep(&element, name, value));
        let attributes = el.attributes.into_iter().map(keep).collect();
        let children = el
            .children
            .into_iter()
            .map(|child| Part::new(child, &element, None));
        Self {
            tag: el.tag,
            attributes,
            children: children.collect(),
            element,
        }
    }

    /// Becomes what another element of the same tag is to be.
    fn become_like(&mut self, el: El) {
        let el = *el.0;
        let mut old = mem::take(&mut self.attributes);
        for (name, kept) in &old {
            let is_attribute = !matches!(kept, Kept::Run(_));
            if is_attribute && !el.attributes.iter().any(|(new, _)| new == name) {
                // Taking away what is not there does nothing.
                _ = self.element.remove_attribute(name);
            }
        }
        for (name, value) in el.attributes {
            let same = match &value {
                Value::Fixed(value) => old.iter().position(|(known, kept)| {
                    *known == name && matches!(kept, Kept::Fixed(kept) if kept == value)
                }),
                Value::Live(_) | Value::Run(_) => None,
            };
            let kept = match same {
                Some(at) => old.swap_remove(at),
                None => (name, keep(&self.element, name, value)),
            };
            self.attributes.push(kept);
        }
        let mut children = mem::take(&mut self.children).into_iter();
        for child in el.children {
            self.children.push(match children.next() {
                Some(part) => part.become_like(child),
                None => Part::new(child, &self.element, None),
            });
        }
        children.for_each(|part| part.remove());
    }
}

impl Part {
    /// Puts a child into an element, before a node or at the end.
    fn new(child: Child, parent: &Node, before: Option<&Node>) -> Self {
        match child {
            Child::Text(text) => {
                let text = document().create_text_node(&text);
                insert(parent, &text, before);
                Self::Text(text)
            }
            Child::El(el) => {
                let made = Made::new(el);
                insert(parent, &made.element, before);
                Self::El(made)
            }
            Child::Live(say) => Self::Live(Slot::new(say, anchor(parent, before))),
            Child::Lines(say) => Self::Lines(List::new(say, anchor(parent, before))),
        }
    }

    /// Becomes what another child is to be: in place if it is of the same kind.
    fn become_like(self, child: Child) -> Self {
        match (self, child) {
            (Self::Text(node), Child::Text(text)) => {
                if node.data() != text {
                    node.set_data(&text);
                }
                Self::Text(node)
            }
            (Self::El(mut made), Child::El(el)) if made.tag == el.0.tag => {
                made.become_like(el);
                Self::El(made)
            }
            (old, child) => {
                let first = old.first();
                let new = Self::new(child, &parent(&first), Some(&first));
                old.remove();
                new
            }
        }
    }

    /// Returns the first node.
    fn first(&self) -> Node {
        match self {
            Self::Text(text) => text.clone().into(),
            Self::El(made) => made.element.clone().into(),
            Self::Live(slot) => match &*slot.contents.borrow() {
                Some(part) => part.first(),
                None => slot.anchor.clone(),
            },
            Self::Lines(list) => list.first(),
        }
    }

    fn remove(&self) {
        match self {
            Self::Text(text) => text.remove(),
            Self::El(made) => made.element.remove(),
            Self::Live(slot) => {
                if let Some(part) = &*slot.contents.borrow() {
                    part.remove();
                }
                remove(&slot.anchor);
            }
            Self::Lines(list) => list.remove(),
        }
    }
}

impl Slot {
    fn new(say: Box<dyn Fn() -> Option<Child>>, anchor: Node) -> Self {
        let contents = Rc::new(RefCell::new(None::<Part>));
        let (held, before) = (Rc::clone(&contents), anchor.clone());
        let effect = RenderEffect::new(move |_| {
            let wanted = say();
            let mut held = held.borrow_mut();
            *held = match (held.take(), wanted) {
                (Some(part), Some(child)) => Some(part.become_like(child)),
                (None, Some(child)) => Some(Part::new(child, &parent(&before), Some(&before))),
                (gone, None) => {
                    if let Some(part) = gone {
                        part.remove();
                    }
                    None
                }
            };
        });
        Self {
            anchor,
            contents,
            _effect: effect,
        }
    }
}

fn keep(element: &Element, name: &'static str, value: Value) -> Kept {
    match value {
        Value::Fixed(value) => {
            // The names are ours and well formed: nothing to refuse.
            _ = element.set_attribute(name, &value);
            Kept::Fixed(value)
        }
        Value::Live(say) => {
            let (element, mut last) = (element.clone(), None);
            Kept::Live(RenderEffect::new(move |before: Option<()>| {
                let value = say();
                if before.is_none() || value != last {
                    _ = match &value {
                        Some(value) => element.set_attribute(name, value),
                        None => element.remove_attribute(name),
                    };
                    last = value;
                }
            }))
        }
        Value::Run(run) => Kept::Run(Listener::new(element, name, run)),
    }
}

fn create(tag: &str) -> Element {
    let document = document();
    let made = if matches!(tag, "svg" | "path") {
        document.create_element_ns(Some("http://www.w3.org/2000/svg"), tag)
    } else {
        document.create_element(tag)
    };
    // Only a malformed tag is refused, and all are ours.
    made.unwrap_throw()
}

/// Marks a place in an element by a node that shows nothing.
fn anchor(parent: &Node, before: Option<&Node>) -> Node {
    let anchor = document().create_comment("").into();
    insert(parent, &anchor, before);
    anchor
}

pub(super) fn insert(parent: &Node, node: &Node, before: Option<&Node>) {
    // Refused only if `before` stands elsewhere, which the page would have to have done.
    _ = parent.insert_before(node, before);
}

/// Returns where a node stands. All of ours stand somewhere from the moment they are made.
pub(super) fn parent(node: &Node) -> Node {
    node.parent_node().unwrap_or_else(|| node.clone())
}

pub(super) fn remove(node: &Node) {
    // Refused only if it is gone already.
    _ = parent(node).remove_child(node);
}

impl Render for El {
    type State = Made;

    fn build(self) -> Made {
        Made::new(self)
    }

    fn rebuild(self, state: &mut Made) {
        state.become_like(self);
    }
}

impl Mountable for Made {
    fn unmount(&mut self) {
        self.element.remove();
    }

    fn mount(&mut self, parent: &Element, marker: Option<&Node>) {
        insert(parent, &self.element, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        let parent = self.element.parent_element();
        if let Some(parent) = &parent {
            child.mount(parent, Some(self.element.unchecked_ref()));
        }
        parent.is_some()
    }

    fn elements(&self) -> Vec<Element> {
        vec![self.element.clone()]
    }
}

impl std::fmt::Debug for Made {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Made")
            .field("tag", &self.tag)
            .finish_non_exhaustive()
    }
}
