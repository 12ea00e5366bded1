//! The columns of a table of communities, and by which headings people know them.

use crate::base::problem::nearest;

/// What a column says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Part {
    /// The key itself.
    Whole,
    /// One of several shares, by its place.
    Of(usize),
    /// What is left to 1.
    Rest,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// The key of a row that it fills.
    pub key: &'static str,
    /// Which part of it.
    pub part: Part,
    /// Its heading in English.
    pub heading: &'static str,
    /// Its heading in Chinese.
    pub zh: &'static str,
    /// By what else it is known.
    pub also: &'static [&'static str],
}

const fn whole(key: &'static str, zh: &'static str, also: &'static [&'static str]) -> Column {
    Column { key, part: Part::Whole, heading: key, zh, also }
}

const fn part(
    key: &'static str,
    at: usize,
    heading: &'static str,
    zh: &'static str,
    also: &'static [&'static str],
) -> Column {
    Column { key, part: Part::Of(at), heading, zh, also }
}

const fn rest(
    key: &'static str,
    heading: &'static str,
    zh: &'static str,
    also: &'static [&'static str],
) -> Column {
    Column { key, part: Part::Rest, heading, zh, also }
}

/// Every column, in the order in which a template shows them.
pub const COLUMNS: &[Column] = &[
    whole("name", "社区", &["community", "社区名称", "社区名", "名称", "村社区", "社区村", "neighbourhood"]),
    whole("kind", "类型", &["type", "社区类型", "小区类型", "kindofneighbourhood"]),
    whole("street", "街道", &["街道名称", "所属街道", "街道乡镇", "镇街", "乡镇", "subdistrict"]),
    whole("district", "区县", &["区", "所属区", "区市县", "行政区", "county"]),
    whole(
        "adults",
        "成年居民",
        &["成年人口", "成年居民数", "成年人数", "成人", "18+人口", "18+人数", "adultresidents"],
    ),
    part("age", 0, "18-29", "18-29岁", &[]),
    part("age", 1, "30-44", "30-44岁", &[]),
    part("age", 2, "45-59", "45-59岁", &[]),
    part("age", 3, "60-69", "60-69岁", &[]),
    part("age", 4, "70+", "70岁以上", &[]),
    part("education", 0, "primary", "小学及以下", &["primaryorless", "小学", "初小"]),
    part("education", 1, "junior", "初中", &["juniorsecondary", "初中学历"]),
    part("education", 2, "senior", "高中", &["seniorsecondary", "高中学历", "高中中专"]),
    part("education", 3, "university", "大专及以上", &["大专+", "大学", "大学+", "本科+", "大专本科+"]),
    whole("owners", "自有住房", &["ownershare", "owner", "自有住房比例", "自有", "产权户"]),
    rest("owners", "renters", "租住", &["renter", "租房", "租户", "出租"]),
    whole(
        "migrants",
        "非本地户籍",
        &["migrant", "migrantshare", "外来人口", "流动人口", "非户籍", "非户籍人口", "外地户籍"],
    ),
    rest(
        "migrants",
        "local",
        "本地户籍",
        &["locals", "hukou", "户籍", "户籍人口", "本地户籍人口", "localhukou"],
    ),
    whole("party", "党员", &["partymembers", "members", "党员比例", "党员数", "中共党员"]),
    whole("work_unit", "单位职工", &["danwei", "单位家庭", "单位职工家庭", "本单位"]),
    whole("household", "户均人口", &["householdsize", "户均人数", "householdmean", "每户人口"]),
    whole("staff", "工作人员", &["社区工作人员", "工作人员数", "社工", "社工数", "两委", "committeestaff"]),
    whole("fund", "专项资金", &["资金", "经费", "专项经费", "公服资金", "保障资金", "grant", "budget"]),
    whole("managed", "物业管理", &["物业", "有无物业", "property", "物业覆盖率", "propertymanagement"]),
    whole("fee", "物业费", &["propertyfee", "物管费"]),
    whole("stations", "服务站", &["servicestations", "服务站数", "站点", "党群服务站"]),
    whole("services", "服务水平", &["servicelevel", "服务满意度", "公共服务水平"]),
    whole("longitude", "经度", &["lon", "lng", "long", "x"]),
    whole("latitude", "纬度", &["lat", "y"]),
    whole("outline", "边界", &["border", "社区边界"]),
];

/// What a heading says beside the name of the column.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Nothing.
    Unsaid,
    /// The numbers are in per cent.
    Percent,
    /// The numbers are residents.
    People,
    /// The numbers are ten thousands of yuan.
    TenThousand,
}

/// How a heading is compared: small letters, no blanks and marks, ranges with one hyphen; and the scale it
/// gives.
pub fn plain(heading: &str) -> (String, Scale) {
    let narrow = |c: char| match c {
        '（' => '(',
        '）' => ')',
        '％' => '%',
        '＋' => '+',
        '–' | '—' | '－' | '~' | '～' | '至' | '−' => '-',
        '０'..='９' => char::from(b'0' + (c as u32 - '０' as u32) as u8),
        other => other,
    };
    let text: String = heading.trim().to_lowercase().chars().map(narrow).collect();
    let (mut text, mut scale) = (text, Scale::Unsaid);
    let endings = [
        ("(%)", Scale::Percent),
        ("%", Scale::Percent),
        ("(per cent)", Scale::Percent),
        ("per cent", Scale::Percent),
        ("percent", Scale::Percent),
        ("百分比", Scale::Percent),
        ("(万元)", Scale::TenThousand),
        ("(人)", Scale::People),
        ("人数", Scale::People),
        ("(元)", Scale::Unsaid),
        ("(元/年)", Scale::Unsaid),
        ("(元/户·月)", Scale::Unsaid),
        ("(元/户/月)", Scale::Unsaid),
        ("(名)", Scale::Unsaid),
        ("(个)", Scale::Unsaid),
        ("(yuan)", Scale::Unsaid),
        ("share", Scale::Unsaid),
        ("占比", Scale::Unsaid),
        ("比例", Scale::Unsaid),
    ];
    while let Some((ending, says)) = endings.iter().find(|(ending, _)| text.ends_with(ending)) {
        let rest = text.len() - ending.len();
        if text[..rest].trim().is_empty() {
            break;
        }
        text.truncate(rest);
        text = text.trim_end().to_string();
        scale = if scale == Scale::Unsaid { *says } else { scale };
    }
    let mut text: String = text.chars().filter(|c| !" _.·、/()\t\u{3000}\u{a0}".contains(*c)).collect();
    for (long, short) in [("及以上", "+"), ("以上", "+"), ("岁", ""), ("andover", "+"), ("years", "")] {
        text = text.replace(long, short);
    }
    for before in ["aged", "age", "年龄"] {
        if let Some(band) =
            text.strip_prefix(before).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        {
            text = band.to_string();
        }
    }
    (text, scale)
}

impl Column {
    /// All headings by which it is known.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        [self.heading, self.zh].into_iter().chain(self.also.iter().copied())
    }

    /// True of the heading that [`plain`] left.
    fn is(&self, plain_heading: &str) -> bool {
        self.names().any(|name| plain(name).0 == plain_heading)
    }
}

/// The column with this heading, and the scale of its numbers.
pub fn find(heading: &str) -> Option<(usize, Scale)> {
    let (name, scale) = plain(heading);
    COLUMNS.iter().position(|column| column.is(&name)).map(|at| (at, scale))
}

/// The heading that was perhaps meant.
pub fn guess(heading: &str) -> Option<&'static str> {
    let (name, _) = plain(heading);
    let all = COLUMNS.iter().flat_map(Column::names);
    // Two characters of Chinese differ in a half where one differs.
    nearest(&name, all.filter(|_| name.chars().count() > 2))
}

/// True if a heading names ages, of whatever bands.
pub fn is_of_ages(heading: &str) -> bool {
    let (name, _) = plain(heading);
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    match name.split_once('-') {
        Some((low, high)) => digits(low) && digits(high),
        None => name.strip_suffix('+').is_some_and(digits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::city::table;

    #[test]
    fn every_column_fills_a_key_and_every_key_has_a_column() {
        let keys: Vec<&str> = table::keys().iter().map(|key| key.name).collect();
        assert!(COLUMNS.iter().all(|column| keys.contains(&column.key)));
        assert!(keys.iter().all(|key| COLUMNS.iter().any(|column| column.key == *key)));
    }

    #[test]
    fn every_heading_finds_its_own_column_and_no_other() {
        for (at, column) in COLUMNS.iter().enumerate() {
            for heading in column.names() {
                let name = plain(heading).0;
                let found: Vec<usize> =
                    (0..COLUMNS.len()).filter(|&other| COLUMNS[other].is(&name)).collect();
                assert_eq!(found, [at], "{heading}");
            }
        }
    }

    #[test]
    fn headings_are_known_however_they_are_written() {
        let key = |heading: &str| find(heading).map(|(at, scale)| (COLUMNS[at].heading, scale));
        for (heading, name, scale) in [
            (" Name ", "name", Scale::Unsaid),
            ("社区名称", "name", Scale::Unsaid),
            ("18～29岁（%）", "18-29", Scale::Percent),
            ("Age 18–29", "18-29", Scale::Unsaid),
            ("70岁及以上占比", "70+", Scale::Unsaid),
            ("70+ (%)", "70+", Scale::Percent),
            ("专项资金（万元）", "fund", Scale::TenThousand),
            ("党员人数", "party", Scale::People),
            ("Party members", "party", Scale::Unsaid),
            ("大专及以上", "university", Scale::Unsaid),
            ("work unit", "work_unit", Scale::Unsaid),
            ("Household size", "household", Scale::Unsaid),
        ] {
            assert_eq!(key(heading), Some((name, scale)), "{heading}");
        }
        assert_eq!(key("remarks"), None);
        assert_eq!(guess("migrnts"), Some("migrants"));
        assert!(is_of_ages("15-59岁") && is_of_ages("65+") && !is_of_ages("name"));
    }
}
