use std::cell::RefCell;
use std::rc::Rc;

use leptos::prelude::{Owner, RenderEffect, untrack};
use web_sys::Node;

use super::Line;
use super::render::{Made, insert, parent, remove};

/// Is a list in an element, right before its anchor: a line that stays is not touched.
pub(super) struct List {
    anchor: Node,
    lines: Rc<RefCell<Vec<Kept>>>,
    _effect: RenderEffect<()>,
}

/// Is a line that was made, with an owner of its own for what lives in it: the list's own run over
/// and over.
struct Kept {
    key: u64,
    made: Made,
    _owner: Owner,
}

impl List {
    pub(super) fn new(say: Box<dyn Fn() -> Vec<Line>>, anchor: Node) -> Self {
        let lines = Rc::new(RefCell::new(Vec::new()));
        let owner = Owner::current().unwrap_or_default();
        let (held, before) = (Rc::clone(&lines), anchor.clone());
        let effect = RenderEffect::new(move |_| {
            let wanted = say();
            let mut held = held.borrow_mut();
            *held = arrange(std::mem::take(&mut *held), wanted, &before, &owner);
        });
        Self {
            anchor,
            lines,
            _effect: effect,
        }
    }

    /// Returns the first node.
    pub(super) fn first(&self) -> Node {
        before(&self.lines.borrow(), &self.anchor)
    }

    pub(super) fn remove(&self) {
        for line in &*self.lines.borrow() {
            line.made.element.remove();
        }
        remove(&self.anchor);
    }
}

/// Keeps the lines that are still wanted, makes the others, and puts all in order.
fn arrange(mut old: Vec<Kept>, wanted: Vec<Line>, anchor: &Node, owner: &Owner) -> Vec<Kept> {
    old.retain(|line| {
        let stays = wanted.iter().any(|wanted| wanted.key == line.key);
        if !stays {
            line.made.element.remove();
        }
        stays
    });
    let parent = parent(anchor);
    let mut new = Vec::new();
    for Line { key, make } in wanted {
        // Lines hardly ever change places: the next one is nearly always the first.
        let at = old.iter().position(|line| line.key == key);
        let line = at.map(|at| old.remove(at)).unwrap_or_else(|| {
            let owner = owner.with(Owner::new);
            let made = owner.with(|| untrack(|| Made::new(make())));
            Kept {
                key,
                made,
                _owner: owner,
            }
        });
        if at != Some(0) {
            insert(&parent, &line.made.element, Some(&before(&old, anchor)));
        }
        new.push(line);
    }
    new
}

fn before(lines: &[Kept], anchor: &Node) -> Node {
    match lines.first() {
        Some(line) => line.made.element.clone().into(),
        None => anchor.clone(),
    }
}
