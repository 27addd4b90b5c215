//! Which name may have been meant: the rule by which CPython says "Did you mean".

/// The cost of putting in, taking out or exchanging a letter.
const MOVE: usize = 2;
/// The cost of exchanging a letter for the same one in the other case.
const CASE: usize = 1;
/// More names than this are not looked at.
const MOST_NAMES: usize = 750;
/// Longer names are not compared.
const MOST_LETTERS: usize = 40;

/// The name that is nearest to a wrong one: at most a third of the letters differ.
pub fn nearest<'n>(wrong: &str, names: &[&'n str]) -> Option<&'n str> {
    if names.len() >= MOST_NAMES {
        return None;
    }
    let mut best: Option<(&str, usize)> = None;
    for name in names.iter().filter(|name| **name != wrong) {
        let third = (wrong.len() + name.len() + 3) * MOVE / 6;
        let most = match best {
            Some((_, 0)) => break,
            Some((_, distance)) => third.min(distance - 1),
            None => third,
        };
        if let Some(distance) = distance(wrong.as_bytes(), name.as_bytes(), most) {
            best = Some((name, distance));
        }
    }
    best.map(|(name, _)| name)
}

/// The cost of turning one name into the other, if it is not more than `most`.
fn distance<'n>(mut one: &'n [u8], mut other: &'n [u8], most: usize) -> Option<usize> {
    let same = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    (one, other) = (&one[same..], &other[same..]);
    let same = one.iter().rev().zip(other.iter().rev()).take_while(|(a, b)| a == b).count();
    (one, other) = (&one[..one.len() - same], &other[..other.len() - same]);
    if other.len() < one.len() {
        (one, other) = (other, one);
    }
    if one.is_empty() || other.is_empty() {
        return Some((one.len() + other.len()) * MOVE).filter(|cost| *cost <= most);
    }
    if one.len().max(other.len()) > MOST_LETTERS || one.len().abs_diff(other.len()) * MOVE > most {
        return None;
    }
    let mut row: Vec<usize> = (1..=one.len()).map(|place| place * MOVE).collect();
    for (place, letter) in other.iter().enumerate() {
        // CPython begins a row one letter too low, and so does this.
        let (mut diagonal, mut left) = (place * MOVE, place * MOVE);
        for (cost, with) in row.iter_mut().zip(one) {
            let exchanged = diagonal + exchange(*letter, *with);
            diagonal = *cost;
            left = exchanged.min(left.min(diagonal) + MOVE);
            *cost = left;
        }
        if row.iter().all(|cost| *cost > most) {
            return None;
        }
    }
    row.last().copied().filter(|cost| *cost <= most)
}

fn exchange(one: u8, other: u8) -> usize {
    match () {
        () if one == other => 0,
        () if one.eq_ignore_ascii_case(&other) => CASE,
        () => MOVE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_found_and_a_far_one_is_not() {
        let names = ["blech", "print", "Blich", "sorted"];
        assert_eq!(nearest("bluch", &names), Some("blech"));
        assert_eq!(nearest("pritn", &names), Some("print"));
        assert_eq!(nearest("blich", &names), Some("Blich"));
        assert_eq!(nearest("elephant", &names), None);
        assert_eq!(nearest("x", &["y", "xy"]), Some("xy"));
    }
}
