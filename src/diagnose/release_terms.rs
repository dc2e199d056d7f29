//! Words of set-up that are not the same everywhere: what a release calls its menus, and the names that one instance gives. Texts
//! of causes hold them in braces, and a step that only some releases have begins with `{since ...}` or `{before ...}`.
//!
//! Where the release is not known, such a step says for which it is, and a menu is told with both of its names.

/// The releases that menus are known for, oldest first: the name as `glide.buildname` has it without spaces, and as people write it.
pub const RELEASES: [(&str, &str); 7] = [
    ("vancouver", "Vancouver"),
    ("washingtondc", "Washington DC"),
    ("xanadu", "Xanadu"),
    ("yokohama", "Yokohama"),
    ("zurich", "Zurich"),
    ("australia", "Australia"),
    ("brazil", "Brazil"),
];

/// A word in braces.
pub(super) struct Term {
    pub(super) name: &'static str,
    /// What it is where nothing is known.
    pub(super) otherwise: &'static str,
    /// What it is from a release on, newest first; the empty name is every release.
    pub(super) since: &'static [(&'static str, &'static str)],
}

const fn named(name: &'static str, otherwise: &'static str) -> Term {
    Term { name, otherwise, since: &[] }
}

/// Sources: documentation pages "OAuth inbound integrations" (Zurich: the forms of the application registry are deprecated) and
/// "Create a service account" (Zurich: Identity type).
pub(super) static TERMS: [Term; 12] = [
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

/// A text with its words filled in: those of the release, and of what is known of the instance (`values`, without braces).
/// Nothing when it is a step that this release does not have.
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

/// A release's name as [`RELEASES`] has it, whatever its capitals and spaces.
pub(crate) fn plain(release: &str) -> String {
    release.to_ascii_lowercase().replace([' ', '_', '-'], "")
}

fn place(release: &str) -> Option<usize> {
    RELEASES.iter().position(|(name, _)| *name == release)
}

/// What stands before a step that some releases have; nothing when this one has not.
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
    fn a_menu_has_the_words_of_its_release_and_both_where_none_is_known() {
        let told = |release| filled("Under {registry} open {clientId}.", release, &[("clientId", "abc")]).unwrap();
        assert_eq!(told("yokohama"), "Under System OAuth > Application Registry open abc.");
        assert_eq!(told("zurich"), "Under Machine Identity Console > Inbound integrations open abc.");
        assert!(told("").contains("Application Registry (from Zurich: Machine Identity Console"), "{}", told(""));
        assert_eq!(told("brazil"), told("zurich"));
        assert_eq!(told("later"), told(""), "a release that is not known");
    }

    #[test]
    fn a_step_stands_where_its_release_has_it_and_says_so_where_none_is_known() {
        let told = |text, release| filled(text, release, &[]);
        assert_eq!(told("{since washingtondc}Set it.", "vancouver"), None);
        assert_eq!(told("{since washingtondc}Set it.", "washingtondc").as_deref(), Some("Set it."));
        assert_eq!(told("{before zurich}Set it.", "zurich"), None);
        assert_eq!(told("{before zurich}Set it.", "").as_deref(), Some("Before Zurich: Set it."));
        assert_eq!(told("{since washingtondc}Set it.", "").as_deref(), Some("From Washington DC on: Set it."));
    }

    #[test]
    fn what_is_not_known_of_the_instance_is_told_in_general() {
        assert_eq!(filled("Grant {user} it.", "", &[("user", "")]).as_deref(), Some("Grant the integration user it."));
        assert_eq!(filled("An open { brace.", "", &[]).as_deref(), Some("An open { brace."));
        assert_eq!(plain("Washington DC"), "washingtondc");
    }
}
