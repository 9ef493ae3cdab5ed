//! Entry point of the module that a page loads: its start, then the loader calls `mount`.

fn main() {
    parlour::start();
}
