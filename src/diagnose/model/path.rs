//! What the path of a request names, derived from its form. It does not depend on the language of the instance.

/// The APIs of `/api/now` that every instance has and that are followed by a table.
const OF_TABLES: &[&str] = &["table", "stats", "import"];

/// The segments of a path, without its query string.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Path<'a> {
    /// Behind the namespace and the version: `table/incident/…`.
    rest: &'a str,
    is_now: bool,
    /// Whether the version is the first, whose lists answer 404 where no row matches (KB0551763).
    is_first_version: bool,
}

impl<'a> Path<'a> {
    pub(crate) fn of(path: &'a str) -> Self {
        let endpoint = path.split('?').next().unwrap_or_default().trim_end_matches('/');
        let behind = endpoint.strip_prefix("/api/").unwrap_or_default();
        let (namespace, rest) = behind.split_once('/').unwrap_or((behind, ""));
        let version = rest.split('/').next().unwrap_or_default();
        let is_version = matches!(version.as_bytes(), [b'v', b'0'..=b'9', ..]);
        let rest = if is_version { rest.get(version.len() + 1..).unwrap_or_default() } else { rest };
        Self { rest, is_now: namespace == "now", is_first_version: version == "v1" }
    }

    fn segment(self, at: usize) -> &'a str {
        self.rest.split('/').nth(at).unwrap_or_default()
    }

    /// The table, where the path is one of an API of tables.
    pub(crate) fn table(self) -> Option<&'a str> {
        let table = self.segment(1);
        (self.is_now && OF_TABLES.contains(&self.segment(0)) && !table.is_empty()).then_some(table)
    }

    /// The table whose rows it counts.
    pub(crate) fn counts(self) -> Option<&'a str> {
        self.table().filter(|_| self.segment(0) == "stats")
    }

    /// Whether every instance serves it, so that a missing API means that it was switched off.
    pub(crate) fn is_base_api(self) -> bool {
        self.table().is_some() || self.is_now && self.segment(0) == "attachment" && !self.segment(1).is_empty()
    }

    /// Whether it names one record; nothing where the form of the API is not known.
    pub(crate) fn names_record(self) -> Option<bool> {
        let is_id = |segment: &str| segment.len() == 32 && segment.bytes().all(|byte| byte.is_ascii_hexdigit());
        if self.rest.split('/').any(is_id) {
            return Some(true);
        }
        match (self.is_now, self.segment(0)) {
            (true, "table" | "import") => Some(!self.segment(2).is_empty()),
            (true, "attachment") => Some(!matches!(self.segment(1), "" | "file" | "upload")),
            (true, "stats" | "batch") => Some(false),
            _ => None,
        }
    }

    /// Whether it has a record's number, such as INC0010001, where the sys_id belongs.
    pub(crate) fn has_record_number(self) -> bool {
        let text = self.segment(2);
        let digits = text.trim_start_matches(|letter: char| letter.is_ascii_uppercase());
        let is_number = digits.len() >= 5 && digits.bytes().all(|byte| byte.is_ascii_digit());
        self.is_now && self.segment(0) == "table" && is_number && digits.len() < text.len()
    }

    #[cfg(feature = "circumstances")]
    /// Whether it is a path of the Table API.
    pub(crate) fn is_of_table_api(self) -> bool {
        self.is_now && self.segment(0) == "table" && self.table().is_some()
    }

    /// Whether it is a list that answers 404 where no row matches.
    pub(crate) fn is_first_list(self) -> bool {
        self.is_first_version && self.is_now && self.segment(0) == "table" && self.names_record() == Some(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn number_in_place_of_a_sys_id_is_recognised() {
        for path in ["/api/now/table/incident/INC0010001", "/api/now/v2/table/sc_task/SCTASK0010001?sysparm_fields=a"] {
            assert!(Path::of(path).has_record_number(), "{path}");
        }
        for path in [
            "/api/now/table/incident/0123456789abcdef0123456789ABCDEF",
            "/api/now/table/incident/01234567890123456789012345678901",
            "/api/now/table/incident/none",
            "/api/now/table/incident/INC12",
            "/api/now/attachment/INC0010001/file",
        ] {
            assert!(!Path::of(path).has_record_number(), "{path}");
        }
    }

    #[test]
    fn record_is_known_by_the_form_of_its_path() {
        let id = "0123456789abcdef0123456789ABCDEF";
        for (path, names) in [
            ("/api/now/table/incident/none", Some(true)),
            ("/api/now/v2/table/incident/none?sysparm_fields=a", Some(true)),
            ("/api/now/table/incident", Some(false)),
            ("/api/now/table/incident/", Some(false)),
            ("/api/now/v1/stats/incident", Some(false)),
            ("/api/now/v1/batch", Some(false)),
            ("/api/now/attachment", Some(false)),
            ("/api/now/attachment/file?file_name=a/b", Some(false)),
            ("/api/now/attachment/a/file", Some(true)),
            ("/api/sn_chg_rest/v1/change", None),
            (&format!("/api/sn_chg_rest/v1/change/{id}"), Some(true)),
            ("/nothing", None),
        ] {
            assert_eq!(Path::of(path).names_record(), names, "{path}");
        }
    }

    #[test]
    fn table_is_named_by_the_apis_of_tables() {
        assert_eq!(Path::of("/api/now/v2/table/incident?x=y").table(), Some("incident"));
        assert_eq!(Path::of("/api/now/stats/incident").table(), Some("incident"));
        assert_eq!(Path::of("/api/now/attachment/x").table(), None);
        assert_eq!(Path::of("/api/x/table/incident").table(), None);
        assert!(Path::of("/api/now/v1/table/incident").is_first_list());
        assert!(!Path::of("/api/now/v2/table/incident").is_first_list());
    }
}
