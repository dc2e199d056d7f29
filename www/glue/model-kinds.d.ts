/** The kinds of the unified model. Generated from src/model: `SYSPARM_WRITE=1 cargo test --test model`. Longer than 400 lines because it is generated. */

import type { Choice, Code, Money, Reference, Unified } from "./model.js";

/** Where a ticket is in its life. */
export type Status = "new" | "in_progress" | "waiting" | "resolved" | "closed" | "closed_incomplete" | "cancelled";

/** How urgent a ticket is. */
export type Priority = "critical" | "high" | "moderate" | "low" | "planning";

/** Impact, urgency or severity. */
export type Level = "high" | "medium" | "low";

/** How risky a change is. */
export type Risk = "very_high" | "high" | "moderate" | "low";

/** Who sees a comment. */
export type Visibility = "public" | "internal";

/** Whether a configuration item works. */
export type Operation =
  | "operational"
  | "non_operational"
  | "repair"
  | "standby"
  | "ready"
  | "retired"
  | "pipeline"
  | "catalog";

/** Where a configuration item is in its life. */
export type Installation =
  | "installed"
  | "on_order"
  | "in_maintenance"
  | "pending_install"
  | "pending_repair"
  | "in_stock"
  | "retired"
  | "stolen"
  | "absent";

/** An incident, problem, change, catalog request, requested item, catalog task, customer case or HR case. Tables: `incident`, `problem`, `change_request`, `sc_request`, `sc_req_item`, `sc_task`, `sn_customerservice_case`, `sn_hr_core_case`. */
export interface Ticket extends Unified {
  kind: "ticket";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The number that people use: INC0010001. Column: `number`, read only. */
  number?: string | null;
  /** The table of the record, which may extend the one that was read. Column: `sys_class_name`, read only. */
  class?: string | null;
  /** What it is about, in one line. Column: `short_description`. */
  title?: string | null;
  /** What it is about, in full. Column: `description`. */
  description?: string | null;
  /** Where it is in its life. Column: `state` of incident, problem, change_request, sc_req_item, sc_task, sn_customerservice_case, sn_hr_core_case; `request_state` of sc_request. */
  status?: Choice<Status> | null;
  /** Why it is on hold. Column: `hold_reason` of incident; `on_hold_reason` of change_request. */
  waitingFor?: Code | null;
  /** Whether work on it may go on: false once it is closed or cancelled. Column: `active`. */
  active?: boolean | null;
  /** Whether a change is on hold, whatever its status. Column: `on_hold` of change_request. */
  onHold?: boolean | null;
  /** How urgent it is as a whole; most instances compute it. Column: `priority`. */
  priority?: Choice<Priority> | null;
  /** How far its effect goes. Column: `impact`. */
  impact?: Choice<Level> | null;
  /** How soon its effect is felt. Column: `urgency`. */
  urgency?: Choice<Level> | null;
  /** How severe it is. Column: `severity` of incident. */
  severity?: Choice<Level> | null;
  /** How risky a change is. Column: `risk` of change_request. */
  risk?: Choice<Risk> | null;
  /** The type of a change: normal, standard, emergency. Column: `type` of change_request. */
  type?: Code | null;
  /** What it belongs to. Column: `category` of incident, problem, change_request, sn_customerservice_case. */
  category?: Code | null;
  /** What it belongs to within its category. Column: `subcategory` of incident, problem, sn_customerservice_case. */
  subcategory?: Code | null;
  /** How it was reported: phone, e-mail, self-service. Column: `contact_type`. */
  channel?: Code | null;
  /** The person it is for. Column: `caller_id` of incident; `requested_by` of change_request; `requested_for` of sc_request, sc_req_item; `contact` of sn_customerservice_case; `opened_for` of sn_hr_core_case. */
  requester?: Reference | null;
  /** The e-mail address of the person it is for. Column: `caller_id.email`, read only of incident; `requested_by.email`, read only of change_request; `requested_for.email`, read only of sc_request, sc_req_item; `contact.email`, read only of sn_customerservice_case; `opened_for.email`, read only of sn_hr_core_case. */
  requesterEmail?: string | null;
  /** The person that an HR case is about. Column: `subject_person` of sn_hr_core_case. */
  subject?: Reference | null;
  /** The person who works on it. Column: `assigned_to`. */
  assignee?: Reference | null;
  /** The e-mail address of the person who works on it. Column: `assigned_to.email`, read only. */
  assigneeEmail?: string | null;
  /** The group that works on it. Column: `assignment_group`. */
  group?: Reference | null;
  /** The person who opened it. Column: `opened_by`. */
  openedBy?: Reference | null;
  /** When it was opened. Column: `opened_at`. */
  openedAt?: string | null;
  /** When it is due. Column: `due_date`. */
  dueAt?: string | null;
  /** When a change is to start. Column: `start_date` of change_request. */
  startAt?: string | null;
  /** When a change is to end. Column: `end_date` of change_request. */
  endAt?: string | null;
  /** The person who resolved it. Column: `resolved_by` of incident, problem, sn_customerservice_case. */
  resolvedBy?: Reference | null;
  /** When it was resolved. Column: `resolved_at` of incident, problem, sn_customerservice_case. */
  resolvedAt?: string | null;
  /** The person who closed it. Column: `closed_by`. */
  closedBy?: Reference | null;
  /** When it was closed. Column: `closed_at`. */
  closedAt?: string | null;
  /** How it was resolved or closed. Column: `close_code` of incident, change_request; `resolution_code` of problem, sn_customerservice_case. */
  closeCode?: Code | null;
  /** How it was resolved or closed, in words. Column: `close_notes`. */
  closeNotes?: string | null;
  /** Whether it is approved. Column: `approval`. */
  approval?: Code | null;
  /** Where a catalog request is in its workflow. Column: `stage` of sc_request, sc_req_item. */
  stage?: Code | null;
  /** The ticket that it is part of. Column: `parent`. */
  parent?: Reference | null;
  /** The problem behind it. Column: `problem_id` of incident. */
  problem?: Reference | null;
  /** The change that is to cure it. Column: `rfc` of incident, problem. */
  change?: Reference | null;
  /** The company it is for. Column: `company`. */
  company?: Reference | null;
  /** The place it is about. Column: `location`. */
  location?: Reference | null;
  /** The configuration item it is about. Column: `cmdb_ci`. */
  configurationItem?: Reference | null;
  /** The business service it is about. Column: `business_service`. */
  service?: Reference | null;
  /** What helps until a problem is cured. Column: `workaround` of problem. */
  workaround?: string | null;
  /** Why a problem arises. Column: `cause_notes` of problem. */
  cause?: string | null;
  /** What cures a problem. Column: `fix_notes` of problem. */
  fix?: string | null;
  /** Whether the cause of a problem is known. Column: `known_error` of problem. */
  knownError?: boolean | null;
  /** The catalog item that was ordered. Column: `cat_item` of sc_req_item. */
  item?: Reference | null;
  /** How many of the catalog item. Column: `quantity` of sc_req_item. */
  quantity?: number | null;
  /** The price of what is requested. Column: `price` of sc_request, sc_req_item. */
  price?: Money | null;
  /** The catalog request that it belongs to. Column: `request` of sc_req_item, sc_task. */
  request?: Reference | null;
  /** The requested item that a catalog task belongs to. Column: `request_item` of sc_task. */
  requestedItem?: Reference | null;
  /** The customer's account of a case. Column: `account` of sn_customerservice_case. */
  account?: Reference | null;
  /** The consumer of a case. Column: `consumer` of sn_customerservice_case. */
  consumer?: Reference | null;
  /** The product that a case is about. Column: `product` of sn_customerservice_case. */
  product?: Reference | null;
  /** The HR service of an HR case. Column: `hr_service` of sn_hr_core_case. */
  hrService?: Reference | null;
  /** The key of the same ticket in another system. Column: `correlation_id`. */
  correlationId?: string | null;
  /** A comment to add, which the requester sees. Column: `comments`. */
  comment?: string;
  /** A work note to add, which only those who work on it see. Column: `work_notes`. */
  workNote?: string;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A comment or work note of a record; a new one is written through the ticket. Tables: `sys_journal_field`. */
export interface Comment extends Unified {
  kind: "comment";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The key of the record that it belongs to. Column: `element_id`, read only. */
  recordId?: string | null;
  /** The table of the record that it belongs to. Column: `name`, read only. */
  recordTable?: string | null;
  /** Who sees it: a comment is public, a work note internal. Column: `element`, read only. */
  visibility?: Choice<Visibility> | null;
  /** What was written. Column: `value`, read only. */
  text?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
}

/** A file at a record; its content is read and written with the Attachment API. Tables: `sys_attachment`. */
export interface Attachment extends Unified {
  kind: "attachment";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The key of the record that it belongs to. Column: `table_sys_id`, read only. */
  recordId?: string | null;
  /** The table of the record that it belongs to. Column: `table_name`, read only. */
  recordTable?: string | null;
  /** The file's name. Column: `file_name`, read only. */
  name?: string | null;
  /** The media type. Column: `content_type`, read only. */
  contentType?: string | null;
  /** The size of the file. Column: `size_bytes`, read only. */
  bytes?: number | null;
  /** The SHA-256 of the file, as the instance computed it. Column: `hash`, read only. */
  hash?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
}

/** A person or an account of the instance. Tables: `sys_user`. */
export interface User extends Unified {
  kind: "user";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name at sign-in. Column: `user_name`. */
  userName?: string | null;
  /** The name that people see. Column: `name`, read only. */
  name?: string | null;
  /** The first name. Column: `first_name`. */
  firstName?: string | null;
  /** The last name. Column: `last_name`. */
  lastName?: string | null;
  /** The e-mail address. Column: `email`. */
  email?: string | null;
  /** The telephone number. Column: `phone`. */
  phone?: string | null;
  /** The mobile telephone number. Column: `mobile_phone`. */
  mobilePhone?: string | null;
  /** The number of the employee. Column: `employee_number`. */
  employeeNumber?: string | null;
  /** What the person does. Column: `title`. */
  title?: string | null;
  /** The department. Column: `department`. */
  department?: Reference | null;
  /** The person in charge. Column: `manager`. */
  manager?: Reference | null;
  /** The place. Column: `location`. */
  location?: Reference | null;
  /** The company. Column: `company`. */
  company?: Reference | null;
  /** The cost centre. Column: `cost_center`. */
  costCentre?: Reference | null;
  /** Whether it is in use. Column: `active`. */
  active?: boolean | null;
  /** Whether sign-in is locked. Column: `locked_out`. */
  lockedOut?: boolean | null;
  /** Whether tickets of this person are treated with preference. Column: `vip`. */
  vip?: boolean | null;
  /** The IANA time zone; empty for that of the instance. Column: `time_zone`. */
  timeZone?: string | null;
  /** The language; empty for that of the instance. Column: `preferred_language`. */
  language?: Code | null;
  /** When the person signed in last. Column: `last_login_time`, read only. */
  lastLoginAt?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A person as an employee (HR profile). What is private about a person is left out and never requested. Tables: `sn_hr_core_profile`. */
export interface Employee extends Unified {
  kind: "employee";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The user of the same person. Column: `user`. */
  user?: Reference | null;
  /** The number of the employee. Column: `employee_number`. */
  employeeNumber?: string | null;
  /** The first day of employment. Column: `employment_start_date`. */
  employmentStartOn?: string | null;
  /** The last day of employment. Column: `employment_end_date`. */
  employmentEndOn?: string | null;
  /** Whether the person is employed. Column: `employment_status`. */
  employmentStatus?: Code | null;
  /** How the person is employed. Column: `employment_type`. */
  employmentType?: Code | null;
  /** The position. Column: `position`. */
  position?: Reference | null;
  /** The department. Column: `department`. */
  department?: Reference | null;
  /** The place. Column: `location`. */
  location?: Reference | null;
  /** The person in charge. Column: `manager`. */
  manager?: Reference | null;
  /** The e-mail address at work. Column: `work_email`. */
  workEmail?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A group that tickets are assigned to. Tables: `sys_user_group`. */
export interface Group extends Unified {
  kind: "group";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name that people see. Column: `name`. */
  name?: string | null;
  /** What it is, in words. Column: `description`. */
  description?: string | null;
  /** The e-mail address. Column: `email`. */
  email?: string | null;
  /** The person in charge. Column: `manager`. */
  manager?: Reference | null;
  /** The one above it, of the same kind. Column: `parent`. */
  parent?: Reference | null;
  /** What the group is for: keys of types of groups. Column: `type`. */
  types?: string[];
  /** Whether it is in use. Column: `active`. */
  active?: boolean | null;
  /** Who gets what is assigned to the group. Column: `default_assignee`. */
  defaultAssignee?: Reference | null;
  /** Whether mail to the group goes to its members, too. Column: `include_members`. */
  includesMembers?: boolean | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A department of a company. Tables: `cmn_department`. */
export interface Department extends Unified {
  kind: "department";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name that people see. Column: `name`. */
  name?: string | null;
  /** The short name of the department. Column: `id`. */
  code?: string | null;
  /** What it is, in words. Column: `description`. */
  description?: string | null;
  /** The one above it, of the same kind. Column: `parent`. */
  parent?: Reference | null;
  /** The head of the department. Column: `dept_head`. */
  head?: Reference | null;
  /** Whom to ask first. Column: `primary_contact`. */
  contact?: Reference | null;
  /** The company. Column: `company`. */
  company?: Reference | null;
  /** The cost centre. Column: `cost_center`. */
  costCentre?: Reference | null;
  /** The business unit. Column: `business_unit`. */
  businessUnit?: Reference | null;
  /** How many people it has. Column: `head_count`. */
  headCount?: number | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A place. Tables: `cmn_location`. */
export interface Location extends Unified {
  kind: "location";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name that people see. Column: `name`. */
  name?: string | null;
  /** The names of the places above it, then its own. Column: `full_name`, read only. */
  fullName?: string | null;
  /** The one above it, of the same kind. Column: `parent`. */
  parent?: Reference | null;
  /** Street and number. Column: `street`. */
  street?: string | null;
  /** The town. Column: `city`. */
  city?: string | null;
  /** State or province. Column: `state`. */
  region?: string | null;
  /** The postal code. Column: `zip`. */
  postalCode?: string | null;
  /** The country. Column: `country`. */
  country?: string | null;
  /** Degrees north, digit for digit. Column: `latitude`. */
  latitude?: string | null;
  /** Degrees east, digit for digit. Column: `longitude`. */
  longitude?: string | null;
  /** The IANA time zone. Column: `time_zone`. */
  timeZone?: string | null;
  /** The company. Column: `company`. */
  company?: Reference | null;
  /** Whom to ask first. Column: `contact`. */
  contact?: Reference | null;
  /** The telephone number. Column: `phone`. */
  phone?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A company: one's own, a customer, a vendor or a manufacturer. Tables: `core_company`. */
export interface Company extends Unified {
  kind: "company";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name that people see. Column: `name`. */
  name?: string | null;
  /** The one above it, of the same kind. Column: `parent`. */
  parent?: Reference | null;
  /** Whether it is a customer. Column: `customer`. */
  customer?: boolean | null;
  /** Whether it is a vendor. Column: `vendor`. */
  vendor?: boolean | null;
  /** Whether it is a manufacturer. Column: `manufacturer`. */
  manufacturer?: boolean | null;
  /** Street and number. Column: `street`. */
  street?: string | null;
  /** The town. Column: `city`. */
  city?: string | null;
  /** State or province. Column: `state`. */
  region?: string | null;
  /** The postal code. Column: `zip`. */
  postalCode?: string | null;
  /** The country. Column: `country`. */
  country?: string | null;
  /** The telephone number. Column: `phone`. */
  phone?: string | null;
  /** The address of its web site. Column: `website`. */
  website?: string | null;
  /** The symbol of its shares. Column: `stock_symbol`. */
  stockSymbol?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A configuration item. The instance asks to write it through Identification and Reconciliation. Tables: `cmdb_ci`. */
export interface ConfigurationItem extends Unified {
  kind: "configuration_item";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The name that people see. Column: `name`. */
  name?: string | null;
  /** The table of the record, which may extend the one that was read. Column: `sys_class_name`, read only. */
  class?: string | null;
  /** The tag on it. Column: `asset_tag`. */
  assetTag?: string | null;
  /** The maker's number. Column: `serial_number`. */
  serialNumber?: string | null;
  /** The address in the network. Column: `ip_address`. */
  ipAddress?: string | null;
  /** Whether it works. Column: `operational_status`. */
  operation?: Choice<Operation> | null;
  /** Where it is in its life. Column: `install_status`. */
  installation?: Choice<Installation> | null;
  /** The person who uses it. Column: `assigned_to`. */
  assignee?: Reference | null;
  /** The person who owns it. Column: `owned_by`. */
  owner?: Reference | null;
  /** The person who manages it. Column: `managed_by`. */
  manager?: Reference | null;
  /** The group that supports it. Column: `support_group`. */
  group?: Reference | null;
  /** The place. Column: `location`. */
  location?: Reference | null;
  /** The company. Column: `company`. */
  company?: Reference | null;
  /** What discovered it. Column: `discovery_source`. */
  source?: Code | null;
  /** When it was last discovered. Column: `last_discovered`, read only. */
  lastSeenAt?: string | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
  /** How often the record was changed. No write takes it as a condition. Column: `sys_mod_count`, read only. */
  revision?: number | null;
}

/** A relation between two configuration items. Tables: `cmdb_rel_ci`. */
export interface Relation extends Unified {
  kind: "relation";
  /** The key of the record. Column: `sys_id`, read only. */
  id: string;
  /** The item that uses, contains or runs the other. Column: `parent`. */
  parent?: Reference | null;
  /** The item that is used, contained or run. Column: `child`. */
  child?: Reference | null;
  /** How they are related: its name has both directions. Column: `type`. */
  type?: Reference | null;
  /** When the record was created. Column: `sys_created_on`, read only. */
  createdAt?: string | null;
  /** The user name of who created the record. Column: `sys_created_by`, read only. */
  createdBy?: string | null;
  /** When the record was last changed. Column: `sys_updated_on`, read only. */
  updatedAt?: string | null;
  /** The user name of who changed the record last. Column: `sys_updated_by`, read only. */
  updatedBy?: string | null;
}

/** The kind of each table of the base map. */
export interface KindOfTable {
  incident: Ticket;
  problem: Ticket;
  change_request: Ticket;
  sc_request: Ticket;
  sc_req_item: Ticket;
  sc_task: Ticket;
  sn_customerservice_case: Ticket;
  sn_hr_core_case: Ticket;
  sys_journal_field: Comment;
  sys_attachment: Attachment;
  sys_user: User;
  sn_hr_core_profile: Employee;
  sys_user_group: Group;
  cmn_department: Department;
  cmn_location: Location;
  core_company: Company;
  cmdb_ci: ConfigurationItem;
  cmdb_rel_ci: Relation;
}

/** Any object of the model. */
export type AnyUnified =
  | Ticket
  | Comment
  | Attachment
  | User
  | Employee
  | Group
  | Department
  | Location
  | Company
  | ConfigurationItem
  | Relation;
