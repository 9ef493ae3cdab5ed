//! One page's life: a session, its clocks, its view and the storage that outlives it.

use std::collections::{BTreeMap, VecDeque};

use parlour_chat::{
    Change, Entry, Keep, Moment, Now, Output, Record, RecordName, RequestId, Session, TabMessage,
    TabRole, WallTime,
};

/// What outlives a page.
#[derive(Default)]
pub struct Storage {
    pub records: BTreeMap<RecordName, (Keep, String)>,
    pub failing: bool,
}

impl Storage {
    /// Carries a store out; tells whether it worked.
    pub fn store(&mut self, record: &Record) -> bool {
        if self.failing {
            return false;
        }
        match &record.value {
            Some(value) => {
                drop(
                    self.records
                        .insert(record.name.clone(), (record.keep, value.clone())),
                );
            }
            None => drop(self.records.remove(&record.name)),
        }
        true
    }

    pub fn all(&self) -> Vec<Record> {
        let record = |(name, (keep, value)): (&RecordName, &(Keep, String))| Record {
            name: name.clone(),
            keep: *keep,
            value: Some(value.clone()),
        };
        self.records.iter().map(record).collect()
    }
}

/// How far a page is with keeping step with the others. The code for that is loaded when there is a chat.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Joins {
    No,
    Soon,
    Done,
}

/// One page, from load to reload.
pub struct Page {
    pub id: u32,
    pub session: Session,
    /// Whether it was told to lead, or leads by itself.
    pub leads: bool,
    /// Whether it keeps step with the others, or is to from some time on.
    pub joins: Joins,
    /// What is stored for its tab only.
    pub own: Storage,
    /// What it was told while it was frozen.
    pub mail: Vec<TabMessage>,
    /// The parts it was given and does not know of, and how many of them it is to hear of when it thaws.
    pub roles: VecDeque<TabRole>,
    pub roles_due: u32,
    /// When it asked the server for anything last, and when for news.
    pub asked_at: u64,
    pub polled_at: u64,
    /// Until when the server wants it to be patient.
    pub patient_until: u64,
    /// What the page's view shows, from the changes alone.
    pub view: Vec<Entry>,
    pub in_flight: BTreeMap<RequestId, String>,
    /// Counts inputs at one instant, to catch a page that spins.
    pub busy: (u64, u32),
    /// How many wake-ups were asked for: only the latest counts.
    pub wakes: u64,
    /// Frozen until then: nothing happens in the page.
    pub frozen: bool,
    pub thawed_at: u64,
    /// Carry out so many more outputs, then crash.
    pub crash_after: Option<u64>,
    born: u64,
    mono_start: u64,
    /// Time that the monotonic clock did not see.
    asleep: u64,
    stopped_at: Option<u64>,
}

impl Page {
    pub fn new(id: u32, session: Session, born: u64, mono_start: u64) -> Self {
        Self {
            id,
            session,
            leads: true,
            joins: Joins::No,
            own: Storage::default(),
            mail: Vec::new(),
            roles: VecDeque::new(),
            roles_due: 0,
            asked_at: 0,
            polled_at: 0,
            patient_until: 0,
            view: Vec::new(),
            in_flight: BTreeMap::new(),
            busy: (0, 0),
            wakes: 0,
            frozen: false,
            thawed_at: 0,
            crash_after: None,
            born,
            mono_start,
            asleep: 0,
            stopped_at: None,
        }
    }

    pub fn moment(&self, now: u64) -> Moment {
        Moment(self.mono_start + (now - self.born).saturating_sub(self.asleep))
    }

    /// When a moment of this page comes, in true time.
    pub fn true_time(&self, moment: Moment) -> u64 {
        (moment.0 + self.born + self.asleep).saturating_sub(self.mono_start)
    }

    pub fn clocks(&self, now: u64, wall_jump: i64) -> Now {
        Now {
            moment: self.moment(now),
            wall: WallTime(now as i64 + wall_jump),
        }
    }

    /// Stops the page; with its clock where the machine sleeps.
    pub fn freeze(&mut self, now: u64, clock_stops: bool) {
        self.frozen = true;
        self.stopped_at = clock_stops.then_some(now);
    }

    pub fn thaw(&mut self, now: u64) {
        self.frozen = false;
        self.thawed_at = now;
        if let Some(since) = self.stopped_at.take() {
            self.asleep += now - since;
            // Its clock did not see that time pass.
            self.patient_until += now - since;
        }
    }

    pub fn drain(&mut self) -> VecDeque<Output> {
        std::iter::from_fn(|| self.session.poll()).collect()
    }

    pub fn apply(&mut self, change: Change) {
        match change {
            Change::Insert { at, entry } => self.view.insert(at, entry),
            Change::Update { at, entry } => {
                assert_eq!(
                    self.view[at].id, entry.id,
                    "an update names the wrong entry"
                );
                self.view[at] = entry;
            }
            Change::Remove { at, id } => {
                let gone = self.view.remove(at);
                assert_eq!(gone.id, id, "a removal names the wrong entry");
            }
            Change::Clear => self.view.clear(),
        }
    }

    /// Notes a request; fails if there is one of its lane already.
    pub fn sends(&mut self, id: RequestId, operation: &str, now: u64) {
        self.asked_at = now;
        if matches!(operation, "refresh" | "poll") {
            self.polled_at = now;
        }
        if matches!(
            operation,
            "send" | "refresh" | "requestChat" | "disconnect" | "poll"
        ) {
            let same = self.in_flight.values().any(|flying| flying == operation);
            assert!(!same, "two of {operation} are in flight");
        }
        assert!(
            self.in_flight.insert(id, operation.into()).is_none(),
            "a request id came twice"
        );
    }
}
