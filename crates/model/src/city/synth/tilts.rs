//! How groups differ: odds multipliers, all assumed.
//!
//! They only order the groups (villages own their homes, commodity estates hold more migrants, the old
//! have less schooling, members of the party more); the city's shares come from `[population]`, since
//! `tables` shifts all odds until those are met. A city asked to be all of one kind has its shares too.
//!
//! Kinds: commodity, courtyard, danwei, resettlement, village. Ages: the five `AGE_BANDS`.
//! Homes: of one person, of two, of more.

/// Age by kind of community.
pub const AGE_BY_KIND: [[f64; 5]; 5] = [
    [1.4, 1.5, 1.0, 0.6, 0.5],
    [0.8, 0.8, 1.0, 1.4, 1.7],
    [0.7, 0.8, 1.0, 1.5, 1.8],
    [1.0, 1.0, 1.0, 1.0, 1.0],
    [0.6, 0.7, 1.1, 1.5, 1.5],
];

/// Age by size of home: the young and the old live alone, parents with their children.
pub const AGE_BY_HOME: [[f64; 5]; 3] =
    [[1.4, 0.8, 0.8, 1.0, 2.0], [1.0, 0.6, 1.1, 1.8, 1.4], [0.8, 1.6, 1.0, 0.7, 0.5]];

/// Owning the home, by kind.
pub const OWNER_BY_KIND: [f64; 5] = [0.8, 0.5, 1.5, 2.0, 6.0];
/// Owning the home, by size of home.
pub const OWNER_BY_HOME: [f64; 3] = [0.6, 1.0, 1.4];
/// Owning the home, by age of the first adult.
pub const OWNER_BY_AGE: [f64; 5] = [0.3, 0.8, 1.3, 1.8, 1.8];

/// Local hukou, by kind.
pub const LOCAL_BY_KIND: [f64; 5] = [0.5, 1.0, 2.0, 2.0, 4.0];
/// Local hukou, by tenure: renter, owner.
pub const LOCAL_BY_OWNER: [f64; 2] = [0.4, 2.5];
/// Local hukou, by age of the first adult.
pub const LOCAL_BY_AGE: [f64; 5] = [0.5, 0.7, 1.2, 2.0, 2.5];

/// Belonging to the work unit of the compound, by tenure: renter, owner.
pub const DANWEI_BY_OWNER: [f64; 2] = [0.4, 2.0];
/// Belonging to the work unit of the compound, by hukou: migrant, local.
pub const DANWEI_BY_LOCAL: [f64; 2] = [0.3, 1.5];

/// Being a man, by age: women live longer.
pub const MALE_BY_AGE: [f64; 5] = [1.02, 1.02, 1.0, 0.97, 0.88];

/// More education, by kind.
pub const EDUCATION_BY_KIND: [f64; 5] = [1.8, 0.8, 1.5, 0.6, 0.35];
/// More education, by age.
pub const EDUCATION_BY_AGE: [f64; 5] = [5.0, 2.5, 0.8, 0.35, 0.2];

/// Party membership, by kind.
pub const PARTY_BY_KIND: [f64; 5] = [1.0, 0.9, 2.0, 0.8, 0.7];
/// Party membership, by age.
pub const PARTY_BY_AGE: [f64; 5] = [0.5, 0.8, 1.2, 1.8, 1.8];
/// Party membership, by education.
pub const PARTY_BY_EDUCATION: [f64; 4] = [0.4, 0.7, 1.2, 2.5];

/// More income, by age.
pub const INCOME_BY_AGE: [f64; 5] = [0.9, 1.6, 1.3, 0.6, 0.5];
/// More income, by education.
pub const INCOME_BY_EDUCATION: [f64; 4] = [0.4, 0.7, 1.2, 3.0];

/// Need for each domain, by age. Domains: safety, family, civil affairs, disability, labour, health,
/// education, culture, environment, sport.
pub const NEED_BY_AGE: [[f64; 10]; 5] = [
    [2.0, 1.5, 0.5, 0.3, 3.0, 0.8, 1.0, 1.5, 1.2, 2.0],
    [2.0, 2.0, 0.5, 0.4, 1.8, 1.5, 3.5, 0.8, 1.5, 1.0],
    [1.5, 1.0, 0.8, 0.8, 2.5, 2.0, 1.2, 1.0, 1.8, 1.0],
    [1.2, 0.8, 1.5, 1.2, 1.0, 3.0, 0.5, 2.0, 1.8, 1.5],
    [1.0, 0.5, 2.5, 2.0, 0.5, 4.0, 0.2, 1.5, 1.5, 0.8],
];
/// Need for the environment domain, by kind: courtyards and villages lack upkeep and sewers.
pub const ENVIRONMENT_BY_KIND: [f64; 5] = [1.0, 2.0, 1.2, 1.3, 2.0];
/// Need for labour and social security of migrants, as a multiple of that of locals.
pub const LABOUR_OF_MIGRANTS: f64 = 2.0;
