//! Paths to the parts of a tree.

use std::fmt;

/// The path from the root of a tree to one of its parts. It prints as `encoder.layers.0.weight`.
#[derive(Clone, Copy, Debug)]
pub struct Path<'a> {
    parent: Option<&'a Path<'a>>,
    name: Name<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Name<'a> {
    Field(&'a str),
    Index(usize),
}

impl<'a> Path<'a> {
    pub(super) const ROOT: Self = Self { parent: None, name: Name::Index(0) };

    /// The path of a field of the structure at this path.
    pub fn field(&'a self, name: &'a str) -> Self {
        Self { parent: Some(self), name: Name::Field(name) }
    }

    /// The path of an element of the sequence at this path.
    pub fn index(&'a self, index: usize) -> Self {
        Self { parent: Some(self), name: Name::Index(index) }
    }

    /// Appends the path to a text.
    ///
    /// Does not use `Display`: each training step names all weights, and formatting took 5 % of a small step.
    pub(crate) fn append_to(&self, text: &mut String) {
        let Some(parent) = self.parent else { return };
        parent.append_to(text);
        if !parent.is_root() {
            text.push('.');
        }
        match self.name {
            Name::Field(name) => text.push_str(name),
            Name::Index(index @ ..10) => text.push((b'0' + index as u8) as char),
            Name::Index(index) => text.push_str(&index.to_string()),
        }
    }

    /// Whether this is the path of the root. A single value has this path.
    pub fn is_root(&self) -> bool {
        self.parent.is_none()
    }
}

/// The names joined by dots: `encoder.layers.0.weight`. The path of the root is empty.
impl fmt::Display for Path<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        self.append_to(&mut text);
        f.write_str(&text)
    }
}
