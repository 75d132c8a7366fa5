//! The options of the tour's command line.

use super::SECTIONS;
use lexopt::prelude::*;
use std::path::PathBuf;

/// What the tour was asked to do.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// The folder for the page and the report.
    pub out: PathBuf,
    /// The sections to run; all if it is empty.
    pub only: Vec<String>,
    /// A folder of IDX files to use in place of the digits.
    pub data: Option<PathBuf>,
    /// The epochs of every training, in place of what the figures need.
    pub epochs: Option<usize>,
    /// The seed of all randomness.
    pub seed: u64,
    /// The number of threads, in place of what the machine has.
    pub threads: Option<usize>,
    /// Whether it should only show that everything runs.
    pub quick: bool,
    /// Whether only the options should be told.
    pub help: bool,
}

impl Default for Options {
    fn default() -> Self {
        let out = PathBuf::from("target/tour");
        Self { out, only: Vec::new(), data: None, epochs: None, seed: 0, threads: None, quick: false, help: false }
    }
}

impl Options {
    /// The options in words.
    pub fn help() -> String {
        let sections: Vec<&str> = SECTIONS.iter().map(|(name, _)| *name).collect();
        format!(
            "cargo run --release --example tour -- [options]\n\n\
             --out DIR      where index.html and report.json go [target/tour]\n\
             --only NAME    a section alone, or several: {}\n\
             --data DIR     a folder of IDX files, as MNIST's, in place of the digits\n\
             --epochs N     for every training, in place of what the figures need\n\
             --seed N       of all randomness [0]\n\
             --threads N    at most so many\n\
             --quick        a few epochs, only to show that everything runs",
            sections.join(", ")
        )
    }

    /// Reads a command line, without the program's name.
    ///
    /// # Errors
    /// If an option is unknown, or its value is missing or none of those that are possible.
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
        _ => Err("a whole number above 0 is needed".to_owned()),
    }
}

fn section(name: &str) -> Result<String, lexopt::Error> {
    match SECTIONS.iter().any(|(known, _)| *known == name) {
        true => Ok(name.to_owned()),
        false => Err(format!("--only {name}: there is no such section; see --help").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::Options;
    use proptest::prelude::*;
    use std::ffi::OsString;

    #[test]
    fn options_are_read() {
        let options = Options::parse(["--only", "mlp", "--epochs=3", "--seed", "7", "--quick"]).unwrap();
        let expected =
            Options { only: vec!["mlp".into()], epochs: Some(3), seed: 7, quick: true, ..Options::default() };
        assert_eq!(options, expected);
    }

    #[test]
    fn what_is_wrong_is_told() {
        let error = |arguments: &[&str]| Options::parse(arguments.iter().copied()).unwrap_err().to_string();
        assert_eq!(error(&["--only", "nothing"]), "--only nothing: there is no such section; see --help");
        assert!(error(&["--epochs", "0"]).contains("a whole number above 0 is needed"));
        assert!(error(&["--seed", "x"]).contains("cannot parse argument \"x\""));
        assert!(error(&["--fast"]).contains("--fast"));
        assert!(error(&["--out"]).contains("--out"));
    }

    const NAMES: [&str; 8] = ["--out", "--only", "--data", "--epochs", "--seed", "--threads", "--quick", "--help"];

    /// Command lines of options that there are, with values that fit and do not, and of anything, cut anywhere.
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

    fn fuzz(cases: u32) {
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
    fn a_thousand_command_lines() {
        fuzz(1_000);
    }

    #[test]
    #[ignore = "long"]
    fn many_command_lines() {
        fuzz(100_000);
    }
}
