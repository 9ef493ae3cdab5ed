//! The requests under way, and what becomes of them.

use super::*;

impl Rig {
    /// How many requests were ever made.
    pub fn requests(&self) -> usize {
        self.log.len()
    }

    pub fn is_pending(&self, operation: &str) -> bool {
        self.pending
            .values()
            .any(|request| operation_of(request) == operation)
    }

    /// The requests under way, in the order they left.
    pub fn pending(&self) -> Vec<Request> {
        self.pending.values().cloned().collect()
    }

    /// Breaks the connection of a request, at once.
    pub fn fail_id(&mut self, id: RequestId, failure: Failure) {
        self.pending.remove(&id);
        self.input(Input::Failed { id, failure });
    }

    pub fn pending_operations(&self) -> Vec<String> {
        self.pending.values().map(operation_of).collect()
    }

    /// The request under way of this operation; there must be just one.
    pub fn request(&self, operation: &str) -> &Request {
        let mut found = self
            .pending
            .values()
            .filter(|request| operation_of(request) == operation);
        match (found.next(), found.next()) {
            (Some(request), None) => request,
            (None, _) => panic!("no {operation} under way\n{}", self.describe()),
            (Some(_), Some(_)) => panic!("more than one {operation} under way"),
        }
    }

    /// A field of the request under way of this operation.
    pub fn field(&self, operation: &str, name: &str) -> Option<String> {
        field(self.request(operation), name)
    }

    /// Answers the request under way with HTTP 200 and this JSON.
    pub fn answer(&mut self, operation: &str, reply: Value) {
        self.answer_with(operation, http(200, &reply.to_string()));
    }

    /// Answers the request under way, a little later than now.
    pub fn answer_with(&mut self, operation: &str, response: Response) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.answer_id(id, response);
    }

    /// Answers a request by its id, at once; it may be long over.
    pub fn answer_id(&mut self, id: RequestId, response: Response) {
        self.note_secrets(&response.body);
        self.pending.remove(&id);
        self.input(Input::Reply { id, response });
    }

    /// Answers the request under way with something that was not made with care.
    pub fn answer_with_anything(&mut self, operation: &str, body: &str) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.answer_id_with_anything(id, http(200, body));
    }

    /// Answers a request by its id with something that was not made with care.
    pub fn answer_id_with_anything(&mut self, id: RequestId, response: Response) {
        self.pending.remove(&id);
        self.input(Input::Reply { id, response });
    }

    /// Breaks the connection of the request under way.
    pub fn fail(&mut self, operation: &str) {
        self.fail_with(operation, Failure::Unreachable);
    }

    pub fn fail_with(&mut self, operation: &str, failure: Failure) {
        let id = self.request(operation).id;
        self.advance(LATENCY);
        self.fail_id(id, failure);
    }

    pub fn progress(&mut self, operation: &str, done: u64, total: u64) {
        self.progress_id(self.request(operation).id, done, total);
    }

    pub fn progress_id(&mut self, id: RequestId, done: u64, total: u64) {
        self.input(Input::Progress { id, done, total });
    }

    /// Waits for the next refresh and answers it with these events.
    pub fn refresh(&mut self, events: &[Value], next: u64) {
        self.answer_next("refresh", transcript(events, next));
    }

    /// Waits for the next refresh and answers it so.
    pub fn refresh_with(&mut self, reply: Value) {
        self.answer_next("refresh", reply);
    }

    /// Waits for this operation and answers it.
    pub fn answer_next(&mut self, operation: &str, reply: Value) {
        self.wait_for(operation);
        self.answer(operation, reply);
    }

    /// Answers everything but refreshes and sends with "done", until nothing else is under way.
    pub fn answer_rest(&mut self) {
        for _ in 0..100 {
            let rest = self
                .pending
                .values()
                .find(|request| !matches!(operation_of(request).as_str(), "refresh" | "send"));
            let Some(operation) = rest.map(operation_of) else {
                return;
            };
            self.answer(&operation, done());
        }
        panic!("there is always one more request\n{}", self.describe());
    }

    /// Lets time pass with a server that answers everything, and has nothing to say.
    pub fn serve(&mut self, wait: Duration) {
        self.serve_but("", wait);
    }

    /// The same, but one operation gets no answer.
    pub fn serve_but(&mut self, silent: &str, wait: Duration) {
        let end = self.serve_while(silent, wait, |_| true);
        self.jump_to(end);
    }

    /// The same, until this operation is asked for.
    pub fn serve_until(&mut self, operation: &str, wait: Duration) {
        self.serve_while(operation, wait, |rig| !rig.is_pending(operation));
    }

    fn serve_while(
        &mut self,
        silent: &str,
        wait: Duration,
        goes_on: impl Fn(&Self) -> bool,
    ) -> Moment {
        let end = self.now.moment + wait;
        while goes_on(self) {
            let answer = self
                .log
                .iter()
                .find(|(_, request)| {
                    self.pending.contains_key(&request.id) && operation_of(request) != silent
                })
                .map(|(left, request)| (*left + LATENCY, request.clone()));
            let answer = answer.filter(|(at, _)| *at <= end);
            let wake = self.wake.filter(|at| *at <= end);
            match (answer, wake) {
                (Some((at, request)), wake) if wake.is_none_or(|wake| at <= wake) => {
                    self.jump_to(at.max(self.now.moment));
                    self.answer_id(request.id, http(200, &nothing_new(&request).to_string()));
                }
                (_, Some(at)) => self.wake_up(at),
                (..) => break,
            }
            assert!(self.log.len() < MOST_WAKES, "a storm of requests");
        }
        end
    }

    /// When requests of this operation left.
    pub fn times(&self, operation: &str) -> Vec<Moment> {
        let of = |(_, request): &&(Moment, Request)| operation_of(request) == operation;
        self.log.iter().filter(of).map(|(at, _)| *at).collect()
    }

    /// How long it was quiet between two refreshes, in milliseconds.
    pub fn pauses(&self) -> Vec<u64> {
        let latency = u64::try_from(LATENCY.as_millis()).unwrap();
        let times = self.times("refresh");
        times
            .windows(2)
            .map(|pair| pair[1].0 - pair[0].0 - latency)
            .collect()
    }

    /// Every request's operation since then, in order.
    pub fn operations_since(&self, from: usize) -> Vec<String> {
        self.log[from..]
            .iter()
            .map(|(_, request)| operation_of(request))
            .collect()
    }
}
