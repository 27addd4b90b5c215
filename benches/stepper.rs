//! The reference stepper and the exhaustive job, in steps a second.
//!
//! `cargo bench` runs it; the machines it runs on are shared, so compare figures of one run only.
//! `recalled` steps come from the machine's memory of states met before, in
//! this program or another; `computed` ones are matched and built by egg.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use trylemma::check::exhaustive::core_globals;
use trylemma::check::{Enumeration, Exhaustive, Fragment};
use trylemma::limits::Limits;
use trylemma::machine::{Graph, Machine};
use trylemma::spec::Book;
use trylemma::spec::property::{Property, Scope};
use trylemma::spec::version::Version;

/// Checks every program of one size with all theorems and hazards, on one thread.
fn job(book: &Book, size: usize) -> u64 {
    let properties: Vec<&Property> =
        book.properties.iter().filter(|p| !matches!(p.scope, Scope::Pair)).collect();
    let job = Exhaustive {
        book,
        fragment: Fragment::Core,
        sizes: size..=size,
        limits: Limits::default(),
        threads: 1,
        stop_at_first: false,
    };
    job.run(&properties, &|_| {}).coverage.steps
}

/// Explores every program of one size with a machine that forgets after each, so that
/// every state is matched and built: the states stepped.
fn computed(book: &Book, size: usize) -> u64 {
    let programs = Enumeration::new(Fragment::Core);
    let globals = core_globals(book);
    let mut machine = Machine::new(book, Limits::default());
    for index in 0..programs.count(size) {
        machine.forget_above(0);
        let body = programs.program(size, index).unwrap();
        let initial = machine.start(&body, &globals);
        Graph::explore(&mut machine, initial);
    }
    machine.computed()
}

fn stepper(c: &mut Criterion) {
    let book = Book::built_in(Version::DEFAULT).unwrap();
    let mut group = c.benchmark_group("reference");
    group.sample_size(10);
    for size in [3, 4, 5] {
        group.throughput(Throughput::Elements(job(&book, size)));
        group.bench_function(format!("check all of size {size}"), |b| b.iter(|| job(&book, size)));
    }
    group.throughput(Throughput::Elements(computed(&book, 3)));
    group.bench_function("step all of size 3, nothing recalled", |b| b.iter(|| computed(&book, 3)));
    group.finish();
}

criterion_group!(benches, stepper);
criterion_main!(benches);
