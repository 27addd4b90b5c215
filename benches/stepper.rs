//! The two steppers side by side: the exhaustive job, single steps, and the two methods.
//!
//! `cargo bench` runs it; the machines it runs on are shared, so compare figures of one run only.
//! In the jobs, the reference stepper runs each program on its own, and recalls states that it
//! met before; the compiled one follows families of programs. `nothing recalled` matches and
//! builds every state of every program, which is the one job in which both do the same.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use trylemma::check::{Enumeration, Exhaustive, Fragment, Method};
use trylemma::limits::Limits;
use trylemma::machine::{Engine, Graph, Machine};
use trylemma::spec::Book;
use trylemma::spec::property::{Property, Scope};
use trylemma::spec::version::Version;

const ENGINES: [(&str, Engine); 2] = [("reference", Engine::Reference), ("compiled", Engine::Compiled)];
const METHODS: [Method; 3] = [Method::Enumerate, Method::Narrow, Method::Summarise];

/// Runs a job with all theorems and hazards, on one thread: the programs it covered, and the steps.
fn run(job: &Exhaustive) -> (u64, u64) {
    let properties: Vec<&Property> =
        job.book.properties.iter().filter(|p| !matches!(p.scope, Scope::Pair) && !p.objects).collect();
    let coverage = job.run(&properties).coverage;
    (u64::try_from(coverage.programs).unwrap(), u64::try_from(coverage.steps).unwrap())
}

/// Explores every program of the core of one size with a machine that forgets after each, so that
/// every state is stepped: how many there are.
fn computed(book: &Book, engine: Engine, size: usize) -> u64 {
    let programs = Enumeration::new(Fragment::Core);
    let globals = Fragment::Core.globals(book);
    let mut machine = Machine::with_engine(book, Limits::default(), engine);
    for index in 0..programs.count(size) {
        machine.forget_above(0);
        let body = programs.program(size, index).unwrap();
        let initial = machine.start(&body, &globals);
        Graph::explore(&mut machine, initial);
    }
    machine.computed()
}

fn jobs(c: &mut Criterion) {
    let book = Book::built_in(Version::DEFAULT).unwrap();
    let mut group = c.benchmark_group("check all of size 4, steps");
    group.sample_size(10);
    for (name, engine) in ENGINES {
        let job = Exhaustive { engine, ..Exhaustive::new(&book, 4..=4) };
        group.throughput(Throughput::Elements(run(&job).1));
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| run(&job)));
    }
    group.finish();
}

fn steps(c: &mut Criterion) {
    let book = Book::built_in(Version::DEFAULT).unwrap();
    let mut group = c.benchmark_group("step all of size 3, nothing recalled, states");
    group.sample_size(10);
    for (name, engine) in ENGINES {
        group.throughput(Throughput::Elements(computed(&book, engine, 3)));
        group.bench_function(BenchmarkId::from_parameter(name), |b| b.iter(|| computed(&book, engine, 3)));
    }
    group.finish();
}

fn methods(c: &mut Criterion) {
    let book = Book::built_in(Version::DEFAULT).unwrap();
    let mut group = c.benchmark_group("check all of J of size 7, programs");
    group.sample_size(10);
    for method in METHODS {
        let job = Exhaustive { fragment: Fragment::J, method, ..Exhaustive::new(&book, 7..=7) };
        group.throughput(Throughput::Elements(run(&job).0));
        group.bench_function(BenchmarkId::from_parameter(method.name()), |b| b.iter(|| run(&job)));
    }
    group.finish();
}

criterion_group!(benches, jobs, steps, methods);
criterion_main!(benches);
