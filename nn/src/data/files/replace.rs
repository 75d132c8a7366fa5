//! Replacing a file in one step.

use std::fs::{self, File, OpenOptions};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU64, Ordering};

/// Writes or replaces a file in one step: every reader sees the old bytes or the new ones, even after a crash.
///
/// The bytes go to a new file in the same folder and are flushed to the disk; then that file takes the name. On an
/// error it is removed and the old file stays. A process killed in between leaves behind a file `.NAME.….tmp`, which is
/// never read. A symbolic link is followed, so it stays a link.
///
/// # Errors
/// Returns the error of the system: no space, no such folder, no permission.
pub fn replace_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let given = path.as_ref();
    let path = fs::canonicalize(given).unwrap_or_else(|_| given.to_owned());
    let temporary = temporary_beside(&path)?;
    let written = write_new(&temporary, bytes).and_then(|()| fs::rename(&temporary, &path));
    if written.is_err() {
        // Report the first error, whatever the removal says.
        let _ = fs::remove_file(&temporary);
    }
    written.and_then(|()| flush_folder(&path))
}

/// A name in the same folder that no other thread or process uses. Renaming is atomic only within one file system.
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
    // An earlier process with the same number may have left a file, so `create_new` would fail.
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Flushes the renaming to the disk. Only Unix can open a folder for that.
fn flush_folder(path: &Path) -> Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
