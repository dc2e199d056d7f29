//! What can be wrong, as rows: a stable name, one sentence, the steps that mend it, and the public source.
//!
//! `{clientId}`, `{table}`, `{user}`, `{scope}`, `{origin}`, `{redirectUri}`, `{operation}` and `{url}` are filled in.

mod access;
mod sign_in;
mod transport;

/// A row.
pub(super) struct Cause {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    pub(super) fix: &'static [&'static str],
    pub(super) source: &'static str,
}

const fn cause(code: &'static str, title: &'static str, fix: &'static [&'static str], source: &'static str) -> Cause {
    Cause { code, title, fix, source }
}

pub(super) fn find(code: &str) -> Option<&'static Cause> {
    all().find(|cause| cause.code == code)
}

pub(super) fn all() -> impl Iterator<Item = &'static Cause> {
    transport::CAUSES.iter().chain(&sign_in::CAUSES).chain(&access::CAUSES)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    #[test]
    fn every_cause_has_a_name_of_its_own_a_fix_and_a_source() {
        let mut names = BTreeSet::new();
        for cause in super::all() {
            assert!(names.insert(cause.code), "{} stands twice", cause.code);
            assert!(!cause.fix.is_empty() && !cause.source.is_empty() && !cause.title.ends_with('.'), "{}", cause.code);
        }
        assert!(names.len() > 40);
    }

    #[test]
    fn every_cause_that_a_check_names_is_in_the_table() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/diagnose/doctor/checks");
        let mut seen = 0;
        for entry in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
            for quoted in text.split('"').skip(1).step_by(2) {
                let rooms = ["network.", "instance.", "token.", "api.", "table.", "cors.", "capacity.", "rate."];
                let is_code = rooms.iter().any(|room| quoted.starts_with(room))
                    && quoted.bytes().all(|byte| byte.is_ascii_lowercase() || b".-".contains(&byte));
                let is_check =
                    text.contains(&format!("code: \"{quoted}\"")) || text.contains(&format!("(\"{quoted}\", "));
                if is_code && !is_check {
                    assert!(super::find(quoted).is_some(), "{quoted}");
                    seen += 1;
                }
            }
        }
        assert!(seen > 30, "{seen}");
    }
}
