//! Displays, subscripts and the methods of lists, tuples and ranges.

pub mod displays;
pub mod lists;
pub mod membership;
pub mod sorting;
pub mod subscripts;

pub use lists::extend;
pub use membership::{own_contains, own_length};
pub use subscripts::{element_at, own_delitem, own_item, own_setitem};
