//! Actions of an administrator at the practice instance, without the client: writes rows and changes access rules.

use serde_json::Value;

/// practice.admin with its password.
pub(crate) const ADMINISTRATOR: &str = "Basic cHJhY3RpY2UuYWRtaW46cHJhY3RpY2UtYWRtaW4tcGFzc3dvcmQ=";

pub(crate) trait Administration {
    /// Sends a request as the administrator, with all faults switched off. `late` is the number of milliseconds between a written
    /// timestamp and the time at which the row becomes visible.
    fn administer(&mut self, method: &str, target: &str, body: &str, late: u64) -> Value;

    /// The `sys_id`s of all incidents, including hidden ones.
    fn all_ids(&mut self) -> Vec<String> {
        let rows = self.administer("GET", "/api/now/table/incident?sysparm_limit=1000000&sysparm_fields=sys_id", "", 0);
        rows["result"].as_array().unwrap().iter().map(|row| row["sys_id"].as_str().unwrap().to_owned()).collect()
    }

    /// Adds a rule that forbids the integration user to compare with a field or sort by it.
    fn forbid_ranges(&mut self, field: &str) {
        let rule =
            format!(r#"{{"name":"incident.{field}","type":"record","operation":"query_range","active":"true"}}"#);
        let made = self.administer("POST", "/api/now/table/sys_security_acl", &rule, 0);
        let role = self.administer("POST", "/api/now/table/sys_user_role", r#"{"name":"range_reader"}"#, 0);
        let (rule, role) = (made["result"]["sys_id"].as_str().unwrap(), role["result"]["sys_id"].as_str().unwrap());
        let body = format!(r#"{{"sys_security_acl":"{rule}","sys_user_role":"{role}"}}"#);
        self.administer("POST", "/api/now/table/sys_security_acl_role", &body, 0);
    }

    /// Hides a field from the integration user.
    fn hide_field(&mut self, field: &str) {
        let rule = format!(r#"{{"name":"incident.{field}","type":"record","operation":"read","active":"true"}}"#);
        let made = self.administer("POST", "/api/now/table/sys_security_acl", &rule, 0);
        let role = self.administer("POST", "/api/now/table/sys_user_role", r#"{"name":"field_reader"}"#, 0);
        let (rule, role) = (made["result"]["sys_id"].as_str().unwrap(), role["result"]["sys_id"].as_str().unwrap());
        let body = format!(r#"{{"sys_security_acl":"{rule}","sys_user_role":"{role}"}}"#);
        self.administer("POST", "/api/now/table/sys_security_acl_role", &body, 0);
    }

    /// Allows the integration user to read deletion records. By default only an administrator may.
    fn admit_to_deletions(&mut self) {
        let path = "/api/now/table/sys_security_acl?sysparm_query=name%3Dsys_audit_delete&sysparm_fields=sys_id";
        let rules = self.administer("GET", path, "", 0);
        for rule in rules["result"].as_array().unwrap() {
            let target = format!("/api/now/table/sys_security_acl/{}", rule["sys_id"].as_str().unwrap());
            self.administer("PATCH", &target, r#"{"active":"false"}"#, 0);
        }
    }

    /// Adds a rule that limits the requests per hour for the incident table.
    fn limit_requests(&mut self, limit: u64) {
        let row = format!(
            r#"{{"name":"hourly","active":"true","rest_api":"Table API","request_limit":"{limit}","apply_to":"all","table":"incident"}}"#
        );
        self.administer("POST", "/api/now/table/sys_rate_limit_rules", &row, 0);
    }

    /// Switches off every hourly limit.
    fn lift_limits(&mut self) {
        let rules = self.administer("GET", "/api/now/table/sys_rate_limit_rules?sysparm_fields=sys_id", "", 0);
        for rule in rules["result"].as_array().unwrap() {
            let target = format!("/api/now/table/sys_rate_limit_rules/{}", rule["sys_id"].as_str().unwrap());
            self.administer("PATCH", &target, r#"{"active":"false"}"#, 0);
        }
    }
}
