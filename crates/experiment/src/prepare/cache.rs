//! What is made once for all that ask for it, as far as there is room.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// Values that are made when they are first asked for, and kept until others push them out.
pub struct Cache<K, V> {
    slots: Mutex<Slots<K, V>>,
    limit: u64,
}

struct Slots<K, V> {
    values: BTreeMap<K, Slot<V>>,
    weight: u64,
    asked: u64,
}

struct Slot<V> {
    value: Arc<OnceLock<V>>,
    weight: u64,
    last_asked: u64,
}

impl<K: Ord + Clone, V: Clone> Cache<K, V> {
    /// Keeps values up to a weight of `limit` in all, and always the last one.
    pub fn new(limit: u64) -> Cache<K, V> {
        Cache { slots: Mutex::new(Slots { values: BTreeMap::new(), weight: 0, asked: 0 }), limit }
    }

    /// The value of `key`, made by `make` if it is not there, and kept no longer.
    pub fn take(&self, key: &K, make: impl FnOnce() -> V) -> V {
        let slot = self.slots.lock().unwrap_or_else(PoisonError::into_inner).remove(key);
        slot.map_or_else(Arc::default, |slot| slot.value).get_or_init(make).clone()
    }

    /// The value of `key`, made by `make` if it is not there. Who asks for it meanwhile waits.
    pub fn get(&self, key: K, weight: u64, make: impl FnOnce() -> V) -> V {
        let slot = self.slots.lock().unwrap_or_else(PoisonError::into_inner).slot(key, weight, self.limit);
        slot.get_or_init(make).clone()
    }

    /// Keeps the value of `key` no longer if it is one of those.
    pub fn drop_if(&self, key: &K, is_one: impl FnOnce(&V) -> bool) {
        let mut slots = self.slots.lock().unwrap_or_else(PoisonError::into_inner);
        if slots.values.get(key).and_then(|slot| slot.value.get()).is_some_and(is_one) {
            slots.remove(key);
        }
    }

    /// How many are kept.
    #[cfg(test)]
    pub fn len(&self) -> usize {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner).values.len()
    }
}

impl<K: Ord + Clone, V> Slots<K, V> {
    fn remove(&mut self, key: &K) -> Option<Slot<V>> {
        let slot = self.values.remove(key);
        self.weight -= slot.as_ref().map_or(0, |slot| slot.weight);
        slot
    }

    fn slot(&mut self, key: K, weight: u64, limit: u64) -> Arc<OnceLock<V>> {
        self.asked += 1;
        if let Some(slot) = self.values.get_mut(&key) {
            slot.last_asked = self.asked;
            return slot.value.clone();
        }
        while self.weight + weight > limit {
            let oldest = self.values.iter().min_by_key(|(_, slot)| slot.last_asked);
            let Some(key) = oldest.map(|(key, _)| key.clone()) else { break };
            self.remove(&key);
        }
        self.weight += weight;
        let value = Arc::new(OnceLock::new());
        self.values.insert(key, Slot { value: value.clone(), weight, last_asked: self.asked });
        value
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cache_keeps_what_was_asked_last() {
        let (cache, made) = (Cache::new(2), Mutex::new(Vec::new()));
        for key in [1, 2, 1, 3, 1, 2] {
            let make = || {
                made.lock().unwrap().push(key);
                key
            };
            assert_eq!(cache.get(key, 1, make), key);
        }
        assert_eq!(*made.lock().unwrap(), [1, 2, 3, 2]);
    }

    #[test]
    fn something_too_heavy_is_kept_alone() {
        let cache = Cache::new(5);
        cache.get("light", 1, || 1);
        cache.get("heavy", 9, || 2);
        assert_eq!(cache.slots.lock().unwrap().values.keys().collect::<Vec<_>>(), [&"heavy"]);
    }
}
