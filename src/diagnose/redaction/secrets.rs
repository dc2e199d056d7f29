//! Redacts known secrets in any encoding. A secret is recognized by its exact text, never by a pattern. A server that echoes a request
//! may cut it anywhere, so each piece of a secret counts as one.

use zeroize::Zeroize;

use super::decoding::{Decoded, decoded, plain};
use crate::secret::Secret;

const MASK: &str = "[redacted]";

/// The length in bytes of a piece. Any run of this length within a secret is redacted.
const PIECE: usize = 8;
/// A shorter secret can be part of an unrelated word, so only a whole word of it is redacted.
const SHORTEST_INSIDE: usize = 6;
/// A shorter one occurs in any sentence. Redacting it would reveal it.
const SHORTEST: usize = 3;

/// The number of layers that are decoded. Each layer is one pass over the text.
const MOST_LAYERS: usize = 8;

/// A long text is decoded in blocks to bound memory. Blocks overlap by more than the longest encoding of a piece.
const BLOCK: usize = 16 * 1024;
const OVERLAP: usize = 512;

/// The pieces of some secrets. Never printed, and overwritten when dropped.
pub struct Secrets {
    /// A table of pieces by their hash; 0 where there is none.
    pieces: Vec<u64>,
    /// Secrets shorter than a piece.
    short: Vec<Vec<u8>>,
}

impl Secrets {
    /// Of these texts, as they are and with their own encodings undone.
    #[must_use]
    pub fn of(texts: &[Secret]) -> Self {
        let (mut pieces, mut short) = (Vec::new(), Vec::new());
        for text in texts {
            layers(text.expose().as_bytes(), |layer| {
                if (SHORTEST..PIECE).contains(&layer.len()) {
                    short.push(layer.iter().map(alike).collect());
                }
                each_piece(layer, |_, piece| pieces.push(piece));
            });
        }
        let mut secrets = Self { pieces: vec![0; (2 * pieces.len()).next_power_of_two()], short };
        for piece in &pieces {
            if let Some(slot) = secrets.slot(*piece).and_then(|slot| secrets.pieces.get_mut(slot)) {
                *slot = *piece;
            }
        }
        pieces.zeroize();
        secrets
    }

    /// The text without them; nothing where none is in it.
    #[must_use]
    pub fn masked(&self, text: &str) -> Option<String> {
        let mut hidden = vec![false; text.len()];
        for from in (0..text.len()).step_by(BLOCK) {
            let block = from.saturating_sub(OVERLAP)..(from + BLOCK + OVERLAP).min(text.len());
            let (Some(bytes), Some(hidden)) = (text.as_bytes().get(block.clone()), hidden.get_mut(block)) else {
                break;
            };
            layers(bytes, |layer| self.hide(layer, hidden));
        }
        if !hidden.contains(&true) {
            return None;
        }
        let (mut out, mut inside) = (String::with_capacity(text.len()), false);
        let mut until = 0;
        for (at, character) in text.char_indices() {
            let end = at + character.len_utf8();
            // A character is hidden with any byte of it.
            let is_hidden = hidden.get(until..end).is_some_and(|bytes| bytes.contains(&true));
            if !is_hidden {
                out.push(character);
            } else if !inside {
                out.push_str(MASK);
            }
            (inside, until) = (is_hidden, end);
        }
        Some(out)
    }

    fn hide(&self, layer: &[Decoded], hidden: &mut [bool]) {
        let mut cover = |from: usize, to: usize| {
            let places = layer.get(from).zip(layer.get(to)).map(|(first, last)| first.start..last.end);
            if let Some(bytes) = places.and_then(|places| hidden.get_mut(places)) {
                bytes.fill(true);
            }
        };
        each_piece(layer, |from, piece| {
            let held = self.slot(piece).and_then(|slot| self.pieces.get(slot));
            if held == Some(&piece) {
                cover(from, from + PIECE - 1);
            }
        });
        for short in &self.short {
            let is_word = |at: usize| layer.get(at).is_some_and(|decoded| is_part_of_word(decoded.byte));
            for (from, found) in layer.windows(short.len()).enumerate() {
                let end = from + short.len();
                let stands_alone = short.len() >= SHORTEST_INSIDE || !(from > 0 && is_word(from - 1) || is_word(end));
                if stands_alone && found.iter().map(alike).eq(short.iter().copied()) {
                    cover(from, end - 1);
                }
            }
        }
    }

    /// Where a piece is in the table, or would be.
    fn slot(&self, piece: u64) -> Option<usize> {
        let last = self.pieces.len() - 1;
        let hash = usize::try_from(piece.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40).ok()?;
        (0..=last).map(|step| (hash + step) & last).find(|at| {
            let held = self.pieces.get(*at).copied().unwrap_or_default();
            held == 0 || held == piece
        })
    }
}

impl Drop for Secrets {
    fn drop(&mut self) {
        self.pieces.zeroize();
        self.short.zeroize();
    }
}

impl core::fmt::Debug for Secrets {
    fn fmt(&self, formatter: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        formatter.write_str(MASK)
    }
}

/// The text as it is, and without its outermost encoding, and so on to its plain text.
fn layers(text: &[u8], mut each: impl FnMut(&[Decoded])) {
    let mut layer = plain(text);
    for _ in 0..MOST_LAYERS {
        each(&layer);
        match decoded(&layer) {
            Some(next) => layer = next,
            None => return,
        }
    }
}

fn each_piece(layer: &[Decoded], mut each: impl FnMut(usize, u64)) {
    let mut piece = 0;
    for (at, decoded) in layer.iter().enumerate() {
        piece = piece << 8 | u64::from(alike(decoded));
        // Blanks are no part of a secret that would be known again.
        if at + 1 >= PIECE && piece != u64::from_ne_bytes([b' '; PIECE]) {
            each(at + 1 - PIECE, piece);
        }
    }
}

/// What encodings write differently is the same: a blank and `+`, a line's end, the last letters of both alphabets of base64.
const fn alike(decoded: &Decoded) -> u8 {
    match decoded.byte {
        0..=b' ' | b'+' | b'-' => b' ',
        b'_' => b'/',
        byte => byte,
    }
}

const fn is_part_of_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_' || byte >= 128
}

#[cfg(test)]
mod tests;
