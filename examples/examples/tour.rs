//! Trains every model of the chapter on handwritten digits by variants of gradient descent, w ← w − η·∂C/∂w, and shows
//! the results on one page. Run `cargo run --release --example tour`; `-- --help` lists the options.
//!
//! The exit status is 1 if a figure misses its requirement. With `--epochs`, `--data` or `--quick`, figures have no
//! requirements.

use examples::tour::{Context, Options, page, report, run};
use std::error::Error;
use std::process::ExitCode;
use std::time::Instant;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("tour: {error}; see --help for the options");
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
    println!("Data: {}.", context.split);
    let sections = run(&context, options);
    let seconds = start.elapsed().as_secs_f64();
    std::fs::create_dir_all(&options.out)?;
    nn::replace_file(options.out.join("index.html"), page(&context, &sections, seconds).as_bytes())?;
    nn::replace_file(options.out.join("report.json"), report(&context, &sections, seconds).as_bytes())?;
    println!("\nDone in {seconds:.1} s. The page is {}.", options.out.join("index.html").display());
    let missed = sections.iter().flat_map(|section| &section.figures).any(|figure| !figure.is_met());
    Ok(if missed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}
