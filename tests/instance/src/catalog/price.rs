//! Prices: stored as decimal texts, added up in cents, shown in the currency of the system.

/// The currency of the base system.
pub(super) const CURRENCY: &str = "USD";

/// The cents of a stored price. What is no number costs nothing.
pub(super) fn cents(price: &str) -> i64 {
    let (negative, digits) = match price.trim().strip_prefix('-') {
        Some(digits) => (true, digits),
        None => (false, price.trim()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let fraction: String = fraction.chars().chain("00".chars()).take(2).collect();
    let parsed = (whole.parse::<u32>(), fraction.parse::<u32>());
    let amount = match parsed {
        (Ok(whole), Ok(fraction)) => i64::from(whole) * 100 + i64::from(fraction),
        (Err(_), Ok(fraction)) if whole.is_empty() => i64::from(fraction),
        _ => 0,
    };
    if negative { -amount } else { amount }
}

/// As a price is stored: "1598", "799.99".
pub(super) fn stored(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    match cents % 100 {
        0 => format!("{sign}{}", cents / 100),
        rest => format!("{sign}{}.{rest:02}", cents / 100),
    }
}

/// As a price is shown: "$1,598.00".
pub(super) fn shown(cents: i64) -> String {
    let (sign, cents) = (if cents < 0 { "-" } else { "" }, cents.unsigned_abs());
    let whole = (cents / 100).to_string();
    let mut grouped = String::with_capacity(whole.len() * 2);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}${grouped}.{:02}", cents % 100)
}

#[cfg(test)]
mod tests {
    use super::{cents, shown, stored};

    #[test]
    fn price_is_added_up_in_cents_and_shown_with_groups() {
        for (text, amount, display) in [
            ("1598", 159_800, "$1,598.00"),
            ("799.99", 79_999, "$799.99"),
            ("0.5", 50, "$0.50"),
            ("", 0, "$0.00"),
            ("-20", -2000, "-$20.00"),
            ("1234567.8", 123_456_780, "$1,234,567.80"),
            ("free", 0, "$0.00"),
        ] {
            assert_eq!((cents(text), shown(cents(text)).as_str()), (amount, display), "{text}");
        }
        assert_eq!(["1598", "799.99", "0.50"].map(|text| stored(cents(text))), ["1598", "799.99", "0.50"]);
    }
}
