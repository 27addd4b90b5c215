//! Dicts, their views, and sets.
//!
//! Members stand in the order of their insertion. Where a user's method computed the hash of a member, the
//! payload has a second argument: `Values` with that hash, or `None`, for each member.

pub mod comparing;
pub mod dicts;
pub mod held;
pub mod library;
pub mod lookup;
pub mod order;
pub mod sets;

pub use comparing::{compare_sets, contains, equal_dicts};
pub use dicts::{get, is_watched, remove, set, update, watch};
pub use held::{entries, held, keys, ordered_members, parts, set_held, size};
pub use lookup::entry_at;
pub use sets::{is_set_like, operate};
