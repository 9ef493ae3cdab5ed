//! The reactive view model that all components share, and the way to act on the chat.
//!
//! The store applies the core's changes and decides nothing. The timeline is kept as blocks of rows:
//! an append touches the last block alone, however long the chat is, and a changed entry touches its
//! own row alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use js_sys::Function;
use leptos::prelude::*;
use parlour_chat::{
    Change, ChatCommand, Command, Entry, EntryId, FileHandle, Item, Moment, NewFile, Offers, Panel,
    Phase, State, WallTime,
};
use parlour_config::Table;
use wasm_bindgen::JsValue;

/// The number of rows that a block holds before the next one is begun.
const BLOCK_LEN: usize = 100;

/// The number of news that are kept for the page while nobody takes them.
const NEWS_MAX: usize = 500;

/// The number of arrivals that are kept.
const ARRIVALS_MAX: usize = 20;

/// What carries out what the visitor asks for. The driver implements it; tests record it.
pub trait Act {
    /// Hands a command to the core.
    fn command(&self, command: Command);

    /// Keeps a file's contents until the core lets go of them.
    fn keep(&self, file: web_sys::File) -> NewFile;

    /// Returns an address at which this page shows an attached picture; `None` for other files. Whoever
    /// asks revokes it.
    fn picture(&self, file: FileHandle) -> Option<String>;

    /// Begins what is needed only while there is a chat, now that it has been loaded; or goes on without it.
    fn on_extras_settled(&self);

    /// Returns the time, while the module works.
    fn now(&self) -> Option<Moment>;

    /// Draws attention to something new, in these words.
    fn alert(&self, words: &str);

    /// Switches the sound, and remembers the visitor's choice.
    fn set_sound(&self, on: bool);

    /// Tells whether there can be notifications: the browser has them, and the visitor has not forbidden
    /// them there.
    fn can_notify(&self) -> bool;

    /// Switches the browser's notifications, and remembers the visitor's choice. The browser may ask
    /// the visitor first; [`Store::notifies`] tells what came of it.
    fn set_notifications(&self, on: bool);

    /// Remembers the pre-chat form's answers for this tab (`None` forgets them), if the tenant
    /// lets them be kept.
    fn remember_answers(&self, answers: Option<&str>);

    /// Returns the answers that were remembered.
    fn remembered_answers(&self) -> Option<String>;

    /// Remembers for this tab where in the transcript the visitor reads (`None`: at its end).
    fn remember_place(&self, place: Option<&str>);

    /// Returns the place that was remembered.
    fn remembered_place(&self) -> Option<String>;
}

/// An entry of the timeline in its place.
#[derive(Clone, Debug)]
pub struct Row {
    /// What tells rows apart. It is new for each insertion: an entry that is removed and put back
    /// elsewhere, as one that is tried again may be, is drawn anew.
    pub key: u64,
    /// The entry as it is now.
    pub entry: ArcRwSignal<Entry>,
}

/// A stretch of the timeline.
#[derive(Clone, Debug)]
pub struct Block {
    /// What tells blocks apart.
    pub key: u64,
    /// Its rows, in order.
    pub rows: ArcRwSignal<Vec<Row>>,
}

/// The chat as signals. A handle: its copies are the same store.
#[derive(Clone, Copy)]
pub struct Store(StoredValue<Rc<Contents>, LocalStorage>);

/// What hears of each change of the timeline before it is applied, and again (`None`) after it, and after news.
pub(crate) type Watch = Rc<dyn Fn(Option<&Change>)>;

#[derive(Default)]
struct Contents {
    signals: Signals,
    actor: RefCell<Option<Rc<dyn Act>>>,
    next_key: Cell<u64>,
    /// What tells the page of an event.
    page: RefCell<Option<Function>>,
    /// What others said and did that the page has not been told.
    news: RefCell<Vec<Item>>,
    watch: RefCell<Option<Watch>>,
    answers: Rc<RefCell<Table<String>>>,
}

/// Declares the signals of the store, each with a method that returns it.
macro_rules! signals {
    ($($(#[$doc:meta])* $name:ident: $value:ty,)*) => {
        #[derive(Default)]
        struct Signals {
            $($name: ArcRwSignal<$value>,)*
        }

        impl Store {
            $(
                $(#[$doc])*
                #[must_use]
                pub fn $name(self) -> ArcRwSignal<$value> {
                    self.0.get_value().signals.$name.clone()
                }
            )*
        }
    };
}

signals! {
    /// Returns the timeline.
    blocks: Vec<Block>,
    /// Returns the number of the timeline's entries.
    len: usize,
    /// Returns everything that the core says beside the timeline.
    state: State,
    /// Returns the composer's text.
    draft: String,
    /// Returns how often the visitor sent something from this page. The
    /// transcript scrolls to its end when it changes.
    sent_here: usize,
    /// Returns whether the panel is open.
    open: bool,
    /// Returns what came since the visitor last looked, oldest first, the last few of it.
    arrivals: Vec<Item>,
    /// Returns whether there is a sound when something comes.
    sounds: bool,
    /// Returns whether there is a notification of the browser when something comes.
    notifies: bool,
    /// Returns the wall clock when the timeline or the page's visibility last changed: it decides
    /// which day is today.
    today: WallTime,
}

impl Store {
    /// Makes an empty store within the current reactive owner.
    #[must_use]
    pub fn new() -> Self {
        Self(StoredValue::new_local(Rc::default()))
    }

    /// Sets what carries out what the visitor does.
    pub fn connect(self, actor: Rc<dyn Act>) {
        self.0.get_value().actor.replace(Some(actor));
    }

    /// Lets go of what carries things out: the visitor's actions have no effect any more.
    pub fn disconnect(self) {
        self.0.get_value().actor.take();
    }

    /// Returns what carries out what the visitor does.
    #[must_use]
    pub fn actor(self) -> Option<Rc<dyn Act>> {
        self.0.try_get_value()?.actor.borrow().clone()
    }

    /// Hands a command to the core.
    pub fn command(self, command: impl Into<Command>) {
        if let Some(actor) = self.actor() {
            actor.command(command.into());
        }
    }

    /// Sends the composer's text and what is attached to it.
    pub fn say(self) {
        let text = self.draft().get_untracked();
        // Before the command: if the core refuses the message, it hands the text back.
        self.draft().set(String::new());
        self.sent_here().update(|count| *count += 1);
        self.command(Command::Say(text));
    }

    /// Attaches files that the visitor chose to the next message.
    pub fn attach(self, files: Vec<web_sys::File>) {
        if let Some(actor) = self.actor() {
            let kept = files.into_iter().map(|file| actor.keep(file)).collect();
            actor.command(ChatCommand::Attach(kept).into());
        }
    }

    /// Opens or closes the panel.
    pub fn set_open(self, open: bool) {
        if self.open().get_untracked() != open {
            self.open().set(open);
            self.emit(if open { "opened" } else { "closed" }, &JsValue::UNDEFINED);
            self.command(Command::Panel(if open {
                Panel::Open
            } else {
                Panel::Closed
            }));
        }
    }

    /// Returns where the chat stands. Tracks the state.
    #[must_use]
    pub fn phase(self) -> Phase {
        self.state().with(|state| state.phase.clone())
    }

    /// Returns what the server and the tenant let the visitor do. Tracks the state.
    #[must_use]
    pub fn offers(self) -> Offers {
        self.state().with(|state| state.offers)
    }

    /// Sets what tells the page of an event: a function of its name and detail.
    pub fn connect_page(self, emit: Function) {
        self.0.get_value().page.replace(Some(emit));
    }

    /// Tells the page of an event.
    pub(crate) fn emit(self, name: &str, detail: &JsValue) {
        if let Some(emit) = &*self.0.get_value().page.borrow() {
            // It only queues the event: no listener of the page's runs now.
            _ = emit.call2(&JsValue::NULL, &name.into(), detail);
        }
    }

    /// Sets what hears of changes and news.
    pub(crate) fn watch(self, watch: Watch) {
        self.0.get_value().watch.replace(Some(watch));
    }

    fn tell_watch(self, change: Option<&Change>) {
        let watch = self.0.get_value().watch.borrow().clone();
        if let Some(watch) = watch {
            watch(change);
        }
    }

    /// Takes in something new of others'.
    pub fn add_news(self, item: Item) {
        let contents = self.0.get_value();
        let mut news = contents.news.borrow_mut();
        if news.len() < NEWS_MAX {
            news.push(item);
        }
        drop(news);
        self.tell_watch(None);
    }

    /// Hands out what others said and did since the last call.
    pub(crate) fn take_news(self) -> Vec<Item> {
        self.0.get_value().news.take()
    }

    /// Returns what was filled in, by field name. It outlives the form.
    pub(crate) fn answers(self) -> Rc<RefCell<Table<String>>> {
        Rc::clone(&self.0.get_value().answers)
    }

    /// Reads each entry of the timeline, in order.
    pub(crate) fn each_entry(self, mut read: impl FnMut(&Entry)) {
        for block in self.blocks().get_untracked() {
            for row in block.rows.get_untracked() {
                row.entry.with_untracked(&mut read);
            }
        }
    }

    /// Finds an entry, the latest first.
    pub(crate) fn find_entry(self, id: EntryId) -> Option<Entry> {
        let blocks = self.blocks().get_untracked();
        let rows = blocks.iter().rev();
        let mut rows = rows.flat_map(|block| block.rows.get_untracked().into_iter().rev());
        rows.find_map(|row| {
            row.entry
                .with_untracked(|entry| (entry.id == id).then(|| entry.clone()))
        })
    }

    /// Takes in something new that the visitor does not see now.
    pub fn add_arrival(self, item: Item) {
        self.arrivals().update(|arrivals| {
            if arrivals.len() == ARRIVALS_MAX {
                arrivals.remove(0);
            }
            arrivals.push(item);
        });
    }

    /// Draws attention to something new, in these words.
    pub fn alert(self, words: &str) {
        if let Some(actor) = self.actor() {
            actor.alert(words);
        }
    }

    /// Forgets what came: the visitor looks.
    pub fn clear_arrivals(self) {
        if !self.arrivals().with_untracked(Vec::is_empty) {
            self.arrivals().set(Vec::new());
        }
    }

    /// Applies a change of the timeline. An entry put beyond the end comes last; other places that
    /// do not exist are passed over.
    pub fn apply(self, change: Change) {
        self.tell_watch(Some(&change));
        match change {
            Change::Insert { at, entry } => self.insert(at, entry),
            Change::Update { at, entry } => self.update(at, entry),
            Change::Remove { at, .. } => self.remove(at),
            Change::Clear => {
                self.blocks().set(Vec::new());
                self.len().set(0);
            }
        }
        self.tell_watch(None);
    }

    fn insert(self, at: usize, entry: Entry) {
        let row = Row {
            key: self.new_key(),
            entry: ArcRwSignal::new(entry),
        };
        match self.find(at) {
            Some((block, place)) => {
                block.rows.update(|rows| rows.insert(place, row));
                self.split_if_long(&block);
            }
            None => self.append(row),
        }
        self.len().update(|len| *len += 1);
    }

    /// Keeps blocks short when much is put into the middle: a transcript that is read again while
    /// unsent messages wait at the end.
    fn split_if_long(self, block: &Block) {
        if block.rows.with_untracked(Vec::len) <= 2 * BLOCK_LEN {
            return;
        }
        let mut rest = Vec::new();
        block.rows.update(|rows| rest = rows.split_off(BLOCK_LEN));
        let new = self.new_block(rest);
        self.blocks().update(|blocks| {
            let at = blocks.iter().position(|other| other.key == block.key);
            blocks.insert(at.map_or(blocks.len(), |at| at + 1), new);
        });
    }

    fn append(self, row: Row) {
        let last = self
            .blocks()
            .with_untracked(|blocks| blocks.last().cloned());
        match last.filter(|last| last.rows.with_untracked(Vec::len) < BLOCK_LEN) {
            Some(last) => last.rows.update(|rows| rows.push(row)),
            None => {
                let block = self.new_block(vec![row]);
                self.blocks().update(|blocks| blocks.push(block));
            }
        }
    }

    fn new_block(self, rows: Vec<Row>) -> Block {
        Block {
            key: self.new_key(),
            rows: ArcRwSignal::new(rows),
        }
    }

    fn new_key(self) -> u64 {
        let contents = self.0.get_value();
        contents.next_key.replace(contents.next_key.get() + 1)
    }

    fn update(self, at: usize, entry: Entry) {
        if let Some((block, place)) = self.find(at) {
            let row = block.rows.with_untracked(|rows| rows.get(place).cloned());
            if let Some(row) = row {
                row.entry.set(entry);
            }
        }
    }

    fn remove(self, at: usize) {
        let Some((block, place)) = self.find(at) else {
            return;
        };
        block.rows.update(|rows| _ = rows.remove(place));
        if block.rows.with_untracked(Vec::is_empty) {
            self.blocks()
                .update(|blocks| blocks.retain(|other| other.key != block.key));
        }
        self.len().update(|len| *len -= 1);
    }

    /// Finds the block that holds a place, and the place within it.
    fn find(self, at: usize) -> Option<(Block, usize)> {
        self.blocks().with_untracked(|blocks| {
            let mut first = 0;
            for block in blocks {
                let len = block.rows.with_untracked(Vec::len);
                if at < first + len {
                    return Some((block.clone(), at - first));
                }
                first += len;
            }
            None
        })
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
