//! The threads of a search, and how a level is shared out among them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::thread;

use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::check::worker::{Load, Spot, Worker};

/// A level narrower than this is not worth waking threads for.
pub(super) const WIDE: usize = 1024;

/// Functions over terms recurse, and terms nest as deeply as the limits allow; the same as the command has.
const STACK: usize = 1 << 29;

/// So many threads, if the system lets there be.
pub fn pool(threads: usize) -> Option<ThreadPool> {
    ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).build().ok()
}

/// Calls `work` for each number below `count`, in threads where there is a pool, and hands what comes of it to `take`: in the order of
/// the numbers, and each as soon as it is there. After an error nothing more is begun.
pub fn in_order<T: Send, E>(
    pool: Option<&ThreadPool>,
    count: usize,
    work: impl Fn(usize) -> T + Sync,
    mut take: impl FnMut(T) -> Result<(), E>,
) -> Result<(), E> {
    let Some(pool) = pool else { return (0..count).try_for_each(|number| take(work(number))) };
    let (sender, receiver) = mpsc::channel();
    let (stopped, work) = (&AtomicBool::new(false), &work);
    thread::scope(|scope| {
        scope.spawn(move || {
            pool.install(|| {
                // Numbers are taken in their order, so that the first are there first.
                (0..count).par_bridge().for_each_with(sender, |sender, number| {
                    if !stopped.load(Ordering::Relaxed) {
                        // Who does not listen any more has an error to tell.
                        let _ = sender.send((number, work(number)));
                    }
                });
            });
        });
        let (mut next, mut early) = (0, BTreeMap::new());
        for (number, found) in receiver {
            early.insert(number, found);
            while let Some(found) = early.remove(&next) {
                next += 1;
                take(found).inspect_err(|_| stopped.store(true, Ordering::Relaxed))?;
            }
        }
        Ok(())
    })
}

/// Calls `work` for each worker: in threads, where there is a pool.
pub(super) fn each(
    pool: Option<&ThreadPool>,
    workers: &mut [Worker],
    work: impl Fn(&mut Worker) + Sync + Send,
) {
    match pool {
        Some(pool) => pool.install(|| workers.par_iter_mut().for_each(work)),
        None => workers.iter_mut().for_each(work),
    }
}

/// Spots, with what is needed to understand them where they come from another bank.
type Piece = (Vec<Spot>, Option<Load>);

/// Gives each worker an equal part of the level. The order of the spots, from the first worker's to the last's, stays.
/// Workers keep what they have while nobody has much more than the others: what is taken elsewhere costs time.
pub(super) fn share_out(pool: &ThreadPool, workers: &mut [Worker]) {
    let widths: Vec<usize> = workers.iter().map(|worker| worker.part.frontier.len()).collect();
    let total: usize = widths.iter().sum();
    let widest = widths.iter().max().copied().unwrap_or(0);
    if widest * workers.len() <= total + total / 4 {
        return;
    }
    let bounds: Vec<usize> = (0..=workers.len()).map(|place| total * place / workers.len()).collect();
    let mut first = 0;
    let held = widths.iter().map(|width| {
        first += width;
        first - width..first
    });
    let held: Vec<Range<usize>> = held.collect();
    let give = |(from, (worker, held)): (usize, (&mut Worker, &Range<usize>))| -> Vec<Piece> {
        let targets = bounds.windows(2).enumerate();
        targets.map(|(to, due)| piece(worker, held, due[0]..due[1], from == to)).collect()
    };
    let given: Vec<Vec<Piece>> =
        pool.install(|| workers.par_iter_mut().zip(&held).enumerate().map(give).collect());
    let mut taken: Vec<Vec<Piece>> = workers.iter().map(|_| Vec::new()).collect();
    for row in given {
        taken.iter_mut().zip(row).for_each(|(taken, piece)| taken.push(piece));
    }
    pool.install(|| workers.par_iter_mut().zip(taken).for_each(|(worker, pieces)| take(worker, pieces)));
}

/// What a worker that holds some places of the level gives to one to whom others are due.
fn piece(worker: &Worker, held: &Range<usize>, due: Range<usize>, own: bool) -> Piece {
    let (first, last) = (held.start.max(due.start), held.end.min(due.end));
    if first >= last {
        return (Vec::new(), None);
    }
    let places = first - held.start..last - held.start;
    if own {
        return (worker.part.frontier[places].to_vec(), None);
    }
    let (spots, load) = worker.give(places);
    (spots, Some(load))
}

fn take(worker: &mut Worker, pieces: Vec<Piece>) {
    worker.part.frontier.clear();
    for (mut spots, load) in pieces {
        if let Some(load) = load {
            worker.receive(&mut spots, load);
        }
        worker.part.frontier.extend(spots);
    }
}
