//! Replacing files: whole or not at all, with their permissions, and only regular ones.

use crate::folder::Folder;
use nn::replace_file;
use std::ffi::OsString;
use std::fs;
use std::path::Path;

fn names(folder: &Path) -> Vec<OsString> {
    let mut names: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    names
}

#[test]
fn file_is_replaced_whole_and_leaves_no_temporary_file() {
    let folder = Folder::new();
    let file = folder.write("model", b"the old one");
    replace_file(&file, b"the new one").unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"the new one");
    let new = folder.path().join("new");
    replace_file(&new, b"the first one").unwrap();
    assert_eq!(fs::read(&new).unwrap(), b"the first one");
    let taken = folder.path().join("taken");
    fs::create_dir(&taken).unwrap();
    assert!(replace_file(&taken, b"bytes").unwrap_err().to_string().contains("not a regular file"));
    assert!(replace_file(folder.path().join("no/such/folder"), b"bytes").is_err());
    assert!(replace_file(folder.path().join(".."), b"bytes").is_err());
    assert!(replace_file("", b"bytes").is_err());
    assert_eq!(names(folder.path()), ["model", "new", "taken"]);
}

#[test]
fn longest_names_are_possible() {
    let folder = Folder::new();
    let longest = folder.path().join("n".repeat(255));
    for bytes in [b"first", b"later"] {
        replace_file(&longest, bytes).unwrap();
        assert_eq!(fs::read(&longest).unwrap(), bytes);
    }
    assert!(replace_file(folder.path().join("n".repeat(256)), b"bytes").is_err());
    assert_eq!(names(folder.path()).len(), 1);
}

#[test]
fn read_only_file_is_refused() {
    let folder = Folder::new();
    let file = folder.write("precious", b"old");
    let mut permissions = fs::metadata(&file).unwrap().permissions();
    permissions.set_readonly(true);
    fs::set_permissions(&file, permissions).unwrap();
    let error = replace_file(&file, b"new").unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
    assert_eq!((fs::read(&file).unwrap(), names(folder.path()).len()), (b"old".to_vec(), 1));
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, chown, symlink};
    use std::process::Command;

    fn mode(file: &Path) -> u32 {
        fs::metadata(file).unwrap().permissions().mode() & 0o7777
    }

    #[test]
    fn permissions_stay() {
        let folder = Folder::new();
        let file = folder.write("model", b"old");
        for kept in [0o600, 0o640, 0o644, 0o755, 0o200] {
            fs::set_permissions(&file, fs::Permissions::from_mode(kept)).unwrap();
            replace_file(&file, b"new").unwrap();
            assert_eq!(mode(&file), kept, "{kept:o}");
        }
    }

    #[test]
    fn new_file_has_the_permissions_of_every_new_file() {
        let folder = Folder::new();
        let (usual, file) = (folder.write("usual", b""), folder.path().join("new"));
        replace_file(&file, b"new").unwrap();
        assert_eq!(mode(&file), mode(&usual));
    }

    /// Only the superuser may give a file away; for others, the owner stays anyway.
    #[test]
    fn owner_and_group_stay() {
        let folder = Folder::new();
        let file = folder.write("model", b"old");
        let given = chown(&file, Some(12345), Some(54321)).is_ok();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o660)).unwrap();
        let before = fs::metadata(&file).unwrap();
        replace_file(&file, b"new").unwrap();
        let after = fs::metadata(&file).unwrap();
        assert_eq!((after.uid(), after.gid(), mode(&file)), (before.uid(), before.gid(), 0o660));
        assert_eq!(after.uid() == 12345, given);
    }

    #[test]
    fn links_are_followed_to_a_file_or_to_none_yet() {
        let folder = Folder::new();
        fs::create_dir(folder.path().join("store")).unwrap();
        let file = folder.write("store/model", b"old");
        let link = |name: &str, to: &str| {
            let link = folder.path().join(name);
            symlink(to, &link).unwrap();
            link
        };
        let (direct, twice) = (link("direct", "store/model"), link("twice", "direct"));
        for (link, bytes) in [(&direct, b"first"), (&twice, b"later")] {
            replace_file(link, bytes).unwrap();
            assert_eq!(fs::read(&file).unwrap(), bytes);
            assert!(fs::symlink_metadata(link).unwrap().is_symlink());
        }
        let dangling = link("dangling", "store/next");
        replace_file(&dangling, b"new").unwrap();
        assert_eq!(fs::read(folder.path().join("store/next")).unwrap(), b"new");
        assert!(fs::symlink_metadata(&dangling).unwrap().is_symlink());
        let nowhere = link("nowhere", "no/such/folder");
        assert!(replace_file(nowhere, b"new").is_err());
        link("a", "b");
        assert!(replace_file(link("b", "a"), b"new").unwrap_err().to_string().contains("symbolic links"));
        assert_eq!(names(folder.path()), ["a", "b", "dangling", "direct", "nowhere", "store", "twice"]);
        assert_eq!(names(&folder.path().join("store")), ["model", "next"]);
    }

    #[test]
    fn pipes_sockets_and_devices_are_refused() {
        let folder = Folder::new();
        let place = |name: &str| folder.path().join(name);
        let _socket = std::os::unix::net::UnixListener::bind(place("socket")).unwrap();
        let make = |program: &str, name: &str, rest: &[&str]| {
            let made = Command::new(program).arg(place(name)).args(rest).output();
            made.is_ok_and(|output| output.status.success())
        };
        assert!(make("mkfifo", "pipe", &[]));
        // Only the superuser may make a device, and not everywhere.
        let device = make("mknod", "device", &["c", "1", "3"]);
        for name in ["socket", "pipe", "device"].iter().filter(|name| **name != "device" || device) {
            let before = fs::symlink_metadata(place(name)).unwrap().file_type();
            let error = replace_file(place(name), b"new").unwrap_err();
            assert!(error.to_string().contains("not a regular file"), "{name}: {error}");
            assert!(fs::symlink_metadata(place(name)).unwrap().file_type() == before && !before.is_file());
        }
        assert!(fs::symlink_metadata(place("pipe")).unwrap().file_type().is_fifo());
    }
}
