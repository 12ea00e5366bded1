//! `shequ explore`: levers and answers in the browser, on this machine alone.

use std::path::PathBuf;

use clap::Args;

use super::{Common, Error, Overrides, interrupt, memory, output, value_parser};
use shequ_explore::server;
use shequ_explore::session::{Base, Session};
use shequ_model::base::i18n::{both, reason};
use shequ_model::scenario::Scenario;

/// What is explored where no file is named: the baseline, as the program has it.
const STANDARD: &str = "name = \"Baseline\"\nname_zh = \"基准情景\"\n";

/// Arguments of `explore`.
#[derive(Args)]
pub struct Arguments {
    /// Scenario files, each a base that policies can be set against; default: the baseline
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Print the address and open no browser
    #[arg(long)]
    no_open: bool,
    /// Port on this machine; default: any that is free
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true, value_parser = value_parser::within(0, u16::MAX))]
    port: u16,
    #[command(flatten)]
    memory: memory::Allowance,
    #[command(flatten)]
    overrides: Overrides,
}

/// Serves the page until Ctrl-C.
pub fn command(arguments: Arguments, common: Common) -> Result<(), Error> {
    let Arguments { files, no_open, port, memory, overrides } = arguments;
    let overrides = overrides.all();
    let bases = match files.is_empty() {
        true => vec![Base::new(None, &overrides, Scenario::from_text("baseline", STANDARD, &overrides)?)?],
        false => {
            let base =
                |file: PathBuf| Base::new(Some(file.clone()), &overrides, Scenario::load(&file, &overrides)?);
            files.into_iter().map(base).collect::<Result<_, _>>()?
        }
    };
    for base in &bases {
        output::warn(&base.loaded.warnings, common.quiet);
        memory.check(memory::of_trace(&base.loaded.scenario))?;
    }
    interrupt::listen();
    let ready = |address: &str| {
        // Whoever pipes it has it at once; a closed pipe is no error.
        let _ = output::print(&format!("{address}\n"));
        if !common.quiet {
            output::tell(both!(
                "this address opens the page on this machine alone; Ctrl-C ends it",
                "此地址只能在本机打开；按 Ctrl-C 结束"
            ));
        }
        if !no_open && let Err(cause) = open::that_detached(address) {
            output::tell(
                both!("cannot open a browser: {why}", "无法打开浏览器：{why}"; why = reason(&cause)),
            );
        }
    };
    server::serve(Session::new(bases), port, interrupt::asked, ready).map_err(|cause| {
        Error::Failed(both!(
            "cannot serve on port {port}: {why}", "无法在端口 {port} 上提供服务：{why}";
            port = port, why = reason(&cause)
        ))
    })?;
    Err(Error::Interrupted)
}
