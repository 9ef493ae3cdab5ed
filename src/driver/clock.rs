use parlour_chat::{Moment, Now, WallTime};
use web_sys::Performance;

/// The browser's two clocks: monotonic for waiting, wall clock for showing.
pub(super) struct Clock {
    monotonic: Option<Performance>,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            monotonic: web_sys::window().and_then(|window| window.performance()),
        }
    }

    pub(super) fn now(&self) -> Now {
        let wall = js_sys::Date::now();
        let monotonic = self.monotonic.as_ref().map_or(wall, Performance::now);
        Now {
            moment: Moment(monotonic as u64),
            wall: WallTime(wall as i64),
        }
    }
}
