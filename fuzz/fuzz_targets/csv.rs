#![no_main]

#[path = "../../crates/server/tests/fuzz/targets.rs"]
#[expect(dead_code, reason = "the others have programs of their own")]
mod targets;

libfuzzer_sys::fuzz_target!(
    // The workbook reader's own panics are caught where it is called: they are no findings.
    init: std::panic::set_hook(Box::new(|_| {})),
    |bytes: &[u8]| targets::csv(bytes)
);
