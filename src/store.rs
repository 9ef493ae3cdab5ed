//! What all components share: the chat as watched values, and the way to act on it.
//!
//! The store applies what the core says and decides nothing. The timeline is kept as sealed blocks
//! of rows plus a live tail: an append touches the tail alone, however long the chat is, and a
//! changed entry touches its own row alone.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use parlour_chat::{
    Agents, Change, Command, Connection, Entry, EntryId, FileLimits, IdleWarning, Moment, Offers,
    Panel, Participant, Phase, Refusal, State, Storage, WallTime,
};

use crate::watched::Watched;

/// Rows that the tail holds before it is sealed.
const BLOCK: usize = 100;

/// Does what the visitor asks for. The driver implements it; tests record it.
pub trait Act {
    /// Hands a command to the core.
    fn command(&self, command: Command);

    /// Sends a file that the visitor chose.
    fn attach(&self, file: web_sys::File);

    /// Remembers the pre-chat form's answers for this tab (`None` forgets them), if the tenant
    /// lets them be kept.
    fn remember_answers(&self, answers: Option<&str>);

    /// Returns the answers that were remembered.
    fn remembered_answers(&self) -> Option<String>;
}

/// Is one line of the timeline: an identity that stays, and contents that may change.
#[derive(Debug)]
pub struct Row {
    /// Its identity.
    pub id: EntryId,
    /// What it is now.
    pub entry: Watched<Entry>,
}

/// Is a stretch of the timeline.
#[derive(Debug)]
pub struct Block {
    /// Its identity within the store.
    pub id: u64,
    /// Its rows, in the visitor's order.
    pub rows: Watched<Vec<Rc<Row>>>,
}

/// Holds what a view shows.
#[derive(Default)]
pub struct Store {
    /// The timeline.
    pub blocks: Watched<Vec<Rc<Block>>>,
    /// How many entries the timeline has.
    pub len: Watched<usize>,
    /// Where the chat stands.
    pub phase: Watched<Phase>,
    /// Whether the server answers.
    pub connection: Watched<Connection>,
    /// Who is there for the visitor.
    pub agents: Watched<Agents>,
    /// Others who are in the chat.
    pub participants: Watched<Vec<Participant>>,
    /// Others who are typing.
    pub typing: Watched<Vec<Participant>>,
    /// What came while the visitor did not look.
    pub unread: Watched<u32>,
    /// The visitor's name.
    pub nickname: Watched<Option<String>>,
    /// What there is for the visitor to do; known before a chat is shown, and the same throughout.
    pub offers: Cell<Offers>,
    /// Whether messages can be sent now.
    #[cfg(feature = "gws")]
    pub messages_taken: Watched<bool>,
    /// What the server allows of files.
    pub limits: Watched<Option<FileLimits>>,
    /// The server is about to give up on a silent visitor.
    pub idle: Watched<Option<IdleWarning>>,
    /// Whether what is typed survives a reload.
    pub storage: Watched<Storage>,
    /// What was refused and belongs to no entry.
    pub refusal: Watched<Option<Refusal>>,
    /// The composer's text.
    pub draft: Watched<String>,
    /// Whether the panel is open.
    pub open: Watched<bool>,
    /// The monotonic clock, set once a second while something counts down.
    pub now: Watched<Moment>,
    /// The wall clock when the timeline or the page's visibility last changed: decides which day
    /// is today.
    pub today: Watched<WallTime>,
    act: RefCell<Option<Rc<dyn Act>>>,
    next_block: Cell<u64>,
}

impl Store {
    /// Makes an empty store.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Says who carries out what the visitor does.
    pub fn connect(&self, act: Rc<dyn Act>) {
        self.act.replace(Some(act));
    }

    /// Lets go of who carries things out: nothing happens on the visitor's actions any more.
    pub fn disconnect(&self) {
        self.act.take();
    }

    /// Returns who carries out what the visitor does.
    #[must_use]
    pub fn actor(&self) -> Option<Rc<dyn Act>> {
        self.act.borrow().clone()
    }

    /// Hands a command to the core.
    pub fn command(&self, command: Command) {
        if let Some(act) = self.actor() {
            act.command(command);
        }
    }

    /// Sends a file that the visitor chose.
    pub fn attach(&self, file: web_sys::File) {
        if let Some(act) = self.actor() {
            act.attach(file);
        }
    }

    /// Tells whether messages can be sent now; but for `gws`, they always can.
    #[must_use]
    pub fn takes_messages(&self) -> bool {
        #[cfg(feature = "gws")]
        return self.messages_taken.get();
        #[cfg(not(feature = "gws"))]
        true
    }

    /// Opens or closes the panel.
    pub fn set_open(&self, open: bool) {
        if self.open.peek() != open {
            self.open.set(open);
            self.command(Command::Panel(if open {
                Panel::Open
            } else {
                Panel::Closed
            }));
        }
    }

    /// Takes over everything a view shows beside the timeline.
    // Inlined it costs a visitor some hundred bytes.
    #[inline(never)]
    pub fn apply_state(&self, state: State) {
        self.phase.replace(state.phase);
        self.connection.replace(state.connection);
        self.agents.replace(state.agents);
        self.participants.replace(state.participants);
        self.typing.replace(state.typing);
        self.unread.replace(state.unread);
        self.nickname.replace(state.nickname);
        self.offers.set(state.offers);
        #[cfg(feature = "gws")]
        self.messages_taken.replace(state.messages_taken);
        self.limits.replace(state.limits);
        self.idle.replace(state.idle);
        self.storage.replace(state.storage);
        self.refusal.replace(state.refusal);
    }

    /// Applies a change of the timeline. An entry put beyond the end comes last; other places that
    /// do not exist are passed over.
    pub fn apply(&self, change: Change) {
        match change {
            Change::Insert { at, entry } => self.insert(at, entry),
            Change::Update { at, entry } => self.update(at, entry),
            Change::Remove { at, .. } => self.remove(at),
            Change::Clear => {
                self.blocks.set(Vec::new());
                self.len.set(0);
            }
        }
    }

    fn insert(&self, at: usize, entry: Entry) {
        let row = Rc::new(Row {
            id: entry.id,
            entry: Watched::new(entry),
        });
        match self.find(at) {
            Some((block, place)) => {
                block.rows.update(|rows| rows.insert(place, row));
                self.split_if_long(&block);
            }
            None => self.append(row),
        }
        self.len.update(|len| *len += 1);
    }

    /// Keeps blocks short when much is put into the middle: a transcript that is read again while
    /// unsent messages wait at the end.
    fn split_if_long(&self, block: &Block) {
        if block.rows.peek_with(Vec::len) <= 2 * BLOCK {
            return;
        }
        let mut rest = Vec::new();
        block.rows.update(|rows| rest = rows.split_off(BLOCK));
        let new = self.block(rest);
        self.blocks.update(|blocks| {
            let at = blocks.iter().position(|other| other.id == block.id);
            blocks.insert(at.map_or(blocks.len(), |at| at + 1), new);
        });
    }

    fn append(&self, row: Rc<Row>) {
        let tail = self.blocks.peek_with(|blocks| blocks.last().cloned());
        match tail.filter(|tail| tail.rows.peek_with(Vec::len) < BLOCK) {
            Some(tail) => tail.rows.update(|rows| rows.push(row)),
            None => {
                let block = self.block(vec![row]);
                self.blocks.update(|blocks| blocks.push(block));
            }
        }
    }

    fn block(&self, rows: Vec<Rc<Row>>) -> Rc<Block> {
        let id = self.next_block.get();
        self.next_block.set(id + 1);
        Rc::new(Block {
            id,
            rows: Watched::new(rows),
        })
    }

    fn update(&self, at: usize, entry: Entry) {
        if let Some((block, place)) = self.find(at) {
            let row = block.rows.peek_with(|rows| rows.get(place).cloned());
            if let Some(row) = row {
                row.entry.set(entry);
            }
        }
    }

    fn remove(&self, at: usize) {
        let Some((block, place)) = self.find(at) else {
            return;
        };
        block.rows.update(|rows| _ = rows.remove(place));
        if block.rows.peek_with(Vec::is_empty) {
            self.blocks
                .update(|blocks| blocks.retain(|other| other.id != block.id));
        }
        self.len.update(|len| *len -= 1);
    }

    /// Finds the block that holds a place, and the place within it.
    fn find(&self, at: usize) -> Option<(Rc<Block>, usize)> {
        self.blocks.peek_with(|blocks| {
            let mut first = 0;
            for block in blocks {
                let len = block.rows.peek_with(Vec::len);
                if at < first + len {
                    return Some((Rc::clone(block), at - first));
                }
                first += len;
            }
            None
        })
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}
