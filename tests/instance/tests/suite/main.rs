//! The practice instance by its requests and replies, one file for each subject. One program, because each costs its linking.

mod aggregate;
mod attachments;
mod auditing;
#[path = "../browser/mod.rs"]
mod browser;
mod business_rules;
mod business_tables;
mod catalog;
mod catalog_cart;
mod catalog_orders;
mod catalog_producers;
mod change_feed;
#[path = "../client/mod.rs"]
mod client;
mod columns;
mod command_line;
mod control;
mod cross_origin;
mod demonstration;
mod dictionary;
mod documented_refusals;
mod domains;
mod event_log;
mod every_table;
mod exports;
mod extended_tables;
mod faults;
mod foreign;
mod generated;
mod grants;
mod hostile;
mod http;
mod imports_and_batches;
mod intermediaries;
mod joins;
mod load_rules;
mod logs;
mod narrowed_tokens;
mod numbering;
mod oauth;
mod other_sign_in;
mod parameters;
mod passwords;
mod reconciliation;
mod record_fixes;
mod releases;
mod scripted;
mod search;
#[path = "../served/mod.rs"]
mod served;
mod sign_in;
mod signed_tokens;
mod table_api;
mod table_writes;
mod token_life;
mod user_interface;
