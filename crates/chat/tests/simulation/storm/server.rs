//! The server of a storm, and the way to it.

use super::*;

impl Storm {
    pub(super) fn request(&mut self, page: u32, request: &parlour_chat::Request) {
        let (id, request) = (request.id, network::bytes(request));
        let operation = network::operation(&request);
        let now = self.now;
        if let Some(page) = self.page(page) {
            page.sends(id, &operation, now);
        }
        self.requests += 1;
        let budget = (1000 + (self.now - 1_000_000) / 200) * self.most_tabs as u64;
        assert!(self.requests < budget, "the page floods the server");
        let mut fate = Fate::roll(&mut self.dice, self.calm, self.roughness, self.dialect);
        if operation == "send" && self.now < self.full_until {
            fate = Fate::not_now(self.dialect);
        }
        if self.offline {
            fate = Fate::LostBefore { told: true };
        }
        if self.masking && fate == Fate::BusyAfter {
            // Whose echo an altered text is, nobody can tell.
            fate = Fate::Busy;
        }
        if operation == "send" {
            self.note_send(page, &request, fate);
        } else if operation == "refresh" && fate.is_not_now() {
            for typed in self.typed.iter_mut().filter(|typed| typed.turned_away > 0) {
                typed.turned_away += 1;
            }
        }
        if matches!(fate, Fate::LostAfter { .. } | Fate::Truncated) {
            self.tally.lost_answers += 1;
        }
        let way = network::way_there(&mut self.dice, self.calm, self.family);
        self.note(&format!(
            "  tab {page}: {operation} {id:?} leaves: {fate:?}, arrives in {way} ms"
        ));
        self.plan(
            way,
            Happening::AtServer {
                page,
                id,
                request,
                fate,
            },
        );
    }

    /// Notes that a message leaves, and what it will be told.
    pub(super) fn note_send(&mut self, page: u32, request: &wire::Request, fate: Fate) {
        let text = network::message_text(request).expect("a send says something");
        let mut typed = self.typed.iter_mut();
        let typed = typed.find(|typed| typed.text == text);
        let typed = typed.expect("nothing is said that was not typed");
        typed.left.push((page, self.now));
        if fate.is_not_now() {
            typed.turned_away += 1;
            self.tally.turned_away += 1;
        }
        check::no_hammering(typed, page, self.now);
    }

    pub(super) fn serve(&mut self, page: u32, id: RequestId, request: &wire::Request, fate: Fate) {
        let answer = if !self.server_up {
            Some(Err(Failure::Unreachable))
        } else if fate.is_processed() {
            let now = self.server_clock();
            self.world.tick(now);
            let response = self.respond(request, now);
            // What is acknowledged is durable.
            self.journal.extend(self.world.take_changes());
            self.chat = self
                .chat
                .take()
                .or_else(|| self.world.chats().next().map(|chat| chat.id().clone()));
            match response {
                Answer::Now(response) => fate.answer(Some(self.masked_response(response))),
                Answer::Held(ticket) => {
                    self.held.insert(ticket, (page, id, fate));
                    self.plan(61_000, Happening::Polls);
                    return;
                }
            }
        } else {
            fate.answer(None)
        };
        self.deliver(page, id, fate, answer);
    }

    /// Makes a reply what the page gets to see of it.
    pub(super) fn masked_response(&self, response: wire::Response) -> Response {
        let mut body = String::from_utf8(response.body).expect("replies are text");
        if self.masking {
            body = network::mask_reply(&body);
        }
        Response {
            status: response.status,
            body,
            retry_after: None,
        }
    }

    /// Answers the polls for which there is news, or whose time is over.
    pub(super) fn answer_polls(&mut self) {
        if !self.server_up {
            return;
        }
        let now = self.server_clock();
        for (ticket, response) in self.broker.due(&mut self.world, now) {
            if let Some((page, id, fate)) = self.held.remove(&ticket) {
                let answer = fate.answer(Some(self.masked_response(response)));
                self.deliver(page, id, fate, answer);
            }
        }
        self.journal.extend(self.world.take_changes());
    }

    /// The page waits for a poll no longer. The server hears of it, or does not.
    pub(super) fn hang_up(&mut self, page: u32, id: RequestId) {
        let is = |held: &(u32, RequestId, Fate)| (held.0, held.1) == (page, id);
        let ticket = self.held.iter().find(|(_, held)| is(held));
        if let Some((&ticket, _)) = ticket
            && self.dice.percent(70)
        {
            let now = self.server_clock();
            self.held.remove(&ticket);
            self.broker.abandoned(&mut self.world, ticket, now);
        }
    }

    pub(super) fn deliver(
        &mut self,
        page: u32,
        id: RequestId,
        fate: Fate,
        answer: Option<Result<Response, Failure>>,
    ) {
        let Some(answer) = answer else { return };
        for _ in 0..if fate == Fate::AnsweredTwice { 2 } else { 1 } {
            let back = network::way_back(&mut self.dice, self.calm);
            self.plan(
                back,
                Happening::AtPage {
                    page,
                    id,
                    answer: answer.clone(),
                },
            );
        }
    }

    pub(super) fn respond(&mut self, request: &wire::Request, now: i64) -> Answer {
        Answer::Now(match self.dialect {
            DialectKind::GmsV2Cometd => {
                return self.broker.receive(&mut self.world, request, now);
            }
            DialectKind::GmsV2 => gms_v2::respond(&mut self.world, request, now),
            DialectKind::GmsV1Cometd if request.path.starts_with("/genesys/cometd") => {
                return self.broker.receive(&mut self.world, request, now);
            }
            DialectKind::GmsV1 | DialectKind::GmsV1Cometd => {
                gms_v1::respond(&mut self.world, request, now)
            }
            DialectKind::Gws => gws::respond(&mut self.world, request, now),
            other => panic!("no server for {other:?}"),
        })
    }
}
