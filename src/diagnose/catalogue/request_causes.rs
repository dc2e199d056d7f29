//! Causes of requests that cannot succeed as sent.

use crate::diagnose::model::diagnosis::{Cause, Explanation};

pub(crate) const TABLE_MISSPELT: Cause = Cause::new(
    "table.misspelt",
    95,
    Explanation {
        title: "The table's name is misspelt, or the plugin that brings it is not active",
        tell_apart: "sys_db_object has no record of that name.",
        fix: &[
            "Use the table's name, not its label: incident, not Incidents.",
            "Activate the plugin that brings the table.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const PATH_WRONG: Cause = Cause::new(
    "path.wrong",
    60,
    Explanation {
        title: "The path, its version or its namespace is wrong",
        tell_apart: "/api/now/table/incident answers, and the REST API Explorer shows another path.",
        fix: &["Compare the path with System Web Services > REST > REST API Explorer of the instance."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const PLUGIN_INACTIVE: Cause = Cause::new(
    "path.plugin-inactive",
    20,
    Explanation {
        title: "The plugin that brings this API is not active",
        tell_apart: "The API is missing from the REST API Explorer of this instance and present in another's.",
        fix: &["Activate the plugin under System Applications > All Available Applications."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const API_DISABLED: Cause = Cause::new(
    "path.api-disabled",
    60,
    Explanation {
        title: "The API is switched off by the system property glide.rest.apis.disabled",
        tell_apart: "Other APIs of the same instance answer; the property names this one.",
        fix: &["Take the API's name out of the system property glide.rest.apis.disabled."],
        source: "documentation page \"Available system properties\"",
    },
);

pub(crate) const BODY_TOO_LARGE: Cause = Cause::new(
    "request.body-limit",
    95,
    Explanation {
        title: "The body is over glide.rest.max_content_length (10 MB by default, 25 MB at most), or over a proxy's limit",
        tell_apart: "A smaller body passes, and the reply names the bytes it allows.",
        fix: &["Send less at once.", "Or raise the system property glide.rest.max_content_length."],
        source: "KB0747638",
    },
);

pub(crate) const ATTACHMENT_SIZE: Cause = Cause::new(
    "attachment.size",
    90,
    Explanation {
        title: "The file is over com.glide.attachment.max_size (1,024 MB by default; an empty value means 1 KB), or over a proxy's limit",
        tell_apart: "A small file is taken.",
        fix: &["Raise the system property com.glide.attachment.max_size, in megabytes, or send a smaller file."],
        source: "documentation page \"Available system properties\"",
    },
);

pub(crate) const MALFORMED: Cause = Cause::new(
    "request.malformed",
    85,
    Explanation {
        title: "The body is not the JSON or XML that Content-Type says it is, or a parameter is malformed",
        tell_apart: "A parser finds the fault in what was sent; an empty object is read.",
        fix: &["Check what was sent with a parser, and that Content-Type fits it."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const PARAMETER_WRONG: Cause = Cause::new(
    "request.parameter-wrong",
    85,
    Explanation {
        title: "The parameter is missing, misspelt, or has a value that the API does not take",
        tell_apart: "The reply names the parameter; without it, or with a plain value, the request passes.",
        fix: &[
            "Compare the name and the value of the parameter with the API's page in System Web Services > REST > REST API Explorer.",
            "Percent-encode what stands in the address: [ ] ^ & + and blanks.",
        ],
        source: "documentation page \"REST API HTTP response codes\", KB0817665",
    },
);

pub(crate) const NOTHING_CAME: Cause = Cause::new(
    "reply.nothing-came",
    60,
    Explanation {
        title: "Another program, a mock or a script answers at this path, and returns nothing",
        tell_apart: "The REST API Explorer of the instance shows a result for the same path.",
        fix: &["Look which program answers at this address, and whether a proxy takes bodies away."],
        source: "RFC 9110 section 15.3.5",
    },
);

pub(crate) const METHOD_NOT_SERVED: Cause = Cause::new(
    "request.method-not-served",
    80,
    Explanation {
        title: "The path exists, and not with this method",
        tell_apart: "The REST API Explorer lists the methods of the path.",
        fix: &["Use a method that System Web Services > REST > REST API Explorer lists for the path."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const ACCEPT: Cause = Cause::new(
    "request.accept",
    90,
    Explanation {
        title: "The Accept header names a format that this API does not write",
        tell_apart: "The same request with Accept: application/json passes.",
        fix: &["Send Accept: application/json."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const CONTENT_TYPE: Cause = Cause::new(
    "request.content-type",
    90,
    Explanation {
        title: "The Content-Type header is missing or names a format that this API does not read",
        tell_apart: "The same body with Content-Type: application/json passes.",
        fix: &["Send Content-Type: application/json with a JSON body."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const QUERY_TOO_LONG: Cause = Cause::new(
    "query.too-long",
    75,
    Explanation {
        title: "The encoded query is longer than servers accept: address and headers may have about 8,192 bytes together",
        tell_apart: "A shorter query works.",
        fix: &[
            "Keep the address under 6,000 characters: name fewer fields, and split IN lists. Readings of table() send a long query by the Batch API.",
            "Set sysparm_suppress_pagination_header=true: the Link header repeats the query.",
        ],
        source: "KB0817506",
    },
);

pub(crate) const HEADERS_TOO_LONG: Cause = Cause::new(
    "request.headers-too-long",
    20,
    Explanation {
        title: "Cookies or a long token take the bytes that the web server allows for address and headers together",
        tell_apart: "The same address without cookies, or with an opaque token, passes.",
        fix: &["Send no cookies, and let Token Format of the {record} be Opaque."],
        source: "KB0817506",
    },
);

pub(crate) const BATCH_LIMIT: Cause = Cause::new(
    "batch.limit",
    90,
    Explanation {
        title: "The reply is larger than 10 MB, or took longer than the 30 s that a batch may take",
        tell_apart: "The same items in smaller batches, or with a smaller sysparm_limit, are served.",
        fix: &[
            "Send the items again whose ids stand in unserviced_requests, and those only.",
            "Put fewer items into a batch, and ask for fewer rows or fields in each.",
        ],
        source: "documentation page \"Batch API\"",
    },
);

pub(crate) const GATEWAY_WAITS_LESS: Cause = Cause::new(
    "gateway.waits-less",
    70,
    Explanation {
        title: "A proxy on the way waits less long than the instance needs, or the request came to it too slowly",
        tell_apart: "A smaller page, or the same request past the proxy, is answered.",
        fix: &[
            "Ask for fewer rows or fields a page, and filter by indexed columns.",
            "Raise the proxy's time limit to more than 60 s.",
        ],
        source: "RFC 9110 section 15.5.9",
    },
);

pub(crate) const SCRIPT_FAILED: Cause = Cause::new(
    "instance.script-failed",
    50,
    Explanation {
        title: "A script on the instance failed: a business rule, a scripted REST resource, a transform",
        tell_apart: "It happens with this record or this API and with no other; System Logs > System Log > Errors names the script at that minute.",
        fix: &[
            "Look at System Logs > System Log > Errors for the minute of the request and fix the script that it names.",
        ],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const INSTANCE_OVERLOADED: Cause = Cause::new(
    "instance.overloaded",
    30,
    Explanation {
        title: "The instance is overloaded, upgraded or restarted",
        tell_apart: "Every API fails alike, for minutes.",
        fix: &["Try again after a pause; look at the instance's health on Now Support if it lasts."],
        source: "documentation page \"REST API HTTP response codes\"",
    },
);

pub(crate) const NOT_JSON: Cause = Cause::new(
    "reply.not-json",
    70,
    Explanation {
        title: "Something else than the API's JSON came: XML, a proxy's own text, or another program at this address",
        tell_apart: "The reply's Content-Type and its first letters name it; the same request past the proxy answers in JSON.",
        fix: &[
            "Take an Accept header of your own out of the request, or a default of the proxy that asks for XML.",
            "Look which program answers at this address.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const OTHER_FORM: Cause = Cause::new(
    "reply.other-form",
    60,
    Explanation {
        title: "A script, a proxy or a mock answers in a form of its own: a list that is an object, an error together with a result, no result, or a text that is not well-formed",
        tell_apart: "The same request in the REST API Explorer of the instance shows another form.",
        fix: &[
            "Compare the body with the documentation of the API: a list holds result as an array, a record as an object, and none of them an error.",
            "Look for what is on the way, or for a scripted REST resource at this path.",
        ],
        source: "documentation page \"Table API\"",
    },
);

pub(crate) const REPLY_CUT: Cause = Cause::new(
    "instance.reply-cut",
    60,
    Explanation {
        title: "The connection broke, or something on the way cut the body",
        tell_apart: "The same request again comes whole; a smaller page does.",
        fix: &[
            "Ask again, or for fewer rows or fields a page.",
            "Look for a proxy on the way that bounds the size or the time of replies.",
        ],
        source: "RFC 9112 section 8",
    },
);
