//! The incidents of the list, newest first. While one page is shown, the next one is on its way.

use std::cell::RefCell;
use std::rc::Rc;

use serde::Deserialize;
use sysparm::driver::{CallFailed, Instance, Reader, ReadingOrder};
use sysparm::page::{Progress, Reading};

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

    /// The rows of the next page, and how far the list has come. After a failure it asks for the page that failed.
    pub async fn next(&self) -> (Vec<Incident>, State) {
        let mut rows = vec![];
        let state = self.read_into(&mut rows).await;
        (rows, state.unwrap_or_else(|failed| State::Failed(Rc::new(failed))))
    }

    async fn read_into(&self, rows: &mut Vec<Incident>) -> Result<State, CallFailed> {
        let held = self.reader.borrow_mut().take();
        let mut reader = held.map_or_else(|| self.read(), Ok)?;
        let state = read_on(&mut reader, rows).await;
        *self.reader.borrow_mut() = Some(reader);
        state
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

/// Reads until there are rows to show. Once all that the instance counts have come, what is left is to learn how many are hidden: if that
/// fails, they are shown.
async fn read_on(reader: &mut Reader, rows: &mut Vec<Incident>) -> Result<State, CallFailed> {
    while let Some(page) = reader.next().await? {
        rows.append(&mut page.typed()?);
        let Progress { seen, total, hidden, more, .. } = page.progress;
        if !more {
            return Ok(State::Ended { hidden, caveat: page.caveat });
        }
        if !rows.is_empty() && total.is_none_or(|total| seen < total) {
            return Ok(State::More { seen, total });
        }
    }
    Ok(State::Ended { hidden: None, caveat: None })
}
