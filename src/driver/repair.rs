//! Repairs JSON with raw control characters. Instances send those of imported or scripted records unescaped, and one makes a whole page
//! invalid.

/// The text with the control characters in its strings escaped, and their number.
pub(super) fn without_controls(text: &str) -> (String, usize) {
    let (mut repaired, mut found, mut inside, mut escaped) = (String::with_capacity(text.len()), 0, false, false);
    for letter in text.chars() {
        if inside && letter < '\u{20}' {
            repaired.push_str(&format!("\\u{:04x}", u32::from(letter)));
            (found, escaped) = (found + 1, false);
            continue;
        }
        match letter {
            _ if escaped => escaped = false,
            '\\' if inside => escaped = true,
            '"' => inside = !inside,
            _ => {}
        }
        repaired.push(letter);
    }
    (repaired, found)
}
