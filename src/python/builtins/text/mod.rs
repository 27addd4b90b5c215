//! The methods of str and bytes.

pub mod characters;
pub mod encoding;
pub mod replacing;
pub mod searching;
pub mod splitting;
pub mod unicode;

pub use encoding::decode;
