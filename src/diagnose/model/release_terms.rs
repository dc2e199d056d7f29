//! Terms that depend on the release or on the instance: menu names and the names of records. Texts of causes hold them in
//! braces. A step of some releases only begins with `{since ...}` or `{before ...}`.
//!
//! For an unknown release, such a step names its releases, and a menu is given with both names.

/// The releases with known menu names, oldest first: the name in `glide.buildname` without spaces, and the display name.
pub const RELEASES: &[(&str, &str)] = &[
    ("vancouver", "Vancouver"),
    ("washingtondc", "Washington DC"),
    ("xanadu", "Xanadu"),
    ("yokohama", "Yokohama"),
    ("zurich", "Zurich"),
    ("australia", "Australia"),
    ("brazil", "Brazil"),
];

/// A term in braces.
pub(crate) struct Term {
    pub(crate) name: &'static str,
    /// The text for an unknown release.
    pub(crate) otherwise: &'static str,
    /// The text from each release on, newest first. The empty name means every release.
    pub(crate) since: &'static [(&'static str, &'static str)],
}

const fn named(name: &'static str, otherwise: &'static str) -> Term {
    Term { name, otherwise, since: &[] }
}

/// Sources: documentation pages "OAuth inbound integrations" (Zurich: the forms of the application registry are deprecated) and
/// "Create a service account" (Zurich: Identity type).
pub(crate) static TERMS: &[Term] = &[
    Term {
        name: "registry",
        otherwise: "System OAuth > Application Registry (from Zurich: Machine Identity Console > Inbound integrations)",
        since: &[
            ("zurich", "Machine Identity Console > Inbound integrations"),
            ("", "System OAuth > Application Registry"),
        ],
    },
    Term {
        name: "record",
        otherwise: "application registry record",
        since: &[("zurich", "inbound integration's record"), ("", "application registry record")],
    },
    Term {
        name: "serviceUser",
        otherwise: "Web service access only (from Zurich: Identity type Machine)",
        since: &[("zurich", "Identity type Machine"), ("", "Web service access only")],
    },
    named("api", "this API"),
    named("clientId", "the client"),
    named("operation", "write or delete"),
    named("origin", "this page's origin"),
    named("redirectUri", "the exact address"),
    named("scope", "the scope"),
    named("table", "the table"),
    named("url", "the instance"),
    named("user", "the integration user"),
];

/// Replaces the terms of a text by those of the release and by values of the instance (`values`, names without braces).
/// `None` for a step that this release does not have.
#[must_use]
pub fn filled(text: &str, release: &str, values: &[(&str, &str)]) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, (word, after))) =
        rest.split_once('{').and_then(|(before, rest)| Some((before, rest.split_once('}')?)))
    {
        out.push_str(before);
        match word.split_once(' ') {
            Some((bound @ ("since" | "before"), first)) => {
                out.push_str(&condition(bound == "since", first, release)?);
            }
            _ => match term(word, release, values) {
                Some(words) => out.push_str(words),
                None => out.extend(["{", word, "}"]),
            },
        }
        rest = after;
    }
    out.push_str(rest);
    Some(out)
}

/// The steps that a release has, filled in.
pub(crate) fn steps(fix: &[&str], release: &str, values: &[(&str, &str)]) -> Vec<String> {
    fix.iter().filter_map(|step| filled(step, release, values)).collect()
}

/// The name of a release in [`RELEASES`], from a name in any case and with any spaces.
pub(crate) fn plain(release: &str) -> String {
    release.to_ascii_lowercase().replace([' ', '_', '-'], "")
}

fn place(release: &str) -> Option<usize> {
    RELEASES.iter().position(|(name, _)| *name == release)
}

/// The prefix of a step that only some releases have. `None` if this release does not have it.
fn condition(since: bool, first: &str, release: &str) -> Option<String> {
    match (place(release), place(first)) {
        (Some(this), Some(first)) => ((this >= first) == since).then(String::new),
        (_, first) => {
            let name = first.and_then(|at| RELEASES.get(at)).map_or("", |(_, name)| *name);
            Some(if since { ["From ", name, " on: "].concat() } else { ["Before ", name, ": "].concat() })
        }
    }
}

fn term<'a>(word: &str, release: &str, values: &[(&str, &'a str)]) -> Option<&'a str> {
    if let Some((_, value)) = values.iter().find(|(name, value)| *name == word && !value.is_empty()) {
        return Some(value);
    }
    let term = TERMS.iter().find(|term| term.name == word)?;
    let Some(this) = place(release) else { return Some(term.otherwise) };
    let fits = |first: &str| place(first).is_none_or(|first| this >= first);
    Some(term.since.iter().find(|(first, _)| fits(first)).map_or(term.otherwise, |(_, words)| words))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn menu_has_the_name_of_its_release_or_both_names() {
        let text_for = |release| filled("Under {registry} open {clientId}.", release, &[("clientId", "abc")]).unwrap();
        assert_eq!(text_for("yokohama"), "Under System OAuth > Application Registry open abc.");
        assert_eq!(text_for("zurich"), "Under Machine Identity Console > Inbound integrations open abc.");
        assert!(
            text_for("").contains("Application Registry (from Zurich: Machine Identity Console"),
            "{}",
            text_for("")
        );
        assert_eq!(text_for("brazil"), text_for("zurich"));
        assert_eq!(text_for("later"), text_for(""), "a release that is not known");
    }

    #[test]
    fn step_is_kept_for_its_releases_and_names_them_if_unknown() {
        let text_for = |text, release| filled(text, release, &[]);
        assert_eq!(text_for("{since washingtondc}Set it.", "vancouver"), None);
        assert_eq!(text_for("{since washingtondc}Set it.", "washingtondc").as_deref(), Some("Set it."));
        assert_eq!(text_for("{before zurich}Set it.", "zurich"), None);
        assert_eq!(text_for("{before zurich}Set it.", "").as_deref(), Some("Before Zurich: Set it."));
        assert_eq!(text_for("{since washingtondc}Set it.", "").as_deref(), Some("From Washington DC on: Set it."));
    }

    #[test]
    fn unknown_value_is_replaced_by_a_general_term() {
        assert_eq!(filled("Grant {user} it.", "", &[("user", "")]).as_deref(), Some("Grant the integration user it."));
        assert_eq!(filled("An open { brace.", "", &[]).as_deref(), Some("An open { brace."));
        assert_eq!(plain("Washington DC"), "washingtondc");
    }
}
