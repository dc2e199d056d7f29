//! What a person reads at the start: addresses, users, registered clients and tables.

use std::fmt::Write as _;

use crate::accounts::{Accounts, accounts};
use crate::instance::Instance;
use crate::switches::LoopbackPort;

/// The largest tables are named; the control page lists all.
const TABLES_SHOWN: usize = 10;

/// The text for an instance that is served at this address: "http://127.0.0.1:8787".
pub(crate) fn introduction(instance: &Instance, address: &str) -> String {
    let accounts = accounts(instance);
    let example = first_request(&accounts, address);
    let mut text = String::new();
    add_table(&mut text, &["table", "rows"], &largest_tables(instance));
    add_table(&mut text, &["user", "password", "roles", "signs in"], &users(&accounts));
    add_table(&mut text, &["client id", "client secret", "user", "redirect URI"], &clients(&accounts, instance));
    if !accounts.keys.is_empty() {
        let keys: Vec<_> = accounts.keys.into_iter().map(|key| vec![key.name, key.token, key.user_name]).collect();
        add_table(&mut text, &["API key", "token", "user"], &keys);
    }
    let release = instance.switches.release.build_name();
    // Writing to a text cannot fail.
    let _ = write!(
        text,
        "\nrelease       {release}, seed {}\ncontrol page  {address}/__practice\n\
         OpenAPI       {address}/__practice/openapi.json\n{example}\nPress Ctrl-C to stop.\n",
        instance.settings.seed
    );
    text
}

/// A command that shows a record, to be copied.
fn first_request(accounts: &Accounts, address: &str) -> String {
    let administrator =
        accounts.users.iter().find(|user| user.apis_only && user.roles.iter().any(|role| role == "admin"));
    administrator.map_or_else(String::new, |user| {
        let target = "/api/now/table/incident?sysparm_limit=1";
        format!("example       curl --user {}:{} '{address}{target}'\n", user.user_name, user.password)
    })
}

fn largest_tables(instance: &Instance) -> Vec<Vec<String>> {
    let mut tables: Vec<(&str, usize)> = instance.tables().filter(|(_, rows)| *rows > 0).collect();
    tables.sort_by_key(|(_, rows)| std::cmp::Reverse(*rows));
    let shown = tables.iter().take(TABLES_SHOWN).map(|(name, rows)| vec![(*name).to_owned(), rows.to_string()]);
    let others = tables.len().saturating_sub(TABLES_SHOWN);
    let rows: usize = tables.iter().skip(TABLES_SHOWN).map(|(_, rows)| rows).sum();
    shown.chain((others > 0).then(|| vec![format!("{others} others"), rows.to_string()])).collect()
}

fn users(accounts: &Accounts) -> Vec<Vec<String>> {
    let row = |user: &crate::accounts::User| {
        let signs_in = if user.apis_only { "to APIs" } else { "to APIs and pages" };
        vec![user.user_name.clone(), user.password.clone(), user.roles.join(", "), signs_in.to_owned()]
    };
    accounts.users.iter().map(row).collect()
}

/// One line for each redirect URI.
fn clients(accounts: &Accounts, instance: &Instance) -> Vec<Vec<String>> {
    let any_port = instance.switches.loopback_port == LoopbackPort::Any;
    let mut lines = Vec::new();
    for client in &accounts.clients {
        let mut first = vec![client.client_id.clone(), client.client_secret.clone(), client.user_name.clone()];
        for uri in &client.redirect_uris {
            first.resize(3, String::new());
            first.push(uri.clone());
            lines.push(std::mem::take(&mut first));
        }
        if any_port && !client.redirect_uris.is_empty() {
            first.resize(3, String::new());
            first.push("(loopback addresses: any port)".to_owned());
        }
        lines.push(first);
    }
    lines
}

/// Columns as wide as their longest cell, under their titles.
fn add_table(text: &mut String, titles: &[&str], rows: &[Vec<String>]) {
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count());
        cells.chain(titles.get(column).map(|title| title.len())).max().unwrap_or_default()
    };
    let widths: Vec<usize> = (0..titles.len()).map(width).collect();
    text.push('\n');
    add_line(text, &widths, titles.iter().copied());
    rows.iter().for_each(|row| add_line(text, &widths, row.iter().map(String::as_str)));
}

fn add_line<'a>(text: &mut String, widths: &[usize], cells: impl Iterator<Item = &'a str>) {
    let start = text.len();
    for (cell, width) in cells.zip(widths) {
        // Writing to a text cannot fail.
        let _ = write!(text, "{cell:width$}  ");
    }
    text.truncate(start + text.get(start..).unwrap_or_default().trim_end().len());
    text.push('\n');
}
