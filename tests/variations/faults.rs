//! The faults: their causes, an instance's wordings, and the expected diagnosis.

use sysparm::diagnose::Kind;
use sysparm::request::Method;

/// The expected retry advice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Advice {
    Never,
    AfterRenewal,
    Later,
    LookFirst,
}

/// The requests that a fault affects.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Meets {
    Token,
    Reads,
    Writes,
    Both,
    Creates,
    Changes,
}

impl Meets {
    pub(crate) fn methods(self) -> &'static [Method] {
        match self {
            Self::Reads => &[Method::Get],
            Self::Writes => &[Method::Post, Method::Put, Method::Patch, Method::Delete],
            Self::Both => &[Method::Get, Method::Get, Method::Post, Method::Patch, Method::Delete],
            Self::Token | Self::Creates => &[Method::Post],
            Self::Changes => &[Method::Put, Method::Patch, Method::Delete],
        }
    }
}

/// One fault. `{t}` is a table, `{f}` a field, `{n}` a number.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fault {
    pub(crate) name: &'static str,
    pub(crate) meets: Meets,
    pub(crate) statuses: &'static [u16],
    pub(crate) headers: &'static str,
    /// Message and detail in several wordings and languages, the platform's English first.
    pub(crate) says: &'static [(&'static str, &'static str)],
    pub(crate) kinds: &'static [Kind],
    pub(crate) advice: Advice,
    /// The expected advice for writes.
    pub(crate) to_writes: Advice,
    /// Whether a write may have been performed.
    pub(crate) may_be_done: bool,
}

/// The default values of a fault.
pub(crate) const PLAIN: Fault = Fault {
    name: "",
    meets: Meets::Both,
    statuses: &[],
    headers: "",
    says: &[],
    kinds: &[],
    advice: Advice::Never,
    to_writes: Advice::Never,
    may_be_done: false,
};

const NOBODY: &[(&str, &str)] = &[
    ("User Not Authenticated", "Required to provide Auth information"),
    ("User is not authenticated", "Required to provide Auth information"),
    ("Benutzer nicht authentifiziert", "Authentifizierungsinformationen erforderlich"),
    ("Utilisateur non authentifié", "Informations d’authentification requises"),
    ("Usuario no autenticado", "Se requiere información de autenticación"),
    ("ユーザーが認証されていません", "認証情報が必要です"),
];

const CANCELLED: (&str, &str) = (
    "Transaction cancelled: maximum execution time exceeded",
    "Transaction cancelled: maximum execution time exceeded Check logs for error trace",
);

pub(crate) const FAULTS: &[Fault] = &[
    Fault {
        name: "no token",
        meets: Meets::Token,
        statuses: &[401, 401, 400],
        says: &[
            ("server_error", "access_denied"),
            ("invalid_client", ""),
            ("invalid_grant", "The provided authorization grant is invalid"),
            ("invalid_request", ""),
        ],
        kinds: &[Kind::Authentication],
        ..PLAIN
    },
    Fault {
        name: "grant not served",
        meets: Meets::Token,
        statuses: &[400, 401],
        says: &[("unsupported_grant_type", "")],
        kinds: &[Kind::Authentication],
        ..PLAIN
    },
    Fault {
        name: "token endpoint down",
        meets: Meets::Token,
        statuses: &[500, 502, 503, 504],
        says: &[("", ""), ("Service unavailable", "")],
        kinds: &[Kind::Instance],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "token not accepted",
        statuses: &[401],
        says: NOBODY,
        kinds: &[Kind::Authentication],
        advice: Advice::AfterRenewal,
        to_writes: Advice::AfterRenewal,
        ..PLAIN
    },
    Fault {
        name: "one-time code",
        statuses: &[401],
        headers: "X-MFA_TOKEN: invalid",
        says: NOBODY,
        kinds: &[Kind::Authentication],
        ..PLAIN
    },
    Fault {
        name: "stale session",
        statuses: &[401],
        headers: "X-Is-Logged-In: true\nX-UserToken-Response: abc",
        says: NOBODY,
        kinds: &[Kind::Authentication],
        ..PLAIN
    },
    Fault {
        name: "scope",
        statuses: &[403],
        says: &[("Missing required api access scope", ""), ("missing required API access scope.", "")],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "API rule",
        meets: Meets::Reads,
        statuses: &[403],
        says: &[
            ("User Not Authorized", "Failed API level ACL Validation"),
            ("Benutzer nicht autorisiert", "Failed API level ACL Validation"),
            ("Utilisateur non autorisé", ""),
        ],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "query field",
        meets: Meets::Reads,
        statuses: &[403],
        says: &[
            ("Insufficient rights to query records", "Field(s) present in the query do not have permission to be read"),
            (
                "Unzureichende Berechtigungen zum Abfragen von Datensätzen",
                "Field(s) present in the query do not have permission to be read",
            ),
            ("Derechos insuficientes para consultar registros", ""),
        ],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "aggregate",
        meets: Meets::Reads,
        statuses: &[403],
        says: &[("Insufficient rights to query records", "No permission to read table '{t}'")],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "table rule",
        statuses: &[403],
        says: &[("Operation against file '{t}' was denied due to table security.", "")],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "create refused",
        meets: Meets::Creates,
        statuses: &[403],
        says: &[
            ("Operation Failed", "ACL Exception Insert Failed due to security constraints"),
            ("Vorgang fehlgeschlagen", "ACL-Ausnahme: Einfügen aufgrund von Sicherheitseinschränkungen fehlgeschlagen"),
            ("Operation Failed", ""),
        ],
        kinds: &[Kind::Authorization],
        to_writes: Advice::LookFirst,
        may_be_done: true,
        ..PLAIN
    },
    Fault {
        name: "change refused",
        meets: Meets::Changes,
        statuses: &[403],
        says: &[
            ("Operation Failed", "ACL Exception Update Failed due to security constraints"),
            ("Operation Failed", "ACL Exception Delete Failed due to security constraints"),
        ],
        kinds: &[Kind::Authorization],
        ..PLAIN
    },
    Fault {
        name: "business rule",
        meets: Meets::Writes,
        statuses: &[403],
        says: &[(
            "Operation Failed",
            "Operation against file '{t}' was aborted by Business Rule 'Rule {n}^{n}'. Business Rule Stack:Rule {n}",
        )],
        kinds: &[Kind::Record],
        ..PLAIN
    },
    Fault {
        name: "data policy",
        meets: Meets::Writes,
        statuses: &[403],
        says: &[
            ("Operation Failed", "Data Policy Exception: The following fields are mandatory: {f}"),
            ("Vorgang fehlgeschlagen", "Data Policy Exception: Die folgenden Felder sind Pflichtfelder: {f}"),
        ],
        kinds: &[Kind::Record],
        ..PLAIN
    },
    Fault {
        name: "no such record",
        statuses: &[404],
        says: &[
            ("No Record found", "Record doesn't exist or ACL restricts the record retrieval"),
            ("Kein Datensatz gefunden", ""),
            ("Aucun enregistrement trouvé", ""),
            ("レコードが見つかりません", ""),
        ],
        kinds: &[Kind::Record],
        ..PLAIN
    },
    Fault {
        name: "no such table",
        statuses: &[400],
        says: &[("Invalid table {t}", ""), ("Ungültige Tabelle {t}", ""), ("Tabla no válida {t}", "")],
        kinds: &[Kind::Request],
        ..PLAIN
    },
    Fault {
        name: "no such path",
        statuses: &[400, 404],
        says: &[
            ("Requested URI does not represent any resource", ""),
            ("Requested URI does not represent any resource: /api/now/{t}", ""),
        ],
        kinds: &[Kind::Request],
        ..PLAIN
    },
    Fault {
        name: "unreadable",
        meets: Meets::Writes,
        statuses: &[400],
        says: &[
            ("Exception while reading request", "Unexpected character at position {n}"),
            (
                "Exception while reading request",
                "Rejected large REST payload with content-length = {n} bytes. Max allowed: 10485760 bytes.",
            ),
            ("Ausnahme beim Lesen der Anforderung", ""),
        ],
        kinds: &[Kind::Request],
        ..PLAIN
    },
    Fault {
        name: "form of the request",
        statuses: &[405, 406, 415, 414, 431, 413],
        says: &[("", ""), ("Method not supported", ""), ("Media type not supported", "{n}")],
        kinds: &[Kind::Request],
        ..PLAIN
    },
    Fault {
        name: "rate rule",
        statuses: &[429],
        headers: "X-RateLimit-Limit: 100\nX-RateLimit-Reset: 1772370000\nX-RateLimit-Rule: abc\nRetry-After: 60",
        says: &[
            ("Rate limit exceeded", "Rate limit of {n} requests per hour for Table API exceeded"),
            ("Ratenlimit überschritten", ""),
            ("", ""),
        ],
        kinds: &[Kind::Rate],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "queue full",
        statuses: &[429],
        says: &[("", "")],
        kinds: &[Kind::Capacity],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "session queue",
        statuses: &[202],
        says: &[("", "")],
        kinds: &[Kind::Capacity],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    Fault {
        name: "time over",
        statuses: &[500],
        says: &[CANCELLED],
        kinds: &[Kind::Capacity, Kind::Instance],
        to_writes: Advice::LookFirst,
        may_be_done: true,
        ..PLAIN
    },
    Fault {
        name: "exception",
        statuses: &[500],
        says: &[("java.lang.NullPointerException", "{n}"), ("", ""), ("Interner Fehler", "{f}")],
        kinds: &[Kind::Instance],
        advice: Advice::Later,
        to_writes: Advice::LookFirst,
        may_be_done: true,
        ..PLAIN
    },
    Fault {
        name: "redirect",
        statuses: &[301, 302, 303, 307],
        headers: "Location: https://sso.example/login",
        says: &[("", "")],
        kinds: &[Kind::Instance],
        ..PLAIN
    },
    Fault {
        name: "conflict",
        statuses: &[409],
        says: &[("", ""), ("Denied", "{n}"), ("Duplicate key", "")],
        kinds: &[Kind::Record],
        advice: Advice::LookFirst,
        to_writes: Advice::LookFirst,
        ..PLAIN
    },
    Fault {
        name: "locked record",
        statuses: &[423],
        says: &[("", ""), ("Denied", "{n}")],
        kinds: &[Kind::Record],
        advice: Advice::Later,
        to_writes: Advice::Later,
        ..PLAIN
    },
    // Nothing is known about these statuses.
    Fault {
        name: "thin evidence",
        statuses: &[402, 418, 422, 451],
        says: &[("", ""), ("Denied", "{n}")],
        kinds: &[Kind::Unknown],
        ..PLAIN
    },
];
