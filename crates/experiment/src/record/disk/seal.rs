//! Files whose bytes are counted and hashed, on their way to the disk and back.

use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::Dir;

/// Bytes that are read or written at a time.
const CHUNK: usize = 1 << 16;

/// A file as it was when it was whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Its path within the folder, with "/" between parts.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of its bytes, in hexadecimal.
    pub sha256: String,
}

/// The file `name` of `dir` as it is.
///
/// # Errors
/// An I/O error if it cannot be read.
pub fn entry_of(dir: &Dir, name: &str) -> io::Result<Entry> {
    let (size, hash) = hash_of(&mut BufReader::with_capacity(CHUNK, dir.read(name)?))?;
    Ok(Entry { name: name.into(), size, sha256: hexadecimal(&hash) })
}

/// Number of bytes that are left in `from`, and their SHA-256.
///
/// # Errors
/// An I/O error.
pub fn hash_of(from: &mut impl BufRead) -> io::Result<(u64, [u8; 32])> {
    let (mut hash, mut size) = (Sha256::new(), 0);
    loop {
        let chunk = from.fill_buf()?;
        if chunk.is_empty() {
            return Ok((size, hash.finalize().into()));
        }
        hash.update(chunk);
        let length = chunk.len();
        size += length as u64;
        from.consume(length);
    }
}

/// Bytes of the hash that [`Sealing::close`] leaves at the end of a file.
const SEAL: u64 = 32;

/// The first line of a file that was closed by [`Sealing::close`], and what comes between that line and the hash; none
/// if the bytes are not those that were written, all of which are read first.
///
/// # Errors
/// An I/O error.
pub fn open(file: File) -> io::Result<Option<(Vec<u8>, impl Read + use<>)>> {
    let mut file = BufReader::with_capacity(CHUNK, file);
    let Some(length) = file.get_ref().metadata()?.len().checked_sub(SEAL) else { return Ok(None) };
    let (_, hash) = hash_of(&mut file.by_ref().take(length))?;
    let mut seal = Vec::new();
    file.read_to_end(&mut seal)?;
    if seal != hash {
        return Ok(None);
    }
    file.rewind()?;
    let mut content = file.take(length);
    let mut line = Vec::new();
    content.read_until(b'\n', &mut line)?;
    Ok(Some((line, content)))
}

/// Bytes as hexadecimal digits.
pub fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// A file being written, whose bytes are counted and hashed on their way.
pub struct Sealing {
    file: BufWriter<File>,
    hash: Sha256,
    size: u64,
}

impl Sealing {
    /// The beginning of `file`.
    pub fn new(file: File) -> Sealing {
        Sealing { file: BufWriter::with_capacity(CHUNK, file), hash: Sha256::new(), size: 0 }
    }

    /// Puts the hash of what was written, 32 bytes, at the end of the file, and sees it through to the disk.
    ///
    /// # Errors
    /// An I/O error.
    pub fn close(mut self) -> io::Result<()> {
        self.file.write_all(&self.hash.finalize())?;
        self.file.flush()?;
        self.file.get_ref().sync_all()
    }

    /// Size and hash of the file once it is on the disk.
    pub(super) fn seal(mut self) -> io::Result<(u64, String)> {
        self.file.flush()?;
        self.file.get_ref().sync_all()?;
        Ok((self.size, hexadecimal(&self.hash.finalize())))
    }
}

impl Write for Sealing {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let taken = self.file.write(bytes)?;
        self.hash.update(&bytes[..taken]);
        self.size += taken as u64;
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
