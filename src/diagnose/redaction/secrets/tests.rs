//! No piece of a secret can be read from redacted text, in any encoding and wherever an echo cuts it.

use super::*;
use proptest::prelude::*;

fn secrets(texts: &[&str]) -> Secrets {
    Secrets::of(&texts.iter().map(|text| Secret::new((*text).to_owned())).collect::<Vec<_>>())
}

fn masked(secret: &str, text: &str) -> String {
    secrets(&[secret]).masked(text).unwrap_or_else(|| text.to_owned())
}

#[test]
fn secret_is_found_in_every_encoding() {
    let secret = "pä ss&w/rd+1";
    for encoded in [
        "pä ss&w/rd+1",
        "p%C3%A4%20ss%26w%2Frd%2B1",
        "p%c3%a4+ss%26w%2frd%2b1",
        r"p\u00e4 ss\u0026w\/rd\u002B1",
        "p&auml; ss&amp;w&sol;rd&plus;1",
        "p&#228; ss&#38;w&#x2F;rd&#43;1",
        "p%25C3%25A4%2520ss%2526w%252Frd%252B1",
        "p\\\\u00e4 ss&amp;amp;w/rd+1",
        "%22p%C3%A4+ss%5Cu0026w%5C%2Frd%2B1%22",
    ] {
        let echoed = format!("it said <{encoded}>.");
        let hidden = masked(secret, &echoed);
        assert!(!hidden.contains("ss") && hidden.starts_with("it said <") && hidden.ends_with(">."), "{hidden}");
    }
}

#[test]
fn base64_is_found_in_both_alphabets_and_without_padding() {
    for text in ["Basic a+b/c+d/e+f=", "Basic a-b_c-d_e-f", "Basic%20a%2Bb%2Fc%2Bd%2Fe%2Bf%3D"] {
        let hidden = masked("a+b/c+d/e+f", text);
        assert!(hidden.contains("[redacted]") && !hidden.contains('f'), "{hidden}");
    }
}

#[test]
fn piece_of_eight_is_a_secret_and_one_of_seven_is_none() {
    assert_eq!(masked("correct-horse-battery", "cut: correct-h…"), "cut: [redacted]…");
    assert_eq!(masked("correct-horse-battery", "cut: …battery"), "cut: …battery");
    assert_eq!(masked("correct-horse-battery", "a (horse-battery) is"), "a ([redacted]) is");
}

#[test]
fn short_secret_is_found_as_a_whole_word_only() {
    for (secret, text, expected) in [
        ("abc12", "password=abc12&user=u", "password=[redacted]&user=u"),
        ("abc12", r#"{"password":"abc12"}"#, r#"{"password":"[redacted]"}"#),
        ("abc12", "xabc12 abc123 abc12_ abc12ä", "xabc12 abc123 abc12_ abc12ä"),
        ("a&b", "pw=a%26b and a&amp;b", "pw=[redacted] and [redacted]"),
        ("secret", "client_secrets", "client_[redacted]s"),
        ("no", "no no", "no no"),
    ] {
        assert_eq!(masked(secret, text), expected, "{secret}");
    }
}

#[test]
fn text_without_secrets_is_unchanged() {
    assert!(secrets(&["planted-secret"]).masked("Insufficient rights to query records: table incident").is_none());
    assert!(secrets(&[]).masked("anything").is_none());
    assert_eq!(format!("{:?}", secrets(&["planted-secret"])), "[redacted]");
}

#[test]
fn long_text_is_looked_through_to_its_end() {
    for at in (BLOCK - 2 * OVERLAP..BLOCK + 2 * OVERLAP).step_by(7) {
        let text = ["x".repeat(at), "&#99;orrect%2dhors%65-battery".to_owned(), "x".repeat(BLOCK)].concat();
        let hidden = masked("correct-horse-battery", &text);
        assert_eq!(hidden, ["x".repeat(at), MASK.to_owned(), "x".repeat(BLOCK)].concat(), "{at}");
    }
}

/// One layer that a program may put around a text, character by character.
fn encoded(text: &str, encoding: u8, choice: u64) -> String {
    let chosen = |at: usize| choice >> (at % 64) & 1 == 1;
    let mut out = String::new();
    for (at, character) in text.chars().enumerate() {
        let mut units = [0; 2];
        match encoding {
            0 => {
                let mut bytes = [0; 4];
                for byte in character.encode_utf8(&mut bytes).bytes() {
                    match byte {
                        b' ' if chosen(at) => out.push('+'),
                        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' if !chosen(at + 7) => out.push(char::from(byte)),
                        _ if chosen(at) => out.push_str(&format!("%{byte:02x}")),
                        _ => out.push_str(&format!("%{byte:02X}")),
                    }
                }
            }
            1 => match character {
                '/' if chosen(at) => out.push_str("\\/"),
                '"' | '\\' => out.extend(['\\', character]),
                _ if chosen(at) || character.is_control() => {
                    for unit in character.encode_utf16(&mut units) {
                        out.push_str(&format!("\\u{unit:04x}"));
                    }
                }
                _ => out.push(character),
            },
            2 => match character {
                '&' => out.push_str("&amp;"),
                '<' => out.push_str("&lt;"),
                '"' => out.push_str("&quot;"),
                _ if chosen(at) => out.push_str(&format!("&#{};", u32::from(character))),
                _ if chosen(at + 3) => out.push_str(&format!("&#x{:x};", u32::from(character))),
                _ => out.push(character),
            },
            _ => out.push(character),
        }
    }
    out
}

/// Every layer of a text.
fn every_layer(text: &str) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    layers(text.as_bytes(), |layer| found.push(layer.iter().map(alike).collect()));
    found
}

proptest! {
    #[test]
    fn no_piece_survives_any_encoding(
        secret in r"[!-~äß€😀 ]{8,60}",
        layered in proptest::collection::vec((0_u8..4, any::<u64>()), 0..4),
        before in r"[ -~]{0,20}",
        after in r"[ -~]{0,20}",
        cut in (0_usize..20, 0_usize..20),
    ) {
        let length = secret.chars().count();
        let piece: String = secret.chars().skip(cut.0.min(length - 8)).collect();
        let kept = piece.chars().count().saturating_sub(cut.1).max(8);
        let piece: String = piece.chars().take(kept).collect();
        // Between marks, so that no escape of its surroundings runs into it.
        let echoed = layered.iter().fold(format!("<{piece}>"), |text, (encoding, choice)| encoded(&text, *encoding, *choice));
        let echoed = format!("{before} {echoed} {after}");
        let hidden = masked(&secret, &echoed);
        let known: Vec<u8> = plain(piece.as_bytes()).iter().map(alike).collect();
        for layer in every_layer(&hidden) {
            for window in known.windows(PIECE).filter(|window| *window != [b' '; PIECE]) {
                prop_assert!(!layer.windows(PIECE).any(|seen| seen == window), "{piece:?} in {echoed:?} left {hidden:?}");
            }
        }
    }

    #[test]
    fn no_text_ends_the_masking(secret in "\\PC{0,30}", text in r"([%\\&#;ux0-9a-f]|\PC){0,200}") {
        let hidden = masked(&secret, &text);
        prop_assert!(hidden == text || hidden.contains(MASK));
    }
}
