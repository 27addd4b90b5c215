//! The activations that wait for the one that runs.

use egg::Id;

use crate::machine::bank::Bank;

/// The frames and the locals of each activation that waits in a world, the innermost first: of callers, and of who resumed a generator.
pub fn waiting(bank: &Bank, world: Id) -> Vec<[Id; 2]> {
    let (mut found, mut callers) = (Vec::new(), bank.arg(world, 4));
    loop {
        let node = bank.get(callers);
        match (node.op.as_str(), &node.args[..]) {
            ("caller", [frames, locals, rest]) | ("resumer", [_, frames, locals, _, rest]) => {
                found.push([*frames, *locals]);
                callers = *rest;
            }
            _ => return found,
        }
    }
}
