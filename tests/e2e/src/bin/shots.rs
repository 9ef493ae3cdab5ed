//! Takes a picture of every state of the widget: `shots DIR`.
fn main() {}
