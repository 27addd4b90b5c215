//! Fingerprints: 128 bits that stand for a term, whichever bank it lies in.
//!
//! A fingerprint is computed from a term's names and the fingerprints of its parts, so it is the same in every
//! bank, on every thread and in every run. Two different terms may have the same one: of n terms, some two do with
//! a probability of about n²/2¹²⁹, which for ten million is less than one in 10²⁴. Where fingerprints stand
//! for states, a state of that kind would be taken for one that was met before.

use egg::Symbol;
use rustc_hash::FxHashMap;

use crate::term::Node;

/// 128 bits that stand for a term.
pub type Fingerprint = u128;

/// The fingerprints of a bank's terms, as far as they were asked for.
#[derive(Debug, Clone, Default)]
pub struct Fingerprints {
    terms: Vec<Fingerprint>,
    names: FxHashMap<Symbol, Fingerprint>,
}

impl Fingerprints {
    /// The fingerprint of the term at a place, where `node` tells the node at each place up to it. Parts of a
    /// term lie before it.
    #[inline]
    pub fn of<'n>(&mut self, place: usize, node: impl Fn(usize) -> &'n Node) -> Fingerprint {
        while self.terms.len() <= place {
            let node = node(self.terms.len());
            let name = *self.names.entry(node.op).or_insert_with(|| of_name(node.op.as_str()));
            let whole = node.args.iter().fold(name, |whole, arg| mix(whole, self.terms[usize::from(*arg)]));
            self.terms.push(mix(whole, node.args.len() as u128));
        }
        self.terms[place]
    }

    /// For how many terms it is known.
    pub fn len(&self) -> usize {
        self.terms.len()
    }

    /// Whether none is known.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }
}

/// The fingerprint of a name.
pub fn of_name(name: &str) -> Fingerprint {
    let mut whole = name.len() as u128;
    for chunk in name.as_bytes().chunks(16) {
        let mut bytes = [0; 16];
        bytes[..chunk.len()].copy_from_slice(chunk);
        whole = mix(whole, u128::from_le_bytes(bytes));
    }
    mix(whole, 0)
}

/// The fingerprint of what has `whole` and then `part`. For a given `whole` different parts give different results.
#[inline]
pub fn mix(whole: Fingerprint, part: Fingerprint) -> Fingerprint {
    // Multiplying carries low bits up, shifting brings high bits down; each is undone by nothing that follows.
    // The factors are odd, and their bits are those of no short pattern.
    const UP: u128 = 0x9e37_79b9_7f4a_7c15_f39c_c060_5ced_c835;
    const AGAIN: u128 = 0xda94_2042_e4dd_58b5_c2b2_ae3d_27d4_eb4f;
    // Turned, so that the whole and the part do not change places.
    let mixed = (whole.rotate_left(41) ^ part).wrapping_mul(UP);
    let mixed = (mixed ^ (mixed >> 67)).wrapping_mul(AGAIN);
    mixed ^ (mixed >> 64)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::machine::Bank;
    use crate::term::parse_term;

    fn fingerprint(bank: &mut Bank, text: &str) -> Fingerprint {
        let id = bank.add_term(&parse_term(text).expect("a term"));
        bank.fingerprint(id)
    }

    #[test]
    fn a_fingerprint_does_not_depend_on_the_bank() {
        let (mut one, mut other) = (Bank::default(), Bank::for_egg(Default::default()));
        fingerprint(&mut other, "(seq (seq break pass) raise)");
        for text in ["pass", "(seq pass break)", "(seq (seq break pass) pass)"] {
            assert_eq!(fingerprint(&mut one, text), fingerprint(&mut other, text), "{text}");
        }
    }

    #[test]
    fn different_terms_have_different_fingerprints() {
        let mut bank = Bank::default();
        let texts =
            ["a", "b", "(a b)", "(b a)", "(a b b)", "(a (b b))", "(a a b)", "(a (a b))", "aaaaaaaaaaaaaaaaa"];
        let found: BTreeSet<_> = texts.iter().map(|text| fingerprint(&mut bank, text)).collect();
        assert_eq!(found.len(), texts.len());
    }

    #[test]
    fn every_bit_of_a_part_reaches_every_half_of_the_whole() {
        for bit in 0..128 {
            let changed = mix(7, 0) ^ mix(7, 1 << bit);
            assert!((changed as u64).count_ones() > 8, "bit {bit} does not reach the low half");
            assert!(((changed >> 64) as u64).count_ones() > 8, "bit {bit} does not reach the high half");
        }
    }
}
