//! The two steppers side by side: the exhaustive job, single steps, the methods, and loops of whole programs.
//!
//! `cargo bench` runs it; the machines it runs on are shared, so compare figures of one run only.
//! In the jobs, the reference stepper runs each program on its own, and recalls states that it
//! met before; the compiled one follows families of programs. `nothing recalled` matches and
//! builds every state of every program, which is the one job in which both do the same.

#![allow(missing_docs, clippy::unwrap_used)]

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use trylemma::book::Book;
use trylemma::book::property::{Property, Scope};
use trylemma::book::version::Version;
use trylemma::check::{Enumeration, Exhaustive, Fragment, Method};
use trylemma::limits::Limits;
use trylemma::machine::{Engine, Graph, Machine, Successors};
use trylemma::python::LoadOptions;
use trylemma::python::load;

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

/// The text of a program that takes so many turns.
type Source = fn(usize) -> String;

/// Programs whose loops take `n` turns, each over something that has `n` members.
const LOOPS: [(&str, Source); 5] = [
    ("characters", |n| format!("for c in 'ab' * {}:\n    pass\n", n / 2)),
    ("text grows", |n| format!("s = ''\nfor i in range({n}):\n    s += 'x'\n")),
    ("list grows", |n| format!("s = []\nfor i in range({n}):\n    s.append(i)\n    s[i] = s[i // 2]\n")),
    ("dict grows", |n| format!("d = {{}}\nfor i in range({n}):\n    d[i] = i in d\n")),
    ("set shrinks", |n| format!("s = set(range({n}))\nfor i in range({n}):\n    s.discard(i)\n")),
];

/// Runs a program to its end.
fn run_whole(book: &Book, source: &str) {
    let options = LoadOptions { objects: true, ..LoadOptions::of(book) };
    let program = load("p.py", source.as_bytes(), &options).unwrap();
    let limits = Limits { depth: u32::MAX, nodes: u64::MAX, ..Limits::default() };
    let mut machine = Machine::new(book, limits);
    let mut state = machine.start(&program.body, &program.globals);
    while let Successors::Edges([edge]) = machine.successors(state) {
        state = edge.target;
        if machine.bank().len() > 400_000 {
            state = machine.keep_only([state]).of(state);
        }
    }
}

/// A turn takes the same time however many members there are: the rates of the two sizes agree.
fn loops(c: &mut Criterion) {
    let book = Book::built_in(Version::DEFAULT).unwrap();
    for (name, program) in LOOPS {
        let mut group = c.benchmark_group(format!("run a loop, {name}, turns"));
        group.sample_size(10);
        for turns in [2_000, 8_000] {
            let source = program(turns);
            group.throughput(Throughput::Elements(turns as u64));
            group
                .bench_function(BenchmarkId::from_parameter(turns), |b| b.iter(|| run_whole(&book, &source)));
        }
        group.finish();
    }
}

criterion_group!(benches, jobs, steps, methods, loops);
criterion_main!(benches);
