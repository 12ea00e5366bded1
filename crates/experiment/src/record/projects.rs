//! What the special funds spent on each domain of services, beside how much residents need it.

use crate::record::table::{Cell, Column, Table, Take};
use shequ_model::base::stats::estimate;
use shequ_model::city::DOMAIN_NAMES;

use shequ_model::simulation::{ProjectRow, ReplicateOutput};

/// `projects.csv`: one row for each domain, over the replicates in which anything was spent; none if nothing ever was.
pub fn table(outputs: &[ReplicateOutput]) -> Option<Table<'_>> {
    let outputs: Vec<&[ProjectRow]> =
        outputs.iter().map(|output| &output.projects[..]).filter(|rows| !rows.is_empty()).collect();
    if outputs.is_empty() {
        return None;
    }
    let mut columns = vec![Column::text("domain")];
    for of in ["spent", "share", "needs", "gap"] {
        columns.extend(["", "_low", "_high"].map(|end| Column::real(&format!("{of}{end}"))));
    }
    columns.push(Column::whole("n"));
    let rows = move |take: &mut Take| {
        for (domain, name) in DOMAIN_NAMES.iter().enumerate() {
            let over = |of: &dyn Fn(&[ProjectRow]) -> f64| estimate(outputs.iter().map(|output| of(output)));
            let estimates = [
                over(&|output| output[domain].spent),
                over(&|output| share(output, domain)),
                over(&|output| output[domain].needs),
                over(&|output| share(output, domain) - output[domain].needs),
            ];
            let mut cells = vec![Cell::Text(name.en)];
            for e in estimates {
                cells.extend(Cell::with_ends(&e));
            }
            cells.push(Cell::Whole(estimates[0].n as i64));
            take(&cells)?;
        }
        Ok(())
    };
    Some(Table { name: "projects", columns, rows: Box::new(rows) })
}

/// What a domain has of all spending of a replicate.
fn share(output: &[ProjectRow], domain: usize) -> f64 {
    output[domain].spent / output.iter().map(|row| row.spent).sum::<f64>()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::table::Form;
    use shequ_model::city::DOMAINS;

    #[test]
    fn projects_by_hand() {
        // All on the first domain in one replicate, half on the second in the other, nothing in a third.
        let output = |spent: [f64; 2]| {
            let mut projects = vec![ProjectRow { spent: 0.0, needs: 1.0 / DOMAINS as f64 }; DOMAINS];
            (projects[0].spent, projects[1].spent) = (spent[0], spent[1]);
            ReplicateOutput { projects, ..ReplicateOutput::default() }
        };
        let outputs = [output([8.0, 0.0]), output([2.0, 2.0]), ReplicateOutput::default()];
        let mut csv = Vec::new();
        table(&outputs).unwrap().write(Form::Csv, &mut csv).unwrap();
        let csv = String::from_utf8(csv).unwrap();
        let row = |n: usize| csv.lines().nth(n).unwrap().split(',').collect::<Vec<&str>>();
        assert_eq!((csv.lines().count(), row(0)[1], row(0)[4]), (1 + DOMAINS, "spent", "share"));
        assert_eq!((row(1)[1], row(1)[4], row(1)[13]), ("5.0", "0.75", "2"));
        assert_eq!((row(2)[1], row(2)[4], row(3)[4]), ("1.0", "0.25", "0.0"));
        assert!(table(&outputs[2..]).is_none());
    }
}
