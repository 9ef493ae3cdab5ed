//! The story of one chat, from the launcher to the end of the next chat, as visitors and agents live it.
//! The same steps with every kind of server and in every engine: [`Step`] lists them, [`SERVERS`] says
//! which do not work where. What does not work is looked for all the same: it must not be offered.

mod again;
mod begin;
mod ending;
mod files;
mod instead;
mod lasting;
mod talk;

use anyhow::{Context as _, Result, bail, ensure};
use parlour_e2e::{Agent, Chat, SERVERS, Seen, Server, Stage, Step, Tests};
use serde_json::json;

pub(crate) fn add(tests: &mut Tests) {
    for server in SERVERS {
        tests.add_for(
            "the_story",
            server.dialect,
            server.engines,
            &[],
            async |stage: &mut Stage| Story::new(server).play(stage).await,
        );
    }
}

/// The people and things of a story, as far as it has come.
struct Story {
    server: &'static Server,
    chat: String,
    agent: Option<Agent>,
}

impl Story {
    fn new(server: &'static Server) -> Self {
        Self {
            server,
            chat: String::new(),
            agent: None,
        }
    }

    async fn play(mut self, stage: &mut Stage) -> Result<()> {
        let limits = json!({"upload_max_file_size": 400_000, "upload_max_files": 6});
        stage.desk.set(limits).await?;
        for step in Step::ALL {
            match self.server.lack(step) {
                None => self.step(step, stage).await?,
                Some(_) => self.instead_of(step, stage).await?,
            }
            ensure!(stage.complaints().await?.is_empty(), "the page complains");
        }
        Ok(())
    }

    /// Plays a step that works.
    async fn step(&mut self, step: Step, stage: &mut Stage) -> Result<()> {
        match step {
            Step::Form => self.chat = begin::form(stage).await?,
            Step::Service => begin::service(stage, &self.chat).await?,
            Step::Waiting => begin::waiting(stage, &self.chat).await?,
            Step::AgentJoins => {
                self.agent = Some(begin::agent_joins(stage, &self.chat).await?);
            }
            Step::AgentTyping => begin::agent_typing(stage, self.agent()?).await?,
            Step::VisitorTyping => talk::visitor_typing(stage, self.agent()?).await?,
            Step::TypingPreview => talk::typing_preview(stage, self.agent()?).await?,
            Step::Messages => talk::messages(stage, self.agent()?, self.server).await?,
            Step::ReadReceipts => talk::read_receipts(stage, self.agent()?).await?,
            Step::MessageRetry => again::message(stage, self.agent()?, self.server).await?,
            Step::Hold => talk::hold(stage, self.agent()?).await?,
            Step::Transfer => self.agent = Some(talk::transfer(stage, self.agent()?).await?),
            Step::PageOffered => talk::page_is_offered(stage, self.agent()?).await?,
            Step::FileFromAgent => files::from_agent(stage, self.agent()?).await?,
            Step::FileFromVisitor => files::from_visitor(stage, self.agent()?).await?,
            Step::FileRetry => again::file(stage, self.agent()?).await?,
            Step::FileRefused => files::refused(stage, self.agent()?).await?,
            Step::IdleWarning => lasting::idle_warning(stage, self.agent()?).await?,
            Step::Reload => lasting::reload(stage, self.agent()?, self.server).await?,
            Step::PowerCut => lasting::power_cut(stage, self.agent()?, self.server).await?,
            Step::Rename => lasting::rename(stage, self.agent()?).await?,
            Step::VisitorEnds => ending::by_visitor(stage, self.agent()?).await?,
            Step::NewChat => self.agent = Some(ending::new_chat(stage).await?),
            Step::AgentEnds => ending::by_agent(stage, self.agent()?, self.server).await?,
        }
        Ok(())
    }

    /// Looks at what there is instead of a step that does not work.
    async fn instead_of(&mut self, step: Step, stage: &mut Stage) -> Result<()> {
        match step {
            Step::Service => instead::service(stage, &self.chat).await?,
            Step::TypingPreview => instead::typing_preview(stage, self.agent()?).await?,
            Step::ReadReceipts => instead::read_receipts(stage, self.agent()?).await?,
            Step::Hold => instead::hold(stage, self.agent()?).await?,
            Step::Transfer => self.agent = Some(instead::transfer(stage, self.agent()?).await?),
            Step::PageOffered => instead::page_offered(stage, self.agent()?).await?,
            Step::FileFromAgent => instead::file_from_agent(stage, self.agent()?).await?,
            Step::FileFromVisitor => instead::file_from_visitor(stage, self.agent()?).await?,
            // Where no file can be sent, none can fail.
            Step::FileRetry => {}
            Step::FileRefused => instead::file_refused(stage).await?,
            Step::IdleWarning => instead::idle_warning(stage, self.agent()?).await?,
            Step::Rename => instead::rename(stage).await?,
            _ => bail!("nobody says what there is instead of {step:?}"),
        }
        Ok(())
    }

    fn agent(&self) -> Result<&Agent> {
        self.agent.as_ref().context("no agent has joined yet")
    }
}

/// Fails unless the visitor sees the very messages that the server has, in its order.
fn same_words(seen: &Seen, chat: &Chat, server: &Server) -> Result<()> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let shown: Vec<_> = seen.said().iter().map(|(_, text)| plain(text)).collect();
    // Where pages are not offered they are said.
    let pages = server.lack(Step::PageOffered).is_some();
    let kept: Vec<_> = chat
        .events
        .iter()
        .filter_map(|event| match event.kind.as_str() {
            "message" => event.text.as_deref(),
            "push_url" if pages => event.url.as_deref(),
            _ => None,
        })
        .map(plain)
        .collect();
    ensure!(
        shown == kept,
        "the visitor sees {shown:#?}, the server has {kept:#?}"
    );
    Ok(())
}
