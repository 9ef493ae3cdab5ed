//! The steps of the story, and which of them the servers of each dialect can do: the one table of that.

use parlour_config::Dialect;

use crate::browser::Engine;

/// A step of the story: something that visitor or agent does, and what is seen of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Fill in the form.
    Form,
    /// Be routed by the tenant's service.
    Service,
    /// Wait for an agent, and write meanwhile.
    Waiting,
    /// Meet the agent.
    AgentJoins,
    /// See the agent typing.
    AgentTyping,
    /// Be seen typing.
    VisitorTyping,
    /// Be seen typing, word by word.
    TypingPreview,
    /// Talk.
    Messages,
    /// Let the agent know what was read.
    ReadReceipts,
    /// Try a message again that was refused.
    MessageRetry,
    /// Be put on hold.
    Hold,
    /// Be handed to a colleague.
    Transfer,
    /// Be offered a page.
    PageOffered,
    /// Get a file.
    FileFromAgent,
    /// Send a file.
    FileFromVisitor,
    /// Try a file again that was refused.
    FileRetry,
    /// Be told which files cannot be sent.
    FileRefused,
    /// Be warned that the chat closes for lack of words.
    IdleWarning,
    /// Load the page anew.
    Reload,
    /// Lose the server, and get it back.
    PowerCut,
    /// Change one's name.
    Rename,
    /// End the chat.
    VisitorEnds,
    /// Begin another one.
    NewChat,
    /// See the agent end the chat.
    AgentEnds,
}

impl Step {
    /// All steps, in the order of the story.
    pub const ALL: [Self; 24] = [
        Self::Form,
        Self::Service,
        Self::Waiting,
        Self::AgentJoins,
        Self::AgentTyping,
        Self::VisitorTyping,
        Self::TypingPreview,
        Self::Messages,
        Self::ReadReceipts,
        Self::MessageRetry,
        Self::Hold,
        Self::Transfer,
        Self::PageOffered,
        Self::FileFromAgent,
        Self::FileFromVisitor,
        Self::FileRetry,
        Self::FileRefused,
        Self::IdleWarning,
        Self::Reload,
        Self::PowerCut,
        Self::Rename,
        Self::VisitorEnds,
        Self::NewChat,
        Self::AgentEnds,
    ];

    /// Says what works where it works.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Form => {
                "mistakes in the form are told at their fields; its answers reach the agent"
            }
            Self::Service => "the tenant's service routes the chat",
            Self::Waiting => "one sees that one waits for an agent, and can write already",
            Self::AgentJoins => "one sees who has joined",
            Self::AgentTyping => "one sees the agent typing",
            Self::VisitorTyping => "the agent sees the visitor typing",
            Self::TypingPreview => "the agent sees what is typed before it is sent",
            Self::Messages => "messages both ways, in their order, each once",
            Self::ReadReceipts => "the agent's side learns what was read",
            Self::MessageRetry => {
                "a message that was refused stays where it failed, and can be sent again"
            }
            Self::Hold => "a hold is told apart from leaving",
            Self::Transfer => "a transfer is told apart from leaving",
            Self::PageOffered => {
                "a page that the agent pushes is offered, with its host, and not opened"
            }
            Self::FileFromAgent => "files from the agent are saved, not opened",
            Self::FileFromVisitor => "files to the agent, with their progress",
            Self::FileRetry => {
                "a file that was refused stays where it failed, and can be sent again"
            }
            Self::FileRefused => "files that the server would refuse are refused in words",
            Self::IdleWarning => "a warning before the chat closes for lack of words",
            Self::Reload => "panel, transcript and draft are back after a reload",
            Self::PowerCut => "nothing is lost or doubled when the server restarts",
            Self::Rename => "the visitor changes their name",
            Self::VisitorEnds => "the visitor ends the chat, and can still read it",
            Self::NewChat => "the next chat begins with nothing left of the last",
            Self::AgentEnds => "one sees that the agent has ended the chat",
        }
    }
}

/// How far the story goes with the servers of one dialect.
#[derive(Debug, Clone, Copy)]
pub struct Server {
    /// The dialect.
    pub dialect: Dialect,
    /// Where the story is played.
    pub engines: &'static [Engine],
    lacks: &'static [(Step, &'static str)],
}

const NO_WORD: &str = "has left, for all that the server tells";
const NO_FILES: &str = "the server takes none";

const VERSION_1: &[(Step, &str)] = &[
    (Step::TypingPreview, "a text in a refresh would be said"),
    (Step::ReadReceipts, "the server has no word for it"),
    (Step::Hold, NO_WORD),
    (Step::Transfer, NO_WORD),
    (Step::FileFromAgent, NO_FILES),
    (Step::FileFromVisitor, NO_FILES),
    (Step::FileRetry, NO_FILES),
    (Step::FileRefused, NO_FILES),
    (Step::IdleWarning, "the server gives none"),
    (Step::Rename, "a name is for the whole chat"),
];

/// The dialects with what their servers cannot do, and why: a row each.
pub const SERVERS: &[Server] = &[
    Server {
        dialect: Dialect::GmsV2,
        engines: &Engine::ALL,
        lacks: &[],
    },
    Server {
        dialect: Dialect::GmsV2Cometd,
        engines: &Engine::ALL,
        lacks: &[],
    },
    Server {
        dialect: Dialect::GmsV1,
        engines: &Engine::ALL,
        lacks: VERSION_1,
    },
    Server {
        dialect: Dialect::GmsV1Cometd,
        engines: &Engine::ALL,
        lacks: VERSION_1,
    },
    Server {
        dialect: Dialect::Gws,
        engines: &Engine::ALL,
        lacks: &[
            (Step::Service, "no request names one"),
            (Step::TypingPreview, "typing goes without text"),
            (Step::ReadReceipts, "the server has no word for it"),
            (Step::Hold, NO_WORD),
            (Step::Transfer, NO_WORD),
            (Step::PageOffered, "it comes as a message with a link"),
            (Step::FileFromAgent, NO_FILES),
            (Step::FileFromVisitor, NO_FILES),
            (Step::FileRetry, NO_FILES),
            (Step::FileRefused, NO_FILES),
            (Step::IdleWarning, "the server gives none"),
            (Step::Rename, "a name is for the whole chat"),
        ],
    },
];

impl Server {
    /// Says why a step does not work, if it does not.
    #[must_use]
    pub fn lack(&self, step: Step) -> Option<&'static str> {
        self.lacks
            .iter()
            .find(|(lacking, _)| *lacking == step)
            .map(|(_, why)| *why)
    }
}

/// Writes the table as `docs/servers.md` shows it: a row a step, a column a dialect.
#[must_use]
pub fn table() -> String {
    let row = |first: &str, cell: &dyn Fn(&Server) -> String| {
        let cells: Vec<_> = SERVERS.iter().map(cell).collect();
        ["| ", first, " | ", &cells.join(" | "), " |\n"].concat()
    };
    let mut table = row("", &|server| ["`", server.dialect.name(), "`"].concat());
    table.push_str(&["|", &"---|".repeat(SERVERS.len() + 1), "\n"].concat());
    for step in Step::ALL {
        table.push_str(&row(step.words(), &|server| {
            server
                .lack(step)
                .map_or("yes".into(), |why| ["no: ", why].concat())
        }));
    }
    table.push_str(&row("tried in", &|server| {
        let names: Vec<_> = server.engines.iter().map(|engine| engine.title()).collect();
        names.join(", ")
    }));
    table
}
