//! Contents on disk: what is uploaded over a socket is written piece by piece.

use std::fs::File;
use std::io::{self, Write};
use std::os::unix::fs::FileExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use sha2::{Digest, Sha256};

use super::{Content, Place, hexadecimal};

/// A file that is unlinked as soon as it is open; its space is free again when the last clone is dropped.
#[derive(Debug)]
pub(super) struct Spooled {
    file: File,
    length: u64,
    digest: String,
    usage: DiskUsage,
}

impl Spooled {
    pub(super) fn read(&self, start: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        self.file.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }

    /// The digest of the whole file, if that is its length.
    pub(super) fn digest_of(&self, length: u64) -> Option<String> {
        (length == self.length).then(|| self.digest.clone())
    }
}

impl Drop for Spooled {
    fn drop(&mut self) {
        self.usage.0.fetch_sub(self.length, Ordering::Relaxed);
    }
}

/// The number of bytes that all spooled contents take on disk together.
#[derive(Clone, Debug, Default)]
pub(crate) struct DiskUsage(Arc<AtomicU64>);

/// 4 GiB on disk at most, for all clients together.
const MAX_ON_DISK: u64 = 4 << 30;

/// A content that is still being written.
pub(crate) struct Spool {
    held: Vec<u8>,
    file: Option<File>,
    /// Bytes in the file, which count as disk usage.
    written: u64,
    digest: Sha256,
    usage: DiskUsage,
}

/// Contents longer than this go to disk.
const HELD: usize = 256 * 1024;

impl Spool {
    pub(crate) fn counted_in(usage: &DiskUsage) -> Self {
        Self { held: Vec::new(), file: None, written: 0, digest: Sha256::new(), usage: usage.clone() }
    }

    pub(crate) fn length(&self) -> u64 {
        self.written + self.held.len() as u64
    }

    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.held.extend_from_slice(bytes);
        if self.held.len() > HELD { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        let held = core::mem::take(&mut self.held);
        let added = held.len() as u64;
        if self.usage.0.fetch_add(added, Ordering::Relaxed) + added > MAX_ON_DISK {
            self.usage.0.fetch_sub(added, Ordering::Relaxed);
            return Err(io::Error::from(io::ErrorKind::StorageFull));
        }
        self.written += added;
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        self.digest.update(&held);
        file.write_all(&held)
    }

    pub(crate) fn finish(mut self) -> io::Result<Content> {
        if self.file.is_none() {
            return Ok(core::mem::take(&mut self.held).into());
        }
        self.flush()?;
        let length = core::mem::take(&mut self.written);
        match self.file.take() {
            Some(file) => {
                let digest = hexadecimal(core::mem::take(&mut self.digest));
                let spooled = Spooled { file, length, digest, usage: self.usage.clone() };
                Ok(Content { place: Place::Disk(Arc::new(spooled)), start: 0, length })
            }
            None => Err(io::Error::from(io::ErrorKind::NotFound)),
        }
    }
}

impl Drop for Spool {
    /// An abandoned upload frees its disk space.
    fn drop(&mut self) {
        self.usage.0.fetch_sub(self.written, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::Ordering;

    use super::{DiskUsage, HELD, Spool};
    use crate::content::Content;

    fn spooled(usage: &DiskUsage, length: usize) -> Content {
        let mut spool = Spool::counted_in(usage);
        for piece in vec![7; length].chunks(10_000) {
            assert!(spool.write(piece).is_ok());
        }
        spool.finish().unwrap_or_else(|error| unreachable!("{error}"))
    }

    #[test]
    fn few_bytes_stay_in_memory_and_many_go_to_disk() {
        let usage = DiskUsage::default();
        for (length, on_disk) in [(0, 0), (HELD, 0), (HELD + 1, HELD as u64 + 1), (3 * HELD + 5, 3 * HELD as u64 + 5)] {
            let content = spooled(&usage, length);
            assert_eq!((content.length(), usage.0.load(Ordering::Relaxed)), (length as u64, on_disk));
            let again = content.part(0, length as u64 + 9).digest().ok();
            assert_eq!(again, Content::from(vec![7; length]).digest().ok());
            let read: usize = content.pieces().map(|piece| piece.map_or(0, |piece| piece.len())).sum();
            assert_eq!(read, length);
            drop(content);
            assert_eq!(usage.0.load(Ordering::Relaxed), 0);
        }
    }

    #[test]
    fn abandoned_upload_frees_its_disk_space() {
        let usage = DiskUsage::default();
        let mut spool = Spool::counted_in(&usage);
        assert!(spool.write(&vec![1; 2 * HELD]).is_ok() && spool.write(&[1; 10]).is_ok());
        drop(spool);
        assert_eq!(usage.0.load(Ordering::Relaxed), 0);
    }
}
