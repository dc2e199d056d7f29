//! The incidents of the list, newest first. While one page is shown, the next one is on its way.

use std::cell::RefCell;

use serde::Deserialize;
use sysparm::driver::{CallFailed, Instance, Reader, ReadingOrder};
use sysparm::page::Reading;

use crate::State;
use crate::instance;

/// What the list shows of an incident.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Incident {
    pub number: String,
    pub short_description: String,
}

pub struct Incidents {
    instance: Instance,
    /// Absent while a page is awaited.
    reader: RefCell<Option<Reader>>,
}

impl Incidents {
    pub fn open() -> Self {
        Self { instance: instance::open(), reader: RefCell::new(None) }
    }

    /// The rows of the next page. After a failure it asks for the same page again.
    pub async fn next(&self) -> Result<(Vec<Incident>, State), CallFailed> {
        let held = self.reader.borrow_mut().take();
        let mut reader = match held {
            Some(reader) => reader,
            None => self.read()?,
        };
        let outcome = read_on(&mut reader).await;
        *self.reader.borrow_mut() = Some(reader);
        outcome
    }

    fn read(&self) -> Result<Reader, CallFailed> {
        let reading = Reading {
            query: "ORDERBYDESCsys_created_on".to_owned(),
            fields: "number,short_description".to_owned(),
            page_size: 50,
            ..Reading::of("incident".to_owned())
        };
        self.instance.read_ahead(reading, ReadingOrder::Best, 1)
    }
}

/// Reads until there are rows to show. Once all have come, what is left is to learn how many are hidden.
async fn read_on(reader: &mut Reader) -> Result<(Vec<Incident>, State), CallFailed> {
    let mut rows = vec![];
    while let Some(page) = reader.next().await? {
        rows.append(&mut page.typed()?);
        let progress = page.progress;
        let total = progress.total.unwrap_or(progress.seen);
        if !progress.more {
            return Ok((rows, State::Whole { hidden: progress.hidden.unwrap_or_default() }));
        }
        if !rows.is_empty() && progress.seen < total {
            return Ok((rows, State::More { seen: progress.seen, total }));
        }
    }
    Ok((rows, State::Whole { hidden: 0 }))
}
