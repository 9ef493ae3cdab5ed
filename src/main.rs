//! Entry point of the module that a page loads: the loader calls `mount`.

fn main() {
    // Also what makes the linker take in the library, whose exports are what the module is for.
    parlour::start();
}
