//! The operations of all dialects, as faults and logs see them.

use axum::response::Response;

use crate::model::{ChatId, World};
use crate::server::app::App;
use crate::wire;

/// An operation of a dialect, received and ready to be carried out.
pub(super) trait Operation: Sync {
    /// Returns its name for fault rules and logs. The same operation has the same name in every dialect.
    fn name(&self) -> &'static str;

    /// Returns the id of the chat that it is about; none for one that is yet to start.
    fn chat(&self) -> Option<&ChatId>;

    /// Carries it out, once. The reply leaves when what it did and what it shows is on disk.
    fn process(&mut self, app: &App) -> impl Future<Output = Response> + Send;

    /// Answers that it was not done, but may be the next time.
    fn try_again(&self) -> wire::Response;

    /// Answers that it was not done and never will be, though a chat goes on.
    fn never(&self, world: &mut World) -> wire::Response;
}
