//! Attributes: reading, storing and deleting them.

mod functions;
pub mod primitives;
pub mod reading;
pub mod storing;

pub use primitives::attribute_name;
