//! Trains every model of the chapter on handwritten digits, and shows on a page what came out:
//! `cargo run --release --example tour`; `-- --help` tells the options.
//!
//! A figure that is missed makes the exit status 1, unless other epochs, other data or `--quick` were asked for, with
//! which nothing is promised.

use examples::tour::{Context, Options, page, report, run};
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("tour: {error}; --help tells the options");
            return ExitCode::from(2);
        }
    };
    if options.help {
        println!("{}", Options::help());
        return ExitCode::SUCCESS;
    }
    tour(&options).unwrap_or_else(|error| {
        eprintln!("tour: {error}");
        ExitCode::FAILURE
    })
}

fn tour(options: &Options) -> Result<ExitCode, Box<dyn Error>> {
    if let Some(threads) = options.threads {
        autodiff::set_threads(threads);
    }
    let start = Instant::now();
    let context = Context::new(options)?;
    println!("{}", context.split);
    let sections = run(&context, options);
    let seconds = start.elapsed().as_secs_f64();
    std::fs::create_dir_all(&options.out)?;
    nn::replace_file(options.out.join("index.html"), page(&context, &sections, seconds).as_bytes())?;
    nn::replace_file(options.out.join("report.json"), report(&context, &sections, seconds).as_bytes())?;
    println!("\nDone in {seconds:.1} s: {}", options.out.join("index.html").display());
    let missed = sections.iter().flat_map(|section| &section.figures).any(|figure| !figure.is_met());
    Ok(if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
