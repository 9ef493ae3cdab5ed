//! The fuzzer's seeds and finds, as an ordinary test.

mod common;

use std::path::Path;

use common::anything;

#[test]
fn no_seed_of_the_fuzzer_does_harm() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut seeds = 0;
    for folder in [
        "../../fuzz/corpus/replies",
        "tests/golden/v2",
        "tests/golden/v1",
        "tests/golden/gws",
    ] {
        for file in std::fs::read_dir(here.join(folder)).unwrap() {
            let path = file.unwrap().path();
            println!("{}", path.display());
            anything::as_a_reply(&std::fs::read(path).unwrap());
            seeds += 1;
        }
    }
    assert!(seeds > 120, "{seeds}");
}
