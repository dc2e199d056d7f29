//! Refusals of what stands before an instance: proxies, load balancers, firewalls and API gateways, in the form of their products.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::exchange::{Reply, reason_phrase};

/// The maker of an error page, or of an error in JSON, that is not ServiceNow's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Gateway {
    /// The plain page of nginx.
    Nginx,
    /// The plain page of Apache.
    Apache,
    /// The page of HAProxy, which names no server.
    Haproxy,
    /// The text of Envoy, without HTML.
    Envoy,
    /// The page of an AWS load balancer.
    AwsLoadBalancer,
    /// A challenge of Cloudflare, which only a browser can pass.
    Cloudflare,
    /// "Access Denied" of Akamai, with a reference.
    Akamai,
    /// "Request unsuccessful" of Imperva, with an incident.
    Imperva,
    /// "The requested URL was rejected" of F5, with a support ID.
    F5,
    /// The error page of Squid, as on the way out of a company.
    Squid,
    /// The page of a filter that blocks a category of sites.
    WebFilter,
    /// `{"message": ...}`, as AWS API Gateway and Kong answer.
    ApiGateway,
    /// `{"statusCode": ..., "message": ...}`, as Azure API Management answers.
    AzureApiManagement,
    /// `{"fault": {"faultstring": ...}}`, as Apigee answers.
    Apigee,
}

impl Gateway {
    /// The reply with this status.
    pub(crate) fn reply(self, status: u16) -> Reply {
        let reason = reason_phrase(status).unwrap_or("Refused");
        let title = format!("{status} {reason}");
        let json = |body: serde_json::Value| Reply::new(status, "application/json", body.to_string());
        let (server, reply) = match self {
            Self::Nginx => {
                ("nginx", page(status, &title, &format!("<center><h1>{title}</h1></center><hr><center>nginx</center>")))
            }
            Self::Apache => {
                ("Apache", page(status, &title, &format!("<h1>{reason}</h1><p>The server is unable to answer.</p>")))
            }
            Self::Haproxy => {
                ("", Reply::new(status, "text/html", format!("<html><body><h1>{title}</h1></body></html>")))
            }
            Self::Envoy => {
                ("envoy", Reply::new(status, "text/plain", "upstream connect error or disconnect/reset before headers"))
            }
            Self::AwsLoadBalancer => {
                ("awselb/2.0", page(status, &title, &format!("<center><h1>{title}</h1></center>")))
            }
            Self::Cloudflare => {
                let text = "<noscript>Enable JavaScript and cookies to continue</noscript>";
                ("cloudflare", page(status, "Just a moment...", text).with_header("CF-Mitigated", "challenge"))
            }
            Self::Akamai => {
                let text = "<h1>Access Denied</h1>You don't have permission to access this URL on this server.<p>Reference #18.1a2b3c4d.1700000000.5e6f";
                ("AkamaiGHost", page(status, "Access Denied", text))
            }
            Self::Imperva => {
                let text = "Request unsuccessful. Incapsula incident ID: 1234567890-1234567890";
                ("", page(status, "", text).with_header("X-Iinfo", "1-2-3"))
            }
            Self::F5 => {
                let text = "The requested URL was rejected. Please consult with your administrator.<br><br>Your support ID is: 1234567890";
                ("", page(status, "Request Rejected", text))
            }
            Self::Squid => {
                let text = "<h1>ERROR</h1><h2>The requested URL could not be retrieved</h2>";
                (
                    "squid",
                    page(status, "ERROR: The requested URL could not be retrieved", text)
                        .with_header("X-Squid-Error", "ERR_ACCESS_DENIED 0"),
                )
            }
            Self::WebFilter => {
                ("", page(status, "Web Page Blocked", "<h1>Web Page Blocked</h1>Category: Business systems"))
            }
            Self::ApiGateway => ("", json(serde_json::json!({ "message": reason }))),
            Self::AzureApiManagement => ("", json(serde_json::json!({ "statusCode": status, "message": reason }))),
            Self::Apigee => {
                let detail = serde_json::json!({ "errorcode": "messaging.adaptors.http.flow.ServiceUnavailable" });
                ("", json(serde_json::json!({ "fault": { "faultstring": reason, "detail": detail } })))
            }
        };
        let reply =
            if status == 407 { reply.with_header("Proxy-Authenticate", "Basic realm=\"proxy\"") } else { reply };
        if server.is_empty() { reply } else { reply.with_header("Server", server) }
    }
}

fn page(status: u16, title: &str, body: &str) -> Reply {
    let page = format!("<!DOCTYPE html>\n<html><head><title>{title}</title></head>\n<body>{body}</body></html>\n");
    Reply::new(status, "text/html", page)
}
