//! CoDiPack in a process of its own.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Peer {
    child: Child,
    requests: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
}

/// The time of all repeats in seconds, and the sum and the sum of squares of the derivatives.
pub(crate) struct Answer {
    pub(crate) seconds: f64,
    pub(crate) derivatives: [f64; 2],
}

impl Peer {
    /// Compiles and starts the program, or says why it cannot.
    pub(crate) fn start() -> Result<Self, String> {
        let checkout = std::env::var("CODIPACK").map_err(|_| "CODIPACK names no checkout of it".to_owned())?;
        let program = compile(&PathBuf::from(checkout))?;
        let mut child = Command::new(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("its program does not start: {error}"))?;
        let answers = BufReader::new(child.stdout.take().expect("the output is piped"));
        Ok(Self { requests: child.stdin.take(), child, answers })
    }

    /// Repeats a program.
    pub(crate) fn run(&mut self, name: &str, repeats: usize) -> Answer {
        let requests = self.requests.as_mut().expect("the program is running");
        writeln!(requests, "{name} {repeats}").expect("codipack: the program ended");
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("codipack: the answer is no text");
        let numbers: Vec<f64> = line.split_whitespace().filter_map(|number| number.parse().ok()).collect();
        let [seconds, sum, squares] = numbers[..] else { panic!("codipack: the answer to {name} is {line:?}") };
        Answer { seconds, derivatives: [sum, squares] }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.requests.take()); // ends the program
        let _ = self.child.wait();
    }
}

fn compile(checkout: &Path) -> Result<PathBuf, String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/codipack/codipack.cpp");
    let program = Path::new(env!("CARGO_TARGET_TMPDIR")).join("codipack");
    let status = Command::new("g++")
        .args(["-std=c++17", "-O3", "-march=native", "-DNDEBUG", "-DCODI_ForcedInlines=1", "-I"])
        .arg(checkout.join("include"))
        .arg(source)
        .arg("-o")
        .arg(&program)
        .status()
        .map_err(|error| format!("g++ does not start: {error}"))?;
    if status.success() { Ok(program) } else { Err(format!("g++ failed ({status})")) }
}
