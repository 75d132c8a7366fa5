//! Replacing a file in one step.

use std::fs::{self, File, Metadata, OpenOptions, Permissions};
use std::io::{Error, ErrorKind, Result, Write};
use std::path::{Path, PathBuf};
use tempfile::Builder;

/// Writes or replaces a file in one step: every reader sees the old bytes or the new ones, even after a crash.
///
/// The bytes go to a new file in the same folder and are flushed to the disk; then that file takes the name. On an
/// error it is removed and the old file stays. A process killed in between leaves behind a file `.….tmp`, which is never
/// read.
///
/// The permissions of an old file stay, and its owner and group if the system allows that; other names of it (hard links)
/// keep the old bytes. A symbolic link is followed, so it stays a link, even if there is no file at its end yet.
///
/// # Errors
/// Returns the error of the system: no space, no such folder, no permission. Also refuses to replace a file that may not be
/// written, and anything that is no regular file: a folder, a device, a pipe.
pub fn replace_file(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    let path = end_of_links(path.as_ref())?;
    let Some(name) = path.file_name() else {
        return Err(Error::new(ErrorKind::InvalidInput, "the path names no file"));
    };
    let old = match fs::symlink_metadata(&path) {
        Ok(old) => Some(check_replaceable(&path, old)?),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    // Renaming is atomic only within one file system, so in the same folder.
    let folder = folder_of(&path);
    let mut temporary = builder().tempfile_in(folder)?;
    temporary.write_all(bytes)?;
    if let Some(old) = &old {
        keep_owner(temporary.as_file(), old);
        temporary.as_file().set_permissions(old.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(folder.join(name)).map_err(|error| error.error)?;
    flush_folder(folder)
}

/// The most links that are followed, as in Linux.
const LINKS: usize = 40;

/// The path at the end of symbolic links; there may be no file yet.
fn end_of_links(path: &Path) -> Result<PathBuf> {
    let mut path = path.to_owned();
    for _ in 0..LINKS {
        // An error says that this is no link; what else is wrong shows in the next call.
        let Ok(next) = fs::read_link(&path) else { return Ok(path) };
        path = folder_of(&path).join(next);
    }
    Err(Error::new(ErrorKind::InvalidInput, format!("more than {LINKS} symbolic links, one after the other")))
}

fn folder_of(path: &Path) -> &Path {
    path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

/// Refuses what may not be replaced. A new file could take the name of each, since that is a matter of the folder.
fn check_replaceable(path: &Path, old: Metadata) -> Result<Metadata> {
    if !old.is_file() {
        return Err(Error::new(ErrorKind::InvalidInput, "not a regular file, so it is not replaced"));
    }
    if old.permissions().readonly() {
        return Err(Error::new(ErrorKind::PermissionDenied, "the file is read-only, so it is not replaced"));
    }
    OpenOptions::new().write(true).open(path).map(|_| old)
}

/// Makes new files with the permissions that every new file gets. (Those of temporary files are narrower by default.)
fn builder() -> Builder<'static, 'static> {
    let mut builder = Builder::new();
    builder.prefix(".").suffix(".tmp");
    if let Some(usual) = usual_permissions() {
        builder.permissions(usual);
    }
    builder
}

#[cfg(unix)]
fn usual_permissions() -> Option<Permissions> {
    use std::os::unix::fs::PermissionsExt;
    Some(Permissions::from_mode(0o666)) // less the mask of the process
}

#[cfg(not(unix))]
fn usual_permissions() -> Option<Permissions> {
    None
}

/// Keeps the owner and the group. Only the superuser may give a file away, so an error is no fault.
#[cfg(unix)]
fn keep_owner(file: &File, old: &Metadata) {
    use std::os::unix::fs::{MetadataExt, fchown};
    let _ = fchown(file, Some(old.uid()), Some(old.gid()));
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &Metadata) {}

/// Flushes the renaming to the disk. Only Unix can open a folder for that.
fn flush_folder(folder: &Path) -> Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}
