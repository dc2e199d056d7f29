//! Refusals: status, message and detail, in the words of the platform.

use crate::exchange::Reply;

/// An error reply before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Refusal {
    pub(crate) status: u16,
    pub(crate) message: String,
    pub(crate) detail: Option<String>,
}

impl Refusal {
    pub(crate) fn new(status: u16, message: impl Into<String>, detail: Option<&str>) -> Self {
        Self { status, message: message.into(), detail: detail.map(Into::into) }
    }

    /// Integration test of the Ansible collection servicenow.itsm.
    pub(crate) fn invalid_table(name: &str) -> Self {
        Self::new(400, format!("Invalid table {name}"), None)
    }

    /// "REST API HTTP response codes" for the status.
    pub(crate) fn no_such_resource() -> Self {
        Self::new(400, "Requested URI does not represent any resource", None)
    }

    pub(crate) fn no_record() -> Self {
        Self::new(404, "No Record found", Some("Record doesn't exist or ACL restricts the record retrieval"))
    }

    /// KB0551763: a list without rows, in version 1 only.
    pub(crate) fn no_records() -> Self {
        let detail = "Records matching query not found. Check query parameter or offset parameter";
        Self::new(404, "No Record found", Some(detail))
    }

    pub(crate) fn method_not_allowed() -> Self {
        Self::new(405, "Method not supported", None)
    }

    /// KB0745184 for the body; expired, revoked, unknown and missing tokens look the same.
    pub(crate) fn not_authenticated(message: &str) -> Self {
        Self::new(401, message, Some("Required to provide Auth information"))
    }

    pub(crate) fn unreadable_field_in_query() -> Self {
        Self::new(
            403,
            "Insufficient rights to query records",
            Some("Field(s) present in the query do not have permission to be read"),
        )
    }

    /// KB1297438: a request that waited for a thread longer than it may run.
    pub(crate) fn cancelled() -> Self {
        let detail = "Transaction cancelled: maximum execution time exceeded Check logs for error trace or enable glide.rest.debug property to verify REST request processing";
        Self::new(500, "Transaction cancelled: maximum execution time exceeded", Some(detail))
    }

    /// An exception that nothing caught; the message names its class, the detail does not (KB0791757).
    pub(crate) fn failed(class: &str, text: &str) -> Self {
        let detail = format!(
            "{text} Check logs for error trace or enable glide.rest.debug property to verify REST request processing"
        );
        Self::new(500, format!("{class}{text}"), Some(&detail))
    }

    /// No row of the table may be used in this way.
    pub(crate) fn table_security(table: &str) -> Self {
        Self::new(403, format!("Operation against file '{table}' was denied due to table security."), None)
    }

    /// An access rule refuses a write: "Insert", "Update" or "Delete".
    pub(crate) fn write_denied(what: &str) -> Self {
        let detail = format!("ACL Exception {what} Failed due to security constraints");
        Self::new(403, "Operation Failed", Some(&detail))
    }

    /// KB0747638.
    pub(crate) fn body_too_large(length: u64, most: usize) -> Self {
        let detail =
            format!("Rejected large REST payload with content-length = {length} bytes. Max allowed: {most} bytes.");
        Self::new(400, "Exception while reading request", Some(&detail))
    }

    pub(crate) fn unreadable_body(detail: &str) -> Self {
        Self::new(400, "Exception while reading request", Some(detail))
    }

    /// The practice instance's own limit; a real one has a disk.
    pub(crate) fn store_full() -> Self {
        Self::new(
            403,
            "Operation Failed",
            Some("The practice instance holds as much text as it may; POST /__practice/reset empties it"),
        )
    }

    pub(crate) fn reply(&self) -> Reply {
        let envelope = serde_json::json!({
            "error": { "message": self.message, "detail": self.detail },
            "status": "failure",
        });
        Reply::json(self.status, envelope.to_string())
    }
}
