mod pages;
mod read_ahead;
