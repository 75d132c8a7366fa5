//! The order of the rooms: every import between rooms of a crate points down, in the order that the README states.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

const KRATES: [&str; 2] = ["autodiff", "nn"];

/// A room in the README's map, and the rooms inside it, from the top down.
struct Room {
    name: String,
    inside: Vec<String>,
}

/// The rooms of a crate, from the top down: the lines `  room/  …` below the line of the crate in the README's map. Names
/// that end in `/` in the rest of a line are the rooms inside.
fn rooms(krate: &str) -> Vec<Room> {
    let readme = fs::read_to_string(root().join("README.md")).expect("a README");
    let map = readme.split(&format!("\n{krate}/src\n")).nth(1).expect("a map of the crate");
    let lines = map.lines().take_while(|line| line.starts_with("  "));
    let rooms: Vec<Room> = lines
        .filter_map(|line| {
            let mut names = line.split_whitespace().filter_map(|word| word.strip_suffix('/').map(str::to_owned));
            Some(Room { name: names.next()?, inside: names.collect() })
        })
        .collect();
    assert!(rooms.len() >= 5, "{krate}: the README's map has only {} rooms", rooms.len());
    rooms
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let inside = folders.iter().flat_map(|folder| self::files(folder));
    files.into_iter().filter(|path| path.extension().is_some_and(|name| name == "rs")).chain(inside).collect()
}

/// The paths that the code of a file names, without comments and unit tests, as modules from the root of the crate.
fn paths(module: &[String], source: &str) -> Vec<Vec<String>> {
    let code = source.split("#[cfg(test)]\nmod tests").next().expect("text");
    let code: String = code.lines().map(|line| line.split("//").next().expect("text")).collect::<Vec<_>>().join(" ");
    let mut paths = Vec::new();
    for start in ["crate::", "super::"] {
        for (place, _) in code.match_indices(start) {
            // `$crate` is expanded in the crate of the caller, and `a::super` is a part of a longer path.
            if !code[..place].ends_with(['$', ':']) {
                expand(&code[place..], module, &mut paths);
            }
        }
    }
    paths
}

/// Appends the paths of a use tree such as `crate::{a::B, c}`.
fn expand(tree: &str, module: &[String], paths: &mut Vec<Vec<String>>) {
    let mut base = if tree.starts_with("crate::") { Vec::new() } else { module.to_vec() };
    let mut rest = tree.strip_prefix("crate::").unwrap_or(tree);
    while let Some(after) = rest.strip_prefix("super::") {
        base.pop();
        rest = after;
    }
    append(rest, base, paths);
}

fn append(tree: &str, mut path: Vec<String>, paths: &mut Vec<Vec<String>>) {
    let tree = tree.trim_start();
    if let Some(list) = tree.strip_prefix('{') {
        return top_level(list).into_iter().for_each(|item| append(item, path.clone(), paths));
    }
    let name: String = tree.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let rest = &tree[name.len()..];
    if rest.starts_with('!') {
        return; // a macro, which stands at the front door
    }
    path.push(name);
    match rest.strip_prefix("::") {
        Some(rest) => append(rest, path, paths),
        None => paths.push(path),
    }
}

/// The items of a list in braces, up to the brace that closes it.
fn top_level(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (place, letter) in list.char_indices() {
        match letter {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&list[start..place]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    panic!("a list in braces that does not end: {list}");
}

/// The module of a file, as a path from the root of the crate.
fn module(source: &Path, file: &Path) -> Vec<String> {
    let inside = file.strip_prefix(source).expect("a file of the crate").with_extension("");
    let parts: Vec<String> = inside.iter().map(|part| part.to_string_lossy().into_owned()).collect();
    match parts.split_last() {
        Some((last, room)) if last == "mod" || last == "lib" => room.to_vec(),
        _ => parts,
    }
}

/// The imports of a crate: the module that imports, the path, and the file.
fn imports(krate: &str) -> Vec<(Vec<String>, Vec<String>, PathBuf)> {
    let source = root().join(krate).join("src");
    let mut imports = Vec::new();
    for file in files(&source) {
        let module = module(&source, &file);
        if !module.is_empty() {
            let text = fs::read_to_string(&file).expect("a source file");
            imports.extend(paths(&module, &text).into_iter().map(|path| (module.clone(), path, file.clone())));
        }
    }
    imports
}

#[test]
fn imports_between_rooms_point_down() {
    for krate in KRATES {
        let rooms = rooms(krate);
        let rank = |name: &str| rooms.iter().position(|room| room.name == *name);
        let imports = imports(krate);
        let source = root().join(krate).join("src");
        let found: BTreeSet<String> =
            files(&source).iter().filter_map(|file| module(&source, file).into_iter().next()).collect();
        let stated: BTreeSet<String> = rooms.iter().map(|room| room.name.clone()).collect();
        assert_eq!(found, stated, "{krate}: the README's map has other rooms than src");
        let crossing = imports.iter().filter(|(module, path, _)| module[0] != path[0]).count();
        assert!(crossing > 50, "{krate}: only {crossing} imports found: the search in the sources is broken");
        for (module, path, file) in &imports {
            let (place, [own, other]) = (file.display(), [&module[0], &path[0]]);
            // A name that is no room is a re-export at the front door, which knows all rooms.
            let below = rank(other).unwrap_or_else(|| panic!("{place}: imports {other} from the front door"));
            assert!(below >= rank(own).expect("a room"), "{place}: {own} imports {other}, which stands above it");
        }
    }
}

#[test]
fn imports_inside_a_room_point_down() {
    for krate in KRATES {
        let rooms = rooms(krate);
        for (module, path, file) in imports(krate) {
            let room = rooms.iter().find(|room| room.name == module[0]).expect("a room of the map");
            let rank = |module: &[String]| room.inside.iter().position(|name| module.get(1) == Some(name));
            if let (true, Some(own), Some(other)) = (module[0] == path[0], rank(&module), rank(&path)) {
                let place = file.display();
                assert!(other >= own, "{place}: {} imports {}, which stands above it", module[1], path[1]);
            }
        }
    }
}
