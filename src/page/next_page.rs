//! What the next page of a walk shows.
//!
//! ```text
//!  Window --no row--> Steps --rows, or the end--> Piece --its rows--> Window
//!                      ^ `--too long for a piece--> HiddenRange --rows--^
//!                      `---the instance cannot give it--'
//! ```

/// Places of a window that were passed by offset.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Steps {
    pub(super) offset: u64,
    /// Rows of the window by its last count.
    pub(super) counted: Option<u64>,
    /// Whether rows without readable keys came. A step taken again would bring them twice.
    pub(super) saw_rows_without_key: bool,
    /// How often in a row a step was taken again.
    pub(super) again: u8,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NextPage {
    /// The window from its beginning.
    Window,
    /// The window behind the places passed so far.
    Steps(Steps),
    /// `rows` places from the window's beginning in one request. It shows what was passed in `steps` at one moment.
    Piece { rows: u64, failed: bool, steps: Steps },
    /// All rows of a range of keys, which is this wide ([`super::hidden_range`]). If it cannot be read, `steps` continue.
    HiddenRange { width: u64, failed: bool, steps: Steps },
}

impl NextPage {
    pub(super) const fn steps(self) -> Steps {
        match self {
            Self::Window => Steps { offset: 0, counted: None, saw_rows_without_key: false, again: 0 },
            Self::Steps(steps) | Self::Piece { steps, .. } | Self::HiddenRange { steps, .. } => steps,
        }
    }

    /// Places passed by offset in front of this page.
    pub(super) const fn offset(self) -> u64 {
        self.steps().offset
    }

    /// Whether the page begins behind the last row and goes as far as the page size.
    pub(super) const fn begins_at_row(self) -> bool {
        matches!(self, Self::Window | Self::Steps(Steps { offset: 0, .. }))
    }
}

impl Steps {
    /// How many rows left the window since its last count, each of which may have moved another in front of the offset.
    pub(super) fn slipped(&self, counted: u64) -> Option<u64> {
        self.counted?.checked_sub(counted).filter(|gone| *gone > 0 && self.offset > 0)
    }

    /// The same step, as many places earlier as rows left.
    pub(super) const fn taken_again(self, slipped: u64, counted: u64) -> NextPage {
        let (offset, again) = (self.offset.saturating_sub(slipped), self.again + 1);
        NextPage::Steps(Self { offset, counted: Some(counted), again, ..self })
    }
}
