use std::rc::Rc;

use gloo_events::EventListener;
use leptos::prelude::*;
use leptos_node_ref::AnyNodeRef;
use parlour_chat::WallTime;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::scroll::Scroll;
use crate::components::effect::effect;
use crate::components::focus::element;
use crate::context::context;
use crate::store::{Row, Store};

/// Remembers for this tab where in the transcript the visitor reads, and leads back there after a reload.
#[component]
pub(super) fn Bookmark(scroll: Scroll) -> impl IntoView {
    let store = context::<Store>();
    let remembered = store.actor().and_then(|actor| actor.remembered_place());
    let keeper = Rc::new(Keeper {
        store,
        scroll,
        place: StoredValue::new(remembered.as_deref().and_then(ReadingPlace::parse)),
        is_led_back: StoredValue::new(false),
    });
    let listener = StoredValue::new_local(None);
    effect(move || {
        // While the transcript is read again, lines come above the place, too.
        store.len().track();
        let is_complete = !store.state().with(|state| state.is_catching_up);
        let Some(viewport) = scroll.viewport.get() else {
            return;
        };
        let keeper = Rc::clone(&keeper);
        // When the lines are in place.
        request_animation_frame(move || {
            if listener.try_with_value(Option::is_none) == Some(true) {
                let keeper = Rc::clone(&keeper);
                let on_scroll = move |_: &_| keeper.on_scroll();
                listener.set_value(Some(EventListener::new(&viewport, "scroll", on_scroll)));
            }
            keeper.lead_back(is_complete);
        });
    });
}

/// A place in the transcript.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct ReadingPlace {
    /// When the first entry in view happened.
    at: WallTime,
    /// Its number among those of the same time.
    number: usize,
    /// How far below the top it is, in pixels.
    below: i32,
}

impl ReadingPlace {
    fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split(' ');
        Some(Self {
            at: WallTime(parts.next()?.parse().ok()?),
            number: parts.next()?.parse().ok()?,
            below: parts.next()?.parse().ok()?,
        })
    }

    fn write(self) -> String {
        let Self { at, number, below } = self;
        format!("{} {number} {below}", at.0)
    }
}

/// What keeps the place.
struct Keeper {
    store: Store,
    scroll: Scroll,
    /// Where the visitor reads; `None` at the end.
    place: StoredValue<Option<ReadingPlace>>,
    /// Whether the visitor is where an earlier page was left, as far as that can be.
    is_led_back: StoredValue<bool>,
}

impl Keeper {
    fn on_scroll(&self) {
        if self.is_led_back.try_get_value() != Some(true) {
            return;
        }
        let place = self.look();
        self.place.set_value(place);
        if let Some(actor) = self.store.actor() {
            actor.remember_place(place.map(ReadingPlace::write).as_deref());
        }
    }

    /// Scrolls to the place if its entry is there.
    fn lead_back(&self, is_complete: bool) {
        let Some(is_led_back) = self.is_led_back.try_get_value() else {
            return;
        };
        if is_led_back && is_complete {
            return;
        }
        let place = self.place.get_value();
        let line = place.and_then(|place| Some((place, self.find(place)?)));
        if let Some((place, line)) = line
            && let Some(viewport) = element::<HtmlElement>(self.scroll.viewport)
        {
            self.scroll.at_end.set(false);
            viewport.set_scroll_top(line.offset_top() - viewport.offset_top() - place.below);
            self.is_led_back.set_value(true);
        }
        if place.is_none() || is_complete {
            self.is_led_back.set_value(true);
        }
    }

    /// Returns the place that the visitor sees now.
    fn look(&self) -> Option<ReadingPlace> {
        if self.scroll.at_end.get_untracked() {
            return None;
        }
        let viewport = element::<HtmlElement>(self.scroll.viewport)?;
        let top = viewport.scroll_top() + viewport.offset_top();
        let is_in_view =
            |element: &HtmlElement| element.offset_top() + element.offset_height() > top;
        // Block by block: the browser is asked for few of the lines of a long chat.
        let elements = block_elements(self.scroll.content);
        let number_of_block = elements.iter().position(is_in_view)?;
        let blocks = self.store.blocks().get_untracked();
        let rows = blocks
            .get(number_of_block)?
            .rows
            .get_untracked()
            .into_iter();
        let lines = children_of(elements.get(number_of_block)?);
        let (row, line) = rows.zip(lines).find(|(_, line)| is_in_view(line))?;
        let at = time(&row);
        let earlier = blocks
            .iter()
            .flat_map(|block| block.rows.get_untracked())
            .take_while(|earlier| earlier.key != row.key);
        Some(ReadingPlace {
            at,
            number: earlier.filter(|earlier| time(earlier) == at).count(),
            below: line.offset_top() - top,
        })
    }

    fn find(&self, place: ReadingPlace) -> Option<HtmlElement> {
        let lines = self.lines().into_iter();
        let mut found = lines.filter(|(row, _)| time(row) == place.at);
        found.nth(place.number).map(|(_, line)| line)
    }

    /// Lists the rows with their elements.
    fn lines(&self) -> Vec<(Row, HtmlElement)> {
        let blocks = self.store.blocks().get_untracked();
        let rows = blocks.iter().map(|block| block.rows.get_untracked());
        let elements = block_elements(self.scroll.content).into_iter();
        let lines = rows.zip(elements);
        let lines = lines.flat_map(|(rows, block)| rows.into_iter().zip(children_of(&block)));
        lines.collect()
    }
}

fn time(row: &Row) -> WallTime {
    row.entry.with_untracked(|entry| entry.at)
}

/// Lists the elements of the blocks. What stands before and behind them is no part of the timeline.
fn block_elements(node: AnyNodeRef) -> Vec<HtmlElement> {
    let mut blocks = element::<Element>(node).map_or_else(Vec::new, |parent| children_of(&parent));
    blocks.retain(|block| block.class_name().starts_with("block"));
    blocks
}

fn children_of(parent: &Element) -> Vec<HtmlElement> {
    let children = parent.children();
    let children = (0..children.length()).filter_map(|at| children.item(at));
    children.map(JsCast::unchecked_into).collect()
}
