//! Whatever the command is given, it ends by one of its exit codes: no panic, and no hang.
//!
//! Programs of the book and of the examples are changed at random and handed to the commands; so are traces,
//! assumptions, properties and chapters of the book. The seed is a new one each time, and printed:
//! `TRYLEMMA_SEED` sets it. What fails is made smaller and kept in a file. `TRYLEMMA_FUZZ=1800` goes on for that many
//! seconds.

// Each test binary uses some of the helpers.
#[allow(dead_code)]
#[path = "../common/mod.rs"]
mod common;
mod draw;
mod target;

use std::collections::BTreeMap;
use std::io::Write;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use common::drawn::{fresh_seed, setting};
use draw::Draw;
use target::{Case, Seeds};

/// Inputs that are tried unless a time is set.
const CASES: u64 = 600;

/// Inputs that a failure is made smaller with.
const SMALLER: usize = 150;

/// How long to go on.
enum Until {
    Count(u64),
    Time(Instant),
}

impl Until {
    fn is_over(&self, case: u64) -> bool {
        match self {
            Until::Count(count) => case >= *count,
            Until::Time(end) => Instant::now() >= *end,
        }
    }
}

/// Past the capture of the test harness: a seed is of use only where it is seen.
fn say(line: &str) {
    let _ = writeln!(std::io::stderr(), "{line}");
}

/// The failing case with as few lines as it still fails with in the same way.
fn smaller(case: Case, how: &str) -> Case {
    let mut best = case;
    let (mut tries, mut chunk) = (0, best.input.len() / 2);
    while chunk > 0 && tries < SMALLER {
        let mut from = 0;
        let mut changed = false;
        while from < best.input.len() && tries < SMALLER {
            let until = (from + chunk).min(best.input.len());
            let input = [&best.input[..from], &best.input[until..]].concat();
            let candidate = Case { input, ..best.clone() };
            tries += 1;
            if candidate.run().as_deref() == Some(how) {
                (best, changed) = (candidate, true);
            } else {
                from = until;
            }
        }
        if !changed {
            chunk /= 2;
        }
    }
    best
}

#[test]
fn changed_inputs_end_by_an_exit_code() {
    let seed = setting("TRYLEMMA_SEED", fresh_seed);
    let seconds: Option<u64> =
        std::env::var("TRYLEMMA_FUZZ").ok().map(|text| text.parse().expect("TRYLEMMA_FUZZ is in seconds"));
    let until = match seconds {
        Some(seconds) => Until::Time(Instant::now() + Duration::from_secs(seconds)),
        None => Until::Count(CASES),
    };
    say(&format!("changing inputs with TRYLEMMA_SEED={seed}"));
    let seeds = Seeds::collect();
    let next = AtomicU64::new(0);
    // By how it failed: the first case that did, and how many more.
    let failures: Mutex<BTreeMap<String, u64>> = Mutex::new(BTreeMap::new());
    let counts: Mutex<BTreeMap<&'static str, u64>> = Mutex::new(BTreeMap::new());
    let work = || {
        loop {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if until.is_over(number) {
                return;
            }
            let case = seeds.case(&mut Draw::new(&seed, number));
            *counts.lock().expect("no thread fails").entry(case.target).or_default() += 1;
            let Some(how) = case.run() else { continue };
            let count = *failures
                .lock()
                .expect("no thread fails")
                .entry(how.clone())
                .and_modify(|count| *count += 1)
                .or_insert(1);
            if count == 1 {
                say(&smaller(case, &how).shown(&format!("{seed}-{number}"), &how));
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        work();
    });
    let counts = counts.into_inner().expect("no thread fails");
    say(&format!("{} inputs: {counts:?}", counts.values().sum::<u64>()));
    let failures = failures.into_inner().expect("no thread fails");
    assert!(failures.is_empty(), "with TRYLEMMA_SEED={seed}, so often each: {failures:#?}");
}
