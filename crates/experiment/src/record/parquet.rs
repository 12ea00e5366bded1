//! Parquet, by the low-level writer: the arrow crates would double the time to build.

use std::io::{self, Write};
use std::sync::Arc;

use crate::record::package;
use crate::record::table::{Cell, Column, Kind, Table};
use ::parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use ::parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int64Type};
use ::parquet::errors::ParquetError;
use ::parquet::file::metadata::KeyValue;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::types::Type;

/// Rows that are held in memory before they are written as one row group.
const GROUP: usize = 1 << 16;

/// Under which key the file says what its columns mean, as `datapackage.json` does.
const FIELDS: &str = "datapackage.fields";

/// The values of one column of a row group.
enum Values {
    Whole(Vec<i64>),
    /// Present values, and a 1 or 0 for every row: present or missing.
    Real(Vec<f64>, Vec<i16>),
    /// The same of flags.
    Flag(Vec<bool>, Vec<i16>),
    /// The same of texts.
    Text(Vec<ByteArray>, Vec<i16>),
}

/// Writes `table` as Parquet.
pub fn write(table: &Table, to: &mut (dyn Write + Send)) -> io::Result<()> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("shequ ", env!("CARGO_PKG_VERSION")).into())
        .set_key_value_metadata(Some(vec![KeyValue::new(FIELDS.into(), package::fields(table)?)]))
        .build();
    let mut file =
        SerializedFileWriter::new(to, schema(table).map_err(plain)?, Arc::new(properties)).map_err(plain)?;
    let mut held = empty(&table.columns);
    let mut rows = 0;
    (table.rows)(&mut |row| {
        row.iter().zip(&mut held).for_each(|(cell, values)| push(values, *cell));
        rows += 1;
        if rows == GROUP {
            let mut group = file.next_row_group().map_err(plain)?;
            write_group(&mut group, &held).map_err(plain)?;
            group.close().map_err(plain)?;
            (held, rows) = (empty(&table.columns), 0);
        }
        Ok(())
    })?;
    if rows > 0 {
        let mut group = file.next_row_group().map_err(plain)?;
        write_group(&mut group, &held).map_err(plain)?;
        group.close().map_err(plain)?;
    }
    file.close().map_err(plain).map(drop)
}

fn schema(table: &Table) -> Result<Arc<Type>, ParquetError> {
    let column = |column: &Column| {
        let (physical, repetition) = match column.kind {
            Kind::Whole => (Physical::INT64, Repetition::REQUIRED),
            Kind::Real => (Physical::DOUBLE, Repetition::OPTIONAL),
            Kind::Flag => (Physical::BOOLEAN, Repetition::OPTIONAL),
            Kind::Text => (Physical::BYTE_ARRAY, Repetition::OPTIONAL),
        };
        let mut builder = Type::primitive_type_builder(&column.name, physical).with_repetition(repetition);
        if column.kind == Kind::Text {
            builder =
                builder.with_logical_type(Some(LogicalType::String)).with_converted_type(ConvertedType::UTF8);
        }
        builder.build().map(Arc::new)
    };
    let fields = table.columns.iter().map(column).collect::<Result<_, _>>()?;
    Type::group_type_builder(table.name).with_fields(fields).build().map(Arc::new)
}

fn empty(columns: &[Column]) -> Vec<Values> {
    let values = |column: &Column| match column.kind {
        Kind::Whole => Values::Whole(Vec::new()),
        Kind::Real => Values::Real(Vec::new(), Vec::new()),
        Kind::Flag => Values::Flag(Vec::new(), Vec::new()),
        Kind::Text => Values::Text(Vec::new(), Vec::new()),
    };
    columns.iter().map(values).collect()
}

fn push(values: &mut Values, cell: Cell) {
    match (values, cell) {
        (Values::Whole(all), Cell::Whole(number)) => all.push(number),
        (Values::Real(all, present), Cell::Real(number)) => {
            present.push(i16::from(!number.is_nan()));
            if !number.is_nan() {
                all.push(number + 0.0);
            }
        }
        (Values::Flag(all, present), Cell::Flag(flag)) => {
            present.push(i16::from(flag.is_some()));
            all.extend(flag);
        }
        (Values::Text(all, present), Cell::Text(text)) => {
            present.push(i16::from(!text.is_empty()));
            if !text.is_empty() {
                all.push(text.into());
            }
        }
        (_, cell) => debug_assert!(false, "{cell:?} in a column of another kind"),
    }
}

fn write_group(
    group: &mut SerializedRowGroupWriter<&mut (dyn Write + Send)>,
    columns: &[Values],
) -> Result<(), ParquetError> {
    for values in columns {
        let Some(mut column) = group.next_column()? else { break };
        match values {
            Values::Whole(all) => column.typed::<Int64Type>().write_batch(all, None, None)?,
            Values::Real(all, present) => {
                column.typed::<DoubleType>().write_batch(all, Some(present), None)?
            }
            Values::Flag(all, present) => column.typed::<BoolType>().write_batch(all, Some(present), None)?,
            Values::Text(all, present) => {
                column.typed::<ByteArrayType>().write_batch(all, Some(present), None)?
            }
        };
        column.close()?;
    }
    Ok(())
}

/// Gives back the disk's own error where there is one, so that "disk full" is said as such.
fn plain(error: ParquetError) -> io::Error {
    match error {
        ParquetError::External(cause) => match cause.downcast::<io::Error>() {
            Ok(error) => *error,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}
