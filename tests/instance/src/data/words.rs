//! The texts of generated records.

pub(super) const FIRST_NAMES: [&str; 40] = [
    "Abel", "Amara", "Anika", "Beth", "Bow", "Carla", "Charlie", "Chidi", "Dana", "David", "Elif", "Eva", "Farah",
    "Fred", "Goran", "Hana", "Ines", "Jonas", "Joe", "Kaito", "Lena", "Luca", "Maja", "Mateo", "Mei", "Nadia", "Noah",
    "Olga", "Omar", "Priya", "Quinn", "Rafael", "Rosa", "Sami", "Sofia", "Tariq", "Ulla", "Vera", "Wang", "Zoë",
];

pub(super) const LAST_NAMES: [&str; 40] = [
    "Andersson",
    "Baker",
    "Bergmann",
    "Castillo",
    "Chen",
    "Costa",
    "Dubois",
    "Eriksen",
    "Fischer",
    "Fontana",
    "García",
    "Haddad",
    "Hoffmann",
    "Ivanov",
    "Jensen",
    "Kaya",
    "Kowalski",
    "Kumar",
    "Larsson",
    "Lopez",
    "Martin",
    "Moreau",
    "Nguyen",
    "Novak",
    "O'Neil",
    "Okafor",
    "Patel",
    "Petrov",
    "Quist",
    "Rossi",
    "Sato",
    "Schmidt",
    "Silva",
    "Tanaka",
    "Thomsen",
    "Usman",
    "Vasquez",
    "Weber",
    "Yilmaz",
    "Zimmermann",
];

pub(super) const GROUPS: [&str; 16] = [
    "Service Desk",
    "Network",
    "Database",
    "Hardware",
    "Software",
    "Security",
    "Messaging",
    "Storage",
    "Identity and Access",
    "Field Services Berlin",
    "Field Services London",
    "SAP Basis",
    "Application Support",
    "Cloud Platform",
    "Telephony",
    "Problem Solving",
];

pub(super) const LOCATIONS: [&str; 14] = [
    "Amsterdam, Herengracht 450",
    "Berlin, Friedrichstraße 68",
    "Chicago, 600 W Fulton St",
    "Dublin, 4 Grand Canal Sq",
    "Hyderabad, HITEC City",
    "Kraków, Rynek Główny 12",
    "London, 15 Finsbury Square",
    "Madrid, Paseo de la Castellana 95",
    "New York, 450 Lexington Ave",
    "Paris, 12 rue de la Paix",
    "San Diego, 4810 Eastgate Mall",
    "São Paulo, Av. Paulista 1000",
    "Sydney, 1 Farrer Place",
    "Tokyo, 2-7-2 Marunouchi",
];

pub(super) const DEPARTMENTS: [&str; 8] =
    ["Customer Support", "Development", "Finance", "HR", "IT", "Legal", "Product Management", "Sales"];

pub(super) const COMPANIES: [&str; 5] =
    ["ACME North America", "ACME Germany", "ACME Japan", "Dell Inc.", "Cisco Systems"];

pub(super) const TITLES: [&str; 6] =
    ["Analyst", "Engineer", "Senior Consultant", "Administrator", "Team Lead", "Account Manager"];

/// Class and name stem of configuration items.
pub(super) const ITEMS: [(&str, &str); 8] = [
    ("cmdb_ci_server", "srv-app"),
    ("cmdb_ci_server", "srv-db"),
    ("cmdb_ci_computer", "ws"),
    ("cmdb_ci_computer", "nb"),
    ("cmdb_ci_printer", "prn"),
    ("cmdb_ci_netgear", "sw-core"),
    ("cmdb_ci_service", "Email service"),
    ("cmdb_ci_appl", "SAP ERP"),
];

/// Category, subcategory, short description and comment. `{}` is the configuration item.
pub(super) const COMPLAINTS: [(&str, &str, &str, &str); 20] = [
    (
        "network",
        "vpn",
        "VPN drops every few minutes on {}",
        "Since the update this morning the tunnel closes after two or three minutes. Reconnecting works, then it happens again.",
    ),
    (
        "network",
        "wireless",
        "No wireless on the third floor",
        "Several colleagues see the network but get no address. Cable works.",
    ),
    ("network", "dns", "{} cannot be resolved by name", "nslookup times out; by address it can be reached."),
    (
        "network",
        "ip address",
        "Duplicate address reported by {}",
        "The switch log shows two hardware addresses for one IP.",
    ),
    (
        "software",
        "email",
        "Outlook asks for the password again and again",
        "Restarted twice & removed the profile, no change. \"Remember me\" is ticked.",
    ),
    (
        "software",
        "os",
        "Blue screen after patching {}",
        "The machine came back once, then stopped with IRQL_NOT_LESS_OR_EQUAL.",
    ),
    (
        "software",
        "application",
        "SAP client closes when printing",
        "It happens with any form; the spool request is made but never leaves {}.",
    ),
    (
        "software",
        "application",
        "Report runs for an hour and then times out",
        "The same report took five minutes last month.",
    ),
    ("software", "licence", "Licence for Visio has expired", "The banner says: renew by yesterday."),
    (
        "hardware",
        "disk",
        "Disk on {} is 98 % full",
        "The monitoring alert came at night; logs have been removed, it fills up again.",
    ),
    ("hardware", "monitor", "Second screen stays black", "Tried another cable <and> another port."),
    (
        "hardware",
        "keyboard",
        "Keyboard types the wrong characters",
        "The layout changes from German (ä, ö, ß) to English by itself.",
    ),
    ("hardware", "printer", "{} prints blank pages", "The toner was replaced last week. Test page is blank too."),
    ("hardware", "memory", "{} reports a failing memory module", "ECC errors in slot B2, counted 1,284 since Sunday."),
    ("database", "oracle", "Deadlocks on the order table", "ORA-00060 about twice an hour since the release."),
    ("database", "sql server", "Nightly backup of {} failed", "The share was not reachable between 02:10 and 02:25."),
    (
        "database",
        "db2",
        "Slow query after statistics were rebuilt",
        "The plan changed from an index seek to a table scan.",
    ),
    ("inquiry", "access", "Access to the finance share needed", "For the quarter's closing; my manager has agreed."),
    (
        "inquiry",
        "password",
        "Password reset for a locked account",
        "Locked after the phone kept sending the old password.",
    ),
    ("inquiry", "how to", "How do I book a meeting room from the phone?", "The link in the handbook is dead."),
];

pub(super) const CLOSE_NOTES: [&str; 5] = [
    "Restarted the service and watched it for an hour.",
    "Replaced the part; the user confirmed that it works.",
    "Fixed by the change of last night.",
    "The user solved it before we called.",
    "Followed the knowledge article and verified with the caller.",
];
