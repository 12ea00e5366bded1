//! Reading back the monthly table of a results folder, from either form.

use std::io;
use std::path::Path;

use crate::record::disk;
use crate::record::manifest::Manifest;
use crate::record::table::Form;
use ::parquet::file::reader::{FileReader, SerializedFileReader};
use ::parquet::record::Field;
use shequ_model::base::i18n::both;
use shequ_model::base::month::Month;
use shequ_model::base::params::{Text, text};
use shequ_model::simulation::ReplicateOutput;

const HEAD: Text =
    text("a row does not begin with replicate, month and date", "有一行不以 replicate、month 和 date 开头");
const REPLICATE: Text = text("a replicate is not a number", "有一个重复编号不是数");
const DATE: Text = text("a date is not a month", "有一个日期不是月份");
const VALUE: Text = text("a value is not a number", "有一个值不是数");

/// What `monthly.csv` or `monthly.parquet` holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Monthly {
    /// First month.
    pub start: Month,
    /// Months simulated.
    pub months: u32,
    /// Names of the metrics, in the order of [`ReplicateOutput::monthly`].
    pub names: Vec<String>,
    /// The replicates, without their rows for communities and groups.
    pub outputs: Vec<ReplicateOutput>,
}

/// Reads the monthly table of `folder` in the form that its manifest names: the CSV if it has both.
///
/// # Errors
/// An I/O error if it cannot be read, or what is wrong with the table.
pub fn monthly(folder: &Path, manifest: &Manifest) -> io::Result<Monthly> {
    let path = |form: Form| folder.join(format!("monthly.{}", form.ending()));
    match manifest.form_of("monthly") {
        Some(Form::Csv) => from_csv(&path(Form::Csv)),
        _ => from_parquet(&path(Form::Parquet)),
    }
}

/// Reads `monthly.csv`.
///
/// # Errors
/// As [`monthly`].
pub fn from_csv(path: &Path) -> io::Result<Monthly> {
    let mut csv = csv::Reader::from_reader(disk::read(path)?);
    let mut rows = Rows::new(csv.headers()?.iter().map(String::from).collect())?;
    let mut record = csv::StringRecord::new();
    while csv.read_record(&mut record)? {
        let mut cells = record.iter();
        let mut next = || cells.next().ok_or(text("a row is too short", "有一行过短"));
        let row = (|| {
            let replicate = next()?.parse().map_err(|_| REPLICATE)?;
            next()?;
            let date = next()?.parse().map_err(|()| DATE)?;
            Ok((replicate, date))
        })();
        let values = record.iter().skip(3).map(|cell| match cell {
            "" => Ok(f64::NAN),
            number => number.parse().map_err(|_| VALUE),
        });
        rows.push(row, values)?;
    }
    rows.finish()
}

/// Reads `monthly.parquet`.
///
/// # Errors
/// As [`monthly`].
pub fn from_parquet(path: &Path) -> io::Result<Monthly> {
    let file = SerializedFileReader::new(disk::read(path)?).map_err(io::Error::other)?;
    let schema = file.metadata().file_metadata().schema();
    let mut rows = Rows::new(schema.get_fields().iter().map(|f| f.name().into()).collect())?;
    for row in file.get_row_iter(None).map_err(io::Error::other)? {
        let row = row.map_err(io::Error::other)?;
        let cells: Vec<&Field> = row.get_column_iter().map(|(_, cell)| cell).collect();
        let head = match cells[..] {
            [Field::Long(replicate), _, Field::Str(date), ..] => match u32::try_from(*replicate) {
                Ok(replicate) => date.parse().map(|date| (replicate, date)).map_err(|()| DATE),
                Err(_) => Err(REPLICATE),
            },
            _ => Err(HEAD),
        };
        let values = cells.iter().skip(3).map(|cell| match cell {
            Field::Double(number) => Ok(*number),
            Field::Null => Ok(f64::NAN),
            _ => Err(VALUE),
        });
        rows.push(head, values)?;
    }
    rows.finish()
}

/// Gathers rows into replicates.
struct Rows {
    names: Vec<String>,
    start: Option<Month>,
    outputs: Vec<ReplicateOutput>,
}

impl Rows {
    fn new(columns: Vec<String>) -> io::Result<Rows> {
        match columns.split_at_checked(3) {
            Some((head, names)) if head == ["replicate", "month", "date"] => {
                Ok(Rows { names: names.to_vec(), start: None, outputs: Vec::new() })
            }
            _ => Err(invalid(text(
                "its columns are not replicate, month, date, and metrics",
                "其各列不是 replicate、month、date 和各指标",
            ))),
        }
    }

    fn push(
        &mut self,
        head: Result<(u32, Month), Text>,
        values: impl Iterator<Item = Result<f64, Text>>,
    ) -> io::Result<()> {
        let (replicate, date) = head.map_err(invalid)?;
        let start = *self.start.get_or_insert(date);
        if self.outputs.last().is_none_or(|output| output.replicate != replicate) {
            self.outputs.push(ReplicateOutput::new(replicate));
        }
        let Some(output) = self.outputs.last_mut() else { return Ok(()) };
        let month = output.monthly.len() / self.names.len().max(1);
        if u32::try_from(month).is_err() || date.since(start) != month as i32 {
            return Err(invalid(text("its months do not follow one another", "各月份不连续")));
        }
        values.into_iter().try_for_each(|value| value.map(|v| output.monthly.push(v))).map_err(invalid)
    }

    fn finish(self) -> io::Result<Monthly> {
        let (Some(start), Some(first)) = (self.start, self.outputs.first()) else {
            return Err(invalid(text("it has no rows", "其中没有数据行")));
        };
        let (values, width) = (first.monthly.len(), self.names.len());
        if width == 0 || values % width != 0 || self.outputs.iter().any(|l| l.monthly.len() != values) {
            return Err(invalid(text("its replicates are not of equal length", "各次重复的长度不等")));
        }
        Ok(Monthly { start, months: (values / width) as u32, names: self.names, outputs: self.outputs })
    }
}

fn invalid(what: Text) -> io::Error {
    let words = both!("the monthly table cannot be read: {what}", "无法读取逐月表：{what}"; what = what);
    io::Error::new(io::ErrorKind::InvalidData, words)
}
