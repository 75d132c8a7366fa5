//! The options of the tour's command line.

use super::SECTIONS;
use lexopt::prelude::*;
use std::path::PathBuf;

/// The options of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The folder for the page and the report.
    pub out: PathBuf,
    /// The sections to run. Empty means all.
    pub only: Vec<String>,
    /// A folder of IDX files, used instead of the digits.
    pub data: Option<PathBuf>,
    /// The number of epochs for every model, instead of its default.
    pub epochs: Option<usize>,
    /// The seed of all random draws.
    pub seed: u64,
    /// The number of threads, instead of one per core.
    pub threads: Option<usize>,
    /// Whether to train for a few epochs only, to see that everything runs.
    pub quick: bool,
    /// Whether to print the options and stop.
    pub help: bool,
}

impl Default for Options {
    fn default() -> Self {
        let out = PathBuf::from("target/tour");
        Self { out, only: Vec::new(), data: None, epochs: None, seed: 0, threads: None, quick: false, help: false }
    }
}

impl Options {
    /// The help text.
    pub fn help() -> String {
        let sections: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
        format!(
            "cargo run --release --example tour -- [options]\n\n\
             --out DIR      folder for index.html and report.json [default: target/tour]\n\
             --only NAME    run this section only; may be repeated: {}\n\
             --data DIR     folder of IDX files, such as MNIST, instead of the digits (minutes)\n\
             --epochs N     epochs for every model, instead of its default\n\
             --seed N       seed of all random draws [default: 0]\n\
             --threads N    number of threads, instead of one per core\n\
             --quick        train for a few epochs only, to see that everything runs",
            sections.join(", ")
        )
    }

    /// Parses command-line arguments, without the program's name.
    ///
    /// # Errors
    /// Returns an error if an option is unknown, or if its value is missing or invalid.
    pub fn parse(arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString>>) -> Result<Self, lexopt::Error> {
        let mut options = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("out") => options.out = parser.value()?.into(),
                Long("only") => options.only.push(section(&parser.value()?.string()?)?),
                Long("data") => options.data = Some(parser.value()?.into()),
                Long("epochs") => options.epochs = Some(parser.value()?.parse_with(positive)?),
                Long("seed") => options.seed = parser.value()?.parse()?,
                Long("threads") => options.threads = Some(parser.value()?.parse_with(positive)?),
                Long("quick") => options.quick = true,
                Short('h') | Long("help") => options.help = true,
                other => return Err(other.unexpected()),
            }
        }
        Ok(options)
    }
}

fn positive(text: &str) -> Result<usize, String> {
    match text.parse() {
        Ok(n) if n > 0 => Ok(n),
        _ => Err("expected a positive integer".to_owned()),
    }
}

fn section(name: &str) -> Result<String, lexopt::Error> {
    match SECTIONS.iter().any(|(known, _)| *known == name) {
        true => Ok(name.to_owned()),
        false => Err(format!("--only {name}: no such section; see --help").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use proptest::prelude::*;
    use std::ffi::OsString;

    #[test]
    fn parse_reads_options() {
        let options = Options::parse(["--only", "mlp", "--epochs=3", "--seed", "7", "--quick"]).unwrap();
        let expected =
            Options { only: vec!["mlp".into()], epochs: Some(3), seed: 7, quick: true, ..Options::default() };
        assert_eq!(options, expected);
    }

    #[test]
    fn parse_reports_invalid_options() {
        let error = |arguments: &[&str]| Options::parse(arguments.iter().copied()).unwrap_err().to_string();
        assert_eq!(error(&["--only", "nothing"]), "--only nothing: no such section; see --help");
        assert!(error(&["--epochs", "0"]).contains("expected a positive integer"));
        assert!(error(&["--seed", "x"]).contains("cannot parse argument \"x\""));
        assert!(error(&["--fast"]).contains("--fast"));
        assert!(error(&["--out"]).contains("--out"));
    }

    const NAMES: [&str; 8] = ["--out", "--only", "--data", "--epochs", "--seed", "--threads", "--quick", "--help"];

    /// Command lines of known options with valid and invalid values, mixed with arbitrary words.
    fn command_line() -> impl Strategy<Value = Vec<OsString>> {
        let value = prop_oneof!["mlp|sparse|0|1|7|-1|99999999999999999999|1e3|=|", "(?s).{0,6}"];
        let option = (proptest::sample::select(&NAMES[..]), proptest::option::of(value.clone()), any::<bool>());
        let option = option.prop_map(|(name, value, joined)| match value {
            Some(value) if joined => vec![format!("{name}={value}")],
            Some(value) => vec![name.to_owned(), value],
            None => vec![name.to_owned()],
        });
        let words = prop_oneof![4 => option, 1 => value.prop_map(|value| vec![value])];
        proptest::collection::vec(words, 0..5).prop_map(|words| words.concat().into_iter().map(Into::into).collect())
    }

    fn check_random_command_lines(cases: u32) {
        let config = ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() };
        let run = proptest::test_runner::TestRunner::new(config).run(&command_line(), |words| {
            match Options::parse(&words) {
                Ok(options) => {
                    prop_assert!(options.epochs != Some(0) && options.threads != Some(0));
                    let known = |name: &String| super::SECTIONS.iter().any(|(known, _)| known == name);
                    prop_assert!(options.only.iter().all(known));
                }
                Err(error) => {
                    let text = error.to_string();
                    prop_assert!(["argument", "option", "--only"].iter().any(|word| text.contains(word)), "{}", text);
                }
            }
            Ok(())
        });
        run.unwrap_or_else(|failure| panic!("{failure}"));
    }

    #[test]
    fn parse_accepts_or_rejects_random_command_lines() {
        check_random_command_lines(1_000);
    }

    #[test]
    #[ignore = "slow: 100,000 command lines"]
    fn parse_accepts_or_rejects_many_random_command_lines() {
        check_random_command_lines(100_000);
    }
}
