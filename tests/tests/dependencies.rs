//! The tree of dependencies: its size, its licences and its sources, without the network.
//!
//! `deny.toml` states the licences for cargo-deny, which also finds duplicates; it takes minutes to build,
//! so CI runs it only where it is installed. These tests run everywhere.

use serde_json::Value;
use spdx::{Expression, ParseMode};
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn cargo(arguments: &[&str]) -> String {
    let output =
        Command::new(env!("CARGO")).args(arguments).args(["--locked", "--offline"]).current_dir(root()).output();
    let output = output.expect("cargo starts");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// The packages of the workspace with all features, on this platform. Others need not be on this machine.
fn packages() -> Vec<Value> {
    let version = Command::new("rustc").arg("-vV").output().expect("rustc starts").stdout;
    let version = String::from_utf8(version).expect("UTF-8");
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).expect("rustc names its platform");
    let metadata = cargo(&["metadata", "--format-version=1", "--all-features", "--filter-platform", host]);
    let mut metadata: Value = serde_json::from_str(&metadata).expect("JSON");
    let Value::Array(packages) = metadata["packages"].take() else { panic!("cargo metadata has a list of packages") };
    assert!(packages.len() > 50, "only {} packages", packages.len());
    packages
}

/// The strings in quotes on the line of `deny.toml` that begins with `key`.
fn allowed(key: &str) -> Vec<String> {
    let text = std::fs::read_to_string(root().join("deny.toml")).expect("deny.toml");
    let line = text.lines().find_map(|line| line.strip_prefix(key)).unwrap_or_else(|| panic!("deny.toml: no {key}"));
    line.split('"').skip(1).step_by(2).map(str::to_owned).collect()
}

#[test]
fn licences_are_among_those_that_deny_toml_allows() {
    let allowed = allowed("allow = ");
    for package in packages() {
        let (name, licence) = (&package["name"], package["license"].as_str().unwrap_or_default());
        let expression = Expression::parse_mode(licence, ParseMode::LAX);
        let expression = expression.unwrap_or_else(|error| panic!("{name}: the licence {licence:?}: {error}"));
        let is_met = expression.evaluate(|licence| allowed.iter().any(|name| *name == licence.to_string()));
        assert!(is_met, "{name}: deny.toml does not allow the licence {licence}");
    }
}

#[test]
fn packages_come_from_one_registry() {
    let packages = packages();
    let mut sources = packages.iter().filter_map(|package| package["source"].as_str());
    let registry = sources.next().expect("a package of a registry").to_owned();
    assert!(registry.starts_with("registry+"), "{registry} is no registry");
    for package in packages {
        let (name, source) = (&package["name"], &package["source"]);
        let is_ours = source.is_null()
            && package["manifest_path"]
                .as_str()
                .is_some_and(|path| Path::new(path).starts_with(root().canonicalize().expect("the root")));
        assert!(is_ours || *source == registry, "{name} comes from {source}");
    }
}

#[test]
fn nn_without_features_builds_fewer_than_30_crates() {
    let tree = cargo(&["tree", "-p", "nn", "--edges", "normal,build", "--prefix", "none", "--no-dedupe"]);
    let crates: std::collections::BTreeSet<&str> = tree.lines().collect();
    assert!((20..30).contains(&crates.len()), "{} crates: {crates:?}", crates.len());
}
