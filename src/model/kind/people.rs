//! People and the organisations that they belong to.

use super::{CREATED_AT, CREATED_BY, ID, REVISION, Shape, UPDATED_AT, UPDATED_BY, UnifiedField, UnifiedKind, field};

const NAME: UnifiedField = field("name", Shape::Text, "The name that people see.");
const DESCRIPTION: UnifiedField = field("description", Shape::Text, "What it is, in words.");
const EMAIL: UnifiedField = field("email", Shape::Text, "The e-mail address.");
const PHONE: UnifiedField = field("phone", Shape::Text, "The telephone number.");
const ACTIVE: UnifiedField = field("active", Shape::Boolean, "Whether it is in use.");
const MANAGER: UnifiedField = field("manager", Shape::Reference, "The person in charge.");
const PARENT: UnifiedField = field("parent", Shape::Reference, "The one above it, of the same kind.");
const DEPARTMENT_OF: UnifiedField = field("department", Shape::Reference, "The department.");
const LOCATION_OF: UnifiedField = field("location", Shape::Reference, "The place.");
const COMPANY_OF: UnifiedField = field("company", Shape::Reference, "The company.");
const COST_CENTER: UnifiedField = field("costCentre", Shape::Reference, "The cost centre.");
const EMPLOYEE_NUMBER: UnifiedField = field("employeeNumber", Shape::Text, "The number of the employee.");
const STREET: UnifiedField = field("street", Shape::Text, "Street and number.");
const CITY: UnifiedField = field("city", Shape::Text, "The town.");
const REGION: UnifiedField = field("region", Shape::Text, "State or province.");
const POSTAL_CODE: UnifiedField = field("postalCode", Shape::Text, "The postal code.");
const COUNTRY: UnifiedField = field("country", Shape::Text, "The country.");

/// A user of the instance.
pub(in crate::model) const USER: UnifiedKind =
    UnifiedKind { name: "user", interface: "User", meaning: "A person or an account of the instance.", fields: &USERS };

const USERS: [UnifiedField; 26] = [
    ID,
    field("userName", Shape::Text, "The name at sign-in."),
    NAME,
    field("firstName", Shape::Text, "The first name."),
    field("lastName", Shape::Text, "The last name."),
    EMAIL,
    PHONE,
    field("mobilePhone", Shape::Text, "The mobile telephone number."),
    EMPLOYEE_NUMBER,
    field("title", Shape::Text, "What the person does."),
    DEPARTMENT_OF,
    MANAGER,
    LOCATION_OF,
    COMPANY_OF,
    COST_CENTER,
    ACTIVE,
    field("lockedOut", Shape::Boolean, "Whether sign-in is locked."),
    field("vip", Shape::Boolean, "Whether tickets of this person are treated with preference."),
    field("timeZone", Shape::Text, "The IANA time zone; empty for that of the instance."),
    field("language", Shape::Code, "The language; empty for that of the instance."),
    field("lastLoginAt", Shape::Instant, "When the person signed in last."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A person as an employee.
pub(in crate::model) const EMPLOYEE: UnifiedKind = UnifiedKind {
    name: "employee",
    interface: "Employee",
    meaning: "A person as an employee (HR profile). What is private about a person is left out and never requested.",
    fields: &EMPLOYEES,
};

const EMPLOYEES: [UnifiedField; 17] = [
    ID,
    field("user", Shape::Reference, "The user of the same person."),
    EMPLOYEE_NUMBER,
    field("employmentStartOn", Shape::Date, "The first day of employment."),
    field("employmentEndOn", Shape::Date, "The last day of employment."),
    field("employmentStatus", Shape::Code, "Whether the person is employed."),
    field("employmentType", Shape::Code, "How the person is employed."),
    field("position", Shape::Reference, "The position."),
    DEPARTMENT_OF,
    LOCATION_OF,
    MANAGER,
    field("workEmail", Shape::Text, "The e-mail address at work."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A group of users.
pub(in crate::model) const GROUP: UnifiedKind = UnifiedKind {
    name: "group",
    interface: "Group",
    meaning: "A group that tickets are assigned to.",
    fields: &GROUPS,
};

const GROUPS: [UnifiedField; 15] = [
    ID,
    NAME,
    DESCRIPTION,
    EMAIL,
    MANAGER,
    PARENT,
    field("types", Shape::List, "What the group is for: keys of types of groups."),
    ACTIVE,
    field("defaultAssignee", Shape::Reference, "Who gets what is assigned to the group."),
    field("includesMembers", Shape::Boolean, "Whether mail to the group goes to its members, too."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A department.
pub(in crate::model) const DEPARTMENT: UnifiedKind = UnifiedKind {
    name: "department",
    interface: "Department",
    meaning: "A department of a company.",
    fields: &DEPARTMENTS,
};

const DEPARTMENTS: [UnifiedField; 16] = [
    ID,
    NAME,
    field("code", Shape::Text, "The short name of the department."),
    DESCRIPTION,
    PARENT,
    field("head", Shape::Reference, "The head of the department."),
    field("contact", Shape::Reference, "Whom to ask first."),
    COMPANY_OF,
    COST_CENTER,
    field("businessUnit", Shape::Reference, "The business unit."),
    field("headCount", Shape::Integer, "How many people it has."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A place.
pub(in crate::model) const LOCATION: UnifiedKind =
    UnifiedKind { name: "location", interface: "Location", meaning: "A place.", fields: &LOCATIONS };

const LOCATIONS: [UnifiedField; 20] = [
    ID,
    NAME,
    field("fullName", Shape::Text, "The names of the places above it, then its own."),
    PARENT,
    STREET,
    CITY,
    REGION,
    POSTAL_CODE,
    COUNTRY,
    field("latitude", Shape::Decimal, "Degrees north, digit for digit."),
    field("longitude", Shape::Decimal, "Degrees east, digit for digit."),
    field("timeZone", Shape::Text, "The IANA time zone."),
    COMPANY_OF,
    field("contact", Shape::Reference, "Whom to ask first."),
    PHONE,
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];

/// A company.
pub(in crate::model) const COMPANY: UnifiedKind = UnifiedKind {
    name: "company",
    interface: "Company",
    meaning: "A company: one's own, a customer, a vendor or a manufacturer.",
    fields: &COMPANIES,
};

const COMPANIES: [UnifiedField; 19] = [
    ID,
    NAME,
    PARENT,
    field("customer", Shape::Boolean, "Whether it is a customer."),
    field("vendor", Shape::Boolean, "Whether it is a vendor."),
    field("manufacturer", Shape::Boolean, "Whether it is a manufacturer."),
    STREET,
    CITY,
    REGION,
    POSTAL_CODE,
    COUNTRY,
    PHONE,
    field("website", Shape::Text, "The address of its web site."),
    field("stockSymbol", Shape::Text, "The symbol of its shares."),
    CREATED_AT,
    CREATED_BY,
    UPDATED_AT,
    UPDATED_BY,
    REVISION,
];
