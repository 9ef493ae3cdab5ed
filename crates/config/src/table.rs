use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

// A sorted list: it does for a handful of entries, and in the browser it is a fraction of the code of a
// tree.
/// Values by name, in the order of the names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "build", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "build", schemars(with = "BTreeMap<String, T>", inline))]
#[serde(from = "BTreeMap<String, T>", into = "BTreeMap<String, T>")]
#[serde(bound(serialize = "T: Clone + Serialize"))]
pub struct Table<T>(Vec<(String, T)>);

impl<T> Table<T> {
    /// Puts a value under a name, in the place of the one that is there.
    pub fn insert(&mut self, name: &str, value: T) {
        match self.place(name) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name.into(), value)),
        }
    }

    /// Takes a value out.
    pub fn remove(&mut self, name: &str) -> Option<T> {
        let at = self.place(name).ok()?;
        Some(self.0.remove(at).1)
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&T> {
        let at = self.place(name).ok()?;
        Some(&self.0[at].1)
    }

    /// Tells whether there is a value of this name.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// Tells whether there is nothing in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns names and values.
    pub fn iter(&self) -> std::slice::Iter<'_, (String, T)> {
        self.0.iter()
    }

    /// Returns the names.
    pub fn keys(&self) -> impl Iterator<Item = &String> {
        self.0.iter().map(|(name, _)| name)
    }

    /// Returns the values.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.0.iter().map(|(_, value)| value)
    }

    /// Returns the entries as a list.
    #[must_use]
    pub fn into_entries(self) -> Vec<(String, T)> {
        self.0
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.as_str().cmp(name))
    }
}

impl<'a, T> IntoIterator for &'a Table<T> {
    type Item = &'a (String, T);
    type IntoIter = std::slice::Iter<'a, (String, T)>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl<T> Default for Table<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> From<BTreeMap<String, T>> for Table<T> {
    fn from(map: BTreeMap<String, T>) -> Self {
        Self(map.into_iter().collect())
    }
}

impl<T> From<Table<T>> for BTreeMap<String, T> {
    fn from(table: Table<T>) -> Self {
        table.0.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kept_in_order_and_once() {
        let mut table = Table::default();
        for (name, value) in [("b", 1), ("a", 2), ("c", 3), ("b", 4)] {
            table.insert(name, value);
        }
        assert_eq!(table.get("b"), Some(&4));
        assert_eq!(table.remove("a"), Some(2));
        assert_eq!(table.remove("a"), None);
        let left: Vec<_> = table.into_entries();
        assert_eq!(left, [("b".into(), 4), ("c".into(), 3)]);
    }
}
