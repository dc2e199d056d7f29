/** What a new instance calls its columns and choices, in English: by these words a column or a value is found again under another name. */

/** Labels that are not the column's name with spaces; some tables have another one. */
const LABELS: Record<string, string> = {
  sys_created_on: "Created",
  sys_updated_on: "Updated",
  sys_mod_count: "Updates",
  caller_id: "Caller",
  cmdb_ci: "Configuration item",
  contact_type: "Channel",
  opened_at: "Opened",
  closed_at: "Closed",
  resolved_at: "Resolved",
  comments: "Additional comments",
  problem_id: "Problem",
  rfc: "Change Request",
  hold_reason: "On hold reason",
  close_code: "Resolution code",
  close_notes: "Resolution notes",
  business_service: "Service",
  start_date: "Planned start date",
  end_date: "Planned end date",
  user_name: "User ID",
  state: "State|State / Province",
  zip: "Zip / Postal Code",
  install_status: "Status",
  last_discovered: "Most recent discovery",
  last_login_time: "Last login time",
  preferred_language: "Language",
  cat_item: "Item",
  dept_head: "Department head",
};

/** Labels of values by column, those of a state by its table too: raw value of the base map, then its labels. */
const VALUES: Record<string, Record<string, string>> = {
  "incident.state": { 1: "New", 2: "In Progress", 3: "On Hold", 6: "Resolved", 7: "Closed", 8: "Canceled|Cancelled" },
  "problem.state": {
    101: "New",
    102: "Assess",
    103: "Root Cause Analysis",
    104: "Fix in Progress",
    106: "Resolved",
    107: "Closed",
  },
  "change_request.state": {
    "-5": "New",
    "-4": "Assess",
    "-3": "Authorize",
    "-2": "Scheduled",
    "-1": "Implement",
    0: "Review",
    3: "Closed",
    4: "Canceled|Cancelled",
  },
  "sn_customerservice_case.state": { 1: "New", 10: "Open", 18: "Awaiting Info", 6: "Resolved", 3: "Closed" },
  "sn_hr_core_case.state": {
    1: "Draft",
    10: "Ready",
    18: "Work in Progress",
    20: "Awaiting Acceptance",
    24: "Suspended",
    3: "Closed Complete",
    4: "Closed Incomplete",
    7: "Cancelled|Canceled",
  },
  state: {
    "-5": "Pending",
    1: "Open",
    2: "Work in Progress",
    3: "Closed Complete",
    4: "Closed Incomplete",
    7: "Closed Skipped",
  },
  request_state: {
    requested: "Pending Approval",
    draft: "Draft",
    submitted: "Submitted",
    in_process: "Approved",
    closed_complete: "Closed Complete",
    closed_incomplete: "Closed Incomplete",
    closed_skipped: "Closed Skipped",
    closed_cancelled: "Closed Cancelled",
    closed_rejected: "Closed Rejected",
  },
  priority: { 1: "Critical", 2: "High", 3: "Moderate", 4: "Low", 5: "Planning" },
  impact: { 1: "High", 2: "Medium", 3: "Low" },
  urgency: { 1: "High", 2: "Medium", 3: "Low" },
  severity: { 1: "High", 2: "Medium", 3: "Low" },
  risk: { 1: "Very High", 2: "High", 3: "Moderate", 4: "Low" },
  operational_status: {
    1: "Operational",
    2: "Non-Operational",
    3: "Repair in Progress",
    4: "DR Standby",
    5: "Ready",
    6: "Retired",
    7: "Pipeline",
    8: "Catalog",
  },
  install_status: {
    1: "Installed",
    2: "On Order",
    3: "In Maintenance",
    4: "Pending Install",
    5: "Pending Repair",
    6: "In Stock",
    7: "Retired",
    8: "Stolen",
    100: "Absent",
  },
};

/** Words of labels that say where a ticket is in its life; the first that fits counts. They make a proposal, never a certainty. */
const STATUS_WORDS: [RegExp, string][] = [
  [/cancel|abort|abgebrochen|annul|withdrawn/, "cancelled"],
  [/incomplete|skipped|rejected/, "closed_incomplete"],
  [/resol|fixed|solved|gel.st|r.solu/, "resolved"],
  [/closed|geschlossen|ferm|complete/, "closed"],
  [/await|pending|wait|hold|suspend|wartestellung|attente/, "waiting"],
  [/progress|investigat|assigned|working|active|bearbeitung|en cours/, "in_progress"],
  [/^new|^open|submitted|draft|neu$|nouveau|offen|ouvert/, "new"],
];

/** A text for comparison: letters and digits in lower case, without the number in front of a label ("1 - High"). */
export function plain(text: string | undefined): string {
  return (text ?? "")
    .toLowerCase()
    .replace(/^\d+\s*-\s*/, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** Whether a column of a new instance has this label. */
export function isLabelOf(column: string, label: string | undefined): boolean {
  const known = LABELS[column] ?? column.replace(/_/g, " ");
  return label !== undefined && known.split("|").some((it) => plain(it) === plain(label));
}

/** The raw value of the base map that has this label in a new instance. */
export function rawOfLabel(table: string, column: string, label: string): string | undefined {
  const known = VALUES[`${table}.${column}`] ?? VALUES[column] ?? {};
  const found = Object.entries(known).find(([, labels]) => labels.split("|").some((it) => plain(it) === plain(label)));
  return found?.[0];
}

/** What the words of a label say about a status. */
export function statusOfWords(label: string): string | undefined {
  return STATUS_WORDS.find(([words]) => words.test(plain(label)))?.[1];
}
