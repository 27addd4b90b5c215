//! Sums over programs that were followed by their parts.

use crate::check::counts::Counts;
use crate::check::verdict::Coverage;

/// Sums over programs with one path, small enough for 64 bits.
#[derive(Debug)]
pub struct Sums {
    pub(super) programs: u64,
    runs: u64,
    pub(super) steps: u64,
    ends: [u64; 256],
}

impl Default for Sums {
    fn default() -> Self {
        Sums { programs: 0, runs: 0, steps: 0, ends: [0; 256] }
    }
}

impl Sums {
    #[inline]
    pub(super) fn add(&mut self, steps: u64, weight: u64) {
        self.runs += 1;
        self.programs += weight;
        self.steps += steps * weight;
    }

    /// Adds a path that came to its end, of so many programs.
    #[inline]
    pub(super) fn well(&mut self, outcome: u32, steps: u64, weight: u64) {
        self.add(steps, weight);
        self.ends[outcome as usize & 255] += weight;
    }

    /// Adds the sums to counts, and empties them.
    pub fn flush(&mut self, counts: &mut Counts) {
        self.flush_times(1, counts);
    }

    /// The same, where each program stands for `weight`.
    pub fn flush_times(&mut self, weight: u128, counts: &mut Counts) {
        let (programs, steps) = (weight * u128::from(self.programs), weight * u128::from(self.steps));
        counts.coverage.add(&Coverage {
            programs,
            runs: u128::from(self.runs),
            summaries: 0,
            states: steps + programs,
            steps,
            paths: programs,
        });
        counts.ends.resize(counts.ends.len().max(self.ends.len()), 0);
        for (sum, count) in counts.ends.iter_mut().zip(&self.ends) {
            *sum += weight * u128::from(*count);
        }
        *self = Sums::default();
    }
}
