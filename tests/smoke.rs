use trylemma::check::*;
use trylemma::spec::{Book, version::Version, property::Kind};
use trylemma::limits::Limits;
#[test]
fn smoke() {
    let book = Book::built_in(Version::DEFAULT).unwrap_or_else(|e| panic!("{e}"));
    println!("{:?} rules {} hash {}", book.table, book.rules.len(), book.hash);
    let e = Enumeration::new(Fragment::Core);
    for n in 1..8 { println!("size {n}: {} closed {}", e.count(n), Enumeration::new(Fragment::Closed).count(n)); }
    let props: Vec<_> = book.properties.iter().filter(|p| p.name != "paired-calls").collect();
    for n in 1..=4 {
        let job = Exhaustive { book: &book, fragment: Fragment::Core, sizes: n..=n, limits: Limits::default(), threads: 1, stop_at_first: false };
        let t = std::time::Instant::now();
        let r = job.run(&props, &|_| {});
        println!("size {n} {:?} {} break {:?} rate {:.0}/s", t.elapsed(), r.coverage, r.breakdown, r.coverage.steps as f64 / t.elapsed().as_secs_f64());
        for (p, v) in props.iter().zip(&r.verdicts) { println!("  {} {:?}", p.name, v);
          if let Verdict::Refuted(id) = v { if n<4 || p.kind==Kind::Theorem { println!("{}", trylemma::python::print::program(&e.program(id.size, id.index).unwrap())); } } }
    }
}
