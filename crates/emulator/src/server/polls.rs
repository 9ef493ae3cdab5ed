//! Long polls that wait for news.

use std::collections::HashMap;

use tokio::sync::oneshot;

use super::store::{Commit, NotDurable};
use crate::cometd;
use crate::wire::Response;

/// A reply, and the commit that must be on disk before it is sent.
pub(super) type Reply = (Response, Commit);

/// The long polls that wait for a reply.
#[derive(Debug, Default)]
pub(super) struct Polls(HashMap<cometd::Ticket, oneshot::Sender<Reply>>);

impl Polls {
    /// Begins to wait.
    pub(super) fn wait(&mut self, poll: cometd::Ticket) -> oneshot::Receiver<Reply> {
        let (sender, receiver) = oneshot::channel();
        self.0.insert(poll, sender);
        receiver
    }

    /// Hands a reply to whoever waits for it.
    pub(super) fn answer(&mut self, poll: cometd::Ticket, response: Response, commit: Commit) {
        if let Some(sender) = self.0.remove(&poll) {
            // An error means that the receiver was dropped: `App::abandon` will be called.
            let _ = sender.send((response, commit));
        }
    }

    /// Stops waiting.
    pub(super) fn forget(&mut self, poll: cometd::Ticket) {
        self.0.remove(&poll);
    }
}

/// A request that the broker has received. If it is dropped before its reply is there, the connection has gone, and the
/// broker hears of it.
pub(super) struct Poll<'a> {
    reply: oneshot::Receiver<Reply>,
    on_abandoned: Option<Box<dyn FnOnce() + Send + 'a>>,
}

impl<'a> Poll<'a> {
    pub(super) fn answered(response: Response, commit: Commit) -> Self {
        let (sender, reply) = oneshot::channel();
        let _ = sender.send((response, commit));
        Self {
            reply,
            on_abandoned: None,
        }
    }

    /// Waits for `reply`; calls `on_abandoned` if it is dropped before.
    pub(super) fn held(
        reply: oneshot::Receiver<Reply>,
        on_abandoned: impl FnOnce() + Send + 'a,
    ) -> Self {
        Self {
            reply,
            on_abandoned: Some(Box::new(on_abandoned)),
        }
    }

    /// Waits for the reply and until what it shows is on disk.
    ///
    /// # Errors
    /// When the disk does not take it.
    pub(super) async fn reply(mut self) -> Result<Response, NotDurable> {
        // The sender is dropped only when the emulator ends.
        let (response, commit) = (&mut self.reply).await.map_err(|_| NotDurable)?;
        self.on_abandoned = None;
        commit.durable().await?;
        Ok(response)
    }
}

impl Drop for Poll<'_> {
    fn drop(&mut self) {
        if let Some(on_abandoned) = self.on_abandoned.take() {
            on_abandoned();
        }
    }
}

impl std::fmt::Debug for Poll<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Poll")
            .field("is_held", &self.on_abandoned.is_some())
            .finish_non_exhaustive()
    }
}
