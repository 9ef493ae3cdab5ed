/// A question that the visitor must answer before the panel goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::components) enum Question {
    /// Whether the chat is to end.
    End,
    /// What the visitor's name is to be.
    Rename,
    /// Whether a new chat is to take the place of the one that is over.
    NewChat,
    /// In which form the visitor takes the conversation away.
    Save,
}
