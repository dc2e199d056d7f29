//! The bytes of a file: held in memory while they are few, in a file without a name while they are many, and never read whole.

use std::io;
use std::sync::Arc;

use sha2::{Digest, Sha256};

#[cfg(feature = "server")]
mod spool;

#[cfg(feature = "server")]
pub(crate) use spool::{DiskUsage, Spool};

/// A range of bytes that is cheap to clone.
#[derive(Clone, Debug)]
pub struct Content {
    place: Place,
    start: u64,
    length: u64,
}

#[derive(Clone, Debug)]
enum Place {
    Memory(Arc<[u8]>),
    #[cfg(feature = "server")]
    Disk(Arc<spool::Spooled>),
}

impl From<Vec<u8>> for Content {
    fn from(bytes: Vec<u8>) -> Self {
        Self { length: bytes.len() as u64, start: 0, place: Place::Memory(bytes.into()) }
    }
}

impl Content {
    /// The length in bytes.
    #[must_use]
    pub fn length(&self) -> u64 {
        self.length
    }

    /// The number of bytes that are held in memory.
    pub(crate) fn in_memory(&self) -> u64 {
        match self.place {
            Place::Memory(_) => self.length,
            #[cfg(feature = "server")]
            Place::Disk(_) => 0,
        }
    }

    /// A part of it; what lies beyond its end is left out.
    pub(crate) fn part(&self, start: u64, length: u64) -> Self {
        let start = start.min(self.length);
        let length = length.min(self.length - start);
        Self { place: self.place.clone(), start: self.start + start, length }
    }

    /// At most `most` bytes from `at` on; none at its end.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn read(&self, at: u64, most: usize) -> io::Result<Vec<u8>> {
        let length = usize::try_from(self.length.saturating_sub(at)).unwrap_or(most).min(most);
        let start = self.start + at;
        match &self.place {
            Place::Memory(bytes) => {
                let start = usize::try_from(start).unwrap_or(usize::MAX);
                Ok(bytes.get(start..start.saturating_add(length)).unwrap_or_default().to_vec())
            }
            #[cfg(feature = "server")]
            Place::Disk(spooled) => spooled.read(start, length),
        }
    }

    /// Its pieces in order.
    pub(crate) fn pieces(&self) -> impl Iterator<Item = io::Result<Vec<u8>>> {
        (0..self.length.div_ceil(PIECE as u64)).map(|number| self.read(number * PIECE as u64, PIECE))
    }

    /// SHA-256 in hexadecimal digits, as `sys_attachment.hash` has it.
    /// That of a whole file on disk was computed as it was written.
    pub(crate) fn digest(&self) -> io::Result<String> {
        #[cfg(feature = "server")]
        if let Place::Disk(spooled) = &self.place
            && let Some(digest) = spooled.digest_of(self.length)
        {
            return Ok(digest);
        }
        let mut digest = Sha256::new();
        for piece in self.pieces() {
            digest.update(piece?);
        }
        Ok(hexadecimal(digest))
    }
}

fn hexadecimal(digest: Sha256) -> String {
    digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The number of bytes that are read at a time.
pub(crate) const PIECE: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::Content;

    #[test]
    fn part_ends_where_the_whole_does() {
        let content = Content::from(b"0123456789".to_vec());
        assert_eq!(content.part(3, 4).read(1, 99).ok(), Some(b"456".to_vec()));
        assert_eq!(content.part(8, 99).read(0, 99).ok(), Some(b"89".to_vec()));
        assert_eq!(content.part(99, 1).read(0, 99).ok(), Some(Vec::new()));
    }
}
