//! Lists to which a program may add, once and before anybody reads them.

use std::sync::OnceLock;

/// Everything of one kind that is registered: the standard set first, then what a program added.
pub struct List<T: 'static> {
    standard: &'static [T],
    all: OnceLock<Vec<&'static T>>,
}

impl<T: Sync> List<T> {
    /// A list of the standard set.
    pub const fn new(standard: &'static [T]) -> List<T> {
        List { standard, all: OnceLock::new() }
    }

    /// The standard set alone. Reading it keeps nobody from adding.
    pub fn standard(&self) -> &'static [T] {
        self.standard
    }

    /// All of them. From the first call on, nothing can be added.
    pub fn all(&self) -> &[&'static T] {
        self.all.get_or_init(|| self.standard.iter().collect())
    }

    /// True if somebody has read the whole list, so that it is too late to add.
    pub fn is_read(&self) -> bool {
        self.all.get().is_some()
    }

    /// Adds `more`, unless the list has been read: then false, and it stays as it is.
    pub fn add(&self, more: Vec<T>) -> bool {
        let more: &'static [T] = Vec::leak(more);
        self.all.set(self.standard.iter().chain(more).collect()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_added_comes_after_the_standard_set() {
        let list = List::new(&[1, 2]);
        assert!(list.add(vec![3]));
        assert_eq!(list.all(), [&1, &2, &3]);
        assert!(!list.add(vec![4]), "once");
    }

    #[test]
    fn a_list_that_was_read_takes_nothing_more() {
        let list = List::new(&["a"]);
        assert!(!list.is_read());
        assert_eq!(list.all(), [&"a"]);
        assert!(list.is_read() && !list.add(vec!["b"]));
        assert_eq!(list.all(), [&"a"]);
    }
}
