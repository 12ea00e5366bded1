//! What a cluster asks of every job: a small file that a group writes once.

use std::path::Path;

use super::scripts::quoted;
use super::slurm;
use shequ_model::base::i18n::both;
use shequ_model::base::params::{Key, Section, text};
use shequ_model::base::problem::{Problem, Problems};
use shequ_model::scenario::document::Entry;
use shequ_model::scenario::file;
use shequ_model::scenario::index::Index;
use shequ_model::scenario::reader::Reader;

/// Most tasks of an array, as Slurm has it unless a cluster says otherwise.
const MOST: u32 = 1000;

/// What the file says.
#[derive(Debug, Default)]
pub struct Site {
    /// Options of every job, as they stand after `#SBATCH`.
    options: Vec<String>,
    /// Modules that the program needs.
    modules: Vec<String>,
    /// Most tasks of an array; none where Slurm is asked.
    tasks: Option<u32>,
}

fn sections() -> Vec<Section> {
    vec![Section {
        path: "",
        meaning: text("What a cluster asks of every job.", "集群对每个作业的要求。"),
        keys: vec![
            Key::text("account", "").means("Account that pays for the jobs.", "支付作业费用的账户。"),
            Key::text("partition", "").means("Partition in which they run.", "作业运行的分区。"),
            Key::text("modules", "").means(
                "Modules to load before the program, with spaces between.",
                "运行程序前加载的模块,以空格分隔。",
            ),
            Key::text("sbatch", "")
                .means("Further options of sbatch, with spaces between.", "sbatch 的其他选项,以空格分隔。"),
            Key::count("tasks", 0, 0, 10_000_000).means(
                "Most tasks of an array; 0 = as the cluster says.",
                "作业数组的最多任务数;0 表示以集群的设置为准。",
            ),
        ],
    }]
}

impl Site {
    /// Reads the file at `path`.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(path: &Path) -> Result<Site, Problems> {
        let source = file::read(path, &path.display().to_string())?;
        let (index, mut problems) = (Index::new(sections()), Problems::default());
        let mut reader = Reader::new(&source, &index, &mut problems);
        let mut entries = Vec::new();
        if let Ok(table) = reader.parse() {
            reader.table("", &table, &[], &mut entries);
        }
        let mut site = Site::default();
        for entry in &entries {
            if let Err(problem) = site.take(entry) {
                problems.push(problem);
            }
        }
        if problems.is_empty() { Ok(site) } else { Err(problems) }
    }

    fn take(&mut self, entry: &Entry) -> Result<(), Problem> {
        let said = entry.value.as_str().unwrap_or_default();
        let words = || said.split_whitespace().map(String::from);
        match entry.path.as_str() {
            name @ ("account" | "partition") if !said.is_empty() => {
                if words().count() != 1 {
                    let message = both!("`{name}` must be one word", "`{name}` 应为一个词");
                    return Err(Problem::new(message).of(name).at(entry.place.clone()));
                }
                self.options.push(format!("--{name}={}", said.trim()));
            }
            "modules" => self.modules.extend(words()),
            "sbatch" => {
                if let Some(other) = words().find(|word| !word.starts_with('-')) {
                    let message = both!("`{other}` is no option of sbatch", "`{other}` 不是 sbatch 的选项");
                    let help =
                        both!("write options with =, such as --qos=long", "选项请用等号，如 --qos=long");
                    return Err(Problem::new(message).of("sbatch").at(entry.place.clone()).help(help));
                }
                self.options.extend(words());
            }
            "tasks" => {
                self.tasks = entry.value.as_integer().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
            }
            _ => {}
        }
        Ok(())
    }

    /// Its lines at the head of a script.
    pub fn head(&self) -> String {
        self.options.iter().map(|option| format!("#SBATCH {option}\n")).collect()
    }

    /// What a script does before the program.
    pub fn before(&self) -> String {
        match self.modules.is_empty() {
            true => String::new(),
            false => {
                let names: Vec<String> = self.modules.iter().map(|module| quoted(module)).collect();
                format!("module load {}\n", names.join(" "))
            }
        }
    }

    /// Most tasks of an array: as the file says, as the cluster says, or what Slurm has by itself.
    pub fn tasks(&self) -> u32 {
        self.tasks.or_else(slurm::most_tasks).unwrap_or(MOST)
    }
}
