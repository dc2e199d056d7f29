//! Catalogs, categories and items.

use super::variables::{self, Variable};

const SERVICE_CATALOG: &str = "e0d08b13c3330100c8b837659bba8fb4";
const TECHNICAL_CATALOG: &str = "742ce428d7211100f2d224837e61036d";

/// `sys_id`, title and description.
pub(super) const CATALOGS: [(&str, &str, &str); 2] = [
    (SERVICE_CATALOG, "Service Catalog", "Service Catalog - IT Now"),
    (TECHNICAL_CATALOG, "Technical Catalog", "Products and services for the IT department"),
];

pub(super) struct Category {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) catalog: &'static str,
    pub(super) parent: &'static str,
}

const fn category(id: &'static str, title: &'static str, description: &'static str) -> Category {
    Category { id, title, description, catalog: SERVICE_CATALOG, parent: "" }
}

const HARDWARE: &str = "d258b953c611227a0146101fb1be7c31";
const TABLETS: &str = "b06546f23731300054b6a3549dbe5dd8";
const SERVICES: &str = "109f0438c6112276003ae8ac13e7009d";
const HELP: &str = "e15706fc0a0a0aa7007fc21e1ab70c2f";
const SERVERS: &str = "3f6a1c2e97a3411d8b04c5d6e7f80912";
const CHANGE_TEMPLATES: &str = "00728916937002002dcef157b67ffb6d";

pub(super) const CATEGORIES: [Category; 6] = [
    category(HARDWARE, "Hardware", "Order from a variety of hardware to meet your business needs"),
    Category { parent: HARDWARE, ..category(TABLETS, "Tablets", "Tablets for use away from your desk") },
    category(SERVICES, "Services", "Accounts, access and workplaces"),
    category(HELP, "Can We Help You?", "Your IT gateway. Report issues and submit requests."),
    Category { catalog: TECHNICAL_CATALOG, ..category(SERVERS, "Servers and Network", "Infrastructure for IT staff") },
    category(CHANGE_TEMPLATES, "Template Management", "Templates of standard changes"),
];

pub(super) struct Item {
    pub(super) id: &'static str,
    pub(super) name: &'static str,
    pub(super) short_description: &'static str,
    pub(super) description: &'static str,
    pub(super) category: &'static str,
    pub(super) price: &'static str,
    /// Price and how often it recurs.
    pub(super) recurring: (&'static str, &'static str),
    /// Days until delivery.
    pub(super) days: u8,
    pub(super) variables: &'static [Variable],
}

const fn item(
    id: &'static str,
    category: &'static str,
    name: &'static str,
    short_description: &'static str,
    variables: &'static [Variable],
) -> Item {
    let (price, recurring) = ("0", ("0", ""));
    Item { id, name, short_description, description: short_description, category, price, recurring, days: 2, variables }
}

impl Item {
    const fn costs(self, price: &'static str) -> Self {
        Self { price, ..self }
    }

    const fn and_again(self, price: &'static str, frequency: &'static str) -> Self {
        Self { recurring: (price, frequency), ..self }
    }

    const fn takes(self, days: u8) -> Self {
        Self { days, ..self }
    }
}

pub(super) const LINUX_SERVER: &str = "5b0c9e8d7f6a45b3921c0d4e8f7a6b51";
pub(super) const FIREWALL_RULE: &str = "6c1d0f9e8a7b46c4a32d1e5f9a8b7c62";

pub(super) const ITEMS: [Item; 11] = [
    item(
        "04b7e94b4f7b4200086eeed18110c7fd",
        HARDWARE,
        "Standard Laptop",
        "Lenovo - Carbon x1",
        variables::STANDARD_LAPTOP,
    )
    .costs("1100")
    .and_again("100", "yearly")
    .takes(5),
    item(
        "774906834fbb4200086eeed18110c737",
        HARDWARE,
        "Developer Laptop (Mac)",
        "Macbook Pro",
        variables::DEVELOPER_LAPTOP,
    )
    .costs("1499")
    .and_again("100", "yearly")
    .takes(5),
    item("060f3afa3731300054b6a3549dbe5d3e", TABLETS, "Apple iPad 3", "Apple iPad 3", variables::NONE).costs("600"),
    item("0d08837237153000158bbfc8bcbe5d02", HARDWARE, "Apple iPhone 5", "Apple iPhone 5", variables::PHONE)
        .costs("799.99")
        .and_again("29", "monthly"),
    item("e1be6dcb4f7b4200086eeed18110c74c", HARDWARE, "External Monitor", "LG IPS 27\" Monitor", variables::NONE),
    item("186d917a6fab7980575967ddbb3ee4f2", SERVICES, "New Email Account", "New Email Creation", variables::NEW_EMAIL),
    item(
        "8b3ae7fedc1be1004ece5c08239e522b",
        SERVICES,
        "Corp VPN",
        "Remote access to Internal Corporate Systems",
        variables::NONE,
    ),
    item(
        "962967674ff38200086eeed18110c7e7",
        SERVICES,
        "Desk Set Up",
        "Desk Set Up for New Hires or Employee Moves",
        variables::DESK,
    )
    .takes(5),
    item(
        "7d2e1a0f9b8c47d5b43e2f6a0b9c8d73",
        SERVICES,
        "Project Workspace",
        "A shared workspace for a project and its members",
        variables::WORKSPACE,
    ),
    item(LINUX_SERVER, SERVERS, "Virtual Server", "A virtual server in the data center", variables::SERVER)
        .costs("450")
        .and_again("60", "monthly"),
    item(FIREWALL_RULE, SERVERS, "Firewall Rule", "Open the firewall between two addresses", variables::FIREWALL),
];

/// Record producers, with the table of the record and the script.
pub(super) const PRODUCERS: [(Item, &str, &str); 2] = [
    (
        item(
            "3f1dd0320a0a0b99000a53f7604a2ef9",
            HELP,
            "Create Incident",
            "Create an Incident record to report and request assistance with an issue you are having",
            variables::INCIDENT,
        ),
        "incident",
        "current.contact_type = 'self-service';\ncurrent.caller_id = gs.getUserID();\ncurrent.short_description = producer.comments;",
    ),
    (
        item(
            "8e3f2b1a0c9d48e6c54f3a7b1c0d9e84",
            HELP,
            "Report a Problem",
            "Ask for the cause of incidents that come again",
            variables::QUESTION,
        ),
        "problem",
        "",
    ),
];

pub(super) const GUIDE: Item = item(
    "6690750f4f7b4200086eeed18110c761",
    SERVICES,
    "New Hire",
    "Everything that a new employee needs",
    variables::NEW_HIRE,
);

/// The items of the guide, each with its condition.
pub(super) const GUIDED: [(&str, &str); 5] = [
    ("04b7e94b4f7b4200086eeed18110c7fd", "laptop_type!=developer"),
    ("774906834fbb4200086eeed18110c737", "laptop_type=developer"),
    ("e1be6dcb4f7b4200086eeed18110c74c", "remote!=Yes"),
    ("186d917a6fab7980575967ddbb3ee4f2", ""),
    ("8b3ae7fedc1be1004ece5c08239e522b", "remote=Yes"),
];

/// Templates of standard changes that the base system has.
pub(super) const CHANGES: [Item; 5] = [
    item(
        "9f4a3c2b1d0e49f7d65a4b8c2d1e0f95",
        CHANGE_TEMPLATES,
        "Add network switch to datacenter cabinet",
        "Add a network switch to a cabinet of the data center",
        variables::CHANGE,
    ),
    item(
        "a05b4d3c2e1f4a08e76b5c9d3e2f1a06",
        CHANGE_TEMPLATES,
        "Clear BGP sessions on a Cisco router",
        "Clear BGP sessions on a Cisco router",
        variables::CHANGE,
    ),
    item(
        "b16c5e4d3f2a4b19f87c6dae4f3a2b17",
        CHANGE_TEMPLATES,
        "Decommission local office Domain Controller",
        "Take the domain controller of a local office out of service",
        variables::CHANGE,
    ),
    item(
        "c27d6f5e4a3b4c2aa98d7ebf5a4b3c28",
        CHANGE_TEMPLATES,
        "Reboot Windows Server",
        "Restart a Windows server",
        variables::CHANGE,
    ),
    item(
        "d38e7a6f5b4c4d3bba9e8fc06b5c4d39",
        CHANGE_TEMPLATES,
        "Replace printer toner",
        "Replace the toner of a printer",
        variables::CHANGE,
    ),
];
