//! A memoized test: most columns repeat their values thousands of times, and each value is tested once.

use std::cell::RefCell;
use std::hint::black_box;

use crate::store::{Kind, RowId, SYS_ID, Store};

use super::check::{Check, Test};

/// A test on the rows of one search.
pub(super) struct Memoized<'a> {
    store: &'a Store,
    test: &'a Test,
    /// The column whose value decides the result, if memoizing pays. For a path through references this is its first
    /// column, because equal references lead to equal values.
    column: Option<usize>,
    /// Results by the number of a text: 0 not tested, 1 no, 2 yes. Allocated by the first test, because untouched memory
    /// costs nothing.
    answers: RefCell<Vec<u8>>,
}

impl<'a> Memoized<'a> {
    pub(super) fn of(store: &'a Store, test: &'a Test) -> Self {
        let column = test.path.start();
        // Timestamps and `sys_id`s seldom repeat, and comparing them is as fast as looking up a result.
        let repeats = !matches!(test.kind, Kind::Id | Kind::DateTime) || test.path.direct().is_none();
        let alone = !matches!(
            test.check,
            Check::SameAs(..) | Check::NotSameAs(..) | Check::Field(..) | Check::Apart(..) | Check::Words(_)
        );
        let column = (repeats && alone && column != SYS_ID).then_some(column);
        Self { store, test, column, answers: RefCell::default() }
    }

    /// Loads the data that the test will read into the processor's cache: the numbers of the rows' texts, and the texts if they are
    /// compared.
    pub(super) fn fetch(&self, rows: &[RowId]) {
        let column = self.test.path.start();
        let cell = |row: &RowId| self.store.cell(*row, column);
        let letter = |row: &RowId| self.store.texts.of(cell(row)).as_bytes().first().copied().map_or(0, usize::from);
        let read = match self.column {
            Some(_) => rows.iter().fold(0, |read, row| read ^ cell(row).number()),
            None => rows.iter().fold(0, |read, row| read ^ letter(row)),
        };
        black_box(read);
    }

    pub(super) fn holds(&self, row: RowId) -> bool {
        let Some(column) = self.column else { return self.test.holds(self.store, row) };
        let number = self.store.cell(row, column).number();
        let mut answers = self.answers.borrow_mut();
        if answers.is_empty() {
            *answers = vec![0; self.store.texts.len()];
        }
        match answers.get_mut(number) {
            Some(1) => false,
            Some(2) => true,
            Some(answer) => {
                let holds = self.test.holds(self.store, row);
                *answer = 1 + u8::from(holds);
                holds
            }
            None => self.test.holds(self.store, row),
        }
    }
}
