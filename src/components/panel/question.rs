/// A question that the visitor must answer before the panel goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    /// Whether the chat is to end.
    End,
    /// What the visitor's name is to be.
    Rename,
}
