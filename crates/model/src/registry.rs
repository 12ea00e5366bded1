//! What a program brings along beside the standard institutions, theories and rules.
//!
//! ```no_run
//! # use shequ_model::base::params::{settings, text};
//! # use shequ_model::institution::cost::Costs;
//! # use shequ_model::institution::{CustomInstitution, Family, Institution};
//! use shequ_model::registry::Registry;
//!
//! # /// Settings of `[garden]`.
//! # #[settings]
//! # struct Settings {
//! #     /// Size of the garden.
//! #     #[param(real = 0.0, range = 0.0..=1000.0, unit = "m²", zh = "菜园面积。", choice)]
//! #     area: f64,
//! # }
//! # struct Garden;
//! # impl CustomInstitution for Garden {
//! #     type Settings = Settings;
//! #     type Local = ();
//! #     type Citywide = ();
//! #     const INSTITUTION: Institution = Institution {
//! #         name: "garden",
//! #         family: Family::PublicServices,
//! #         summary: text("A garden.", "菜园。"),
//! #         rows: &[],
//! #         equations: &[],
//! #         neutral: &[("area", "0.0")],
//! #         demonstration: &[("area", "100.0")],
//! #         acts: &[],
//! #         costs: Costs::Free("neighbours tend it"),
//! #     };
//! # }
//! Registry::standard().with_institution::<Garden>().with_unit("m²", "平方米").install()?;
//! # Ok::<(), shequ_model::registry::Refused>(())
//! ```
//!
//! It is installed once for the process, before anything of the simulator is used; why so is told in
//! `docs/decisions/0031-registry-of-the-process.md`.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use toml::Table;

use crate::base::i18n::{Both, both, errors, listed};
use crate::base::params::{Key, Registered};
use crate::base::units::{self, Unit};
use crate::institution::{self, Custom, CustomInstitution, Institution, custom};
use crate::{theory, trust};

/// The standard institutions, theories and rules, and others.
#[derive(Default)]
pub struct Registry {
    institutions: Vec<Custom>,
    theories: Vec<theory::Entry>,
    rules: Vec<trust::Entry>,
    units: Vec<Unit>,
}

/// Why a registry was not installed: nothing of it is in force then.
#[derive(Debug)]
pub struct Refused(Both);

impl Refused {
    /// What is told of it.
    pub fn message(&self) -> &Both {
        &self.0
    }
}

errors!(Refused);

static IS_INSTALLED: AtomicBool = AtomicBool::new(false);

impl Registry {
    /// The standard set alone.
    pub fn standard() -> Registry {
        Registry::default()
    }

    /// With the institution `I`. In a step of the month it acts after the standard ones, and after those
    /// that were added before it.
    pub fn with_institution<I: CustomInstitution>(mut self) -> Registry {
        self.institutions.push(Custom::of::<I>());
        self
    }

    /// With a theory of participation.
    pub fn with_theory(mut self, theory: theory::Entry) -> Registry {
        self.theories.push(theory);
        self
    }

    /// With a rule of trust.
    pub fn with_rule(mut self, rule: trust::Entry) -> Registry {
        self.rules.push(rule);
        self
    }

    /// With the Chinese of a unit that no standard key has.
    pub fn with_unit(mut self, en: &'static str, zh: &'static str) -> Registry {
        self.units.push((en, zh));
        self
    }

    /// Puts it in force for the rest of the process.
    ///
    /// # Errors
    /// If one was installed before, if something of the simulator has been used already, or if what was
    /// added contradicts itself or the standard set.
    pub fn install(self) -> Result<(), Refused> {
        self.check().map_err(Refused)?;
        if IS_INSTALLED.swap(true, Ordering::SeqCst) {
            return Err(Refused(both!("a registry is installed already", "已经安装过注册表")));
        }
        let read = [
            custom::list().is_read(),
            theory::list().is_read(),
            trust::list().is_read(),
            units::list().is_read(),
        ];
        let Registry { institutions, theories, rules, units } = self;
        let is_new = read == [false; 4]
            && custom::list().add(institutions)
            && theory::list().add(theories)
            && trust::list().add(rules)
            && units::list().add(units);
        is_new.then_some(()).ok_or_else(|| {
            Refused(both!(
                "the registry is installed too late: the simulator has been used before",
                "安装注册表过晚：此前已使用过模拟器"
            ))
        })
    }

    fn check(&self) -> Result<(), Both> {
        let mut tables: BTreeSet<String> = TAKEN.iter().map(|name| name.to_string()).collect();
        tables.extend(institution::STANDARD.iter().map(|institution| institution.name.to_string()));
        tables.extend(theory::list().standard().iter().map(|entry| entry.path.to_string()));
        tables.extend(trust::list().standard().iter().map(|entry| entry.path.to_string()));
        for custom in &self.institutions {
            let keys = (custom.keys)();
            self.check_table(custom.institution.name, custom.institution.name, &keys, &mut tables)?;
            check_settings(&custom.institution, &keys)?;
            let accepted = custom.accepts(custom.section().defaults());
            accepted.map_err(|error| unlike(custom.institution.name, &error))?;
        }
        self.theories.iter().try_for_each(|entry| self.check_rival(entry, &mut tables))?;
        self.rules.iter().try_for_each(|entry| self.check_rival(entry, &mut tables))
    }

    fn check_rival<T: ?Sized>(
        &self,
        entry: &Registered<T>,
        tables: &mut BTreeSet<String>,
    ) -> Result<(), Both> {
        self.check_table(entry.name, entry.path, &(entry.keys)(), tables)?;
        if entry.path.strip_prefix("theory.") != Some(entry.name) {
            return Err(both!(
                "the table of {name} is [theory.{name}], not [{path}]",
                "{name} 的表应为 [theory.{name}]，而非 [{path}]";
                name = entry.name, path = entry.path
            ));
        }
        (entry.build)(&entry.section().defaults()).map(drop).map_err(|error| unlike(entry.path, &error))
    }

    /// Refuses a table whose name is taken or no name, or whose keys are not described as they must be.
    fn check_table(
        &self,
        name: &str,
        path: &str,
        keys: &[Key],
        tables: &mut BTreeSet<String>,
    ) -> Result<(), Both> {
        if !is_name(name) {
            return Err(both!(
                "\"{name}\" is no name for a table: lower-case letters, digits and _ only",
                "\"{name}\" 不能作表名：只能用小写字母、数字与 _"
            ));
        }
        if !tables.insert(path.into()) {
            return Err(both!("there is a table [{path}] already", "已有表 [{path}]"));
        }
        if let Some(key) = keys.iter().find(|key| !is_name(key.name)) {
            return Err(both!(
                "[{path}]: \"{key}\" is no name for a key: lower-case letters, digits and _ only",
                "[{path}]：\"{key}\" 不能作键名：只能用小写字母、数字与 _";
                key = key.name, path = path
            ));
        }
        let is_known = |unit: &str| {
            let own = units::chinese(unit, self.units.iter());
            unit.is_empty() || own.or(units::chinese(unit, units::list().standard().iter())).is_some()
        };
        match keys.iter().find(|key| !is_known(key.unit)) {
            Some(Key { unit, .. }) => Err(both!(
                "[{path}]: the unit \"{unit}\" has no Chinese: give it by `with_unit`",
                "[{path}]：单位 \"{unit}\" 没有中文：请用 `with_unit` 给出"
            )),
            None => Ok(()),
        }
    }
}

/// Tables of scenario files that belong to no institution.
const TAKEN: [&str; 7] = ["seed", "report", "population", "residents", "theory", "modes", "change"];

/// True if `word` can be written in a file without quotes, and stands for a field.
fn is_name(word: &str) -> bool {
    word.starts_with(|c: char| c.is_ascii_lowercase())
        && word.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
}

/// Refuses neutral and demonstration settings that are no settings of the institution.
fn check_settings(institution: &Institution, keys: &[Key]) -> Result<(), Both> {
    let name = institution.name;
    if institution.neutral.is_empty() {
        return Err(both!(
            "[{name}] does not say with which settings it is as good as absent",
            "[{name}] 未说明在何种设置下等同于不存在"
        ));
    }
    for (key, value) in institution.neutral.iter().chain(institution.demonstration) {
        let Some(known) = keys.iter().find(|known| known.name == *key) else {
            return Err(both!(
                "[{name}] has no key {key}; it has {keys}", "[{name}] 没有键 {key}；可用的有 {keys}";
                keys = listed(keys.iter().map(|key| key.name)), name = name, key = key
            ));
        };
        let fits = format!("value = {value}")
            .parse::<Table>()
            .is_ok_and(|table| table.get("value").is_some_and(|v| v.same_type(&known.default)));
        if !fits {
            let default = known.default.to_string();
            return Err(both!(
                "[{name}] {key} = {value} is not of the type of its default, {default}",
                "[{name}] {key} = {value} 与默认值 {default} 类型不同"
            ));
        }
    }
    Ok(())
}

fn unlike(path: &str, error: &toml::de::Error) -> Both {
    let detail = error.message().to_string();
    both!("[{path}]: its keys do not make its settings: {detail}", "[{path}]：其键与设置类型不符：{detail}")
}

/// What was added to the standard set, as kind and name.
pub fn additions() -> Vec<String> {
    let institutions = custom::all().iter().map(|custom| format!("institution {}", custom.institution.name));
    let theories = added(theory::list().standard().len(), theory::all()).map(|name| format!("theory {name}"));
    let rules = added(trust::list().standard().len(), trust::all()).map(|name| format!("rule {name}"));
    institutions.chain(theories).chain(rules).collect()
}

fn added<T: ?Sized>(standard: usize, all: &[&'static Registered<T>]) -> impl Iterator<Item = &'static str> {
    all[standard..].iter().map(|entry| entry.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::params::{settings, text};
    use crate::institution::Family;
    use crate::institution::cost::Costs;

    /// A table.
    #[settings]
    struct Table {
        /// A number.
        #[param(real = 0.0, range = 0.0..=1.0, unit = "hours", zh = "数。", choice)]
        number: f64,
        /// A number.
        #[param(real = 0.0, range = 0.0..=1.0, unit = "furlongs", zh = "数。", choice)]
        far: f64,
    }

    /// Declares an institution that differs from a right one in one thing.
    macro_rules! institution {
        ($name:ident, $table:expr, $neutral:expr) => {
            struct $name;
            impl CustomInstitution for $name {
                type Settings = Table;
                type Local = ();
                type Citywide = ();
                const INSTITUTION: Institution = Institution {
                    name: $table,
                    family: Family::PublicServices,
                    summary: text("A.", "甲。"),
                    rows: &[],
                    equations: &[],
                    neutral: $neutral,
                    demonstration: &[],
                    acts: &[],
                    costs: Costs::Free("it is a test"),
                };
            }
        };
    }

    institution!(Right, "garden", &[("number", "0.0")]);
    institution!(Taken, "council", &[("number", "0.0")]);
    institution!(NoName, "Garden", &[("number", "0.0")]);
    institution!(NoKey, "garden", &[("nmber", "0.0")]);
    institution!(NoNumber, "garden", &[("number", "\"none\"")]);
    institution!(NoNeutral, "garden", &[]);

    fn told<I: CustomInstitution>() -> String {
        let registry = Registry::standard().with_institution::<I>().with_unit("furlongs", "浪");
        registry.check().map_or_else(|reason| reason.en, |()| "right".into())
    }

    #[test]
    fn what_contradicts_itself_or_the_standard_set_is_refused() {
        assert_eq!(told::<Right>(), "right");
        assert_eq!(told::<Taken>(), "there is a table [council] already");
        assert!(told::<NoName>().contains("is no name for a table"));
        assert_eq!(told::<NoKey>(), "[garden] has no key nmber; it has number, far");
        assert!(told::<NoNumber>().contains("not of the type of its default"));
        assert!(told::<NoNeutral>().contains("as good as absent"));
        let twice = Registry::standard().with_institution::<Right>().with_institution::<Right>();
        let twice = twice.with_unit("furlongs", "浪").check();
        assert_eq!(twice.unwrap_err().en, "there is a table [garden] already");
        let strange = Registry::standard().with_institution::<Right>().check();
        assert!(strange.unwrap_err().en.contains("\"furlongs\" has no Chinese"));
    }
}
