//! Symptoms 63 to 67 and from 74 on.

use sysparm_instance::Request;

use crate::steps::*;

pub(crate) const SEEN: &[Seen] = &[(
    63,
    |client| {
        let basic = Request::new("GET", "/api/now/table/incident?sysparm_limit=1");
        assert_eq!(client.send_as("practice.admin", basic).status, 200, "scopes are for tokens");
        list(client)
    },
    403,
    NONE,
    "Access to unscoped api is not allowed",
)];
