//! The keys that sign access tokens in JWT form: each follows from the instance's seed and its number, the one that the switch
//! `signing_key` names signs, and those that signed before stay listed for 105 days ("Configure an OAuth Client credential grant").
//!
//! The documentation names no algorithm. ES256 is used here: such a key is 32 random bytes, where an RSA key from a seed would cost
//! every instance seconds of search for primes.

use jsonwebtoken::jwk::{Jwk, KeyAlgorithm, PublicKeyUse};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

/// The time for which a rotated key stays listed, in milliseconds.
const LISTED_MS: u64 = 105 * 86_400_000;
/// Rotated keys beyond this leave the list early.
const MAX_LISTED: usize = 100;
/// What precedes the 32 bytes of a P-256 key in PKCS #8 (RFC 5208; RFC 5915 without the public key, which follows from it).
const PRECEDING: [u8; 35] = [
    0x30, 0x41, 0x02, 0x01, 0x00, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a,
    0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07, 0x04, 0x27, 0x30, 0x25, 0x02, 0x01, 0x01, 0x04, 0x20,
];

/// The key that signs, and those that signed before.
#[derive(Debug)]
pub(crate) struct SigningKeys {
    seed: u64,
    current: u32,
    /// The number of the key, and the end of its listing.
    rotated: Vec<(u32, u64)>,
}

impl SigningKeys {
    pub(crate) fn of(seed: u64, current: u32) -> Self {
        Self { seed, current, rotated: Vec::new() }
    }

    /// Makes the key of this number the signing key.
    pub(super) fn follow(&mut self, number: u32, now: u64) {
        if number != self.current {
            self.rotated.push((self.current, now.saturating_add(LISTED_MS)));
            self.rotated.retain(|(other, _)| *other != number);
            self.current = number;
        }
        self.rotated.retain(|(_, until)| *until > now);
        let beyond = self.rotated.len().saturating_sub(MAX_LISTED);
        self.rotated.drain(..beyond);
    }

    /// A JWT with these claims; `None` in the one case of 2^32 in which the digest is no number of the curve.
    pub(super) fn sign(&self, claims: &Value) -> Option<String> {
        let header = Header { kid: Some(self.name(self.current)), ..Header::new(Algorithm::ES256) };
        encode(&header, claims, &self.key(self.current)).ok()
    }

    /// The public halves as a JWK set (RFC 7517), the one that signs first.
    pub(super) fn listed(&self) -> Value {
        let numbers = core::iter::once(self.current).chain(self.rotated.iter().rev().map(|(number, _)| *number));
        let keys: Vec<Jwk> = numbers.filter_map(|number| self.public(number)).collect();
        json!({ "keys": keys })
    }

    fn public(&self, number: u32) -> Option<Jwk> {
        let mut key = Jwk::from_encoding_key(&self.key(number), Algorithm::ES256).ok()?;
        key.common.key_id = Some(self.name(number));
        key.common.key_algorithm = Some(KeyAlgorithm::ES256);
        key.common.public_key_use = Some(PublicKeyUse::Signature);
        Some(key)
    }

    fn key(&self, number: u32) -> EncodingKey {
        let secret = self.digest("key", number);
        EncodingKey::from_ec_der(&[PRECEDING.as_slice(), &secret].concat())
    }

    fn name(&self, number: u32) -> String {
        self.digest("name", number).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
    }

    fn digest(&self, purpose: &str, number: u32) -> Vec<u8> {
        let seed = self.seed;
        Sha256::digest(format!("practice instance/{purpose}/{seed}/{number}")).to_vec()
    }
}

#[cfg(test)]
mod tests {
    use super::SigningKeys;

    #[test]
    fn key_follows_from_the_seed_and_its_id_reveals_no_secret() {
        let names = |seed, number| SigningKeys::of(seed, number).listed().to_string();
        assert_eq!(names(7, 1), names(7, 1));
        assert_ne!(names(7, 1), names(7, 2));
        assert_ne!(names(7, 1), names(8, 1));
    }

    #[test]
    fn rotated_keys_are_bounded() {
        let mut keys = SigningKeys::of(7, 1);
        for number in 2..200 {
            keys.follow(number, 0);
        }
        assert_eq!(keys.listed()["keys"].as_array().map(Vec::len), Some(101));
    }
}
