//! The book is compiled into the crate; a change to a chapter rebuilds it.

fn main() {
    println!("cargo:rerun-if-changed=semantics");
}
