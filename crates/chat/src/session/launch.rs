//! How requests leave.

use core::time::Duration;

use super::Session;
use super::flights::Job;
use super::lanes::Departure;
use crate::dialect::{Action, Encoded, Keys, Words};
use crate::io::{Output, Request, RequestId};

impl Session {
    /// Puts what is to leave into words, and sends it out.
    pub(super) fn launch(&mut self, departure: Departure) {
        let Departure { job, action } = departure;
        let pace = &self.settings.pace;
        let deadline = match job {
            Job::Upload(_) | Job::Download(_) => pace.transfer_timeout,
            _ => pace.request_timeout,
        };
        let nobody = Keys::default();
        let keys = self.lifecycle.chat().map_or(&nobody, |chat| &chat.keys);
        let dialect = self.settings.dialect;
        let encoded = match dialect.encode(&action, &self.settings, keys) {
            Some(Words::Request(encoded)) => Some(encoded),
            Some(Words::Publish(channel, data)) => self.publish(&job, &channel, data),
            // The dialect has no such operation; the view does not offer it.
            None => None,
        };
        if let Some(encoded) = encoded {
            self.send_out(job, encoded, deadline);
        }
    }

    /// Makes a request of what is encoded.
    pub(super) fn send_out(&mut self, job: Job, encoded: Encoded, deadline: Duration) -> RequestId {
        let flight = self.track(job, encoded.reply_kind, deadline);
        let mut headers = self.settings.headers.clone();
        headers.extend(self.visitor_header());
        let id = self.flights.launch(flight);
        self.outputs.push_back(Output::Request(Request {
            id,
            method: encoded.method,
            url: [&*self.settings.server, &encoded.path].concat(),
            headers,
            body: encoded.body,
            deadline,
            expect: encoded.expect,
        }));
        id
    }

    /// Lets a download leave at once: it waits for nobody, and nothing waits for it.
    pub(super) fn launch_download(&mut self, job: Job, action: Action) {
        self.launch(Departure::new(job, action));
    }
}
