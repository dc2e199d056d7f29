// The code under test: the numbers of a group's open incidents, most urgent first.
export async function openIncidents(instance, group) {
  const numbers = [];
  const query = `active=true^assignment_group.name=${group}`;
  for await (const row of instance.table("incident").rows({ query, fields: ["number", "priority"] })) numbers.push(row);
  return numbers.sort((a, b) => a.priority - b.priority).map(({ number }) => number);
}
