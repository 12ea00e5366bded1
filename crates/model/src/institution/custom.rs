//! Institutions from outside this crate: how they are described, and where what they keep is held.
//!
//! The standard institutions are fields of [`Settings`](super::Settings), [`Local`](super::Local) and
//! [`CityState`](super::CityState), so that their acts reach settings and states without looking for them. What
//! an institution from outside keeps is of a type that only it knows: it lies in [`Held`], and is found there by
//! that type.

use std::any::Any;
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error as _};
use serde::ser::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use toml::Table;

use super::Institution;
use crate::base::list::List;
use crate::base::params::{self, Key, Section};

/// An institution from outside. Add it by `Registry::with_institution`.
pub trait CustomInstitution: 'static {
    /// Its table, a struct under `#[settings]`. In an act it is `now.settings::<…>()`.
    type Settings: params::Settings + Clone + Debug + Send + Sync + 'static;
    /// What it keeps in one community from month to month; `()` if it keeps nothing. In an act it is
    /// `state.local.custom.of::<…>()`.
    type Local: State + Default;
    /// What it keeps for the whole city; `()` if it keeps nothing. In an act it is `city.custom.of::<…>()`.
    type Citywide: State + Default;
    /// What it is, and what it does.
    const INSTITUTION: Institution;
}

/// What an institution from outside may keep. Checkpoints hold it too.
pub trait State: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static {}

impl<T: Clone + Debug + Serialize + DeserializeOwned + Send + Sync + 'static> State for T {}

/// An institution from outside, as it is registered.
pub struct Custom {
    /// What it is, and what it does.
    pub institution: Institution,
    /// The keys of its table.
    pub keys: fn() -> Vec<Key>,
    settings: fn(Table) -> Result<Box<dyn Value>, toml::de::Error>,
    local: Maker,
    citywide: Maker,
}

/// How a state begins, and how it is read back.
pub struct Maker {
    begin: fn() -> Box<dyn Value>,
    read: fn(&[u8]) -> postcard::Result<Box<dyn Value>>,
    size: usize,
}

impl Maker {
    fn of<T: State + Default>() -> Maker {
        Maker {
            begin: || Box::new(T::default()),
            read: |bytes| Ok(Box::new(postcard::from_bytes::<T>(bytes)?)),
            size: size_of::<T>(),
        }
    }
}

impl Custom {
    /// The institution `I`.
    pub fn of<I: CustomInstitution>() -> Custom {
        Custom {
            institution: I::INSTITUTION,
            keys: <I::Settings as params::Settings>::keys,
            settings: |table| Ok(Box::new(<I::Settings as params::Settings>::of(table)?)),
            local: Maker::of::<I::Local>(),
            citywide: Maker::of::<I::Citywide>(),
        }
    }

    /// Its table.
    pub fn section(&self) -> Section {
        Section { path: self.institution.name, meaning: self.institution.summary, keys: (self.keys)() }
    }

    /// Whether `table` makes its settings.
    ///
    /// # Errors
    /// What its settings type says against the table.
    pub fn accepts(&self, table: Table) -> Result<(), toml::de::Error> {
        (self.settings)(table).map(drop)
    }

    /// Bytes of its states in one community and for the city.
    pub fn sizes(&self) -> [usize; 2] {
        [self.local.size, self.citywide.size]
    }
}

/// None is from outside until one is added.
static CUSTOM: List<Custom> = List::new(&[]);

/// Every institution from outside. From the first call on, none can be added.
pub fn all() -> &'static [&'static Custom] {
    CUSTOM.all()
}

/// The list of institutions from outside, to add to it.
pub(crate) fn list() -> &'static List<Custom> {
    &CUSTOM
}

/// A value of a type that only its institution knows.
trait Value: Any + Debug + Send + Sync {
    fn copy(&self) -> Box<dyn Value>;
    fn bytes(&self) -> postcard::Result<Vec<u8>>;
}

impl<T: Clone + Debug + Serialize + Send + Sync + 'static> Value for T {
    fn copy(&self) -> Box<dyn Value> {
        Box::new(self.clone())
    }

    fn bytes(&self) -> postcard::Result<Vec<u8>> {
        postcard::to_stdvec(self)
    }
}

/// One value for each institution from outside, in the order of [`all`].
#[derive(Debug)]
struct Values(Vec<Box<dyn Value>>);

impl Clone for Values {
    fn clone(&self) -> Values {
        Values(self.0.iter().map(|value| value.copy()).collect())
    }
}

impl Values {
    fn of<T: 'static>(&self) -> &T {
        let found = self.0.iter().find_map(|value| (value.as_ref() as &dyn Any).downcast_ref());
        found.unwrap_or_else(|| nobody_keeps::<T>())
    }

    fn of_mut<T: 'static>(&mut self) -> &mut T {
        let found = self.0.iter_mut().find_map(|value| (value.as_mut() as &mut dyn Any).downcast_mut());
        found.unwrap_or_else(|| nobody_keeps::<T>())
    }
}

fn nobody_keeps<T>() -> ! {
    panic!("no institution that was added has the type {}", std::any::type_name::<T>())
}

/// The settings of all institutions from outside at one time.
#[derive(Clone, Debug)]
pub struct CustomSettings(Values);

impl CustomSettings {
    /// The settings that `table` gives for each institution by its name.
    ///
    /// # Errors
    /// If a table does not fit the institution's settings type.
    pub fn read(table: impl Fn(&'static str) -> Table) -> Result<CustomSettings, toml::de::Error> {
        let read = |custom: &&Custom| (custom.settings)(table(custom.institution.name));
        Ok(CustomSettings(Values(all().iter().map(read).collect::<Result<_, _>>()?)))
    }

    /// The settings of type `T`.
    ///
    /// # Panics
    /// If no institution that was added has them.
    pub fn of<T: params::Settings + 'static>(&self) -> &T {
        self.0.of()
    }
}

impl Default for CustomSettings {
    /// All at their defaults.
    fn default() -> CustomSettings {
        CustomSettings::read(|name| {
            let custom = all().iter().find(|custom| custom.institution.name == name);
            custom.map(|custom| custom.section().defaults()).unwrap_or_default()
        })
        .expect("an institution is only added if its defaults make its settings")
    }
}

impl PartialEq for CustomSettings {
    fn eq(&self, other: &CustomSettings) -> bool {
        let bytes = |settings: &CustomSettings| -> Vec<_> {
            settings.0.0.iter().map(|value| value.bytes().expect("settings can be written")).collect()
        };
        bytes(self) == bytes(other)
    }
}

/// What institutions from outside keep in one community.
pub type CustomLocal = Held<InCommunity>;
/// What institutions from outside keep for the whole city.
pub type CustomCitywide = Held<InCity>;

/// Whether a state belongs to one community or to the city.
pub trait Scope {
    #[doc(hidden)]
    fn maker(custom: &Custom) -> &Maker;
}

/// In one community.
#[derive(Clone, Debug)]
pub enum InCommunity {}

/// For the whole city.
#[derive(Clone, Debug)]
pub enum InCity {}

impl Scope for InCommunity {
    fn maker(custom: &Custom) -> &Maker {
        &custom.local
    }
}

impl Scope for InCity {
    fn maker(custom: &Custom) -> &Maker {
        &custom.citywide
    }
}

/// What institutions from outside keep from month to month.
#[derive(Clone, Debug)]
pub struct Held<S>(Values, PhantomData<S>);

impl<S> Held<S> {
    /// The state of type `T`.
    ///
    /// # Panics
    /// If no institution that was added keeps it.
    pub fn of<T: State>(&self) -> &T {
        self.0.of()
    }

    /// The same, to change it.
    ///
    /// # Panics
    /// If no institution that was added keeps it.
    pub fn of_mut<T: State>(&mut self) -> &mut T {
        self.0.of_mut()
    }
}

impl<S: Scope> Default for Held<S> {
    /// As at the beginning of a replicate.
    fn default() -> Held<S> {
        Held(Values(all().iter().map(|custom| (S::maker(custom).begin)()).collect()), PhantomData)
    }
}

// Written as the bytes of each, since only its institution knows how to read it back.
impl<S> Serialize for Held<S> {
    fn serialize<W: Serializer>(&self, to: W) -> Result<W::Ok, W::Error> {
        let bytes = self.0.0.iter().map(|value| value.bytes().map_err(W::Error::custom));
        bytes.collect::<Result<Vec<_>, _>>()?.serialize(to)
    }
}

impl<'de, S: Scope> Deserialize<'de> for Held<S> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Held<S>, D::Error> {
        let bytes = Vec::<Vec<u8>>::deserialize(from)?;
        if bytes.len() != all().len() {
            return Err(D::Error::custom("written with other institutions from outside"));
        }
        let read = |(custom, bytes): (&&Custom, &Vec<u8>)| (S::maker(custom).read)(bytes);
        let values = all().iter().zip(&bytes).map(read).collect::<postcard::Result<_>>();
        Ok(Held(Values(values.map_err(D::Error::custom)?), PhantomData))
    }
}
