//! The arguments of the small examples.

use lexopt::prelude::*;
use std::path::PathBuf;

/// The arguments that an example was started with.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Arguments {
    /// `--quick`: a short run, to see that everything works.
    pub quick: bool,
    /// `--out FOLDER`: the folder for files, if the example writes any.
    pub out: Option<PathBuf>,
}

impl Arguments {
    /// Reads the arguments of this process. Ends it with status 2 if one is unknown.
    pub fn read() -> Self {
        Self::parse(std::env::args_os().skip(1)).unwrap_or_else(|error| {
            eprintln!("{error}; known are --quick and --out FOLDER");
            std::process::exit(2)
        })
    }

    fn parse(arguments: impl IntoIterator<Item = impl Into<std::ffi::OsString>>) -> Result<Self, lexopt::Error> {
        let mut parsed = Self::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Long("quick") => parsed.quick = true,
                Long("out") => parsed.out = Some(parser.value()?.into()),
                other => return Err(other.unexpected()),
            }
        }
        Ok(parsed)
    }
}

#[cfg(test)]
mod tests {
    use super::Arguments;

    #[test]
    fn unknown_arguments_are_errors() {
        let parse = |arguments: &[&str]| Arguments::parse(arguments.iter().copied());
        let expected = Arguments { quick: true, out: Some("charts".into()) };
        assert_eq!(parse(&["--quick", "--out", "charts"]).unwrap(), expected);
        assert_eq!(parse(&["--quik"]).unwrap_err().to_string(), "invalid option '--quik'");
    }
}
