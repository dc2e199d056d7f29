//! Event logs of incidents as CSV, with a row for the state after each update: the format of "Incident management process enriched
//! event log" (C. Amaral, M. Fantinato, S. Peres, UCI Machine Learning Repository, 2019, DOI 10.24432/C57S4H).
//!
//! Times are `day-month-year hour:minute`, `?` is unknown, booleans are TRUE and FALSE. Columns may come in any order. Only `number`
//! and `sys_updated_at` are required.

use std::io::Read;

use crate::clock::seconds_of_log_time;

/// The events of a log. Events of one incident are in the order of the file.
#[derive(Clone, Debug)]
pub struct EventLog {
    pub(super) columns: Vec<String>,
    pub(super) events: Vec<Event>,
    pub(super) number: usize,
}

#[derive(Clone, Debug)]
pub(super) struct Event {
    /// The time in seconds since 1970.
    pub(super) at: i64,
    pub(super) cells: Vec<String>,
}

/// Why a file is not an event log.
#[derive(Debug)]
pub enum EventLogError {
    /// It cannot be read, or is not CSV.
    Csv(csv::Error),
    /// A column is missing.
    Column(&'static str),
    /// A time is not `day-month-year hour:minute`.
    Time {
        /// The line in the file, the first being 1.
        line: u64,
        /// The text at that place.
        found: String,
    },
    /// It holds more than ten million events.
    TooLong,
}

impl std::fmt::Display for EventLogError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Csv(error) => write!(formatter, "not a CSV file that can be read: {error}"),
            Self::Column(name) => write!(formatter, "the first line names no column {name}"),
            Self::Time { line, found } => {
                write!(formatter, "line {line}: sys_updated_at is {found:?}, not day-month-year hour:minute")
            }
            Self::TooLong => write!(formatter, "more than {MAX_EVENTS} events"),
        }
    }
}

impl std::error::Error for EventLogError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Csv(error) => Some(error),
            _ => None,
        }
    }
}

const MAX_EVENTS: usize = 10_000_000;

impl EventLog {
    /// Reads a log.
    ///
    /// # Errors
    /// If it is not CSV, lacks a required column, or holds an invalid time.
    pub fn read(source: impl Read) -> Result<Self, EventLogError> {
        let mut reader = csv::Reader::from_reader(source);
        let columns: Vec<String> = reader.headers().map_err(EventLogError::Csv)?.iter().map(Into::into).collect();
        let place = |name: &'static str| {
            let found = columns.iter().position(|column| column == name);
            found.ok_or(EventLogError::Column(name))
        };
        let (number, updated) = (place("number")?, place("sys_updated_at")?);
        let mut events = Vec::new();
        for record in reader.into_records() {
            let record = record.map_err(EventLogError::Csv)?;
            let updated = record.get(updated).unwrap_or_default();
            let Some(at) = seconds_of_log_time(updated) else {
                return Err(EventLogError::Time {
                    line: record.position().map_or(0, csv::Position::line),
                    found: updated.into(),
                });
            };
            if events.len() == MAX_EVENTS {
                return Err(EventLogError::TooLong);
            }
            events.push(Event { at, cells: record.iter().map(Into::into).collect() });
        }
        Ok(Self { columns, events, number })
    }

    /// The number of events.
    #[must_use]
    pub fn len(&self) -> usize {
        self.events.len()
    }

    /// Whether there are no events.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.events.is_empty()
    }

    pub(super) fn number_of<'a>(&self, event: &'a Event) -> &'a str {
        event.cells.get(self.number).map_or("", String::as_str)
    }
}
