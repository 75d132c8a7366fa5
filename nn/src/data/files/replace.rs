//! Replacing a file in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes a file, or replaces it, in one step: whoever opens it sees the old bytes or the new ones, and so does whoever
/// comes after a crash.
///
/// The bytes go to a new file in the same folder, are flushed to the disk, and that file takes the name. On an error it
/// is removed and the old file stays. (A process that is killed in the middle leaves a `.NAME.….tmp` behind, which
/// nobody reads.) A symbolic link is followed, so that it stays one.
///
/// # Errors
/// What the system says: no space, no such folder, no permission.
pub fn replace_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let given = path.as_ref();
    let path = fs::canonicalize(given).unwrap_or_else(|_| given.to_owned());
    let temporary = temporary_beside(&path)?;
    let written = write_new(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // The first error is the one to tell.
        let _ = fs::remove_file(&temporary);
    }
    written.and_then(|()| flush_folder(&path))
}

/// A name in the same folder that no other thread or process uses: only within one file system is a renaming atomic.
fn temporary_beside(path: &Path) -> Result<PathBuf> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let Some(name) = path.file_name() else {
        return Err(Error::new(ErrorKind::InvalidInput, "the path names no file"));
    };
    let mut temporary = std::ffi::OsString::from(".");
    temporary.push(name);
    temporary.push(format!(".{}-{}.tmp", process::id(), COUNT.fetch_add(1, Ordering::Relaxed)));
    Ok(path.with_file_name(temporary))
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<()> {
    // Not `create_new`: a process of the same number, long dead, may have left one.
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// The renaming itself reaches the disk with the folder; elsewhere than on Unix a folder cannot be opened for that.
fn flush_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
