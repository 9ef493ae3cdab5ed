//! Entry point of the widget.
fn main() {}
