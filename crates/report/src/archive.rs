//! Results as a deposit: a zip that holds the results folder, what it is (RO-Crate), how to cite it, and how to run it
//! again.
//!
//! The bytes depend on the results alone: names are sorted, and no file has a date.

use std::io::{self, Cursor, Read, Write};
use std::path::Path;

use serde_json::{Value, json};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use shequ_experiment::record::disk::Dir;
use shequ_experiment::record::manifest::{MANIFEST, Manifest};
use shequ_model::base::i18n::{Both, both};

/// What says what is in the deposit.
const METADATA: &str = "ro-crate-metadata.json";
const CITATION: &str = "CITATION.cff";
const LICENCE: &str = "LICENSE.txt";
const README: &str = "README.md";
const README_ZH: &str = "README.zh.md";
/// The results within the deposit.
const RESULTS: &str = "results";
/// What a program is in metadata.
const PROGRAM: &str = "#shequ";
/// Files from this size on need the longer form of a zip.
const LARGE: u64 = u32::MAX as u64;

/// What goes into a deposit beside the results.
#[derive(Clone, Copy, Debug)]
pub struct Deposit<'a> {
    /// Name of the folder within the zip.
    pub name: &'a str,
    /// What the results are.
    pub manifest: &'a Manifest,
    /// How the program is cited: the text of its `CITATION.cff`.
    pub citation: &'a str,
}

impl Deposit<'_> {
    /// The zip of the results in `folder`, which are as their manifest says.
    ///
    /// # Errors
    /// An I/O error if a file cannot be read.
    pub fn zip(&self, folder: &Path) -> io::Result<Vec<u8>> {
        let dir = Dir::open(folder)?;
        let files = self.files(&dir);
        let said = self.readme();
        let texts = [
            (CITATION, self.cited()),
            (LICENCE, licence()),
            (README, said.en),
            (README_ZH, said.zh),
            (METADATA, serde_json::to_string_pretty(&self.metadata(&files))? + "\n"),
        ];
        let mut all: Vec<(String, Option<String>)> =
            texts.map(|(name, text)| (name.to_string(), Some(text))).into();
        all.extend(files.into_iter().map(|name| (name, None)));
        all.sort();
        let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, text) in all {
            let bytes = match text {
                Some(text) => text.into_bytes(),
                None => read(&dir, name.strip_prefix(RESULTS).unwrap_or(&name).trim_start_matches('/'))?,
            };
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(DateTime::default())
                .unix_permissions(0o644)
                .large_file(bytes.len() as u64 >= LARGE);
            zip.start_file(format!("{}/{name}", self.name), options)?;
            zip.write_all(&bytes)?;
        }
        Ok(zip.finish()?.into_inner())
    }

    /// The files of the results by their path in the deposit. What is made anew may be missing.
    fn files(&self, dir: &Dir) -> Vec<String> {
        let listed = self.manifest.files.iter().map(|entry| entry.name.as_str());
        let there = listed.filter(|name| read_at(dir, name).is_ok());
        there.chain([MANIFEST]).map(|name| format!("{RESULTS}/{name}")).collect()
    }

    /// The citation of the very program that made the results.
    fn cited(&self) -> String {
        let program = &self.manifest.program;
        let version = |line: &str| match line.starts_with("version:") {
            true => format!("version: {}\n", program.version),
            false => format!("{line}\n"),
        };
        let mut text: String = self.citation.lines().map(version).collect();
        if is_known(&program.commit) {
            text += &format!("commit: {}\n", program.commit);
        }
        text
    }

    /// Those who wrote the program, as its citation names them.
    fn authors(&self) -> impl Iterator<Item = &str> {
        self.citation
            .lines()
            .filter_map(|line| line.strip_prefix("  - name: "))
            .map(|name| name.trim_matches('"'))
    }

    /// The version of the program with its commit.
    fn version(&self) -> String {
        format!("{} ({})", self.manifest.program.version, self.manifest.program.commit)
    }

    fn metadata(&self, files: &[String]) -> Value {
        let Manifest { scenario, started, ended, arguments, .. } = self.manifest;
        let by_id = |id: &str| json!({ "@id": id });
        let beside = [CITATION, LICENCE, README, README_ZH];
        let names: Vec<&str> = beside.into_iter().chain(files.iter().map(String::as_str)).collect();
        let authors: Vec<String> =
            self.authors().map(|name| format!("#{}", name.replace(' ', "-"))).collect();
        let is_input = |name: &&String| name.ends_with(".toml");
        let mut graph = vec![
            json!({
                "@id": METADATA, "@type": "CreativeWork", "about": by_id("./"),
                "conformsTo": by_id("https://w3id.org/ro/crate/1.1"),
            }),
            json!({
                "@id": "./", "@type": "Dataset", "name": scenario,
                "description": format!(
                    "Results of the agent-based simulator shequ, version {}: {scenario}. Tables, what they mean, and all \
                     that is needed to run it again.", self.version()
                ),
                "datePublished": ended, "license": by_id(LICENCE),
                "hasPart": names.iter().map(|name| by_id(name)).collect::<Vec<_>>(),
                "mentions": by_id("#run"),
            }),
            json!({
                "@id": "#run", "@type": "CreateAction", "name": format!("shequ {}", arguments.join(" ")),
                "instrument": by_id(PROGRAM), "startTime": started, "endTime": ended,
                "object": files.iter().filter(is_input).map(|name| by_id(name)).collect::<Vec<_>>(),
                "result": files.iter().filter(|name| !is_input(name)).map(|name| by_id(name)).collect::<Vec<_>>(),
            }),
            json!({
                "@id": PROGRAM, "@type": "SoftwareApplication", "name": "shequ", "version": self.version(),
                "url": "https://schema.org/SoftwareApplication", "license": ["MIT", "Apache-2.0"],
                "author": authors.iter().map(|id| by_id(id)).collect::<Vec<_>>(),
            }),
        ];
        let named = authors.iter().zip(self.authors());
        graph.extend(named.map(|(id, name)| json!({ "@id": id, "@type": "Organization", "name": name })));
        graph.extend(names.iter().map(|name| self.described(name)));
        json!({ "@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph })
    }

    /// A file as metadata has it.
    fn described(&self, name: &str) -> Value {
        let ending = name.rsplit('.').next().unwrap_or_default();
        let mut file =
            json!({ "@id": name, "@type": "File", "name": name, "encodingFormat": format_of(ending) });
        let own = name.strip_prefix("results/");
        let entry = own.and_then(|own| self.manifest.files.iter().find(|entry| entry.name == own));
        if let Some(entry) = entry {
            file["contentSize"] = entry.size.to_string().into();
            file["sha256"] = entry.sha256.clone().into();
        }
        file
    }

    /// What the deposit is and how to run it again.
    fn readme(&self) -> Both {
        let program = &self.manifest.program;
        // Results of earlier versions do not say these.
        let known = |text: &str| if text.is_empty() { "unknown".to_string() } else { text.to_string() };
        both!(
            "# {scenario}\n\nResults of the simulator shequ, version {version}, model version {model}.\n\n\
             `results/` is the folder as the program wrote it: tables, `datapackage.json`, which says what their \
             columns mean, the scenario in full, and `manifest.json` with a hash of every file. \
             `ro-crate-metadata.json` says the same of the whole to archives.\n\n\
             ## Run it again\n\n\
             Build shequ from the same sources: commit `{commit}`, hash of the sources `{sources}`, hash of `Cargo.lock` \
             `{lock}`, compiler `{compiler}`.\n\n\
             ```sh\ncargo install --locked --path .\nshequ reproduce results\n```\n\n\
             It runs everything again and says of each table whether every byte is the same.\n\n\
             ## Cite it\n\n`CITATION.cff` says how the program is cited. Say which licence the results have in \
             `LICENSE.txt`.\n",
            "# {scenario}\n\n模拟器 shequ 的结果，程序版本 {version}，模型版本 {model}。\n\n\
             `results/` 是程序写出的文件夹：表格、说明各列含义的 `datapackage.json`、完整的情景，\
             以及记有各文件哈希的 `manifest.json`。`ro-crate-metadata.json` 供档案系统读取。\n\n\
             ## 重新运行\n\n\
             用相同的源代码构建 shequ：提交 `{commit}`，源代码的哈希值 `{sources}`，\
             `Cargo.lock` 的哈希值 `{lock}`，构建工具 `{compiler}`。\n\n\
             ```sh\ncargo install --locked --path .\nshequ reproduce results\n```\n\n\
             它重新运行全部模拟，并逐字节比较各表。\n\n\
             ## 引用\n\n`CITATION.cff` 说明如何引用本程序。请在 `LICENSE.txt` 中注明结果的许可。\n";
            scenario = self.manifest.scenario.as_str(), version = program.version.as_str(),
            model = program.model.as_str(), commit = program.commit.as_str(),
            sources = program.sources.as_str(), lock = known(&program.lock), compiler = known(&program.compiler)
        )
    }
}

/// True of the commit of a tree without changes.
fn is_known(commit: &str) -> bool {
    !commit.is_empty() && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn licence() -> String {
    "The program shequ is licensed under MIT or Apache-2.0, at your choice.\n\
     The results in this deposit belong to those who made them; name their licence here before you publish them.\n\n\
     程序 shequ 以 MIT 或 Apache-2.0 许可发布，任选其一。\n\
     本档案中的结果归其制作者所有；发布前请在此注明其许可。\n"
        .into()
}

fn format_of(ending: &str) -> &'static str {
    match ending {
        "csv" => "text/csv",
        "parquet" => "application/vnd.apache.parquet",
        "json" => "application/json",
        "toml" => "application/toml",
        "html" => "text/html",
        "md" => "text/markdown",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "cff" => "application/yaml",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "text/plain",
    }
}

/// Opens a file of the results, which may be in a folder in them. No link is followed.
fn read_at(dir: &Dir, name: &str) -> io::Result<impl Read> {
    match name.rsplit_once('/') {
        Some((folder, last)) => dir.sub(folder)?.read(last),
        None => dir.read(name),
    }
}

fn read(dir: &Dir, name: &str) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    read_at(dir, name)?.read_to_end(&mut bytes)?;
    Ok(bytes)
}
