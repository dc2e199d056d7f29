//! Paths of the Table API (documentation page "Table API").

use super::encode::percent_encode;

/// The requested form of values (`sysparm_display_value`).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum DisplayValue {
    /// The stored value, with dates in UTC.
    #[default]
    Raw,
    /// The display value, with dates in the caller's time zone.
    Label,
    /// Both, as an object.
    Both,
}

/// One page of a table.
#[derive(Debug, Clone, Copy)]
pub struct List<'a> {
    /// The table's name.
    pub table: &'a str,
    /// The encoded query, with its order.
    pub query: &'a str,
    /// Fields, comma separated. Empty for all.
    pub fields: &'a str,
    /// The form of the values.
    pub display_value: DisplayValue,
    /// The number of rows requested.
    pub limit: u64,
    /// The number of rows skipped.
    pub offset: u64,
    /// Whether the instance counts the rows of the query.
    pub count: bool,
}

impl List<'_> {
    /// Path and query string. The `Link` header is always suppressed: it repeats a long query up to four times and can
    /// exceed the header limits of proxies.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = table_path(self.table);
        path.push_str("?sysparm_query=");
        percent_encode(self.query, &mut path);
        if !self.fields.is_empty() {
            path.push_str("&sysparm_fields=");
            percent_encode(self.fields, &mut path);
        }
        push_display_value(self.display_value, &mut path);
        path.push_str("&sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true&sysparm_limit=");
        path.push_str(&self.limit.to_string());
        path.push_str("&sysparm_offset=");
        path.push_str(&self.offset.to_string());
        if !self.count {
            path.push_str("&sysparm_no_count=true");
        }
        path
    }
}

fn table_path(table: &str) -> String {
    let mut path = String::from("/api/now/table/");
    percent_encode(table, &mut path);
    path
}

fn push_display_value(display_value: DisplayValue, path: &mut String) {
    match display_value {
        DisplayValue::Raw => {}
        DisplayValue::Label => path.push_str("&sysparm_display_value=true"),
        DisplayValue::Both => path.push_str("&sysparm_display_value=all"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn page_path_has_every_parameter() {
        let list = List {
            table: "incident",
            query: "active=true^ORDERBYsys_id",
            fields: "sys_id,number",
            display_value: DisplayValue::Both,
            limit: 1000,
            offset: 2000,
            count: false,
        };
        assert_eq!(
            list.path(),
            "/api/now/table/incident?sysparm_query=active%3Dtrue%5EORDERBYsys_id&sysparm_fields=sys_id%2Cnumber\
             &sysparm_display_value=all&sysparm_exclude_reference_link=true&sysparm_suppress_pagination_header=true\
             &sysparm_limit=1000&sysparm_offset=2000&sysparm_no_count=true"
        );
    }

    #[test]
    fn table_name_cannot_reach_another_path() {
        let list = List {
            table: "../oauth_entity",
            query: "",
            fields: "",
            display_value: DisplayValue::Raw,
            limit: 1,
            offset: 0,
            count: true,
        };
        assert!(list.path().starts_with("/api/now/table/..%2Foauth_entity?"));
    }
}
