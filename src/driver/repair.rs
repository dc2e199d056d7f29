//! Repairs JSON with raw control characters. Instances send those of imported or scripted records unescaped, and one makes a whole page
//! invalid.

/// The text with the control characters in its strings escaped; none if there are none.
pub(super) fn without_controls(text: &str) -> Option<String> {
    let (mut repaired, mut found, mut inside, mut escaped) = (String::with_capacity(text.len()), false, false, false);
    for letter in text.chars() {
        if inside && letter < '\u{20}' {
            repaired.push_str(&format!("\\u{:04x}", u32::from(letter)));
            (found, escaped) = (true, false);
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
    found.then_some(repaired)
}
