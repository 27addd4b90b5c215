//! `trylemma check --shapes`: every program up to a size that shapes of the book make.

use std::ops::RangeInclusive;

use crate::book::Book;
use crate::book::property::Property;
use crate::check::Shaped;
use crate::check::exhaustive::{ProgramId, Report};
use crate::check::program::{Subject, Watched};
use crate::check::shaped::UNREAD;
use crate::check::verdict::{Coverage, grouped};
use crate::cli::check::{Args, Checked};
use crate::cli::conclusion::{self, Job, conclude};
use crate::cli::output::{Failure, Result};
use crate::cli::sizes::progress_bar;
use crate::limits::Limits;
use crate::machine::Engine;

/// Checks every program of shapes.
pub(super) fn check(
    args: &Args,
    book: &Book,
    (name, sizes): (&str, RangeInclusive<usize>),
    watched: Vec<Watched>,
) -> Result<Checked> {
    let job = Shaped {
        book,
        name,
        sizes,
        limits: args.semantics.limits_from(Limits::default())?,
        engine: args.semantics.engine(),
        threads: args.sizes.threads(),
        stop_at_first: args.sizes.first,
    };
    let bar = progress_bar(job.count(*job.sizes.end()));
    let properties: Vec<&Property> = watched.iter().map(|watched| &watched.property).collect();
    let report = job.run(&properties, &|run| bar.set_position(run as u64))?;
    bar.finish_and_clear();
    if report.ends.get(UNREAD).is_some_and(|unread| *unread == report.coverage.programs) {
        return Err(Failure::Usage(format!(
            "Python {} reads none of these programs, so nothing holds of them; name another version with --python",
            book.version
        )));
    }
    conclude(&job, report, watched)
}

impl Job for Shaped<'_> {
    fn basis(&self) -> (&Book, Limits, Engine) {
        (self.book, self.limits, self.engine)
    }

    fn covered(&self, report: &Report) -> String {
        let programs =
            conclusion::sized(&format!("the shapes `{}`", self.name), *self.sizes.start(), report.last);
        match report.ends.get(UNREAD) {
            Some(unread) => {
                format!("{programs} but {} that Python {} does not read", grouped(*unread), self.book.version)
            }
            None => programs,
        }
    }

    fn count(&self, last: usize) -> u128 {
        (*self.sizes.start()..=last).map(|size| self.book.shapes.count(self.name, size)).sum()
    }

    fn subject(&self, program: ProgramId) -> Result<Subject> {
        Ok(Shaped::subject(self, program)?)
    }

    fn shares_runs(&self) -> bool {
        false
    }

    fn bound(&self, name: &str, coverage: &Coverage, _: &Property) -> String {
        format!("{name}: {coverage}")
    }
}
