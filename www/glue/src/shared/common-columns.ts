/** The columns that every table has, with their types (sample bodies of the Table API). */
export const COMMON_COLUMNS: Record<string, string> = {
  sys_id: "GUID",
  sys_created_on: "glide_date_time",
  sys_created_by: "string",
  sys_updated_on: "glide_date_time",
  sys_updated_by: "string",
  sys_mod_count: "integer",
};
