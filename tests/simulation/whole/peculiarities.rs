//! What differs between instances and is no fault: release, words, limits.

use sysparm_instance::{InvalidFields, Language, Release, Switches, TokenErrorStyle, UnknownChoice, every};

use crate::world::Random;

/// The switches of one instance, from a random source of their own.
#[derive(Debug, Clone)]
pub(crate) struct Peculiarities {
    release: Release,
    language: Language,
    token_error_style: TokenErrorStyle,
    invalid_field_regime: InvalidFields,
    unknown_choice: UnknownChoice,
    client_in_basic_header: bool,
    domain_separation: bool,
    offset_scan: bool,
    session_queue: bool,
    signing_key: u32,
    largest_body: usize,
}

impl Peculiarities {
    pub(crate) fn of(seed: u64) -> Self {
        let mut random = Random(seed ^ 0x7065_6375_6c69_6172);
        Self {
            // Vancouver gives client credentials the tokens of a guest.
            release: one_of(&mut random, every::<Release>().split_off(1)),
            language: one_of(&mut random, every::<Language>()),
            token_error_style: one_of(&mut random, every::<TokenErrorStyle>()),
            invalid_field_regime: one_of(&mut random, every::<InvalidFields>()),
            unknown_choice: one_of(&mut random, every::<UnknownChoice>()),
            client_in_basic_header: random.below(2) == 0,
            domain_separation: random.below(4) == 0,
            offset_scan: random.below(4) == 0,
            session_queue: random.below(2) == 0,
            signing_key: 1 + u32::from(random.below(2) == 0),
            largest_body: [10 * 1024 * 1024, 64 * 1024][random.below(2) as usize],
        }
    }

    pub(crate) fn switches(&self) -> Switches {
        // The words of a 401 follow from the release.
        let release = serde_json::json!({ "release": self.release });
        let switches = Switches::default().changed(&release).expect("a release is a switch");
        Switches {
            language: self.language,
            token_error_style: self.token_error_style,
            invalid_field_regime: self.invalid_field_regime,
            unknown_choice: self.unknown_choice,
            client_in_basic_header: self.client_in_basic_header,
            domain_separation: self.domain_separation,
            offset_scan: self.offset_scan,
            session_queue: self.session_queue,
            signing_key: self.signing_key,
            largest_body: self.largest_body,
            ..switches
        }
    }
}

fn one_of<T: Copy>(random: &mut Random, all: Vec<T>) -> T {
    all[random.below(all.len() as u64) as usize]
}
